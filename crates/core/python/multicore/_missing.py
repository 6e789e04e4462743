"""Ends of channels that do not exist, as PEP 554 has them: made by number, refused when used.

What lives here: both kinds. What must not: ends of channels that are, which the core makes.
"""

from __future__ import annotations

import weakref
from typing import Any, NoReturn

from multicore import channels

#: By the number of the closed channel that stands in: the number asked for, why it cannot be used.
_known: dict[int, tuple[int, channels.ChannelError, object]] = {}


class _Missing:
    __slots__ = ()

    def _stand_in(self) -> int:
        number: int = super()._id()  # type: ignore[misc]
        return number

    def _id(self) -> int:
        return _known[self._stand_in()][0]

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        why = _known[self._stand_in()][1]
        raise type(why)(*why.args)

    async def _refuse_async(self, *_args: object, **_kwargs: object) -> NoReturn:
        self._refuse()

    def __eq__(self, other: object) -> bool:
        is_receiver = isinstance(self, channels.RecvChannel)
        if not isinstance(other, channels.RecvChannel if is_receiver else channels.SendChannel):
            return NotImplemented
        return self._id() == other.id

    def __hash__(self) -> int:
        return hash(self._id())


def _class(base: type, *operations: str) -> Any:
    members: dict[str, object] = {"__slots__": (), "__module__": base.__module__}
    for name in ("close", "clone", "poison", "stats", "_is_closed", "_waiting", *operations):
        is_async = name.endswith("_async") or name == "__anext__"
        members[name] = _Missing._refuse_async if is_async else _Missing._refuse
    return type(base.__name__, (_Missing, base), members)


_KINDS = (
    _class(
        channels.RecvChannel,
        "recv", "recv_nowait", "recv_async", "__next__", "__anext__",
    ),
    _class(
        channels.SendChannel,
        "send", "send_nowait", "try_send", "send_async", "send_buffer", "send_buffer_nowait",
    ),
)  # fmt: skip


def end_of(number: int, end: int, why: channels.ChannelError) -> Any:
    """Give the receiving (0) or sending (1) end of no channel; using it raises `why`."""
    made: Any = channels.create()[end]
    made.close()
    stand_in = made._id()
    gone = weakref.ref(made, lambda _: _known.pop(stand_in, None))
    _known[stand_in] = (number, why, gone)
    made.__class__ = _KINDS[end]
    return made
