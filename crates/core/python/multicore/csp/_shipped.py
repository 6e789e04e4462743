"""Functions that came from another interpreter as values, made anew where they run.

What lives here: `call`, and which globals of `__main__` came along. What must not: taking functions
apart, and the rule of what goes along (`_shipping.py`).
"""

from __future__ import annotations

import marshal
from types import CellType, FunctionType

from multicore import _calls, _definitions
from multicore.csp._shipping import NONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from multicore.csp._shipping import Shipment


def call(shipment: Shipment, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """Make a function that was shipped, and call it."""
    function, left = _Opener(shipment).function(), dict(shipment[3])
    del shipment
    try:
        return function(*args, **kwargs)
    except NameError as error:
        if error.name in left:
            error.add_note(left[error.name])
        raise


class _Opener:
    """Makes things anew, each once."""

    def __init__(self, shipment: Shipment) -> None:
        self._nodes, self._shipped, self._first, _ = shipment
        self._made: dict[int, Any] = {}
        self._spaces: dict[int, dict[str, Any]] = {}
        self._filled: set[int] = set()

    def function(self) -> Callable[..., Any]:
        """Give the function that was shipped."""
        found: Callable[..., Any] = self._get(self._first)
        return found

    def _get(self, number: int) -> Any:
        if number in self._made:
            return self._made[number]
        kind, *parts = self._nodes[number]
        if kind == "function":
            return self._function(number, *parts)
        if kind == "made":
            return self._object(number, *parts)
        made: Any
        if kind == "value":
            made = parts[0]
        elif kind == "path":
            made = _calls._load(parts[0])
        elif kind == "module":
            made = _definitions.import_module(parts[0])
        elif kind == "annotate":
            made = FunctionType(marshal.loads(parts[0]), self._space(parts[1]))  # noqa: S302
        else:
            made = tuple(self._get(item) for item in parts[0])
        self._made[number] = made
        return made

    def _object(
        self,
        number: int,
        make: int,
        args: tuple[int, ...],
        items: int,
        pairs: int,
        state: int,
        fill: int,
    ) -> Any:
        made = self._get(make)(*(self._get(each) for each in args))
        self._made[number] = made
        if state != NONE:
            _set_state(made, self._get(state), None if fill == NONE else self._get(fill))
        if items != NONE:
            made.extend(self._get(items))
        if pairs != NONE:
            for key, value in self._get(pairs):
                made[key] = value
        return made

    def _function(
        self,
        number: int,
        code: bytes,
        space: int,
        names: tuple[str, str, str],
        parts: tuple[int, int, int, int],
        captured: tuple[int, ...],
    ) -> FunctionType:
        cells = tuple(CellType() for _ in captured)
        body = marshal.loads(code)  # noqa: S302  Our own interpreters made it.
        made = FunctionType(body, self._space(space), names[0], None, cells or None)
        self._made[number] = made
        made.__qualname__, made.__module__ = names[1:]
        defaults, keywords, attributes, annotations = parts
        if defaults != NONE:
            made.__defaults__ = self._get(defaults)
        if keywords != NONE:
            made.__kwdefaults__ = self._get(keywords)
        if attributes != NONE:
            made.__dict__.update(self._get(attributes))
        if annotations != NONE:
            known = self._get(annotations)
            name = "__annotate__" if isinstance(known, FunctionType) else "__annotations__"
            setattr(made, name, known)
        for cell, content in zip(cells, captured, strict=True):
            if content != NONE:
                cell.cell_contents = self._get(content)
        self._fill(space)
        return made

    def _space(self, number: int) -> dict[str, Any]:
        """Give a namespace, perhaps without the globals that come along."""
        names = self._spaces.get(number)
        if names is None:
            kind, name, _ = self._shipped[number]
            if kind == "own":
                names = {"__name__": name, "__builtins__": __builtins__}
            else:
                names = _definitions.import_module(name).__dict__
            self._spaces[number] = names
        return names

    def _fill(self, number: int) -> None:
        """Give a namespace its globals."""
        if number in self._filled:
            return
        self._filled.add(number)
        names, (kind, _, used) = self._space(number), self._shipped[number]
        for name, content in used:
            # What code here has given the name itself stays.
            if name not in names or (name in _came and names[name] is _came[name]):
                names[name] = self._get(content)
                if kind == "main":
                    _came[name] = names[name]


#: Globals of this `__main__` that came along with functions.
_came: dict[str, object] = {}


def forget() -> None:
    """Forget which globals came along so far."""
    _came.clear()


def _set_state(made: Any, state: Any, fill: Callable[[Any, Any], object] | None) -> None:
    if fill is not None:
        fill(made, state)
    elif hasattr(made, "__setstate__"):
        made.__setstate__(state)
    else:
        # As pickles and `copy` have it: the attributes, or these and those in slots.
        attributes, slots = state if isinstance(state, tuple) and len(state) == 2 else (state, None)
        if attributes:
            made.__dict__.update(attributes)
        for name, value in (slots or {}).items():
            setattr(made, name, value)
