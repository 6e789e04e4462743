"""Runs a use of the standard library, for scripts/robust/first-uses.mjs.

What lives here: finding the uses and running one. A use is a public function of the modules
`uses_*`: it imports what it uses, can be run any number of times, and gives something whose `repr`
is the same in every interpreter of every process. As a script, in a python that is nobody's guest:
all uses, as JSON.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class _Barrier(Protocol):
        def wait(self) -> object: ...


_MODULES = (
    "uses_calendar", "uses_data", "uses_language", "uses_native", "uses_numbers", "uses_objects",
    "uses_processes", "uses_text",
)  # fmt: skip


def _uses() -> dict[str, Callable[[], object]]:
    found = {}
    for name in _MODULES:
        for use, function in vars(__import__(name)).items():
            if not use.startswith("_") and getattr(function, "__module__", None) == name:
                found[f"{name}.{use}"] = function
    return found


_found = _uses()


def names() -> list[str]:
    """The names of all uses."""
    return list(_found)


def run(name: str, barrier: _Barrier | None = None) -> str:
    """What a use gives, or raised; it begins when the others at the barrier begin theirs."""
    use = _found[name]
    if barrier is not None:
        barrier.wait()
    try:
        return repr(use())
    except Exception as error:  # noqa: BLE001  To be compared like any other result.
        return f"raised {error!r} at line {_line(error)}"


def _line(error: Exception) -> int | None:
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    return None if at is None else at.tb_lineno


if __name__ == "__main__":
    import json

    json.dump({name: run(name) for name in names()}, sys.stdout)
