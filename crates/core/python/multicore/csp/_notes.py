"""What this interpreter says that it does for others while it waits, and what others say.

So who looks for deadlocks sees through a thread that only waits for the processes that it runs.
TypeScript's `deadlock/notes.ts` reads and writes the same. Reading and writing only.
"""

from __future__ import annotations

from itertools import count
from typing import Any

import _multicore

from multicore.csp import _warm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from multicore.csp._tracker import Tracker
    from multicore.csp._waits import Direction, Operation
    from multicore.interpreters import Interpreter

#: Keys: what the host does for an agent; that it is to stop; that what an agent runs is to spare
#: its channels when it is stopped. Those of compositions come after.
HOST_CALL = 0
STOP = 1
SPARE = 2
_keys = count(3)


class NotedParty:
    """Somebody who is waited for."""

    __slots__ = ("about", "agent", "is_sure", "language", "name", "wait")

    def __init__(self, age: float, parts: tuple[Any, ...]) -> None:
        self.language: str
        #: Empty for the very function that was called: it goes by the name of who called it.
        self.name: str
        #: `<interpreter>/job` of a Python process, once it runs.
        self.agent: str | None
        self.is_sure: bool
        #: Of one that Python runs: when it was started, as `time.time()`; how often it was started
        #: again; seconds of processor time that its interpreter had used before.
        self.about: tuple[float, int, float] | None
        self.language, self.name, self.agent, self.is_sure, wait, self.about = parts
        #: Of a function of the host: operation, places, seconds so far, and where.
        self.wait: tuple[Operation, tuple[tuple[int, Direction], ...], float, str | None] | None = (
            None
        )
        if wait is not None:
            operation, places, waited, where = wait
            self.wait = (operation, tuple(tuple(each) for each in places), waited + age, where)


class Note:
    """What one agent waits for."""

    __slots__ = ("age", "depth", "is_busy", "key", "owned", "parties", "warm")

    def __init__(self, key: int, age: float, note: tuple[Any, ...]) -> None:
        self.key = key
        #: Seconds since it was made.
        self.age = age
        #: How many networks that look for deadlocks themselves are in it, one in the other.
        self.depth: int = note[0]
        #: Whether something else goes on as well.
        self.is_busy: bool = note[1]
        self.parties = [NotedParty(age, each) for each in note[2]]
        #: How many ends of the host's were handed to them: channel, direction, count.
        self.owned: tuple[tuple[int, Direction, int], ...] = note[3]
        #: Interpreters that are kept for later processes, and do nothing.
        self.warm: tuple[int, ...] = note[4]


def notes_by_agent() -> dict[str, list[Note]]:
    """Give what is noted now."""
    found: dict[str, list[Note]] = {}
    for agent, key, age, note in _multicore.list_notes():
        if key not in (STOP, SPARE):
            found.setdefault(agent, []).append(Note(key, age, note))
    return found


class Publisher:
    """Notes who runs in a composition, for as long as somebody watches."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._key = next(_keys)
        self._last: object = None

    def publish(self) -> None:
        """Note how it is now, if that has changed."""
        note = self._note() if _multicore.is_watched() else None
        if note != self._last:
            self._last = note
            _multicore.note(self._key, note)

    def close(self) -> None:
        """Take the note back."""
        if self._last is not None:
            self._last = None
            _multicore.note(self._key, None)

    def _note(self) -> object:
        trackers = list(self._tracker.everybody())
        # A thread of this interpreter is not the only one that may be here.
        parties = [
            (
                member.process.language,
                member.name,
                member.agent,
                member.serial,
                None,
                (member.began, tracker.restarts.get(id(member.process), 0), member.cpu_before),
            )
            for tracker in trackers
            for member in tuple(tracker.running.values())
        ]
        is_busy = any(tracker.under_way for tracker in trackers)
        depth = self._tracker.depth + self._tracker.is_watched
        return depth, is_busy, tuple(parties), (), tuple(sorted(_warm.kept()))


def stop_call(interpreter: Interpreter, reason: str) -> None:
    """Ask the host to stop what it does for the job of an interpreter, if it does something."""
    agent = f"{interpreter.id}/job"
    if _multicore.is_watched() and any(
        noted == agent and key == HOST_CALL for noted, key, _, _ in _multicore.list_notes()
    ):
        _multicore.note(STOP, reason, agent)


def spare_channels(interpreter: Interpreter, *, spare: bool) -> None:
    """Say whether what the job of an interpreter runs leaves channels alone when it is stopped."""
    _multicore.note(SPARE, True if spare else None, f"{interpreter.id}/job")


def is_spared() -> bool:
    """Say whether what this thread runs leaves channels alone when it is stopped."""
    here = _multicore.agent()
    return any(agent == here and key == SPARE for agent, key, _, _ in _multicore.list_notes())
