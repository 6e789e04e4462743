"""The interpreters that processes run in: kept warm after use, so that the next need not wait.

What must not be here: processes.
"""

from __future__ import annotations

import time

from multicore import interpreters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from multicore.interpreters import Interpreter

#: What a process needs of its interpreter: isolation, serial, directories. Those with equal needs
#: share one after the other.
type Needs = tuple[str, bool, tuple[str, ...]]

#: Most that are kept, of all kinds, and for how many seconds.
_MOST_IDLE = 8
_IDLE_SECONDS = 10.0

#: Interpreters that nobody uses, with the time since when; the last used last.
_idle: list[tuple[Needs, Interpreter, float]] = []


def take(needs: Needs) -> Interpreter:
    """Give an interpreter that nobody else uses."""
    for index in range(len(_idle) - 1, -1, -1):
        if _idle[index][0] == needs:
            interpreter = _idle.pop(index)[1]
            # Somebody else may have closed it meanwhile.
            if interpreter._state() == "idle":
                return interpreter
    isolation, serial, _ = needs
    return interpreters.create(isolation=isolation, serial=serial)


def keep(needs: Needs, interpreter: Interpreter) -> None:
    """Take one back that is clean; too many, and those that waited long, are closed."""
    now = time.monotonic()
    if interpreter._state() == "idle":
        _idle.append((needs, interpreter, now))
    while _idle and (len(_idle) > _MOST_IDLE or now - _idle[0][2] > _IDLE_SECONDS):
        close(_idle.pop(0)[1])


def close(interpreter: Interpreter, timeout: float = 1.0) -> None:
    """Close one; what still runs in it is stopped after so many seconds, and then given up."""
    if interpreter._state() not in ("closing", "closed"):
        interpreter._close(timeout)


def is_kept(id: int) -> bool:
    """Say whether an interpreter is kept warm now: it does nothing until a process is given it."""
    return any(interpreter.id == id for _, interpreter, _ in _idle)


def kept() -> list[int]:
    """Give the numbers of those that are kept warm."""
    return [interpreter.id for _, interpreter, _ in _idle]


def close_idle_interpreters() -> None:
    """Close the interpreters that are kept warm: gives their memory back at once."""
    while _idle:
        close(_idle.pop()[1])
