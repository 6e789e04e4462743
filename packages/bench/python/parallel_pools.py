"""CPU-bound Python on processes or threads: ProcessPoolExecutor and ThreadPoolExecutor, kept warm."""

import concurrent.futures
import functools
import multiprocessing
import sys

import bench_host
import bench_work


def main():
    kind = sys.argv[1]
    counts = (1, 2, 4, 8)

    @functools.cache
    def pool(count):
        if kind == "threads":
            return concurrent.futures.ThreadPoolExecutor(count)
        method = "fork" if sys.platform == "linux" else "spawn"
        executor = concurrent.futures.ProcessPoolExecutor(
            count, mp_context=multiprocessing.get_context(method)
        )
        list(executor.map(bench_work.tiny, range(count * 4)))
        return executor

    def work(count, tasks):
        def run(_):
            futures = [pool(count).submit(bench_work.count_primes, *task) for task in tasks]
            return sum(future.result() for future in futures)

        return run

    def tiny(count, chunk):
        def run(n):
            return sum(pool(count).map(bench_work.tiny, [i & 63 for i in range(n)], chunksize=chunk))

        return run

    workloads = {}
    for count in counts:
        workloads[f"equal-{count}"] = work(count, bench_work.EQUAL)
        workloads[f"uneven-{count}"] = work(count, bench_work.UNEVEN)
        workloads[f"tiny-{count}"] = tiny(count, 1)
        workloads[f"tiny-chunked-{count}"] = tiny(count, 256)
    bench_host.serve(workloads)


if __name__ == "__main__":
    main()
