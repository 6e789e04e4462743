"""Messages between interpreters with `concurrent.interpreters` (CPython 3.14 and later)."""

from __future__ import annotations

import os
import threading
from concurrent import interpreters  # type: ignore[attr-defined]

import bench_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


HERE = os.path.dirname(os.path.abspath(__file__))


class Side:
    """An interpreter with a thread of its own."""

    def __init__(self) -> None:
        self.interpreter = interpreters.create()
        self.interpreter.exec(f"import sys; sys.path.insert(0, {HERE!r}); import bench_messages")

    def start(self, source: str, **shared: object) -> None:
        self.interpreter.prepare_main(**shared)
        self.thread = threading.Thread(target=self.interpreter.exec, args=(source,))
        self.thread.start()


a, b = Side(), Side()
answers = interpreters.create_queue()


def throughput(name: str, capacity: int) -> Callable[[int], Any]:
    pipe = interpreters.create_queue(capacity)

    def run(n: int) -> Any:
        b.start(f"answers.put(bench_messages.consume(pipe.get, {n}))", pipe=pipe, answers=answers)
        a.start(f"bench_messages.produce(pipe.put, {name!r}, {n})", pipe=pipe)
        a.thread.join()
        b.thread.join()
        return answers.get()

    return run


def round_trip(n: int) -> Any:
    there, back = interpreters.create_queue(), interpreters.create_queue()
    b.start(f"bench_messages.pong(back.put, there.get, {n})", there=there, back=back)
    a.start(
        f"answers.put(bench_messages.ping(there.put, back.get, {n}))",
        there=there,
        back=back,
        answers=answers,
    )
    a.thread.join()
    b.thread.join()
    return answers.get()


bench_host.serve(
    {
        "int-64": throughput("int", 64),
        "int-unbounded": throughput("int", 0),
        "text-64": throughput("text", 64),
        "tuple-64": throughput("tuple", 64),
        "bytes-64": throughput("bytes", 64),
        "round-trip": round_trip,
    }
)
