"""The csp suite on threads and queue.Queue(1), one GIL: the standard library has no rendezvous."""

from __future__ import annotations

import queue
import threading

import bench_csp
import bench_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


class Ends:
    """Both ends of a queue under the names that bench_csp uses."""

    def __init__(self, capacity: int) -> None:
        made: queue.Queue[Any] = queue.Queue(capacity)
        self.send, self.recv = made.put, made.get


def run(*processes: tuple[Any, ...]) -> list[Any]:
    results = [None] * len(processes)

    def work(index: int, function: Callable[..., Any], args: Iterable[Any]) -> None:
        results[index] = function(*args)

    threads = [
        threading.Thread(target=work, args=(index, function, args))
        for index, (function, *args) in enumerate(processes)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def commstime(n: int) -> Any:
    a, b, c, d = (Ends(1) for _ in range(4))
    return run(
        (bench_csp.prefix, a, c, n),
        (bench_csp.delta, a, b, d, n),
        (bench_csp.successor, b, c, n),
        (bench_csp.consume, d, n),
    )[-1]


def ring(n: int) -> Any:
    turns = -(-n // 4)
    links = [Ends(1) for _ in range(4)]
    processes = [(bench_csp.hop, links[i], links[i + 1 & 3], turns, 1) for i in range(1, 4)]
    return run((bench_csp.start, links[0], links[1], turns), *processes)[0]


bench_host.serve({"commstime": commstime, "ring": ring})
