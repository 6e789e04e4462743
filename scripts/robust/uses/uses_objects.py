"""Types and containers. No import at the top: the first use is what matters."""


def data_classes() -> object:
    import dataclasses

    @dataclasses.dataclass(order=True, frozen=True, slots=True, kw_only=True)
    class Point:
        x: int
        y: float = 1.5
        tags: list[str] = dataclasses.field(default_factory=list, compare=False)

    made = dataclasses.make_dataclass("Made", [("a", int), "b"])
    return (
        Point(x=1) < Point(x=2),
        repr(Point(x=3)),
        dataclasses.replace(Point(x=4), y=2),
        dataclasses.asdict(made(1, b=2)),
    )


def enumerations() -> object:
    import enum

    class Color(enum.StrEnum):
        RED = enum.auto()
        BLUE = "b"

    class Bits(enum.IntFlag, boundary=enum.KEEP):
        A = 1
        B = 2
        AB = 3

    return (
        list(Color),
        Color("b"),
        Bits.A | Bits.B,
        ~Bits.A,
        Bits(9),
        list(Bits.AB),
        enum.Enum("Made", "x y")["y"].value,
    )


def named_tuples() -> object:
    import collections
    import typing

    class Typed(typing.NamedTuple):
        a: int
        b: str = "c"

    made = collections.namedtuple("made", "x y", defaults=(2,))
    return Typed(1), made(1)._replace(y=3), made._fields, made(1)._asdict()


def annotations() -> object:
    import types
    import typing

    type_variable = typing.TypeVar("type_variable")

    class Box(typing.Generic[type_variable]):
        item: "list[int]"

    class Having(typing.Protocol):
        def close(self) -> None: ...

    runtime = typing.runtime_checkable(Having)
    alias = list[int] | None
    return (
        repr(typing.get_type_hints(Box)),
        repr(Box[int]),
        repr(dict[str, list[type_variable]][int]),
        repr(alias),
        isinstance(open, typing.Callable),
        isinstance(__import__("io").StringIO(), runtime),
        typing.get_args(typing.Literal[1, "a"]),
        repr(typing.Annotated[int, 1]),
        isinstance(int | str, types.UnionType),
        repr(typing.ParamSpec("P")),
        repr(tuple[int, ...]),
    )


def abstract_bases() -> object:
    import abc
    import collections.abc
    import numbers

    class Base(abc.ABC):
        @abc.abstractmethod
        def method(self) -> None: ...

    class Other:
        def __len__(self) -> int:
            return 0

    Base.register(Other)
    failed = None
    try:
        Base()
    except TypeError as error:
        failed = str(error)
    collections.abc.Sequence.register(Other)
    return (
        isinstance(Other(), Base),
        issubclass(Other, collections.abc.Sized),
        failed,
        isinstance(1, numbers.Integral),
        issubclass(dict, Base),
    )


def metaclasses() -> object:
    class Meta(type):
        def __new__(
            cls, name: str, bases: tuple[type, ...], space: dict[str, object], **given: object
        ) -> "Meta":
            made = super().__new__(cls, name, bases, space)
            made.given = given
            return made

    class A(metaclass=Meta, option=1):
        __slots__ = ("a", "__weakref__")

        def __init_subclass__(cls, **given: object) -> None:
            cls.inherited = given

    class B(A, extra=2):
        @property
        def p(self) -> int:
            return 1

        def __getattr__(self, name: str) -> str:
            return name

        def __eq__(self, other: object) -> bool:
            return True

    b = B()
    b.z = 1
    B.__bases__ = (A,)
    return (
        A.given,
        B.inherited,
        b.p,
        b.unknown,
        B.__hash__,
        B.__mro__[1].__name__,
        type("Made", (B,), {"x": 1}).x,
        b == 3,
    )


def weak_references() -> object:
    import weakref

    class Thing:
        def method(self) -> int:
            return 1

    thing = Thing()
    kept = weakref.WeakValueDictionary(a=thing)
    keys = weakref.WeakKeyDictionary({thing: 1})
    proxy, method, group = (
        weakref.proxy(thing),
        weakref.WeakMethod(thing.method),
        weakref.WeakSet([thing]),
    )
    before = (
        len(kept),
        len(keys),
        proxy.method(),
        method()(),
        len(group),
        weakref.getweakrefcount(thing) > 3,
    )
    del thing
    return before, len(kept), len(keys), method() is None, len(group)


def containers() -> object:
    import bisect
    import collections
    import heapq

    ring = collections.deque(range(5), maxlen=5)
    ring.rotate(2)
    ordered = collections.OrderedDict.fromkeys("abc")
    ordered.move_to_end("a")
    default = collections.defaultdict(list)
    default["x"].append(1)
    return (
        ring,
        list(reversed(ordered)),
        default,
        collections.Counter("abracadabra").most_common(2),
        collections.ChainMap({"a": 1}, {"b": 2})["b"],
        heapq.nsmallest(2, [5, 1, 4]),
        list(heapq.merge([1, 4], [2, 3])),
        bisect.bisect([1, 2, 3], 2),
        heapq.heappushpop([2, 3], 1),
        {1, 2} ^ {2, 3},
        frozenset("a") | {"b"} == {"a", "b"},
        dict([("a", 1)]) | {"b": 2},
        sorted([3, 1, 2], key=lambda n: -n),
        list(memoryview(b"abcdef").cast("H").tolist())[:0],
        bytearray(b"abc").translate(bytes(range(256)), b"b"),
        slice(1, 9, 2).indices(5),
    )


def iterators() -> object:
    import itertools
    import operator

    return (
        list(itertools.batched("abcde", 2)),
        list(itertools.pairwise("abc")),
        list(itertools.accumulate([1, 2, 3], operator.mul)),
        [(key, list(of)) for key, of in itertools.groupby("aabc")],
        list(itertools.product("ab", repeat=2)),
        list(itertools.zip_longest("ab", "c")),
        [list(each) for each in itertools.tee("ab")],
        list(itertools.islice(itertools.cycle("ab"), 5)),
        list(itertools.combinations("abc", 2)),
        operator.itemgetter(1, 0)("ab"),
        operator.attrgetter("real")(3),
        operator.methodcaller("upper")("a"),
        list(itertools.compress("abc", [1, 0, 1])),
    )


def functions() -> object:
    import functools
    import inspect

    @functools.lru_cache(maxsize=3)
    def cached(n: int) -> int:
        return n * 2

    @functools.singledispatch
    def dispatched(_: object) -> str:
        return "object"

    dispatched.register(int, lambda _: "int")
    values = [cached(n % 4) for n in range(9)]

    @functools.total_ordering
    class Ordered:
        def __lt__(self, other: object) -> bool:
            return True

    return (
        values,
        cached.cache_info(),
        dispatched(1),
        dispatched("a"),
        functools.partial(pow, 2)(5),
        functools.reduce(lambda a, b: a - b, [9, 1, 2]),
        str(inspect.signature(lambda a, /, b=1, *, c: 0)),
        sorted([3, 1], key=functools.cmp_to_key(lambda a, b: a - b)),
        Ordered() >= Ordered(),
        str(inspect.signature(functools.partial(sorted, key=None))),
    )


def printing() -> object:
    import pprint
    import reprlib
    import types

    cyclic: list[object] = [1]
    cyclic.append(cyclic)
    return (
        pprint.pformat({"a": list(range(30)), "b": {"c": "x" * 90}}),
        reprlib.repr("x" * 99),
        repr(cyclic),
        types.SimpleNamespace(a=1),
    )


def patterns_of_structure() -> object:
    import ast
    import copy

    def matched(value: object) -> object:
        match value:
            case {"a": [first, *rest], **others}:
                return first, rest, others
            case ast.Name(id=name) | str(name):
                return name
            case complex(real=0) | None:
                return "zero"
        return value

    return [
        matched(copy.copy(each))
        for each in ({"a": [1, 2], "b": 3}, "s", 2j, None, ast.Name("n"), 7)
    ]


def version_tags() -> object:
    import ctypes

    # Caches of types go by `tp_version_tag`, which CPython counts for the process: no two types may have the same.
    offset = type.__basicsize__ and 384
    seen: dict[int, type] = {}
    twice: list[tuple[str, str]] = []
    left: list[type] = [object]
    known = {object}
    while left:
        kind = left.pop()
        tag = ctypes.c_uint.from_address(id(kind) + offset).value
        if tag != 0 and seen.setdefault(tag, kind) is not kind:
            twice.append((repr(kind), repr(seen[tag])))
        new = set(type.__subclasses__(kind)) - known
        known |= new
        left.extend(new)
    return twice, len(seen) > 200
