"""Messages between interpreters with what CPython itself has. The interpreters stay."""

from __future__ import annotations

import _interpreters
import os
import sys
import threading

import bench_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


HERE = os.path.dirname(os.path.abspath(__file__))

# Waiting is a poll that sleeps for 10 ms, as Queue.put and Queue.get of the standard library do.
QUEUES = """
import queue, sys, time
sys.path.insert(0, {here!r})
import bench_messages
import _interpqueues as q
class Queue:
    def __init__(self, id): self.id = id
class QueueEmpty(q.QueueError, queue.Empty): pass
class QueueFull(q.QueueError, queue.Full): pass
q._register_heap_types(Queue, QueueEmpty, QueueFull)
DELAY = 10 / 1000
HOW = (2,) if sys.version_info >= (3, 14) else (0, 2)
def put(qid, value, put=q.put):
    while True:
        try:
            return put(qid, value, *HOW)
        except QueueFull:
            time.sleep(DELAY)
def get(qid, get=q.get):
    while True:
        try:
            return get(qid)[0]
        except QueueEmpty:
            time.sleep(DELAY)
def ends(out, back):
    return (lambda value: put(out, value)), (lambda: get(back))
"""

# Channels have no waiting receive either: theirs is the same sleep.
CHANNELS = """
import sys, time
sys.path.insert(0, {here!r})
import bench_messages
import _interpchannels as c
DELAY = 10 / 1000
EMPTY = object()
def recv(cid, recv=c.recv):
    value, _ = recv(cid, EMPTY)
    while value is EMPTY:
        time.sleep(DELAY)
        value, _ = recv(cid, EMPTY)
    return value
def ends(out, back):
    return (lambda value: c.send(out, value, blocking=False)), (lambda: recv(back))
"""

# An id alone does not keep a channel alive.
KEPT: list[Any] = []


def run_in(interpreter: int, source: str, shared: dict[str, Any] | None = None) -> None:
    failure = _interpreters.exec(interpreter, source, shared or {})
    if failure is not None:
        raise RuntimeError(failure.formatted if hasattr(failure, "formatted") else str(failure))


class Side:
    """An interpreter with a thread of its own."""

    def __init__(self, prelude: str) -> None:
        self.interpreter = _interpreters.create()
        run_in(self.interpreter, prelude.format(here=HERE))
        self.failure: Exception | None = None

    def start(self, source: str) -> None:
        def work() -> None:
            try:
                run_in(self.interpreter, source)
            except Exception as error:  # noqa: BLE001  Whatever it is, it is told.
                self.failure = error

        self.failure = None
        self.thread = threading.Thread(target=work)
        self.thread.start()

    def join(self) -> None:
        self.thread.join()
        if self.failure is not None:
            raise self.failure


def result_of(interpreter: int, name: str) -> int:
    """A variable of an interpreter, through a queue or channel of one."""
    run_in(interpreter, f"import os; os.write({RESULT[1]}, str({name}).encode() + b'\\n')")
    return int(RESULT_FILE.readline())


RESULT = os.pipe()
RESULT_FILE = os.fdopen(RESULT[0])


def main() -> None:
    kind = sys.argv[1]
    if kind == "queues":
        import _interpqueues as q

        prelude = QUEUES

        def make(capacity: int) -> int:
            how = (2,) if sys.version_info >= (3, 14) else (0, 2)
            return q.create(capacity, *how)
    else:
        import _interpchannels as c

        prelude = CHANNELS

        def make(capacity: int) -> int:
            channel = c.create(2)
            KEPT.append(channel)
            return int(channel)

    a, b = Side(prelude), Side(prelude)

    def both(first: str, second: str, side: Side) -> int:
        """Runs one source in each interpreter at once; what `side` has in `total` then."""
        b.start(first)
        a.start(second)
        a.join()
        b.join()
        return result_of(side.interpreter, "total")

    def throughput(name: str, capacity: int) -> Callable[[int], int]:
        pipe = make(capacity)
        return lambda n: both(
            f"total = bench_messages.consume(ends({pipe}, {pipe})[1], {n})",
            f"bench_messages.produce(ends({pipe}, {pipe})[0], {name!r}, {n})",
            b,
        )

    there, back = make(0), make(0)

    def round_trip(name: str) -> Callable[[int], int]:
        return lambda n: both(
            f"bench_messages.pong(*ends({back}, {there}), {n}, {name!r})",
            f"total = bench_messages.ping(*ends({there}, {back}), {n}, {name!r})",
            a,
        )

    found = {
        "round-trip": round_trip("int"),
        "round-trip-bytes": round_trip("bytes"),
        "int-unbounded": throughput("int", 0),
    }
    capacity = 64 if kind == "queues" else 0
    for name in ("int", "text", "tuple", "bytes"):
        found[f"{name}-64"] = throughput(name, capacity)
    if kind == "queues":
        found["int-1"] = throughput("int", 1)
        found["megabyte-8"] = throughput("megabyte", 8)
    bench_host.serve(found)


main()
