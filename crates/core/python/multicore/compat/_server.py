"""What a manager's interpreter does: it holds objects and calls their methods.

What lives here: the objects, by number. What must not: their proxies (`managers.py`).
"""

from __future__ import annotations

import itertools
from typing import Any

from multicore import _calls

_objects: dict[int, Any] = {}
_numbers = itertools.count(1)


def create(
    packed: _calls.Packed, args: tuple[Any, ...], kwargs: dict[str, Any], want: bool
) -> tuple[int, list[str]]:
    """Make an object; give its number and, if wanted, its public methods."""
    return keep(_calls._load(packed)(*args, **kwargs), want)


def keep(obj: object, want: bool) -> tuple[int, list[str]]:
    """Hold an object; give what `create` does."""
    number = next(_numbers)
    _objects[number] = obj
    names = dir(obj) if want else ()
    return number, [
        name for name in names if not name.startswith("_") and callable(getattr(obj, name))
    ]


def invoke(number: int, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a method of an object."""
    obj = _objects[number]
    if method == "#repr":
        return repr(obj)
    result = getattr(obj, method)(*args, **kwargs)
    # Views of a dict, and what changes in place and gives itself.
    if isinstance(result, _VIEWS):
        return list(result)
    return None if result is obj else result


def invoke_kept(
    number: int, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[int, list[str]]:
    """Call a method of an object and hold what it returns."""
    return keep(getattr(_objects[number], method)(*args, **kwargs), True)


def forget(number: int) -> None:
    """Let go of an object."""
    _objects.pop(number, None)


def begin(packed: _calls.Packed, args: tuple[Any, ...]) -> None:
    """Run a manager's initializer."""
    _calls._load(packed)(*args)


_EMPTY: dict[object, object] = {}
_VIEWS = (type(_EMPTY.keys()), type(_EMPTY.values()), type(_EMPTY.items()))
