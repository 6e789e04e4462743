"""Who waits at which channel and where, and who could come: what the core knows of it.

Not here: what follows from it (`_deadlock.py`, `_snapshot.py`).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import _multicore

from multicore import interpreters
from multicore.csp import _warm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Literal, Self

    from multicore.csp._holding import End
    from multicore.csp._tracker import Member

    type Direction = Literal["send", "receive"]
    type Operation = Literal["send", "receive", "select", "sync"]


class Wait:
    """What one process waits for."""

    __slots__ = ("channels", "operation", "places", "waited", "where")

    def __init__(
        self,
        operation: Operation,
        places: Sequence[tuple[int, Direction]],
        waited: float,
        where: str | None,
    ) -> None:
        self.operation: Operation = operation
        self.places = places
        #: The numbers of the channels.
        self.channels = tuple(dict.fromkeys(channel for channel, _ in places))
        #: Seconds so far.
        self.waited = waited
        #: Where in its source, as `file:line:function`.
        self.where = where


class Party:
    """Somebody who has a part in a network, as far as it is known here."""

    __slots__ = ("agent", "ends", "id", "interpreter", "is_thread", "name", "places")

    def __init__(self, name: str, agent: str | None) -> None:
        self.name = name
        #: What labels of waits call it: `<interpreter>/job`, or `…/thread-<ident>`.
        self.agent = agent
        number, _, kind = (agent or "").partition("/")
        self.interpreter = int(number) if number.isdecimal() else None
        self.is_thread = kind.startswith("thread-")
        #: The ends that it was handed, by this interpreter.
        self.ends: Sequence[End] = ()
        #: Where a function of the host waits.
        self.places: Sequence[tuple[int, Direction]] = ()
        #: A process's of this interpreter.
        self.id = 0

    @classmethod
    def of(cls, member: Member) -> Self:
        """Give it for a process that this interpreter runs."""
        made = cls(member.name, member.agent)
        made.ends, made.id = member.ends, member.id
        return made


class Waiter:
    """One that waits at a channel."""

    __slots__ = ("agent", "channel", "direction", "has_deadline", "waited", "where")

    def __init__(self, channel: int, direction: Direction, waited: float, parts: list[str]) -> None:
        self.channel, self.waited = channel, waited
        self.direction: Direction = direction
        _, until, interpreter, kind, where = parts
        self.has_deadline = until == "deadline"
        self.agent = f"{interpreter}/{kind}"
        self.where = where or None


class Observations:
    """One look at everything."""

    def __init__(
        self,
        parties: Iterable[Party],
        owned: Sequence[End],
        waiters: Mapping[int | None, Sequence[Waiter]],
        *,
        host_owned: Mapping[tuple[int, Direction], int] = MappingProxyType({}),
        warm: frozenset[int] = frozenset(),
    ) -> None:
        self._here = interpreters.get_current().id
        self.stats: dict[int, dict[str, Any]] = {}
        self._host_owned, self._warm = host_owned, warm
        #: The ends that were handed to the network, by channel and direction.
        self._owned: dict[tuple[int, Direction], int] = {}
        for end in owned:
            if not end.is_left:
                key = (end.id, _direction(end))
                self._owned[key] = self._owned.get(key, 0) + 1
                self.stats[end.id] = end.stats()
        self._inside: dict[int, list[Party]] = {}
        self._threads = 0
        self._by_end: dict[tuple[int, Direction], list[Party]] = {}
        for party in parties:
            if party.interpreter is not None:
                self._inside.setdefault(party.interpreter, []).append(party)
            self._threads += party.is_thread
            for end in party.ends:
                if not end.is_left:
                    self._by_end.setdefault((end.id, _direction(end)), []).append(party)
            for place in party.places:
                self._by_end.setdefault(place, []).append(party)
        self._held = _multicore.list_ends()
        self._waiters = waiters

    @staticmethod
    def waiters() -> dict[int | None, list[Waiter]]:
        """Give who waits at channels now, by interpreter."""
        found: dict[int | None, list[Waiter]] = {}
        for channel, direction, waited, label in _multicore.list_waiters():
            parts = (label or "").split("/", 4)
            if len(parts) == 5 and parts[0] == "python":
                waiter = Waiter(channel, direction, waited, parts)
                found.setdefault(int(parts[2]), []).append(waiter)
        return found

    def wait_of(self, party: Party) -> Wait | None:
        """Give what it waits for at channels, if that is what it does."""
        waiters = [
            each for each in self._waiters.get(party.interpreter, ()) if each.agent == party.agent
        ]
        if not waiters:
            return None
        waited = min(each.waited for each in waiters)
        barrier = next((found for each in waiters if (found := self._barrier(each.channel))), None)
        if barrier is not None:
            return Wait("sync", [(barrier, "receive")], waited, waiters[0].where)
        operation: Operation = waiters[0].direction if len(waiters) == 1 else "select"
        places: list[tuple[int, Direction]] = [(each.channel, each.direction) for each in waiters]
        return Wait(operation, places, waited, waiters[0].where)

    def name_of(self, channel: int) -> str:
        """Give the name of a channel, or its number."""
        return self.figures(channel).get("name") or f"channel {channel}"

    def figures(self, channel: int) -> dict[str, Any]:
        """Give a channel's figures."""
        known = self.stats.get(channel)
        if known is not None:
            return known
        pair = _multicore.find_channel(channel)
        end = pair and (pair[0] or pair[1])
        found: dict[str, Any] = dict(end.stats()) if end else {"closed": True}
        # Looking at it added ends, which are gone again now.
        for key, had in (("receivers", pair and pair[0]), ("senders", pair and pair[1])):
            if had:
                found[key] -= 1
        self.stats[channel] = found
        return found

    def has_others(self, channel: int) -> bool:
        """Say whether anybody but the network's processes has, or may have, an end."""
        stats = self.figures(channel)
        if stats["closed"]:
            return True
        sides: tuple[tuple[Direction, str, str], ...] = (
            ("send", "waiting_senders", "senders"),
            ("receive", "waiting_receivers", "receivers"),
        )
        for direction, waiting, count in sides:
            held = [each for each in self._held if each[1] == channel and each[2] == direction]
            # An end that nobody holds is on its way in a message.
            if stats[count] > stats[waiting] and not held:
                return True
            for holder, _, _, number in held:
                if self._is_other(holder, number, (channel, direction)):
                    return True
        return False

    def _is_other(self, holder: int | None, number: int, key: tuple[int, Direction]) -> bool:
        if holder is None:
            return number > self._host_owned.get(key, 0)
        if holder == self._here:
            # Threads of the network's processes do no more than these.
            return number > self._owned.get(key, 0) and _count_threads() > self._threads
        known = holder in self._inside or holder in self._warm
        return not known and not _warm.is_kept(holder)

    def members_at(self, channel: int, direction: Direction | None = None) -> list[Party]:
        """Give those who have an end of the channel."""
        found: dict[int, Party] = {}
        for holder, held, side, _ in self._held:
            if held != channel or direction not in (None, side) or holder is None:
                continue
            for party in self._inside.get(holder, ()):
                # Threads share an interpreter: what each has is known by what it was handed.
                if not party.is_thread:
                    found[id(party)] = party
        for (held, side), parties in self._by_end.items():
            if held == channel and direction in (None, side):
                found.update({id(party): party for party in parties})
        return list(found.values())

    def _barrier(self, channel: int) -> int | None:
        name: str = self.figures(channel).get("name") or ""
        kind, _, number = name.partition(":")
        return int(number) if kind == "barrier" and number.isdecimal() else None


def _direction(end: End) -> Direction:
    return "send" if hasattr(end, "send") else "receive"


def _count_threads() -> int:
    import _thread

    return _thread._count()
