"""Whether a network is deadlocked, and saying so.

It is when every process waits at channels that nobody but these processes has: nothing can ever
happen. In doubt it is not.
"""

from __future__ import annotations

import _multicore

from multicore.csp._waits import Observations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from multicore.csp._driver import Driver
    from multicore.csp._holding import End
    from multicore.csp._tracker import Member, Tracker
    from multicore.csp._waits import Direction, Operation, Wait

#: Seconds between two looks; what is found has to be found twice.
_INTERVAL = 0.15
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


def find_deadlock(
    tracker: Tracker, owned: Sequence[End], patience: float = _PATIENCE
) -> list[BlockedProcess] | None:
    """Give everybody, if all have been blocked for so many seconds, and for ever."""
    members = list(tracker.running.values())
    if not members or tracker.under_way:
        return None
    seen = Observations(members, owned)
    blocked: list[tuple[Member, Wait]] = []
    for member in members:
        wait = seen.wait_of(member, for_ever=True)
        if wait is None or wait.waited < patience:
            return None
        blocked.append((member, wait))
    if any(seen.has_others(channel) for _, wait in blocked for channel in wait.channels):
        return None
    return [_report(member, wait, seen) for member, wait in blocked]


def _report(member: Member, wait: Wait, seen: Observations) -> BlockedProcess:
    others: dict[str, None] = {}
    for channel, direction in wait.places:
        wanted = None if wait.operation == "sync" else _OTHER[direction]
        for other in seen.members_at(channel, wanted):
            if other is not member:
                others[other.name] = None
    names = tuple(seen.name_of(channel) for channel in wait.channels)
    return BlockedProcess(member.name, wait.operation, names, tuple(others), wait.where)


_OTHER: dict[Direction, Direction] = {"send": "receive", "receive": "send"}


def watch_for_deadlock(
    driver: Driver,
    tracker: Tracker,
    ends: Callable[[], Sequence[End]],
    on_deadlock: Callable[[DeadlockError], None],
) -> Callable[[], None]:
    """Look at a running network now and then, until the function that this gives is called."""
    _multicore.watch_waits(True)
    suspected = False

    def look() -> None:
        nonlocal suspected
        found = find_deadlock(tracker, ends())
        if found is not None and suspected:
            on_deadlock(DeadlockError(tracker.name, found))
        suspected = found is not None

    cancel = driver.every(_INTERVAL, look)

    def unwatch() -> None:
        cancel()
        _multicore.watch_waits(False)

    return unwatch
