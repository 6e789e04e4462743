"""Locks, events, conditions, barriers: shared by all interpreters of the process and JavaScript.

They have the names and the manners of `threading`'s, and cross as messages and arguments: whoever
receives one has the same one. Waiting lets the GIL go; a stop of the job ends it.

A holder that goes away (its interpreter ends, its Worker is terminated) breaks a lock: everybody
else gets `BrokenLockError`, because what the lock guards may be half-changed. A semaphore gets its
permits back.
"""

from __future__ import annotations

import _multicore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

__all__ = [
    "Barrier",
    "BrokenBarrierError",
    "BrokenLockError",
    "Condition",
    "Event",
    "Lock",
    "RLock",
    "Semaphore",
]

#: Longest timeout in seconds that `acquire` takes, as `threading.TIMEOUT_MAX`.
TIMEOUT_MAX = 9223372036.0


_ABSENT = {
    "BoundedSemaphore": "multicore.compat.BoundedSemaphore is one",
    "Thread": "threading.Thread starts threads of this interpreter; to run in parallel use "
    "multicore.interpreters.Interpreter.call_in_thread or multicore.compat.Process",
    "Timer": "threading.Timer works in every interpreter that has threads",
    "local": "interpreters share nothing: threading.local is for the threads of one",
}


def __getattr__(name: str) -> object:
    why = _ABSENT.get(name)
    text = f"module {__name__!r} has no attribute {name!r}"
    raise AttributeError(f"{text}: {why}" if why else text, name=name)


class BrokenLockError(RuntimeError):
    """The holder of the lock went away without releasing it."""


class BrokenBarrierError(RuntimeError):
    """A party gave up waiting at the barrier, or it was reset or aborted."""


class _Primitive(_multicore.Primitive):
    __slots__ = ("__weakref__",)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Primitive):
            return NotImplemented
        return bool(self._id() == other._id())

    def __hash__(self) -> int:
        return hash(self._id())

    def __repr__(self) -> str:
        return f"<multicore.sync.{type(self).__name__} at {self._id()}: {self._described()}>"

    def _described(self) -> str:
        return f"value={self._count()}"


def _timeout(blocking: bool, timeout: float) -> float | None:
    """What `acquire(blocking, timeout)` means: seconds, `None` for ever."""
    if not blocking:
        if timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        return 0
    if timeout == -1:
        return None
    if timeout < 0:
        raise ValueError("timeout value must be a non-negative number")
    if timeout > TIMEOUT_MAX:
        raise OverflowError("timeout value is too large")
    return timeout


class Lock(_Primitive):
    """One holder at a time. Any thread of the interpreter that holds it may release it."""

    __slots__ = ()

    def __new__(cls) -> Self:
        """Makes a lock that nobody holds."""
        lock: Self = _multicore.create_primitive("lock", 1)
        return lock

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Takes the lock; says whether it did. `timeout` is in seconds."""
        return bool(self._acquire(_timeout(blocking, timeout)))

    def release(self) -> None:
        """Releases the lock; `RuntimeError` if this interpreter does not hold it."""
        if not self._release():
            raise RuntimeError("release unlocked lock")

    def locked(self) -> bool:
        """Whether somebody holds it."""
        return bool(self._count() == 0)

    def __repr__(self) -> str:
        state = "locked" if self.locked() else "unlocked"
        return f"<{state} multicore.sync.{type(self).__name__} object at {self._id()}>"

    def broken(self) -> str | None:
        """Why it is broken, or `None`."""
        reason: str | None = self._broken()
        return reason

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # A wait for a condition that was interrupted may have left the lock to others.
        if not self._release() and error is None:
            raise RuntimeError("release unlocked lock")


#: Threads of this interpreter that are inside of re-entrant locks, and how often.
_owners: dict[int, tuple[int, int]] = {}


class RLock(Lock):
    """A lock that the thread that holds it may take again. In JavaScript it is a plain lock."""

    __slots__ = ()

    def __new__(cls) -> Self:
        """Makes a lock that nobody holds."""
        lock: Self = _multicore.create_primitive("rlock", 1)
        return lock

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Takes the lock, or takes it once more."""
        from _thread import get_ident

        number, me = self._id(), get_ident()
        owner = _owners.get(number)
        if owner is not None and owner[0] == me:
            _owners[number] = (me, owner[1] + 1)
            return True
        taken = super().acquire(blocking, timeout)
        if taken:
            _owners[number] = (me, 1)
        return taken

    def release(self) -> None:
        """Releases it once; others may have it when that was done as often as it was taken."""
        from _thread import get_ident

        number, me = self._id(), get_ident()
        owner = _owners.get(number)
        if owner is None or owner[0] != me:
            raise RuntimeError("cannot release un-acquired lock")
        if owner[1] > 1:
            _owners[number] = (me, owner[1] - 1)
            return
        del _owners[number]
        super().release()

    def __repr__(self) -> str:
        owner, count = _owners.get(self._id(), (0, 0))
        state = "locked" if self.locked() else "unlocked"
        kind = f"multicore.sync.{type(self).__name__} object"
        return f"<{state} {kind} owner={owner} count={count} at {self._id()}>"

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None or self._id() in _owners:
            self.release()

    # What a `threading.Condition` does with its lock.

    def _is_owned(self) -> bool:
        return self._recursion_count() > 0

    def _recursion_count(self) -> int:
        from _thread import get_ident

        owner, count = _owners.get(self._id(), (0, 0))
        return count if owner == get_ident() else 0

    def _release_save(self) -> tuple[int, int]:
        if not self._is_owned():
            raise RuntimeError("cannot release un-acquired lock")
        saved = _owners.pop(self._id())
        super().release()
        return saved

    def _acquire_restore(self, saved: tuple[int, int]) -> None:
        super().acquire()
        _owners[self._id()] = saved


class Semaphore(_Primitive):
    """So many holders at a time."""

    __slots__ = ()

    def __new__(cls, value: int = 1) -> Self:
        """Makes a semaphore with `value` permits."""
        if value < 0:
            raise ValueError("semaphore initial value must be >= 0")
        semaphore: Self = _multicore.create_primitive("semaphore", value)
        return semaphore

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        """Takes a permit; says whether it did. `timeout` is in seconds."""
        return bool(self._acquire(_timeout(blocking, -1 if timeout is None else timeout)))

    def release(self, n: int = 1) -> None:
        """Gives permits back; those that this interpreter did not take are new ones."""
        if n < 1:
            raise ValueError("n must be one or more")
        for _ in range(n):
            if not self._release():
                self._add(1)

    def available(self) -> int:
        """How many permits nobody holds."""
        return int(self._count())

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *exception: object) -> None:
        self.release()


class Event(_Primitive):
    """A flag that parties wait for."""

    __slots__ = ()

    def __new__(cls) -> Self:
        """Makes an event that is not set."""
        event: Self = _multicore.create_primitive("event", 0)
        return event

    def _described(self) -> str:
        return "set" if self.is_set() else "unset"

    def is_set(self) -> bool:
        """Whether it is set."""
        return bool(self._is_set())

    def set(self) -> None:
        """Sets it: everybody who waits goes on."""
        self._set()

    def clear(self) -> None:
        """Clears it: whoever waits from now on waits for the next `set`."""
        self._clear()

    def wait(self, timeout: float | None = None) -> bool:
        """Waits until it is set; `False` if `timeout` seconds were not enough."""
        return bool(self._wait(None if timeout is None else max(timeout, 0)))


class Condition(_Primitive):
    """Waiting, inside of a lock, until somebody says that things have changed."""

    __slots__ = ()

    def __new__(cls, lock: Lock | None = None) -> Self:
        """Makes a condition of `lock`, or of an `RLock` of its own."""
        inside = RLock() if lock is None else lock
        condition: Self = _multicore.create_primitive("condition", inside)
        return condition

    def _described(self) -> str:
        return repr(self.lock)

    @property
    def lock(self) -> Lock:
        """Its lock."""
        lock: Lock = self._lock()
        return lock

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        """Takes its lock."""
        return self.lock.acquire(blocking, timeout)

    def release(self) -> None:
        """Releases its lock."""
        self.lock.release()

    def wait(self, timeout: float | None = None) -> bool:
        """Waits, outside of the lock, to be notified; `False` if `timeout` seconds passed first."""
        lock = self.lock
        number = lock._id()
        owner = _owners.pop(number, None)
        try:
            return bool(self._wait(None if timeout is None else max(timeout, 0)))
        finally:
            # A wait that was stopped may have left the lock to others.
            if owner is not None and lock._held():
                _owners[number] = owner

    def wait_for(self, predicate: Callable[[], bool], timeout: float | None = None) -> bool:
        """Waits until `predicate()` is true; gives what it gave last."""
        from time import monotonic

        end = None if timeout is None else monotonic() + timeout
        result = predicate()
        while not result:
            left = None if end is None else end - monotonic()
            if left is not None and left <= 0:
                break
            self.wait(left)
            result = predicate()
        return result

    def notify(self, n: int = 1) -> None:
        """Wakes up to `n` who wait."""
        self._notify(n)

    def notify_all(self) -> None:
        """Wakes all who wait."""
        self._notify(2**31)

    def __enter__(self) -> bool:
        return self.lock.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.lock.__exit__(kind, error, traceback)


class Barrier(_Primitive):
    """A place where parties wait until all of them are there."""

    __slots__ = ()

    def __new__(cls, parties: int, action: object = None, timeout: object = None) -> Self:
        """Makes a barrier for so many parties.

        An action or a default timeout would not cross: `multicore.compat.Barrier` has them.
        """
        if action is not None or timeout is not None:
            raise NotImplementedError(
                "a multicore.sync.Barrier has no action and no default timeout, which would belong "
                "to one interpreter: use multicore.compat.Barrier, or wait(timeout)"
            )
        if parties < 1:
            raise ValueError("parties must be >= 1")
        barrier: Self = _multicore.create_primitive("barrier", parties)
        return barrier

    def wait(self, timeout: float | None = None) -> int:
        """Waits for the others; gives how many were there before. Giving up breaks the barrier."""
        return int(self._wait(timeout))

    def reset(self) -> None:
        """Makes it as new; whoever waits gets `BrokenBarrierError`."""
        self._clear()

    def abort(self) -> None:
        """Breaks it, until it is reset."""
        self._abort("the barrier was aborted")

    @property
    def parties(self) -> int:
        """How many parties it is for."""
        return int(self._parties())

    @property
    def n_waiting(self) -> int:
        """How many wait."""
        return int(self._count())

    @property
    def broken(self) -> bool:
        """Whether it is broken."""
        return self._broken() is not None


for _class in (
    Lock, RLock, Semaphore, Event, Condition, Barrier, BrokenLockError, BrokenBarrierError,
):  # fmt: skip
    _multicore.register(_class.__name__, _class)
