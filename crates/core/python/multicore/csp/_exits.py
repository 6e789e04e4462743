"""How a process ended, as supervisors and monitors see it; watching them, tying their fates."""

from __future__ import annotations

from typing import Any

from multicore import channels
from multicore.csp._composition import Composition, run_part
from multicore.csp._failures import (
    ParallelError,
    ProcessKilledError,
    ProcessTimeoutError,
    is_end,
    is_poison,
)
from multicore.csp._signals import Stop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Literal

    from multicore.csp._process import Context, Process

    #: normal: it did its work, or a channel of it has ended. error: it raised. poisoned: one of its
    #: channels was. killed: its interpreter was closed or interrupted under it. hang: it gave no
    #: sign of life for too long. timeout: it took too long. stopped: it was told to stop.
    type ExitReason = Literal["normal", "error", "poisoned", "killed", "hang", "timeout", "stopped"]


class Exit:
    """The end of a process."""

    __slots__ = ("error", "process", "reason")

    def __init__(self, process: str, reason: ExitReason, error: BaseException | None) -> None:
        #: Its name.
        self.process = process
        self.reason: ExitReason = reason
        #: What it failed with, if it did.
        self.error = error

    def __repr__(self) -> str:
        return f"Exit({self.process!r}, {self.reason!r}, {self.error!r})"


class StopError(RuntimeError):
    """What a process is stopped with, for a reason of its supervisor's."""

    def __init__(self, reason: ExitReason, message: str) -> None:
        super().__init__(message)
        self.reason: ExitReason = reason


class SupervisionError(RuntimeError):
    """A supervisor gave up: its processes failed too often."""

    def __init__(self, message: str, exits: Sequence[Exit]) -> None:
        super().__init__(message)
        #: The exits that were too many, the last one last.
        self.exits = tuple(exits)


def exit_of(process: str, error: BaseException) -> Exit:
    """Give the exit of a process that raised."""
    if is_end(error):
        return Exit(process, "normal", None)
    return Exit(process, _reason_of(error), error)


def _reason_of(error: BaseException) -> ExitReason:
    if isinstance(error, StopError):
        return error.reason
    if isinstance(error, ParallelError):
        return _reason_of(error.failures[0].error)
    if isinstance(error, ProcessKilledError):
        return "killed"
    if isinstance(error, ProcessTimeoutError):
        return "timeout"
    return "poisoned" if is_poison(error) else "error"


class Heartbeat:
    """A sign of life: to be called by a process now and then. It crosses. Made by `heartbeat`."""

    __slots__ = ("_receive", "_send", "within")

    def __init__(self, within: float) -> None:
        if not within > 0:
            raise ValueError(f"within is {within!r}: give seconds, more than 0")
        #: Seconds that may pass between two calls.
        self.within = within
        # Nobody receives: what counts is how many were sent.
        self._receive, self._send = channels.create(1, overflow="drop-oldest", name="heartbeat")

    def __call__(self) -> None:
        self._send.try_send(None)

    @property
    def count(self) -> int:
        """How often it was called."""
        count: int = self._send.stats()["sent"]
        return count

    def __reduce__(self) -> tuple[Any, ...]:
        return _heartbeat_of, (self.within, self._receive, self._send)


def _heartbeat_of(
    within: float, receive: channels.RecvChannel, send: channels.SendChannel
) -> Heartbeat:
    made = Heartbeat.__new__(Heartbeat)
    made.within, made._receive, made._send = within, receive, send
    return made


def heartbeat(within: float) -> Heartbeat:
    """Give a sign of life: a function for a process to call.

    A supervisor that is given it restarts the process when it is not called for `within` seconds.

    >>> beat = heartbeat(1.0)
    >>> supervise([Child(worker(jobs, beat), heartbeat=beat)])
    """
    return Heartbeat(within)


def monitor[T](process: Process[T], on_exit: Callable[[Exit], None]) -> Composition[T]:
    """Tell somebody of every exit of a process. Nothing else changes: it fails as it would have."""

    async def start(parts: Sequence[Process[Any]], context: Context) -> T:
        try:
            result: T = await run_part(parts[0], context)
        except Exception as error:
            known = exit_of(process.name, error)
            if context.signal.aborted and error is context.signal.reason:
                known = Exit(process.name, "stopped", error)
            on_exit(known)
            raise
        on_exit(Exit(process.name, "normal", None))
        return result

    return Composition(process.name, [process], start)


def link() -> Callable[[Process[Any]], Composition[Any]]:
    """Make a bond: when one of the processes tied by it fails, all others are stopped and fail too.

    Also if they are children of different supervisors. One that ends well leaves the others alone.

    >>> bond = link()
    >>> par(supervise([bond(reader), logger]), supervise([bond(writer)])).run()
    """
    running: list[Stop] = []

    def bond(process: Process[Any]) -> Composition[Any]:
        async def start(parts: Sequence[Process[Any]], context: Context) -> Any:
            stop = Stop(context.driver, context.deadlines.drain if context.deadlines else 0.0)

            def on_abort() -> None:
                assert context.signal.reason is not None
                stop.stop(context.signal.reason)

            context.signal.listen(on_abort)
            running.append(stop)
            inner = context.but(signal=stop.soft, hard=stop.hard, gentle=True)
            try:
                return await run_part(parts[0], inner)
            except Exception as error:
                running.remove(stop)
                if not context.signal.aborted and exit_of(process.name, error).reason != "normal":
                    why = f"{process.name}, which it is linked to, has failed"
                    for other in tuple(running):
                        other.stop(StopError("error", why))
                if stop.reason is not None and isinstance(error, ProcessKilledError):
                    raise stop.reason from None
                raise
            finally:
                if stop in running:
                    running.remove(stop)
                context.signal.forget(on_abort)
                stop.over()

        return Composition(process.name, [process], start)

    return bond
