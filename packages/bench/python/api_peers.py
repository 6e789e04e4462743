"""The suite of the Python API with CPython's own: interpreters (3.14 and later), or processes."""

from __future__ import annotations

import sys

import bench_api
import bench_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def main() -> None:
    if sys.argv[1] == "interpreters":
        from concurrent import interpreters  # type: ignore[attr-defined]
        from concurrent.futures import InterpreterPoolExecutor  # type: ignore[attr-defined]

        executor: Any = InterpreterPoolExecutor(bench_api.WORKERS)
        bench_host.serve(
            {
                "call": bench_api.calls(interpreters.create()),
                "executor-map": bench_api.maps(executor.map),
            }
        )
    else:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        context = get_context("fork" if sys.platform == "linux" else "spawn")
        executor = ProcessPoolExecutor(bench_api.WORKERS, mp_context=context)
        pool = context.Pool(bench_api.WORKERS)
        bench_host.serve(
            {
                "executor-map": bench_api.maps(executor.map),
                "pool-map": bench_api.maps(pool.map),
            }
        )


if __name__ == "__main__":
    main()
