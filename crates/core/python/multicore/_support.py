"""The Python half of the job runner: sources, finding functions, winding up.

What lives here: what `crates/core/src/interpreter/support.rs` calls. What must not: anything a
user would import.
"""

import sys

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable

#: Sources that were given as text, by their made-up file names: what tracebacks show lines from.
sources: dict[str, str] = {}
#: How many sources are kept, and how many characters of them, all in all.
_MOST_SOURCES = 4096
_MOST_CHARACTERS = 16 * 1024 * 1024

_characters = 0


def remember(filename: str, source: str, *, len: "Callable[..., int]" = len) -> None:
    """Keeps a source for tracebacks. The oldest are forgotten when there are too many.

    Runs for each source, so it looks up no builtin as a rule: user code may have deleted them.
    """
    global _characters
    _characters += len(source) - len(sources.pop(filename, ""))
    sources[filename] = source
    while len(sources) > _MOST_SOURCES or (_characters > _MOST_CHARACTERS and len(sources) > 1):
        _characters -= len(sources.pop(_first(sources)))


def _first(names: dict[str, str]) -> str:
    return next(iter(names))


def resolve(path: str) -> "Callable[..., object]":
    """Finds `module:qualified.name`; without a colon, a name of `__main__` or a builtin.

    What begins with `<python` is a source in place of one.
    """
    if path.startswith("<python"):
        from multicore import _source

        if _source.is_path(path):
            return _source.load(path)
    module_name, colon, qualified = path.partition(":")
    if not colon:
        module_name, qualified = "__main__", path
    if not qualified:
        raise ValueError(f"{path!r} names no function: write 'module:function'")
    __import__(module_name)
    target: object = sys.modules[module_name]
    for part in qualified.split("."):
        try:
            target = getattr(target, part)
        except AttributeError:
            if module_name == "__main__" and not colon:
                import builtins

                if hasattr(builtins, part):
                    target = getattr(builtins, part)
                    continue
            raise
    if not callable(target):
        raise TypeError(f"{path!r} is not callable: it is a {type(target).__qualname__}")
    if getattr(target, "__module__", None) == "builtins":
        from multicore import _frameless

        return _frameless.stand_in(target)
    return target


def adopt(result: object) -> object:
    """What a result that is no value can cross as: a generator, by number. `None`: nothing."""
    from multicore import _generators

    if _generators.is_generator(result):
        return (
            "generator",
            _generators.keep(result),  # type: ignore[arg-type]
            _generators.is_asynchronous(result),  # type: ignore[arg-type]
        )
    return None


#: What threads get to end after they were asked to.
_GRACE_SECONDS = 0.5

#: How often the garbage collector had promoted objects to its oldest generation when the
#: interpreter was made; `None` where it has no generations that can be told apart.
_promotions: int | None = None


def age() -> None:
    """Moves what an interpreter is made of to the oldest generation, where it will stay.

    CPython 3.13 does that in constant time. So the collection at the end need not look at 15,000
    objects that are none of the program's, unless objects of its own are among them.
    """
    global _promotions
    # 3.14 has young and old only, and moves what it likes between them.
    if sys.version_info >= (3, 14):
        return
    import gc

    # A line of a `.pth` file may have frozen objects, to stay frozen.
    if gc.get_freeze_count() == 0:
        gc.freeze()
        gc.unfreeze()
        _promotions = _count_promotions()


def _count_promotions() -> int:
    import gc

    _, middle, oldest = gc.get_stats()
    count: int = middle["collections"] + oldest["collections"]
    return count


def _collect() -> None:
    """Collects the program's garbage."""
    import gc

    # Nothing of the program's is old yet.
    if _promotions is not None and _count_promotions() == _promotions:
        gc.collect(1)
    else:
        gc.collect()


def shutdown() -> None:
    """Runs what runs at exit: calls exit handlers, lets go of `__main__`.

    Stopped like any job if it takes too long.
    """
    coroutines = sys.modules.get("multicore._coroutines")
    if coroutines is not None:
        coroutines.shutdown()
    atexit = sys.modules.get("atexit")
    if atexit is not None:
        try:
            atexit._run_exitfuncs()
        finally:
            atexit._clear()
    # Finalizers run here, where they can be stopped, and not while the interpreter ends.
    main = vars(sys.modules["__main__"])
    for name in [name for name in main if not name.startswith("__")]:
        main[name] = None
    _collect()
    # A finalizer may have been the first to import it.
    atexit = sys.modules.get("atexit")
    if atexit is not None:
        atexit._clear()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    if "_asyncio" in sys.modules and sys.version_info < (3, 14):
        from multicore import _awaited

        _awaited.release()


def end_threads(seconds: float) -> None:
    """Joins the threads that Python code started, at most so long; then they are stopped."""
    if "threading" not in sys.modules:
        return
    import threading
    import time

    import _multicore

    def others() -> list[threading.Thread]:
        # Threads of the host that ran code here are no threads of this interpreter's own, nor is
        # the one that happened to import `threading`.
        foreign = (type(threading.main_thread()), threading._DummyThread)
        here = threading.get_ident()
        return [
            t
            for t in threading.enumerate()
            # One without an identity was about to be started when that was interrupted.
            if t.ident not in {here, None} and not isinstance(t, foreign)
        ]

    original = threading.Thread.join
    deadline = time.monotonic() + seconds

    def bounded(self: threading.Thread, timeout: float | None = None) -> None:
        left = max(0.0, deadline - time.monotonic())
        original(self, left if timeout is None else min(timeout, left))

    def join(seconds: float, *, daemons: bool) -> None:
        nonlocal deadline
        deadline = time.monotonic() + seconds
        for thread in others():
            # Nobody waits for a daemon: it is interrupted at once.
            if daemons or not thread.daemon:
                bounded(thread)

    report, report_unraisable = threading.excepthook, sys.unraisablehook

    def report_but_daemons(args: "threading.ExceptHookArgs", /) -> None:
        is_daemon = args.thread is not None and args.thread.daemon
        if not (is_daemon and args.exc_type is KeyboardInterrupt):
            report(args)

    def report_unraisable_but_daemons(args: "sys.UnraisableHookArgs", /) -> None:
        # The second of two interrupts, for who waits and who computes, hits `threading` itself,
        # and CPython gives no thread but a text with its repr.
        text = args.err_msg or ""
        is_daemon = " in thread started by " in text and " daemon " in text
        if not (is_daemon and args.exc_type is KeyboardInterrupt):
            report_unraisable(args)

    threading.Thread.join = bounded  # type: ignore[method-assign]
    # `concurrent.futures` ends its threads here, which wait for work: it joins them without limit.
    for call in reversed(getattr(threading, "_threading_atexits", ())):
        try:
            call()
        except Exception as error:  # noqa: BLE001  As Python does at its own exit.
            sys.excepthook(type(error), error, error.__traceback__)
    join(deadline - time.monotonic(), daemons=False)
    if others():
        threading.excepthook = report_but_daemons
        sys.unraisablehook = report_unraisable_but_daemons
        _multicore.stop_threads([t.ident for t in others()])
        join(_GRACE_SECONDS, daemons=True)
    # The core's thread is a foreign one to `threading`, which would clean up after itself too late.
    local = getattr(threading, "_thread_local_info", None)
    if local is not None:
        local.__dict__.clear()
