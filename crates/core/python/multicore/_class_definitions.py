"""Classes that another interpreter cannot import, by value.

What lives here: taking them apart for a pickle, as their names, bases and attributes, and making
them anew. Made once, a class is the same class whenever it comes again, and is itself again when it
comes home. What must not: functions (`_definitions.py`), and when this is done (`_pickling.py`).
"""

from __future__ import annotations

import builtins
import itertools
import sys
import weakref
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType

import _multicore

from multicore._definitions import (
    import_module,
    install,
    is_global,
    is_importable,
    main_names,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Classes that came from another interpreter or went to one, by their numbers, and the reverse.
_classes: weakref.WeakValueDictionary[str, type] = weakref.WeakValueDictionary()
_numbers: weakref.WeakKeyDictionary[type, str] = weakref.WeakKeyDictionary()
#: A number that was given is never given again, whatever is forgotten here: others may know it.
_counter = itertools.count()


def forget() -> None:
    """Forget the classes that are known so far: they are made anew when they come again."""
    _classes.clear()
    _numbers.clear()


def _number(kind: type) -> str:
    known = _numbers.get(kind)
    if known is None:
        here = _multicore.current_interpreter()._number()
        known = f"{here}.{next(_counter)}"
        _numbers[kind] = known
        _classes[known] = kind
    return known


def reduce_class(kind: type) -> Any:
    """Take a class apart, unless it can be imported."""
    if kind.__module__ == "builtins":
        import types

        # Types of the core that have no name there: `types` has one for them.
        for name, value in () if hasattr(builtins, kind.__name__) else vars(types).items():
            if value is kind:
                return _module_global, ("types", name)
        return NotImplemented
    if kind.__module__ == "_ctypes":
        # The classes of structures and unions: they have no names either.
        import ctypes

        for instance in (ctypes.Structure, ctypes.Union):
            if type(instance) is kind:
                return type, (instance,)
    if is_importable(kind) or not (kind in _numbers or is_global(kind)):
        return NotImplemented
    attributes = {
        name: value
        for name, value in vars(kind).items()
        if name not in ("__dict__", "__weakref__")
        and not isinstance(value, (MemberDescriptorType, GetSetDescriptorType))
        # The fields of a structure of ctypes: its `_fields_` make them anew.
        and type(value).__name__ != "CField"
    }
    if attributes.pop("__annotate_func__", None) is not None:
        # Since 3.14 a function over the class's namespace, which cannot leave: its result can.
        attributes.pop("__annotations_cache__", None)
        try:
            attributes["__annotations__"] = dict(kind.__annotations__)
        except NameError:
            # They name what is not defined: the class is made without.
            attributes["__annotations__"] = {}
    enum = sys.modules.get("enum")
    if enum is not None and isinstance(kind, enum.EnumType):
        members = {name: member._value_ for name, member in kind.__members__.items()}
        methods = {
            name: value
            for name, value in attributes.items()
            if isinstance(value, (FunctionType, property, classmethod, staticmethod))
            and not (name.startswith("_") and name.strip("_") in _ENUM_OWN)
        }
        made = (
            _number(kind),
            type(kind),
            kind.__name__,
            kind.__bases__,
            kind.__module__,
            kind.__qualname__,
        )
        return _make_enum, (*made, members), methods, None, None, _fill_enum
    slots = attributes.get("__slots__")
    first = {} if slots is None else {"__slots__": slots}
    made = (
        _number(kind),
        type(kind),
        kind.__name__,
        kind.__bases__,
        kind.__module__,
        kind.__qualname__,
    )
    for name in (
        "__slots__",
        "__module__",
        "__qualname__",
        "__static_attributes__",
        "__firstlineno__",
    ):
        attributes.pop(name, None)
    for name in [name for name in attributes if name.startswith(("_abc_", "__abstractmethods__"))]:
        del attributes[name]
    return _make_class, (*made, first), attributes, None, None, _fill_class


def _module_global(module: str, name: str) -> Any:
    return getattr(import_module(module), name)


def reduce_dataclass_part(obj: object) -> Any:
    """Take a marker of `dataclasses` apart: they are told by identity."""
    for name, value in vars(sys.modules["dataclasses"]).items():
        if value is obj:
            return _module_global, ("dataclasses", name)
    return NotImplemented


#: What `enum` itself puts into its classes.
_ENUM_OWN = {"generate_next_value", "new_member", "new", "use_args", "reduce_ex", "value_repr"}

_fresh: set[str] = set()


def _make_class(
    number: str,
    meta: type,
    name: str,
    bases: tuple[type, ...],
    module: str,
    qualname: str,
    first: dict[str, Any],
) -> type:
    known = _classes.get(number)
    if known is not None:
        return known
    import types

    def body(names: dict[str, Any]) -> None:
        names.update(first, __module__=module, __qualname__=qualname)

    made = types.new_class(name, bases, {"metaclass": meta}, body)
    return _made(made, number, module)


def _made(made: type, number: str, module: str) -> type:
    _classes[number] = made
    _numbers[made] = number
    _fresh.add(number)
    if module == "__main__" and "." not in made.__qualname__:
        install(main_names(), made.__name__, made)
    return made


def _fill_class(kind: type, attributes: dict[str, Any]) -> None:
    number = _numbers.get(kind, "")
    if number not in _fresh:
        return
    _fresh.discard(number)
    for name, value in attributes.items():
        setattr(kind, name, value)
        set_name = getattr(type(value), "__set_name__", None)
        if set_name is not None and not isinstance(value, property):
            set_name(value, kind, name)
    abc = sys.modules.get("abc")
    if abc is not None and isinstance(kind, abc.ABCMeta):
        abc.update_abstractmethods(kind)


def _make_enum(
    number: str,
    meta: Any,
    name: str,
    bases: tuple[type, ...],
    module: str,
    qualname: str,
    members: dict[str, object],
) -> type:
    known = _classes.get(number)
    if known is not None:
        return known
    body = meta.__prepare__(name, bases)
    for member, value in members.items():
        body[member] = value
    body["__module__"], body["__qualname__"] = module, qualname
    return _made(meta.__new__(meta, name, bases, body), number, module)


def _fill_enum(kind: type, methods: dict[str, Any]) -> None:
    number = _numbers.get(kind, "")
    if number in _fresh:
        _fresh.discard(number)
        for name, value in methods.items():
            type.__setattr__(kind, name, value)
