"""`multiprocessing.shared_memory`, as it is: its blocks are found by name in any interpreter."""

from multiprocessing.shared_memory import ShareableList, SharedMemory

__all__ = ["ShareableList", "SharedMemory"]
