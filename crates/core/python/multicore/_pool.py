"""What the host's `InterpreterPool` runs in its interpreters besides tasks.

What lives here: the look at an interpreter between tasks, `__main__` kept clean, what would end
the host's process refused.
What must not: anything a user would import.
"""

import _thread
import gc
import sys

import _multicore

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable

_threads_expected = 0
_is_protected = False
_main_before: dict[str, object] = {}


def seal() -> None:
    """From now on every call leaves `__main__` as it is now; threads that run now are expected."""
    global _threads_expected
    _threads_expected = _lasting_threads()
    protect()
    _multicore.keep_main(True)
    _multicore.count_threads(_thread._count, _thread._count())


def protect() -> None:
    """A task must not take the host down with it, even if it means to. Nor must an initializer."""
    global _is_protected
    if _is_protected:
        return
    _is_protected = True
    import os

    def refuse(module: object, name: str) -> None:
        def refused(*_args: object, **_kwargs: object) -> None:
            raise RuntimeError(
                f"os.{name}() is refused in a pool: it would end Node's process with every other "
                "task. Raise an exception, or call sys.exit(), which ends the task"
            )

        refused.__name__ = refused.__qualname__ = name
        setattr(module, name, refused)

    for module in (os, sys.modules.get("posix") or sys.modules.get("nt")):
        for name in ("_exit", "abort"):
            if module is not None:
                refuse(module, name)


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


def _size(size: "Callable[[object], int]", obj: object) -> int:
    try:
        return size(obj)
    except Exception:  # noqa: BLE001 - whatever a class of the user's does in __sizeof__
        return 0
