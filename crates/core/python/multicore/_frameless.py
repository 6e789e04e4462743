"""Builtins that look at the frame that calls them, for when the host calls and there is none.

What lives here: stand-ins that behave as a call from `__main__` does. What must not: anything else.
"""

import builtins
import sys

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable


def _main() -> dict[str, object]:
    return sys.modules["__main__"].__dict__


def _eval(
    source: object, /, globals: dict[str, object] | None = None, locals: object = None
) -> object:
    return builtins.eval(source, _main() if globals is None else globals, locals)  # type: ignore[arg-type]  # noqa: S307


def _exec(
    source: object,
    /,
    globals: dict[str, object] | None = None,
    locals: object = None,
    **options: object,
) -> None:
    builtins.exec(source, _main() if globals is None else globals, locals, **options)  # type: ignore[arg-type]  # noqa: S102


def _vars(*target: object) -> object:
    return builtins.vars(*target) if target else _main()


def _dir(*target: object) -> list[str]:
    return builtins.dir(*target) if target else sorted(_main())


#: By the builtin itself: whatever path led to it.
_STAND_INS: "dict[object, Callable[..., object]]" = {
    builtins.eval: _eval,
    builtins.exec: _exec,
    builtins.globals: _main,
    builtins.locals: _main,
    builtins.vars: _vars,
    builtins.dir: _dir,
}


def stand_in(function: "Callable[..., object]") -> "Callable[..., object]":
    """What to call instead of this function when no frame is there."""
    return _STAND_INS.get(function, function)
