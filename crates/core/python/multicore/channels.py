"""Channels between interpreters, after PEP 554, and more: capacities, selection, poison, asyncio.

>>> receiver, sender = create(capacity=16)
>>> sender.send(("job", 1))
>>> receiver.recv()
('job', 1)

A channel moves immutable messages, in order, each to one receiver. `close` lets receivers drain it;
it closes by itself when its last sender is gone. `poison` ends it for everybody at once.
What lives here: the ends' Python face. What must not: what is called for every message, which is in
the core, and event loops (`_loops.py`).
"""

from __future__ import annotations

import _multicore

from multicore._unbound import (
    UNBOUND_ERROR as UNBOUND_ERROR,
)
from multicore._unbound import (
    UNBOUND_REMOVE as UNBOUND_REMOVE,
)
from multicore._unbound import (
    ItemInterpreterDestroyed as _ItemInterpreterDestroyed,
)
from multicore._unbound import (
    UnboundItem,
)
from multicore._unbound import (
    flag_of as _flag_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal, Self, TypeVar

    from _multicore import ReceiveEnd as _ReceiveEnd
    from _multicore import SendEnd as _SendEnd

    from multicore._memory import shared_buffer as shared_buffer
    from multicore._memory import transfer as transfer
    from multicore._records import Record as Record
    from multicore._records import register as register

    type Case = RecvChannel | tuple[SendChannel, object]
    type Overflow = Literal["block", "drop-oldest", "drop-newest"]

    _R = TypeVar("_R", covariant=True, default=Any)  # noqa: PLC0105
    _S = TypeVar("_S", contravariant=True, default=Any)  # noqa: PLC0105
else:
    # Generic for type checkers only: `typing.Generic` as a base would import `typing`.
    _R = _S = None
    _ReceiveEnd = {_R: _multicore.ReceiveEnd}
    _SendEnd = {_S: _multicore.SendEnd}

_GenericAlias = type(list[int])

__all__ = [
    "UNBOUND",
    "UNBOUND_ERROR",
    "UNBOUND_REMOVE",
    "ChannelClosedError",
    "ChannelEmptyError",
    "ChannelError",
    "ChannelFullError",
    "ChannelNotEmptyError",
    "ChannelNotFoundError",
    "ChannelPoisonedError",
    "ItemInterpreterDestroyed",
    "Record",
    "RecvChannel",
    "SendChannel",
    "create",
    "list_all",
    "register",
    "select",
    "select_async",
    "shared_buffer",
    "transfer",
]

_LAZY = {
    "Record": "_records",
    "register": "_records",
    "shared_buffer": "_memory",
    "transfer": "_memory",
}


def __getattr__(name: str) -> object:
    home = _LAZY.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"multicore.{home}"), name)
    globals()[name] = found
    return found


class ChannelError(Exception):
    """A channel refused."""


class ChannelNotFoundError(ChannelError):
    """There is no such channel (any more)."""


class ChannelEmptyError(ChannelError):
    """Nothing is in the channel: `recv_nowait` without a default."""


class ChannelNotEmptyError(ChannelError):
    """Something is in the channel yet."""


class ChannelFullError(ChannelError):
    """The channel has no room: `send_nowait`."""


class ChannelClosedError(ChannelError):
    """The channel is closed, and for a receiver also drained."""

    #: Which case of a `select` it was; which guard of an `alt`.
    case: int
    guard: object = None


class ChannelPoisonedError(ChannelClosedError):
    """The channel was poisoned; the message is the reason."""


class ItemInterpreterDestroyed(ChannelError, _ItemInterpreterDestroyed):
    """Never raised: messages of a channel outlive the interpreter that sent them."""


UNBOUND = UnboundItem._singleton("multicore.channels.UNBOUND")

_OVERFLOWS = {"block": 0, "drop-oldest": 1, "drop-newest": 2}


def create(
    capacity: int | None = 0,
    *,
    overflow: Overflow = "block",
    name: str | None = None,
    unbounditems: object = UNBOUND,
) -> tuple[RecvChannel, SendChannel]:
    """Make a channel and give its two ends, the receiving one first.

    It holds `capacity` messages: with 0 a send waits until its message is received, with None it
    never waits. A full channel makes senders wait, or drops its oldest message or the new one, as
    `overflow` says. `name` is for monitoring. `unbounditems` is accepted as PEP 734 has it and
    changes nothing: messages do not belong to an interpreter.
    """
    _flag_of(unbounditems, UNBOUND)
    try:
        policy = _OVERFLOWS[overflow]
    except KeyError:
        raise ValueError(f"overflow must be one of {', '.join(_OVERFLOWS)}") from None
    return _multicore.create_channel(capacity, policy, name)


def list_all() -> list[tuple[RecvChannel | None, SendChannel | None]]:
    """List the ends of all channels; None for an end that nobody holds any more."""
    return _multicore.list_channels()


def select(
    cases: Iterable[Case], timeout: float | None = None, *, fair: bool = True
) -> tuple[int, Any]:
    """Do one of the cases, waiting until one can be done; give its index and what was received.

    A case is a RecvChannel, to receive, or a `(SendChannel, obj)` tuple, to send. Among several
    that can be done a fair selection picks by chance, any other the first. Raises TimeoutError, and
    for a channel that ended ChannelClosedError, with the index as its attribute `case`.
    """
    return _multicore.select(cases, timeout, fair)


async def select_async(cases: Iterable[Case], *, fair: bool = True) -> tuple[int, Any]:
    """Do one of the cases, as `select`, while the event loop runs on."""
    from multicore._loops import operate

    return await operate(cases, fair=fair)


def _find(id: int, end: int) -> Any:
    if not isinstance(id, int):
        raise TypeError(f"channel ID must be an int, got {type(id).__name__}")
    if id < 0:
        raise ValueError(f"channel ID must be a non-negative int, got {id}")
    found = _multicore.find_channel(int(id)) if id < 1 << 63 else None
    if found is not None and found[end] is not None:
        return found[end]
    from multicore._missing import end_of

    why: ChannelError = ChannelNotFoundError(f"channel {int(id)} not found")
    if found is not None:
        why = ChannelClosedError(f"channel {int(id)} is closed")
    return end_of(int(id), end, why)


class RecvChannel(_ReceiveEnd[_R]):
    """The receiving end of a channel; iterating receives until the channel ends.

    `RecvChannel(id)` finds the end of a living channel; one of a channel that is not raises
    ChannelNotFoundError when it is used.
    """

    # `_users`: how many processes of `multicore.csp` use it.
    __slots__ = ("__weakref__", "_users")
    _users: int

    if not TYPE_CHECKING:
        __class_getitem__ = classmethod(_GenericAlias)

    def __new__(cls, id: int, /) -> RecvChannel:
        """Finds the receiving end of the channel with this id."""
        found = _find(id, 0)
        assert isinstance(found, RecvChannel)
        return found

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id})"

    def __reduce__(self) -> tuple[type, tuple[int]]:
        return type(self), (self._id(),)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> _R:
        try:
            return await self.recv_async()
        except ChannelPoisonedError:
            raise
        except ChannelClosedError:
            raise StopAsyncIteration from None

    @property
    def id(self) -> int:
        """The channel's number, unique in the process."""
        return self._id()

    @property
    def name(self) -> str | None:
        """The name that the channel was made with."""
        return self._name()

    @property
    def is_left(self) -> bool:
        """Whether this end was left."""
        return self._is_left()

    @property
    def is_closed(self) -> bool:
        """Whether the channel takes no more messages; some may be left."""
        return self._is_closed()

    async def recv_async(self) -> _R:
        """Receive, waiting for a message while the event loop runs on.

        A cancelled one receives nothing: what it had got already goes to the next receiver.
        """
        from multicore._loops import operate

        message: _R = (await operate((self,)))[1]
        return message


class SendChannel(_SendEnd[_S]):
    """The sending end of a channel.

    `SendChannel(id)` finds the end of a living channel; one of a channel that is not raises
    ChannelNotFoundError when it is used.
    """

    # `_users`: how many processes of `multicore.csp` use it.
    __slots__ = ("__weakref__", "_users")
    _users: int

    if not TYPE_CHECKING:
        __class_getitem__ = classmethod(_GenericAlias)

    def __new__(cls, id: int, /) -> SendChannel:
        """Finds the sending end of the channel with this id."""
        found = _find(id, 1)
        assert isinstance(found, SendChannel)
        return found

    def __repr__(self) -> str:
        return f"{type(self).__name__}(id={self.id})"

    def __reduce__(self) -> tuple[type, tuple[int]]:
        return type(self), (self._id(),)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    @property
    def id(self) -> int:
        """The channel's number, unique in the process."""
        return self._id()

    @property
    def name(self) -> str | None:
        """The name that the channel was made with."""
        return self._name()

    @property
    def is_left(self) -> bool:
        """Whether this end was left."""
        return self._is_left()

    @property
    def is_closed(self) -> bool:
        """Whether the channel takes no more messages."""
        return self._is_closed()

    @property
    def unbounditems(self) -> UnboundItem:
        """What PEP 734 calls so; here messages stay bound to nobody, whatever it says."""
        unbound: UnboundItem = UNBOUND
        return unbound

    async def send_async(self, obj: _S) -> None:
        """Send, waiting until it is accepted while the event loop runs on.

        A cancelled one has sent nothing, unless it was accepted already.
        """
        from multicore._loops import operate

        await operate(((self, obj),))

    def send_buffer(self, obj: object, timeout: float | None = None) -> None:
        """Send the object's buffer: the receiver gets a memoryview of the same memory."""
        self.send(_buffer(obj), timeout)

    def send_buffer_nowait(self, obj: object) -> bool:
        """Send the object's buffer without waiting, as `send_nowait`."""
        return self.send_nowait(_buffer(obj))


def _buffer(obj: Any) -> Any:
    return memoryview(obj).toreadonly()


for _class in (
    SendChannel,
    RecvChannel,
    ChannelEmptyError,
    ChannelFullError,
    ChannelClosedError,
    ChannelPoisonedError,
):
    _multicore.register(_class.__name__, _class)
