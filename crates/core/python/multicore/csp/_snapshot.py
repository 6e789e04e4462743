"""What a network looks like at one moment. Reading only."""

from __future__ import annotations

import time
from typing import Any

from multicore.csp._waits import Observations, Party

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from multicore.csp._holding import End
    from multicore.csp._tracker import Member, Tracker
    from multicore.csp._waits import Wait

    type MemberState = Literal["starting", "running", "waiting", "done", "failed", "stopped"]


class SnapshotProcess:
    """One process."""

    __slots__ = (
        "age",
        "cpu",
        "id",
        "interpreter",
        "language",
        "name",
        "restarts",
        "state",
        "waits",
    )

    def __init__(self, member: Member, wait: Wait | None, restarts: int) -> None:
        self.id = member.id
        self.name = member.name
        self.language = member.process.language
        self.waits = (wait,) if wait is not None else ()
        self.state: MemberState = _state_of(member, wait)
        #: How often a supervisor started it again.
        self.restarts = restarts
        #: Seconds since it was started, until it ended.
        self.age = (member.ended_at or time.monotonic()) - member.started_at
        #: Seconds of processor time that its interpreter used for it.
        self.cpu = member.cpu
        #: The number of its interpreter, once it has one.
        self.interpreter = None if member.interpreter is None else member.interpreter.id


def _state_of(member: Member, wait: Wait | None) -> MemberState:
    if member.outcome is not None:
        return member.outcome
    if wait is not None:
        return "waiting"
    return "starting" if member.agent is None else "running"


class SnapshotChannel:
    """One channel whose ends processes of the network hold."""

    __slots__ = ("receiving_processes", "sending_processes", "stats", "throughput")

    def __init__(
        self,
        stats: dict[str, Any],
        throughput: float,
        sending: tuple[int, ...],
        receiving: tuple[int, ...],
    ) -> None:
        #: Its figures, as `SendChannel.stats()` gives them.
        self.stats = stats
        #: Messages a second since the snapshot before.
        self.throughput = throughput
        #: The numbers of the running processes that have a sending end.
        self.sending_processes = sending
        #: The numbers of the running processes that have a receiving end.
        self.receiving_processes = receiving

    @property
    def id(self) -> int:
        """The channel's number."""
        number: int = self.stats["id"]
        return number

    @property
    def name(self) -> str | None:
        """Its name, if it has one."""
        found: str | None = self.stats["name"]
        return found


class NetworkSnapshot:
    """A network at one moment."""

    __slots__ = ("at", "channels", "name", "processes")

    def __init__(
        self,
        name: str,
        processes: Sequence[SnapshotProcess],
        channels: Sequence[SnapshotChannel],
    ) -> None:
        self.name = name
        #: When, as `time.time()`.
        self.at = time.time()
        #: Those that run first, then those that ended.
        self.processes = tuple(processes)
        self.channels = tuple(channels)


class Throughput:
    """Counts messages between two looks."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[float, int]] = {}

    def of(self, stats: dict[str, Any]) -> float:
        """Messages a second since the last look."""
        now, received = time.monotonic(), stats["received"]
        before, had = self._last.get(stats["id"], (now, received))
        self._last[stats["id"]] = (now, received)
        return float((received - had) / (now - before)) if now > before else 0.0


def take_snapshot(tracker: Tracker, ends: Sequence[End], throughput: Throughput) -> NetworkSnapshot:
    """Look at everything once."""
    running = list(tracker.running.values())
    parties = {member.id: Party.of(member) for member in running}
    seen = Observations(parties.values(), ends, Observations.waiters())
    processes = [
        SnapshotProcess(
            member,
            seen.wait_of(parties[member.id]) if member.id in parties else None,
            tracker.restarts.get(id(member.process), 0),
        )
        for member in (*running, *tracker.ended)
    ]
    numbers = dict.fromkeys(end.id for end in ends if not end.is_left)
    channels = [
        SnapshotChannel(
            seen.figures(number),
            throughput.of(seen.figures(number)),
            tuple(member.id for member in seen.members_at(number, "send")),
            tuple(member.id for member in seen.members_at(number, "receive")),
        )
        for number in numbers
    ]
    return NetworkSnapshot(tracker.name, processes, channels)
