"""What a composition raises, and telling a cause from its consequences. Nothing runs here."""

from __future__ import annotations

from multicore import interpreters
from multicore.channels import ChannelClosedError, ChannelPoisonedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self


class ProcessFailure:
    """A process that failed, and how."""

    __slots__ = ("error", "process")

    def __init__(self, process: str, error: BaseException) -> None:
        #: Its name.
        self.process = process
        self.error = error

    def __repr__(self) -> str:
        return f"ProcessFailure({self.process!r}, {self.error!r})"


class ParallelError(ExceptionGroup[Exception]):
    """One or more processes of a `par` failed; the others were stopped and have ended.

    `failures` says who failed by himself, the first one first; `stopped` has the names of those
    that were stopped because of them.
    """

    failures: tuple[ProcessFailure, ...]
    stopped: tuple[str, ...]

    def __new__(cls, failures: Sequence[ProcessFailure], stopped: Sequence[str]) -> Self:
        """Describe the failures."""
        errors = [_as_exception(failure.error) for failure in failures]
        made = super().__new__(cls, _describe(failures), errors)
        made.failures, made.stopped = tuple(failures), tuple(stopped)
        made.__cause__ = errors[0]
        return made

    def __init__(self, _failures: Sequence[ProcessFailure], _stopped: Sequence[str]) -> None:
        super().__init__(self.message, self.exceptions)

    def derive(self, excs: Sequence[Exception]) -> ExceptionGroup[Exception]:  # type: ignore[override]
        """Give a part of it, as `split` and `except*` want it: whose errors these are is kept."""
        wanted = {id(error) for error in excs}
        part = [each for each in self.failures if id(each.error) in wanted]
        if len(part) == len(excs):
            return ParallelError(part, self.stopped)
        return ExceptionGroup(self.message, list(excs))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.failures, self.stopped)


def _as_exception(error: BaseException) -> Exception:
    if isinstance(error, Exception):
        return error
    made = ProcessKilledError(f"{type(error).__name__}: {error}")
    made.__cause__ = error
    return made


def _describe(failures: Sequence[ProcessFailure]) -> str:
    lines = [
        f"{each.process}: {type(each.error).__name__}: {_first_line(each.error)}"
        for each in failures
    ]
    if len(lines) == 1:
        return f"Process {lines[0]}"
    return "\n  ".join([f"{len(lines)} processes failed", *lines])


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0]


class ProcessKilledError(interpreters.InterpreterError):
    """The interpreter of a process was closed or interrupted under it, or had to be given up."""


class ProcessTimeoutError(TimeoutError):
    """A process took longer than its `timeout`."""


def is_poison(error: BaseException) -> bool:
    """Say whether a process ended because a channel of it was poisoned."""
    if isinstance(error, BaseExceptionGroup):
        return all(is_poison(each) for each in error.exceptions)
    return isinstance(error, ChannelPoisonedError)


def is_end(error: BaseException) -> bool:
    """Say whether a process ended because a channel has ended by itself."""
    if isinstance(error, BaseExceptionGroup):
        return all(is_end(each) for each in error.exceptions)
    return isinstance(error, ChannelClosedError) and not isinstance(error, ChannelPoisonedError)


def is_consequence(error: BaseException, reason: BaseException | None) -> bool:
    """Say whether an error is only what being told to stop looks like from inside."""
    if error is reason:
        return True
    if isinstance(error, ParallelError):
        return all(is_consequence(each.error, reason) for each in error.failures)
    return isinstance(error, (ChannelPoisonedError, KeyboardInterrupt, ProcessKilledError))
