"""`multiprocessing.pool.Pool` over interpreters.

What lives here: the pool's methods and its results. What must not: how workers are fed
(`multicore/_workers.py`).
"""

from __future__ import annotations

import builtins
import itertools
import os
import threading
from collections import deque

import _multicore

from multicore import _calls, _workers
from multicore.compat.context import TimeoutError
from multicore.compat.process import heritage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Self

_numbers = itertools.count(1)

#: A pool's states.
RUN, CLOSE, TERMINATE = "RUN", "CLOSE", "TERMINATE"
#: How many chunks of an iterator that has no length are read ahead, for each worker.
_AHEAD = 4


def __getattr__(name: str) -> object:
    if name == "ThreadPool":
        # Threads of this interpreter, as ever.
        from multiprocessing.pool import ThreadPool

        return ThreadPool
    if name == "MapResult":
        return _Gathered
    if name == "ApplyResult":
        return AsyncResult
    if name in ("IMapIterator", "IMapUnorderedIterator"):
        return _flat
    from multicore.compat._absent import absent

    raise absent(__name__, name)


class AsyncResult[T]:
    """The result of a call that runs in a worker."""

    def __init__(
        self,
        callback: Callable[[T], object] | None,
        error_callback: Callable[[BaseException], object] | None,
    ) -> None:
        self._event = threading.Event()
        self._callback = callback
        self._error_callback = error_callback
        self._value: Any = None
        self._error: BaseException | None = None

    def ready(self) -> bool:
        """Say whether the call is done."""
        return self._event.is_set()

    def successful(self) -> bool:
        """Say whether the call, which is done, returned."""
        if not self.ready():
            raise ValueError(f"{self!r} not ready")
        return self._error is None

    def wait(self, timeout: float | None = None) -> None:
        """Wait until the call is done, or `timeout` seconds have passed."""
        self._event.wait(timeout)

    def get(self, timeout: float | None = None) -> T:
        """Give what the call returned, or raise what it raised."""
        if not self._event.wait(timeout):
            raise TimeoutError
        if self._error is not None:
            raise self._error
        result: T = self._value
        return result

    def _settle(self, value: Any, error: BaseException | None) -> None:
        self._value, self._error = value, error
        try:
            if error is None and self._callback is not None:
                self._callback(value)
            elif error is not None and self._error_callback is not None:
                self._error_callback(error)
        finally:
            self._event.set()


if TYPE_CHECKING:
    _Results = AsyncResult[list[Any]]
else:
    # Naming what it is of would import `typing`.
    _Results = AsyncResult


class _Gathered(_Results):
    """The results of many chunks, in order."""

    def __init__(
        self,
        chunks: int,
        callback: Callable[[list[Any]], object] | None,
        error_callback: Callable[[BaseException], object] | None,
    ) -> None:
        super().__init__(callback, error_callback)
        self._chunks: list[list[Any]] = [[] for _ in range(chunks)]
        self._missing = chunks
        if chunks == 0:
            self._settle([], None)

    def take(self, index: int, results: list[Any] | None, error: BaseException | None) -> None:
        if self._missing == 0:
            return
        if error is not None:
            self._missing = 0
            self._settle(None, error)
            return
        self._chunks[index] = results or []
        self._missing -= 1
        if self._missing == 0:
            self._settle(list(itertools.chain.from_iterable(self._chunks)), None)


class _Stream:
    """An iterator over results as they come, or in order."""

    def __init__(self, ordered: bool) -> None:
        self._ordered = ordered
        self._changed = threading.Condition()
        self._ready: deque[tuple[Any, BaseException | None]] = deque()
        self._early: dict[int, tuple[Any, BaseException | None]] = {}
        self._next = 0
        self._taken = 0
        self._length: int | None = None

    def take(self, index: int, value: Any, error: BaseException | None) -> None:
        with self._changed:
            if not self._ordered:
                self._ready.append((value, error))
            else:
                self._early[index] = (value, error)
                while (found := self._early.pop(self._next, None)) is not None:
                    self._ready.append(found)
                    self._next += 1
            self._changed.notify_all()

    def set_length(self, length: int) -> None:
        with self._changed:
            self._length = length
            self._changed.notify_all()

    def _can_go_on(self) -> bool:
        return bool(self._ready) or self._taken == self._length

    def next(self, timeout: float | None = None) -> Any:
        """Give the next result."""
        with self._changed:
            if not self._changed.wait_for(self._can_go_on, timeout):
                raise TimeoutError
            if not self._ready:
                raise StopIteration
            self._taken += 1
            value, error = self._ready.popleft()
        if error is not None:
            raise error
        return value


class Pool:
    """Workers, each an interpreter, that calls are given to."""

    def __init__(
        self,
        processes: int | None = None,
        initializer: Callable[..., object] | None = None,
        initargs: Iterable[Any] = (),
        maxtasksperchild: int | None = None,
        context: object = None,  # noqa: ARG002  There is one kind of worker.
    ) -> None:
        """Makes a pool of `processes` workers, as many as there are processors by default."""
        count = (os.process_cpu_count() or 1) if processes is None else processes
        if count < 1:
            raise ValueError("Number of processes must be at least 1")
        most: object = maxtasksperchild
        if most is not None and not (isinstance(most, int) and most > 0):
            raise ValueError("maxtasksperchild must be a positive int or None")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        packed = None
        if initializer is not None:
            packed = (_calls.pack(initializer), _multicore.pack((tuple(initargs), {})))
        self._count = count
        self._state = RUN
        name = f"Pool-{next(_numbers)}"
        self._workers = _workers.Workers(
            count, name, packed, maxtasksperchild, process=("PoolWorker", heritage())
        )
        if packed is not None:
            # Its effects are wanted, with or without calls.
            self._workers.fill()

    def __del__(self) -> None:
        if getattr(self, "_state", None) == RUN:
            import warnings

            text = f"unclosed running multiprocessing pool {self!r}"
            warnings.warn(text, ResourceWarning, stacklevel=2, source=self)
            self.close()

    def __repr__(self) -> str:
        return f"<multicore.compat.pool.Pool state={self._state} pool_size={self._count}>"

    def __enter__(self) -> Self:
        self._check()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.terminate()

    def _check(self) -> None:
        if self._state != RUN:
            raise ValueError("Pool not running")

    def _add(
        self,
        runner: str,
        packed: _calls.Packed,
        arguments: object,
        settle: Callable[[Any, BaseException | None], None],
    ) -> None:
        try:
            parcel = _multicore.pack(arguments)
        except Exception as error:  # noqa: BLE001  Whatever pickling raises is the result's.
            settle(None, error)
            return
        self._workers.add(_workers.Task(runner, packed, parcel, lambda: True, settle))

    def apply[T](
        self, func: Callable[..., T], args: Iterable[Any] = (), kwds: dict[str, Any] | None = None
    ) -> T:
        """Call `func(*args, **kwds)` in a worker and wait for what it returns."""
        return self.apply_async(func, args, kwds).get()

    def apply_async[T](
        self,
        func: Callable[..., T],
        args: Iterable[Any] = (),
        kwds: dict[str, Any] | None = None,
        callback: Callable[[T], object] | None = None,
        error_callback: Callable[[BaseException], object] | None = None,
    ) -> AsyncResult[T]:
        """Call `func(*args, **kwds)` in a worker."""
        self._check()
        result: AsyncResult[T] = AsyncResult(callback, error_callback)
        self._add("attempt", _calls.pack(func), (tuple(args), dict(kwds or {})), result._settle)
        return result

    def map[T](
        self, func: Callable[[Any], T], iterable: Iterable[Any], chunksize: int | None = None
    ) -> list[T]:
        """Call `func` with each item and give the results in order."""
        return self.map_async(func, iterable, chunksize).get()

    def starmap[T](
        self,
        func: Callable[..., T],
        iterable: Iterable[Iterable[Any]],
        chunksize: int | None = None,
    ) -> list[T]:
        """Call `func` with each item's items as arguments and give the results in order."""
        return self.starmap_async(func, iterable, chunksize).get()

    def map_async[T](
        self,
        func: Callable[[Any], T],
        iterable: Iterable[Any],
        chunksize: int | None = None,
        callback: Callable[[list[T]], object] | None = None,
        error_callback: Callable[[BaseException], object] | None = None,
    ) -> AsyncResult[list[T]]:
        """Start what `map` does."""
        items = list(iterable)
        return self._gather("attempt_items", func, items, chunksize, callback, error_callback)

    def starmap_async[T](
        self,
        func: Callable[..., T],
        iterable: Iterable[Iterable[Any]],
        chunksize: int | None = None,
        callback: Callable[[list[T]], object] | None = None,
        error_callback: Callable[[BaseException], object] | None = None,
    ) -> AsyncResult[list[T]]:
        """Start what `starmap` does."""
        calls = [tuple(items) for items in iterable]
        return self._gather("attempt_each", func, calls, chunksize, callback, error_callback)

    def _gather(
        self,
        runner: str,
        func: Callable[..., Any],
        calls: list[Any],
        chunksize: int | None,
        callback: Callable[[list[Any]], object] | None,
        error_callback: Callable[[BaseException], object] | None,
    ) -> AsyncResult[list[Any]]:
        self._check()
        if chunksize is None:
            # Four chunks a worker: some slack for calls that take longer.
            chunksize = max(1, -(-len(calls) // (self._count * 4)))
        if chunksize < 1:
            raise ValueError(f"Chunksize must be 1+, not {chunksize:n}")
        chunks = [calls[at : at + chunksize] for at in range(0, len(calls), chunksize)]
        gathered = _Gathered(len(chunks), callback, error_callback)
        packed = _calls.pack(func)
        for index, chunk in enumerate(chunks):
            self._add(runner, packed, chunk, _taker(gathered.take, index))
        return gathered

    def imap[T](
        self, func: Callable[[Any], T], iterable: Iterable[Any], chunksize: int = 1
    ) -> Iterator[T]:
        """Call `func` with each item and give the results in order, as they come."""
        results: Iterator[T] = self._stream(func, iterable, chunksize, ordered=True)
        return results

    def imap_unordered[T](
        self, func: Callable[[Any], T], iterable: Iterable[Any], chunksize: int = 1
    ) -> Iterator[T]:
        """Call `func` with each item and give the results as they come, in any order."""
        results: Iterator[T] = self._stream(func, iterable, chunksize, ordered=False)
        return results

    def _stream(
        self, func: Callable[[Any], Any], iterable: Iterable[Any], chunksize: int, *, ordered: bool
    ) -> Any:
        self._check()
        if chunksize < 1:
            raise ValueError(f"Chunksize must be 1+, not {chunksize:n}")
        stream, packed = _Stream(ordered), _calls.pack(func)
        chunks = _chunks(iterable, chunksize)
        if hasattr(iterable, "__len__"):
            for _ in self._start(stream, packed, chunks, None):
                pass
            return _flat(stream)
        # It may never end, or wait for results: somebody else reads it, not far ahead.
        ahead = threading.BoundedSemaphore(self._count * _AHEAD)
        self._workers.hold()
        threading.Thread(
            target=self._read, args=(stream, packed, chunks, ahead), daemon=True
        ).start()
        return _flat(stream)

    def _read(
        self,
        stream: _Stream,
        packed: _calls.Packed,
        chunks: Iterator[list[Any]],
        ahead: threading.BoundedSemaphore,
    ) -> None:
        try:
            started = self._start(stream, packed, chunks, ahead)
            while ahead.acquire() and self._state != TERMINATE:
                if next(started, None) is None:
                    return
        finally:
            self._workers.let_go()

    def _start(
        self,
        stream: _Stream,
        packed: _calls.Packed,
        chunks: Iterator[list[Any]],
        ahead: threading.BoundedSemaphore | None,
    ) -> Iterator[int]:
        """Have the chunks called, one whenever the next is asked for."""
        count = 0
        try:
            for chunk in chunks:
                self._add("attempt_items", packed, chunk, _taker(stream.take, count, ahead))
                count += 1
                yield count
        except Exception as error:  # noqa: BLE001  Whatever the iterable raised is the next result.
            stream.take(count, None, error)
            count += 1
        stream.set_length(count)

    def close(self) -> None:
        """Accept no more calls; the workers go when those accepted are done."""
        if self._state == RUN:
            self._state = CLOSE
            self._workers.finish()

    def terminate(self) -> None:
        """Stop the workers at once: calls that run are interrupted, others dropped."""
        self._state = TERMINATE
        for task in self._workers.finish(cancel=True):
            task.settle(None, _workers.Broken("the pool was terminated"))
        self._workers.stop()

    def join(self) -> None:
        """Wait for the workers to go, after `close` or `terminate`."""
        if self._state == RUN:
            raise ValueError("Pool is still running")
        self._workers.join()


def _chunks(iterable: Iterable[Any], size: int) -> Iterator[list[Any]]:
    items = iter(iterable)
    while chunk := list(itertools.islice(items, size)):
        yield chunk


def _taker(
    take: Callable[[int, Any, BaseException | None], None],
    index: int,
    ahead: threading.BoundedSemaphore | None = None,
) -> Callable[[Any, BaseException | None], None]:
    def taken(value: Any, error: BaseException | None) -> None:
        take(index, value, error)
        if ahead is not None:
            ahead.release()

    return taken


class _flat:  # noqa: N801  Looks like a function to who uses it.
    """The items of a stream's chunks, with the `next(timeout)` of multiprocessing."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self._items: Iterator[Any] = iter(())

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Any:
        return self.next()

    def next(self, timeout: float | None = None) -> Any:
        """Give the next result; raises TimeoutError after `timeout` seconds."""
        missing = object()
        while (item := builtins.next(self._items, missing)) is missing:
            self._items = iter(self._stream.next(timeout))
        return item
