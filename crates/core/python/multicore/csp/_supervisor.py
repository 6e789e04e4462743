"""`supervise`: processes that are started again when they fail. One child is in `_slot.py`."""

from __future__ import annotations

import time
from typing import Any

from multicore.csp._composition import Composition
from multicore.csp._exits import Exit, StopError, SupervisionError
from multicore.csp._signals import Deadlines
from multicore.csp._slot import Child, Slot
from multicore.csp._tracker import Tracker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Literal

    from multicore.csp._driver import Future
    from multicore.csp._process import Context, Process
    from multicore.csp._slot import Make

    type Strategy = Literal["one-for-one", "one-for-all", "rest-for-one"]

_STRATEGIES = ("one-for-one", "one-for-all", "rest-for-one")


class Backoff:
    """How many seconds a supervisor waits before it starts a process again, growing each time."""

    __slots__ = ("factor", "initial", "most")

    def __init__(self, initial: float, *, factor: float = 2.0, most: float = 30.0) -> None:
        if not (initial >= 0 and factor >= 1 and most >= 0):
            raise ValueError("a back-off is seconds, 0 or more, and a factor from 1")
        self.initial, self.factor, self.most = initial, factor, most


class _Settings:
    __slots__ = ("backoff", "max_restarts", "on_exit", "strategy", "within")

    def __init__(
        self,
        strategy: Strategy,
        max_restarts: int,
        within: float,
        backoff: float | Backoff,
        on_exit: Callable[[Exit], None] | None,
    ) -> None:
        if strategy not in _STRATEGIES:
            raise ValueError(f"strategy is {strategy!r}: give one of {', '.join(_STRATEGIES)}")
        for name, value in (("max_restarts", max_restarts), ("within", within)):
            if not value >= 0:
                raise ValueError(f"{name} is {value!r}: give 0 or more")
        self.strategy: Strategy = strategy
        self.max_restarts, self.within = max_restarts, within
        self.backoff = backoff if isinstance(backoff, Backoff) else Backoff(backoff)
        self.on_exit = on_exit or (lambda _exit: None)


def supervise(
    children: Sequence[Make | Child],
    *,
    strategy: Strategy = "one-for-one",
    max_restarts: int = 3,
    within: float = 5.0,
    backoff: float | Backoff = 0.0,
    drain: float = 0.0,
    kill: float = 5.0,
    on_exit: Callable[[Exit], None] | None = None,
    name: str | None = None,
) -> Composition[None]:
    """Run processes in parallel and start those again that fail.

    An exception, a killed interpreter and a hang all count. Their channel ends are held meanwhile,
    so that what a channel has accepted is still there for the next run, and neighbours only notice
    a pause. It ends when all have ended well; when there are more than `max_restarts` within so
    many seconds it stops them all and fails with SupervisionError, which a supervisor around it may
    answer in the same way. `drain` and `kill` are the defaults for each `Child`.

    Gotcha: a process that is restarted begins anew. What it had received and not dealt with is
    gone. A composition in which some processes have ended cannot run again with the same channels:
    give a function that makes it, and its inner channels, for each run.

    >>> par(source, supervise([parser(jobs, results)], max_restarts=5, within=60), sink).run()
    """
    settings = _Settings(strategy, max_restarts, within, backoff, on_exit)
    slots: list[Slot] = []
    for each in children:
        child = each if isinstance(each, Child) else Child(each)
        patience = drain if child.drain is None else child.drain
        slots.append(Slot(child, Deadlines(patience, kill if child.kill is None else child.kill)))
    known_as = name or f"supervise({', '.join(slot.name for slot in slots)})"

    async def start(_parts: Sequence[Process[Any]], context: Context) -> None:
        await _Supervisor(known_as, slots, settings, context).run()

    return Composition(known_as, [slot.process for slot in slots], start, runs_again=True)


class _Supervisor:
    def __init__(
        self, name: str, slots: Sequence[Slot], settings: _Settings, context: Context
    ) -> None:
        self._name, self._slots, self._settings = name, slots, settings
        self._outer = context
        self._tracker = context.tracker or Tracker(name)
        self._context = context.but(tracker=self._tracker)
        #: Exits that nothing was done about yet.
        self._exits: list[tuple[Slot, Exit]] = []
        #: When there were restarts lately, and why.
        self._recent: list[tuple[float, Exit]] = []
        self._wake: Future[None] | None = None
        #: Slots that are being stopped by this supervisor: their exits are no news.
        self._stopping: set[Slot] = set()

    async def run(self) -> None:
        signal = self._outer.signal
        signal.listen(self._woken)
        try:
            signal.check()
            for slot in self._slots:
                slot.begin()
            for slot in self._slots:
                self._start(slot)
            while any(not slot.is_over for slot in self._slots):
                if not self._exits and not signal.aborted:
                    self._wake = self._outer.driver.future()
                    await self._wake
                signal.check()
                while self._exits:
                    await self._handle(*self._exits.pop(0))
                    signal.check()
        finally:
            signal.forget(self._woken)
            await self._stop(self._slots, StopError("stopped", f"{self._name} is being stopped"))
            for slot in self._slots:
                slot.finish()

    def _woken(self) -> None:
        if self._wake is not None:
            self._wake.set(None)

    def _start(self, slot: Slot) -> None:
        done = slot.start(self._context)

        def ended() -> None:
            if slot not in self._stopping:
                self._exits.append((slot, done.result()))
                self._woken()

        done.when_done(ended)

    async def _handle(self, slot: Slot, exit: Exit) -> None:
        self._settings.on_exit(exit)
        if exit.reason == "poisoned":
            assert exit.error is not None
            raise exit.error
        restart = slot.child.restart
        if restart == "temporary" or (restart == "transient" and exit.reason == "normal"):
            slot.finish()
            return
        self._count(exit)
        affected = self._affected(slot)
        # Something goes on although perhaps no process runs: no deadlock.
        self._tracker.under_way += 1
        try:
            why = f"{exit.process} has failed, and {self._name} starts its neighbours again"
            await self._stop(affected, StopError("stopped", why))
            await self._pause()
            for each in affected:
                each.renew()
                self._tracker.restarted(each.process)
                self._start(each)
        finally:
            self._tracker.under_way -= 1

    def _count(self, exit: Exit) -> None:
        """Count a restart, or give up."""
        within, now = self._settings.within, time.monotonic()
        self._recent = [each for each in self._recent if now - each[0] <= within]
        self._recent.append((now, exit))
        if len(self._recent) <= self._settings.max_restarts:
            return
        words = exit.reason if exit.error is None else str(exit.error).partition("\n")[0]
        message = (
            f"{self._name} gave up: {len(self._recent)} failures within {within} s, "
            f"last of {exit.process}: {words}"
        )
        raise SupervisionError(message, [known for _, known in self._recent]) from exit.error

    def _affected(self, slot: Slot) -> list[Slot]:
        """Say who is started again with a child that failed, in order."""
        slots, strategy = list(self._slots), self._settings.strategy
        together = slots
        if strategy == "one-for-one":
            together = [slot]
        elif strategy == "rest-for-one":
            together = slots[slots.index(slot) :]
        return [each for each in together if not each.is_over]

    async def _stop(self, slots: Sequence[Slot], why: StopError) -> None:
        """Stop those that run, the last one first."""
        self._stopping.update(slots)
        for slot in reversed(slots):
            await slot.stop(why)
        # Their exits are told of in the driver's next turn.
        turn = self._outer.driver.future()
        self._outer.driver.soon(lambda: turn.set(None))
        await turn
        self._stopping.difference_update(slots)
        # What had ended by itself just before is started again like the others.
        self._exits = [each for each in self._exits if each[0] not in slots]

    async def _pause(self) -> None:
        backoff = self._settings.backoff
        delay = min(backoff.most, backoff.initial * backoff.factor ** (len(self._recent) - 1))
        if delay == 0:
            return
        done = self._outer.driver.future()
        timer = self._outer.driver.after(delay, lambda: done.set(None))
        wake = lambda: done.set(None)  # noqa: E731
        self._outer.signal.listen(wake)
        await done
        timer.cancel()
        self._outer.signal.forget(wake)
        self._outer.signal.check()
