"""Channel operations on an event loop of asyncio, without threads and without polling.

What lives here: one port per running loop, and the futures behind it. The core rings the port's
socket once for however many operations are done. What must not: what an operation means.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import weakref

import _multicore

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

#: The ports of the loops that run.
_ports: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _LoopPort] = (
    weakref.WeakKeyDictionary()
)


class _LoopPort:
    """What one event loop waits for."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._bell, far_end = socket.socketpair()
        self._bell.setblocking(False)
        far_end.setblocking(False)
        self._port = _multicore.open_port(far_end.fileno())
        self._futures: dict[int, asyncio.Future[tuple[int, Any]]] = {}
        # The core has a duplicate.
        far_end.close()
        try:
            loop.add_reader(self._bell.fileno(), self._rung)
        except NotImplementedError:
            # Windows' proactor watches no descriptors, but reads.
            self._listen(loop)

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        def heard(reading: asyncio.Future[bytes]) -> None:
            if not reading.cancelled() and reading.exception() is None:
                self._settle()
                self._listen(loop)

        reading = asyncio.ensure_future(loop.sock_recv(self._bell, 64), loop=loop)
        reading.add_done_callback(heard)

    def _rung(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._bell.recv(64)
        self._settle()

    def _settle(self) -> None:
        for token, outcome in self._port.take():
            future = self._futures.pop(token, None)
            if future is None or future.done():
                continue
            if isinstance(outcome, BaseException):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    async def operate(
        self, loop: asyncio.AbstractEventLoop, cases: Iterable[_multicore._Case], *, fair: bool
    ) -> tuple[int, Any]:
        started = self._port.start(cases, fair)
        if isinstance(started, tuple):
            return started
        future: asyncio.Future[tuple[int, Any]] = loop.create_future()
        self._futures[started] = future
        try:
            return await future
        finally:
            # Cancelled: nothing was done, or it is undone.
            if self._futures.pop(started, None) is not None:
                self._port.cancel(started)

    def close(self) -> None:
        self._bell.close()

    def __del__(self) -> None:
        self.close()


async def operate(cases: Iterable[_multicore._Case], *, fair: bool = True) -> tuple[int, Any]:
    """Do one of the cases: `(index, what was received)`."""
    loop = asyncio.get_running_loop()
    port = _ports.get(loop)
    if port is None:
        port = _ports[loop] = _LoopPort(loop)
    return await port.operate(loop, cases, fair=fair)
