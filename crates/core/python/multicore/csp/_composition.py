"""A process made of processes. How its parts run is in `_par.py`, `_repeat.py` and `_farm.py`."""

from __future__ import annotations

from typing import Any

import _multicore

from multicore.csp._driver import Driver
from multicore.csp._process import Process
from multicore.csp._signals import Signal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence
    from typing import Self

    from multicore.csp._holding import End
    from multicore.csp._process import Context

    type Start = Callable[[Sequence[Process[Any]], Context], Coroutine[Any, Any, Any]]


class Composition[T](Process[T]):
    """Processes put together: `run()` runs it; inside another it is a process like any other.

    Gotcha: without `run()`, or a composition around it, nothing runs. One that is dropped so warns,
    as a coroutine does that was never awaited.
    """

    is_one = False

    def __init__(
        self,
        name: str,
        parts: Sequence[Process[Any]],
        start: Start,
        *,
        runs_again: bool = False,
    ) -> None:
        super().__init__(name)
        self._used = False
        self.parts = tuple(parts)
        #: `//`, if that made it.
        self.operator = ""
        self.is_one = runs_again
        self._start = start
        for part in parts:
            if isinstance(part, Composition):
                part._used = True

    def __del__(self) -> None:
        if not getattr(self, "_used", True):
            import warnings

            warnings.warn(f"{self!r} was never run: call run()", RuntimeWarning, stacklevel=2)

    def __len__(self) -> int:
        return len(self.parts)

    def __getitem__(self, index: int) -> Process[Any]:
        return self.parts[index]

    def __contains__(self, process: object) -> bool:
        return any(part is process for part in self.parts)

    def __bool__(self) -> bool:
        return True

    def _made_by(self, operator: str) -> Self:
        self.operator = operator
        return self

    @property
    def processes(self) -> tuple[Process[Any], ...]:
        """What it is made of."""
        return self.parts

    procs = processes

    @property
    def ends(self) -> Sequence[End]:
        """The ends of all its parts."""
        found = {id(end): end for part in self.parts for end in part.ends}
        return list(found.values())

    def begin(self, context: Context) -> Coroutine[Any, Any, T]:
        """Run it in a driver."""
        self._used = True
        return self._start(self.parts, context)

    def hold(self) -> None:
        """Count every part in."""
        for part in self.parts:
            part.hold()

    def let_go(self) -> None:
        """Count every part out."""
        for part in self.parts:
            part.let_go()

    def map[U](self, change: Callable[[T], U]) -> Composition[U]:
        """Give the same processes with another result."""

        async def start(parts: Sequence[Process[Any]], context: Context) -> U:
            return change(await run_part(parts[0], context))

        return Composition(self.name, [self], start)


def run[T](process: Process[T]) -> T:
    """Run a process on this thread, and wait for its end."""
    driver = Driver()
    signal = Signal()
    process.hold()
    if not _multicore.is_watched():
        return driver.run(run_part(process, root_context(driver, signal)), poisoning(process))
    # A network runs this, perhaps: it is to see for whom this thread waits.
    from multicore.csp._notes import Publisher
    from multicore.csp._tracker import Tracker

    tracker = Tracker(process.name)
    publisher = Publisher(tracker)
    driver.before_wait.append(publisher.publish)
    try:
        return driver.run(
            run_part(process, root_context(driver, signal, tracker)), poisoning(process)
        )
    finally:
        publisher.close()


def poisoning(process: Process[Any]) -> Callable[[], None]:
    """Give what is to be done when the thread that runs a process is interrupted."""

    def poison() -> None:
        for end in process.ends:
            end.poison("interrupted")

    return poison


def root_context(driver: Driver, signal: Signal, tracker: Any = None) -> Context:
    """Give the context of what is in no other process."""
    from multicore.csp._process import Context

    return Context(driver, signal, signal, tracker)


async def run_part[T](
    part: Process[T],
    context: Context,
    on_failure: Callable[[BaseException], None] | None = None,
) -> T:
    """Run a part of a composition, whose ends are held already.

    `on_failure` sees an error before the ends are left.
    """
    try:
        inner = context.but(on_done=None) if part.is_one else context
        result = await part.begin(inner)
        if part.is_one and context.on_done is not None:
            context.on_done(part)
    except BaseException as error:
        if on_failure is not None:
            on_failure(error)
        raise
    else:
        return result
    finally:
        # The parts of a composition let go one by one.
        if not isinstance(part, Composition):
            part.let_go()


def units_of(process: Process[Any]) -> list[Process[Any]]:
    """Give the processes in a process that end one by one, each for good."""
    if process.is_one or not isinstance(process, Composition):
        return [process]
    return [unit for part in process.parts for unit in units_of(part)]


def name_of_all(kind: str, processes: Sequence[Process[Any]]) -> str:
    """Give the name of what is made of several processes: theirs, or the first of many."""
    for process in processes:
        if not isinstance(process, Process):
            raise TypeError(
                f"{process!r} is no process: call what @process made, or use python(function, …)"
            )
    names = [process.name for process in processes[:_MOST_NAMES]]
    rest = len(processes) - len(names)
    more = [f"… {rest} more"] if rest else []
    return f"{kind}({', '.join(names + more)})"


_MOST_NAMES = 5
