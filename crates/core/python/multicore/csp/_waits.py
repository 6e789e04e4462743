"""Who waits at which channel and where, and who could come: what the core knows of it.

Not here: what follows from it (`_deadlock.py`, `_snapshot.py`).
"""

from __future__ import annotations

from typing import Any

import _multicore

from multicore import interpreters
from multicore.csp import _warm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

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


class _Waiter:
    __slots__ = ("channel", "direction", "has_deadline", "interpreter", "is_job", "waited", "where")

    def __init__(self, channel: int, direction: Direction, waited: float, parts: list[str]) -> None:
        self.channel, self.waited = channel, waited
        self.direction: Direction = direction
        _, until, interpreter, kind, where = parts
        self.has_deadline = until == "deadline"
        self.interpreter = int(interpreter)
        self.is_job = kind == "job"
        self.where = where or None


class Observations:
    """One look at everything."""

    def __init__(self, members: Iterable[Member], owned: Sequence[End]) -> None:
        self._here = interpreters.get_current().id
        self.stats: dict[int, dict[str, Any]] = {}
        #: The ends that were handed to the network, by channel and direction.
        self._owned: dict[tuple[int, Direction], int] = {}
        for end in owned:
            if not end.is_left:
                key = (end.id, _direction(end))
                self._owned[key] = self._owned.get(key, 0) + 1
                self.stats[end.id] = end.stats()
        self._members = {
            member.interpreter.id: member for member in members if member.interpreter is not None
        }
        self._by_end: dict[tuple[int, Direction], list[Member]] = {}
        for member in members:
            for end in member.process.ends:
                if not end.is_left:
                    self._by_end.setdefault((end.id, _direction(end)), []).append(member)
        self._held = _multicore.list_ends()
        self._waiters: dict[int, list[_Waiter]] = {}
        for channel, direction, waited, label in _multicore.list_waiters():
            parts = (label or "").split("/", 4)
            if len(parts) == 5 and parts[0] == "python":
                waiter = _Waiter(channel, direction, waited, parts)
                self._waiters.setdefault(waiter.interpreter, []).append(waiter)

    def wait_of(self, member: Member, *, for_ever: bool = False) -> Wait | None:
        """Give what a process waits for; `for_ever`: only if nothing else can wake it."""
        if member.interpreter is None:
            return None
        waiters = self._waiters.get(member.interpreter.id, [])
        if not waiters:
            return None
        if for_ever and not (
            member.serial and all(each.is_job and not each.has_deadline for each in waiters)
        ):
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
        found = self.stats.get(channel)
        if found is None:
            pair = _multicore.find_channel(channel)
            end = pair and (pair[0] or pair[1])
            made: dict[str, Any] = end.stats() if end else {"closed": True}
            # Looking at it added ends, which are gone again now.
            for key, had in (("receivers", pair and pair[0]), ("senders", pair and pair[1])):
                if had:
                    made[key] -= 1
            self.stats[channel] = found = made
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
                if holder is None:
                    return True
                if holder == self._here:
                    if number > self._owned.get((channel, direction), 0) and _has_threads():
                        return True
                elif holder not in self._members and not _warm.is_kept(holder):
                    return True
        return False

    def members_at(self, channel: int, direction: Direction | None = None) -> list[Member]:
        """Give the processes that have an end of the channel."""
        found: dict[int, Member] = {}
        for holder, held, side, _ in self._held:
            if held == channel and direction in (None, side) and holder in self._members:
                member = self._members[holder]
                found[member.id] = member
        for (held, side), members in self._by_end.items():
            if held == channel and direction in (None, side):
                found.update({member.id: member for member in members})
        return list(found.values())

    def _barrier(self, channel: int) -> int | None:
        name: str = self.figures(channel).get("name") or ""
        kind, _, number = name.partition(":")
        return int(number) if kind == "barrier" and number.isdecimal() else None


def _direction(end: End) -> Direction:
    return "send" if hasattr(end, "send") else "receive"


def _has_threads() -> bool:
    import _thread

    return _thread._count() > 0
