"""The Python half of the job runner: taking exceptions apart, finding functions, winding up.

What lives here: what `crates/core/src/interpreter/support.rs` calls. What must not: anything a
user would import.
"""

import sys
from collections.abc import Callable
from types import TracebackType

type Frame = tuple[str, str, int, int, str]
type Described = tuple[
    str,
    str,
    str,
    tuple[Frame, ...],
    tuple[str, ...],
    "Described | None",
    tuple["Described", ...],
    tuple[tuple[str, object], ...],
]

#: Sources that were given as text, by their made-up file names: what tracebacks show lines from.
sources: dict[str, str] = {}

#: Causes, contexts and members of groups that are taken apart, all in all.
_MOST_EXCEPTIONS = 64
#: Attributes of exceptions that say what went wrong, where they have them.
_ATTRIBUTES = (
    "errno",
    "strerror",
    "filename",
    "filename2",
    "lineno",
    "offset",
    "end_lineno",
    "end_offset",
    "text",
    "msg",
    "name",
    "path",
    "code",
    "host_error",
)


def _publish_sources() -> None:
    """Lets `linecache` know the lines of sources given as text."""
    import linecache

    for filename, source in sources.items():
        if filename not in linecache.cache:
            lines = [line + "\n" for line in source.splitlines()]
            linecache.cache[filename] = (len(source), None, lines, filename)


def _without_our_frames(traceback: TracebackType | None) -> TracebackType | None:
    """Skips the frames of multicore itself at the top: users look for their own."""
    while traceback is not None:
        if not traceback.tb_frame.f_code.co_filename.startswith("<multicore"):
            break
        traceback = traceback.tb_next
    return traceback


def describe(error: BaseException) -> "Described":
    """Takes an exception apart into values that can leave the interpreter."""
    import traceback

    _publish_sources()
    seen: set[int] = set()
    # `traceback` takes quadratic time for long chains, and recurses into groups.
    is_small = _is_small(error)

    def one(error: BaseException) -> "Described":
        seen.add(id(error))
        shown = _without_our_frames(error.__traceback__)
        kind = type(error)
        module = kind.__module__
        name = (
            kind.__qualname__ if module in ("builtins", None) else f"{module}.{kind.__qualname__}"
        )
        try:
            message = str(error)
        except BaseException:  # noqa: BLE001  Whatever `__str__` raises.
            message = "<exception str() failed>"
        if is_small:
            summary = traceback.TracebackException(kind, error, shown, compact=True)
            stack, text = summary.stack, "".join(summary.format())
        else:
            stack = traceback.extract_tb(shown)
            lines = ["Traceback (most recent call last):\n", *stack.format()] if stack else []
            text = "".join((*lines, f"{name}: {message}\n"))
        frames = tuple(
            (
                frame.filename,
                frame.name,
                frame.lineno or 0,
                0 if frame.colno is None else frame.colno + 1,
                frame.line or "",
            )
            for frame in stack
        )
        related, members = _related(error)
        return (
            name,
            message,
            text,
            frames,
            _notes(error),
            one(related) if related is not None and fresh(related) else None,
            tuple(one(member) for member in members if fresh(member)),
            _attributes(error),
        )

    def fresh(error: BaseException) -> bool:
        return id(error) not in seen and len(seen) < _MOST_EXCEPTIONS

    return one(error)


def _related(
    error: BaseException,
) -> tuple[BaseException | None, tuple[BaseException, ...]]:
    """What led to an exception, and its members if it is a group."""
    related = error.__cause__
    if related is None and not error.__suppress_context__:
        related = error.__context__
    return related, error.exceptions if isinstance(error, BaseExceptionGroup) else ()


def _is_small(error: BaseException) -> bool:
    """Whether an exception has few causes, contexts and members, all in all."""
    seen: set[int] = set()
    left = [error]
    while left:
        current = left.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        related, members = _related(current)
        if len(seen) + len(members) > _MOST_EXCEPTIONS:
            return False
        left.extend(members)
        left.extend(e for e in (related, current.__context__) if e is not None)
    return True


def _notes(error: BaseException) -> tuple[str, ...]:
    try:
        return tuple(str(note) for note in getattr(error, "__notes__", ()))
    except Exception:  # noqa: BLE001  Notes that raise are no notes.
        return ()


def _attributes(error: BaseException) -> tuple[tuple[str, object], ...]:
    import _multicore

    found: list[tuple[str, object]] = []
    for name in _ATTRIBUTES:
        try:
            value = getattr(error, name)
        except Exception:  # noqa: BLE001, S112  An attribute that raises is left out.
            continue
        if value is not None and not callable(value) and _multicore.is_shareable(value):
            found.append((name, value))
    return tuple(found)


def resolve(path: str) -> Callable[..., object]:
    """Finds `module:qualified.name`; without a colon, a name of `__main__` or a builtin."""
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


def shutdown() -> None:
    """Runs what runs at exit: calls exit handlers, lets go of `__main__`.

    Stopped like any job if it takes too long.
    """
    import gc

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
    gc.collect()
    if atexit is not None:
        atexit._clear()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


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
        return [t for t in threading.enumerate() if t.ident != here and not isinstance(t, foreign)]

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
        except Exception:  # noqa: BLE001  As Python does at its own exit.
            sys.excepthook(*sys.exc_info())
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
