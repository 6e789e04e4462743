"""`network`: processes under a name.

They can be looked at while they run, and fail when they are deadlocked. What is seen is in
`_snapshot.py`, `_draw.py` and `_recording.py`.
"""

from __future__ import annotations

from typing import Any

import _multicore

from multicore.csp import _draw, _snapshot
from multicore.csp._composition import Composition, poisoning, root_context, run_part
from multicore.csp._deadlock import DeadlockError, watch_for_deadlock
from multicore.csp._driver import Driver
from multicore.csp._failures import ParallelError
from multicore.csp._notes import Publisher
from multicore.csp._recording import Recording
from multicore.csp._signals import Signal
from multicore.csp._tracker import Tracker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Literal

    from multicore.csp._holding import End
    from multicore.csp._process import Context, Process
    from multicore.csp._tracker import Member

_living: dict[str, Network] = {}


class Network:
    """A named network. Made by `network`."""

    def __init__(self, name: str, deadlock: Literal["certain", "ignore"]) -> None:
        if deadlock not in ("certain", "ignore"):
            raise ValueError(f"deadlock is {deadlock!r}: give 'certain' or 'ignore'")
        self.name = name
        self._deadlock = deadlock
        self._tracker = Tracker(name)
        self._tracker.listeners.append(self._changed)
        self._ends: dict[int, End] = {}
        self._throughput = _snapshot.Throughput()
        self._recordings: list[Recording] = []
        self._observers: list[tuple[Callable[[Network], None], float]] = []
        self._runs = 0

    def __repr__(self) -> str:
        return f"<network {self.name}>"

    @property
    def is_running(self) -> bool:
        """Whether any process of it runs."""
        return self._runs > 0

    def run[T](self, process: Process[T]) -> T:
        """Run a process, usually a composition, as a part of this network, and give its result.

        If the network deadlocks, everything in it is stopped and this raises DeadlockError.

        >>> network("pipeline").run(par(source, worker, sink))
        """
        driver = Driver()
        process.hold()
        signal = Signal()
        result: T = driver.run(self._run(process, driver, signal), poisoning(process))
        return result

    def of[T](self, process: Process[T]) -> Composition[T]:
        """Give a process that runs others as a part of this network, for a larger composition."""

        async def start(parts: Sequence[Process[Any]], context: Context) -> T:
            signal = Signal()

            def on_abort() -> None:
                assert context.signal.reason is not None
                signal.abort(context.signal.reason)

            context.signal.listen(on_abort)
            outer = None if context.tracker is None else context.tracker.parts
            if outer is not None:
                outer.append(self._tracker)
            try:
                result: T = await self._run(parts[0], context.driver, signal)
                return result
            finally:
                if outer is not None:
                    outer.remove(self._tracker)
                context.signal.forget(on_abort)

        return Composition(f"{self.name}({process.name})", [process], start)

    def snapshot(self) -> _snapshot.NetworkSnapshot:
        """Say what every process does and waits for, and every channel's figures, now.

        For a thread beside the one that runs it, or for an observer.
        """
        return _snapshot.take_snapshot(self._tracker, self._current(), self._throughput)

    def to_dot(self) -> str:
        """Draw it for Graphviz: processes, and channels from senders to receivers."""
        return _draw.to_dot(self.snapshot())

    def to_mermaid(self) -> str:
        """Draw it for Mermaid, in Markdown for one."""
        return _draw.to_mermaid(self.snapshot())

    def observe(self, observer: Callable[[Network], None], interval: float = 1.0) -> None:
        """Call a function every so many seconds while the network runs, on the thread that runs it.

        >>> net.observe(lambda net: print(net.to_mermaid()))
        """
        if not interval > 0:
            raise ValueError(f"interval is {interval!r}: give seconds, more than 0")
        self._observers.append((observer, interval))

    def record(self, interval: float = 0.01) -> Recording:
        """Record what happens from now on, for `chrome://tracing` and ui.perfetto.dev.

        >>> with net.record() as recording:
        ...     net.run(par(source, worker, sink))
        >>> recording.save("trace.json")
        """
        recording = Recording(self, interval)
        self._recordings.append(recording)
        return recording

    async def _run(self, process: Process[Any], driver: Driver, signal: Signal) -> Any:
        ends = process.ends
        self._begin(ends)
        undo: list[Callable[[], None]] = []
        # What processes wait for is asked for by snapshots too.
        _multicore.watch_waits(True)
        undo.append(lambda: _multicore.watch_waits(False))
        self._tracker.is_watched = self._deadlock != "ignore"
        if self._deadlock != "ignore":
            undo.append(watch_for_deadlock(driver, self._tracker, self._current, signal.abort))
        publisher = Publisher(self._tracker)
        driver.before_wait.append(publisher.publish)
        undo += [lambda: driver.before_wait.remove(publisher.publish), publisher.close]
        undo += [driver.every(each.interval, each.sample) for each in self._recordings]
        for observer, interval in self._observers:
            undo += [driver.every(interval, self._observed(observer))]
        try:
            return await run_part(process, root_context(driver, signal, self._tracker))
        except ParallelError as error:
            raise signal.reason or error from None
        except Exception as error:
            reason = signal.reason
            if isinstance(reason, DeadlockError) and error is not reason:
                raise reason from None
            raise
        finally:
            for action in undo:
                action()
            self._end(ends)

    def _observed(self, observer: Callable[[Network], None]) -> Callable[[], None]:
        return lambda: observer(self)

    def _changed(self, member: Member) -> None:
        for recording in self._recordings:
            recording.changed(member)

    def _forget(self, recording: Recording) -> None:
        if recording in self._recordings:
            self._recordings.remove(recording)

    def _current(self) -> list[End]:
        return [end for end in self._ends.values() if not end.is_left]

    def _begin(self, ends: Sequence[End]) -> None:
        other = _living.get(self.name)
        if other is not None and other is not self:
            raise ValueError(f"another network named {self.name} is running: take another name")
        _living[self.name] = self
        self._runs += 1
        self._ends.update({id(end): end for end in ends})

    def _end(self, ends: Sequence[End]) -> None:
        self._runs -= 1
        for end in ends:
            if end.is_left:
                self._ends.pop(id(end), None)
        if self._runs == 0:
            self._ends.clear()
            _living.pop(self.name, None)


def network(name: str, *, deadlock: Literal["certain", "ignore"] = "certain") -> Network:
    """Give a network under a name. Nothing runs before `run`.

    `deadlock="ignore"`: it does not look whether every process waits for another one.
    """
    return Network(name, deadlock)


def networks() -> list[Network]:
    """List the networks that run now, those that this interpreter runs."""
    return list(_living.values())
