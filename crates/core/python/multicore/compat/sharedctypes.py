"""`multiprocessing.Value` and `Array`: objects of ctypes in memory that interpreters share.

What lives here: making them, and the locks around them. What must not: the memory (the core's
`shared_buffer`).
"""

from __future__ import annotations

import copyreg
import ctypes

import _multicore

from multicore.compat.synchronize import RLock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from multicore.compat.synchronize import Lock

__all__ = ["Array", "RawArray", "RawValue", "Value", "copy", "synchronized"]

_TYPES: dict[str, Any] = {
    "c": ctypes.c_char, "u": ctypes.c_wchar, "b": ctypes.c_byte, "B": ctypes.c_ubyte,
    "h": ctypes.c_short, "H": ctypes.c_ushort, "i": ctypes.c_int, "I": ctypes.c_uint,
    "l": ctypes.c_long, "L": ctypes.c_ulong, "q": ctypes.c_longlong, "Q": ctypes.c_ulonglong,
    "f": ctypes.c_float, "d": ctypes.c_double, "?": ctypes.c_bool,
}  # fmt: skip


def _in(memory: memoryview, kind: Any, length: int | None) -> Any:
    """Give the object that is in this memory: a `kind`, or an array of so many."""
    made_type = kind if length is None else kind * length
    made = made_type.from_buffer(memory)
    made._shared = (memory, kind, length)
    copyreg.pickle(made_type, _reduce)
    return made


def _reduce(obj: Any) -> Any:
    shared = getattr(obj, "_shared", None)
    return obj.__reduce__() if shared is None else (_in, shared)


def _new(kind: Any, length: int | None) -> Any:
    # No memory of no bytes: an empty array has a byte that nobody sees.
    size = ctypes.sizeof(kind) * (1 if length is None else length)
    return _in(_multicore.shared_buffer(max(size, 1)), kind, length)


def RawValue(typecode_or_type: Any, *args: Any) -> Any:  # noqa: N802  The names are given.
    """Make an object of a ctypes type, or of the type with this code of `array`, to share."""
    made = _new(_TYPES.get(typecode_or_type, typecode_or_type), None)
    made.__init__(*args)
    return made


def RawArray(typecode_or_type: Any, size_or_initializer: Any) -> Any:  # noqa: N802
    """Make an array of a ctypes type to share: of so many zeros, or of these."""
    kind = _TYPES.get(typecode_or_type, typecode_or_type)
    if isinstance(size_or_initializer, int):
        return _new(kind, size_or_initializer)
    made = _new(kind, len(size_or_initializer))
    made.__init__(*size_or_initializer)
    return made


def Value(typecode_or_type: Any, *args: Any, lock: Any = True, ctx: object = None) -> Any:  # noqa: ARG001, N802
    """Make what RawValue does, with a lock around it unless `lock` is False."""
    return _guarded(RawValue(typecode_or_type, *args), lock)


def Array(  # noqa: N802
    typecode_or_type: Any,
    size_or_initializer: Any,
    *,
    lock: Any = True,
    ctx: object = None,  # noqa: ARG001  All contexts' locks are the same.
) -> Any:
    """Make what RawArray does, with a lock around it unless `lock` is False."""
    return _guarded(RawArray(typecode_or_type, size_or_initializer), lock)


def _guarded(obj: Any, lock: Any) -> Any:
    if lock is False:
        return obj
    if lock in (True, None):
        lock = None
    elif not hasattr(lock, "acquire"):
        raise AttributeError(f"{lock!r} has no method 'acquire'")
    return synchronized(obj, lock)


def copy(obj: Any) -> Any:
    """Copy a shared object to shared memory of its own."""
    made = _new(type(obj), None)
    ctypes.pointer(made)[0] = obj
    return made


def synchronized(obj: Any, lock: Lock | None = None, ctx: object = None) -> SynchronizedBase:  # noqa: ARG001
    """Put a lock, an RLock of its own if none is given, around a shared object."""
    if isinstance(obj, ctypes.Array):
        kind = SynchronizedString if obj._type_ is ctypes.c_char else SynchronizedArray
        return kind(obj, lock)
    if isinstance(obj, ctypes._SimpleCData):
        return Synchronized(obj, lock)
    return SynchronizedStructure(obj, lock)


class SynchronizedBase:
    """A shared object and its lock, which also `with` takes."""

    def __init__(self, obj: Any, lock: Lock | None = None) -> None:
        self.__dict__["_obj"] = obj
        self.__dict__["_lock"] = RLock() if lock is None else lock

    def __reduce__(self) -> Any:
        return type(self), (self._obj, self._lock)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} wrapper for {self._obj}>"

    def __enter__(self) -> bool:
        return bool(self._lock.acquire())

    def __exit__(self, *_exception: object) -> None:
        self._lock.release()

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Take the lock."""
        return bool(self._lock.acquire(block, timeout))

    def release(self) -> None:
        """Release the lock."""
        self._lock.release()

    def get_obj(self) -> Any:
        """Give the object without the lock."""
        return self._obj

    def get_lock(self) -> Any:
        """Give the lock."""
        return self._lock

    _obj: Any
    _lock: Any


class Synchronized(SynchronizedBase):
    """A value and its lock."""

    @property
    def value(self) -> Any:
        """The value."""
        with self._lock:
            return self._obj.value

    @value.setter
    def value(self, value: Any) -> None:
        with self._lock:
            self._obj.value = value


class SynchronizedArray(SynchronizedBase):
    """An array and its lock."""

    def __len__(self) -> int:
        return len(self._obj)

    def __getitem__(self, index: Any) -> Any:
        with self._lock:
            return self._obj[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        with self._lock:
            self._obj[index] = value

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self)))


class SynchronizedString(SynchronizedArray):
    """An array of characters and its lock."""

    @property
    def value(self) -> Any:
        """The bytes before the first zero."""
        with self._lock:
            return self._obj.value

    @value.setter
    def value(self, value: Any) -> None:
        with self._lock:
            self._obj.value = value

    @property
    def raw(self) -> Any:
        """All bytes."""
        with self._lock:
            return self._obj.raw

    @raw.setter
    def raw(self, value: Any) -> None:
        with self._lock:
            self._obj.raw = value


class SynchronizedStructure(SynchronizedBase):
    """A structure and its lock: its fields are attributes."""

    def __getattr__(self, name: str) -> Any:
        with self._lock:
            return getattr(self._obj, name)

    def __setattr__(self, name: str, value: Any) -> None:
        with self._lock:
            setattr(self._obj, name, value)
