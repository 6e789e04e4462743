"""Queues with `multiprocessing`'s names over `multicore.interpreters` queues."""

from __future__ import annotations

import queue
from types import GenericAlias

import _multicore

from multicore import _queues, _unbound, channels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _create(maxsize: int) -> _queues.Queue:
    made: _queues.Queue = _multicore.create_queue(maxsize, _unbound.KEEP)
    return made


class Queue:
    """`multiprocessing.Queue`: what is put can be got in any interpreter that has the queue."""

    __class_getitem__: Any = classmethod(GenericAlias)

    def __init__(self, maxsize: int = 0, *, ctx: object = None) -> None:  # noqa: ARG002
        """Makes a queue; `ctx` is accepted for compatibility: all contexts' queues are the same."""
        self._queue = _create(maxsize)
        self._closed = False
        #: As with multiprocessing, a queue that nothing was put into may be looked at when closed.
        self._used = False

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.__getstate__())

    def __getstate__(self) -> Any:
        return {"_queue": self._queue, "_closed": False, "_used": False}

    def __setstate__(self, state: Any) -> None:
        self.__dict__.update(state)

    def put(self, obj: object, block: bool = True, timeout: float | None = None) -> None:
        """Add the object; raises `queue.Full` when `timeout` seconds have passed."""
        if self._closed:
            raise ValueError(f"Queue {self!r} is closed")
        self._used = True
        self._queue.put(obj, block, timeout)

    def put_nowait(self, obj: object) -> None:
        """Add the object, or raise `queue.Full`."""
        self.put(obj, block=False)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Give the next object; raises `queue.Empty` when `timeout` seconds have passed."""
        if self._closed:
            raise ValueError(f"Queue {self!r} is closed")
        return self._queue.get(block, timeout)

    def get_nowait(self) -> Any:
        """Give the next object, or raise `queue.Empty`."""
        return self.get(block=False)

    def qsize(self) -> int:
        """How many objects are in the queue."""
        self._check()
        return self._queue.qsize()

    def empty(self) -> bool:
        """Whether the queue is empty."""
        self._check()
        return self._queue.empty()

    def full(self) -> bool:
        """Whether the queue is full."""
        self._check()
        return self._queue.full()

    def _check(self) -> None:
        if self._closed and self._used:
            raise OSError("handle is closed")

    def close(self) -> None:
        """Say that this interpreter puts and gets no more."""
        self._closed = True

    def join_thread(self) -> None:
        """Accepted for compatibility: no thread stands between."""

    def cancel_join_thread(self) -> None:
        """Accepted for compatibility: no thread stands between."""


class SimpleQueue(Queue):
    """`multiprocessing.SimpleQueue`."""

    def __init__(self, *, ctx: object = None) -> None:
        super().__init__(0, ctx=ctx)
        self._used = True


class JoinableQueue(Queue):
    """A queue that knows how many of its objects are not dealt with."""

    def __init__(self, maxsize: int = 0, *, ctx: object = None) -> None:
        super().__init__(maxsize, ctx=ctx)
        # One token for each object that is not done; whoever takes the last closes nothing.
        self._open = _create(0)
        self._idle = channels.create(None)

    def __getstate__(self) -> Any:
        return super().__getstate__() | {"_open": self._open, "_idle": self._idle}

    def put(self, obj: object, block: bool = True, timeout: float | None = None) -> None:
        """Add the object, which `task_done` will be called for."""
        self._open.put(None)
        try:
            super().put(obj, block, timeout)
        except queue.Full:
            self._open.get_nowait()
            raise

    def task_done(self) -> None:
        """Say that an object that was got is dealt with."""
        try:
            self._open.get_nowait()
        except queue.Empty:
            raise ValueError("task_done() called too many times") from None
        if self._open.empty():
            self._idle[1].send(None)

    def join(self) -> None:
        """Wait until all objects are dealt with."""
        while not self._open.empty():
            self._idle[0].recv()
        # Others may wait, too.
        self._idle[1].send(None)


def _rebuild(kind: type[Queue], state: Any) -> Queue:
    made = kind.__new__(kind)
    made.__setstate__(state)
    return made
