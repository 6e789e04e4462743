"""The host: the Node process that this interpreter lives in."""

import _multicore


class HostError(Exception):
    """A function of the host threw."""

    host_error: object


def _make_host_error(name: str, message: str, stack: str, token: object) -> HostError:
    error = HostError(f"{name}: {message}" if name != "Error" else message)
    error.host_error = token
    if stack:
        error.add_note(stack)
    return error


_multicore.register("make_host_error", _make_host_error)
