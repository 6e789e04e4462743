"""The functions that every side calls. No library of any side is imported here."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def add(a: Any, b: Any) -> Any:
    return a + b


def scaled(*, value: float, factor: float) -> float:
    return value * factor


def fail(number: int) -> None:
    raise ValueError(number)


def size(value: Any) -> int:
    """The length of what arrived: the answer is small, so that only one way is measured."""
    nbytes = getattr(value, "nbytes", None)
    return len(value) if nbytes is None else nbytes


COUNT = 100_000


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for level in range(depth):
        value = [value, level]
    return value


def doubles(count: int) -> memoryview:
    import array  # Here: one more interpreter should not pay for it.

    return memoryview(array.array("d", (index + 0.5 for index in range(count)))).toreadonly()


MAKERS: dict[str, Callable[[], Any]] = {
    "text-1k": lambda: "x" * 1024,
    "ints-100k": lambda: list(range(1 << 32, (1 << 32) + COUNT)),
    "floats-100k": lambda: [index + 0.5 for index in range(COUNT)],
    "strings-100k": lambda: [f"item {index}" for index in range(COUNT)],
    "dict-100k": lambda: {f"key {index}": index for index in range(COUNT)},
    "nested-64": lambda: nested(64),
    "rows-1k": lambda: [((1 << 32) + i, i + 0.5, f"item {i}") for i in range(1_000)],
    "doubles-100k": lambda: doubles(COUNT),
    "bytes-1k": lambda: bytes(1 << 10),
    "bytes-1m": lambda: bytes(1 << 20),
    "bytes-64m": lambda: bytes(1 << 26),
    "bytes-1g": lambda: bytes(1 << 30),
    "view-1k": lambda: memoryview(bytes(1 << 10)),
    "view-1g": lambda: memoryview(bytes(1 << 30)),
}

KEPT: dict[str, Any] = {}


def prepare(name: str) -> None:
    """Makes an object, so that making it is not measured."""
    if name not in KEPT:
        KEPT[name] = MAKERS[name]()


def kept(name: str) -> Any:
    """An object that exists already: only bringing it over is measured."""
    return KEPT[name]


def bounce(value: Any) -> Any:
    """Moves memory that was moved here back."""
    from multicore import channels

    return channels.transfer(value)
