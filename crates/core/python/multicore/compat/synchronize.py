"""`multiprocessing`'s locks over those of `multicore.sync`.

What lives here: its signatures and exceptions. What must not: how waiting works (the core).
"""

from __future__ import annotations

import threading

from multicore import channels, sync

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any

__all__ = ["Barrier", "BoundedSemaphore", "Condition", "Event", "Lock", "RLock", "Semaphore"]


def __getattr__(name: str) -> Any:
    from multicore.compat._absent import absent

    raise absent(__name__, name)


class _Holding:
    """What `with` takes and gives back."""

    __slots__ = ("__weakref__",)

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        raise NotImplementedError

    def release(self) -> None:
        raise NotImplementedError

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


class Lock(_Holding):
    """One holder at a time. It is released by the process that took it."""

    __slots__ = ("_lock", "_taker")

    def __init__(self, *, ctx: object = None) -> None:  # noqa: ARG002  As in all of this file.
        """Makes a lock; `ctx` is accepted for compatibility: all contexts' locks are the same."""
        self._lock: sync.Lock = sync.Lock()
        #: Which thread here took it last.
        self._taker: int | None = None

    def __reduce__(self) -> Any:
        return _with_lock, (type(self), self._lock)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}(owner={self._owner()})>"

    def _owner(self) -> str:
        if not self._lock.locked():
            return "None"
        if not self._lock._held():
            return "SomeOtherProcess"
        if self._taker != threading.get_ident():
            return "SomeOtherThread"
        from multicore.compat.process import current_process

        name, thread = current_process().name, threading.current_thread()
        # The core's own thread, a foreign one to `threading`, is where a process has its main one.
        is_main = isinstance(thread, (type(threading.main_thread()), threading._DummyThread))
        return name if is_main else f"{name}|{thread.name}"

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take the lock and say whether it was taken, within `timeout` seconds."""
        if not block:
            taken = self._lock.acquire(blocking=False)
        elif timeout is None:
            taken = self._lock.acquire()
        else:
            # multiprocessing takes a negative timeout for none.
            taken = self._lock.acquire(timeout=min(max(timeout, 0.0), sync.TIMEOUT_MAX))
        if taken:
            self._taker = threading.get_ident()
        return taken

    def release(self) -> None:
        """Release it."""
        try:
            self._lock.release()
        except RuntimeError as error:
            if isinstance(error, sync.BrokenLockError):
                raise
            self._not_held()

    def _not_held(self) -> None:
        if self._lock.locked():
            raise ValueError(
                "the lock is held by another process, which must release it: to signal between "
                "processes use a Semaphore or an Event"
            ) from None
        raise ValueError("semaphore or lock released too many times") from None

    def locked(self) -> bool:
        """Say whether somebody holds it."""
        return self._lock.locked()


def _with_lock(kind: type[Lock], lock: sync.Lock) -> Lock:
    made = kind.__new__(kind)
    made._lock, made._taker = lock, None
    return made


class RLock(Lock):
    """A lock that its holder may take again."""

    __slots__ = ()

    def __init__(self, *, ctx: object = None) -> None:
        super().__init__(ctx=ctx)
        self._lock = sync.RLock()

    def __repr__(self) -> str:
        owner, mine = self._owner(), sync._owners.get(self._lock._id())
        count = "nonzero" if owner.startswith("SomeOther") else mine[1] if mine else 0
        return f"<{type(self).__name__}({owner}, {count})>"

    def _not_held(self) -> None:
        raise AssertionError("attempt to release recursive lock not owned by thread") from None


class Semaphore(_Holding):
    """A counter: `acquire` waits until it is not zero. Whoever ends gives nothing back."""

    __slots__ = ("_receive", "_send")

    def __init__(self, value: int = 1, *, ctx: object = None) -> None:  # noqa: ARG002
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        # A token for each permit: messages of a channel belong to nobody.
        self._receive, self._send = channels.create(None)
        for _ in range(value):
            self._send.send(None)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}(value={self.get_value()})>"

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take one and say whether it was taken, within `timeout` seconds."""
        taken = self._receive.recv_nowait(False)
        if taken is None:
            return True
        if not block or (timeout is not None and timeout <= 0):
            return False
        try:
            self._receive.recv(timeout)
        except TimeoutError:
            return False
        return True

    def release(self) -> None:
        """Add one."""
        self._send.send(None)

    def get_value(self) -> int:
        """How many are left."""
        value: int = self._receive.stats()["length"]
        return value

    def locked(self) -> bool:
        """Say whether `acquire` would wait."""
        return self.get_value() == 0


class BoundedSemaphore(Semaphore):
    """A semaphore that is never more than it was at first."""

    __slots__ = ("_bound",)

    def __init__(self, value: int = 1, *, ctx: object = None) -> None:
        super().__init__(value, ctx=ctx)
        self._bound = value

    def __repr__(self) -> str:
        return f"<{type(self).__name__}(value={self.get_value()}, maxvalue={self._bound})>"

    def release(self) -> None:
        """Add one; ValueError if that is one too many."""
        if self.get_value() >= self._bound:
            raise ValueError("semaphore or lock released too many times")
        super().release()


class Event:
    """A flag that processes wait for."""

    __slots__ = ("__weakref__", "_event")

    def __init__(self, *, ctx: object = None) -> None:  # noqa: ARG002
        self._event = sync.Event()

    def __repr__(self) -> str:
        return f"<Event at {id(self):#x} {'set' if self.is_set() else 'unset'}>"

    def is_set(self) -> bool:
        """Say whether it is set."""
        return self._event.is_set()

    def set(self) -> None:
        """Set it."""
        self._event.set()

    def clear(self) -> None:
        """Clear it."""
        self._event.clear()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set and say whether it is, after `timeout` seconds at most."""
        return self._event.wait(timeout)


class Condition(_Holding):
    """Waiting, inside of a lock, until somebody says that things have changed."""

    __slots__ = ("_condition", "_lock")

    def __init__(self, lock: Lock | None = None, *, ctx: object = None) -> None:  # noqa: ARG002
        self._lock = RLock() if lock is None else lock
        self._condition = sync.Condition(self._lock._lock)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}({self._lock!r}, {self._condition._count()})>"

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take its lock."""
        return self._lock.acquire(block, timeout)

    def release(self) -> None:
        """Release its lock."""
        self._lock.release()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait, outside of the lock, to be notified; say whether it was."""
        return self._condition.wait(timeout)

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        """Wait until `predicate()` is true; give what it gave last."""
        return self._condition.wait_for(predicate, timeout)

    def notify(self, n: int = 1) -> None:
        """Wake up to `n` who wait."""
        self._condition.notify(n)

    def notify_all(self) -> None:
        """Wake all who wait."""
        self._condition.notify_all()


class Barrier:
    """A place where parties wait until all are there. Breaks as threading's does."""

    __slots__ = ("__weakref__", "_action", "_after", "_before", "_timeout")

    def __init__(
        self,
        parties: int,
        action: Callable[[], object] | None = None,
        timeout: float | None = None,
        *,
        ctx: object = None,  # noqa: ARG002
    ) -> None:
        self._before = sync.Barrier(parties)
        # Who comes first acts while the others wait a second time.
        self._after = None if action is None else sync.Barrier(parties)
        self._action, self._timeout = action, timeout

    def __repr__(self) -> str:
        state = "broken" if self.broken else f"waiters={self.n_waiting}/{self.parties}"
        return f"<{type(self).__module__}.{type(self).__name__} at {id(self):#x}: {state}>"

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the others; give how many were there before."""
        timeout = self._timeout if timeout is None else timeout
        try:
            index = self._before.wait(timeout)
            if self._after is not None:
                if index == 0 and self._action is not None:
                    self._act(self._action)
                self._after.wait(timeout)
        except sync.BrokenBarrierError:
            raise threading.BrokenBarrierError from None
        return index

    def _act(self, action: Callable[[], object]) -> None:
        try:
            action()
        except BaseException:
            self.abort()
            raise

    def reset(self) -> None:
        """Make it as new; whoever waits gets BrokenBarrierError."""
        self._before.reset()
        if self._after is not None:
            self._after.reset()

    def abort(self) -> None:
        """Break it, until it is reset."""
        self._before.abort()
        if self._after is not None:
            self._after.abort()

    @property
    def parties(self) -> int:
        """How many it is for."""
        return self._before.parties

    @property
    def n_waiting(self) -> int:
        """How many wait."""
        return self._before.n_waiting

    @property
    def broken(self) -> bool:
        """Whether it is broken."""
        return self._before.broken
