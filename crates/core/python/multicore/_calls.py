"""Calls of one interpreter's functions in another: both halves.

What lives here: packing a callable (`pack`), and what the other interpreter runs (`run`, `attempt`,
`run_script`). What must not: how a function or class of `__main__` becomes bytes
(`_pickling.py`, loaded only for those).
"""

from __future__ import annotations

import builtins
import sys
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType

import _multicore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from multicore.interpreters import Interpreter

#: A callable for another interpreter: `module:qualified.name`, or a pickle and what it shares.
type Packed = str | bytes | tuple[bytes, tuple[object, ...]]

#: Results of these types cross without a parcel.
_PLAIN = frozenset({type(None), bool, int, float, str, bytes})

#: Whether what comes from another interpreter's `__main__` goes into this one's, as
#: `multiprocessing` has it. CPython 3.14 keeps it apart.
shares_main = False

#: Callables that were loaded here, by what they were packed as.
_loaded: dict[str | bytes, Callable[..., Any]] = {}
_MOST_LOADED = 1024


#: Builtins that look at the frame that calls them: here that is `__main__`.
_OF_FRAME = (eval, exec, dir, globals, locals, vars)


def _in_main(builtin: Callable[..., Any]) -> Callable[..., Any]:
    names = sys.modules["__main__"].__dict__

    def here(*args: Any, **kwargs: Any) -> object:
        if builtin in (eval, exec):
            return builtin(*args, **kwargs) if len(args) > 1 or kwargs else builtin(*args, names)
        if args or kwargs:
            return builtin(*args, **kwargs)
        return sorted(names) if builtin is dir else names

    return here


class Refused(Exception):
    """What was sent cannot be made here, or what the call returned cannot leave."""


def importable(obj: object) -> str | None:
    """Give the path by which another interpreter can import the object, if there is one."""
    module_name: object = getattr(obj, "__module__", None)
    owner: object = getattr(obj, "__self__", None)
    if module_name is None:
        module_name = getattr(owner, "__name__", None)
    name: object = getattr(obj, "__qualname__", None)
    if not isinstance(module_name, str) and owner is not None:
        module_name = type(owner).__module__
    if not isinstance(module_name, str) or not isinstance(name, str) or module_name == "__main__":
        return None
    if isinstance(obj, (BuiltinFunctionType, MethodType)):
        # A method of an object that its module keeps, as `random.random` is: each interpreter has
        # its own, and a copy of the object would be another.
        short = name.rpartition(".")[2]
        if getattr(sys.modules.get(module_name), short, None) is obj:
            name = short
    found: object = sys.modules.get(module_name)
    if found is None or getattr(found, "__spec__", None) is None:
        return None
    for part in name.split("."):
        found = getattr(found, part, None)
    return f"{module_name}:{name}" if found is obj else None


def pack(callable: Callable[..., object], *, check: bool = True, closures: bool = False) -> Packed:
    """Pack a callable for another interpreter; raises NotShareableError.

    What is not callable is a TypeError here, or, without `check`, where it is called. A function
    that captures variables is refused, or takes copies of them along with `closures`.
    """
    if isinstance(callable, (FunctionType, BuiltinFunctionType, MethodType, type)):
        path = importable(callable)
        if path is not None:
            return path
    elif check and not builtins.callable(callable):
        raise TypeError(f"expected a callable, got {callable!r}")
    from multicore import _pickling

    packed: Packed = _pickling.pack_callable(callable, closures=closures)
    return packed


def _load(packed: Packed) -> Callable[..., Any]:
    if isinstance(packed, tuple):
        from multicore import _pickling

        opened: Callable[..., Any] = _pickling.unpickle(packed)
        return opened
    found = _loaded.get(packed)
    if found is not None:
        return found
    if isinstance(packed, str):
        module_name, _, name = packed.partition(":")
        __import__(module_name)
        target: Any = sys.modules[module_name]
        for part in name.split("."):
            target = getattr(target, part)
    else:
        from multicore import _pickling

        target = _pickling.unpickle((packed, ()))
    if len(_loaded) >= _MOST_LOADED:
        _loaded.clear()
    _loaded[packed] = target
    loaded: Callable[..., Any] = target
    return loaded


def call(
    interpreter: Interpreter,
    callable: Callable[..., Any],
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
) -> Any:
    """Call in another interpreter, on this thread."""
    return call_packed(interpreter, pack(callable), args, kwargs)


def call_packed(
    interpreter: Interpreter, packed: Packed, args: tuple[object, ...], kwargs: Mapping[str, object]
) -> Any:
    """Call a packed callable in another interpreter, on this thread."""
    parcel = _multicore.pack((args, kwargs)) if args or kwargs else None
    try:
        return interpreter._call("multicore._calls:run", (packed, parcel))
    except Exception as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise _not_shareable()(refusal) from error


def _refusal(error: Exception) -> str | None:
    """Give the message, if what came back is `Refused`."""
    from multicore.interpreters import ExecutionFailed

    if not isinstance(error, ExecutionFailed):
        return None
    kind, message = error.excinfo.type, error.excinfo.msg
    if (kind.__module__, kind.__name__) != (__name__, "Refused"):
        return None
    assert isinstance(message, str)
    return message


def _open(
    packed: Packed, parcel: _multicore.Parcel | None
) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
    """Open what another interpreter packed; a pickle that fails here is a NotShareableError."""
    function = _load(packed) if isinstance(packed, str) else _unpickled(_load, packed)
    if parcel is None:
        return function, (), {}
    args, kwargs = _unpickled(_multicore.Parcel.open, parcel)
    return function, args, kwargs


def _unpickled(load: Callable[[Any], Any], packed: object) -> Any:
    try:
        return load(packed)
    except Exception as error:
        from multicore.interpreters import NotShareableError

        message = f"args not shareable: {type(error).__qualname__}: {error}"
        raise NotShareableError(message) from error


def run(packed: Packed, parcel: _multicore.Parcel | None) -> object:
    """Run a call that another interpreter sent; exceptions are described to it."""
    try:
        function, args, kwargs = _open(packed, parcel)
    except _not_shareable() as error:
        raise Refused(str(error)) from error
    if function in _OF_FRAME:
        function = _in_main(function)
    result: object = function(*args, **kwargs)
    if type(result) in _PLAIN:
        return result
    try:
        return _multicore.pack(result)
    except _not_shareable() as error:
        raise Refused(str(error)) from None


def _not_shareable() -> type[Exception]:
    from multicore.interpreters import NotShareableError

    return NotShareableError


def attempt(packed: Packed, parcel: _multicore.Parcel | None) -> tuple[object, ...]:
    """Run a call for a pool: `(True, result)`, or `(False, exception, *its description)`."""
    try:
        function, args, kwargs = _open(packed, parcel)
        result: object = function(*args, **kwargs)
        return True, result if type(result) in _PLAIN else _multicore.pack(result)
    except BaseException as error:  # noqa: BLE001  Whatever it was belongs to who waits for it.
        return _failed(error)


def attempt_each(packed: Packed, parcel: _multicore.Parcel) -> tuple[object, ...]:
    """Run a chunk of calls for a pool, one for each tuple of arguments, up to the first failure."""
    try:
        function, calls = _open_chunk(packed, parcel)
        return True, _multicore.pack([function(*args) for args in calls])
    except BaseException as error:  # noqa: BLE001  As above.
        return _failed(error)


def attempt_items(packed: Packed, parcel: _multicore.Parcel) -> tuple[object, ...]:
    """Run a chunk of calls for a pool, one for each item, its only argument."""
    try:
        function, items = _open_chunk(packed, parcel)
        # Not `map`: a StopIteration that the function raises would be its end.
        return True, _multicore.pack([function(item) for item in items])
    except BaseException as error:  # noqa: BLE001  As above.
        return _failed(error)


def _open_chunk(packed: Packed, parcel: _multicore.Parcel) -> tuple[Callable[..., object], Any]:
    function = _load(packed) if isinstance(packed, str) else _unpickled(_load, packed)
    return function, _unpickled(_multicore.Parcel.open, parcel)


def _failed(error: BaseException) -> tuple[object, ...]:
    from multicore._exceptions import describe

    name, message, traceback = describe(error)[:3]
    shown = error.__traceback__
    try:
        parcel = _multicore.pack(error.with_traceback(None))
    except Exception:  # noqa: BLE001  An exception that cannot be pickled is described instead.
        parcel = None
    finally:
        error.__traceback__ = shown
    return False, parcel, name, message, traceback


def exec_function(interpreter: Interpreter, code: FunctionType | CodeType) -> None:
    """Run the body of a function that takes and returns nothing in another's `__main__`."""
    import marshal

    body = code.__code__ if isinstance(code, FunctionType) else code
    if not isinstance(body, CodeType):
        raise TypeError(f"exec() takes a str or a function, not {type(code).__qualname__!r}")
    if body.co_freevars:
        raise ValueError("only functions without a closure can run in another interpreter")
    takes_more = body.co_flags & 0x0C
    if body.co_argcount or body.co_kwonlyargcount or takes_more:
        raise ValueError("only functions without parameters can be run by exec()")
    if body.co_flags & 0x2A0:
        raise ValueError("generators and coroutines cannot be run by exec()")
    interpreter._call("multicore._calls:run_script", (marshal.dumps(body),))


def run_script(body: bytes) -> None:
    """Run marshalled code in `__main__`."""
    import marshal

    exec(marshal.loads(body), sys.modules["__main__"].__dict__)  # noqa: S102, S302
