"""python-csp's plug-and-play processes: each goes on until a channel of it is poisoned.

What lives here: streams, filters and operators. What must not: anything but processes.
"""

from __future__ import annotations

import itertools
import math
import operator
import time
from typing import Any

from multicore.csp._repeat import forever

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from multicore.csp._channel import Channel

__all__ = [
    "And", "Blackhole", "Clock", "Cos", "Delta2", "Div", "Eq", "Fibonacci", "FixedDelay",
    "FloorDiv", "Generate", "GenerateFloats", "Geq", "Gt", "Id", "Is", "Is_Not", "LShift",
    "Land", "Leq", "Lnand", "Lnor", "Lnot", "Lor", "Lt", "Lxor", "Mod", "Mul", "Mult",
    "Multiply", "Mux2", "Nand", "Ne", "Neg", "Nor", "Not", "Or", "Pairs", "Plus", "Pow",
    "Pred", "Prefix", "Printer", "RShift", "Sign", "Sin", "Splitter", "Sub", "Succ", "Xor",
    "Zeroes",
]  # fmt: skip


@forever
def Zeroes(cout: Channel) -> Iterator[None]:
    """Write zeros."""
    while True:
        cout.write(0)
        yield


@forever
def Generate(cout: Channel) -> Iterator[None]:
    """Write 0, 1, 2 and so on."""
    for number in itertools.count():
        cout.write(number)
        yield


@forever
def GenerateFloats(outchan: Channel, increment: float = 0.1) -> Iterator[None]:
    """Write the multiples of `increment`."""
    for number in itertools.count():
        outchan.write(number * increment)
        yield


@forever
def Fibonacci(cout: Channel) -> Iterator[None]:
    """Write the Fibonacci numbers."""
    one, other = 1, 1
    while True:
        cout.write(one)
        one, other = other, one + other
        yield


@forever
def Clock(cout: Channel, resolution: float = 1) -> Iterator[None]:
    """Write None every so many seconds."""
    while True:
        time.sleep(resolution)
        cout.write(None)
        yield


@forever
def Id(cin: Channel, cout: Channel) -> Iterator[None]:
    """Write what it reads."""
    while True:
        cout.write(cin.read())
        yield


@forever
def Succ(cin: Channel, cout: Channel) -> Iterator[None]:
    """Write one more than it reads."""
    while True:
        cout.write(cin.read() + 1)
        yield


@forever
def Pred(cin: Channel, cout: Channel) -> Iterator[None]:
    """Write one less than it reads."""
    while True:
        cout.write(cin.read() - 1)
        yield


@forever
def Mult(cin: Channel, cout: Channel, scale: Any) -> Iterator[None]:
    """Write `scale` times what it reads."""
    while True:
        cout.write(cin.read() * scale)
        yield


@forever
def Sign(cin: Channel, cout: Channel, prefix: str) -> Iterator[None]:
    """Write what it reads as text behind a prefix."""
    while True:
        cout.write(prefix + str(cin.read()))
        yield


@forever
def Prefix(cin: Channel, cout: Channel, prefix_item: Any = None) -> Iterator[None]:
    """Write an item, and then what it reads."""
    item = prefix_item
    while True:
        cout.write(item)
        item = cin.read()
        yield


@forever
def FixedDelay(cin: Channel, cout: Channel, delay: float) -> Iterator[None]:
    """Write what it reads so many seconds later."""
    while True:
        item = cin.read()
        time.sleep(delay)
        cout.write(item)
        yield


@forever
def Splitter(cin: Channel, cout1: Channel, cout2: Channel) -> Iterator[None]:
    """Write what it reads to both channels."""
    while True:
        item = cin.read()
        cout1.write(item)
        cout2.write(item)
        yield


Delta2 = Splitter


@forever
def Mux2(cin1: Channel, cin2: Channel, cout: Channel) -> Iterator[None]:
    """Write what it reads from one channel and the other, by turns."""
    while True:
        cout.write(cin1.read())
        cout.write(cin2.read())
        yield


@forever
def Printer(cin: Channel, out: Any = None) -> Iterator[None]:
    """Print what it reads."""
    while True:
        print(cin.read(), file=out)
        yield


@forever
def Blackhole(cin: Channel) -> Iterator[None]:
    """Read, and do nothing."""
    while True:
        cin.read()
        yield


class _Operator:
    """Writes what an operator makes of what it reads, from a channel for each operand."""

    def __init__(self, operation: Callable[..., Any], gives: str) -> None:
        self.operation = operation
        self.__doc__ = f"Write {gives} of what it reads."

    def __call__(self, *channels: Channel) -> Iterator[None]:
        *sources, sink = channels
        while True:
            sink.write(self.operation(*[source.read() for source in sources]))
            yield


def _operator(operation: Callable[..., Any], gives: str) -> Any:
    return forever(_Operator(operation, gives))


def _nand(a: int, b: int) -> int:
    return ~(a & b)


def _nor(a: int, b: int) -> int:
    return ~(a | b)


def _land(a: Any, b: Any) -> Any:
    return a and b


def _lor(a: Any, b: Any) -> Any:
    return a or b


def _lnand(a: Any, b: Any) -> bool:
    return not (a and b)


def _lnor(a: Any, b: Any) -> bool:
    return not (a or b)


def _lxor(a: Any, b: Any) -> bool:
    return bool(a) != bool(b)


Plus = _operator(operator.add, "the sum")
Sub = _operator(operator.sub, "the difference")
Mul = _operator(operator.mul, "the product")
Div = _operator(operator.truediv, "the quotient")
FloorDiv = _operator(operator.floordiv, "the whole quotient")
Mod = _operator(operator.mod, "the remainder")
Pow = _operator(operator.pow, "the power")
And = _operator(operator.and_, "the bitwise and")
Or = _operator(operator.or_, "the bitwise or")
Xor = _operator(operator.xor, "the bitwise exclusive or")
Nand = _operator(_nand, "the inverted bitwise and")
Nor = _operator(_nor, "the inverted bitwise or")
LShift = _operator(operator.lshift, "the left shift")
RShift = _operator(operator.rshift, "the right shift")
Land = _operator(_land, "`a and b`")
Lor = _operator(_lor, "`a or b`")
Lnand = _operator(_lnand, "`not (a and b)`")
Lnor = _operator(_lnor, "`not (a or b)`")
Lxor = _operator(_lxor, "whether one alone is true")
Eq = _operator(operator.eq, "`a == b`")
Ne = _operator(operator.ne, "`a != b`")
Geq = _operator(operator.ge, "`a >= b`")
Leq = _operator(operator.le, "`a <= b`")
Gt = _operator(operator.gt, "`a > b`")
Lt = _operator(operator.lt, "`a < b`")
Is = _operator(operator.is_, "`a is b`")
Is_Not = _operator(operator.is_not, "`a is not b`")
Neg = _operator(operator.neg, "the negation")
Not = _operator(operator.invert, "the inversion")
Lnot = _operator(operator.not_, "`not a`")
Sin = _operator(math.sin, "the sine")
Cos = _operator(math.cos, "the cosine")
Pairs, Multiply = Plus, Mul
