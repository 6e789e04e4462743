"""Who is blocked in a network, seen through everybody who only waits for others.

Those are interpreters that run compositions of their own, and that call functions of the host.
What follows from it is for `_deadlock.py` to say.
"""

from __future__ import annotations

from typing import Any

from multicore.csp import _notes
from multicore.csp._waits import Observations, Party, Wait

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from multicore.csp._holding import End
    from multicore.csp._notes import NotedParty
    from multicore.csp._tracker import Tracker

#: What is noted of the host has to be as new as this, in seconds; it is noted anew every 0.1.
_NEW = 0.19


class Search:
    """One look. Each question is False as soon as somebody can go on, or may be able to."""

    def __init__(self, tracker: Tracker, patience: float) -> None:
        self._patience = patience
        self._notes = _notes.notes_by_agent()
        self._waiters = Observations.waiters()
        #: Those who wait at channels, and what is known of their waits so far.
        self.blocked: list[tuple[Party, Wait | None]] = []
        #: Those who only wait for others.
        self.waiting: list[Party] = []
        #: How many ends of the host's belong to them.
        self.owned: dict[tuple[int, Any], int] = {}
        self.warm: set[int] = set()
        self.depth = 0
        self.is_blocked = self._tracker(tracker, 0)

    def observations(self, owned: Sequence[End]) -> Observations:
        """Give what can be known of those who were found."""
        parties = [*self.waiting, *(party for party, _ in self.blocked)]
        return Observations(
            parties, owned, self._waiters, host_owned=self.owned, warm=frozenset(self.warm)
        )

    def _tracker(self, tracker: Tracker, depth: int) -> bool:
        self.depth = max(self.depth, depth)
        members = list(tracker.running.values())
        if tracker.under_way or not (members or tracker.parts):
            return False
        return all(
            member.is_sure and self._agent(Party.of(member), depth) for member in members
        ) and all(self._tracker(part, depth + part.is_watched) for part in tracker.parts)

    def _agent(self, party: Party, depth: int) -> bool:
        if party.agent is None:
            return False
        notes = self._notes.get(party.agent)
        if notes is None:
            self.blocked.append((party, None))
            waiters = self._waiters.get(party.interpreter, ())
            own = [each for each in waiters if each.agent == party.agent]
            # Whoever else waits in an interpreter that is nobody's own is a thread, and may go on.
            return (
                bool(own)
                and (party.is_thread or len(own) == len(waiters))
                and not any(each.has_deadline or each.waited < self._patience for each in own)
            )
        self.waiting.append(party)
        for note in notes:
            if note.is_busy or not note.parties:
                return False
            if note.key == _notes.HOST_CALL and note.age > _NEW:
                return False
            self.warm.update(note.warm)
            for channel, direction, number in note.owned:
                key = (channel, direction)
                self.owned[key] = self.owned.get(key, 0) + number
            inside = depth + note.depth
            self.depth = max(self.depth, inside)
            if not all(self._noted(each, party.name, inside) for each in note.parties):
                return False
        return True

    def _noted(self, noted: NotedParty, caller: str, depth: int) -> bool:
        party = Party(noted.name or caller, noted.agent)
        if noted.wait is None:
            return noted.is_sure and self._agent(party, depth)
        operation, places, waited, where = noted.wait
        party.places = places
        self.blocked.append((party, Wait(operation, places, waited, where)))
        return waited >= self._patience
