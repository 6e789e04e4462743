"""Memory that crosses without being copied.

What lives here: giving memory away, and memory that all share. What must not: how a `memoryview`
crosses by itself, which native code decides.
"""

from __future__ import annotations

import _multicore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from typing import Any, Protocol

    class Transferred(Protocol):
        """Memory on its way to a new owner: send it. It is received once."""

        def take(self) -> memoryview:
            """Takes the memory back if nobody received it; `ValueError` if somebody did."""
            ...

        def nbytes(self) -> int | None:
            """How many bytes are on the way; `None` once received."""


def transfer(obj: bytearray | array[Any] | memoryview) -> Transferred:
    """Gives memory away, without copying it, to whoever receives the result.

    A `bytearray` or an `array.array` is left empty. A `memoryview` must be of memory that was
    received by transfer; it is released, and using it raises. `BufferError` if the memory is in
    use through another view. The receiver gets a writable `memoryview` in Python, a typed array in
    JavaScript. Memory of at most 512 bytes is copied, as is all of it on CPython 3.15 and later.

    `sender.send(transfer(samples))`
    """
    moved: Transferred = _multicore.transfer(obj)
    return moved


def shared_buffer(size: int) -> memoryview:
    """Makes zeroed memory of `size` bytes that crosses as it is: all who receive it share it.

    Reads and writes of several interpreters are not ordered by anything but locks and messages.
    Use `view.cast(…)` for items other than bytes, and `view.toreadonly()` to lend it.

    `counters = shared_buffer(8 * 4).cast("q")`
    """
    view: memoryview = _multicore.shared_buffer(size)
    return view
