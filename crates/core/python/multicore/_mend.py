"""Mends what an exception that came from outside left half-done.

What lives here: locks and flags of CPython that are taken and given back in Python code, where
`KeyboardInterrupt` can come in between. Stops wait until a thread is out of the import system, but
not for ever; other Python code, by way of `ctypes`, does not. Runs on the thread that was
interrupted, when it runs no other Python code any more. What must not: locks of user code.
"""

import _imp
import _thread
import sys

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from typing import Any


_is_held = _imp.lock_held
_modules = sys.modules
_module_locks: "dict[str, Any]" = getattr(_modules["_frozen_importlib"], "_module_locks", {})


def mend() -> None:
    """Leaves nothing locked and nothing running that belongs to this thread.

    Called after each job that failed: as a rule there is nothing to do.
    """
    if _is_held():
        _release_import_lock()
    if _module_locks:
        here = _thread.get_ident()
        for reference in list(_module_locks.values()):
            _mend_module_lock(reference(), here)
    events = _modules.get("asyncio.events")
    if events is not None:
        loop = events._get_running_loop()
        if loop is not None:
            _mend_loop(loop, events)


def _release_import_lock() -> None:
    # It counts how often it was taken.
    while _is_held():
        try:
            _imp.release_lock()
        except RuntimeError:
            # Another thread's.
            return


def _mend_module_lock(lock: "Any", here: int) -> None:
    if getattr(lock, "owner", None) != here:
        return
    lock.count.clear()
    lock.owner = None
    if lock.waiters:
        lock.waiters.pop()
        try:
            lock.wakeup.release()
        except RuntimeError:
            # Nobody has begun to wait.
            return


def _mend_loop(loop: "Any", events: "Any") -> None:
    """A loop that was interrupted while it stopped: no other could run on this thread."""
    try:
        loop._run_forever_cleanup()
    except Exception:  # noqa: BLE001  A loop of somebody else's.
        events._set_running_loop(None)
