"""The functions that every side calls. No library of any side is imported here."""

from array import array


def add(a, b):
    return a + b


def scaled(*, value, factor):
    return value * factor


def fail(number):
    raise ValueError(number)


def size(value):
    """The length of what arrived: the answer is small, so that only one way is measured."""
    return len(value)


def depth(value):
    levels = 0
    while value:
        value = value[0] if isinstance(value, (list, tuple)) else None
        levels += 1
    return levels


def same(value):
    return value


KEPT = {
    "text-1k": "x" * 1024,
    "ints-100k": list(range(1 << 32, (1 << 32) + 100_000)),
    "floats-100k": [index + 0.5 for index in range(100_000)],
    "strings-100k": [f"item {index}" for index in range(100_000)],
    "dict-100k": {f"key {index}": index for index in range(100_000)},
    "bytes-1k": bytes(1 << 10),
    "bytes-1m": bytes(1 << 20),
    "bytes-64m": None,
    "doubles-100k": array("d", (index + 0.5 for index in range(100_000))).tobytes(),
}


def prepare(name):
    """Makes what is too large to be made for nothing."""
    if name == "bytes-64m":
        KEPT[name] = bytes(1 << 26)


def kept(name):
    """An object that exists already: making it is not measured, bringing it over is."""
    return KEPT[name]


def total(value):
    return float(sum(value))
