"""One more interpreter or one more process, with what CPython has."""

import concurrent.futures
import multiprocessing
import os
import sys

import bench_functions
import bench_host

HERE = os.path.dirname(os.path.abspath(__file__))
KEPT = []
IMPORT = f"import sys; sys.path.insert(0, {HERE!r}); import bench_functions; bench_functions.add(40, 2)"


def interpreter():
    import _interpreters

    made = _interpreters.create()
    failure = _interpreters.exec(made, IMPORT)
    if failure is not None:
        raise RuntimeError(str(failure))
    return made


def destroy(made):
    import _interpreters

    _interpreters.destroy(made)


def pool():
    # `spawn`: a forked child shares what its parent has, and cannot have threads safely.
    made = concurrent.futures.ProcessPoolExecutor(
        1, mp_context=multiprocessing.get_context("spawn")
    )
    made.submit(bench_functions.add, 40, 2).result()
    return made


def main():
    make, end = (
        (interpreter, destroy)
        if sys.argv[1] == "interpreters"
        else (pool, lambda made: made.shutdown())
    )

    def settle(_):
        KEPT.append(make())
        return 42

    def extra(n):
        for _ in range(n):
            end(make())
        return 42

    def extra_memory(n):
        KEPT.extend(make() for _ in range(n))
        return 42

    def churn(n):
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
