"""Environment variables: what `os` does with them in C, where several interpreters do it at once.

What lives here: `putenv` and `unsetenv`, and so writing to `os.environ`; `posix_spawn` without an
`env`. What must not: how variables are written (`extension/variables.rs`). Each function is given
CPython's own first. Loaded when the first of them is called.
"""

import errno
import os
import sys

import _multicore

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

#: Where the C library's own functions were seen to hurt who reads at the same time.
_IS_OURS = sys.platform == "linux"


def _encoded(text: "Any") -> bytes:
    encoded = os.fsencode(text)
    if b"\0" in encoded:
        raise ValueError("embedded null byte")
    return encoded


def putenv(original: "Callable[[Any, Any], None]", name: "Any", value: "Any", /) -> None:
    """Change or add an environment variable."""
    if not _IS_OURS:
        return original(name, value)
    name, value = _encoded(name), _encoded(value)
    if b"=" in name:
        raise ValueError("illegal environment variable name")
    sys.audit("os.putenv", name, value)
    if not name:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return _multicore.write_variable(name, value)


def unsetenv(original: "Callable[[Any], None]", name: "Any", /) -> None:
    """Delete an environment variable."""
    if not _IS_OURS:
        return original(name)
    name = _encoded(name)
    sys.audit("os.unsetenv", name)
    if b"=" in name or not name:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
    return _multicore.write_variable(name, None)


def _spawn(
    original: "Callable[..., int]", path: object, argv: object, env: "Any", /, **options: object
) -> int:
    # Without an `env` CPython frees C's, entry by entry, if that has moved meanwhile.
    env = _multicore.read_variables() if env is None else env
    return original(path, argv, env, **options)


posix_spawn = posix_spawnp = _spawn
