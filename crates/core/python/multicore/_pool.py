"""What the host's `InterpreterPool` runs in its interpreters besides tasks.

What lives here: chunks of `map`, the look at an interpreter between tasks, `__main__` kept clean.
What must not: anything a user would import.
"""

import _thread
import gc
import sys
from collections.abc import Callable, Coroutine
from types import CoroutineType

import _multicore

from multicore import _support

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_threads_expected = 0
_main_before: dict[str, object] = {}
_failures: dict[int, BaseException] = {}
_next_failure = 0


def seal() -> None:
    """From now on every call leaves `__main__` as it is now; threads that run now are expected."""
    global _threads_expected
    _threads_expected = _lasting_threads()
    _multicore.keep_main(True)


def lend() -> None:
    """Lets `__main__` change: the interpreter is lent to one user."""
    global _main_before
    _multicore.keep_main(False)
    _main_before = dict(sys.modules["__main__"].__dict__)


def take_back() -> None:
    """Makes `__main__` what it was before it was lent."""
    global _main_before
    names = sys.modules["__main__"].__dict__
    for name in [name for name in names if name not in _main_before]:
        del names[name]
    names.update(_main_before)
    _main_before = {}
    _multicore.keep_main(True)


def _lasting_threads() -> int:
    """Threads that nobody ends when the interpreter does: an executor's workers are ended."""
    count = _thread._count()
    futures = sys.modules.get("concurrent.futures.thread")
    if futures is not None:
        count -= sum(1 for thread in list(futures._threads_queues) if thread.is_alive())
    return max(count, 0)


def look(measure: bool) -> tuple[int, int]:
    """How many threads tasks have left behind, and, if asked, the bytes that objects hold."""
    left = max(0, _lasting_threads() - _threads_expected)
    return (left, _footprint() if measure else 0)


def _footprint() -> int:
    """Bytes of this interpreter's objects: those the collector knows and what these refer to."""
    size = sys.getsizeof
    gc.collect()
    total = 0
    seen: set[int] = set()
    objects = gc.get_objects()
    for obj in objects:
        total += _size(size, obj)
        for part in gc.get_referents(obj):
            if not gc.is_tracked(part) and id(part) not in seen:
                seen.add(id(part))
                total += _size(size, part)
    return total


def _size(size: Callable[[object], int], obj: object) -> int:
    try:
        return size(obj)
    except Exception:  # noqa: BLE001 - whatever a class of the user's does in __sizeof__
        return 0


def run_chunk(
    path: str, items: list[object], kwargs: dict[str, object]
) -> "tuple[list[object], int] | Coroutine[object, object, tuple[list[object], int]]":
    """Calls a function for each item: the results, and the number of the failure that ended it."""
    function = _support.resolve(path)
    results: list[object] = []
    for at, item in enumerate(items):
        try:
            result = function(item, **kwargs)
        except Exception as error:  # noqa: BLE001 - handed on by `raise_failure`
            return (results, _keep(error))
        if isinstance(result, CoroutineType):
            return _run_chunk_async(function, result, items[at + 1 :], results, kwargs)
        results.append(result)
    return (results, 0)


async def _run_chunk_async(
    function: "Callable[..., Any]",
    first: Coroutine[object, object, object],
    items: list[object],
    results: list[object],
    kwargs: dict[str, object],
) -> tuple[list[object], int]:
    try:
        results.append(await first)
        for item in items:
            results.append(await function(item, **kwargs))  # noqa: PERF401 - kept if one fails
    except Exception as error:  # noqa: BLE001 - handed on by `raise_failure`
        return (results, _keep(error))
    return (results, 0)


def _keep(error: BaseException) -> int:
    global _next_failure
    _next_failure += 1
    _failures[_next_failure] = error
    return _next_failure


def raise_failure(number: int) -> None:
    """Raises what ended a chunk."""
    raise _failures.pop(number)
