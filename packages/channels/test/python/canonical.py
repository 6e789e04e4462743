"""What a value is, as text, like ../values/canonical.ts; and values made by chance."""

from __future__ import annotations

import math
import random
import struct
import types
from typing import Any


def _float(number: float) -> str:
    if math.isnan(number):
        return "float nan"
    return f"float {struct.unpack('>Q', struct.pack('>d', number))[0]:x}"


def _text(value: str) -> str:
    encoded = value.encode("utf-16-be", "surrogatepass")
    units = [f"{high << 8 | low:x}" for high, low in zip(encoded[::2], encoded[1::2], strict=True)]
    return f"str {'.'.join(units)}"


def _integer(value: int) -> str:
    # No limit on digits, which `str` of an int has.
    return f"int {value:#x}"


def shape(value: Any, *, numbers: bool = False) -> str:
    """The text. `numbers`: as JavaScript sees it: some ints are numbers, mappings unordered."""
    kind = type(value)
    name = kind.__name__
    if value is None:
        return "None"
    if kind is bool:
        return f"bool {'true' if value else 'false'}"
    if kind is int:
        is_number = numbers and abs(value) < 1 << 53
        return _float(float(value)) if is_number else _integer(value)
    if kind is float:
        return _float(value)
    if kind is str:
        return _text(value)
    if kind is bytes:
        return f"bytes {value.hex()}"
    if kind is complex:
        return f"complex({_float(value.real)}, {_float(value.imag)})"
    inside = [shape(item, numbers=numbers) for item in value]
    if kind in (set, frozenset):
        inside.sort()
    elif kind in (dict, types.MappingProxyType):
        inside = [
            f"{key}: {shape(item, numbers=numbers)}"
            for key, item in zip(inside, value.values(), strict=True)
        ]
        if numbers:
            inside.sort()
    else:
        assert kind in (list, tuple), kind
    return f"{name}({', '.join(inside)})"


_INTEGERS = [0, 1, -1, 2**31, 2**53 - 1, 2**53, -(2**53), 2**63, -(2**63), 2**64, 3**1000]
_FLOATS = [0.0, -0.0, 1.0, 0.5, math.nan, math.inf, -math.inf, 5e-324, 1e308, 2.0**53, 2.0**70]
_NAN_WITH_PAYLOAD = struct.unpack("<d", struct.pack("<Q", 0xFFF4_0000_DEAD_BEEF))[0]
_TEXTS = [
    "",
    "a",
    "ä",
    "\0",
    "😀",
    "\ud800",
    "\udfff\ud800",
    "\U0010ffff",
    "__proto__",
    "0",
    "x" * 99,
]


class Maker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def leaf(self) -> Any:
        choose = self.chance.choice
        text = choose(_TEXTS) + choose(_TEXTS)
        # Lone surrogates that look like a pair are one character in UTF-16.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        return choose(
            [
                None,
                True,
                False,
                choose(_INTEGERS),
                choose(_FLOATS),
                _NAN_WITH_PAYLOAD,
                text,
                self.chance.randbytes(self.chance.randrange(70)),
                complex(choose(_FLOATS), choose(_FLOATS)),
                self.chance.random(),
                self.chance.randrange(100),
            ]
        )

    def key(self) -> Any:
        text = f"{self.chance.randrange(999)}k"
        return self.chance.choice([text, self.chance.randrange(2, 999)])

    def value(self, depth: int, *, mutable: bool) -> Any:
        if depth == 0:
            return self.leaf()

        def many(make: Any) -> list[Any]:
            # 6 and 64 are where lists begin to go other ways.
            length = self.chance.choice([0, 1, 2, 5, 6, 7, self.chance.choice([2, 3, 63, 64, 70])])
            return [make() for _ in range(length)]

        def inside() -> Any:
            return self.value(self.chance.randrange(depth), mutable=mutable)

        kind = self.chance.randrange(7)
        if kind == 0:
            return self.leaf()
        if kind == 1:
            floats = many(self.chance.random)
            return floats if mutable else tuple(floats)
        if kind == 2:
            return tuple(many(inside))
        if kind == 3:
            keys = {self.key() for _ in range(9)} | {(self.key(), self.key())}
            return set(keys) if mutable else frozenset(keys)
        if kind == 4:
            mapping = {self.key(): inside() for _ in range(self.chance.randrange(20))}
            return mapping if mutable else types.MappingProxyType(mapping)
        items = many(inside)
        return items if mutable else tuple(items)


def make(seed: int, *, mutable: bool) -> Any:
    """The value of a seed."""
    return Maker(seed).value(3, mutable=mutable)


def made(seed: int, *, mutable: bool) -> str:
    """The text of the value of a seed, as JavaScript has to see it."""
    return shape(make(seed, mutable=mutable), numbers=True)


def send_all(sender: Any, first: int, count: int) -> None:
    for seed in range(first, first + count):
        sender.send(make(seed, mutable=False))


def shapes_of(receiver: Any, count: int) -> list[str]:
    return [shape(receiver.recv()) for _ in range(count)]
