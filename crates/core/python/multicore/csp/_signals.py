"""Telling processes to stop: signals, and stops in two steps.

What lives here: `Signal`, `Stop`, the deadlines of a stop. What must not: what a process does when
it hears of one (`_leaves.py`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from multicore.csp._driver import Driver


class Signal:
    """Says once that something is to stop, and why."""

    __slots__ = ("_listeners", "reason")

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []
        #: Why; None until then.
        self.reason: BaseException | None = None

    @property
    def aborted(self) -> bool:
        """Whether it has been said."""
        return self.reason is not None

    def abort(self, reason: BaseException) -> None:
        """Say it; only the first reason counts."""
        if self.reason is not None:
            return
        self.reason = reason
        listeners, self._listeners = self._listeners, []
        for listener in listeners:
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call the listener once it is said: now, if it has been."""
        if self.reason is None:
            self._listeners.append(listener)
        else:
            listener()

    def forget(self, listener: Callable[[], None]) -> None:
        """Do not call it any more."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def check(self) -> None:
        """Raise the reason if it has been said."""
        if self.reason is not None:
            raise self.reason


class Deadlines:
    """How many seconds a process that should stop is waited for."""

    __slots__ = ("drain", "kill")

    def __init__(self, drain: float, kill: float) -> None:
        #: To put its affairs in order, before it is interrupted.
        self.drain = drain
        #: Once interrupted, before it is given up.
        self.kill = kill


#: For a process whose channels were poisoned.
USUAL = Deadlines(0.25, 5.0)


class Stop:
    """The stopping of one process, or of several together.

    First they are asked, and may finish what they have; then their operations end.
    """

    __slots__ = ("_drain", "_driver", "_on_over", "hard", "soft")

    def __init__(self, driver: Driver, drain: float) -> None:
        self._driver = driver
        self._drain = drain
        self._on_over: list[Callable[[], None]] = []
        self.soft = Signal()
        self.hard = Signal()

    @property
    def is_stopped(self) -> bool:
        """Whether anybody was told."""
        return self.soft.aborted

    @property
    def reason(self) -> BaseException | None:
        """Why it was stopped."""
        return self.soft.reason

    def stop(self, reason: BaseException) -> None:
        """Stop; only the first reason counts."""
        if self.soft.aborted:
            return
        self.soft.abort(reason)
        if self._drain == 0:
            self.hard.abort(reason)
        else:
            timer = self._driver.after(self._drain, lambda: self.hard.abort(reason))
            self._on_over.append(timer.cancel)

    def when_over(self, action: Callable[[], None]) -> None:
        """Call the action once all has ended."""
        self._on_over.append(action)

    def over(self) -> None:
        """All has ended."""
        actions, self._on_over = self._on_over, []
        for action in actions:
            action()
