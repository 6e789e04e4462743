"""Messages between processes: multiprocessing's Queue and Pipe. The other process stays."""

from __future__ import annotations

import multiprocessing
import sys

import bench_host
import bench_messages

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.process import BaseProcess
    from typing import Any

    # By the name of a payload: what runs it so many times.
    Workloads = Callable[[str], Callable[[int], Any]]


def other_side(orders: Any, make: Callable[[], Any]) -> None:
    """Does what it is told until it is told to stop."""
    send, recv = make()
    while True:
        what, name, n = orders.recv()
        if what == "consume":
            orders.send(bench_messages.consume(recv, n))
        elif what == "pong":
            bench_messages.pong(send, recv, n, name)
            orders.send(None)
        else:
            return


def workloads(
    make_here: Callable[[], Any], make_there: Callable[[], Any], method: str
) -> tuple[
    Callable[[str], Callable[[int], Any]], Callable[[str], Callable[[int], Any]], BaseProcess
]:
    context = multiprocessing.get_context(method)
    orders, theirs = context.Pipe()
    process = context.Process(  # type: ignore[attr-defined]
        target=other_side, args=(theirs, make_there), daemon=True
    )
    process.start()
    send, recv = make_here()

    def throughput(name: str) -> Callable[[int], Any]:
        def run(n: int) -> Any:
            orders.send(("consume", name, n))
            bench_messages.produce(send, name, n)
            return orders.recv()

        return run

    def round_trip(name: str) -> Callable[[int], Any]:
        def run(n: int) -> int:
            orders.send(("pong", name, n))
            total = bench_messages.ping(send, recv, n, name)
            orders.recv()
            return total

        return run

    return throughput, round_trip, process


class QueueEnds:
    def __init__(self, out: Any, back: Any) -> None:
        self.out, self.back = out, back

    def __call__(self) -> tuple[Callable[[Any], object], Callable[[], Any]]:
        return self.out.put, self.back.get


class PipeEnds:
    def __init__(self, end: Any) -> None:
        self.end = end

    def __call__(self) -> tuple[Callable[[Any], object], Callable[[], Any]]:
        return self.end.send, self.end.recv


def main() -> None:
    method = "fork" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(method)
    if sys.argv[1] == "queue":
        bounded = [context.Queue(64), context.Queue(64)]
        free = [context.Queue(), context.Queue()]
        throughput, round_trip, process = workloads(
            QueueEnds(*bounded), QueueEnds(*reversed(bounded)), method
        )
        unbounded, _, other = workloads(QueueEnds(*free), QueueEnds(*reversed(free)), method)
        found = {
            "int-64": throughput("int"),
            "int-unbounded": unbounded("int"),
            "text-64": throughput("text"),
            "tuple-64": throughput("tuple"),
            "bytes-64": throughput("bytes"),
            "megabyte-8": throughput("megabyte"),
            "round-trip": round_trip("int"),
            "round-trip-bytes": round_trip("bytes"),
        }
        others = [process, other]
    else:
        here, there = context.Pipe()
        throughput, round_trip, process = workloads(PipeEnds(here), PipeEnds(there), method)
        # A pipe holds what the operating system's buffer holds.
        found = {
            "int-64": throughput("int"),
            "text-64": throughput("text"),
            "tuple-64": throughput("tuple"),
            "bytes-64": throughput("bytes"),
            "megabyte-8": throughput("megabyte"),
            "round-trip": round_trip("int"),
            "round-trip-bytes": round_trip("bytes"),
        }
        others = [process]

    def close() -> None:
        for each in others:
            each.kill()

    bench_host.serve(found, close)


if __name__ == "__main__":
    main()
