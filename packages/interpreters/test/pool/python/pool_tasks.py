"""Tasks for the pool's tests."""

import asyncio
import itertools
import os
import threading
import time
from collections import deque
from collections.abc import Callable

import multicore

calls = 0
hoard: list[bytes] = []


def count() -> int:
    global calls
    calls += 1
    return calls


def add(a: int, b: int = 0) -> int:
    return a + b


def fail(message: str) -> None:
    raise ValueError(message)


def fail_at(n: int, bad: int) -> int:
    if n == bad:
        raise ValueError(f"{n} is bad")
    return n * 10


async def double(n: int) -> int:
    await asyncio.sleep(0)
    return 2 * n


def endless() -> None:
    while True:
        pass


def endless_after(tell: Callable[[], object]) -> None:
    tell()
    endless()


def stubborn() -> int:
    """A call into C that nothing interrupts; it ends by itself, long after the test."""
    return len(deque(itertools.repeat(None, 2_000_000_000), maxlen=0))


def spin(milliseconds: float) -> float:
    end = time.perf_counter() + milliseconds / 1000
    while time.perf_counter() < end:
        pass
    return milliseconds


def wait_for(path: str) -> bool:
    """Runs until a file exists: a task that takes as long as a test wants."""
    while not os.path.exists(path):
        time.sleep(0.001)
    return True


def wait_behind(gate: str | None) -> str | None:
    if gate is not None:
        wait_for(gate)
    return gate


def leak_thread() -> None:
    threading.Thread(target=time.sleep, args=(3600,)).start()


def use_threads(n: int) -> int:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as executor:
        return sum(executor.map(abs, range(n)))


def grow(size: int) -> int:
    hoard.append(os.urandom(size))
    return len(hoard)


def litter() -> bool:
    """Leaves something in `__main__`; says whether something was there."""
    import __main__

    was_there = hasattr(__main__, "litter")
    __main__.litter = True
    return was_there


def work(steps: int) -> int:
    for step in range(steps):
        multicore.progress(step + 1, steps, f"step {step + 1}")
    return steps


async def work_async(steps: int) -> int:
    for step in range(steps):
        await asyncio.sleep(0)
        multicore.progress(step + 1, steps)
    return steps


def call_back(function: Callable[[int], int], n: int) -> int:
    return function(n)


def exit_at(n: int, bad: int) -> int:
    if n == bad:
        raise SystemExit(n)
    return n


def lock_at(n: int, bad: int) -> object:
    return threading.Lock() if n == bad else n


def litter_of(_n: int) -> bool:
    return litter()


async def _later(n: int) -> int:
    await asyncio.sleep(0)
    return n


def maybe_later(n: int) -> object:
    """A plain function that returns a coroutine now and then, as decorated ones do."""
    return _later(n) if n % 1000 == 999 else n


def endless_of(_n: int) -> None:
    endless()


half_done = False


def half(milliseconds: float) -> bool:
    """Leaves a state behind that nobody should see if it is stopped; says whether there was one."""
    global half_done
    seen = half_done
    half_done = True
    spin(milliseconds)
    half_done = False
    return seen
