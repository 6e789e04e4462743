"""Classes of programs: `__shared__`, frozen dataclasses, enums, named tuples.

What lives here: telling what a class is by what it has, without importing what would define it;
taking its instances apart and rebuilding them. What must not: names of particular classes
(`_standard.py`), finding a class by its name (`_records.py`).
"""

from __future__ import annotations

import sys

import _multicore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

type Fields = tuple[tuple[str, object], ...]
type Reduced = tuple[str, str, Fields]
type Reducer = Callable[[Any], Reduced | str]

#: The built-in part of an instance of a subclass crosses under this name.
_BASE = "__value__"
#: Built-in classes whose instances hold something, immutable.
_VALUES: tuple[type, ...] = (int, float, complex, str, bytes, tuple, frozenset)
#: And mutable, or bound to their interpreter.
_MUTABLE: tuple[type, ...] = (list, dict, set, bytearray, BaseException)
_PLAIN = frozenset((int, float, complex, str, bytes, bool, type(None)))


def name_of(cls: type) -> str:
    """`module:qualname`."""
    return f"{cls.__module__}:{cls.__qualname__}"


def shared_rule(cls: type) -> Reducer | str | None:
    """The rule for a class that says how it crosses by `__shared__`; `None`: it does not say."""
    shared: Any = getattr(cls, "__shared__", None)
    if shared is None or shared is False:
        return None
    name = name_of(cls)
    if shared is True:
        if issubclass(cls, _MUTABLE):
            return "`__shared__ = True` does not make a mutable built-in class immutable"
        base = _value_base(cls)

        def whole(obj: Any) -> Reduced | str:
            state = tuple(_state(obj).items())
            if base is not None:
                state = ((_BASE, base(obj)), *state)
            return ("shared", name, state)

        return whole
    if isinstance(shared, tuple) and all(isinstance(field, str) for field in shared):

        def some(obj: Any) -> Reduced | str:
            return ("shared-fields", name, tuple((field, getattr(obj, field)) for field in shared))

        return some
    if callable(shared):
        if not callable(getattr(cls, "__from_shared__", None)):
            return "it has a method __shared__ but no class method __from_shared__"

        def state(obj: Any) -> Reduced | str:
            return ("shared-state", name, (("state", obj.__shared__()),))

        return state
    return "its __shared__ is neither True, nor a tuple of names, nor a method"


def rule(cls: type) -> Reducer | str | None:
    """The rule for a class by what it is."""
    enum = sys.modules.get("enum")
    if enum is not None and isinstance(cls, enum.EnumType):
        return _enum_rule(cls)
    if issubclass(cls, tuple):
        names = getattr(cls, "_fields", None)
        if isinstance(names, tuple) and hasattr(cls, "_make"):
            return _named_tuple_rule(cls, names)
    if hasattr(cls, "__dataclass_params__"):
        return _dataclass_rule(cls)
    base = _value_base(cls)
    if base is not None and cls is not base:
        return (
            f"an instance of a subclass of {base.__name__} is more than that: convert it with "
            f"{base.__name__}(…), or put `__shared__ = True` on the class"
        )
    return None


def rebuild(kind: str, cls: type, fields: Fields) -> object:
    """The instance of `cls` that this kind's rule took apart."""
    rebuilder = _REBUILD.get(kind)
    if rebuilder is None:
        raise TypeError(f"a {name_of(cls)} cannot be rebuilt: nothing knows the kind {kind!r}")
    return rebuilder(cls, fields)


# Enums


def _enum_rule(cls: type) -> Reducer:
    name = name_of(cls)

    def take_apart(member: Any) -> Reduced | str:
        value: object = member._value_
        label: object = member._name_
        if type(value) in _PLAIN or _multicore.is_shareable(value):
            return ("enum", name, (("name", label), ("value", value)))
        return ("enum", name, (("name", label),))

    return take_apart


def _rebuild_enum(cls: Any, fields: Fields) -> object:
    enum = sys.modules.get("enum")
    if enum is None or not isinstance(cls, enum.EnumType):
        raise TypeError(f"{name_of(cls)} is no enum here")
    parts: dict[str, Any] = dict(fields)
    member: object = cls.__members__.get(parts.get("name"))
    if member is not None:
        return member
    if "value" not in parts:
        raise ValueError(f"{name_of(cls)} has no member {parts.get('name')!r} here")
    return cls(parts["value"])


# Named tuples


def _named_tuple_rule(cls: type, names: tuple[str, ...]) -> Reducer:
    name = name_of(cls)

    def take_apart(obj: Any) -> Reduced | str:
        if getattr(obj, "__dict__", None):
            return _more_than_fields("named tuple", obj.__dict__)
        return ("namedtuple", name, tuple(zip(names, obj, strict=True)))

    return take_apart


def _rebuild_named_tuple(cls: Any, fields: Fields) -> object:
    names = getattr(cls, "_fields", None)
    if not (issubclass(cls, tuple) and isinstance(names, tuple)):
        raise TypeError(f"{name_of(cls)} is no named tuple here")
    _check_names(cls, names, fields)
    parts = dict(fields)
    make: Callable[[Iterable[object]], object] = getattr(cls, "_make")  # noqa: B009
    return make(parts[name] for name in names)


# Dataclasses


def _dataclass_rule(cls: Any) -> Reducer | str:
    if not cls.__dataclass_params__.frozen:
        return "a dataclass crosses only if it is frozen: @dataclass(frozen=True)"
    if issubclass(cls, _VALUES + _MUTABLE):
        return "a dataclass that is a built-in class as well does not cross: register it"
    name, names = name_of(cls), _dataclass_fields(cls)
    known = frozenset(names)

    def take_apart(obj: Any) -> Reduced | str:
        extra = [key for key in getattr(obj, "__dict__", ()) if key not in known]
        if any(not _is_cached(cls, key) for key in extra):
            return _more_than_fields("dataclass", extra)
        return ("dataclass", name, tuple([(field, getattr(obj, field)) for field in names]))

    return take_apart


def _dataclass_fields(cls: type) -> tuple[str, ...]:
    # A dataclass exists, so the module was imported.
    dataclasses: Any = sys.modules["dataclasses"]
    return tuple(field.name for field in dataclasses.fields(cls))


def _is_cached(cls: type, name: str) -> bool:
    """Whether an attribute is what a `functools.cached_property` keeps."""
    for base in cls.__mro__:
        if name in base.__dict__:
            return type(base.__dict__[name]).__name__ == "cached_property"
    return False


def _rebuild_dataclass(cls: Any, fields: Fields) -> object:
    params = getattr(cls, "__dataclass_params__", None)
    if params is None or not params.frozen:
        raise TypeError(f"{name_of(cls)} is no frozen dataclass here")
    _check_names(cls, _dataclass_fields(cls), fields)
    return _put(cls.__new__(cls), fields)


# Classes with `__shared__`


def _rebuild_shared(cls: type, fields: Fields) -> object:
    if getattr(cls, "__shared__", None) is not True:
        raise TypeError(f"{name_of(cls)} has no `__shared__ = True` here")
    if fields and fields[0][0] == _BASE:
        base = _value_base(cls)
        if base is None:
            raise TypeError(f"{name_of(cls)} is no subclass of a built-in class here")
        return _put(base.__new__(cls, fields[0][1]), fields[1:])
    return _put(object.__new__(cls), fields)


def _rebuild_shared_fields(cls: type, fields: Fields) -> object:
    if not isinstance(getattr(cls, "__shared__", None), tuple):
        raise TypeError(f"{name_of(cls)} names no fields in `__shared__` here")
    return cls(**dict(fields))


def _rebuild_shared_state(cls: type, fields: Fields) -> object:
    from_shared: Callable[[object], object] | None = getattr(cls, "__from_shared__", None)
    if from_shared is None:
        raise TypeError(f"{name_of(cls)} has no __from_shared__ here")
    return from_shared(dict(fields)["state"])


def _rebuild_registered(cls: type, fields: Fields) -> object:
    """Registered where it came from, not here: by what the class is, through its constructor."""
    shared: Any = getattr(cls, "__shared__", None)
    if shared is True or isinstance(shared, tuple):
        return cls(**dict(fields))
    enum = sys.modules.get("enum")
    if enum is not None and isinstance(cls, enum.EnumType):
        return _rebuild_enum(cls, fields)
    params = getattr(cls, "__dataclass_params__", None)
    is_named_tuple = issubclass(cls, tuple) and hasattr(cls, "_fields")
    if is_named_tuple or (params is not None and params.frozen):
        return cls(**dict(fields))
    raise TypeError(
        f"{name_of(cls)} says nowhere that it crosses: register it here as well, or make it a "
        "frozen dataclass, a NamedTuple, or a class with `__shared__`"
    )


def _state(obj: object) -> dict[str, object]:
    """Everything that an instance holds: slots, then attributes."""
    state: dict[str, object] = {}
    for base in reversed(type(obj).__mro__):
        slots = base.__dict__.get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else tuple(slots):
            if slot in {"__dict__", "__weakref__"}:
                continue
            is_private = slot.startswith("__") and not slot.endswith("__")
            attribute = f"_{base.__name__.lstrip('_')}{slot}" if is_private else slot
            try:
                state[attribute] = getattr(obj, attribute)
            except AttributeError:
                continue
    state.update(getattr(obj, "__dict__", {}))
    return state


def _put(obj: object, fields: Fields) -> object:
    # As pickle does: what the class does in __init__ and __setattr__ was done where it was made.
    for name, value in fields:
        object.__setattr__(obj, name, value)
    return obj


def _value_base(cls: type) -> Any:
    for base in _VALUES:
        if issubclass(cls, base):
            return base
    return None


def _check_names(cls: type, names: tuple[str, ...], fields: Fields) -> None:
    given = {name for name, _ in fields}
    if given != set(names):
        raise TypeError(
            f"{name_of(cls)} has the fields {', '.join(names)} here, and came with "
            f"{', '.join(name for name, _ in fields)}: is it the same version of the module?"
        )


def _more_than_fields(what: str, extra: Iterable[str]) -> str:
    return f"this {what} holds more than its fields ({', '.join(extra)}), which would be lost"


_REBUILD: dict[str, Callable[[type, Fields], object]] = {
    "enum": _rebuild_enum,
    "namedtuple": _rebuild_named_tuple,
    "dataclass": _rebuild_dataclass,
    "shared": _rebuild_shared,
    "shared-fields": _rebuild_shared_fields,
    "shared-state": _rebuild_shared_state,
    "registered": _rebuild_registered,
}
