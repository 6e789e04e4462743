"""What a network looks like at one moment. Reading only."""

from __future__ import annotations

import time
from typing import Any

import _multicore

from multicore.csp._notes import HOST_CALL, notes_by_agent
from multicore.csp._tracker import next_number
from multicore.csp._waits import Observations, Party

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Literal, Self

    from multicore.csp._holding import End
    from multicore.csp._notes import Note, NotedParty
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
        "parent",
        "restarts",
        "state",
        "waits",
    )

    def __init__(self, member: Member, wait: Wait | None, restarts: int) -> None:
        self.id = member.id
        self.name = member.name
        self.language = member.process.language
        #: The number of the process that runs it, if it is not the network itself.
        self.parent: int | None = None
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

    @classmethod
    def below(cls, noted: NotedParty, party: Party, wait: Wait | None, parent: int) -> Self:
        """Give one that a process of the network runs, as its interpreter notes it."""
        made = object.__new__(cls)
        began, made.restarts, cpu_before = noted.about or (time.time(), 0, 0.0)
        made.id, made.name, made.language = party.id, party.name, noted.language
        made.parent, made.interpreter = parent, party.interpreter
        made.waits = (wait,) if wait is not None else ()
        made.state = "starting" if noted.agent is None else "waiting" if wait else "running"
        made.age = max(0.0, time.time() - began)
        number = party.interpreter
        found = None if number is None else _multicore.find_interpreter(number)
        made.cpu = 0.0 if found is None else max(0.0, found._cpu() - cpu_before)
        return made


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
    trackers = list(tracker.everybody())
    running = [member for each in trackers for member in tuple(each.running.values())]
    ended = [member for each in trackers for member in tuple(each.ended)]
    restarts = {key: count for each in trackers for key, count in each.restarts.items()}
    parties = [Party.of(member) for member in running]
    notes = notes_by_agent()
    below = [each for party in parties for each in _below(party, notes)]
    everybody = [*parties, *(party for _, party, _ in below)]
    seen = Observations(everybody, ends, Observations.waiters())
    # Who runs others waits for them, and not for what is sent through a channel.
    runners = {parent for _, _, parent in below}
    waits = {party.id: seen.wait_of(party) for party in everybody if party.id not in runners}
    processes = [
        *(_own(member, waits.get(member.id), restarts) for member in running),
        *(
            SnapshotProcess.below(noted, party, waits.get(party.id), parent)
            for noted, party, parent in below
        ),
        *(_own(member, None, restarts) for member in ended),
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


def _own(member: Member, wait: Wait | None, restarts: dict[int, int]) -> SnapshotProcess:
    return SnapshotProcess(member, wait, restarts.get(id(member.process), 0))


def _below(party: Party, notes: dict[str, list[Note]]) -> Iterator[tuple[NotedParty, Party, int]]:
    """Give those that a process runs, as far as they are noted, at any depth."""
    for note in notes.get(party.agent or "", ()):
        if note.key == HOST_CALL:
            continue
        for noted in note.parties:
            inner = Party(noted.name, noted.agent)
            inner.id = _number_of((party.agent, note.key, noted.agent, noted.about, noted.name))
            yield noted, inner, party.id
            yield from _below(inner, notes)


#: The numbers of processes elsewhere, and how many are remembered.
_numbers: dict[object, int] = {}
_MOST_NUMBERS = 1000


def _number_of(key: object) -> int:
    known = _numbers.get(key)
    if known is None:
        known = _numbers[key] = next_number()
        if len(_numbers) > _MOST_NUMBERS:
            del _numbers[next(iter(_numbers))]
    return known
