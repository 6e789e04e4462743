"""Messages between threads of one interpreter: queue.Queue and queue.SimpleQueue, one GIL."""

from __future__ import annotations

import queue
import threading

import bench_host
import bench_messages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def throughput(name: str, make: Callable[[], Any], pairs: int = 1) -> Callable[[int], int]:
    def run(n: int) -> int:
        pipe = make()
        share = -(-n // pairs)
        totals = []
        consumers = [
            threading.Thread(target=lambda: totals.append(bench_messages.consume(pipe.get, share)))
            for _ in range(pairs)
        ]
        producers = [
            threading.Thread(target=bench_messages.produce, args=(pipe.put, name, share))
            for _ in range(pairs)
        ]
        for thread in consumers + producers:
            thread.start()
        for thread in consumers + producers:
            thread.join()
        return sum(totals)

    return run


def round_trip(name: str) -> Callable[[int], int]:
    def run(n: int) -> int:
        there: queue.SimpleQueue[Any] = queue.SimpleQueue()
        back: queue.SimpleQueue[Any] = queue.SimpleQueue()
        other = threading.Thread(target=bench_messages.pong, args=(back.put, there.get, n, name))
        other.start()
        total = bench_messages.ping(there.put, back.get, n, name)
        other.join()
        return total

    return run


def bounded() -> queue.Queue[Any]:
    return queue.Queue(64)


bench_host.serve(
    {
        "int-1": throughput("int", lambda: queue.Queue(1)),
        "int-64": throughput("int", bounded),
        "int-64-4x4": throughput("int", bounded, 4),
        "int-unbounded": throughput("int", queue.SimpleQueue),
        "text-64": throughput("text", bounded),
        "tuple-64": throughput("tuple", bounded),
        "bytes-64": throughput("bytes", bounded),
        "megabyte-8": throughput("megabyte", lambda: queue.Queue(8)),
        "round-trip": round_trip("int"),
        "round-trip-bytes": round_trip("bytes"),
    }
)
