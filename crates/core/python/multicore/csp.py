"""Communicating sequential processes, in the spirit of occam and python-csp.

>>> @process
... def doubler(source, sink):
...     for number in source:
...         sink.send(2 * number)

A process is a function that runs in an interpreter of its own and shares nothing with others but
the channels that it is given. `par` runs processes side by side, `seq` one after the other, `alt`
waits for one of several things. What lives here: composition. What must not: channels
(`channels.py`).
"""

from __future__ import annotations

import sys
import time
from typing import Any

import _multicore

from multicore import _calls, _workers, channels, interpreters
from multicore._csp import Barrier as Barrier
from multicore._csp import Channel as Channel
from multicore.channels import ChannelPoisonedError as ChannelPoison
from multicore.channels import RecvChannel, SendChannel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    type Guard = RecvChannel | tuple[SendChannel, object] | Timer | Skip | Channel

__all__ = [
    "Alt",
    "Barrier",
    "Channel",
    "ChannelPoison",
    "Par",
    "Process",
    "Seq",
    "Skip",
    "Timer",
    "after",
    "alt",
    "forever",
    "par",
    "poison",
    "process",
    "seq",
    "skip",
]


class Process:
    """A function with its arguments, ready to run. `a // b` is `par`, `a > b` is `seq`."""

    __slots__ = ("args", "function", "isolated", "kwargs")

    def __init__(
        self,
        function: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        isolated: bool = True,
    ) -> None:
        self.function, self.args, self.kwargs, self.isolated = function, args, kwargs, isolated

    def __repr__(self) -> str:
        return f"<process {getattr(self.function, '__qualname__', self.function)}>"

    def __floordiv__(self, other: Process | Par) -> Par:
        return Par(self, *(other.processes if isinstance(other, Par) else (other,)))

    def __gt__(self, other: Process | Seq) -> Seq:
        return Seq(self, *(other.processes if isinstance(other, Seq) else (other,)))

    def run(self) -> Any:
        """Run it and give what it returns."""
        return par(self)[0]

    start = run


class _Definition:
    """What `@process` makes of a function: calling it gives a Process."""

    __slots__ = ("__dict__", "function", "isolated")

    def __init__(self, function: Callable[..., Any], *, isolated: bool) -> None:
        self.function, self.isolated = function, isolated
        self.__dict__["__doc__"] = function.__doc__
        self.__dict__["__wrapped__"] = function

    def __call__(self, *args: Any, **kwargs: Any) -> Process:
        return Process(self.function, args, kwargs, isolated=self.isolated)

    def __repr__(self) -> str:
        return f"<process {getattr(self.function, '__qualname__', self.function)}>"


def process(function: Callable[..., Any] | None = None, *, isolated: bool = True) -> Any:
    """Make a function a process: calling it gives one to compose.

    One that is not `isolated` runs on a thread of this interpreter.
    """
    if function is None:
        return lambda function: _Definition(function, isolated=isolated)
    return _Definition(function, isolated=isolated)


def forever(function: Callable[..., Any]) -> Any:
    """Make a function a process that repeats it until a channel of it is poisoned or ends."""
    return _Definition(_Forever(function), isolated=True)


class _Forever:
    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        while True:
            try:
                result = self.function(*args, **kwargs)
                if hasattr(result, "__next__"):
                    for _ in result:
                        pass
            except channels.ChannelClosedError:
                return


def _ends(process: Process) -> Iterator[RecvChannel | SendChannel]:
    """The channel ends among a process's arguments."""
    waiting: list[object] = [*process.args, *process.kwargs.values()]
    while waiting:
        item = waiting.pop()
        if isinstance(item, (RecvChannel, SendChannel)):
            yield item
        elif isinstance(item, Channel):
            yield item.sender
        elif isinstance(item, (tuple, list, set, frozenset)):
            waiting.extend(item)
        elif isinstance(item, dict):
            waiting.extend(item.values())


class _Running:
    """Processes that run, and what becomes of them."""

    def __init__(self, processes: tuple[Process, ...]) -> None:
        self._processes = processes
        self._outcomes, self._tell = channels.create(None, name="par")
        self._interpreters: list[interpreters.Interpreter] = []
        self._errors: list[Exception] = []
        self._results: list[Any] = [None] * len(processes)

    def start(self) -> None:
        path = [entry for entry in sys.path if entry]
        for index, process in enumerate(self._processes):
            packed = _calls.pack(process.function)
            parcel = _multicore.pack((process.args, process.kwargs))
            if not process.isolated:
                self._start_thread(index, packed, parcel)
                continue
            interpreter = interpreters.create(serial=True)
            self._interpreters.append(interpreter)
            here = (path, repr(process))
            interpreter._submit("multicore._workers:prepare", here, self._tell, -1)
            interpreter._submit("multicore._calls:attempt", (packed, parcel), self._tell, index)

    def _start_thread(self, index: int, packed: _calls.Packed, parcel: _multicore.Parcel) -> None:
        import threading

        def run() -> None:
            outcome = _calls.attempt(packed, parcel)
            self._tell.send((index, 0, outcome))

        threading.Thread(target=run, name=repr(self._processes[index])).start()

    def wait(self) -> list[Any]:
        left = len(self._processes)
        while left:
            index, kind, content = self._outcomes.recv()
            if index < 0:
                continue
            left -= 1
            error = self._take(index, kind, content)
            if error is not None and not isinstance(error, ChannelPoison):
                self._errors.append(error)
                self.poison(f"{self._processes[index]!r} failed: {error}")
        if self._errors:
            raise ExceptionGroup("processes failed", self._errors)
        return self._results

    def _take(self, index: int, kind: int, content: Any) -> Exception | None:
        if kind == 0 and content[0]:
            self._results[index] = _multicore.deliver(content[1])
            return None
        if kind == 0:
            error = _workers.exception_of(content[1:])
            if isinstance(error, Exception):
                return error
            return interpreters._execution_failed(*content[2:])
        if kind == 1:
            return interpreters._execution_failed(*content)
        return interpreters.InterpreterError(content)

    def poison(self, reason: str) -> None:
        for process in self._processes:
            for end in _ends(process):
                end.poison(reason)

    def stop(self) -> None:
        for interpreter in self._interpreters:
            interpreter.interrupt()

    def close(self) -> None:
        for interpreter in self._interpreters:
            interpreter._close(5.0)


def par(*processes: Process) -> list[Any]:
    """Run processes side by side and give what they return, in order, when all are done.

    The first that fails poisons the channels of the others; when all have ended their failures are
    raised as an ExceptionGroup. A process that ends because a channel was poisoned has not failed.
    """
    running = _Running(processes)
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


class Par:
    """Processes to run side by side."""

    def __init__(self, *processes: Process) -> None:
        self.processes = processes

    def __floordiv__(self, other: Process) -> Par:
        return Par(*self.processes, other)

    def start(self) -> list[Any]:
        """Run them; see `par`."""
        return par(*self.processes)

    run = start


class Seq:
    """Processes to run one after the other."""

    def __init__(self, *processes: Process) -> None:
        self.processes = processes

    def __gt__(self, other: Process) -> Seq:
        return Seq(*self.processes, other)

    def start(self) -> list[Any]:
        """Run them; see `seq`."""
        return seq(*self.processes)

    run = start


class Skip:
    """A guard that is always ready."""


skip = Skip()


class Timer:
    """A guard that is ready at its time; also a clock."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._at = time.monotonic() + seconds

    def set_alarm(self, seconds: float) -> None:
        """Be ready in so many seconds."""
        self._at = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds until it is ready."""
        return max(0.0, self._at - time.monotonic())

    @staticmethod
    def sleep(seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)

    @staticmethod
    def read() -> float:
        """Give the time, in seconds."""
        return time.monotonic()


def after(seconds: float) -> Timer:
    """Give a guard that is ready in so many seconds."""
    return Timer(seconds)


def alt(*guards: Guard, fair: bool = False, **named: Guard) -> tuple[Any, Any]:
    """Wait for one of the guards: `(which, what was received)`, by its number or its name.

    A guard is a RecvChannel, a `(SendChannel, obj)` tuple to send, a Timer, or `skip`. Among those
    that are ready the first goes, or one by chance if `fair`.
    """
    labels: list[int | str] = [*range(len(guards)), *named]
    cases: list[Any] = []
    case_labels: list[int | str] = []
    timeout: float | None = None
    timed: int | str | None = None
    for label, guard in zip(labels, (*guards, *named.values()), strict=True):
        seconds = None
        if isinstance(guard, Skip):
            seconds = 0.0
        elif isinstance(guard, Timer):
            seconds = guard.remaining
        else:
            cases.append(guard.receiver if isinstance(guard, Channel) else guard)
            case_labels.append(label)
        if seconds is not None and (timeout is None or seconds < timeout):
            timeout, timed = seconds, label
    try:
        index, value = channels.select(cases, timeout, fair=fair)
    except TimeoutError:
        return timed, None
    return case_labels[index], value


class Alt:
    """Guards to wait for, again and again."""

    def __init__(self, *guards: Guard) -> None:
        self._guards = guards

    def select(self) -> Any:
        """Give what the first ready guard received."""
        return alt(*self._guards)[1]

    pri_select = select

    def fair_select(self) -> Any:
        """Give what a ready guard received, chosen by chance."""
        return alt(*self._guards, fair=True)[1]


def poison(*ends: RecvChannel | SendChannel | Channel, reason: str = "poisoned") -> None:
    """End these channels for every party at once."""
    for end in ends:
        end.poison(reason)
