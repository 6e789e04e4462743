"""`multiprocessing.Pipe` over channels, and waiting for several connections."""

from __future__ import annotations

import time
from io import UnsupportedOperation

import _multicore

from multicore import channels
from multicore._calls import _PLAIN
from multicore.compat.context import BufferTooShort

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Self

    from multicore.compat._listener import Client as Client
    from multicore.compat._listener import Listener as Listener

__all__ = ["Client", "Connection", "Listener", "Pipe", "wait"]


def __getattr__(name: str) -> object:
    if name in ("Client", "Listener", "families"):
        from multicore.compat import _listener

        return getattr(_listener, name)
    from multicore.compat._absent import absent

    raise absent(__name__, name)


#: Formats of memory whose bytes can be seen without a copy.
_CASTS = frozenset("bBhHiIlLqQnNfdc?")


class Connection:
    """One end of a pipe."""

    def __init__(
        self, reader: channels.RecvChannel | None, writer: channels.SendChannel | None
    ) -> None:
        self._reader = reader
        self._writer = writer
        #: What was received but not taken: an object, or nothing at the end.
        self._peeked: list[tuple[Any, ...]] = []

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), (self._reader, self._writer)

    @property
    def readable(self) -> bool:
        """Whether it can receive."""
        return self._reader is not None

    @property
    def writable(self) -> bool:
        """Whether it can send."""
        return self._writer is not None

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._reader is None and self._writer is None

    def send(self, obj: object) -> None:
        """Send an object, pickled if need be."""
        if self._writer is None:
            raise OSError("connection is read-only or closed")
        try:
            self._writer.send(obj if type(obj) in _PLAIN else _multicore.pack(obj))
        except channels.ChannelClosedError:
            raise BrokenPipeError(32, "Broken pipe") from None

    def recv(self) -> Any:
        """Receive an object; EOFError when the other end is closed and nothing is left."""
        if self._peeked:
            return self._taken(*self._peeked.pop())
        if self._reader is None:
            raise OSError("connection is write-only or closed")
        try:
            return _multicore.deliver(self._reader.recv())
        except channels.ChannelClosedError:
            raise EOFError from None

    def fileno(self) -> int:
        """Refuse: a connection has no descriptor."""
        raise UnsupportedOperation(
            "a connection is a channel and has no file descriptor: wait for several with "
            "multicore.compat.connection.wait(), in asyncio with channels' recv_async()"
        )

    def poll(self, timeout: float | None = 0.0) -> bool:
        """Say whether there is something to receive, within `timeout` seconds."""
        if self._peeked:
            return True
        if self._reader is None:
            raise OSError("connection is write-only or closed")
        return bool(wait([self], timeout))

    @staticmethod
    def _taken(*content: Any) -> Any:
        if not content:
            raise EOFError
        return _multicore.deliver(content[0])

    def _source(self) -> channels.RecvChannel | None:
        """Give what to receive from to know whether it is ready; None: it is."""
        if self._peeked:
            return None
        if self._reader is None:
            raise OSError("connection is write-only or closed")
        return self._reader

    def _feed(self, *content: Any) -> None:
        """Keep what was received from that, or that it ended."""
        self._peeked.append(content)

    def send_bytes(self, buf: Any, offset: int = 0, size: int | None = None) -> None:
        """Send bytes."""
        view = memoryview(buf)
        # Of ctypes' formats none can be cast.
        view = memoryview(view.tobytes()) if view.format not in _CASTS else view.cast("B")
        if offset < 0:
            raise ValueError("offset is negative")
        if len(view) < offset:
            raise ValueError("buffer length < offset")
        if size is None:
            size = len(view) - offset
        elif size < 0:
            raise ValueError("size is negative")
        elif offset + size > len(view):
            raise ValueError("buffer length < offset + size")
        self.send(bytes(view[offset : offset + size]))

    def recv_bytes(self, maxlength: int | None = None) -> bytes:
        """Receive bytes that `send_bytes` sent."""
        received = self.recv()
        if not isinstance(received, bytes):
            raise OSError("an object was sent, not bytes")
        if maxlength is not None and len(received) > maxlength:
            raise OSError("message too long")
        return received

    def recv_bytes_into(self, buf: Any, offset: int = 0) -> int:
        """Receive bytes into a writable buffer; give how many."""
        received = self.recv_bytes()
        room = memoryview(buf).cast("B")[offset:]
        if len(room) < len(received):
            raise BufferTooShort(received)
        room[: len(received)] = received
        return len(received)

    def close(self) -> None:
        """Let go of this end. Who is at the other sees it when nobody has this end any more."""
        self._reader = self._writer = None
        self._peeked.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def Pipe(duplex: bool = True) -> tuple[Connection, Connection]:  # noqa: N802  The name is given.
    """Make two connected ends; without `duplex` the first receives and the second sends."""
    receive, send = channels.create(None)
    if not duplex:
        return Connection(receive, None), Connection(None, send)
    receive_back, send_back = channels.create(None)
    return Connection(receive, send_back), Connection(receive_back, send)


def wait(object_list: Iterable[Any], timeout: float | None = None) -> list[Any]:
    """Wait until some of the objects are ready, and give those.

    A connection is ready when there is something to receive or its other end is closed, a
    `Process.sentinel` when its process is done.
    """
    objects = list(object_list)
    if objects and not any(hasattr(candidate, "_source") for candidate in objects):
        # Sockets, files and descriptors, as ever.
        from multiprocessing import connection

        return connection.wait(objects, timeout)
    for candidate in objects:
        if not hasattr(candidate, "_source"):
            raise TypeError(
                f"wait() takes connections and sentinels of processes, or sockets and files, not "
                f"both: {candidate!r}"
            )
    ready = [candidate for candidate in objects if candidate._source() is None]
    waiting = [candidate for candidate in objects if candidate._source() is not None]
    deadline = None if timeout is None else time.monotonic() + timeout
    while waiting:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        try:
            # All that are ready are wanted: when there is one, the rest is not waited for.
            sources = [candidate._source() for candidate in waiting]
            at, content = channels.select(sources, 0 if ready else left)
            waiting[at]._feed(content)
        except TimeoutError:
            break
        except channels.ChannelClosedError as error:
            at = error.case
            waiting[at]._feed()
        ready.append(waiting.pop(at))
    return ready
