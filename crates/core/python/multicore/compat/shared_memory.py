"""`multiprocessing.shared_memory`: its blocks are found by name in any interpreter."""

from __future__ import annotations

from multiprocessing.shared_memory import ShareableList
from multiprocessing.shared_memory import SharedMemory as _SharedMemory

__all__ = ["ShareableList", "SharedMemory"]


class SharedMemory(_SharedMemory):
    """A block of memory with a name. Who makes one frees it with `unlink`.

    Only who makes a block has it tracked, unless `track` says otherwise: CPython has a process of
    its own track blocks, one for each interpreter that asks for it.
    """

    def __init__(
        self,
        name: str | None = None,
        create: bool = False,
        size: int = 0,
        *,
        track: bool | None = None,
    ) -> None:
        super().__init__(name, create, size, track=create if track is None else track)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.name, False, self.size)
