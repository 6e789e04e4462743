"""Channels as python-csp has them, kinds of buffer by their usual names; poison, retire."""

from __future__ import annotations

from typing import Any

from multicore import channels
from multicore.csp._guard import Guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from multicore.channels import RecvChannel, SendChannel
    from multicore.csp._barrier import Barrier
    from multicore.csp._holding import End


class Channel(Guard):
    """Both ends of a channel in one object, with python-csp's names.

    A process that is handed one may use both ends, and nobody leaves them for it: as in python-csp
    the channel is the program's, until it is poisoned or closed. Hand over `receiver` and `sender`
    instead, and it ends by itself when those who send have ended.
    """

    __slots__ = ("receiver", "sender")
    #: Handed over as a whole it stays the program's.
    _is_lent = True

    def __init__(
        self,
        capacity: int | None = 0,
        *,
        overflow: channels.Overflow = "block",
        name: str | None = None,
    ) -> None:
        self.receiver, self.sender = channels.create(capacity, overflow=overflow, name=name)

    def __reduce__(self) -> tuple[Any, ...]:
        return _channel_of, (self.receiver, self.sender)

    def __repr__(self) -> str:
        return f"<Channel {self.name}>"

    @property
    def name(self) -> str:
        """Its name, or its number."""
        return (None if self.sender.is_left else self.sender.name) or f"channel-{self.sender.id}"

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        return next(self.receiver)

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

    def leave(self) -> None:
        """Leave both ends."""
        self.sender.leave()
        self.receiver.leave()

    def _ends_of(self) -> tuple[RecvChannel, SendChannel]:
        return self.receiver, self.sender


#: python-csp keeps its messages in files; nothing here runs out of descriptors.
FileChannel = Channel


def _channel_of(receiver: RecvChannel, sender: SendChannel) -> Channel:
    made = Channel.__new__(Channel)
    made.receiver, made.sender = receiver, sender
    return made


def blocking(capacity: int, *, name: str | None = None) -> Channel:
    """Make a channel whose buffer makes senders wait when it is full."""
    return Channel(capacity, name=name)


def dropping(capacity: int, *, name: str | None = None) -> Channel:
    """Make a channel whose buffer drops what comes when it is full: the oldest messages stay."""
    return Channel(capacity, overflow="drop-newest", name=name)


def sliding(capacity: int, *, name: str | None = None) -> Channel:
    """Make a channel whose buffer drops its oldest message when it is full: the newest stay."""
    return Channel(capacity, overflow="drop-oldest", name=name)


def poison(*what: End | Channel | Barrier, reason: str = "poisoned") -> None:
    """End channels and barriers for everybody at once; what is queued is dropped.

    Each process that uses one is woken with ChannelPoisonedError. If it does not catch that it
    ends, and poisons its own channels in turn: so a network ends, and that is no failure.
    """
    for each in what:
        each.poison(reason)


def retire(*what: End | Channel) -> None:
    """Leave channels: each ends once everybody else on this side has left it too.

    What is queued is still delivered: so a network winds down from its sources to its sinks. A
    process leaves what it was handed when it ends; this is for doing it sooner.
    """
    for each in what:
        each.leave()
