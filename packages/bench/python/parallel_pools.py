"""CPU-bound Python on ProcessPoolExecutor or ThreadPoolExecutor, kept warm."""

from __future__ import annotations

import concurrent.futures
import functools
import multiprocessing
import sys

import bench_host
import bench_work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    kind = sys.argv[1]
    counts = (1, 2, 4, 8)

    @functools.cache
    def pool(count: int) -> concurrent.futures.Executor:
        if kind == "threads":
            return concurrent.futures.ThreadPoolExecutor(count)
        method = "fork" if sys.platform == "linux" else "spawn"
        executor = concurrent.futures.ProcessPoolExecutor(
            count, mp_context=multiprocessing.get_context(method)
        )
        list(executor.map(bench_work.tiny, range(count * 4)))
        return executor

    def work(count: int, tasks: list[list[int]]) -> Callable[[int], int]:
        def run(_: int) -> int:
            futures = [pool(count).submit(bench_work.count_primes, *task) for task in tasks]
            return sum(future.result() for future in futures)

        return run

    def tiny(count: int, chunk: int) -> Callable[[int], int]:
        def run(n: int) -> int:
            return sum(
                pool(count).map(bench_work.tiny, [i & 63 for i in range(n)], chunksize=chunk)
            )

        return run

    workloads = {}
    for count in counts:
        workloads[f"equal-{count}"] = work(count, bench_work.EQUAL)
        workloads[f"uneven-{count}"] = work(count, bench_work.UNEVEN)
        workloads[f"weak-{count}"] = work(count, bench_work.EQUAL * count)
        workloads[f"tiny-{count}"] = tiny(count, 1)
        workloads[f"tiny-chunked-{count}"] = tiny(count, 256)
    bench_host.serve(workloads)


if __name__ == "__main__":
    main()
