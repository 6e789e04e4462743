"""The host: the Node process that this interpreter lives in.

Functions of the host come as arguments, messages or bound names, and are called like any other;
what they throw is HostError. `print` and `sys.stdout` go where the host said; `log` is for what
should go to its standard error.
"""

import sys

import _multicore
from _multicore import HostFunction

__all__ = ["HostError", "HostFunction", "functions", "log"]


class HostError(Exception):
    """A function of the host threw.

    Its `__cause__` is what led to it there: a HostError, or, if the function failed because it ran
    Python code that raised, an `interpreters.ExecutionFailed` that shows that code's traceback.
    """

    host_error: object


def functions() -> dict[str, HostFunction]:
    """Give the functions of the host that are bound in `__main__`, by their names there."""
    names = sys.modules["__main__"].__dict__
    return {name: value for name, value in names.items() if isinstance(value, HostFunction)}


def log(*values: object, sep: str = " ", end: str = "\n") -> None:
    """Write the values to where the host sends standard error, at once."""
    _multicore.write(2, sep.join(map(str, values)) + end)


def _make_host_error(
    name: str, message: str, stack: str, token: object, cause: BaseException | None
) -> HostError:
    error = HostError(f"{name}: {message}" if name != "Error" else message)
    if cause is not None:
        error.__cause__ = cause
    error.host_error = token
    if stack:
        error.add_note(stack)
    return error


_multicore.register("make_host_error", _make_host_error)
