"""A place under a supervisor: what runs in it, run by run, and how long each may take."""

from __future__ import annotations

from typing import Any

from multicore.csp._composition import run_part, units_of
from multicore.csp._exits import Exit, Heartbeat, StopError, exit_of
from multicore.csp._failures import is_consequence
from multicore.csp._process import Process
from multicore.csp._signals import Deadlines, Stop

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from multicore.csp._driver import Driver, Future
    from multicore.csp._process import Context

    type Make = Process[Any] | Callable[[], Process[Any]]
    type Restart = Literal["permanent", "transient", "temporary"]

#: What an interpreter takes to be closed after it was given up, in seconds.
_SPARE = 2.0


class Child:
    """A process, and how it is looked after. Times are in seconds.

    `process`: the process, or a function that makes it anew for each run. `restart`: `permanent`,
    started again whenever it ends; `transient`, when it fails; `temporary`, never. `timeout`: what
    one run may take. `heartbeat`: it hangs when it does not call this often enough. `drain`: how
    long it may finish once it has been told to stop; `kill`: how long after that before it is given
    up, with its interpreter.
    """

    __slots__ = ("drain", "heartbeat", "kill", "process", "restart", "timeout")

    def __init__(
        self,
        process: Make,
        *,
        restart: Restart = "transient",
        timeout: float | None = None,
        heartbeat: Heartbeat | None = None,
        drain: float | None = None,
        kill: float | None = None,
    ) -> None:
        if restart not in ("permanent", "transient", "temporary"):
            raise ValueError(f"restart is {restart!r}: permanent, transient or temporary")
        for name, value in (("timeout", timeout), ("drain", drain), ("kill", kill)):
            if value is not None and not value >= 0:
                raise ValueError(f"{name} is {value!r}: give seconds, 0 or more")
        self.process = process
        self.restart: Restart = restart
        self.timeout = timeout
        self.heartbeat = heartbeat
        self.drain = drain
        self.kill = kill


class Slot:
    """A child, and what runs for it."""

    def __init__(self, child: Child, deadlines: Deadlines) -> None:
        self.child = child
        self._deadlines = deadlines
        #: Whether it will not be started again.
        self.is_over = True
        self.process = self._make()
        # What the composition around counts as its part.
        self._first = self.process
        # The processes in it that have not ended well, whose ends are held.
        self._held: dict[int, Process[Any]] = {}
        # Whether there is one that was made but not run.
        self._is_new = True
        self._stop: Stop | None = None
        #: The exit of the current run, while there is one.
        self.exit: Future[Exit] | None = None

    @property
    def name(self) -> str:
        """The process's."""
        return self.process.name

    def begin(self) -> None:
        """It begins to be supervised."""
        self.is_over = False
        if not self._is_new and not isinstance(self.child.process, Process):
            self.process = self._make()
            self.process.hold()
            self._first.let_go()
        self._is_new = False
        # Its ends were held by who put it into a composition.
        self._held = {id(unit): unit for unit in units_of(self.process)}

    def renew(self) -> None:
        """Make ready for another run."""
        if not isinstance(self.child.process, Process):
            made = self._make()
            # Before the others let go: a channel must not end in between.
            made.hold()
            self._let_go()
            self.process = made
            self._held = {id(unit): unit for unit in units_of(made)}
        elif any(end.is_left for end in self.process.ends):
            raise ValueError(
                f"{self.name} cannot run again, for processes in it have ended and left their "
                "channels: give supervise a function that makes it"
            )

    def start(self, context: Context) -> Future[Exit]:
        """Start a run."""
        driver, process = context.driver, self.process
        stop = self._stop = Stop(driver, self._deadlines.drain)
        # This run lets go of the ends at its end; the supervisor holds them too, until they are
        # done with.
        process.hold()
        unwatch = self._watch(stop, driver)
        done: Future[Exit] = driver.future()
        self.exit = done

        def on_done(unit: Process[Any]) -> None:
            if unit is not process and self._held.pop(id(unit), None) is not None:
                unit.let_go()

        async def run() -> None:
            try:
                inner = context.but(
                    signal=stop.soft,
                    hard=stop.hard,
                    deadlines=self._deadlines,
                    on_done=on_done,
                    gentle=True,
                )
                await run_part(process, inner)
                done.set(Exit(process.name, "normal", None))
            except Exception as error:  # noqa: BLE001  It is the exit.
                reason = stop.reason
                told = reason is not None and is_consequence(error, reason)
                done.set(exit_of(process.name, reason if reason is not None and told else error))

        def over() -> None:
            unwatch()
            stop.over()
            self._stop = self.exit = None

        done.when_done(over)
        stop.hard.listen(lambda: self._give_up_later(stop, driver, done))
        driver.spawn(run())
        return done

    async def stop(self, why: StopError) -> None:
        """Stop the current run, and wait for its end."""
        running = self.exit
        if self._stop is not None:
            self._stop.stop(why)
        if running is not None:
            await running

    def finish(self) -> None:
        """It will not be started again: let go of its ends."""
        if not self.is_over:
            self.is_over = True
            self._let_go()

    def _let_go(self) -> None:
        for unit in self._held.values():
            unit.let_go()
        self._held.clear()

    def _make(self) -> Process[Any]:
        process = self.child.process
        if isinstance(process, Process):
            return process
        made = process()
        if not isinstance(made, Process):
            raise TypeError(f"{process!r} gave {made!r}, which is no process")
        return made

    def _give_up_later(self, stop: Stop, driver: Driver, done: Future[Exit]) -> None:
        # An interpreter that is given up ends its process within a little more than this; a
        # function of the host cannot be forced.
        kill = self._deadlines.kill
        message = f"{self.name} did not stop within {kill} s and was given up"
        timer = driver.after(
            kill + _SPARE,
            lambda: done.set(Exit(self.name, "killed", StopError("killed", message))),
        )
        stop.when_over(timer.cancel)

    def _watch(self, stop: Stop, driver: Driver) -> Callable[[], None]:
        undo: list[Callable[[], None]] = []
        timeout, heartbeat = self.child.timeout, self.child.heartbeat
        if timeout is not None:
            late = StopError("timeout", f"{self.name} took more than {timeout} s")
            undo.append(driver.after(timeout, lambda: stop.stop(late)).cancel)
        if heartbeat is not None:
            undo.append(_watch_heart(self.name, heartbeat, stop, driver))

        def cancel() -> None:
            for action in undo:
                action()

        return cancel


def _watch_heart(name: str, heartbeat: Heartbeat, stop: Stop, driver: Driver) -> Callable[[], None]:
    import time

    last, seen = time.monotonic(), heartbeat.count
    hang = StopError("hang", f"{name} gave no sign of life for {heartbeat.within} s")

    def look() -> None:
        nonlocal last, seen
        now, count = time.monotonic(), heartbeat.count
        if count != seen:
            last, seen = now, count
        elif now - last > heartbeat.within:
            stop.stop(hang)

    return driver.every(max(0.001, heartbeat.within / 4), look)
