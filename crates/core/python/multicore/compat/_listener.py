"""`multiprocessing.connection`'s `Listener` and `Client`, between interpreters of this process.

What lives here: addresses, and who is connected to whom. What must not: what is sent
(`connection.py`). An address is the name of a channel, on which clients send their connections.
"""

from __future__ import annotations

import errno
import itertools
import os

import _multicore

from multicore import channels
from multicore.compat import connection
from multicore.compat.context import AuthenticationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

families = ["AF_INET", "AF_UNIX"] + (["AF_PIPE"] if os.name == "nt" else [])
_WELCOME = "#WELCOME#"
_FIRST_PORT = 49152


def _family(address: object, family: str | None) -> str:
    """Give the family that was named, or the address's."""
    if family is None:
        if isinstance(address, tuple):
            family = "AF_INET"
        elif isinstance(address, str):
            family = "AF_PIPE" if address.startswith("\\\\") else "AF_UNIX"
        elif address is None:
            family = "AF_INET"
        else:
            raise ValueError(f"address type of {address!r} unrecognized")
    if family not in families:
        raise ValueError(f"Family {family} is not recognized.")
    return family


def _name(address: Any, family: str) -> str:
    # All hosts are this process: the port tells.
    shown = address[1] if family == "AF_INET" else address
    return f"multicore.compat.connection {family} {shown!r}"


def _living(name: str) -> list[channels.SendChannel]:
    found = (sender for _, sender in _multicore.list_channels() if sender is not None)
    return [sender for sender in found if sender.name == name and not sender.is_closed]


def _check(authkey: object) -> None:
    if authkey is not None and not isinstance(authkey, bytes):
        raise TypeError("authkey should be a byte string")


class Listener:
    """Waits for `Client` in any interpreter of this process, at an address as multiprocessing's.

    Other processes cannot connect to it: for those use `multiprocessing.connection.Listener`.
    """

    def __init__(
        self,
        address: Any = None,
        family: str | None = None,
        backlog: int = 1,  # noqa: ARG002  Nobody is turned away.
        authkey: bytes | None = None,
    ) -> None:
        kind = _family(address, family)
        _check(authkey)
        self._authkey = authkey
        self._channel: channels.RecvChannel | None = None
        self._address = address
        if address is None or (kind == "AF_INET" and address[1] == 0):
            host = "localhost" if address is None else address[0]
            for number in itertools.count(_FIRST_PORT):
                at: Any = (host, number) if kind == "AF_INET" else f"listener-{number}"
                if not _living(_name(at, kind)):
                    self._address = at
                    break
        self._listen(_name(self._address, kind))

    def _listen(self, name: str) -> None:
        receive, send = channels.create(None, name=name)
        # Whoever was first has the address.
        if min(found.id for found in _living(name)) != send.id:
            receive.close()
            raise OSError(errno.EADDRINUSE, f"{os.strerror(errno.EADDRINUSE)}: {self._address!r}")
        # The channel is open for as long as somebody could send.
        self._channel, self._keep = receive, send

    @property
    def address(self) -> Any:
        """Where clients find it."""
        return self._address

    @property
    def last_accepted(self) -> None:
        """Always None: whoever connects is in this process and has no address."""
        return

    def accept(self) -> connection.Connection:
        """Wait for a client and give the connection to it.

        AuthenticationError for a client that has another `authkey`.
        """
        if self._channel is None:
            raise OSError("listener is closed")
        try:
            accepted, authkey = _multicore.deliver(self._channel.recv())
        except channels.ChannelClosedError:
            raise OSError("listener is closed") from None
        made: connection.Connection = accepted
        if authkey != self._authkey:
            made.close()
            raise AuthenticationError("digest received was wrong")
        if authkey is not None:
            made.send(_WELCOME)
        return made

    def close(self) -> None:
        """Accept no more; the address is free."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def Client(  # noqa: N802  The name is given.
    address: Any, family: str | None = None, authkey: bytes | None = None
) -> connection.Connection:
    """Connect to the Listener at this address in an interpreter of this process.

    ConnectionRefusedError when there is none.
    """
    kind = _family(address, family)
    _check(authkey)
    ours, theirs = connection.Pipe()
    try:
        found = min(_living(_name(address, kind)), key=lambda sender: sender.id)
        found.send(_multicore.pack((theirs, authkey)))
    except (ValueError, channels.ChannelClosedError):
        raise ConnectionRefusedError(
            errno.ECONNREFUSED,
            f"no interpreter of this process listens at {address!r}; to reach another process "
            "use multiprocessing.connection.Client",
        ) from None
    # The other end is the listener's alone: when it lets go, we see it.
    theirs.close()
    if authkey is not None:
        try:
            ours.recv()
        except EOFError:
            raise AuthenticationError("digest sent was rejected") from None
    return ours
