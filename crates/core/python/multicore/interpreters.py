"""Interpreters of this process, after PEP 734."""

import _multicore


class InterpreterError(Exception):
    """An interpreter-related error happened."""


class InterpreterNotFoundError(InterpreterError):
    """The interpreter does not exist (any more)."""


class NotShareableError(TypeError, ValueError):
    """The object cannot be sent to another interpreter."""


class Interpreter(_multicore.InterpreterHandle):
    """An interpreter of this process."""

    __slots__ = ()


for _class in (InterpreterError, InterpreterNotFoundError, NotShareableError, Interpreter):
    _multicore.register(_class.__name__, _class)
