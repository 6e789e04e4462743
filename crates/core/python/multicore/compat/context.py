"""`multiprocessing`'s contexts: one kind of process under every start method's name.

What lives here: contexts, start methods, exceptions, loggers, and what needs nothing done. What
must not: the things that a context makes.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    from collections.abc import Iterable
    from typing import Any

#: Levels of multiprocessing's logger.
SUBDEBUG, SUBWARNING = 5, 25

#: Start methods, and what their classes are called after.
_METHODS = {"spawn": "Spawn", "fork": "Fork", "forkserver": "ForkServer"}


class ProcessError(Exception):
    """Base of multiprocessing's exceptions."""


class TimeoutError(ProcessError):  # noqa: A001  The name is multiprocessing's.
    """A result did not come in time."""


class AuthenticationError(ProcessError):
    """Never raised: nothing is connected through a network."""


class BufferTooShort(ProcessError):
    """The buffer is too short for what was received, which is the argument."""


def __getattr__(name: str) -> Any:
    if name in ("BaseContext", "DefaultContext"):
        return Context
    if name.endswith("Process"):
        from multicore.compat import process

        return getattr(process, name)
    from multicore.compat._absent import absent

    raise absent(__name__, name)


class Context:
    """Everything of `multicore.compat`, under a start method's name: all start interpreters."""

    #: None for the default context, whose start method may be chosen.
    _method: str | None = None

    def __dir__(self) -> list[str]:
        from multicore import compat

        return sorted({*super().__dir__(), *compat.__all__})

    def __getattr__(self, name: str) -> Any:
        from multicore import compat

        if name == "Process" and self._method is not None:
            from multicore.compat import process

            return getattr(process, f"{_METHODS[self._method]}Process")
        return getattr(compat, name)

    def get_context(self, method: str | None = None) -> Context:
        """Give the context of this name, or this one."""
        return self if method is None else get_context(method)

    def get_start_method(self, allow_none: bool = False) -> str | None:
        """Give the name of its start method."""
        return self._method if self._method is not None or allow_none else "spawn"

    def set_start_method(self, method: str | None, force: bool = False) -> None:
        """Name the default start method; the context of one method keeps it."""
        if self._method is not None:
            raise ValueError("cannot set start method of concrete context")
        set_start_method(method, force)


class SpawnContext(Context):
    """The context of this start method."""

    _method = "spawn"


class ForkContext(Context):
    """The context of this start method."""

    _method = "fork"


class ForkServerContext(Context):
    """The context of this start method."""

    _method = "forkserver"


_default = Context()
_contexts = {
    "spawn": SpawnContext(),
    "fork": ForkContext(),
    "forkserver": ForkServerContext(),
}
_chosen: str | None = None


def get_context(method: str | None = None) -> Context:
    """Give a context; `spawn`, `fork` and `forkserver` are the same here: interpreters."""
    if method is not None and method not in _METHODS:
        raise ValueError(f"cannot find context for {method!r}")
    known = method or _chosen
    return _default if known is None else _contexts[known]


def set_start_method(method: str | None, force: bool = False) -> None:
    """Name the start method. It changes nothing: processes are interpreters."""
    global _chosen
    if _chosen is not None and not force:
        raise RuntimeError("context has already been set")
    if method is not None:
        get_context(method)
    _chosen = method


def get_start_method(allow_none: bool = False) -> str | None:
    """Give the name of the start method."""
    return _chosen if _chosen is not None or allow_none else "spawn"


def get_all_start_methods() -> list[str]:
    """List the names that `set_start_method` takes."""
    return list(_METHODS)


def freeze_support() -> None:
    """Do nothing: no executable is started anew."""


def set_executable(executable: object) -> None:
    """Do nothing: no executable is started."""


def set_forkserver_preload(module_names: Iterable[str]) -> None:
    """Do nothing: there is no fork server."""
    if not isinstance(module_names, list) or not all(isinstance(n, str) for n in module_names):
        raise TypeError("module_names must be a list of strings")


def allow_connection_pickling() -> None:
    """Do nothing: connections cross already."""


def get_logger() -> logging.Logger:
    """Give the logger that multiprocessing's users configure."""
    import logging

    return logging.getLogger("multiprocessing")


def log_to_stderr(level: int | None = None) -> logging.Logger:
    """Let that logger write to standard error, and give it."""
    import logging

    logger = get_logger()
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("[%(levelname)s/%(processName)s] %(message)s"))
        logger.addHandler(handler)
    if level is not None:
        logger.setLevel(level)
    return logger
