"""Times as guards: `after` so many seconds, `at` a time, `every` so often; python-csp's `Timer`."""

from __future__ import annotations

import time

import _multicore

from multicore.csp._guard import Guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self


class Timer(Guard):
    """A guard that is ready at its time; also a clock."""

    __slots__ = ("_at",)

    def __init__(self, seconds: float = 0.0) -> None:
        self._at = time.monotonic() + seconds

    def set_alarm(self, seconds: float) -> None:
        """Be ready in so many seconds."""
        self._at = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds until it is ready."""
        return max(0.0, self._at - time.monotonic())

    def passed(self) -> object:
        """It was chosen: what the choice gives."""
        return None

    @staticmethod
    def sleep(seconds: float) -> None:
        """Sleep; a stop of the process ends it."""
        _multicore.sleep(seconds)

    @staticmethod
    def read() -> float:
        """Give the time, in seconds since the epoch."""
        return time.time()


class Ticker(Timer):
    """A time that comes again and again. Made by `every`."""

    __slots__ = ("_interval", "_next", "_start")

    def __init__(self, interval: float) -> None:
        self._start, self._interval, self._next = time.monotonic(), interval, 1
        super().__init__(interval)

    def passed(self) -> int:
        """It was chosen: gives the number of the tick, from 1."""
        since = time.monotonic() - self._start
        now = max(self._next, int(since / self._interval))
        self._next = now + 1
        self._at = self._start + self._next * self._interval
        return now

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> int:
        _multicore.sleep(self.remaining)
        return self.passed()


def after(seconds: float) -> Timer:
    """Give a guard that is ready in so many seconds, counted from now."""
    return Timer(seconds)


def at(moment: datetime | float) -> Timer:
    """Give a guard that is ready from a point in time on: a datetime, or seconds as `time.time()`.

    It is the deadline of several waits together, where each `after` would begin anew.
    """
    stamp = moment if isinstance(moment, (int, float)) else moment.timestamp()
    return Timer(stamp - time.time())


def every(interval: float) -> Ticker:
    """Give a guard that is ready every so many seconds, and an endless series of ticks.

    Ticks are numbered from 1 and do not drift; those that nobody was there for are left out, and
    their numbers with them.
    """
    if not interval > 0:
        raise ValueError(f"interval is {interval!r}: give seconds, more than 0")
    return Ticker(interval)
