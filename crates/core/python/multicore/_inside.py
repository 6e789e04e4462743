"""What interpreters run that are processes of `multicore.csp`, but for the process's own code.

What lives here: getting ready, finding what is to be run, and leaving the interpreter clean. What
must not: an import that a process does not need (this is loaded by all of them).
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def prepare(path: list[str]) -> None:
    """Make the modules findable that the creator finds."""
    known = set(sys.path)
    sys.path[:0] = [entry for entry in path if entry not in known]


def call_path(path: str, args: tuple[object, ...], kwargs: dict[str, object]) -> Any:
    """Call `module:function`, which may be a definition that `@process` made."""
    module_name, _, name = path.partition(":")
    __import__(module_name)
    target: Any = sys.modules[module_name]
    for part in name.split("."):
        target = getattr(target, part)
    function: Callable[..., Any] = getattr(target, "__process__", target)
    return function(*args, **kwargs)


def execute(text: str, filename: str, names: dict[str, object]) -> None:
    """Run source in `__main__`, with names bound."""
    main = sys.modules["__main__"].__dict__
    main.update(names)
    names.clear()
    exec(compile(text, filename, "exec"), main)  # noqa: S102  That is what it is for.


def call_host(function: Callable[..., Any], args: tuple[object, ...]) -> Any:
    """Call a function of the host and wait for it."""
    return function(*args)


def clean() -> None:
    """Leave nothing in `__main__` for the next process."""
    from multicore import _calls

    main = sys.modules["__main__"].__dict__
    for name in [name for name in main if not name.startswith("__")]:
        del main[name]
    # Functions and classes of `__main__` that came by value have lost their globals.
    _calls._loaded.clear()
    for name in (
        "multicore._definitions",
        "multicore._class_definitions",
        "multicore.csp._shipped",
    ):
        definitions = sys.modules.get(name)
        if definitions is not None:
            definitions.forget()
