"""Queues between interpreters, after PEP 734.

What lives here: the Python face of `_multicore.QueueHandle`, which holds all that is called for
every item. `multicore.interpreters` shows it to programs.
"""

import queue

import _multicore

from multicore import _unbound
from multicore._unbound import UNBOUND_ERROR, UNBOUND_REMOVE, Unbound, UnboundItem

__all__ = [
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
    "create",
    "list_all",
]


class QueueError(Exception):
    """A queue between interpreters refused."""


class QueueNotFoundError(QueueError):
    """There is no such queue."""


class QueueEmpty(QueueError, queue.Empty):
    """Nothing is in the queue: `get_nowait`, or a `get` that timed out."""


class QueueFull(QueueError, queue.Full):
    """The queue is full: `put_nowait`, or a `put` that timed out."""


class ItemInterpreterDestroyed(QueueError, _unbound.ItemInterpreterDestroyed):
    """The interpreter that put the item was destroyed before it was got."""


UNBOUND = UnboundItem._singleton("multicore.interpreters.UNBOUND")

_CHOICES: dict[int, Unbound] = {
    _unbound.REPLACE: UNBOUND,
    _unbound.ERROR: UNBOUND_ERROR,
    _unbound.REMOVE: UNBOUND_REMOVE,
}


def _flag(choice: object) -> int:
    return _unbound.flag_of(choice, UNBOUND)


def create(maxsize: int = 0, *, unbounditems: Unbound = UNBOUND, syncobj: bool = False) -> "Queue":
    """Make a queue that any interpreter can put into and get from.

    It holds `maxsize` objects at most; without limit if that is 0 or less. `unbounditems` is the
    default of `Queue.put`. With `syncobj`, which CPython 3.13 had, what is not shareable is refused
    instead of pickled.
    """
    made = _multicore.create_queue(maxsize, _flag(unbounditems), syncobj)
    assert isinstance(made, Queue)
    return made


def list_all() -> list["Queue"]:
    """List all queues of this process."""
    return _multicore.list_queues()


class Queue(_multicore.QueueHandle):
    """A first-in, first-out queue between interpreters.

    It crosses to other interpreters itself, as an argument or a message. `Queue(id)` finds a
    living one.
    """

    __slots__ = ("__weakref__",)

    def __new__(cls, id: int, /) -> "Queue":
        """Finds the queue with this id."""
        if not isinstance(id, int):
            raise TypeError(f"id must be an int, got {id!r}")
        found = _multicore.find_queue(int(id)) if abs(id) < 1 << 63 else None
        if found is None:
            raise QueueNotFoundError(f"queue {int(id)} not found")
        assert isinstance(found, Queue)
        return found

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Queue):
            return NotImplemented
        return self._id() == other._id()

    def __hash__(self) -> int:
        return hash(self._id())

    def __reduce__(self) -> tuple[type, tuple[int]]:
        return type(self), (self._id(),)

    @property
    def id(self) -> int:
        """The queue's number, unique in the process."""
        return self._id()

    @property
    def maxsize(self) -> int:
        """How many objects it may hold; 0 or less: without limit."""
        return self._maxsize()

    @property
    def unbounditems(self) -> Unbound:
        """What `put` does with items whose interpreter is destroyed, unless told otherwise."""
        return _CHOICES[self._unbound()]


for _name, _object in (
    ("Queue", Queue),
    ("QueueEmpty", QueueEmpty),
    ("QueueFull", QueueFull),
    ("QueueItemDestroyed", ItemInterpreterDestroyed),
    ("UNBOUND", UNBOUND),
    ("unbound_flag", _flag),
):
    _multicore.register(_name, _object)
