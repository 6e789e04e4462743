"""What of the standard library is changed inside a process that is Node's, and why.

What lives here: for each module, what is done to it right after it was imported. Four reasons:
what waits in C for ever cannot be stopped from outside (CPython runs signal handlers in its main
interpreter only), so it waits in slices; what belongs to the process belongs to Node; what looks
into other interpreters crashes; what the C library answers in one place for the whole process is
asked by one interpreter at a time. Loaded when the first of these modules is imported.
"""

import sys

import _multicore

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

#: How long one slice of a wait is. A stop is noticed between two.
_SLICE_SECONDS = 0.05


def refuse(what: str, why: str, error: type[Exception] = RuntimeError) -> "Callable[..., Any]":
    """A function that always raises."""

    def refused(*_args: object, **_kwargs: object) -> "Any":
        raise error(f"{what}: {why}")

    refused.__name__ = refused.__qualname__ = what.partition("(")[0].rpartition(".")[2]
    return refused


def _slices(timeout: float | None) -> "Any":
    """The lengths of the slices of a wait."""
    from time import monotonic

    if timeout is None:
        while True:
            yield _SLICE_SECONDS
    deadline = monotonic() + timeout
    while (left := deadline - monotonic()) > _SLICE_SECONDS:
        yield _SLICE_SECONDS
    yield max(left, 0.0)


def _amend_threading(threading: "Any", serial: bool) -> None:
    allocate_lock = threading._allocate_lock

    class Waiter:
        """The lock that `Condition.wait` blocks on, and so `Event`, `Queue`, `Future`."""

        __slots__ = ("_acquire", "release")

        def __init__(self) -> None:
            lock = allocate_lock()
            self._acquire, self.release = lock.acquire, lock.release

        def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
            acquire = self._acquire
            if acquire(False):
                return True
            if not blocking:
                return False
            return any(acquire(True, part) for part in _slices(None if timeout < 0 else timeout))

    threading._allocate_lock = Waiter

    join = threading.Thread.join

    def join_in_slices(self: "Any", timeout: float | None = None) -> None:
        for part in _slices(None if timeout is None else max(timeout, 0.0)):
            join(self, part)
            if not self.is_alive():
                break

    join_in_slices.__name__ = "join"
    join_in_slices.__doc__ = join.__doc__
    threading.Thread.join = join_in_slices

    if not threading._daemon_threads_allowed():
        # No thread may outlive its interpreter here, so that a daemon is a thread like any other:
        # when the interpreter closes it is interrupted. Libraries (multiprocessing's queues among
        # them) need it to start at all.
        start = threading._start_joinable_thread

        def start_ordinary(function: "Any", handle: "Any" = None, daemon: bool = True) -> "Any":  # noqa: ARG001
            return start(function, handle=handle, daemon=False)

        threading._start_joinable_thread = start_ordinary
        threading._daemon_threads_allowed = lambda: True
        foreign = threading._DummyThread.__init__

        def foreign_is_ordinary(self: "Any") -> None:
            # Else every thread that the core's own starts would be a daemon.
            foreign(self)
            self._daemonic = False

        threading._DummyThread.__init__ = foreign_is_ordinary

    if serial:
        refused = refuse(
            "threading.Thread.start()",
            "this interpreter is in serial execution mode, which has no threads. Create it "
            "without `serial: true`, or create another interpreter for the work",
        )
        threading._start_joinable_thread = threading._start_new_thread = refused


def _amend_selectors(selectors: "Any", _serial: bool) -> None:
    def in_slices(select: "Callable[..., Any]") -> "Callable[..., Any]":
        def select_in_slices(self: "Any", timeout: float | None = None) -> "Any":
            if timeout is not None and timeout <= _SLICE_SECONDS:
                return select(self, timeout)
            ready: Any = []
            for part in _slices(timeout):
                ready = select(self, part)
                if ready:
                    break
            return ready

        select_in_slices.__name__ = "select"
        return select_in_slices

    for name in ("SelectSelector", "_PollLikeSelector", "EpollSelector", "KqueueSelector"):
        selector = getattr(selectors, name, None)
        if selector is not None and "select" in vars(selector):
            selector.select = in_slices(selector.select)


def _amend_subprocess(subprocess: "Any", _serial: bool) -> None:
    import os

    pidfd_open = getattr(os, "pidfd_open", None)
    if pidfd_open is None:
        return
    wait = subprocess.Popen._wait

    def wait_in_slices(self: "Any", timeout: float | None) -> "Any":
        if timeout is None and self.returncode is None:
            import select

            try:
                descriptor = pidfd_open(self.pid)
            except OSError:
                return wait(self, timeout)
            try:
                poll = select.poll()
                poll.register(descriptor, select.POLLIN)
                while not poll.poll(_SLICE_SECONDS * 1000):
                    pass
            finally:
                os.close(descriptor)
        return wait(self, timeout)

    subprocess.Popen._wait = wait_in_slices


_SIGNALS = (
    "signals belong to Node here. Handle them there (process.on('SIGINT', …)) and tell Python, "
    "through interrupt() or a channel"
)


def _amend_signal(signal: "Any", _serial: bool) -> None:
    for name in ("signal", "set_wakeup_fd", "siginterrupt", "setitimer", "alarm"):
        if hasattr(signal, name):
            setattr(signal, name, refuse(f"signal.{name}()", _SIGNALS, ValueError))


def _amend_faulthandler(faulthandler: "Any", _serial: bool) -> None:
    for name in ("enable", "register", "dump_traceback_later"):
        if hasattr(faulthandler, name):
            refused = refuse(f"faulthandler.{name}()", "crash handlers belong to Node here")
            setattr(faulthandler, name, refused)


def _amend_tracemalloc(tracemalloc: "Any", _serial: bool) -> None:
    tracemalloc.start = refuse(
        "tracemalloc.start()",
        "it hooks the allocators of the whole process and crashes with several interpreters. "
        "Run the code with its own python, or see Interpreter.stats()",
    )


def _amend_contexts(context: "Any", _serial: bool) -> None:
    # `fork` is refused here: what is chosen for who chooses nothing must work.
    default = context._default_context
    if default._default_context is context._concrete_contexts.get("fork"):
        default._default_context = context._concrete_contexts["spawn"]


def _amend_reduction(reduction: "Any", _serial: bool) -> None:
    from types import FunctionType

    def reducer_override(self: "Any", obj: "Any") -> "Any":  # noqa: ARG001
        if isinstance(obj, (FunctionType, type)) and obj.__module__ == "__main__":
            main = sys.modules["__main__"]
            if getattr(main, "__spec__", None) is None and not hasattr(main, "__file__"):
                raise reduction.pickle.PicklingError(
                    f"another process cannot find {obj.__qualname__!r}: it is of __main__, which "
                    "has no file here. Put it into a module, or use interpreters "
                    "(multicore.futures, multicore.compat), which take functions of __main__"
                )
        return NotImplemented

    reduction.ForkingPickler.reducer_override = reducer_override


def _one_at_a_time(*names: str) -> "Callable[[Any, bool], None]":
    """For functions that rely on one GIL for all: what they call answers in static memory."""

    def alone(function: "Callable[..., Any]") -> "Callable[..., Any]":
        def call_alone(*args: object) -> "Any":
            return _multicore.call_alone(function, *args)

        call_alone.__name__ = call_alone.__qualname__ = function.__name__
        call_alone.__module__, call_alone.__doc__ = function.__module__, function.__doc__
        return call_alone

    def amend_functions(module: "Any", _serial: bool) -> None:
        for name in names:
            if hasattr(module, name):
                setattr(module, name, alone(getattr(module, name)))

    return amend_functions


#: What is done to which module.
_AMENDMENTS: "dict[str, Callable[[Any, bool], None]]" = {
    "threading": _amend_threading,
    "selectors": _amend_selectors,
    "subprocess": _amend_subprocess,
    "_locale": _one_at_a_time(
        "setlocale", "localeconv", "textdomain", "bindtextdomain", "bind_textdomain_codeset"
    ),
    "_signal": _amend_signal,
    "_socket": _one_at_a_time(
        "getservbyname",
        "getservbyport",
        "getprotobyname",
        # glibc has a place for each thread.
        *(() if sys.platform == "linux" else ("inet_ntoa",)),
    ),
    "grp": _one_at_a_time("getgrall"),
    "pwd": _one_at_a_time("getpwall"),
    "faulthandler": _amend_faulthandler,
    "_tracemalloc": _amend_tracemalloc,
    "multiprocessing.context": _amend_contexts,
    "multiprocessing.reduction": _amend_reduction,
}


class AmendingLoader:
    """Loads a module as `loader` does, and amends it."""

    def __init__(self, loader: "Any", serial: bool) -> None:
        self._loader = loader
        self._serial = serial

    def create_module(self, spec: "Any") -> "ModuleType | None":
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: "ModuleType") -> None:
        loader = self._loader
        module.__loader__ = loader
        if module.__spec__ is not None:
            module.__spec__.loader = loader
        loader.exec_module(module)
        amend(module, self._serial)


def amend(module: "ModuleType", serial: bool) -> None:
    """Changes what must be changed in a module that was loaded just now."""
    _AMENDMENTS[module.__name__](module, serial)


def find_spec(fullname: str, path: "Any", target: "Any", ours: object, serial: bool) -> "Any":
    """The module as the other finders find it, with an amending loader."""
    for finder in sys.meta_path:
        find = None if finder is ours else getattr(finder, "find_spec", None)
        spec = None if find is None else find(fullname, path, target)
        if spec is not None:
            if spec.loader is not None:
                spec.loader = AmendingLoader(spec.loader, serial)
            return spec
    return None
