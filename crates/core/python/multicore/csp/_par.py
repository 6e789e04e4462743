"""`par`: processes side by side, none of which outlives the whole; `seq`: one after the other."""

from __future__ import annotations

import weakref
from typing import Any

from multicore.csp._composition import Composition, name_of_all, run_part
from multicore.csp._failures import ParallelError, ProcessFailure, is_consequence, is_poison
from multicore.csp._signals import Stop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from multicore.csp._process import Context, Process


def par(*processes: Process[Any]) -> Composition[list[Any]]:
    """Put processes side by side; `run()` gives what they return, in order, when all are done.

    It is structured: when it ends, every process has ended. The first failure poisons the channels
    that were handed to the others; what does not listen is interrupted; then a `ParallelError` says
    who failed. A process that ends because a channel was poisoned has not failed: it poisons its
    own channels in turn, so that the network ends, and its result is None.

    >>> par(numbers(a.sender), total(a.receiver)).run()
    [None, 45]
    """
    return Composition(name_of_all("par", processes), processes, _run_parallel)


async def _run_parallel(parts: Sequence[Process[Any]], context: Context) -> list[Any]:
    group = _Group(parts, context)

    def on_abort() -> None:
        assert context.signal.reason is not None
        group.stop(context.signal.reason)

    context.signal.listen(on_abort)
    try:
        tasks = [context.driver.spawn(group.run(part)) for part in parts]
        results = [await task for task in tasks]
        group.check()
        context.signal.check()
        return results
    finally:
        context.signal.forget(on_abort)
        group.over()


class _Group:
    """The processes of one running `par`."""

    def __init__(self, parts: Sequence[Process[Any]], context: Context) -> None:
        self._running = list(parts)
        self._failures: list[ProcessFailure] = []
        self._stopped: list[str] = []
        self._gentle = context.gentle
        # Poison makes operations end at once; who spares the channels gives time instead.
        patience = context.deadlines.drain if self._gentle and context.deadlines else 0.0
        self._stop = Stop(context.driver, patience)
        self._context = context.but(signal=self._stop.soft, hard=self._stop.hard)

    async def run(self, part: Process[Any]) -> Any:
        """Run one process; never raises what the process did."""
        try:
            # Others must hear of a failure before they could take a channel that was left for one
            # that ended well.
            return await run_part(part, self._context, lambda error: self._failed(part, error))
        except Exception:  # noqa: BLE001  It was seen by `_failed`.
            return None
        finally:
            if part in self._running:
                self._running.remove(part)

    def stop(self, reason: BaseException) -> None:
        """Tell everybody to stop."""
        if self._stop.is_stopped:
            return
        if not self._gentle:
            for part in self._running:
                _poison(part, reason)
        self._stop.stop(reason)

    def over(self) -> None:
        """Everybody has ended."""
        self._stop.over()

    def check(self) -> None:
        """Raise what failed."""
        if self._failures:
            raise ParallelError(self._failures, self._stopped)

    def _failed(self, part: Process[Any], error: BaseException) -> None:
        if self._stop.is_stopped and is_consequence(error, self._stop.reason):
            self._stopped.append(part.name)
            return
        if part in self._running:
            self._running.remove(part)
        if is_poison(error):
            # It was asked to end, and passes that on.
            _poison(part, error)
            return
        self._failures.append(ProcessFailure(part.name, error))
        self.stop(ParallelError(self._failures[:1], ()))


def _poison(part: Process[Any], reason: BaseException) -> None:
    words = str(reason)
    for end in part.ends:
        end.poison(words)


def seq(*processes: Process[Any]) -> Composition[list[Any]]:
    """Put processes one after the other; `run()` gives what they return.

    The first failure is the failure of the whole; those behind it do not run.
    """
    return Composition(name_of_all("seq", processes), processes, _run_sequence)


#: Processes that `>` has run, and what they returned: python-csp's programs chain it.
_ran: weakref.WeakKeyDictionary[Process[Any], Any] = weakref.WeakKeyDictionary()


def in_turn(*processes: Process[Any]) -> Composition[list[Any]]:
    """Run processes one after the other, now; `run()` of what this gives has the results.

    Python reads `a > b > c` as `a > b and b > c`: who ran does not run again.
    """
    for process in processes:
        if process not in _ran:
            _ran[process] = process.start()

    async def start(parts: Sequence[Process[Any]], _context: Context) -> list[Any]:
        return [_ran[part] for part in parts]

    made: Composition[list[Any]] = Composition(name_of_all("seq", processes), processes, start)
    made._used = True
    return made


async def _run_sequence(parts: Sequence[Process[Any]], context: Context) -> list[Any]:
    results: list[Any] = []
    begun = 0
    try:
        for part in parts:
            begun += 1
            results.append(await run_part(part, context))
            context.signal.check()
        return results
    finally:
        # What never ran lets go of its ends too, or the rest of the network would wait for it.
        for part in parts[begun:]:
            part.let_go()
