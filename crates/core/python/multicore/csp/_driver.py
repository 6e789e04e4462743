"""What runs compositions: coroutines that wait for processes and for time, on one thread.

A composition is run by the thread that calls `run`, which blocks in the core until a process has
ended or a time has come. There is no asyncio here: it would cost each interpreter its start-up.
What must not be here: what processes are.
"""

from __future__ import annotations

import heapq
import time
from collections import deque
from typing import Any

import _multicore

from multicore import channels
from multicore.csp import _notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Coroutine, Generator

    from multicore.channels import SendChannel
    from multicore.interpreters import Interpreter

#: `(kind, content)`: 0 is a result, 1 an exception's description, 2 a refusal.
type Outcome = tuple[int, Any]


class Future[T]:
    """Something that will be there; to be awaited in coroutines of a driver."""

    __slots__ = ("_callbacks", "_driver", "_error", "_value", "done")

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._callbacks: list[Callable[[], None]] = []
        self._value: Any = None
        self._error: BaseException | None = None
        self.done = False

    def set(self, value: T) -> None:
        """It is there; only the first time counts."""
        self._settle(value, None)

    def fail(self, error: BaseException) -> None:
        """It will not be there."""
        self._settle(None, error)

    def _settle(self, value: T | None, error: BaseException | None) -> None:
        if self.done:
            return
        self.done, self._value, self._error = True, value, error
        callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            self._driver.soon(callback)

    def when_done(self, callback: Callable[[], None]) -> None:
        """Call it in a later turn of the driver, once this is done."""
        if self.done:
            self._driver.soon(callback)
        else:
            self._callbacks.append(callback)

    def result(self) -> T:
        """Give the value, or raise the error."""
        if self._error is not None:
            raise self._error
        value: T = self._value
        return value

    def __await__(self) -> Generator[Future[Any], None, T]:
        if not self.done:
            yield self
        return self.result()


class Timer:
    """Something that happens later, unless it is cancelled."""

    __slots__ = ("action", "at")

    def __init__(self, at: float, action: Callable[[], None]) -> None:
        self.at = at
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """It does not happen."""
        self.action = None

    def __lt__(self, other: Timer) -> bool:
        return self.at < other.at


class Driver:
    """Runs coroutines by turns on the thread that calls `run`, once."""

    def __init__(self) -> None:
        self._outcomes, self._tell = channels.create(None, name="par")
        self._jobs: dict[int, Future[Outcome]] = {}
        self._last = 0
        self._ready: deque[Callable[[], None]] = deque()
        self._timers: list[Timer] = []
        self._interpreters: dict[int, Interpreter] = {}
        self._threads: dict[int, threading.Thread] = {}
        #: Done each time before it waits.
        self.before_wait: list[Callable[[], None]] = []

    def soon(self, action: Callable[[], None]) -> None:
        """Do it in the next turn."""
        self._ready.append(action)

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Do it in so many seconds."""
        timer = Timer(time.monotonic() + seconds, action)
        heapq.heappush(self._timers, timer)
        return timer

    def every(self, seconds: float, action: Callable[[], None]) -> Callable[[], None]:
        """Do it again and again, until the function that this gives is called."""
        timer = self.after(seconds, lambda: None)

        def again() -> None:
            nonlocal timer
            timer = self.after(seconds, again)
            action()

        timer.action = again
        return lambda: timer.cancel()  # noqa: PLW0108  It is another one each time.

    def future(self) -> Future[Any]:
        """Give a future of this driver."""
        return Future(self)

    def spawn[T](self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine beside the others."""
        done: Future[T] = Future(self)

        def step() -> None:
            try:
                waits_for = coroutine.send(None)
            except StopIteration as end:
                done.set(end.value)
            except KeyboardInterrupt:
                # It is this thread that is stopped, not the coroutine.
                raise
            except BaseException as error:  # noqa: BLE001  It belongs to who awaits the future.
                done.fail(error)
            else:
                waits_for.when_done(step)

        self.soon(step)
        return done

    def job(self) -> tuple[int, SendChannel, Future[Outcome]]:
        """Give the number of a new job, where to send its outcome, and the outcome to come."""
        self._last += 1
        future: Future[Outcome] = Future(self)
        self._jobs[self._last] = future
        return self._last, self._tell, future

    def submit(
        self, interpreter: Interpreter, path: str, args: tuple[object, ...]
    ) -> Future[Outcome]:
        """Call a function in another interpreter, on its own thread."""
        token, tell, future = self.job()
        self._interpreters[token] = interpreter
        interpreter._submit(path, args, tell, token)
        return future

    def started(self, token: int, thread: threading.Thread) -> None:
        """A thread of this interpreter does a job."""
        self._threads[token] = thread

    def run[T](self, coroutine: Coroutine[Any, Any, T], on_interrupt: Callable[[], None]) -> T:
        """Run a coroutine to its end, and everything that it spawned with it.

        `on_interrupt` is called when this thread is interrupted, before everything is ended.
        """
        main = self.spawn(coroutine)
        try:
            while not main.done:
                self._turn()
                for action in self.before_wait:
                    action()
                self._wait(unless=main)
        except KeyboardInterrupt:
            self._give_up(on_interrupt)
            raise
        finally:
            coroutine.close()
            # Not when the garbage is collected: futures and tasks refer to each other.
            self._tell.leave()
            self._outcomes.leave()
        return main.result()

    def _turn(self) -> None:
        now = time.monotonic()
        while self._timers and (self._timers[0].action is None or self._timers[0].at <= now):
            action = heapq.heappop(self._timers).action
            if action is not None:
                action()
        while self._ready:
            self._ready.popleft()()

    def _wait(self, *, unless: Future[Any]) -> None:
        if unless.done:
            return
        timeout: float | None = None
        while self._timers and self._timers[0].action is None:
            heapq.heappop(self._timers)
        if self._timers:
            timeout = max(0.0, self._timers[0].at - time.monotonic())
        try:
            message = self._outcomes.recv(timeout)
        except TimeoutError:
            return
        while message is not None:
            token, kind, content = message
            self._interpreters.pop(token, None)
            self._threads.pop(token, None)
            self._jobs.pop(token).set((kind, content))
            # Others that have ended meanwhile, without waiting.
            message = self._outcomes.recv_nowait(None)

    def _give_up(self, on_interrupt: Callable[[], None]) -> None:
        """This thread may not wait at channels any more: end what still runs, with a deadline."""
        spared = _insisted(_notes.is_spared)
        steps: list[Callable[[], object]] = [] if spared else [on_interrupt]
        if self._threads:
            idents = [thread.ident for thread in self._threads.values()]
            steps.append(lambda: _multicore.stop_threads(idents))
        left = list(self._interpreters.values())
        if spared:
            steps += [_sparing(interpreter, spare=True) for interpreter in left]
        steps += [interpreter.interrupt for interpreter in left]
        steps += [_closing(interpreter) for interpreter in left]
        if spared:
            steps += [_sparing(interpreter, spare=False) for interpreter in left]
        for step in steps:
            _insisted(step)


def _insisted[T](action: Callable[[], T]) -> T:
    """Do it, although whoever stops this thread says so again and again, until it has ended."""
    while True:
        try:
            return action()
        except KeyboardInterrupt:
            continue


def _sparing(interpreter: Interpreter, *, spare: bool) -> Callable[[], object]:
    return lambda: _notes.spare_channels(interpreter, spare=spare)


def _closing(interpreter: Interpreter) -> Callable[[], object]:
    return lambda: interpreter._close(_LAST_SECONDS)


#: What a process gets to end that was interrupted.
_LAST_SECONDS = 0.5
