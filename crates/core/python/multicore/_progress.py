"""Progress of the running task, as `multicore.progress` tells it to the host.

What lives here: `progress`, and running a function on behalf of somebody who listens. What must
not: anything about who listens.
"""

import time
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from types import CoroutineType

from multicore import _support

type Listener = Callable[[float, float | None, str | None], object]

#: Reports that come faster than this, in seconds, are left out; never the last one.
_INTERVAL = 0.05


class _Reporter:
    """Passes on to a listener, not too often."""

    __slots__ = ("_listener", "_next")

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._next = 0.0

    def report(self, done: float, total: float | None, message: str | None) -> None:
        now = time.monotonic()
        if now < self._next and (total is None or done < total):
            return
        self._next = now + _INTERVAL
        self._listener(done, total, message)


_reporter: ContextVar[_Reporter | None] = ContextVar("multicore.progress", default=None)


def progress(done: float, total: float | None = None, message: str | None = None) -> None:
    """Tells how far the running task is, to whoever listens; costs little if nobody does.

    Reports that come too fast are left out, the one that reaches `total` never is.
    """
    reporter = _reporter.get()
    if reporter is not None:
        reporter.report(done, total, message)


def run(listener: Listener, path: str, args: list[object], kwargs: dict[str, object]) -> object:
    """Calls a function whose calls of `progress` go to `listener`."""
    function = _support.resolve(path)
    reporter = _Reporter(listener)
    token = _reporter.set(reporter)
    try:
        result = function(*args, **kwargs)
    finally:
        _reporter.reset(token)
    if isinstance(result, CoroutineType):
        return _awaited(result, reporter)
    return result


async def _awaited(coroutine: Coroutine[object, object, object], reporter: _Reporter) -> object:
    _reporter.set(reporter)
    return await coroutine
