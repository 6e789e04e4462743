"""Functions that another interpreter cannot import, by value.

What lives here: taking them apart for a pickle, as their marshalled code with the globals that they
use, and making them anew. What must not: classes (`_class_definitions.py`), and when this is done
(`_pickling.py`).
"""

from __future__ import annotations

import marshal
import sys
from types import (
    CellType,
    CodeType,
    FunctionType,
    ModuleType,
)

from multicore import _calls

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

#: Values of these types cannot change.
_CONSTANT = (type(None), bool, int, float, complex, str, bytes)
#: What each interpreter has of its own, and none in the module of its class.
_STREAMS = ("stdin", "stdout", "stderr")

#: What CPython 3.14 calls the module that functions of `__main__` run in elsewhere.
FAKE_MAIN = "<fake __main__>"
#: The globals of functions that came from another interpreter's `__main__`.
_fake_main: dict[str, Any] = {}
#: Functions of `__main__` that came home: they are what they were.
_home: dict[int, FunctionType] = {}
#: Globals that came with functions, by namespace: what was set, so that it may be set again.
_installed: dict[tuple[int, str], tuple[object, int | None]] = {}
#: Made code objects, by their marshalled form.
_codes: dict[bytes, CodeType] = {}
_MOST_CODES = 1024


def import_module(name: str) -> ModuleType:
    """Import a module by its full name."""
    __import__(name)
    return sys.modules[name]


def main_names() -> dict[str, Any]:
    """Give the globals of what comes from another interpreter's `__main__`.

    They are kept apart from this interpreter's own, as CPython 3.14 has it; `multiprocessing` and
    `multicore.compat` do not.
    """
    if _calls.shares_main:
        return sys.modules["__main__"].__dict__
    if not _fake_main:
        _fake_main.update(__name__=FAKE_MAIN, __builtins__=__builtins__)
    return _fake_main


def _found(module: str, qualname: str) -> object:
    """Give what a module has under a name."""
    first, *rest = qualname.split(".")
    found: object = getattr(sys.modules.get(module), first, None)
    if found is None and module == "__main__":
        found = _fake_main.get(first)
    for part in rest:
        found = getattr(found, part, None)
    return found


def is_global(obj: FunctionType | type) -> bool:
    """Say whether the object is what its module has under its name."""
    return _found(obj.__module__, obj.__qualname__) is obj


def is_importable(obj: FunctionType | type) -> bool:
    """Say whether another interpreter finds the object in its module."""
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
                    and not is_importable(value)
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
        for _, name, value in self._seen:
            if isinstance(value, (*_CONSTANT, ModuleType, FunctionType)):
                continue
            if isinstance(value, type) and is_importable(value):
                continue
            if _home_of(name, value) is None:
                return False
        return True


def reduce_function(
    function: FunctionType, can: Callable[[object], bool], *, closures: bool
) -> Any:
    """Take a function apart, unless it can be imported.

    One that captures variables is refused, unless `closures` says that it takes copies along.
    """
    captures = function.__closure__ and not closures and not is_global(function)
    if captures or is_importable(function):
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
        elif (home := _home_of(name, value)) is not None:
            modules[name] = f"{home}:{name}"
        elif isinstance(value, _CONSTANT) or can(value):
            used[name] = value
    module = sys.modules.get(function.__module__)
    own = module is None or function.__globals__ is not module.__dict__
    cells = function.__closure__
    namespace = "" if own else function.__module__
    if namespace == "__main__" or function.__globals__ is _fake_main:
        namespace = FAKE_MAIN
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


def _home_of(name: str, value: object) -> str | None:
    """Give the module that has the object under this name, if that is the module of its class.

    What was imported from there, as `random` from random or `environ` from os, is each
    interpreter's own: a copy would not be, and all workers would draw the same random numbers.
    """
    if isinstance(value, (*_CONSTANT, FunctionType, ModuleType, type)):
        return None
    if name in _STREAMS and getattr(sys, name) is value:
        return "sys"
    owner: object = getattr(value, "__self__", value)
    module = sys.modules.get(type(owner).__module__)
    if module is None or module.__name__ in ("__main__", "builtins"):
        return None
    return module.__name__ if module.__dict__.get(name) is value else None


def _member(module: str, name: str) -> Any:
    return getattr(import_module(module), name)


def reduce_member(method: Any) -> Any:
    """Take a method apart that a module has under its name: it is that one's everywhere."""
    home = _home_of(method.__name__, method)
    return NotImplemented if home is None else (_member, (home, method.__name__))


def _content(cell: CellType) -> tuple[object, ...]:
    try:
        return (cell.cell_contents,)
    except ValueError:
        return ()


def _namespace(name: str) -> dict[str, Any]:
    """Give the globals for functions of a module; of its own if there is no such module here."""
    if not name:
        return {"__builtins__": __builtins__}
    if name == FAKE_MAIN:
        return main_names()
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
    there = _found(module, qualname) if module == "__main__" else None
    if (
        isinstance(there, FunctionType)
        and there.__code__ == known
        and there.__globals__ is sys.modules[module].__dict__
    ):
        _home[id(there)] = there
        return there
    closure = None if cells < 0 else tuple(CellType() for _ in range(cells))
    made = FunctionType(known, _namespace(namespace), known.co_name, None, closure)
    made.__qualname__ = qualname
    made.__module__ = module
    return made


def _fill_function(function: FunctionType, state: tuple[Any, ...]) -> None:
    if _home.pop(id(function), None) is not None:
        return
    used, modules, function.__defaults__, function.__kwdefaults__, attributes, contents = state
    for name, module in modules.items():
        if module == "__main__":
            install(function.__globals__, name, sys.modules[module])
        elif ":" in module:
            install(function.__globals__, name, _member(*module.split(":")))
        else:
            install(function.__globals__, name, import_module(module))
    for name, value in used.items():
        install(function.__globals__, name, value)
    if attributes:
        function.__dict__.update(attributes)
    captured: tuple[tuple[Any, ...], ...] = contents or ()
    for cell, content in zip(function.__closure__ or (), captured, strict=True):
        if content:
            (cell.cell_contents,) = content


def install(names: dict[str, Any], name: str, value: object) -> None:
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
    """Forget which globals came along so far: they are set anew when they come again."""
    _installed.clear()
    _fake_main.clear()


def _fingerprint(value: object) -> int | None:
    """Tell the contents of a value that can change from others; None for what cannot change."""
    if isinstance(value, (*_CONSTANT, ModuleType, FunctionType, type)):
        return None
    import pickle

    try:
        return hash(pickle.dumps(value))
    except Exception:  # noqa: BLE001  What cannot be pickled alone is the same as before.
        return 0
