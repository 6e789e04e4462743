"""Interpreters of this process, after PEP 734: the API of `concurrent.interpreters`.

>>> interp = create()
>>> interp.call(sum, [1, 2, 3])
6

What lives here: interpreters, and the names of the queue's API, which is in `_queues.py` and
loaded when it is used. What must not: how calls are packed (`_calls.py`).
"""

from __future__ import annotations

from types import SimpleNamespace

import _multicore

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Mapping
    from types import FunctionType

    from multicore._queues import (
        UNBOUND as UNBOUND,
    )
    from multicore._queues import (
        UNBOUND_ERROR as UNBOUND_ERROR,
    )
    from multicore._queues import (
        UNBOUND_REMOVE as UNBOUND_REMOVE,
    )
    from multicore._queues import (
        ItemInterpreterDestroyed as ItemInterpreterDestroyed,
    )
    from multicore._queues import (
        Queue as Queue,
    )
    from multicore._queues import (
        QueueEmpty as QueueEmpty,
    )
    from multicore._queues import (
        QueueError as QueueError,
    )
    from multicore._queues import (
        QueueFull as QueueFull,
    )
    from multicore._queues import (
        QueueNotFoundError as QueueNotFoundError,
    )
    from multicore._queues import (
        UnboundItem as UnboundItem,
    )
    from multicore._queues import (
        create as create_queue,
    )

__all__ = [
    "UNBOUND",
    "UNBOUND_ERROR",
    "UNBOUND_REMOVE",
    "ExecutionFailed",
    "Interpreter",
    "InterpreterError",
    "InterpreterNotFoundError",
    "ItemInterpreterDestroyed",
    "NotShareableError",
    "Queue",
    "QueueEmpty",
    "QueueError",
    "QueueFull",
    "UnboundItem",
    "create",
    "create_queue",
    "get_current",
    "get_main",
    "is_shareable",
    "list_all",
]

_QUEUE_NAMES = {
    "UNBOUND",
    "UNBOUND_ERROR",
    "UNBOUND_REMOVE",
    "ItemInterpreterDestroyed",
    "Queue",
    "QueueEmpty",
    "QueueError",
    "QueueFull",
    "QueueNotFoundError",
    "UnboundItem",
    "create_queue",
}


def __getattr__(name: str) -> object:
    if name not in _QUEUE_NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from multicore import _queues

    found: object = getattr(_queues, "create" if name == "create_queue" else name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class InterpreterError(Exception):
    """An operation on an interpreter failed."""


class InterpreterNotFoundError(InterpreterError):
    """The interpreter does not exist (any more)."""


class NotShareableError(TypeError, ValueError):
    """The object cannot be sent to another interpreter."""


class ExecutionFailed(InterpreterError):
    """Code in another interpreter raised an exception that it did not handle.

    `excinfo` is what is known of it: `type` (with `__name__`, `__qualname__` and `__module__`),
    `msg`, `formatted` (one line) and `errdisplay` (the traceback as Python prints it).
    """

    def __init__(self, excinfo: SimpleNamespace) -> None:
        type_name = excinfo.type.__name__ if excinfo.type else ""
        one_line = excinfo.formatted or ": ".join(filter(None, (type_name, excinfo.msg)))
        super().__init__(one_line)
        self.excinfo = excinfo

    def __str__(self) -> str:
        one_line = super().__str__()
        display = getattr(self.excinfo, "errdisplay", None)
        if display is None:
            return one_line
        return f"{one_line}\n\nUncaught in the interpreter:\n\n{display}"

    def __reduce__(self) -> tuple[type, tuple[SimpleNamespace]]:
        return type(self), (self.excinfo,)


def _execution_failed(type_name: str, message: str, traceback: str) -> ExecutionFailed:
    module, _, qualified = type_name.rpartition(".")
    # A nested class's module cannot be told from its qualified name: the last part is the name.
    described = SimpleNamespace(
        __name__=qualified, __qualname__=qualified, __module__=module or "builtins"
    )
    formatted = f"{type_name}: {message}" if message else type_name
    excinfo = SimpleNamespace(
        type=described, msg=message, formatted=formatted, errdisplay=traceback.rstrip("\n")
    )
    return ExecutionFailed(excinfo)


def create(
    *, name: str | None = None, isolation: str = "own-gil", serial: bool = False
) -> Interpreter:
    """Create an idle interpreter.

    It has a GIL of its own unless `isolation` is "shared-gil". In `serial` mode its code cannot
    start threads. It is destroyed by `close`, or when no interpreter holds it any more.
    """
    made = _multicore.create_interpreter(name, isolation, serial)
    assert isinstance(made, Interpreter)
    return made


def list_all() -> list[Interpreter]:
    """List all interpreters of this process, the host's included."""
    return _multicore.list_interpreters()


def get_current() -> Interpreter:
    """Give the interpreter that runs this code."""
    current = _multicore.current_interpreter()
    assert isinstance(current, Interpreter)
    return current


def get_main() -> Interpreter:
    """Give the main interpreter."""
    main = _multicore.main_interpreter()
    assert isinstance(main, Interpreter)
    return main


def is_shareable(obj: object, /) -> bool:
    """Say whether the object crosses as it is, without being pickled."""
    return _multicore.is_shareable(obj)


class Interpreter(_multicore.InterpreterHandle):
    """An interpreter of this process. `Interpreter(id)` finds a living one."""

    __slots__ = ("__weakref__",)

    def __new__(cls, id: int, /) -> Interpreter:
        """Finds the interpreter with this id."""
        if not isinstance(id, int):
            raise TypeError(f"id must be an int, got {id!r}")
        if id < 0:
            raise ValueError(f"id must be a non-negative int, got {id!r}")
        found = _multicore.find_interpreter(int(id)) if id < 1 << 63 else None
        if found is None:
            raise InterpreterNotFoundError(f"unrecognized interpreter ID {int(id)}")
        assert isinstance(found, Interpreter)
        return found

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Interpreter):
            return NotImplemented
        return self._number() == other._number()

    def __hash__(self) -> int:
        return hash(self._number())

    def __reduce__(self) -> tuple[type, tuple[int]]:
        return type(self), (self._number(),)

    @property
    def id(self) -> int:
        """CPython's number of the interpreter; 0 is the main one."""
        return self._number()

    # Private to `concurrent.interpreters`, but used by who looks inside, its own tests among them.
    _id = id  # noqa: A003

    @property
    def name(self) -> str:
        """Its name, as the host shows it."""
        return self._name()

    @property
    def whence(self) -> str:
        """Who created it: `runtime init`, `_interpreters module` (Python code) or `host`."""
        if self._isolation() == "main":
            return "runtime init"
        return "_interpreters module" if self._owned() else "host"

    @property
    def isolation(self) -> str:
        """own-gil, shared-gil or main."""
        return self._isolation()

    def is_running(self) -> bool:
        """Say whether it runs code now: its `exec`, a call, a job of the host."""
        state = self._state()
        if state == "closed":
            raise InterpreterNotFoundError(f"unrecognized interpreter ID {self.id}")
        return state == "running"

    def close(self, *, timeout: float | None = None) -> None:
        """Destroy the interpreter.

        One that runs is an InterpreterError, unless `timeout` says for how many seconds to wait
        before its code is stopped.
        """
        state = self._state()
        if state in ("closed", "closing"):
            raise InterpreterNotFoundError(f"unrecognized interpreter ID {self.id}")
        if self._isolation() == "main":
            raise InterpreterError("cannot destroy the main interpreter")
        if state == "running" and timeout is None:
            raise InterpreterError("interpreter is running: wait for it, or give close() a timeout")
        abandoned = self._close(timeout)
        if abandoned is not None:
            raise InterpreterError(abandoned)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the code that it runs."""
        self._interrupt()

    def prepare_main(
        self,
        ns: Mapping[str, object] | Iterable[tuple[str, object]] | None = None,
        /,
        **kwargs: object,
    ) -> None:
        """Bind the values to these names in the interpreter's `__main__`.

        They must be shareable: what would have to be copied or pickled is a NotShareableError, and
        then none is bound. To send such a value, use `call` or a queue.
        """
        names = kwargs if ns is None else dict(ns, **kwargs)
        if not names:
            raise ValueError("prepare_main() needs at least one name to bind")
        for name in names:
            if not isinstance(name, str):
                raise TypeError(f"names must be str, got {name!r}")
        self._prepare_main(names)

    def exec(self, code: str | FunctionType, /) -> None:
        """Run source code, or the body of a function, in the interpreter's `__main__`.

        On this thread: it returns when the code is done. What the code raises and does not handle
        becomes ExecutionFailed; an interpreter that runs code already is an InterpreterError.
        """
        if isinstance(code, str):
            from textwrap import dedent

            self._exec(dedent(code))
            return
        from multicore import _calls

        _calls.exec_function(self, code)

    def call[**P, T](self, callable: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the object in the interpreter, on this thread, and give what it returns.

        Functions of `__main__` are sent as code, with the functions, classes and values of
        `__main__` that they use; functions of modules are imported there. Arguments and results are
        shared where they can be, copied where they are containers, and pickled otherwise. What the
        call raises becomes ExecutionFailed.
        """
        from multicore import _calls

        result: T = _calls.call(self, callable, args, kwargs)
        return result

    def call_in_thread[**P](
        self, callable: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs
    ) -> threading.Thread:
        """Call the object in the interpreter on a new thread, and give that.

        Its result is dropped; an exception goes to `threading.excepthook`.
        """
        import threading

        from multicore import _calls

        thread = threading.Thread(
            target=_calls.call,
            args=(self, callable, args, kwargs),
            name=f"call in {self.name}",
        )
        thread.start()
        return thread


for _class in (InterpreterError, InterpreterNotFoundError, NotShareableError, Interpreter):
    _multicore.register(_class.__name__, _class)
_multicore.register("make_execution_failed", _execution_failed)
