"""What the suite of the Python API does, with whichever module's names: ours or CPython's."""

from __future__ import annotations

import bench_work

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

WORKERS = 2


def calls(interpreter: Any) -> Callable[[int], int]:
    """Call a function in another interpreter, one call after the other."""

    def run(n: int) -> int:
        return sum(interpreter.call(bench_work.tiny, i & 63) for i in range(n))

    return run


def maps(mapping: Callable[[Callable[[int], int], Iterable[int]], Iterable[int]]) -> Any:
    """Have a pool's `map` call a function that does next to nothing."""

    def run(n: int) -> int:
        return sum(mapping(bench_work.tiny, [i & 63 for i in range(n)]))

    return run


_made: dict[str, Callable[[int], int]] = {}


def ours(name: str, n: int) -> int:
    """Run a workload with multicore, in an interpreter of the host."""
    if not _made:
        from multicore import interpreters
        from multicore.compat import Pool
        from multicore.futures import InterpreterPoolExecutor

        _made["call"] = calls(interpreters.create())
        _made["executor-map"] = maps(InterpreterPoolExecutor(WORKERS).map)
        _made["pool-map"] = maps(Pool(WORKERS).map)
    return _made[name](n)
