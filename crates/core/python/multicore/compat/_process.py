"""`multiprocessing.Process`: a call in an interpreter of its own."""

from __future__ import annotations

import itertools
import os
import sys
from typing import Any

import _multicore

from multicore import _calls, channels, interpreters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_numbers = itertools.count(1)
_alive: set[Process] = set()
#: The name of the process that this interpreter is.
_name = "MainProcess"


class Process:
    """A call that runs in an interpreter of its own once it is started."""

    def __init__(
        self,
        group: None = None,
        target: Callable[..., object] | None = None,
        name: str | None = None,
        args: Iterable[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        daemon: bool | None = None,
    ) -> None:
        if group is not None:
            raise ValueError("group argument must be None for now")
        self.name = name or f"Process-{next(_numbers)}"
        self.daemon = bool(daemon)
        self._target, self._args, self._kwargs = target, tuple(args), dict(kwargs or {})
        self._interpreter: interpreters.Interpreter | None = None
        self._outcome: channels.RecvChannel | None = None
        self._exitcode: int | None = None
        self._stopped = False

    def __repr__(self) -> str:
        state = "initial"
        if self._outcome is not None:
            state = "started" if self._exitcode is None else f"stopped exitcode={self._exitcode}"
        return f"<{type(self).__name__} name={self.name!r} {state}>"

    @property
    def pid(self) -> int | None:
        """The number of this process: there is one; None before `start`."""
        return None if self._outcome is None else os.getpid()

    @property
    def ident(self) -> int | None:
        """The number of its interpreter; None before `start`."""
        return None if self._interpreter is None else self._interpreter.id

    @property
    def exitcode(self) -> int | None:
        """0 when the call returned, 1 when it raised, -15 when it was terminated, else None."""
        self.join(0)
        return self._exitcode

    def run(self) -> None:
        """Call the target. In the process's interpreter, unless a subclass is called here."""
        if self._target is not None:
            self._target(*self._args, **self._kwargs)

    def start(self) -> None:
        """Start the call."""
        if self._outcome is not None:
            raise AssertionError("cannot start a process twice")
        if type(self).run is Process.run:
            target, arguments = self._target or int, (self._args, self._kwargs)
        else:
            target, arguments = _run_subclass, ((type(self), self._plain()), {})
        packed, parcel = _calls.pack(target), _multicore.pack(arguments)
        self._interpreter = interpreters.create()
        self._outcome, tell = channels.create(1)
        submit = self._interpreter._submit
        submit(
            "multicore.compat._process:begin", (self.name, sys.path), channels.create(None)[1], 0
        )
        submit("multicore._calls:attempt", (packed, parcel), tell, 0)
        _alive.add(self)

    def _plain(self) -> dict[str, Any]:
        hidden = ("_interpreter", "_outcome", "_exitcode", "_stopped")
        return {name: value for name, value in self.__dict__.items() if name not in hidden}

    def join(self, timeout: float | None = None) -> None:
        """Wait until the call is done, or `timeout` seconds have passed."""
        if self._outcome is None:
            raise AssertionError("can only join a started process")
        if self._exitcode is not None:
            return
        try:
            _, kind, content = self._outcome.recv(timeout)
        except TimeoutError:
            return
        self._exitcode = self._judge(kind, content)
        _alive.discard(self)
        if self._interpreter is not None:
            self._interpreter._close(5.0)

    def _judge(self, kind: int, content: Any) -> int:
        if self._stopped:
            return -15
        if kind == 0 and content[0]:
            return 0
        if kind == 0 and content[2] == "SystemExit":
            code = content[3]
            return int(code) if code.lstrip("-").isdigit() else int(code not in ("", "None"))
        traceback = content[4] if kind == 0 else str(content)
        print(f"Process {self.name}:\n{traceback}", file=sys.stderr)  # noqa: T201
        return 1

    def is_alive(self) -> bool:
        """Say whether the call runs."""
        if self._outcome is None:
            return False
        self.join(0)
        return self._exitcode is None

    def terminate(self) -> None:
        """Interrupt the call: KeyboardInterrupt is raised in it."""
        if self._interpreter is not None and self._exitcode is None:
            self._stopped = True
            self._interpreter.interrupt()

    kill = terminate

    def close(self) -> None:
        """Let go of what belongs to a process that is done."""
        if self._outcome is not None and self.is_alive():
            raise ValueError("Cannot close a process while it is still running.")


def _run_subclass(kind: type[Process], state: dict[str, Any]) -> None:
    process = kind.__new__(kind)
    process.__dict__.update(state)
    process.run()


def begin(name: str, path: list[str]) -> None:
    """Make an interpreter the process of this name."""
    global _name
    _name = name
    known = set(sys.path)
    sys.path[:0] = [entry for entry in path if entry not in known]


class _Current:
    """The process that the caller is."""

    daemon = False

    def __init__(self) -> None:
        self.name = _name
        self.pid = os.getpid()
        self.ident = _multicore.current_interpreter()._number()


def current_process() -> _Current:
    """Give the process that the caller is."""
    return _Current()


def parent_process() -> None:
    """Give nothing: interpreters have no parents."""


def active_children() -> list[Process]:
    """List the processes that were started here and are alive."""
    return [process for process in list(_alive) if process.is_alive()]


def cpu_count() -> int:
    """Give the number of processors."""
    return os.cpu_count() or 1
