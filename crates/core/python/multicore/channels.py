"""Channels between interpreters, after PEP 554."""

import _multicore

from multicore._memory import shared_buffer, transfer
from multicore._records import Record, register

__all__ = [
    "ChannelClosedError",
    "ChannelEmptyError",
    "ChannelError",
    "ChannelFullError",
    "ChannelNotFoundError",
    "ChannelPoisonedError",
    "Record",
    "RecvChannel",
    "SendChannel",
    "create",
    "register",
    "shared_buffer",
    "transfer",
]


class ChannelError(Exception):
    """A channel-related error happened."""


class ChannelNotFoundError(ChannelError):
    """There is no such channel."""


class ChannelEmptyError(ChannelError):
    """The channel is unexpectedly empty."""


class ChannelFullError(ChannelError):
    """The channel is unexpectedly full."""


class ChannelClosedError(ChannelError):
    """The channel is closed."""


class ChannelPoisonedError(ChannelClosedError):
    """The channel was poisoned; the message is the reason."""


class SendChannel(_multicore.SendEnd):
    """The sending end of a channel."""

    __slots__ = ()

    @property
    def id(self) -> int:
        """The channel's number."""
        return self._id()


class RecvChannel(_multicore.ReceiveEnd):
    """The receiving end of a channel."""

    __slots__ = ()

    @property
    def id(self) -> int:
        """The channel's number."""
        return self._id()


for _class in (
    SendChannel,
    RecvChannel,
    ChannelEmptyError,
    ChannelFullError,
    ChannelClosedError,
    ChannelPoisonedError,
):
    _multicore.register(_class.__name__, _class)


def create(capacity: int | None = 0, *, name: str | None = None) -> tuple[RecvChannel, SendChannel]:
    """Makes a channel and gives its two ends."""
    return _multicore.create_channel(capacity, 0, name)
