"""Functions that another interpreter cannot import, as values: how `__main__`'s become processes.

What lives here: taking a function apart into shareable values (`ship`). No pickle: the code goes as
CPython marshals it; what the function refers to goes along by name where it can be imported, as a
value where it is one, and in parts otherwise. What must not: making it anew where it runs
(`_shipped.py`), when this is done (`_leaves.py`), how classes come apart (`_class_definitions.py`).

The rule. Globals of an importable module are those of the module there. Globals of `__main__` are
copied by name, those only that the function and what it calls use; one that cannot go along is left
behind, and the NameError that using it raises says why. What a function captures, and its defaults,
must be able to go along: else it is refused. The main script is never run again, as CPython's
`concurrent.interpreters` does: code that was given as text has none, and running one twice has its
effects twice.
"""

from __future__ import annotations

import marshal
import sys
from types import (
    BuiltinFunctionType,
    CellType,
    FunctionType,
    MappingProxyType,
    MethodType,
    ModuleType,
)

import _multicore

from multicore import _calls, _class_definitions, _definitions
from multicore.interpreters import NotShareableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    #: A node: what it is made as, then how. Nodes refer to each other by number, -1 for none.
    type Node = tuple[Any, ...]
    #: A namespace: its kind and name, and the numbers of the globals that it gets.
    type Space = tuple[str, str, tuple[tuple[str, int], ...]]

#: A function taken apart: nodes, namespaces, the number of the function, what was left behind.
type Shipment = tuple[tuple[Node, ...], tuple[Space, ...], int, tuple[tuple[str, str], ...]]

#: No node.
NONE = -1

#: Every interpreter's `__main__` has its own.
_OWN = frozenset({"__builtins__", "__doc__", "__loader__", "__name__", "__package__", "__spec__"})


def ship(function: Callable[..., object]) -> Shipment:
    """Take a function, or another callable, apart; raises NotShareableError."""
    packer = _Packer()
    number = packer.add(function)
    spaces = tuple((kind, name, tuple(used.items())) for kind, name, used in packer.spaces)
    return tuple(packer.nodes), spaces, number, tuple(packer.left.items())


class _Packer:
    """Takes things apart, each once, whatever refers to it."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.spaces: list[tuple[str, str, dict[str, int]]] = []
        #: Globals that stay, and why.
        self.left: dict[str, str] = {}
        self._numbers: dict[int, int] = {}
        self._space_numbers: dict[int, int] = {}
        # While their addresses stand for them.
        self._kept: list[object] = []

    def add(self, obj: object) -> int:
        """Give the number of its node."""
        known = self._numbers.get(id(obj))
        if known is not None:
            return known
        number = len(self.nodes)
        self._numbers[id(obj)] = number
        self._kept.append(obj)
        self.nodes.append(())
        self.nodes[number] = self._taken_apart(obj)
        return number

    def _taken_apart(self, obj: object) -> Node:
        if isinstance(obj, FunctionType):
            path = _calls.importable(obj)
            return self._function(obj) if path is None else ("path", path)
        if isinstance(obj, (type, BuiltinFunctionType, MethodType)):
            path = _calls.importable(obj)
            if path is not None:
                return "path", path
        if isinstance(obj, type):
            return self._recipe(obj, _class_definitions.reduce_class(obj))
        if isinstance(obj, ModuleType):
            return "module", obj.__name__
        if _multicore.is_shareable(obj):
            return "value", obj
        if type(obj) is tuple:
            return "tuple", tuple(self.add(item) for item in obj)
        return self._recipe(obj, _reduced(obj))

    def _recipe(self, obj: object, recipe: Any) -> Node:
        """What is made by a call, as `copy` and pickles know it."""
        if isinstance(recipe, str):
            module = sys.modules.get(getattr(obj, "__module__", None) or "")
            if getattr(module, recipe, None) is obj and module is not None:
                return "path", f"{module.__name__}:{recipe}"
        if not isinstance(recipe, tuple) or len(recipe) < 2:
            raise NotShareableError(f"{_shown(obj)} cannot be shared")
        parts: tuple[Any, ...] = (*recipe, None, None, None, None)
        make, args, state, items, pairs, fill = parts[:6]
        return (
            "made",
            self.add(make),
            tuple(self.add(each) for each in args),
            NONE if items is None else self.add(tuple(items)),
            NONE if pairs is None else self.add(tuple(pairs)),
            NONE if state is None else self.add(_parts_of(state)),
            NONE if fill is None else self.add(fill),
        )

    def _function(self, function: FunctionType) -> Node:
        name = function.__qualname__
        variables = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        captured = tuple(self._captured(name, variable, cell) for variable, cell in variables)
        defaults = self._required(f"a default of {name}", function.__defaults__)
        keywords = self._required(f"a default of {name}", function.__kwdefaults__)
        attributes = self._required(f"an attribute of {name}", function.__dict__ or None)
        return (
            "function",
            marshal.dumps(function.__code__),
            self._space(function),
            (function.__name__, name, function.__module__ or ""),
            (defaults, keywords, attributes, self._annotations(function)),
            captured,
        )

    def _captured(self, function: str, variable: str, cell: CellType) -> int:
        try:
            content = cell.cell_contents
        except ValueError:
            return NONE
        return self._required(f"{variable}, which {function} captures", content, boxed=True)

    def _required(self, what: str, obj: object, *, boxed: bool = False) -> int:
        if obj is None and not boxed:
            return NONE
        try:
            return self.add(obj)
        except NotShareableError as error:
            raise NotShareableError(
                f"{what}, cannot go along: {error}. Pass a value as an argument, or make it inside"
            ) from None

    def _annotations(self, function: FunctionType) -> int:
        """Never a reason to import something, nor to refuse."""
        annotate: object = getattr(function, "__annotate__", None)
        if isinstance(annotate, FunctionType):
            # Since 3.14: asked only when somebody wants them, and so without globals of their own.
            if annotate.__closure__:
                return NONE
            code = marshal.dumps(annotate.__code__)
            return self._plain(("annotate", code, self._space(function, uses=False)))
        words = {
            name: known if isinstance(known, str) else _words_of(known)
            for name, known in function.__annotations__.items()
        }
        return self.add(words) if words else NONE

    def _plain(self, node: Node) -> int:
        self.nodes.append(node)
        return len(self.nodes) - 1

    def _space(self, function: FunctionType, *, uses: bool = True) -> int:
        names = function.__globals__
        number = self._space_numbers.get(id(names))
        if number is None:
            number = self._space_numbers[id(names)] = len(self.spaces)
            self._kept.append(names)
            self.spaces.append((*_kind_of(names), {}))
        kind, _, used = self.spaces[number]
        if uses and kind != "module":
            for name in _definitions._used_names(function.__code__):
                if name in names and name not in used and name not in _OWN:
                    self._global(name, names[name], used)
        return number

    def _global(self, name: str, value: object, used: dict[str, int]) -> None:
        home = _definitions._home_of(name, value)
        if home is not None:
            used[name] = self._plain(("path", f"{home}:{name}"))
            return
        mark, spaces = len(self.nodes), len(self.spaces)
        # Whoever uses it again meanwhile need not ask.
        used[name] = NONE
        try:
            used[name] = self.add(value)
        except NotShareableError as error:
            self._forget_from(mark, spaces)
            used.pop(name, None)
            self.left[name] = (
                f"{name} of __main__ was left behind: {error}. "
                "Make it inside the function, or put the function into a module"
            )

    def _forget_from(self, mark: int, spaces: int) -> None:
        del self.nodes[mark:], self.spaces[spaces:]
        for key in [key for key, number in self._numbers.items() if number >= mark]:
            del self._numbers[key]
        for _, _, used in self.spaces:
            for name in [name for name, number in used.items() if number >= mark]:
                del used[name]
        for key in [key for key, number in self._space_numbers.items() if number >= spaces]:
            del self._space_numbers[key]


def _kind_of(names: dict[str, Any]) -> tuple[str, str]:
    """Say what namespace a function has there: `main`, that of a module, or one of its own."""
    known: object = names.get("__name__")
    name = known if isinstance(known, str) else ""
    module = sys.modules.get(name)
    if module is None or module.__dict__ is not names:
        return "own", name
    if name == "__main__":
        return "main", name
    return ("own" if getattr(module, "__spec__", None) is None else "module"), name


def _reduced(obj: object) -> Any:
    if isinstance(obj, (classmethod, staticmethod)):
        return type(obj), (obj.__func__,)
    if isinstance(obj, property):
        return property, (obj.fget, obj.fset, obj.fdel, obj.__doc__)
    if isinstance(obj, MappingProxyType):
        return MappingProxyType, (dict(obj),)
    if type(obj).__module__ == "dataclasses":
        known = _class_definitions.reduce_dataclass_part(obj)
        if known is not NotImplemented:
            return known
    copyreg = sys.modules.get("copyreg")
    reduce = getattr(copyreg, "dispatch_table", {}).get(type(obj))
    try:
        return obj.__reduce_ex__(4) if reduce is None else reduce(obj)
    except NotShareableError:
        raise
    except Exception as error:  # noqa: BLE001  Whatever taking it apart raises: it stays.
        raise NotShareableError(f"{_shown(obj)} cannot be shared ({error})") from None


def _parts_of(state: object) -> object:
    # A state is the object's own dict, which nobody else refers to under this identity.
    return dict(state) if type(state) is dict else state


def _shown(obj: object) -> str:
    kind = type(obj)
    return f"a {kind.__module__}.{kind.__qualname__}"


def _words_of(annotation: object) -> str:
    if isinstance(annotation, type) and type(annotation) is type:
        home = "" if annotation.__module__ == "builtins" else f"{annotation.__module__}."
        return home + annotation.__qualname__
    return repr(annotation)
