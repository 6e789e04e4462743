"""Which processes still use a channel end: the last one that lets go leaves the channel.

What lives here: counting them, and finding the ends in what a process is handed.
"""

from __future__ import annotations

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

    First all of them, then those that belong to who is handed them: not those of a whole Channel.
    """
    found: dict[int, End] = {}
    lent: dict[int, End] = {}
    seen: set[int] = set()
    waiting: list[Any] = list(values)
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
        else:
            # Channels and barriers of this package.
            ends = getattr(type(item), "_ends_of", _none)(item)
            (lent if getattr(item, "_is_lent", False) else found).update(
                {id(end): end for end in ends}
            )
    return [*found.values(), *(lent[key] for key in lent.keys() - found.keys())], [*found.values()]


def _none(_item: object) -> tuple[End, ...]:
    return ()
