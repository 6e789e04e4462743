"""`multiprocessing.managers`: objects that one interpreter holds and others use through proxies.

What lives here: managers. What must not: proxies (`_proxies.py`) and the objects (`_server.py`). A
manager's interpreter makes one call at a time; its locks, events and queues are those of
`multicore.compat`, which cross by themselves, so that nobody waits in there.
"""

from __future__ import annotations

import itertools
import os
from functools import partial

from multicore import _calls, channels, interpreters
from multicore.compat._proxies import (
    ArrayProxy,
    BaseProxy,
    DictProxy,
    ListProxy,
    MakeProxyType,
    NamespaceProxy,
    SetProxy,
    ValueProxy,
    _method,
    ask,
)
from multicore.compat.context import AuthenticationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, Self

__all__ = [
    "ArrayProxy",
    "BaseManager",
    "BaseProxy",
    "DictProxy",
    "ListProxy",
    "MakeProxyType",
    "Namespace",
    "NamespaceProxy",
    "RemoteError",
    "SharedMemoryManager",
    "SyncManager",
    "ValueProxy",
]

_addresses = itertools.count(1)
_FIRST_PORT = 49152
_ENDED = ("closing", "closed")


def __getattr__(name: str) -> Any:
    from multicore.compat._absent import absent

    raise absent(__name__, name)


class RemoteError(Exception):
    """An object could not be made, or has no such method. A call's exception is raised itself."""


class Namespace:
    """An object with attributes."""

    def __init__(self, /, **attributes: Any) -> None:
        self.__dict__.update(attributes)

    def __repr__(self) -> str:
        public = (f"{n}={v!r}" for n, v in sorted(self.__dict__.items()) if n[0] != "_")
        return f"Namespace({', '.join(public)})"


class _Value:
    def __init__(self, typecode: str, value: Any, lock: object = True) -> None:  # noqa: ARG002
        self._typecode, self.value = typecode, value

    def get(self) -> Any:
        return self.value

    def set(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"Value({self._typecode!r}, {self.value!r})"


def _array(typecode: str, sequence: Iterable[Any], lock: object = True) -> Any:  # noqa: ARG001
    from array import array

    return array(typecode, sequence)


class _Maker:
    """A manager's method that makes an object of a type and its proxy. It crosses."""

    __text_signature__ = "(self, /, *args, **kwds)"

    def __init__(self, typeid: str) -> None:
        self.typeid = typeid
        self.__name__ = typeid
        self.__doc__ = f"Make a {typeid} that the manager holds, and give its proxy."

    def __get__(self, manager: BaseManager | None, kind: type[BaseManager] | None = None) -> Any:
        return self if manager is None else partial(self, manager)

    def __call__(self, manager: BaseManager, /, *args: Any, **kwargs: Any) -> Any:
        return manager._make(self.typeid, args, kwargs)


class BaseManager:
    """An interpreter that holds objects of the types that were registered."""

    _registry: dict[str, tuple[Any, Any, Any, dict[str, str]]] = {}  # noqa: RUF012

    def __init__(
        self,
        address: Any = None,
        authkey: bytes | None = None,
        serializer: str = "pickle",  # noqa: ARG002  Ours knows what is shared.
        ctx: object = None,  # noqa: ARG002  There is one kind of process.
        *,
        shutdown_timeout: float = 1.0,
    ) -> None:
        """Makes a manager that is not started.

        `address` is a name that others in this process may `connect` to; other processes cannot.
        """
        if authkey is not None and not isinstance(authkey, bytes):
            raise TypeError("authkey should be a byte string")
        self._interpreter: interpreters.Interpreter | None = None
        self._address = address
        self._authkey = authkey
        self._patience = shutdown_timeout

    def __reduce__(self) -> Any:
        return _manager, (type(self), self._interpreter, self._address, self._authkey)

    @property
    def address(self) -> Any:
        """Where others in this process find it, once it is started."""
        return self._address

    def start(
        self, initializer: Callable[..., object] | None = None, initargs: Iterable[Any] = ()
    ) -> None:
        """Start its interpreter, and call `initializer(*initargs)` there."""
        if self._interpreter is not None:
            raise AssertionError("server already started")
        if initializer is not None and not callable(initializer):
            raise TypeError("initializer must be a callable")
        if self._address is None:
            self._address = f"manager-{os.getpid()}-{next(_addresses)}"
        elif isinstance(self._address, tuple) and self._address[1] == 0:
            self._address = (self._address[0], _FIRST_PORT + next(_addresses))
        elif _find(self._address) is not None:
            raise OSError(f"a manager has the address {self._address!r} already")
        made = interpreters.create(name=_interpreter_name(self._address))
        makers = {
            typeid: _calls.pack(maker)
            for typeid, (maker, *_) in self._registry.items()
            if maker is not None and (maker.__module__ != "builtins")
        }
        ask(made, "serve", self._authkey, makers)
        if initializer is not None:
            ask(made, "begin", _calls.pack(initializer), tuple(initargs))
        self._interpreter = made

    def connect(self) -> None:
        """Use the manager that was started at this address, by whichever interpreter."""
        if self._address is None:
            raise ValueError("a manager without an address: give it the one to connect to")
        found = _find(self._address)
        if found is None:
            raise ConnectionRefusedError(
                f"no manager of this process has the address {self._address!r}; to reach another "
                "process use multiprocessing.managers"
            )
        if not ask(found, "admits", self._authkey):
            raise AuthenticationError("digest sent was rejected")
        self._interpreter = found

    def get_server(self) -> Server:
        """Give what serves from this thread; the manager is started when it does."""
        if self._interpreter is not None:
            raise AssertionError("server already started")
        return Server(self)

    def shutdown(self) -> None:
        """End its interpreter."""
        if self._interpreter is not None and self._interpreter._state() not in _ENDED:
            tell = channels.create(None)[1]
            self._interpreter._submit("multicore.compat._server:stop", (), tell, 0)
            self._interpreter._close(self._patience)

    def join(self, timeout: float | None = None) -> None:
        """Do nothing: `shutdown` has waited."""

    def __enter__(self) -> Self:
        if self._interpreter is None:
            self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.shutdown()

    def _number_of_objects(self) -> int:
        """Count what it holds."""
        assert self._interpreter is not None
        count: int = ask(self._interpreter, "count")
        return count

    def _debug_info(self) -> str:
        """Show what it holds."""
        assert self._interpreter is not None
        shown: str = ask(self._interpreter, "show")
        return shown

    @classmethod
    def register(
        cls,
        typeid: str,
        callable: Callable[..., Any] | None = None,
        proxytype: Any = None,
        exposed: Iterable[str] | None = None,
        method_to_typeid: dict[str, str] | None = None,
        create_method: bool = True,
    ) -> None:
        """Give managers of this class a method `typeid` that makes an object and its proxy."""
        if "_registry" not in vars(cls):
            cls._registry = cls._registry.copy()
        methods = method_to_typeid or getattr(proxytype, "_method_to_typeid_", None) or {}
        exposed = exposed or getattr(proxytype, "_exposed_", None)
        cls._registry[typeid] = (callable, proxytype, exposed, methods)
        if create_method:
            setattr(cls, typeid, _Maker(typeid))

    def _make(self, typeid: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        maker, kind, exposed, methods = self._registry[typeid]
        if self._interpreter is None:
            raise AssertionError("server not yet started")
        want = kind is None and exposed is None
        # Registered without a callable: the one who started the manager has it.
        packed = None if maker is None else _calls.pack(maker)
        try:
            number, found = ask(self._interpreter, "create", typeid, packed, args, kwargs, want)
        except Exception as error:
            if not isinstance(error.__cause__, interpreters.ExecutionFailed):
                raise
            raise RemoteError(f"the manager could not make a {typeid}: {error!r}") from error
        if kind is None or not issubclass(kind, BaseProxy):
            kind = MakeProxyType(f"AutoProxy[{typeid}]", exposed or found)
            for name, made in methods.items():
                setattr(kind, name, _method(name, made))
        return kind(self._interpreter, number, typeid, owner=True)


def _manager(
    kind: type[BaseManager], interpreter: Any, address: Any, authkey: bytes | None
) -> BaseManager:
    made = kind(address, authkey)
    made._interpreter = interpreter
    return made


def _interpreter_name(address: Any) -> str:
    # All hosts are this process: the port tells.
    return f"manager at {address[1] if isinstance(address, tuple) else address!r}"


def _find(address: Any) -> interpreters.Interpreter | None:
    name = _interpreter_name(address)
    return next((found for found in interpreters.list_all() if found.name == name), None)


class Server:
    """What `BaseManager.get_server` gives."""

    def __init__(self, manager: BaseManager) -> None:
        self._manager = manager
        self.address = manager.address

    def serve_forever(self) -> None:
        """Start the manager, and wait until it is shut down or this thread interrupted."""
        from multicore.compat.synchronize import Event

        self._manager.start()
        self.address = self._manager.address
        try:
            Event().wait()
        finally:
            self._manager.shutdown()


class SyncManager(BaseManager):
    """A manager of lists, dicts and the like; what synchronizes needs no proxy."""

    def __getattr__(self, name: str) -> Any:
        if name not in _DIRECT:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        from multicore import compat

        return getattr(compat, name)


_DIRECT = frozenset((
    "Queue", "JoinableQueue", "Event", "Lock", "RLock", "Semaphore", "BoundedSemaphore",
    "Condition", "Barrier", "Pool",
))  # fmt: skip

SyncManager.register("list", list, ListProxy)
SyncManager.register("dict", dict, DictProxy)
SyncManager.register("set", set, SetProxy)
SyncManager.register("Namespace", Namespace, NamespaceProxy)
SyncManager.register("Value", _Value, ValueProxy)
SyncManager.register("Array", _array, ArrayProxy)


def Manager() -> SyncManager:  # noqa: N802  The name is given.
    """Make a started manager."""
    made = SyncManager()
    made.start()
    return made


class SharedMemoryManager(BaseManager):
    """Makes blocks of shared memory and frees them when it is shut down."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._blocks: list[Any] = []

    def SharedMemory(self, size: int) -> Any:  # noqa: N802  The names are given.
        """Make a block of so many bytes."""
        from multicore.compat.shared_memory import SharedMemory

        block = SharedMemory(create=True, size=size)
        self._blocks.append(block)
        return block

    def ShareableList(self, sequence: Iterable[Any]) -> Any:  # noqa: N802
        """Make a list in a block of its own."""
        from multicore.compat.shared_memory import ShareableList

        made = ShareableList(sequence)
        self._blocks.append(made.shm)
        return made

    def start(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: blocks need no interpreter."""

    def shutdown(self) -> None:
        """Free its blocks."""
        while self._blocks:
            block = self._blocks.pop()
            block.close()
            try:
                block.unlink()
            except FileNotFoundError:
                continue
