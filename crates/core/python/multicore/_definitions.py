"""Functions and classes that another interpreter cannot import, by value.

What lives here: taking them apart for a pickle and making them anew: a function as its marshalled
code with the globals that it uses, a class as its name, bases and attributes. Made once, a class is
the same class whenever it comes again, and is itself again when it comes home. What must not: when
this is done (`_pickling.py`).
"""

from __future__ import annotations

import builtins
import marshal
import sys
import weakref
from types import (
    CellType,
    CodeType,
    FunctionType,
    GetSetDescriptorType,
    MemberDescriptorType,
    ModuleType,
)
from typing import Any

import _multicore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

#: Values of these types cannot change.
_CONSTANT = (type(None), bool, int, float, complex, str, bytes)

#: Classes that came from another interpreter or went to one, by their numbers, and the reverse.
_classes: weakref.WeakValueDictionary[str, type] = weakref.WeakValueDictionary()
_numbers: weakref.WeakKeyDictionary[type, str] = weakref.WeakKeyDictionary()
#: Globals that came with functions, by namespace: what was set, so that it may be set again.
_installed: dict[tuple[int, str], tuple[object, int | None]] = {}
#: Made code objects, by their marshalled form.
_codes: dict[bytes, CodeType] = {}
_MOST_CODES = 1024


def import_module(name: str) -> ModuleType:
    """Import a module by its full name."""
    __import__(name)
    return sys.modules[name]


def is_global(obj: FunctionType | type) -> bool:
    """Say whether the object is what its module has under its name."""
    found: object = sys.modules.get(obj.__module__)
    for part in obj.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is obj


def _is_importable(obj: FunctionType | type) -> bool:
    module = sys.modules.get(obj.__module__)
    return (
        obj.__module__ != "__main__"
        and module is not None
        and getattr(module, "__spec__", None) is not None
        and is_global(obj)
    )


def _is_stateless(code: CodeType, used: Iterable[str], names: Mapping[str, object]) -> bool:
    """Say whether the code neither reads nor writes what is in `names`."""
    import opcode

    writes = {opcode.opmap["STORE_GLOBAL"], opcode.opmap["DELETE_GLOBAL"]}
    if any(name in names for name in used) or not writes.isdisjoint(code.co_code[::2]):
        return False
    inside = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    return all(_is_stateless(constant, (), names) for constant in inside)


def _used_names(code: CodeType) -> Iterator[str]:
    """Names of globals that the code, and the code inside it, reads."""
    import opcode

    reads = {opcode.opmap["LOAD_NAME"]: 0, opcode.opmap["LOAD_GLOBAL"]: 1}
    for name, shift in (("LOAD_FROM_DICT_OR_GLOBALS", 0),):
        if name in opcode.opmap:
            reads[opcode.opmap[name]] = shift
    extended = opcode.opmap["EXTENDED_ARG"]
    argument = 0
    raw = code.co_code
    for at in range(0, len(raw), 2):
        operation = raw[at]
        argument = argument << 8 | raw[at + 1]
        if operation == extended:
            continue
        shift = reads.get(operation, -1)
        if shift >= 0:
            yield code.co_names[argument >> shift]
        argument = 0
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _used_names(constant)


class Uses:
    """The globals that a function uses, those of the functions that it uses included."""

    __slots__ = ("_code", "_function", "_seen")

    def __init__(self, function: FunctionType) -> None:
        self._function = function
        self._code = function.__code__
        self._seen: list[tuple[dict[str, Any], str, object]] = []
        met = {id(function)}
        waiting = [function]
        while waiting:
            member = waiting.pop()
            for name in sorted(set(_used_names(member.__code__))):
                if name not in member.__globals__:
                    continue
                value = member.__globals__[name]
                self._seen.append((member.__globals__, name, value))
                if (
                    isinstance(value, FunctionType)
                    and not _is_importable(value)
                    and id(value) not in met
                ):
                    met.add(id(value))
                    waiting.append(value)

    def are_current(self) -> bool:
        """Say whether all are what they were."""
        if self._function.__code__ is not self._code:
            return False
        return all(names.get(name) is value for names, name, value in self._seen)

    def are_stable(self) -> bool:
        """Say whether none can change while it stays the same object."""
        if (
            self._function.__closure__
            or self._function.__defaults__
            or self._function.__kwdefaults__
        ):
            return False
        for _, _, value in self._seen:
            if isinstance(value, (*_CONSTANT, ModuleType, FunctionType)):
                continue
            if not (isinstance(value, type) and _is_importable(value)):
                return False
        return True


def reduce_function(
    function: FunctionType, can: Callable[[object], bool], *, closures: bool
) -> Any:
    """Take a function apart, unless it can be imported.

    One that captures variables is refused, unless `closures` says that it takes copies along.
    """
    captures = function.__closure__ and not closures and not is_global(function)
    if captures or _is_importable(function):
        return NotImplemented
    used: dict[str, object] = {}
    modules: dict[str, str] = {}
    names = set(_used_names(function.__code__))
    for name in names:
        value = function.__globals__.get(name, _used_names)
        if value is _used_names:
            continue
        if isinstance(value, ModuleType):
            modules[name] = value.__name__
        elif isinstance(value, _CONSTANT) or can(value):
            used[name] = value
    module = sys.modules.get(function.__module__)
    own = module is None or function.__globals__ is not module.__dict__
    cells = function.__closure__
    namespace = "" if own else function.__module__
    if cells is None and _is_stateless(function.__code__, names, function.__globals__):
        # As CPython has it: what needs nothing of its module runs in `__main__` there.
        namespace = "__main__"
    state = (
        used,
        modules,
        function.__defaults__,
        function.__kwdefaults__,
        function.__dict__ or None,
        None if cells is None else tuple(_content(cell) for cell in cells),
    )
    made = (
        marshal.dumps(function.__code__),
        namespace,
        function.__module__,
        function.__qualname__,
        -1 if cells is None else len(cells),
    )
    return _make_function, made, state, None, None, _fill_function


def _content(cell: CellType) -> tuple[object, ...]:
    try:
        return (cell.cell_contents,)
    except ValueError:
        return ()


def _namespace(name: str) -> dict[str, Any]:
    """Give the globals for functions of a module; of its own if there is no such module here."""
    if not name:
        return {"__builtins__": __builtins__}
    if name not in sys.modules:
        try:
            __import__(name)
        except ImportError:
            name = "__main__"
    return sys.modules[name].__dict__


def _make_function(
    code: bytes, namespace: str, module: str, qualname: str, cells: int
) -> FunctionType:
    known = _codes.get(code)
    if known is None:
        known = marshal.loads(code)  # noqa: S302  Our own interpreters made it.
        if len(_codes) >= _MOST_CODES:
            _codes.clear()
        _codes[code] = known
    closure = None if cells < 0 else tuple(CellType() for _ in range(cells))
    made = FunctionType(known, _namespace(namespace), known.co_name, None, closure)
    made.__qualname__ = qualname
    made.__module__ = module
    return made


def _fill_function(function: FunctionType, state: tuple[Any, ...]) -> None:
    used, modules, function.__defaults__, function.__kwdefaults__, attributes, contents = state
    for name, module in modules.items():
        if module == "__main__":
            _install(function.__globals__, name, sys.modules[module])
        else:
            _install(function.__globals__, name, import_module(module))
    for name, value in used.items():
        _install(function.__globals__, name, value)
    if attributes:
        function.__dict__.update(attributes)
    for cell, content in zip(function.__closure__ or (), contents or (), strict=True):
        if content:
            (cell.cell_contents,) = content


def _install(names: dict[str, Any], name: str, value: object) -> None:
    """Set a global that came along, unless code here has given the name a value of its own."""
    key = (id(names), name)
    known, print_before = _installed.get(key, (names, None))
    if name in names and names[name] is not known:
        return
    fingerprint = _fingerprint(value)
    if known is not names and fingerprint is not None and fingerprint == print_before:
        # Another function brings the same: what was done to it here since, stays done.
        return
    names[name] = value
    _installed[key] = (value, fingerprint)


def forget() -> None:
    """Forget what came along so far: all of it is set, and made, anew when it comes again."""
    _installed.clear()
    _classes.clear()
    _numbers.clear()


def _fingerprint(value: object) -> int | None:
    """Tell the contents of a value that can change from others; None for what cannot change."""
    if isinstance(value, (*_CONSTANT, ModuleType, FunctionType, type)):
        return None
    import pickle

    try:
        return hash(pickle.dumps(value))
    except Exception:  # noqa: BLE001  What cannot be pickled alone is the same as before.
        return 0


def _number(kind: type) -> str:
    known = _numbers.get(kind)
    if known is None:
        here = _multicore.current_interpreter()._number()
        known = f"{here}.{len(_numbers)}.{id(kind):x}"
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
    if _is_importable(kind) or not is_global(kind):
        return NotImplemented
    attributes = {
        name: value
        for name, value in vars(kind).items()
        if name not in ("__dict__", "__weakref__")
        and not isinstance(value, (MemberDescriptorType, GetSetDescriptorType))
        # The fields of a structure of ctypes: its `_fields_` make them anew.
        and type(value).__name__ != "CField"
    }
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
        _install(sys.modules["__main__"].__dict__, made.__name__, made)
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
