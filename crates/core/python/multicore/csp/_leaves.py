"""Processes that are not made of others: Python functions, Python source, functions of the host.

What lives here: how each is described and started. How it is told to stop is in `_stopping.py`,
where its interpreter comes from in `_warm.py`.
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType
from typing import Any

import _multicore

from multicore import _calls, _workers, interpreters
from multicore.csp import _holding, _stopping, _warm
from multicore.csp._failures import ProcessKilledError
from multicore.csp._process import Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Literal

    from multicore.csp._driver import Future, Outcome
    from multicore.csp._holding import End
    from multicore.csp._process import Context
    from multicore.csp._shipping import Shipment
    from multicore.interpreters import Interpreter

    type Isolation = Literal["own-gil", "shared-gil"]


class Leaf[T](Process[T]):
    """A process that uses its ends while it runs, and lets go of them then."""

    language = "python"

    def __init__(self, name: str, *handed: object) -> None:
        super().__init__(name)
        self._ends, self._owned = _holding.ends_in(*handed)

    @property
    def ends(self) -> Sequence[End]:
        """The channel ends that it was handed."""
        return self._ends

    @property
    def owned(self) -> Sequence[End]:
        """Those that belong to it."""
        return self._owned

    def start(self) -> T | None:
        """Run it as a `par` of its own: None if it ended because a channel was poisoned."""
        from multicore.csp._par import par

        result: T | None = par(self).run()[0]
        return result

    async def begin(self, context: Context) -> T:
        """Run it in a driver."""
        context.signal.check()
        if context.tracker is None:
            return await self._work(context)
        return await context.tracker.run(self, context, self._work)

    async def _work(self, context: Context) -> T:
        raise NotImplementedError


class PythonProcess(Leaf[Any]):
    """A Python function, or source, in an interpreter of its own."""

    def __init__(
        self,
        name: str,
        function: str | Shipment,
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
        *,
        isolated: bool = True,
        isolation: Isolation = "own-gil",
        serial: bool = True,
        path: Sequence[str] = (),
        timeout: float | None = None,
        interpreter: Interpreter | None = None,
        uses_main: bool = False,
    ) -> None:
        super().__init__(name, args, dict(kwargs))
        if timeout is not None and not timeout > 0:
            raise ValueError(f"timeout is {timeout!r}: give seconds, more than 0")
        if timeout is not None and not isolated:
            raise ValueError("a thread of this interpreter has no timeout: leave isolated as it is")
        self.serial = serial and isolated
        self._function, self._args, self._kwargs = function, args, dict(kwargs)
        self._isolated, self._timeout, self._interpreter = isolated, timeout, interpreter
        self._needs: _warm.Needs = (isolation, serial, tuple(path))
        self._uses_main = uses_main

    async def _work(self, context: Context) -> Any:
        # Handed on, and not kept: the frames of an error that somebody keeps would hold its ends.
        call = [self._call()]
        if not self._isolated:
            return _result(await _stopping.in_thread(self.name, call, context))
        if self._interpreter is not None:
            return await self._run_in(self._interpreter, call, context)
        interpreter = _warm.take(self._needs)
        try:
            result = await self._run_in(interpreter, call, context)
            if self._uses_main:
                await context.driver.submit(interpreter, "multicore._inside:clean", ())
        except BaseException:
            _warm.close(interpreter)
            raise
        _warm.keep(self._needs, interpreter)
        return result

    def _call(self) -> _stopping.Call:
        if isinstance(self._function, str):
            return self._function, _multicore.pack((self._args, self._kwargs))
        shipped = (self._function, self._args, self._kwargs)
        return "multicore.csp._shipped:call", _multicore.pack((shipped, {}))

    async def _run_in(
        self, interpreter: Interpreter, call: list[_stopping.Call], context: Context
    ) -> Any:
        if context.member is not None:
            context.member.runs_in(interpreter, serial=self.serial)
        path = [*self._needs[2], *(entry for entry in sys.path if entry)]
        driver = context.driver
        ready: Future[Outcome] = driver.submit(interpreter, "multicore._inside:prepare", (path,))
        outcome = driver.submit(interpreter, "multicore._calls:attempt", call.pop())
        await ready
        stopping = _stopping.Stopping(self.name, interpreter, context, self._timeout)
        try:
            return _result(await outcome)
        except ProcessKilledError as error:
            raise stopping.why or error from None
        finally:
            stopping.over()


class HostProcess(Leaf[Any]):
    """A function of the host: JavaScript, run by Node."""

    language = "javascript"

    def __init__(self, name: str, function: object, args: tuple[object, ...]) -> None:
        super().__init__(name, args)
        self._function, self._args = function, args

    async def _work(self, context: Context) -> Any:
        # An interpreter waits for it, and does nothing else.
        waiter = PythonProcess(
            self.name, "multicore._inside:call_host", (self._function, self._args), {}
        )
        return await waiter._work(context)


def _result(outcome: Outcome) -> Any:
    """Give what a process returned, or raise what it raised."""
    kind, content = outcome
    if kind == 0 and content[0]:
        return _multicore.deliver(content[1])
    if kind == 0:
        error = _workers.exception_of(content[1:])
        if isinstance(error, KeyboardInterrupt):
            raise ProcessKilledError("the process was interrupted")
        if isinstance(error, Exception):
            raise error
        raise interpreters._execution_failed(*content[2:])
    if kind == 1:
        raise interpreters._execution_failed(*content)
    raise ProcessKilledError(content)


class Definition:
    """What `@process` makes of a function: calling it gives a process."""

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        #: What the interpreter runs that finds this under the function's name.
        self.__process__ = function
        self.__wrapped__ = function
        self.__doc__ = function.__doc__
        self._options = options

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self if instance is None else _Bound(self, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> PythonProcess:
        return python(self.__process__, args, kwargs=kwargs, **self._options)

    def __repr__(self) -> str:
        return f"<process {_name_of(self.__process__)}>"


class _Bound:
    """A method that is a process: its object is the first argument."""

    def __init__(self, definition: Definition, instance: object) -> None:
        self._definition, self._instance = definition, instance

    def __call__(self, *args: Any, **kwargs: Any) -> PythonProcess:
        return self._definition(self._instance, *args, **kwargs)


def process(function: Callable[..., Any] | None = None, **options: Any) -> Any:
    """Make a function a process: calling it gives one to compose.

    >>> @process
    ... def doubler(source, sink):
    ...     for number in source:
    ...         sink.send(2 * number)

    Options are those of `python`: `@process(timeout=10)`. One that is not `isolated` runs on a
    thread of this interpreter.
    """
    if function is None:
        return lambda function: Definition(function, **options)
    return Definition(function, **options)


def python(
    target: str | Callable[..., Any],
    args: Sequence[object] = (),
    *,
    kwargs: Mapping[str, object] | None = None,
    name: str | None = None,
    isolated: bool = True,
    isolation: Isolation = "own-gil",
    serial: bool = True,
    path: Sequence[str] = (),
    timeout: float | None = None,
    interpreter: Interpreter | None = None,
) -> PythonProcess:
    """Make a process of a function, or of `"module:function"`, with its arguments.

    It runs in an interpreter of its own, on its own core, in serial mode, unless an `interpreter`
    is given, or `isolated=False`: then on a thread of this one. A function of `__main__`, or made
    in another one, goes by value, with what it captures and the globals that it uses: these have to
    be values, importable, or definitions of `__main__` too (`_shipping.py` has the rule). `path`:
    directories in front of its `sys.path`. After `timeout` seconds it is stopped and has failed
    with ProcessTimeoutError.
    """
    packed: str | Shipment
    if isinstance(target, str):
        if not all(target.partition(":")):
            raise ValueError(f"{target!r} names no function: write 'module:function'")
        packed, kwargs = "multicore._inside:call_path", dict(kwargs or {})
        args, kwargs = (target, tuple(args), kwargs), {}
    else:
        target = getattr(target, "__process__", target)
        packed = _packed(target)
    return PythonProcess(
        name or _name_of(target),
        packed,
        tuple(args),
        kwargs or {},
        isolated=isolated,
        isolation=isolation,
        serial=serial,
        path=path,
        timeout=timeout,
        interpreter=interpreter,
        uses_main=not isinstance(packed, str),
    )


def _packed(target: Any) -> str | Shipment:
    if isinstance(target, (FunctionType, BuiltinFunctionType, type)):
        path = _calls.importable(target)
        if path is not None:
            return path
    if not callable(target):
        raise TypeError(f"expected a callable, got {target!r}")
    from multicore.csp import _shipping

    return _shipping.ship(target)


def source(text: str, /, *, name: str | None = None, **values: object) -> PythonProcess:
    """Make a process of Python source, with values bound to names in its `__main__`.

    >>> source("for n in numbers: squares.send(n * n)", numbers=a.receiver, squares=b.sender)
    """
    from textwrap import dedent

    program = dedent(text).strip()
    first = program.partition("\n")[0]
    known_as = name or (first if len(first) <= _LONGEST_NAME else f"{first[: _LONGEST_NAME - 1]}…")
    args = (program, f"<{name or 'source'}>", values)
    return PythonProcess(known_as, "multicore._inside:execute", args, {}, uses_main=True)


_LONGEST_NAME = 40


def host(function: Callable[..., Any], *args: object, name: str | None = None) -> HostProcess:
    """Make a process of a function that the host gave, with its arguments: JavaScript, in Node."""
    if not isinstance(function, _multicore.HostFunction):
        raise TypeError(f"{function!r} is no function of the host: use python(function, args)")
    return HostProcess(name or function._name() or "javascript", function, args)


def _name_of(target: str | Callable[..., Any]) -> str:
    if isinstance(target, str):
        return target
    name: str = getattr(target, "__qualname__", None) or repr(target)
    return name
