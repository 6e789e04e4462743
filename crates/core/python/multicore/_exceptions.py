"""Taking exceptions apart: the Python half of `crates/core/src/interpreter/exceptions/`.

What lives here: whatever needs `traceback`, imported when the first exception leaves. The Rust half
handles plain exceptions by itself and asks here for the text of a place it sees for the first time,
and for exceptions that print more than a type and a message.
"""

import linecache
import traceback
from types import TracebackType

from multicore._support import sources

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

#: Causes, contexts and members of groups that are taken apart, all in all.
_MOST_EXCEPTIONS = 64
#: Attributes of exceptions that say what went wrong, where they have them.
ATTRIBUTES = (
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

#: The sources that `linecache` knows, as they were when it was told.
_published: dict[str, str] = {}


def _publish_sources() -> None:
    """Lets `linecache` know the lines of sources given as text."""
    for filename in [name for name in _published if name not in sources]:
        del _published[filename]
        linecache.cache.pop(filename, None)
    for filename, source in sources.items():
        if _published.get(filename) is not source or filename not in linecache.cache:
            lines = [line + "\n" for line in source.splitlines()]
            linecache.cache[filename] = (len(source), None, lines, filename)
            _published[filename] = source


def _without_our_frames(shown: TracebackType | None) -> TracebackType | None:
    """Skips the frames of multicore itself at the top: users look for their own."""
    while shown is not None:
        if not shown.tb_frame.f_code.co_filename.startswith("<multicore"):
            break
        shown = shown.tb_next
    return shown


def _frame(summary: traceback.FrameSummary) -> Frame:
    return (
        summary.filename,
        summary.name,
        summary.lineno or 0,
        0 if summary.colno is None else summary.colno + 1,
        summary.line or "",
    )


def place(shown: TracebackType) -> tuple[str, str, int, int, str, str]:
    """What is shown of the first place of a traceback: the frame, and what Python prints for it."""
    _publish_sources()
    made = traceback.TracebackException(ValueError, ValueError(), shown, limit=1, compact=True)
    return *_frame(made.stack[0]), "".join(made.stack.format())


def last_lines(error: BaseException) -> str:
    """What Python prints below the traceback."""
    # Suggestions look into the frames, so they are given, but none is to be shown.
    made = traceback.TracebackException(
        type(error), error, error.__traceback__, limit=0, compact=True
    )
    return "".join(made.format_exception_only())


def describe(error: BaseException) -> Described:
    """Takes an exception apart into values that can leave the interpreter."""
    _publish_sources()
    seen: set[int] = set()
    # `traceback` takes quadratic time for long chains, and recurses into groups.
    is_small = _is_small(error)

    def one(error: BaseException) -> Described:
        seen.add(id(error))
        shown = _without_our_frames(error.__traceback__)
        kind = type(error)
        module = kind.__module__
        name = (
            kind.__qualname__ if module in ("builtins", None) else f"{module}.{kind.__qualname__}"
        )
        try:
            message = str.__str__(str(error))
        except BaseException:  # noqa: BLE001  Whatever `__str__` raises.
            message = "<exception str() failed>"
        if is_small:
            summary = traceback.TracebackException(kind, error, shown, compact=True)
            stack, text = summary.stack, "".join(summary.format())
        else:
            stack = traceback.extract_tb(shown)
            lines = ["Traceback (most recent call last):\n", *stack.format()] if stack else []
            text = "".join((*lines, f"{name}: {message}\n"))
        related, members = _related(error)
        return (
            name,
            message,
            text,
            tuple(map(_frame, stack)),
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
    for name in ATTRIBUTES:
        try:
            value = getattr(error, name)
        except Exception:  # noqa: BLE001, S112  An attribute that raises is left out.
            continue
        if value is not None and not callable(value) and _multicore.is_shareable(value):
            found.append((name, value))
    return tuple(found)
