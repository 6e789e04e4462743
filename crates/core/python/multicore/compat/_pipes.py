"""`multiprocessing.Pipe` over queues of the core."""

from __future__ import annotations

from typing import Any

import _multicore

from multicore import channels
from multicore._calls import _PLAIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self


class Connection:
    """One end of a pipe."""

    def __init__(
        self, reader: channels.RecvChannel | None, writer: channels.SendChannel | None
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._peeked: list[Any] = []

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
            return self._peeked.pop()
        if self._reader is None:
            raise OSError("connection is write-only or closed")
        try:
            return _multicore.deliver(self._reader.recv())
        except channels.ChannelClosedError:
            raise EOFError from None

    def poll(self, timeout: float | None = 0.0) -> bool:
        """Say whether there is something to receive, within `timeout` seconds."""
        if self._peeked:
            return True
        if self._reader is None:
            raise OSError("connection is write-only or closed")
        try:
            self._peeked.append(_multicore.deliver(self._reader.recv(timeout)))
        except TimeoutError:
            return False
        except channels.ChannelClosedError:
            return True
        return True

    def send_bytes(self, buf: Any, offset: int = 0, size: int | None = None) -> None:
        """Send bytes."""
        end = None if size is None else offset + size
        self.send(bytes(memoryview(buf).cast("B")[offset:end]))

    def recv_bytes(self, maxlength: int | None = None) -> bytes:
        """Receive bytes that `send_bytes` sent."""
        received = self.recv()
        if not isinstance(received, bytes):
            raise OSError("an object was sent, not bytes")
        if maxlength is not None and len(received) > maxlength:
            raise OSError("message too long")
        return received

    def close(self) -> None:
        """Close this end."""
        if self._writer is not None:
            self._writer.close()
        if self._reader is not None and self._writer is None:
            self._reader.close()
        self._reader = self._writer = None

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
