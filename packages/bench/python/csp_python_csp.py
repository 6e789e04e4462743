"""The csp suite on python-csp: processes of the operating system, channels in shared memory."""

from __future__ import annotations

from typing import Any

import bench_csp
import bench_host
from csp.csp import Channel, Par, process  # type: ignore[import-not-found]


class Ends:
    """Both ends of a channel under the names that bench_csp uses."""

    def __init__(self, channel: Any) -> None:
        self.send, self.recv = channel.write, channel.read


@process  # type: ignore[untyped-decorator]
def prefix(out: Any, back: Any, n: int) -> None:
    bench_csp.prefix(Ends(out), Ends(back), n)


@process  # type: ignore[untyped-decorator]
def delta(source: Any, left: Any, right: Any, n: int) -> None:
    bench_csp.delta(Ends(source), Ends(left), Ends(right), n)


@process  # type: ignore[untyped-decorator]
def successor(source: Any, out: Any, n: int) -> None:
    bench_csp.successor(Ends(source), Ends(out), n)


@process  # type: ignore[untyped-decorator]
def consume(source: Any, result: Any, n: int) -> None:
    result.put(bench_csp.consume(Ends(source), n))


def commstime(n: int) -> Any:
    import multiprocessing

    result: Any = multiprocessing.SimpleQueue()
    a, b, c, d = (Channel() for _ in range(4))
    Par(prefix(a, c, n), delta(a, b, d, n), successor(b, c, n), consume(d, result, n)).start()
    return result.get()


bench_host.serve({"commstime": commstime})
