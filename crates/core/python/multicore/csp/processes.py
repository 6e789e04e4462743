"""Processes, and their composition side by side and one after the other.

What lives here: what a process is. What must not: what becomes of those that run (`_running.py`).
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from multicore import channels
from multicore.csp._running import Running
from multicore.csp.guards import ChannelPoison

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = [
    "CSP", "CSPProcess", "Par", "Process", "Seq", "forever", "par", "process", "seq", "set_debug",
]  # fmt: skip


class Process:
    """A function with its arguments, ready to run in an interpreter of its own.

    As in python-csp, `a // (b, c)` runs them side by side, `a > b` and `2 * a` in sequence, at
    once. `a // b` is the Par of both, to be run.
    """

    __slots__ = ("_ran", "args", "function", "isolated", "kwargs")

    def __init__(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        self.function, self.args, self.kwargs = function, args, kwargs
        self.isolated = True
        self._ran = False

    def __repr__(self) -> str:
        return f"<process {self.name}>"

    @property
    def name(self) -> str:
        """The name of its function."""
        return str(getattr(self.function, "__qualname__", self.function))

    def __floordiv__(self, other: Process | Iterable[Process]) -> Par:
        return _side_by_side(self, other)

    def __gt__(self, other: Process) -> Seq:
        made = Seq(self, other)
        made._run_once()
        return made

    def __mul__(self, count: int) -> list[Any]:
        return [self.run() for _ in range(count)]

    __rmul__ = __mul__

    def run(self) -> Any:
        """Run it and give what it returns."""
        return par(self)[0]

    start = run


#: python-csp's name.
CSPProcess = Process


def _side_by_side(first: Process, other: Process | Iterable[Process]) -> Par:
    if isinstance(other, Process):
        return Par(first, other)
    made = Par(first, *other)
    made.start()
    return made


class _Definition:
    """What `@process` makes of a function: calling it gives a Process."""

    __slots__ = ("__dict__", "function", "isolated")

    def __init__(self, function: Callable[..., Any], *, isolated: bool) -> None:
        self.function, self.isolated = function, isolated
        self.__dict__["__doc__"] = function.__doc__
        self.__dict__["__wrapped__"] = function

    def __call__(self, *args: Any, **kwargs: Any) -> Process:
        made = Process(self.function, *args, **kwargs)
        made.isolated = self.isolated
        return made

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else _Bound(self, instance)

    def __repr__(self) -> str:
        return f"<process {getattr(self.function, '__qualname__', self.function)}>"


class _Bound:
    """A method that is a process: its object is the first argument."""

    def __init__(self, definition: _Definition, instance: object) -> None:
        self._definition, self._instance = definition, instance

    def __call__(self, *args: Any, **kwargs: Any) -> Process:
        return self._definition(self._instance, *args, **kwargs)


def process(function: Callable[..., Any] | None = None, *, isolated: bool = True) -> Any:
    """Make a function a process: calling it gives one to compose.

    One that is not `isolated` runs on a thread of this interpreter.
    """
    if function is None:
        return lambda function: _Definition(function, isolated=isolated)
    return _Definition(function, isolated=isolated)


def forever(function: Callable[..., Any]) -> Any:
    """Make a function a process that goes on until a channel of it is poisoned or ends.

    A generator function is run through; any other is called again and again.
    """
    return _Definition(_Forever(function), isolated=True)


class _Forever:
    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.__qualname__ = getattr(function, "__qualname__", str(function))
        self.__doc__ = function.__doc__

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        try:
            while True:
                result = self.function(*args, **kwargs)
                if hasattr(result, "__next__"):
                    for _ in result:
                        pass
                    return
        except ChannelPoison:
            raise
        except channels.ChannelClosedError:
            return


def par(*processes: Process) -> list[Any]:
    """Run processes side by side and give what they return, in order, when all are done.

    The first that fails poisons the channels of the others; when all have ended their failures are
    raised as an ExceptionGroup. A process that ends because a channel was poisoned has not failed:
    it poisons its other channels.
    """
    running = Running(processes)
    try:
        running.start()
        return running.wait()
    except KeyboardInterrupt:
        running.poison("interrupted")
        running.stop()
        raise
    finally:
        running.close()


def seq(*processes: Process) -> list[Any]:
    """Run processes one after the other and give what they return."""
    return [process.run() for process in processes]


def _par_of(processes: tuple[Process, ...]) -> list[Any]:
    return par(*processes)


def _seq_of(processes: tuple[Process, ...]) -> list[Any]:
    return seq(*processes)


class _Composite(Process):
    """Processes that are one: inside of another composition it has an interpreter, too."""

    __slots__ = ()

    def __init__(self, function: Callable[..., Any], processes: tuple[Process, ...]) -> None:
        same = type(self)
        flat = [inner for outer in processes
                for inner in (outer.processes if type(outer) is same else (outer,))]  # fmt: skip
        super().__init__(function, tuple(flat))

    @property
    def processes(self) -> tuple[Process, ...]:
        """What it is made of."""
        made: tuple[Process, ...] = self.args[0]
        return made

    procs = processes

    def run(self) -> list[Any]:
        """Run them; give what they return."""
        results: list[Any] = self.function(self.processes)
        return results

    start = run

    def __len__(self) -> int:
        return len(self.processes)

    def __getitem__(self, index: int) -> Process:
        return self.processes[index]

    def __contains__(self, process: object) -> bool:
        return process in self.processes


class Par(_Composite):
    """Processes to run side by side; see `par`."""

    __slots__ = ()

    def __init__(self, *processes: Process) -> None:
        super().__init__(_par_of, processes)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.processes


class Seq(_Composite):
    """Processes to run one after the other; see `seq`."""

    __slots__ = ("_results",)

    def __init__(self, *processes: Process) -> None:
        super().__init__(_seq_of, processes)
        self._results: list[Any] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), self.processes

    def _run_once(self) -> None:
        # `a > b > c` is `a > b and b > c`: who ran does not run again.
        self._results = [None if one._ran else one.run() for one in self.processes]
        for one in self.processes:
            one._ran = True

    def run(self) -> list[Any]:
        """Run them, unless `>` has; give what they return."""
        return super().run() if self._results is None else self._results

    start = run


class CSP:
    """Composition with `with`: `csp.par()` and `csp.seq()` around `csp.process(function, …)`."""

    def __init__(self) -> None:
        self._open: list[list[Process]] = [[]]

    @contextmanager
    def par(self) -> Iterator[None]:
        """Collect processes to run side by side."""
        self._open.append([])
        yield
        made = Par(*self._open.pop())
        self._open[-1].append(made)

    @contextmanager
    def seq(self) -> Iterator[None]:
        """Collect processes to run one after the other."""
        self._open.append([])
        yield
        made = Seq(*self._open.pop())
        self._open[-1].append(made)

    def process(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        """Add a process to those that are collected."""
        if isinstance(function, _Definition):
            self._open[-1].append(function(*args, **kwargs))
        else:
            self._open[-1].append(Process(function, *args, **kwargs))

    def start(self) -> list[Any]:
        """Run what was collected."""
        return par(*self._open[-1])


def set_debug(status: bool) -> None:
    """Accepted for compatibility with python-csp, whose debugging output this switches."""
