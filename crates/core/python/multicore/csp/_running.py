"""Processes that run side by side: starting them, and what becomes of them.

What lives here: their interpreters and outcomes. What must not: what a process is
(`processes.py`).
"""

from __future__ import annotations

import sys
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import _multicore

from multicore import _calls, _workers, channels, interpreters
from multicore.channels import RecvChannel, SendChannel
from multicore.csp.guards import Channel, ChannelPoison

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from multicore.csp.processes import Process

_NO_ENDS_IN = (str, bytes, int, float, type, ModuleType, FunctionType, BuiltinFunctionType)


def _ends(process: Process) -> Iterator[RecvChannel | SendChannel]:
    """The channel ends among a process's arguments, and in them."""
    waiting: list[object] = [*process.args, *process.kwargs.values()]
    met: set[int] = set()
    while waiting:
        item = waiting.pop()
        if item is None or isinstance(item, _NO_ENDS_IN) or id(item) in met:
            continue
        met.add(id(item))
        if isinstance(item, (RecvChannel, SendChannel)):
            yield item
        elif isinstance(item, Channel):
            yield item.sender
        elif isinstance(item, (tuple, list, set, frozenset)):
            waiting.extend(item)
        elif isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, MethodType):
            waiting.append(item.__self__)
        elif hasattr(item, "args") and hasattr(item, "kwargs"):
            waiting.extend((item.args, item.kwargs))
        else:
            waiting.append(getattr(item, "__dict__", None))


class Running:
    """Processes that run, and what becomes of them."""

    def __init__(self, processes: tuple[Process, ...]) -> None:
        self._processes = processes
        self._outcomes, self._tell = channels.create(None, name="par")
        self._interpreters: list[interpreters.Interpreter] = []
        self._errors: list[Exception] = []
        self._results: list[Any] = [None] * len(processes)

    def start(self) -> None:
        """Start them all."""
        path = [entry for entry in sys.path if entry]
        for index, process in enumerate(self._processes):
            packed = _calls.pack(process.function, closures=True)
            parcel = _multicore.pack((process.args, process.kwargs))
            if not process.isolated:
                self._start_thread(index, packed, parcel)
                continue
            interpreter = interpreters.create(serial=True)
            self._interpreters.append(interpreter)
            here = (path, process.name)
            interpreter._submit("multicore._workers:prepare", here, self._tell, -1)
            interpreter._submit("multicore._calls:attempt", (packed, parcel), self._tell, index)

    def _start_thread(self, index: int, packed: _calls.Packed, parcel: _multicore.Parcel) -> None:
        import threading

        def run() -> None:
            outcome = _calls.attempt(packed, parcel)
            self._tell.send((index, 0, outcome))

        threading.Thread(target=run, name=repr(self._processes[index])).start()

    def wait(self) -> list[Any]:
        """Wait until all have ended; give what they returned, or raise what they raised."""
        left = len(self._processes)
        while left:
            index, kind, content = self._outcomes.recv()
            if index < 0:
                continue
            left -= 1
            process = self._processes[index]
            error = self._take(index, kind, content)
            if isinstance(error, ChannelPoison):
                # It hands the poison on to all channels that it has.
                self._poison(process, str(error))
            elif error is not None:
                self._errors.append(error)
                self.poison(f"{process!r} failed: {error}")
        if self._errors:
            raise ExceptionGroup("processes failed", self._errors)
        return self._results

    def _take(self, index: int, kind: int, content: Any) -> Exception | None:
        try:
            self._results[index] = _workers.result_of(kind, content)
        except Exception as error:  # noqa: BLE001  Whatever it was: the process ended with it.
            return error
        except BaseException:  # noqa: BLE001  SystemExit and the like: of the process, not of us.
            return interpreters._execution_failed(*content[2:])
        return None

    @staticmethod
    def _poison(process: Process, reason: str) -> None:
        for end in _ends(process):
            end.poison(reason)

    def poison(self, reason: str) -> None:
        """End the channels of all."""
        for process in self._processes:
            self._poison(process, reason)

    def stop(self) -> None:
        """Interrupt all."""
        for interpreter in self._interpreters:
            interpreter.interrupt()

    def close(self) -> None:
        """End their interpreters."""
        for interpreter in self._interpreters:
            interpreter._close(5.0)
