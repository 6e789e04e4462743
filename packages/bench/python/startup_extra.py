"""One more interpreter or one more process, with what CPython has."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import sys

import bench_functions
import bench_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


HERE = os.path.dirname(os.path.abspath(__file__))
KEPT: list[Any] = []
IMPORT = (
    f"import sys; sys.path.insert(0, {HERE!r}); import bench_functions; bench_functions.add(40, 2)"
)


def interpreter() -> Any:
    import _interpreters

    made = _interpreters.create()
    failure = _interpreters.exec(made, IMPORT)
    if failure is not None:
        raise RuntimeError(str(failure))
    return made


def destroy(made: Any) -> None:
    import _interpreters

    _interpreters.destroy(made)


def pool() -> concurrent.futures.ProcessPoolExecutor:
    # `spawn`: a forked child shares what its parent has, and cannot have threads safely.
    made = concurrent.futures.ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn")
    )
    made.submit(bench_functions.add, 40, 2).result()
    return made


def main() -> None:
    make, end = (
        (interpreter, destroy)
        if sys.argv[1] == "interpreters"
        else (pool, lambda made: made.shutdown())
    )

    def settle(_: int) -> int:
        KEPT.append(make())
        return 42

    def extra(n: int) -> int:
        for _ in range(n):
            end(make())
        return 42

    def extra_memory(n: int) -> int:
        KEPT.extend(make() for _ in range(n))
        return 42

    def churn(n: int) -> int:
        import _interpreters

        for _ in range(n):
            made = _interpreters.create()
            _interpreters.exec(made, "import json, re, datetime")
            _interpreters.destroy(made)
        return 42

    bench_host.serve(
        {"settle": settle, "extra": extra, "extra-memory": extra_memory, "churn": churn}
    )


if __name__ == "__main__":
    main()
