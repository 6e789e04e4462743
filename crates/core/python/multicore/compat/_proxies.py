"""Proxies for objects that a manager holds, as `multiprocessing.managers` has them.

What lives here: what calls a manager, and the classes of proxies. What must not: managers
(`managers.py`) and the objects (`_server.py`).
"""

from __future__ import annotations

from _collections_abc import MutableMapping, MutableSequence, MutableSet
from types import GenericAlias

import _multicore

from multicore import _workers, channels, interpreters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, Self

#: Methods of a list, a dict and a set that their proxies have.
_LIST = (
    "__add__", "__contains__", "__delitem__", "__getitem__", "__len__", "__mul__", "__rmul__",
    "__setitem__", "append", "clear", "copy", "count", "extend", "index", "insert", "pop",
    "remove", "reverse", "sort",
)  # fmt: skip
_DICT = (
    "__contains__", "__delitem__", "__getitem__", "__len__", "__or__", "__ror__", "__setitem__",
    "clear", "copy", "fromkeys", "get", "items", "keys", "pop", "popitem", "setdefault", "update",
    "values",
)  # fmt: skip
_SET = (
    "__and__", "__contains__", "__ge__", "__gt__", "__le__", "__len__", "__lt__", "__or__",
    "__rand__", "__ror__", "__rsub__", "__rxor__", "__sub__", "__xor__", "add", "clear", "copy",
    "difference", "difference_update", "discard", "intersection", "intersection_update",
    "isdisjoint", "issubset", "issuperset", "pop", "remove", "symmetric_difference",
    "symmetric_difference_update", "union", "update",
)  # fmt: skip


def ask(interpreter: interpreters.Interpreter, task: str, *args: Any) -> Any:
    """Have a manager's interpreter do something, in its turn."""
    outcome, tell = channels.create(1)
    parcel = _multicore.pack((args, {}))
    path = f"multicore.compat._server:{task}"
    interpreter._submit("multicore._calls:attempt", (path, parcel), tell, 0)
    return _workers.result_of(*outcome.recv()[1:])


def ask_thread(interpreter: interpreters.Interpreter, task: str, *args: Any) -> Any:
    """Have a manager's interpreter do something on a thread, while it goes on."""
    outcome, tell = channels.create(1)
    reply, answer = channels.create(1)
    parcel = _multicore.pack((args, {}))
    path = f"multicore.compat._server:{task}"
    interpreter._submit("multicore.compat._server:start", (path, parcel, answer), tell, 0)
    answer.leave()
    _, kind, content = outcome.recv()
    if kind != 0:
        return _workers.result_of(kind, content)
    try:
        return _workers.result_of(0, reply.recv())
    except channels.ChannelClosedError:
        raise interpreters.InterpreterError("the manager was shut down") from None


class BaseProxy:
    """Stands for an object that a manager holds."""

    _exposed_: tuple[str, ...] = ()
    _method_to_typeid_: dict[str, str] = {}  # noqa: RUF012  As multiprocessing has it.
    _interpreter: interpreters.Interpreter
    _number: int
    _typeid: str
    _owner: bool
    #: Whether none of its methods waits: the manager calls them in their turn, and not on threads.
    _is_quick = False

    def __init__(
        self, interpreter: interpreters.Interpreter, number: int, typeid: str, *, owner: bool
    ) -> None:
        vars(self).update(_interpreter=interpreter, _number=number, _typeid=typeid, _owner=owner)

    def __reduce__(self) -> Any:
        # Others may have it now: the manager keeps the object for as long as it lives.
        vars(self)["_owner"] = False
        known = type(self)
        kind = known._exposed_ if known.__name__.startswith("AutoProxy[") else known
        return _proxy, (kind, self._interpreter, self._number, self._typeid)

    def __del__(self) -> None:
        if vars(self).get("_owner"):
            arguments = ("multicore.compat._server:forget", _multicore.pack(((self._number,), {})))
            tell = channels.create(None)[1]
            self._interpreter._submit("multicore._calls:attempt", arguments, tell, 0)

    def _callmethod(
        self, methodname: str, args: Iterable[Any] = (), kwds: dict[str, Any] | None = None
    ) -> Any:
        """Call a method of the object."""
        if self._exposed_ and methodname not in self._exposed_:
            from multicore.compat.managers import RemoteError

            raise RemoteError(f"{self._typeid} does not expose {methodname!r}")
        return self._ask("invoke", methodname, tuple(args), kwds or {})

    def _ask(self, task: str, method: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        here = _multicore.current_interpreter()
        if here._number() == self._interpreter._number():
            # The manager itself uses one of its proxies.
            from multicore.compat import _server

            return getattr(_server, task)(self._number, method, args, kwargs)
        how = ask if self._is_quick else ask_thread
        return how(self._interpreter, task, self._number, method, args, kwargs)

    def _getvalue(self) -> Any:
        """Give a copy of the object."""
        return self._ask("invoke", "#value", (), {})

    def __deepcopy__(self, memo: object) -> Any:
        return self._getvalue()

    def __str__(self) -> str:
        return str(self._ask("invoke", "#repr", (), {}))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} object, typeid {self._typeid!r} at {id(self):#x}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BaseProxy):
            return NotImplemented
        return (self._interpreter, self._number) == (other._interpreter, other._number)

    def __hash__(self) -> int:
        return hash((self._interpreter, self._number))


def _method(name: str, typeid: str | None = None) -> Callable[..., Any]:
    def call(self: BaseProxy, /, *args: Any, **kwargs: Any) -> Any:
        if typeid is None:
            return self._ask("invoke", name, args, kwargs)
        number, exposed = self._ask("invoke_kept", name, args, kwargs)
        return _make(exposed, self._interpreter, number, typeid, owner=True)

    call.__name__ = name
    call.__doc__ = f"Call the object's `{name}`, where its manager is."
    return call


def MakeProxyType(name: str, exposed: Iterable[str]) -> Any:  # noqa: N802  The name is given.
    """Make a class of proxies with these methods."""
    exposed = tuple(exposed)
    methods: dict[str, Any] = {method: _method(method) for method in exposed}
    return type(name, (BaseProxy,), {**methods, "_exposed_": exposed, "__module__": __name__})


def _make(
    kind: Any, interpreter: interpreters.Interpreter, number: int, typeid: str, *, owner: bool
) -> Any:
    if not isinstance(kind, type):
        kind = MakeProxyType(f"AutoProxy[{typeid}]", kind)
    return kind(interpreter, number, typeid, owner=owner)


def _proxy(kind: Any, interpreter: Any, number: int, typeid: str) -> Any:
    return _make(kind, interpreter, number, typeid, owner=False)


class ListProxy(MakeProxyType("_ListProxy", _LIST)):  # type: ignore[misc]
    """Stands for a list."""

    _is_quick = True
    __class_getitem__: Any = classmethod(GenericAlias)

    def __iadd__(self, other: Iterable[Any]) -> Self:
        self.extend(other)
        return self

    def __imul__(self, count: int) -> Self:
        self._ask("invoke", "__imul__", (count,), {})
        return self

    def __iter__(self) -> Iterator[Any]:
        at = 0
        while True:
            try:
                item = self[at]
            except IndexError:
                return
            yield item
            at += 1

    def __reversed__(self) -> Iterator[Any]:
        copied: list[Any] = self.copy()
        return iter(copied[::-1])


class DictProxy(MakeProxyType("_DictProxy", _DICT)):  # type: ignore[misc]
    """Stands for a dict."""

    _is_quick = True
    __class_getitem__: Any = classmethod(GenericAlias)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.keys())

    def __reversed__(self) -> Iterator[Any]:
        copied: list[Any] = self.keys()
        return iter(copied[::-1])

    def __ior__(self, other: Any) -> Self:
        self.update(other)
        return self


class SetProxy(MakeProxyType("_SetProxy", _SET)):  # type: ignore[misc]
    """Stands for a set."""

    _is_quick = True
    __class_getitem__: Any = classmethod(GenericAlias)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.copy())

    def __iand__(self, other: Any) -> Self:
        self.intersection_update(other)
        return self

    def __ior__(self, other: Any) -> Self:
        self.update(other)
        return self

    def __isub__(self, other: Any) -> Self:
        self.difference_update(other)
        return self

    def __ixor__(self, other: Any) -> Self:
        self.symmetric_difference_update(other)
        return self


class NamespaceProxy(BaseProxy):
    """Stands for a namespace: its attributes are those of the object."""

    _is_quick = True

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._callmethod("__getattribute__", (name,))

    def __setattr__(self, name: str, value: Any) -> None:
        self._callmethod("__setattr__", (name, value))

    def __delattr__(self, name: str) -> None:
        self._callmethod("__delattr__", (name,))


class ValueProxy(MakeProxyType("_ValueProxy", ("get", "set"))):  # type: ignore[misc]
    """Stands for a value."""

    _is_quick = True
    __class_getitem__: Any = classmethod(GenericAlias)

    @property
    def value(self) -> Any:
        """The value."""
        return self.get()

    @value.setter
    def value(self, value: Any) -> None:
        self.set(value)


class ArrayProxy(MakeProxyType("_ArrayProxy", ("__getitem__", "__len__", "__setitem__"))):  # type: ignore[misc]
    """Stands for an array."""

    _is_quick = True

    def __iter__(self) -> Iterator[Any]:
        return (self[at] for at in range(len(self)))


_kind: Any
for _kind, _stands in (
    (MutableSequence, ListProxy),
    (MutableMapping, DictProxy),
    (MutableSet, SetProxy),
):
    _kind.register(_stands)
