"""Executors for `concurrent.futures` whose workers are interpreters with a GIL each.

>>> with InterpreterPoolExecutor() as pool:
...     list(pool.map(abs, [-1, 2]))
[1, 2]

What lives here: `InterpreterPoolExecutor`. What must not: how workers are fed (`_workers.py`).
"""

from __future__ import annotations

import itertools
import os
import time
import weakref
from collections import deque
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from concurrent.futures.thread import BrokenThreadPool

import _multicore

from multicore import _calls, _workers
from multicore.interpreters import ExecutionFailed as ExecutionFailed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import ALL_COMPLETED as ALL_COMPLETED
    from concurrent.futures import FIRST_COMPLETED as FIRST_COMPLETED
    from concurrent.futures import FIRST_EXCEPTION as FIRST_EXCEPTION
    from concurrent.futures import BrokenExecutor as BrokenExecutor
    from concurrent.futures import CancelledError as CancelledError
    from concurrent.futures import InvalidStateError as InvalidStateError
    from concurrent.futures import TimeoutError as TimeoutError
    from concurrent.futures import as_completed as as_completed
    from concurrent.futures import wait as wait
    from typing import Any

__all__ = [
    "ALL_COMPLETED",
    "FIRST_COMPLETED",
    "FIRST_EXCEPTION",
    "BrokenExecutor",
    "BrokenInterpreterPool",
    "CancelledError",
    "ExecutionFailed",
    "Executor",
    "Future",
    "InterpreterPoolExecutor",
    "InvalidStateError",
    "ProcessPoolExecutor",
    "ThreadPoolExecutor",
    "TimeoutError",
    "as_completed",
    "wait",
]

_numbers = itertools.count()


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    # The rest is the standard library's, for who has changed an import.
    import concurrent.futures

    found: object = getattr(concurrent.futures, name)
    return found


class BrokenInterpreterPool(BrokenThreadPool):
    """A worker's initializer failed, or a worker was closed: the pool cannot be used any more."""


def _finish(workers: _workers.Workers) -> None:
    workers.finish()


class InterpreterPoolExecutor(ThreadPoolExecutor):
    """Runs calls in interpreters of this process, in parallel.

    Functions, arguments and results go as with `Interpreter.call`: shared where they can be, copied
    or pickled otherwise. A call's exception is raised by its future, with an ExecutionFailed that
    has the traceback as its cause.

    It is a ThreadPoolExecutor, as the standard library's own, only for who asks: asyncio takes no
    other as the default executor of a loop. Nothing of that is used.
    """

    BROKEN = BrokenInterpreterPool
    #: How many calls a worker makes before another takes its place.
    _calls_each: int | None = None

    def __init__(
        self,
        max_workers: int | None = None,
        thread_name_prefix: str = "",
        initializer: Callable[..., object] | None = None,
        initargs: tuple[object, ...] = (),
    ) -> None:
        """Makes an executor of at most `max_workers` interpreters, created when needed.

        `initializer` is called with `initargs` in each new one.
        """
        if max_workers is None:
            max_workers = min(32, (os.process_cpu_count() or 1) + 4)
        if max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        if isinstance(initializer, str):
            raise TypeError("scripts not supported")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        packed: tuple[_calls.Packed, _multicore.Parcel | None] | Exception | None = None
        if initializer is not None:
            try:
                packed = (_calls.pack(initializer), _multicore.pack((initargs, {})))
            except Exception as error:  # noqa: BLE001  It breaks the pool when it is first used.
                packed = error
        self._max_workers = max_workers
        self._thread_name_prefix = thread_name_prefix or f"InterpreterPoolExecutor-{next(_numbers)}"
        self._workers = _workers.Workers(
            max_workers, self._thread_name_prefix, packed, self._calls_each
        )
        # An executor that is dropped without shutdown ends when its calls are done.
        self._finalizer = weakref.finalize(self, _finish, self._workers)

    # What monitoring code, and the standard library's own tests, read of a ThreadPoolExecutor.

    @property
    def _threads(self) -> set[str]:  # type: ignore[override]
        return set(self._workers.names())

    @property
    def _broken(self) -> str | bool:  # type: ignore[override]
        return self._workers.broken or False

    @property
    def _shutdown(self) -> bool:  # type: ignore[override]
        return self._workers.finishing

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Schedule `fn(*args, **kwargs)` in an interpreter, and give the future of its result."""
        return self._submit("attempt", fn, (args, kwargs) if args or kwargs else None)

    def _submit(self, runner: str, fn: Callable[..., Any], arguments: object) -> Future[Any]:
        if self._workers.broken is not None:
            raise BrokenInterpreterPool(self._workers.broken)
        if self._workers.finishing:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future: Future[Any] = Future()
        if isinstance(fn, str):
            raise TypeError("scripts not supported")
        try:
            packed = _calls.pack(fn, check=False)
            parcel = None if arguments is None else _multicore.pack(arguments)
        except Exception as error:  # noqa: BLE001  Whatever pickling raises is the future's.
            future.set_exception(error)
            return future

        def settle(result: Any, error: BaseException | None) -> None:
            if error is None:
                future.set_result(result)
            elif isinstance(error, _workers.Broken):
                future.set_exception(BrokenInterpreterPool(str(error)))
            else:
                future.set_exception(error)

        self._workers.add(
            _workers.Task(runner, packed, parcel, future.set_running_or_notify_cancel, settle)
        )
        return future

    def map[T](
        self,
        fn: Callable[..., T],
        *iterables: Iterable[Any],
        timeout: float | None = None,
        chunksize: int = 1,
        buffersize: int | None = None,
    ) -> Iterator[T]:
        """Call `fn` with the items of the iterables, and give the results in order.

        `chunksize` calls go to a worker at once. The iterables are consumed now, or only so far
        that `buffersize` results wait to be taken. A result that is not there `timeout` seconds
        from now is a TimeoutError.
        """
        if buffersize is not None and not isinstance(buffersize, int):
            raise TypeError("buffersize must be an integer or None")
        if buffersize is not None and buffersize < 1:
            raise ValueError("buffersize must be None or > 0")
        if chunksize < 1:
            raise ValueError("chunksize must be >= 1.")
        deadline = None if timeout is None else time.monotonic() + timeout
        calls: Iterator[Any] = zip(*iterables)  # noqa: B905  As the built-in map: the shortest decides.
        if chunksize == 1:
            start = (self.submit(fn, *args) for args in calls)
            return _results(start, deadline, buffersize, self)
        runner = "attempt_each"
        if len(iterables) == 1:
            runner, calls = "attempt_items", iter(iterables[0])
        chunks = itertools.batched(calls, chunksize, strict=False)
        start_chunks = (self._submit(runner, fn, list(chunk)) for chunk in chunks)
        return itertools.chain.from_iterable(_results(start_chunks, deadline, buffersize, self))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Accept no more calls, and free the workers when those accepted are done.

        Waits for that unless `wait` is false. `cancel_futures` cancels what does not run yet.
        """
        for task in self._workers.finish(cancel=cancel_futures):
            future = getattr(task.begin, "__self__", None)
            if isinstance(future, Future):
                future.cancel()
                future.set_running_or_notify_cancel()
        if wait:
            self._workers.join()


class ProcessPoolExecutor(InterpreterPoolExecutor):
    """What programs for the executor of this name use: its workers are interpreters here."""

    def __init__(
        self,
        max_workers: int | None = None,
        mp_context: object = None,  # noqa: ARG002  There is one kind of worker.
        initializer: Callable[..., object] | None = None,
        initargs: tuple[object, ...] = (),
        *,
        max_tasks_per_child: int | None = None,
    ) -> None:
        """Makes an executor of as many interpreters as there are processors.

        Each is replaced when it has made `max_tasks_per_child` calls.
        """
        if max_tasks_per_child is not None:
            if not isinstance(max_tasks_per_child, int):
                raise TypeError("max_tasks_per_child must be an integer")
            if max_tasks_per_child <= 0:
                raise ValueError("max_tasks_per_child must be >= 1")
            self._calls_each = max_tasks_per_child
        if max_workers is None:
            max_workers = os.process_cpu_count() or 1
        super().__init__(max_workers, "", initializer, initargs)

    # As multiprocessing has it since 3.14, and what takes the place of a signal.

    def terminate_workers(self) -> None:
        """Interrupt the calls that run, and accept no more."""
        self.shutdown(wait=False, cancel_futures=True)
        self._workers.stop()

    kill_workers = terminate_workers


def _results[T](
    start: Iterator[Future[T]],
    deadline: float | None,
    buffersize: int | None,
    executor: Executor,
) -> Iterator[T]:
    """Start the first calls now and give an iterator of all results."""
    futures = deque(start if buffersize is None else itertools.islice(start, buffersize))
    # Without a limit the executor is not kept alive by results that nobody takes.
    keep = None if buffersize is None else executor

    def results() -> Iterator[T]:
        try:
            while futures:
                if keep is not None and (further := next(start, None)) is not None:
                    futures.append(further)
                remaining = None if deadline is None else deadline - time.monotonic()
                # Popped first: nobody but who takes the result keeps it.
                yield _result(futures.popleft(), remaining)
        finally:
            for future in futures:
                future.cancel()

    return results()


def _result[T](future: Future[T], timeout: float | None) -> T:
    try:
        try:
            return future.result(timeout)
        finally:
            future.cancel()
    finally:
        # Breaks the cycle of an exception's traceback and the future.
        del future
