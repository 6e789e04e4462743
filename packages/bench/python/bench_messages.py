"""The two ends of a channel as Python code, for whatever has `send(value)` and `recv()`."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


PAYLOADS = {
    "int": 7,
    "text": "x" * 100,
    "tuple": (1, 2.5, "three"),
    "bytes": b"x" * 1024,
    "megabyte": b"x" * (1 << 20),
}


def weigh(value: Any) -> int:
    """A number that depends on what arrived, cheap enough not to count."""
    return value if value.__class__ is int else len(value)


def produce(send: Callable[[Any], object], name: str, n: int) -> int:
    value = PAYLOADS[name]
    for _ in range(n):
        send(value)
    return n


def consume(recv: Callable[[], Any], n: int) -> int:
    total = 0
    for _ in range(n):
        value = recv()
        total += value if value.__class__ is int else len(value)
    return total


def ping(send: Callable[[Any], object], recv: Callable[[], Any], n: int, name: str = "int") -> int:
    """Sends `n` times and waits for what `pong` answers; ints come back with one added."""
    total = 0
    if name == "int":
        for index in range(n):
            send(index & 63)
            total += recv()
    else:
        value = PAYLOADS[name]
        for _ in range(n):
            send(value)
            total += len(recv())
    return total


def pong(send: Callable[[Any], object], recv: Callable[[], Any], n: int, name: str = "int") -> None:
    if name == "int":
        for _ in range(n):
            send(recv() + 1)
    else:
        for _ in range(n):
            send(recv())


def checked(name: str, n: int) -> int:
    """What `consume` gives."""
    return weigh(PAYLOADS[name]) * n


# The same with channel ends of multicore.channels as arguments.


def produce_channel(sender: Any, name: str, n: int) -> int:
    return produce(sender.send, name, n)


def consume_channel(receiver: Any, n: int) -> int:
    return consume(receiver.recv, n)


def ping_channel(sender: Any, receiver: Any, n: int, name: str = "int") -> int:
    return ping(sender.send, receiver.recv, n, name)


def pong_channel(sender: Any, receiver: Any, n: int, name: str = "int") -> None:
    pong(sender.send, receiver.recv, n, name)


def drain_channel(receiver: Any) -> int:
    """Receives until the channel ends: the shortest way to write it."""
    total = 0
    for value in receiver:
        total += value
    return total
