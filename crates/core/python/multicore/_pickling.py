"""Pickles between interpreters of one process.

What lives here: pickling with what plain pickle lacks between interpreters: things that are shared
(queues, channels, interpreters) go as themselves, and functions and classes of `__main__`, which
the other interpreter cannot import, go by value (`_definitions.py`,
`_class_definitions.py`). What must not: anything that
a call of an importable function with plain arguments would need.
"""

from __future__ import annotations

import io
import pickle as _pickle
from types import BuiltinFunctionType, FunctionType, MappingProxyType, MethodType, ModuleType

import _multicore

from multicore import _class_definitions, _definitions
from multicore.interpreters import NotShareableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _thread import LockType
    from collections.abc import Callable
    from typing import Any

#: What exists once in the process: it is referred to.
_SHARED = (
    memoryview,
    *(
        kind
        for kind in vars(_multicore).values()
        if isinstance(kind, type) and kind not in (_multicore.Parcel, _multicore.Port)
    ),
)


class _Pickler(_pickle.Pickler):
    """Collects what is shared, and takes definitions apart."""

    def __init__(self, file: io.BytesIO, *, closures: bool = False) -> None:
        super().__init__(file, _pickle.HIGHEST_PROTOCOL)
        self.closures = closures
        self.shared: list[object] = []
        #: Definitions that were tried: whether they can be pickled.
        self.tried: dict[int, bool] = {}

    def reducer_override(self, obj: object) -> Any:
        if isinstance(obj, FunctionType):
            return _definitions.reduce_function(obj, self.can, closures=self.closures)
        if isinstance(obj, type):
            return _class_definitions.reduce_class(obj)
        if isinstance(obj, (BuiltinFunctionType, MethodType)):
            return _definitions.reduce_member(obj)
        if isinstance(obj, _SHARED):
            self.shared.append(obj)
            return _shared_thing, (len(self.shared) - 1,)
        if isinstance(obj, (classmethod, staticmethod)):
            return type(obj), (obj.__func__,)
        if isinstance(obj, MappingProxyType):
            return MappingProxyType, (dict(obj),)
        if type(obj).__module__ == "dataclasses":
            return _class_definitions.reduce_dataclass_part(obj)
        if type(obj).__module__ == "socket":
            raise TypeError(
                "a socket's descriptor belongs to the process: send socket.detach(), and make "
                "socket.socket(fileno=number) of it there"
            )
        if isinstance(obj, property):
            return property, (obj.fget, obj.fset, obj.fdel, obj.__doc__)
        return NotImplemented

    def can(self, obj: object) -> bool:
        """Say whether a global of a function can go along; what cannot is left behind."""
        key = id(obj)
        known = self.tried.get(key)
        if known is None:
            # A definition that uses itself is asked for again while it is tried.
            self.tried[key] = True
            trial = _Pickler(io.BytesIO(), closures=self.closures)
            trial.tried = self.tried
            try:
                trial.dump(obj)
            except Exception:  # noqa: BLE001  Whatever pickling it raises: it cannot go along.
                self.tried[key] = False
            known = self.tried[key]
        return known


_opening: list[tuple[object, ...]] = []


def _shared_thing(index: int) -> object:
    return _opening[-1][index]


def pickle(
    obj: object, refusal: str, *, closures: bool = False
) -> tuple[bytes, tuple[object, ...]]:
    """Pickle an object that has no value of its own, which `refusal` says why."""
    file = io.BytesIO()
    pickler = _Pickler(file, closures=closures)
    try:
        pickler.dump(obj)
    except RecursionError:
        raise NotShareableError(f"{refusal}; nested too deep to be pickled") from None
    except Exception as error:
        raise NotShareableError(f"{refusal}; and pickling it: {error}") from error
    return file.getvalue(), tuple(pickler.shared)


def unpickle(pickled: tuple[bytes, tuple[object, ...]]) -> Any:
    """Make the object anew."""
    data, shared = pickled
    if not shared:
        return _pickle.loads(data)  # noqa: S301  Our own interpreters made it.
    with _lock:
        _opening.append(shared)
        try:
            return _pickle.loads(data)  # noqa: S301
        finally:
            _opening.pop()


def _new_lock() -> LockType:
    import _thread

    return _thread.RLock()  # type: ignore[return-value]


_lock = _new_lock()

#: What functions of `__main__` were packed as, and what they used then.
_packed: dict[int, tuple[FunctionType, _definitions.Uses, Any]] = {}
_MOST_PACKED = 256


def pack_callable(callable: Callable[..., object], *, closures: bool = False) -> Any:
    """Pack a callable that cannot be imported by its name.

    With `closures` functions that capture variables take copies of them along.
    """
    if isinstance(callable, FunctionType):
        known = _packed.get(id(callable))
        if known is not None and known[0] is callable and known[1].are_current():
            return known[2]
        if callable.__closure__ and not closures and not _definitions.is_global(callable):
            raise NotShareableError(
                f"{callable.__qualname__} captures variables: pass them as arguments"
            )
    elif isinstance(callable, (BuiltinFunctionType, MethodType)) and isinstance(
        callable.__self__, ModuleType
    ):
        raise NotShareableError(f"{callable!r} cannot be imported by its name")
    refusal = f"{callable!r} is no function that can be imported"
    data, shared = pickle(callable, refusal, closures=closures)
    packed = (data, shared) if shared else data
    if isinstance(callable, FunctionType):
        uses = _definitions.Uses(callable)
        if uses.are_stable():
            if len(_packed) >= _MOST_PACKED:
                _packed.clear()
            _packed[id(callable)] = (callable, uses, packed)
    return packed


_multicore.register("pickle", pickle)
_multicore.register("unpickle", unpickle)
