"""A recording of a network in the format of Chrome's trace viewer, which Perfetto reads too.

A row for each process, every wait of it, and the depth of each channel over time.
"""

from __future__ import annotations

import time
from typing import Any

import _multicore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from multicore.csp._network import Network
    from multicore.csp._tracker import Member

    type TraceEvent = dict[str, Any]


class Recording:
    """A recording that goes on until it is stopped. Made by `Network.record`."""

    def __init__(self, network: Network, interval: float) -> None:
        if not interval > 0:
            raise ValueError(f"interval is {interval!r}: give seconds, more than 0")
        self._network = network
        #: Seconds between two looks at the channels.
        self.interval = interval
        self._events: list[TraceEvent] = []
        #: The processes that run, and the waits of them that are not written yet, by agent.
        self._running: dict[int, Member] = {}
        self._waits: dict[str, list[TraceEvent]] = {}
        _multicore.record_waits(True)
        self._next, _ = _multicore.waits_since()
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
            self._read_waits()
            for member in list(self._running.values()):
                self._write_waits(member)
            _multicore.record_waits(False)
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
            self._running[member.id] = member
            return
        self._read_waits()
        self._write_waits(member)
        self._running.pop(member.id, None)
        args: dict[str, Any] = {"outcome": member.outcome}
        if member.error is not None:
            args["error"] = f"{type(member.error).__name__}: {member.error}"
        self._push(member.name, "E", member.id, args, "process")

    def sample(self) -> None:
        """Look at the channels."""
        self._read_waits()
        for channel in self._network.snapshot().channels:
            figures = {
                "waiting": channel.stats["length"],
                "received": channel.stats["received"],
            }
            name = channel.name or f"channel {channel.id}"
            self._push(name, "C", 0, figures, "channel")

    def _read_waits(self) -> None:
        """Read what the core has written down: every wait of Python code that is over."""
        self._next, waits = _multicore.waits_since(self._next)
        now = _now()
        # Those of others are none of ours.
        agents = {member.agent for member in self._running.values()}
        for place, operation, channels, began, ended in waits:
            interpreter, kind, where = place.split("/", 2)
            agent = f"{interpreter}/{kind}"
            if agent in agents:
                args = {"channels": list(channels), "where": where or None}
                event = self._event(operation, "X", 0, args, "wait")
                event.update(ts=now - began * 1e6, dur=(began - ended) * 1e6)
                self._waits.setdefault(agent, []).append(event)

    def _write_waits(self, member: Member) -> None:
        for event in self._waits.pop(member.agent or "", ()):
            event["tid"] = member.id
            self._events.append(event)

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
