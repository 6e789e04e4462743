"""What processes of `multicore.csp` share: channels with python-csp's names, and barriers.

What lives here: both, on top of `channels.py`. What must not: running processes (`csp.py`).
"""

from __future__ import annotations

from typing import Any

from multicore import channels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from multicore.channels import RecvChannel, SendChannel


class Channel:
    """Both ends of a channel in one object, with python-csp's names."""

    __slots__ = ("receiver", "sender")

    def __init__(self, capacity: int | None = 0, *, name: str | None = None) -> None:
        self.receiver, self.sender = channels.create(capacity, name=name)

    def __reduce__(self) -> tuple[Any, ...]:
        return _channel_of, (self.receiver, self.sender)

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


def _channel_of(receiver: RecvChannel, sender: SendChannel) -> Channel:
    made = Channel.__new__(Channel)
    made.receiver, made.sender = receiver, sender
    return made


class Barrier:
    """A point that `parties` processes wait at until all are there."""

    def __init__(self, parties: int) -> None:
        if parties < 1:
            raise ValueError("parties must be at least 1")
        self.parties = parties
        # Who arrives takes the number of those that came before, the last lets them go: each round
        # uses the other channel, so that nobody is let go twice.
        self._count = channels.create(1)
        self._gates = (channels.create(None), channels.create(None))
        self._count[1].send((0, 0))

    def wait(self) -> int:
        """Wait for the others; give how many came before."""
        arrived, turn = self._count[0].recv()
        receive, send = self._gates[turn]
        if arrived + 1 == self.parties:
            for _ in range(arrived):
                send.send(None)
            self._count[1].send((0, 1 - turn))
        else:
            self._count[1].send((arrived + 1, turn))
            receive.recv()
        count: int = arrived
        return count

    sync = wait

    def poison(self, reason: str = "poisoned") -> None:
        """End the wait of everybody."""
        for _, sender in (self._count, *self._gates):
            sender.poison(reason)
