"""What programs for `multiprocessing` use, on interpreters of this process.

>>> from multicore.compat import Pool
>>> with Pool(4) as pool:
...     pool.map(abs, [-1, -2])
[1, 2]

The same code runs after changing the import; `multiprocessing`'s modules have their names here,
too. What differs: a worker is an interpreter and a thread, not a process, so there is nothing to
kill, `pid` is this process's, every start method starts an interpreter, and an extension module
that refuses interpreters cannot be imported in a worker. Functions of `__main__` are sent by value:
the main script is not run again, and needs no `if __name__ == "__main__"`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from multicore.compat.connection import Connection as Connection
    from multicore.compat.connection import Pipe as Pipe
    from multicore.compat.context import SUBDEBUG as SUBDEBUG
    from multicore.compat.context import SUBWARNING as SUBWARNING
    from multicore.compat.context import AuthenticationError as AuthenticationError
    from multicore.compat.context import BufferTooShort as BufferTooShort
    from multicore.compat.context import ProcessError as ProcessError
    from multicore.compat.context import TimeoutError as TimeoutError
    from multicore.compat.context import allow_connection_pickling as allow_connection_pickling
    from multicore.compat.context import freeze_support as freeze_support
    from multicore.compat.context import get_all_start_methods as get_all_start_methods
    from multicore.compat.context import get_context as get_context
    from multicore.compat.context import get_logger as get_logger
    from multicore.compat.context import get_start_method as get_start_method
    from multicore.compat.context import log_to_stderr as log_to_stderr
    from multicore.compat.context import set_executable as set_executable
    from multicore.compat.context import set_forkserver_preload as set_forkserver_preload
    from multicore.compat.context import set_start_method as set_start_method
    from multicore.compat.managers import Manager as Manager
    from multicore.compat.pool import AsyncResult as AsyncResult
    from multicore.compat.pool import Pool as Pool
    from multicore.compat.process import Process as Process
    from multicore.compat.process import active_children as active_children
    from multicore.compat.process import cpu_count as cpu_count
    from multicore.compat.process import current_process as current_process
    from multicore.compat.process import parent_process as parent_process
    from multicore.compat.queues import JoinableQueue as JoinableQueue
    from multicore.compat.queues import Queue as Queue
    from multicore.compat.queues import SimpleQueue as SimpleQueue
    from multicore.compat.sharedctypes import Array as Array
    from multicore.compat.sharedctypes import RawArray as RawArray
    from multicore.compat.sharedctypes import RawValue as RawValue
    from multicore.compat.sharedctypes import Value as Value
    from multicore.compat.synchronize import Barrier as Barrier
    from multicore.compat.synchronize import BoundedSemaphore as BoundedSemaphore
    from multicore.compat.synchronize import Condition as Condition
    from multicore.compat.synchronize import Event as Event
    from multicore.compat.synchronize import Lock as Lock
    from multicore.compat.synchronize import RLock as RLock
    from multicore.compat.synchronize import Semaphore as Semaphore

_HOMES = {
    "connection": (
        "Connection",
        "Pipe",
    ),
    "context": (
        "SUBDEBUG",
        "SUBWARNING",
        "AuthenticationError",
        "BufferTooShort",
        "ProcessError",
        "TimeoutError",
        "allow_connection_pickling",
        "freeze_support",
        "get_all_start_methods",
        "get_context",
        "get_logger",
        "get_start_method",
        "log_to_stderr",
        "set_executable",
        "set_forkserver_preload",
        "set_start_method",
    ),
    "managers": ("Manager",),
    "pool": (
        "AsyncResult",
        "Pool",
    ),
    "process": (
        "Process",
        "active_children",
        "cpu_count",
        "current_process",
        "parent_process",
    ),
    "queues": (
        "JoinableQueue",
        "Queue",
        "SimpleQueue",
    ),
    "sharedctypes": (
        "Array",
        "RawArray",
        "RawValue",
        "Value",
    ),
    "synchronize": (
        "Barrier",
        "BoundedSemaphore",
        "Condition",
        "Event",
        "Lock",
        "RLock",
        "Semaphore",
    ),
}
_MODULES = frozenset((*_HOMES, "dummy", "shared_memory", "util"))
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Array",
    "AsyncResult",
    "AuthenticationError",
    "Barrier",
    "BoundedSemaphore",
    "BufferTooShort",
    "Condition",
    "Connection",
    "Event",
    "JoinableQueue",
    "Lock",
    "Manager",
    "Pipe",
    "Pool",
    "Process",
    "ProcessError",
    "Queue",
    "RLock",
    "RawArray",
    "RawValue",
    "Semaphore",
    "SimpleQueue",
    "TimeoutError",
    "Value",
    "active_children",
    "allow_connection_pickling",
    "cpu_count",
    "current_process",
    "freeze_support",
    "get_all_start_methods",
    "get_context",
    "get_logger",
    "get_start_method",
    "log_to_stderr",
    "parent_process",
    "set_executable",
    "set_forkserver_preload",
    "set_start_method",
]


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None and name not in _MODULES:
        from multicore.compat._absent import absent

        raise absent(__name__, name)
    from importlib import import_module

    if home is None:
        return import_module(f"{__name__}.{name}")
    found: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found
