"""The pool suite on ProcessPoolExecutor: what src/programs/pool/workloads.ts asks of a pool."""

from __future__ import annotations

import concurrent.futures
import functools
import math
import multiprocessing
import os
import sys
import threading
import time

import bench_host
import bench_work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Executor = concurrent.futures.ProcessPoolExecutor

CORES = min(8, 2 ** int(math.log2(len(os.sched_getaffinity(0)) if sys.platform == "linux" else 2)))
REQUEST = (50_000, 50_040)
CLIENTS = 2
KEPT: list[Executor] = []
FORK_SERVER = "spawn" if sys.platform == "win32" else "forkserver"


def open_pool(workers: int, method: str) -> Executor:
    made = concurrent.futures.ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context(method)
    )
    list(made.map(bench_work.tiny, range(workers * 4)))
    return made


def latency(pool: Executor, n: int, part: float) -> bench_host.Timed:
    """`n` requests by clients that each wait for their answer; `n` times the percentile."""
    times: list[float] = []
    lock = threading.Lock()
    done = threading.Event()
    left = n
    found = 0

    def ask() -> None:
        nonlocal left
        with lock:
            if left == 0:
                return
            left -= 1
        start = time.perf_counter()
        pool.submit(bench_work.count_primes, *REQUEST).add_done_callback(
            lambda future: answer(future, start)
        )

    def answer(future: concurrent.futures.Future[int], start: float) -> None:
        nonlocal found
        found = future.result()
        times.append(time.perf_counter() - start)
        if len(times) == n:
            done.set()
        ask()

    for _ in range(CORES * CLIENTS):
        ask()
    done.wait()
    times.sort()
    return bench_host.Timed(times[min(n - 1, int(n * part))] * n, found)


def main() -> None:
    method = "fork" if sys.platform == "linux" else "spawn"

    @functools.cache
    def pool(count: int) -> Executor:
        return open_pool(count, method)

    def primes(count: int, tasks: list[list[int]]) -> Callable[[int], int]:
        def run(_: int) -> int:
            futures = [pool(count).submit(bench_work.count_primes, *task) for task in tasks]
            return sum(future.result() for future in futures)

        return run

    def tiny(n: int) -> int:
        futures = [pool(CORES).submit(bench_work.tiny, i & 63) for i in range(n)]
        return sum(future.result() for future in futures)

    def warm(n: int) -> int:
        last = 0
        for _ in range(n):
            last = pool(CORES).submit(bench_work.tiny, 41).result()
        return last

    def tiny_map(n: int) -> int:
        return sum(pool(CORES).map(bench_work.tiny, [i & 63 for i in range(n)], chunksize=256))

    def start(method: str, n: int) -> int:
        for _ in range(n):
            open_pool(CORES, method).shutdown()
        return 42

    # `spawn`: what a forked child shares with its parent is not counted as its own otherwise, and
    # a parent with threads must not fork.
    def settle(_: int) -> int:
        KEPT.append(open_pool(1, "spawn"))
        return 42

    def worker_memory(n: int) -> int:
        KEPT.append(open_pool(n, "spawn"))
        return 42

    bench_host.serve(
        {
            "equal-1": primes(1, bench_work.EQUAL),
            f"equal-{CORES}": primes(CORES, bench_work.EQUAL),
            f"uneven-{CORES}": primes(CORES, bench_work.UNEVEN),
            "tiny": tiny,
            "tiny-map": tiny_map,
            "warm": warm,
            "latency-p50": lambda n: latency(pool(CORES), n, 0.5),
            "latency-p99": lambda n: latency(pool(CORES), n, 0.99),
            "start": functools.partial(start, method),
            "start-forkserver": functools.partial(start, FORK_SERVER),
            "settle": settle,
            "worker-memory": worker_memory,
        }
    )


if __name__ == "__main__":
    main()
