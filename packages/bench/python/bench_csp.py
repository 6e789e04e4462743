"""Processes of the csp suite, for whatever has `send(value)` and `recv()`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def prefix(out: Any, back: Any, n: int) -> None:
    value = 0
    for _ in range(n):
        out.send(value)
        value = back.recv()


def delta(source: Any, left: Any, right: Any, n: int) -> None:
    for _ in range(n):
        value = source.recv()
        left.send(value)
        right.send(value)


def successor(source: Any, out: Any, n: int) -> None:
    for _ in range(n):
        out.send(source.recv() + 1)


def consume(source: Any, n: int) -> int:
    total = 0
    for _ in range(n):
        total += source.recv()
    return total


def hop(source: Any, out: Any, turns: int, add: int) -> int:
    """One member of a ring: passes the token on, one higher."""
    value = 0
    for _ in range(turns):
        value = source.recv()
        out.send(value + add)
    return value


def start(source: Any, out: Any, turns: int) -> int:
    """The first member of a ring: brings the token in."""
    value = 0
    for _ in range(turns):
        out.send(value)
        value = source.recv()
    return value


def lower(source: Any, out: Any, done: Any) -> None:
    """One member of a ring that stays: passes the token on, one lower, until it is used up."""
    try:
        while True:
            left = source.recv()
            if left == 0:
                done.send(0)
            else:
                out.send(left - 1)
    except Exception as ended:
        # The channel's own way to end: whatever it is called where this runs.
        if "Poison" not in type(ended).__name__:
            raise


def produce(out: Any, n: int) -> None:
    for _ in range(n):
        out.send(7)


def select(receivers: Any) -> int:
    # What multicore.channels.select is made of.
    import _multicore
    from multicore.channels import ChannelClosedError

    total, left = 0, list(receivers)
    while left:
        try:
            total += _multicore.select(left)[1]
        except ChannelClosedError as ended:
            del left[ended.case]
    return total
