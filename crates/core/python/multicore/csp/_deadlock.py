"""Whether a network is deadlocked, and saying so.

It is when every process waits at channels that nobody but these processes has: nothing can ever
happen. In doubt it is not.
"""

from __future__ import annotations

import _multicore

from multicore.csp._search import Search

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from multicore.csp._driver import Driver
    from multicore.csp._holding import End
    from multicore.csp._tracker import Tracker
    from multicore.csp._waits import Direction, Observations, Operation, Party, Wait

#: Seconds between two looks; what is found has to be found twice, and twice more for each network
#: inside.
_INTERVAL = 0.1
#: Networks inside of each other for which that is so: a report comes within a second.
_MOST_DEPTH = 2
#: Seconds that everybody must have waited.
_PATIENCE = 0.2


class BlockedProcess:
    """One process that can never go on."""

    __slots__ = ("channels", "operation", "process", "waits_for", "where")

    def __init__(
        self,
        process: str,
        operation: Operation,
        channels: tuple[str, ...],
        waits_for: tuple[str, ...],
        where: str | None,
    ) -> None:
        #: Its name.
        self.process = process
        self.operation: Operation = operation
        #: The channels that it waits at, by name, or by number where they have none.
        self.channels = channels
        #: Who else has an end of those, and so should have come.
        self.waits_for = waits_for
        #: Where in its source it waits, if that can be told.
        self.where = where

    def __repr__(self) -> str:
        return f"<{self.process} {_WORDS[self.operation]} {', '.join(self.channels)}>"


class DeadlockError(RuntimeError):
    """Every process of a network waits for another one: none can ever go on. It was stopped."""

    def __init__(self, network: str, blocked: Sequence[BlockedProcess]) -> None:
        super().__init__(_describe(network, blocked))
        #: The network's name.
        self.network = network
        self.blocked = tuple(blocked)


_WORDS = {
    "send": "waits to send on",
    "receive": "waits to receive from",
    "select": "waits for one of",
    "sync": "waits at the barrier",
}


def _describe(network: str, blocked: Sequence[BlockedProcess]) -> str:
    lines = [f"Deadlock in the network {network}: every process is waiting"]
    for each in blocked:
        others = f", whose other ends are with {', '.join(each.waits_for)}"
        place = "" if each.where is None else f"\n      at {each.where}"
        words = f"  {each.process} {_WORDS[each.operation]} {', '.join(each.channels)}"
        lines.append(words + (others if each.waits_for else "") + place)
    return "\n".join(lines)


class Found:
    """A deadlock that was found."""

    __slots__ = ("blocked", "depth")

    def __init__(self, blocked: list[BlockedProcess], depth: int) -> None:
        self.blocked = blocked
        #: How many networks that look for deadlocks themselves are in it, one in the other.
        self.depth = depth


def find_deadlock(
    tracker: Tracker, owned: Sequence[End], patience: float = _PATIENCE
) -> Found | None:
    """Give everybody, if all have been blocked for so many seconds, and for ever."""
    search = Search(tracker, patience)
    if not search.is_blocked:
        return None
    seen = search.observations(owned)
    blocked: list[tuple[Party, Wait]] = []
    for party, known in search.blocked:
        wait = known or seen.wait_of(party)
        if wait is None:
            return None
        blocked.append((party, wait))
    if any(seen.has_others(channel) for _, wait in blocked for channel in wait.channels):
        return None
    leaves = {id(party) for party, _ in blocked}
    return Found([_report(party, wait, seen, leaves) for party, wait in blocked], search.depth)


def _report(party: Party, wait: Wait, seen: Observations, leaves: set[int]) -> BlockedProcess:
    others: list[Party] = []
    for channel, direction in wait.places:
        wanted = None if wait.operation == "sync" else _OTHER[direction]
        others += [other for other in seen.members_at(channel, wanted) if other is not party]
    # Who runs others is named only where none of these is.
    named = [other for other in others if id(other) in leaves] or others
    names = tuple(seen.name_of(channel) for channel in wait.channels)
    waits_for = tuple(dict.fromkeys(other.name for other in named))
    return BlockedProcess(party.name, wait.operation, names, waits_for, wait.where)


_OTHER: dict[Direction, Direction] = {"send": "receive", "receive": "send"}


def watch_for_deadlock(
    driver: Driver,
    tracker: Tracker,
    ends: Callable[[], Sequence[End]],
    on_deadlock: Callable[[DeadlockError], None],
) -> Callable[[], None]:
    """Look at a running network now and then, until the function that this gives is called."""
    _multicore.watch_waits(True)
    times = 0

    def look() -> None:
        nonlocal times
        found = find_deadlock(tracker, ends())
        times = 0 if found is None else times + 1
        # A deadlock inside of a network in this one is for that one to find.
        if found is not None and times >= 2 + 2 * min(found.depth, _MOST_DEPTH):
            on_deadlock(DeadlockError(tracker.name, found.blocked))

    cancel = driver.every(_INTERVAL, look)

    def unwatch() -> None:
        cancel()
        _multicore.watch_waits(False)

    return unwatch
