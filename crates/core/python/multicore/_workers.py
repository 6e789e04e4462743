"""Interpreters that work through a queue of calls: what executors and pools are made of.

What lives here: creating workers when they are needed, giving each its next call, and the one
thread that hears of outcomes, blocked in the core. What must not: futures (`futures.py`), and the
results of `multiprocessing` (`compat`).
"""

from __future__ import annotations

import _thread
import sys
import threading
import time
from collections import deque

import _multicore

from multicore import _calls, channels, interpreters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

#: Calls that a worker is given ahead while calls are this short, so that it need not wait for us.
_SHORT_CALL_SECONDS = 0.000_5
_MOST_AHEAD = 4

#: How long a worker that is replaced may take to end by itself.
_END_SECONDS = 5.0

#: How an outcome that is no outcome of a call says what it is.
_WAKE = -1


class Task:
    """One call. `begin` is asked before it runs; `settle` gets what came of it."""

    __slots__ = ("arguments", "begin", "callable", "runner", "settle")

    def __init__(
        self,
        runner: str,
        callable: _calls.Packed,
        arguments: _multicore.Parcel | None,
        begin: Callable[[], bool],
        settle: Callable[[Any, BaseException | None], None],
    ) -> None:
        self.runner = f"multicore._calls:{runner}"
        self.callable = callable
        self.arguments = arguments
        self.begin = begin
        self.settle = settle


class _Worker:
    __slots__ = ("given", "interpreter", "left", "ready")

    def __init__(self, interpreter: interpreters.Interpreter, left: int | None) -> None:
        self.interpreter = interpreter
        #: Calls that it has and has not answered.
        self.given = 0
        #: Calls that it may still be given.
        self.left = left
        self.ready = True


class Broken(Exception):
    """A worker cannot work: its initializer failed, or somebody closed it."""


def exception_of(content: tuple[Any, ...]) -> BaseException:
    """Make the exception that `_calls.attempt` described."""
    parcel, name, message, traceback = content
    wrapper = interpreters._execution_failed(name, message, traceback)
    if parcel is None:
        return wrapper
    try:
        error = parcel.open()
    except Exception:  # noqa: BLE001  A class that cannot be made here: it stays described.
        return wrapper
    if not isinstance(error, BaseException):
        return wrapper
    error.__cause__ = wrapper
    return error


def result_of(kind: int, content: Any) -> Any:
    """Give what `_calls.attempt` returned in another interpreter, or raise what it raised."""
    if kind == 1:
        raise interpreters._execution_failed(*content)
    if kind == 2:
        raise interpreters.InterpreterError(content)
    if not content[0]:
        raise exception_of(content[1:])
    return _multicore.deliver(content[1])


class Workers:
    """At most `count` interpreters, and the calls that wait for one of them."""

    def __init__(
        self,
        count: int,
        name: str,
        initializer: tuple[_calls.Packed, _multicore.Parcel | None] | Exception | None,
        calls_each: int | None = None,
        process: tuple[str, tuple[Any, ...]] | None = None,
    ) -> None:
        if _multicore.current_interpreter()._is_serial():
            raise interpreters.InterpreterError(
                "a pool hears of its results on a thread, and this interpreter is in serial "
                "execution mode, which has none. Create it without `serial`, make the pool in "
                "another one, or use multicore.csp.par() or Interpreter.call()"
            )
        self._count = count
        self._name = name
        #: What every worker runs first; why it cannot, if it cannot be sent.
        self._initializer = initializer
        self._calls_each = calls_each
        #: What a worker's `current_process()` is called, with a number, and what it inherits.
        self._process = process
        self._made = 0
        self._lock = threading.Lock()
        self._waiting: deque[Task] = deque()
        self._workers: list[_Worker] = []
        self._running: dict[int, tuple[_Worker, Task | None, float]] = {}
        self._last = 0
        self._call_seconds = 1.0
        self._finishing = False
        self._stopping = False
        #: How many will add calls yet, although it is finishing.
        self._holds = 0
        self._broken: str | None = None
        self._listener: threading.Thread | None = None
        self._outcomes, self._tell = channels.create(None, name=name)

    @property
    def broken(self) -> str | None:
        """Why no call can be made any more."""
        return self._broken

    @property
    def finishing(self) -> bool:
        """Whether new calls are refused."""
        return self._finishing

    def names(self) -> list[str]:
        """Name the interpreters that live."""
        with self._lock:
            return [worker.interpreter.name for worker in self._workers]

    def add(self, task: Task) -> None:
        """Queue a call."""
        if isinstance(self._initializer, Exception):
            self._initializer_failed(self._initializer)
            if task.begin():
                task.settle(None, Broken(self._broken))
            return
        with self._lock:
            self._waiting.append(task)
            self._listen_first()
            worker = self._free_worker()
            if worker is None:
                if len(self._workers) >= self._count:
                    return
                worker = self._new_worker()
            self._feed(worker)

    def fill(self) -> None:
        """Make all workers now, not when they are needed."""
        with self._lock:
            self._listen_first()
            while len(self._workers) < self._count:
                self._new_worker()

    def _listen_first(self) -> None:
        if self._listener is None:
            self._listener = threading.Thread(target=self._listen, name=self._name)
            self._listener.start()

    def hold(self) -> None:
        """Stay for calls that come later, until `let_go`."""
        with self._lock:
            self._holds += 1

    def let_go(self) -> None:
        """Say that no more calls come from who called `hold`."""
        with self._lock:
            self._holds -= 1
        self._tell.send((_WAKE, 0, None))

    def finish(self, *, cancel: bool = False) -> list[Task]:
        """Accept no more calls; give those that are cancelled."""
        with self._lock:
            self._finishing = True
            cancelled = list(self._waiting) if cancel else []
            if cancel:
                self._waiting.clear()
        self._tell.send((_WAKE, 0, None))
        return cancelled

    def stop(self) -> None:
        """Interrupt the calls that run, and close their interpreters: more may be on their way."""
        with self._lock:
            self._stopping = True
            workers = list(self._workers)
        for worker in workers:
            worker.interpreter._close(0, wait=False)

    def join(self, timeout: float | None = None) -> bool:
        """Wait until all calls are done and the workers gone; say whether they are."""
        listener = self._listener
        if listener is not None and listener is not threading.current_thread():
            listener.join(timeout)
            return not listener.is_alive()
        return True

    def _initializer_failed(self, error: BaseException) -> None:
        if self._stopping:
            self._break("the pool was stopped")
            return
        import logging

        logger = logging.getLogger("concurrent.futures")
        logger.critical("Exception in initializer:", exc_info=error)
        self._break("a worker's initializer failed")

    def _free_worker(self) -> _Worker | None:
        free = (worker for worker in self._workers if worker.ready and worker.given == 0)
        return next(free, None)

    def _new_worker(self) -> _Worker:
        worker = _Worker(interpreters.create(), self._calls_each)
        path = [entry for entry in sys.path if entry]
        self._made += 1
        process: tuple[object, ...] | None = None
        if self._process is not None:
            process = (f"{self._process[0]}-{self._made}", True, [], self._process[1])
        here = (path, self._name, process)
        worker.interpreter._submit("multicore._workers:prepare", here, self._tell, _WAKE)
        if isinstance(self._initializer, tuple):
            worker.ready = False
            self._last += 1
            self._running[self._last] = (worker, None, 0.0)
            arguments = self._initializer
            worker.interpreter._submit(
                "multicore._calls:attempt", arguments, self._tell, self._last
            )
        self._workers.append(worker)
        return worker

    def _feed(self, worker: _Worker) -> None:
        """Give a worker its next calls. The lock is held."""
        if not worker.ready:
            return
        most = 1
        if self._call_seconds < _SHORT_CALL_SECONDS:
            most = max(1, min(_MOST_AHEAD, len(self._waiting) // self._count))
        while worker.given < most and self._waiting and worker.left != 0:
            task = self._waiting.popleft()
            if not task.begin():
                continue
            self._last += 1
            worker.given += 1
            if worker.left is not None:
                worker.left -= 1
            self._running[self._last] = (worker, task, time.perf_counter())
            arguments = (task.callable, task.arguments)
            worker.interpreter._submit(task.runner, arguments, self._tell, self._last)

    def _listen(self) -> None:
        try:
            while not self._is_done():
                self._heard(*self._outcomes.recv())
        except KeyboardInterrupt:
            self._break("the interpreter is closing")
        for worker in self._workers:
            worker.interpreter._close(None)
        self._workers.clear()

    def _is_done(self) -> bool:
        with self._lock:
            # Whoever calls from here on is answered by `broken` or `finishing`.
            return (self._finishing or self._broken is not None) and not (
                self._waiting or self._running or self._holds
            )

    def _heard(self, token: int, kind: int, content: Any) -> None:
        if token == _WAKE:
            return
        with self._lock:
            worker, task, began = self._running.pop(token)
            if task is not None:
                worker.given -= 1
                took = time.perf_counter() - began
                self._call_seconds += (took / max(1, worker.given + 1) - self._call_seconds) / 8
                if worker.left == 0 and worker.given == 0:
                    self._workers.remove(worker)
                    # Not waited for: who hears of outcomes must not hang on one that ends slowly.
                    worker.interpreter._close(_END_SECONDS, wait=False)
                    worker = self._new_worker() if self._waiting else worker
            else:
                worker.ready = kind == 0 and content[0]
            if self._broken is None and worker.ready:
                self._feed(worker)
        if task is None:
            if not worker.ready:
                error = exception_of(content[1:]) if kind == 0 else Broken(content)
                self._initializer_failed(error)
            return
        if kind == 0:
            if content[0]:
                self._settle(task, content[1])
            else:
                task.settle(None, exception_of(content[1:]))
        elif kind == 1:
            task.settle(None, interpreters._execution_failed(*content))
        else:
            task.settle(None, Broken(content))
            self._break(content)

    @staticmethod
    def _settle(task: Task, content: object) -> None:
        try:
            result = _multicore.deliver(content)
        except Exception as error:  # noqa: BLE001  A result that cannot be made here.
            task.settle(None, error)
        else:
            task.settle(result, None)

    def _break(self, reason: str) -> None:
        with self._lock:
            self._broken = self._broken or reason
            waiting = list(self._waiting)
            self._waiting.clear()
        for task in waiting:
            if task.begin():
                task.settle(None, Broken(reason))


def prepare(path: list[str], name: str, process: tuple[Any, ...] | None = None) -> None:
    """Make a worker find the modules that its creator finds, and name its thread."""
    known = set(sys.path)
    sys.path[:0] = [entry for entry in path if entry not in known]
    set_name = getattr(_thread, "set_name", None)
    if set_name is not None:
        set_name(name)
    if process is not None:
        from multicore.compat.process import begin

        begin(*process)
