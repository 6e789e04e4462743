"""A recording of a network in the format of Chrome's trace viewer, which Perfetto reads too.

A row for each process, what it waited for, and the depth of each channel over time.
"""

from __future__ import annotations

import time
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from multicore.csp._network import Network
    from multicore.csp._tracker import Member
    from multicore.csp._waits import Wait

    type TraceEvent = dict[str, Any]


class Recording:
    """A recording that goes on until it is stopped. Made by `Network.record`."""

    def __init__(self, network: Network, interval: float) -> None:
        if not interval > 0:
            raise ValueError(f"interval is {interval!r}: give seconds, more than 0")
        self._network = network
        #: Seconds between two looks at the channels and at what processes wait for.
        self.interval = interval
        self._events: list[TraceEvent] = []
        self._waits: dict[int, tuple[float, Wait]] = {}
        self._stopped = False
        import os

        self._pid = os.getpid()
        self._push("process_name", "M", 0, {"name": f"network {network.name}"})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def events(self) -> list[TraceEvent]:
        """What was recorded, as the trace format has it; times are in microseconds."""
        return list(self._events)

    def stop(self) -> list[TraceEvent]:
        """Stop recording; stopping twice is harmless."""
        if not self._stopped:
            self._stopped = True
            self._network._forget(self)
            for number in list(self._waits):
                self._end_wait(number)
        return self.events

    def save(self, path: str) -> None:
        """Stop, and write a file for `chrome://tracing` or ui.perfetto.dev."""
        import json
        from pathlib import Path

        whole = {"traceEvents": self.stop(), "displayTimeUnit": "ms"}
        Path(path).write_text(json.dumps(whole), encoding="utf-8")

    def changed(self, member: Member) -> None:
        """A process has started, or ended."""
        if member.outcome is None:
            label = {"name": f"{member.name} ({member.process.language})"}
            self._push("thread_name", "M", member.id, label)
            self._push(member.name, "B", member.id, None, "process")
            return
        self._end_wait(member.id)
        args: dict[str, Any] = {"outcome": member.outcome}
        if member.error is not None:
            args["error"] = f"{type(member.error).__name__}: {member.error}"
        self._push(member.name, "E", member.id, args, "process")

    def sample(self) -> None:
        """Look at the channels, and at what processes wait for."""
        snapshot = self._network.snapshot()
        for channel in snapshot.channels:
            figures = {
                "waiting": channel.stats["length"],
                "received": channel.stats["received"],
            }
            name = channel.name or f"channel {channel.id}"
            self._push(name, "C", 0, figures, "channel")
        for process in snapshot.processes:
            wait = process.waits[0] if process.waits else None
            before = self._waits.get(process.id)
            if before is not None and (wait is None or wait.waited < before[1].waited):
                self._end_wait(process.id)
            if wait is not None:
                since = self._waits.get(process.id, (_now() - wait.waited * 1e6, wait))[0]
                self._waits[process.id] = (since, wait)

    def _end_wait(self, number: int) -> None:
        # Waits are seen now and then only: each is written once it is over.
        seen = self._waits.pop(number, None)
        if seen is None:
            return
        since, wait = seen
        args = {"channels": list(wait.channels), "where": wait.where}
        event = self._event(wait.operation, "X", number, args, "wait")
        self._events.append({**event, "ts": since, "dur": _now() - since})

    def _push(
        self, name: str, phase: str, row: int, args: dict[str, Any] | None, kind: str = "network"
    ) -> None:
        self._events.append(self._event(name, phase, row, args, kind))

    def _event(
        self, name: str, phase: str, row: int, args: dict[str, Any] | None, kind: str
    ) -> TraceEvent:
        event: TraceEvent = {
            "name": name,
            "cat": kind,
            "ph": phase,
            "pid": self._pid,
            "tid": row,
            "ts": _now(),
        }
        return event if args is None else {**event, "args": args}


def _now() -> float:
    return time.monotonic() * 1e6
