"""What stands for an item whose interpreter was destroyed, in queues and channels.

What lives here: the constants and their numbers. What must not: queues and channels themselves.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self


class ItemInterpreterDestroyed(Exception):
    """The interpreter that sent the item was destroyed before somebody got it."""


class UnboundItem:
    """Stands for an item that is no longer bound to an interpreter.

    An item is unbound when the interpreter that added it is destroyed.
    """

    __slots__ = ("_name",)
    _name: str

    def __new__(cls) -> Self:
        """Refuses: there is one for queues and one for channels."""
        raise TypeError("use UNBOUND")

    @classmethod
    def _singleton(cls, name: str) -> UnboundItem:
        self = object.__new__(cls)
        self._name = name
        return self

    def __repr__(self) -> str:
        return self._name

    def __reduce__(self) -> str:
        return "UNBOUND"


class _Choice:
    """A way to treat unbound items, by its name."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name

    def __reduce__(self) -> str:
        return self._name.rpartition(".")[2]


UNBOUND_ERROR = _Choice("multicore.interpreters.UNBOUND_ERROR")
UNBOUND_REMOVE = _Choice("multicore.interpreters.UNBOUND_REMOVE")

type Unbound = UnboundItem | _Choice

#: KEEP is of queues that are not CPython's: items outlive whoever put them.
REMOVE, ERROR, REPLACE, KEEP = 1, 2, 3, 4


def flag_of(choice: object, unbound: UnboundItem) -> int:
    """Gives the number of a choice; `unbound` is the container's own UNBOUND."""
    if choice is unbound:
        return REPLACE
    if choice is UNBOUND_ERROR:
        return ERROR
    if choice is UNBOUND_REMOVE:
        return REMOVE
    raise NotImplementedError(f"unsupported unbound replacement op {choice!r}")
