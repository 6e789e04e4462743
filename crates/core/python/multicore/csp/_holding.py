"""Which processes still use a channel end: the last one that lets go leaves the channel.

What lives here: counting them, and finding the ends in what a process is handed.
"""

from __future__ import annotations

from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from multicore.channels import RecvChannel, SendChannel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

type End = RecvChannel | SendChannel


def hold(ends: Iterable[End]) -> None:
    """Count one more user of each end."""
    for end in ends:
        end._users = getattr(end, "_users", 0) + 1


def let_go(ends: Iterable[End]) -> None:
    """Count one user less of each end; the last one leaves."""
    for end in ends:
        end._users = getattr(end, "_users", 1) - 1
        if end._users <= 0:
            end.leave()


def ends_in(*values: object) -> tuple[list[End], list[End]]:
    """Give the channel ends in values, at any depth of the containers that can cross.

    First all of them, then those that belong to who is handed them: not those of a whole Channel,
    or of an object's attributes.
    """
    seen: set[int] = set()
    found, lent, objects = _search(list(values), seen)
    while objects:
        # Such an object is there if its method is a process.
        inner, inner_lent, objects = _search([_attributes_of(each) for each in objects], seen)
        lent |= inner | inner_lent
    return [*found.values(), *(lent[key] for key in lent.keys() - found.keys())], [*found.values()]


def _search(
    waiting: list[Any], seen: set[int]
) -> tuple[dict[int, End], dict[int, End], list[object]]:
    """Give the ends that are handed over, those that are lent, and the other objects."""
    found: dict[int, End] = {}
    lent: dict[int, End] = {}
    objects: list[object] = []
    while waiting:
        item = waiting.pop()
        if isinstance(item, (RecvChannel, SendChannel)):
            found[id(item)] = item
            continue
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, (tuple, list, set, frozenset)):
            waiting.extend(item)
        elif isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif ends_of := getattr(type(item), "_ends_of", None):
            # Channels and barriers of this package.
            ends = {id(end): end for end in ends_of(item)}
            (lent if getattr(item, "_is_lent", False) else found).update(ends)
        elif not isinstance(item, _WITHOUT_ENDS):
            objects.append(item)
    return found, lent, objects


#: Their attributes are no state that is handed over.
_WITHOUT_ENDS = (str, bytes, int, float, type, ModuleType, FunctionType, BuiltinFunctionType)


def _attributes_of(item: object) -> tuple[object, object]:
    return getattr(item, "__self__", None), getattr(item, "__dict__", None)
