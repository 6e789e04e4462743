"""What processes wait for: channels with python-csp's names, timers, and the choice among them.

What lives here: guards, and barriers. What must not: running processes (`processes.py`).
"""

from __future__ import annotations

import time
from typing import Any

from multicore import channels
from multicore.channels import ChannelPoisonedError as ChannelPoison
from multicore.channels import RecvChannel, SendChannel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    type AnyGuard = RecvChannel | tuple[SendChannel, object] | Guard

__all__ = [
    "Alt", "Barrier", "Channel", "ChannelPoison", "FileChannel", "Guard", "NoGuardInAlt", "Skip",
    "Timer", "after", "alt", "poison", "skip",
]  # fmt: skip


class NoGuardInAlt(ValueError):
    """An Alt has nothing to select from."""


class Guard:
    """Something that `alt` waits for. `a | b` is what the first of the two gives."""

    __slots__ = ()

    def __or__(self, other: Guard) -> Any:
        return Alt(self, other).select() if isinstance(other, Guard) else NotImplemented


class Channel(Guard):
    """Both ends of a channel in one object, with python-csp's names."""

    __slots__ = ("receiver", "sender")

    def __init__(self, capacity: int | None = 0, *, name: str | None = None) -> None:
        self.receiver, self.sender = channels.create(capacity, name=name)

    def __reduce__(self) -> tuple[Any, ...]:
        return _channel_of, (self.receiver, self.sender)

    def __repr__(self) -> str:
        return f"<Channel {self.name}>"

    @property
    def name(self) -> str:
        """Its name, or its number."""
        return self.sender.name or f"channel-{self.sender.id}"

    def read(self) -> Any:
        """Receive."""
        return self.receiver.recv()

    def write(self, obj: object) -> None:
        """Send."""
        self.sender.send(obj)

    recv, send = read, write

    def poison(self, reason: str = "poisoned") -> None:
        """End it for every party at once."""
        self.sender.poison(reason)

    def close(self) -> None:
        """Let receivers drain it, then end it."""
        self.sender.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        return next(self.receiver)


#: python-csp keeps its messages in files; nothing here runs out of descriptors.
FileChannel = Channel


def _channel_of(receiver: RecvChannel, sender: SendChannel) -> Channel:
    made = Channel.__new__(Channel)
    made.receiver, made.sender = receiver, sender
    return made


class Skip(Guard):
    """A guard that is always ready."""

    def __repr__(self) -> str:
        return "Skip"


skip = Skip()


class Timer(Guard):
    """A guard that is ready at its time; also a clock."""

    def __init__(self, seconds: float = 0.0) -> None:
        self._at = time.monotonic() + seconds

    def set_alarm(self, seconds: float) -> None:
        """Be ready in so many seconds."""
        self._at = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds until it is ready."""
        return max(0.0, self._at - time.monotonic())

    @staticmethod
    def sleep(seconds: float) -> None:
        """Sleep."""
        time.sleep(seconds)

    @staticmethod
    def read() -> float:
        """Give the time, in seconds since the epoch."""
        return time.time()


def after(seconds: float) -> Timer:
    """Give a guard that is ready in so many seconds."""
    return Timer(seconds)


def alt(*guards: AnyGuard, fair: bool = False, **named: AnyGuard) -> tuple[Any, Any]:
    """Wait for one of the guards: `(which, what was received)`, by its number or its name.

    A guard is a RecvChannel, a `(SendChannel, obj)` tuple to send, a Channel, a Timer, or `skip`.
    Among those that are ready the first goes, or one by chance if `fair`.
    """
    labels: list[int | str] = [*range(len(guards)), *named]
    cases: list[Any] = []
    case_labels: list[int | str] = []
    timeout: float | None = None
    timed: int | str | None = None
    for label, guard in zip(labels, (*guards, *named.values()), strict=True):
        seconds = None
        if isinstance(guard, Skip):
            seconds = 0.0
        elif isinstance(guard, Timer):
            seconds = guard.remaining
        else:
            cases.append(guard.receiver if isinstance(guard, Channel) else guard)
            case_labels.append(label)
        if seconds is not None and (timeout is None or seconds < timeout):
            timeout, timed = seconds, label
        if seconds == 0.0 and not fair:
            # It is ready: what comes after it has no chance.
            break
    if not labels:
        raise NoGuardInAlt("an alternative needs at least one guard")
    if not cases:
        time.sleep(timeout or 0.0)
        return timed, None
    try:
        index, value = channels.select(cases, timeout, fair=fair)
    except TimeoutError:
        return timed, None
    return case_labels[index], value


class Alt:
    """Guards to wait for, again and again: `alternatives * n` iterates over n selections."""

    def __init__(self, *guards: AnyGuard) -> None:
        self.guards: list[Any] = list(guards)
        self.last_selected: Any = None

    def _select(self, *, fair: bool) -> Any:
        which, value = alt(*self.guards, fair=fair)
        self.last_selected = self.guards[which]
        return "Skip" if isinstance(self.last_selected, Skip) else value

    def select(self) -> Any:
        """Give what a ready guard received, chosen by chance."""
        return self._select(fair=True)

    fair_select = select

    def pri_select(self) -> Any:
        """Give what the first ready guard received."""
        return self._select(fair=False)

    def poison(self) -> None:
        """Poison the guard that was selected last, and select from the others from now on."""
        selected = self.last_selected
        if isinstance(selected, (Channel, RecvChannel)):
            selected.poison()
        self.guards = [guard for guard in self.guards if guard is not selected]
        self.last_selected = None

    def __mul__(self, count: int) -> Iterator[Any]:
        return (self.select() for _ in range(count))

    __rmul__ = __mul__


def poison(*ends: RecvChannel | SendChannel | Channel, reason: str = "poisoned") -> None:
    """End these channels for every party at once."""
    for end in ends:
        end.poison(reason)


class Barrier:
    """A point that processes wait at until all that are enrolled are there."""

    def __init__(self, parties: int = 0) -> None:
        if parties < 0:
            raise ValueError("parties must not be negative")
        # How many are enrolled, how many wait, which of the gates is theirs. Each round uses the
        # other gate, so that nobody is let go twice.
        self._state = channels.create(1)
        self._gates = (channels.create(None), channels.create(None))
        self._state[1].send((parties, 0, 0))

    @property
    def parties(self) -> int:
        """How many are enrolled."""
        state = self._state[0].recv()
        self._state[1].send(state)
        count: int = state[0]
        return count

    participants = parties

    def _set(self, parties: int, waiting: int, turn: int) -> None:
        if waiting and waiting >= parties:
            for _ in range(waiting):
                self._gates[turn][1].send(None)
            waiting, turn = 0, 1 - turn
        self._state[1].send((parties, waiting, turn))

    def wait(self) -> int:
        """Wait for the others; give how many came before."""
        parties, waiting, turn = self._state[0].recv()
        self._set(parties, waiting + 1, turn)
        self._gates[turn][0].recv()
        count: int = waiting
        return count

    sync = synchronise = wait

    def enrol(self) -> None:
        """Be waited for from now on."""
        parties, waiting, turn = self._state[0].recv()
        self._set(parties + 1, waiting, turn)

    def retire(self) -> None:
        """Be waited for no more."""
        parties, waiting, turn = self._state[0].recv()
        self._set(max(0, parties - 1), waiting, turn)

    def reset(self, parties: int) -> None:
        """Wait for so many from now on."""
        _, waiting, turn = self._state[0].recv()
        self._set(parties, waiting, turn)

    def poison(self, reason: str = "poisoned") -> None:
        """End the wait of everybody."""
        for _, sender in (self._state, *self._gates):
            sender.poison(reason)
