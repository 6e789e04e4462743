"""How instances of classes cross: taken apart here, rebuilt there.

What lives here: which rule a class follows, the registry of the program, finding a class again by
its name, and what stands for an instance whose class is not there. The rules themselves are in
`_classes.py` (classes of programs) and `_standard.py` (classes of the standard library). What must
not: importing anything that user code has not imported; an `int` never costs `decimal`.
"""

from __future__ import annotations

import sys
from types import MappingProxyType

import _multicore

from multicore import _classes, _standard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

type Fields = tuple[tuple[str, object], ...]
type Reduced = tuple[str, str, Fields]
#: Takes an instance apart: its fields, or a str that says why it does not cross.
type Reducer = Callable[[Any], Reduced | str]
#: Rebuilds an instance of a class from its fields.
type Rebuilder = Callable[[type, Fields], object]

#: Rules of classes met so far. Bounded, because classes can be made and dropped at run time.
_reducers: dict[type, Reducer | str] = {}
_MOST_REDUCERS = 512

_registered: dict[type, Reducer] = {}
_rebuilders: dict[str, Callable[..., object]] = {}


class Record:
    """An instance of a class that this interpreter does not have: its type's name and its fields.

    Fields read as attributes. Sent on, it is what it was: an interpreter that has the class gets
    the instance.
    """

    __slots__ = ("__fields", "__kind", "__reason", "__type")
    __kind: str
    __type: str
    __fields: Fields
    __reason: str

    def __init__(self, kind: str, type_name: str, fields: Fields, reason: str = "") -> None:
        put = object.__setattr__
        put(self, "_Record__kind", kind)
        put(self, "_Record__type", type_name)
        put(self, "_Record__fields", fields)
        put(self, "_Record__reason", reason)

    @property
    def __type_name__(self) -> str:
        """`module:qualname` of the class, or the name that it was registered under."""
        return self.__type

    @property
    def __fields__(self) -> Mapping[str, object]:
        """What the instance holds, by name."""
        return MappingProxyType(dict(self.__fields))

    @property
    def __reason__(self) -> str:
        """Why the class could not be had here."""
        return self.__reason

    def __getattr__(self, name: str) -> object:
        for known, value in self.__fields:
            if known == name:
                return value
        raise AttributeError(f"{self!r} has no field {name!r} ({self.__reason})")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a Record is immutable")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a Record is immutable")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Record):
            return NotImplemented
        return (self.__kind, self.__type, self.__fields) == other.__parts()

    def __hash__(self) -> int:
        return hash((self.__kind, self.__type, self.__fields))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.__fields)
        return f"<Record {self.__type}({fields})>"

    def __parts(self) -> Reduced:
        return (self.__kind, self.__type, self.__fields)

    @staticmethod
    def _reduce(record: Record) -> Reduced | str:
        return record.__parts()


def register[T](
    type_: type[T],
    reduce: Callable[[T], Mapping[str, object]],
    rebuild: Callable[..., T],
    *,
    name: str | None = None,
) -> None:
    """Lets instances of a class cross, in the spirit of `copyreg`.

    `reduce(instance)` gives its fields by name, each of which must be able to cross; `rebuild`
    is called with them as keyword arguments where the instance arrives. Every interpreter that is
    to see instances registers the class (an interpreter that does not gets a `Record`): best in
    the module that defines it, which an arriving instance imports. `name` is what both sides know
    the type by, `module:qualname` if it is not given; TypeScript's `register` takes the same name.
    Instances of subclasses are not covered.

    `register(Money, lambda money: {"amount": money.amount}, Money)`
    """
    _check_arguments(type_, reduce, rebuild)
    known_as = _classes.name_of(type_) if name is None else name

    def take_apart(instance: T) -> Reduced | str:
        fields: Any = reduce(instance)
        if not hasattr(fields, "items"):
            return f"the reduce registered for it gave no mapping but {type(fields).__name__}"
        for key in fields:
            if not isinstance(key, str):
                return f"the reduce registered for it gave a field named {key!r}, no str"
        return ("registered", known_as, tuple(fields.items()))

    _registered[type_] = take_apart
    _rebuilders[known_as] = rebuild
    _reducers.pop(type_, None)


def _check_arguments(class_: object, *functions: object) -> None:
    if not isinstance(class_, type):
        raise TypeError(f"a class is registered, not {class_!r}")
    for function in functions:
        if not callable(function):
            raise TypeError(f"reduce and rebuild are functions, not {function!r}")


def reduce(obj: object) -> Reduced | str | None:
    """`(kind, type name, ((name, value), …))`; a str that says why not; `None`: unknown."""
    cls = type(obj)
    reducer = _reducers.get(cls)
    if reducer is None:
        found = _rule(cls)
        if found is None:
            return None
        if len(_reducers) >= _MOST_REDUCERS:
            _reducers.clear()
        _reducers[cls] = reducer = found
    if isinstance(reducer, str):
        return reducer
    return reducer(obj)


def _rule(cls: type) -> Reducer | str | None:
    """The rule for a class: what the program said, the standard library's, what the class is."""
    if cls is Record:
        return Record._reduce
    registered = _registered.get(cls)
    if registered is not None:
        return registered
    return _classes.shared_rule(cls) or _standard.rule(cls) or _classes.rule(cls)


def rebuild(kind: str, type_name: str, fields: Fields) -> object:
    """The instance that `reduce` took apart; a `Record` if its class is not to be had here."""
    standard = _standard.REBUILD.get(kind)
    if standard is not None:
        return standard(type_name, fields)
    try:
        if kind == "registered":
            rebuild_registered = _rebuilder(type_name)
            if rebuild_registered is not None:
                return rebuild_registered(**dict(fields))
        cls = _find(type_name)
    except _NotHereError as missing:
        return Record(kind, type_name, fields, str(missing))
    return _classes.rebuild(kind, cls, fields)


def _rebuilder(name: str) -> Callable[..., object] | None:
    found = _rebuilders.get(name)
    if found is None and ":" in name:
        _import(name.partition(":")[0])
        found = _rebuilders.get(name)
    if found is None and ":" not in name:
        raise _NotHereError(f"nothing is registered here as {name!r}")
    return found


class _NotHereError(Exception):
    """A class is not to be had in this interpreter: why."""


def _find(type_name: str) -> type:
    """The class called `module:qualname`, its module imported if it is not yet."""
    module_name, _, qualified = type_name.partition(":")
    target: object = _import(module_name)
    for part in qualified.split("."):
        try:
            target = getattr(target, part)
        except AttributeError:
            reason = f"{module_name} has no {qualified} in this interpreter"
            raise _NotHereError(reason) from None
    if not isinstance(target, type):
        raise _NotHereError(f"{module_name}.{qualified} is no class in this interpreter")
    return target


def _import(module_name: str) -> object:
    module = sys.modules.get(module_name)
    if module is None:
        try:
            __import__(module_name)
        except ImportError as error:
            raise _NotHereError(f"{module_name} cannot be imported: {error}") from None
        except ValueError:
            raise _NotHereError(f"{module_name!r} names no module") from None
        module = sys.modules[module_name]
    return module


_multicore.register("reduce", reduce)
_multicore.register("rebuild", rebuild)
