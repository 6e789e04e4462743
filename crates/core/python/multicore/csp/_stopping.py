"""How a running process is told to stop.

First by its channels, then by an interrupt, last by giving its interpreter up. Only the order and
the times are here, and processes on threads.
"""

from __future__ import annotations

import _multicore

from multicore import _calls
from multicore.channels import ChannelClosedError
from multicore.csp import _notes, _warm
from multicore.csp._failures import ProcessTimeoutError
from multicore.csp._signals import USUAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from multicore.csp._driver import Outcome, Timer
    from multicore.csp._process import Context
    from multicore.interpreters import Interpreter

    #: What is called, and its arguments.
    type Call = tuple[_calls.Packed, _multicore.Parcel]


class Stopping:
    """The stopping of one process that runs in an interpreter."""

    def __init__(
        self, name: str, interpreter: Interpreter, context: Context, timeout: float | None
    ) -> None:
        self._interpreter = interpreter
        self._driver = context.driver
        self._signal = context.signal
        self._deadlines = context.deadlines or USUAL
        self._gentle = context.gentle
        self._is_spared = False
        self._timers: list[Timer] = []
        #: Why it was stopped, if that is its own affair.
        self.why: ProcessTimeoutError | None = None
        if timeout is not None:
            self._later(timeout, lambda: self._too_long(name, timeout))
        self._signal.listen(self._stop)

    def over(self) -> None:
        """The process has ended: nothing is left to do."""
        self._signal.forget(self._stop)
        for timer in self._timers:
            timer.cancel()
        if self._is_spared:
            _notes.spare_channels(self._interpreter, spare=False)

    def _too_long(self, name: str, timeout: float) -> None:
        self.why = ProcessTimeoutError(f"{name} took more than {timeout} s")
        self._interrupt()

    def _stop(self) -> None:
        self._later(self._deadlines.drain, self._interrupt)

    def _interrupt(self) -> None:
        # A function of the host that it waits for is to end too.
        reason = str(self.why or self._signal.reason or "interrupted")
        _notes.stop_call(self._interpreter, reason)
        if self._gentle:
            self._is_spared = True
            _notes.spare_channels(self._interpreter, spare=True)
        self._interpreter.interrupt()
        self._later(self._deadlines.kill, lambda: _warm.close(self._interpreter, 0.0))

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self._timers.append(self._driver.after(seconds, action))


async def in_thread(name: str, call: list[Call], context: Context) -> Outcome:
    """Run a process on a thread of this interpreter."""
    import threading
    from contextlib import suppress

    token, tell, done = context.driver.job()

    def run() -> None:
        outcome = _calls.attempt(*call.pop())
        with suppress(ChannelClosedError):  # Nobody waits for it any more.
            tell.send((token, 0, outcome))

    thread = threading.Thread(target=run, name=name)
    timers: list[Timer] = []
    deadlines = context.deadlines or USUAL

    def stop() -> None:
        timers.append(
            context.driver.after(deadlines.drain, lambda: _multicore.stop_threads([thread.ident]))
        )

    thread.start()
    context.driver.started(token, thread)
    if context.member is not None and thread.ident is not None:
        context.member.runs_on(thread.ident)
    context.signal.listen(stop)
    try:
        return await done
    finally:
        context.signal.forget(stop)
        for timer in timers:
            timer.cancel()
