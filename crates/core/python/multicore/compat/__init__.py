"""What programs for `multiprocessing` use, on interpreters of this process.

>>> from multicore.compat import Pool
>>> with Pool(4) as pool:
...     pool.map(abs, [-1, -2])
[1, 2]

The same code runs after changing the import. What differs: a worker is an interpreter and a thread,
not a process, so there is nothing to kill, `pid` is this process's, `fork` and start methods do not
exist, and an extension module that refuses interpreters cannot be imported in a worker. Functions
of `__main__` are sent by value: the main script is not run again, and needs no
`if __name__ == "__main__"`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from multicore.compat._pipes import Connection as Connection
    from multicore.compat._pipes import Pipe as Pipe
    from multicore.compat._pool import (
        AsyncResult as AsyncResult,
    )
    from multicore.compat._pool import (
        Pool as Pool,
    )
    from multicore.compat._pool import (
        TimeoutError as TimeoutError,
    )
    from multicore.compat._process import (
        Process as Process,
    )
    from multicore.compat._process import (
        active_children as active_children,
    )
    from multicore.compat._process import (
        cpu_count as cpu_count,
    )
    from multicore.compat._process import (
        current_process as current_process,
    )
    from multicore.compat._process import (
        parent_process as parent_process,
    )
    from multicore.compat._queues import (
        JoinableQueue as JoinableQueue,
    )
    from multicore.compat._queues import (
        Queue as Queue,
    )
    from multicore.compat._queues import (
        SimpleQueue as SimpleQueue,
    )

_HOMES = {
    "_pipes": ("Connection", "Pipe"),
    "_pool": ("AsyncResult", "Pool", "TimeoutError"),
    "_process": ("Process", "active_children", "cpu_count", "current_process", "parent_process"),
    "_queues": ("JoinableQueue", "Queue", "SimpleQueue"),
    "_sync": ("Barrier", "BoundedSemaphore", "Condition", "Event", "Lock", "RLock", "Semaphore"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME)  # noqa: PLE0605  It is a list of str.


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found
