"""What a manager's interpreter does: it holds objects and calls their methods.

What lives here: the objects, by number. What must not: their proxies (`managers.py`).
"""

from __future__ import annotations

import itertools
import queue
import threading

from multicore import _calls, channels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_objects: dict[int, Any] = {}
_numbers = itertools.count(1)


#: What makes the objects of each type that was registered when the manager was started.
_makers: dict[str, _calls.Packed] = {}
_authkey: bytes | None = None


def serve(authkey: bytes | None, makers: dict[str, _calls.Packed]) -> None:
    """Take what the manager was made with."""
    global _authkey
    _authkey = authkey
    _makers.update(makers)


def admits(authkey: bytes | None) -> bool:
    """Say whether who has this key may use the objects."""
    return authkey == _authkey


def count() -> int:
    """Say how many objects there are."""
    return len(_objects)


def show() -> str:
    """Show the objects."""
    return "\n".join(f"  {number}: {obj!r}"[:79] for number, obj in _objects.items())


def create(
    typeid: str,
    packed: _calls.Packed | None,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    want: bool,
) -> tuple[int, list[str]]:
    """Make an object; give its number and, if wanted, its public methods."""
    packed = _makers.get(typeid) if packed is None else packed
    if packed is None:
        raise NotImplementedError(f"{typeid} was registered without a callable to make it")
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
    if method == "#value":
        return obj
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


#: Calls for threads that wait for one, and how many threads do.
_calls_left: queue.SimpleQueue[tuple[str, Any, Any] | None] = queue.SimpleQueue()
_idle = 0
_lock = threading.Lock()


def stop() -> None:
    """Let the threads that wait end."""
    for _ in range(_idle):
        _calls_left.put(None)


def start(path: str, parcel: Any, answer: channels.SendChannel) -> None:
    """Do something on a thread, and send what came of it."""
    global _idle
    with _lock:
        is_new = _idle == 0
        _idle -= not is_new
    if is_new:
        threading.Thread(target=_work, name="manager", daemon=True).start()
    _calls_left.put((path, parcel, answer))


def _work() -> None:
    global _idle
    while True:
        call = _calls_left.get()
        if call is None:
            return
        path, parcel, answer = call
        outcome = _calls.attempt(path, parcel)
        # Counted before the answer: who has it may call again at once.
        with _lock:
            _idle += 1
        try:
            answer.send(outcome)
        except channels.ChannelError:
            continue
        finally:
            answer.leave()
            del answer, call, parcel, outcome


def forget(number: int) -> None:
    """Let go of an object."""
    _objects.pop(number, None)


def begin(packed: _calls.Packed, args: tuple[Any, ...]) -> None:
    """Run a manager's initializer."""
    _calls._load(packed)(*args)


_EMPTY: dict[object, object] = {}
_VIEWS = (type(_EMPTY.keys()), type(_EMPTY.values()), type(_EMPTY.items()))
