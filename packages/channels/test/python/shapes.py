"""Classes that cross, for the tests."""

import enum
import functools
from dataclasses import dataclass, field
from typing import NamedTuple

from multicore import channels


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    tags: tuple[str, ...] = ()

    @functools.cached_property
    def length(self) -> float:
        length: float = (self.x**2 + self.y**2) ** 0.5
        return length


@dataclass(frozen=True, slots=True)
class Slotted:
    name: str
    inner: Point | None = None
    hidden: int = field(default=7, repr=False, init=False)


@dataclass
class Mutable:
    x: int = 0


@dataclass(frozen=True)
class Holder:
    conn: object


class Size(NamedTuple):
    width: int
    height: int = 1


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Access(enum.Flag):
    READ = 1
    WRITE = 2


class Odd(enum.Enum):
    """Its values cannot cross."""

    LIST = [1]  # noqa: RUF012
    DICT = {}  # type: ignore[var-annotated]  # noqa: RUF012


class Account:
    """Everything that it holds."""

    __shared__ = True

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self._notes = ("a", "b")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Account) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


class UserId(int):
    __shared__ = True


class Plain(int):
    pass


class Circle:
    """Some of what it holds; the rest is made again."""

    __shared__ = ("radius",)

    def __init__(self, radius: float) -> None:
        self.radius = radius
        self.cache: dict[str, int] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Circle) and self.radius == other.radius

    __hash__ = None  # type: ignore[assignment]


class Interval:
    """By methods of its own."""

    def __init__(self, low: int, high: int) -> None:
        self.bounds = [low, high]

    def __shared__(self) -> tuple[int, ...]:
        return tuple(self.bounds)

    @classmethod
    def __from_shared__(cls, state: tuple[int, int]) -> "Interval":
        return cls(*state)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Interval) and self.bounds == other.bounds

    __hash__ = None  # type: ignore[assignment]


class Money:
    def __init__(self, amount: int, currency: str) -> None:
        self.amount = amount
        self.currency = currency

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Money) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]


channels.register(Money, lambda m: {"amount": m.amount, "currency": m.currency}, Money)


class Outer:
    @dataclass(frozen=True)
    class Inner:
        value: int
