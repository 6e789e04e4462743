"""`multiprocessing` for its own suite: multicore.compat, and CPython's private modules.

The suite's fixtures read private names of `multiprocessing.process`; they are given here.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import SimpleNamespace
from typing import Any

from multicore import compat
from multicore.channels import shared_buffer
from multicore.compat import process

_process: Any = process
if not hasattr(process, "_dangling"):
    _process._dangling = set()
if not hasattr(process, "_cleanup"):
    _process._cleanup = compat.active_children


class _Unknown:
    """A count that the suite may ask for, and need not get."""

    @staticmethod
    def get_value() -> int:
        raise NotImplementedError


_condition: Any = compat.Condition
_condition._sleeping_count = _condition._woken_count = _condition._wait_semaphore = _Unknown


class heap:  # noqa: N801  Stands for a module.
    """What the suite's own list of the threads that started is made of."""

    class BufferWrapper:
        """Memory for so many bytes, which crosses."""

        def __init__(self, size: int) -> None:
            self.memory = shared_buffer(size)

        def create_memoryview(self) -> memoryview:
            """Give the memory."""
            return self.memory


__all__ = compat.__all__


def _util() -> Any:
    private = vars(import_module("multiprocessing.util"))
    ours = vars(import_module("multicore.compat.util"))
    return SimpleNamespace(**{**private, **{name: ours[name] for name in ours["__all__"]}})


def __getattr__(name: str) -> Any:
    try:
        # The fixtures use the private half of `util`.
        if name == "util":
            return _util()
        return getattr(compat, name)
    except AttributeError:
        if name.startswith("_") or find_spec(f"multiprocessing.{name}") is None:
            raise
        return import_module(f"multiprocessing.{name}")
