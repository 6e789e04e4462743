"""`multiprocessing.Process`: a call in an interpreter of its own."""

from __future__ import annotations

import atexit
import itertools
import os
import sys

import _multicore

from multicore import _calls, channels, interpreters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

_numbers = itertools.count(1)
_alive: set[Process] = set()
#: How processes that were stopped show their exit codes.
_SIGNALS = {-9: "-SIGKILL", -15: "-SIGTERM"}
#: What a process does not take along when it starts.
_HERE_ONLY = ("_interpreter", "_outcome", "_exitcode", "_stopped", "_closed")


def __getattr__(name: str) -> Any:
    if name == "BaseProcess":
        return Process
    from multicore.compat._absent import absent

    raise absent(__name__, name)


class Process:
    """A call that runs in an interpreter of its own once it is started."""

    #: The start method of its context, which is a name.
    _start_method: str | None = None

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
        self._name = name or f"{type(self).__name__}-{next(_numbers)}"
        self._daemon = _self.daemon
        self._target, self._args, self._kwargs = target, tuple(args), dict(kwargs or {})
        self._interpreter: interpreters.Interpreter | None = None
        self._outcome: channels.RecvChannel | None = None
        self._exitcode: int | None = None
        self._stopped = 0
        self._closed = False
        self._authkey = _self.authkey
        if daemon is not None:
            self.daemon = daemon

    def __repr__(self) -> str:
        pid, state = "", "initial"
        if self._closed:
            state = "closed"
        elif self._outcome is not None:
            pid, state = f" pid={os.getpid()}", "started"
            code = self.exitcode
            if code is not None:
                state = f"stopped exitcode={_SIGNALS.get(code, code)}"
        state = f"{pid} parent={os.getpid()} {state}{' daemon' if self.daemon else ''}"
        return f"<{type(self).__name__} name={self.name!r}{state}>"

    @property
    def name(self) -> str:
        """Its name, which says nothing but what messages show."""
        return self._name

    @name.setter
    def name(self, name: str) -> None:
        if not isinstance(name, str):
            raise AssertionError("name must be a string")  # noqa: TRY004  As multiprocessing does.
        self._name = name

    @property
    def daemon(self) -> bool:
        """Whether it is stopped when the interpreter that started it ends, and not waited for."""
        return self._daemon

    @daemon.setter
    def daemon(self, daemon: bool) -> None:
        if self._outcome is not None:
            raise AssertionError("process has already started")
        self._daemon = daemon

    @property
    def authkey(self) -> bytes:
        """What managers and listeners that it makes ask for."""
        return self._authkey

    @authkey.setter
    def authkey(self, authkey: bytes) -> None:
        self._authkey = bytes(authkey)

    @property
    def pid(self) -> int | None:
        """The number of this process: there is one; None before `start`."""
        self._check()
        return None if self._outcome is None else os.getpid()

    @property
    def ident(self) -> int | None:
        """The number of its interpreter; None before `start`."""
        self._check()
        return None if self._interpreter is None else self._interpreter.id

    @property
    def exitcode(self) -> int | None:
        """0 when the call returned, 1 when it raised, -15 when it was terminated, else None."""
        self._check()
        if self._outcome is not None:
            self.join(0)
        return self._exitcode

    @property
    def sentinel(self) -> Sentinel:
        """What `multicore.compat.connection.wait` takes to wait for its end."""
        self._check()
        if self._outcome is None:
            raise ValueError("process not started")
        return Sentinel(self)

    def run(self) -> None:
        """Call the target. In the process's interpreter, unless a subclass is called here."""
        if self._target is not None:
            self._target(*self._args, **self._kwargs)

    def start(self) -> None:
        """Start the call."""
        self._check()
        if self._outcome is not None:
            raise AssertionError("cannot start a process twice")
        if type(self).run is Process.run:
            target, arguments = self._target or int, (self._args, self._kwargs)
        else:
            target, arguments = _run_subclass, ((type(self), self._plain()), {})
        packed, parcel = _calls.pack(target), _multicore.pack(arguments)
        self._interpreter = interpreters.create()
        self._outcome, tell = channels.create(1)
        inherited = heritage(self.authkey, self._start_method)
        # What is relative to this folder stays so.
        here = os.getcwd()  # noqa: PTH109  As the import system has it.
        path = [entry or here for entry in sys.path]
        known = (self.name, bool(self.daemon), path, inherited)
        self._interpreter._submit("multicore.compat.process:main", (known, packed, parcel), tell, 0)
        if not _alive:
            # Once only, however often: the last to be registered is the first to be called.
            atexit.unregister(_end_children)
            atexit.register(_end_children)
        _alive.add(self)
        # Who waits for its end does not keep what it was given.
        del self._target, self._args, self._kwargs

    def _plain(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name not in _HERE_ONLY}

    def join(self, timeout: float | None = None) -> None:
        """Wait until the call is done, or `timeout` seconds have passed."""
        self._check()
        if self._outcome is None:
            raise AssertionError("can only join a started process")
        if self._exitcode is not None:
            return
        try:
            message = self._outcome.recv(None if timeout is None else max(timeout, 0.0))
        except TimeoutError:
            return
        self._ended(message)

    def _ended(self, message: tuple[int, int, Any]) -> None:
        """Take what the interpreter said of its call."""
        _, kind, content = message
        self._exitcode = self._judge(kind, content)
        _alive.discard(self)
        if self._interpreter is not None:
            self._interpreter._close(5.0)

    def _judge(self, kind: int, content: Any) -> int:
        if self._stopped:
            return -self._stopped
        if kind == 0:
            code: int = content
            return code
        why = content[2] if kind == 1 else str(content)
        print(f"Process {self.name}:\n{why}", file=sys.stderr)  # noqa: T201  As multiprocessing does.
        return 1

    def is_alive(self) -> bool:
        """Say whether the call runs."""
        self._check()
        if self._outcome is None:
            return False
        self.join(0)
        return self._exitcode is None

    def terminate(self) -> None:
        """Stop the call: KeyboardInterrupt is raised in it. `exitcode` will be -15."""
        self._stop(15)

    def kill(self) -> None:
        """Stop the call, as `terminate`. `exitcode` will be -9."""
        self._stop(9)

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the call, which may handle it."""
        self._check()
        if self._interpreter is not None and self._exitcode is None:
            self._interpreter.interrupt()

    def _stop(self, signal: int) -> None:
        self._check()
        if self._interpreter is not None and self._exitcode is None:
            self._stopped = self._stopped or signal
            self._interpreter._close(0, wait=False)

    def close(self) -> None:
        """Let go of what belongs to a process that is done."""
        if self._outcome is not None and not self._closed and self.is_alive():
            raise ValueError("Cannot close a process while it is still running. You should first "
                             "call join() or terminate().")  # fmt: skip
        self._closed = True

    def _check(self) -> None:
        if self._closed:
            raise ValueError("process object is closed")


class SpawnProcess(Process):
    """A process of the context of this name: a process like any."""

    _start_method = "spawn"


class ForkProcess(Process):
    """A process of the context of this name: a process like any."""

    _start_method = "fork"


class ForkServerProcess(Process):
    """A process of the context of this name: a process like any."""

    _start_method = "forkserver"


class Sentinel:
    """Stands for the end of a process in `connection.wait`."""

    def __init__(self, process: Process) -> None:
        self._process = process

    def _source(self) -> channels.RecvChannel | None:
        return None if self._process._exitcode is not None else self._process._outcome

    def _feed(self, *content: Any) -> None:
        self._process._ended(content[0] if content else (0, 2, "its interpreter was closed"))


def _run_subclass(kind: type[Process], state: dict[str, Any]) -> None:
    process = kind.__new__(kind)
    process.__dict__.update(state, **dict.fromkeys(_HERE_ONLY))
    process.run()


class _Known:
    """A process as it, and its children, know it."""

    exitcode = None
    sentinel: object = None

    def __init__(self, name: str, *, daemon: bool = False, authkey: bytes = b"") -> None:
        self.name = name
        self.daemon = daemon
        self.pid = os.getpid()
        self.authkey = authkey

    @property
    def ident(self) -> int:
        """The number of the interpreter."""
        number: int = _multicore.current_interpreter()._number()
        return number

    def is_alive(self) -> bool:
        """Say that it is."""
        return True

    def __repr__(self) -> str:
        kind, parent = ("_MainProcess", None) if _parent is None else ("Process", os.getpid())
        daemon = " daemon" if self.daemon else ""
        return f"<{kind} name={self.name!r} parent={parent} started{daemon}>"


class _Parent(_Known):
    """The process that started this one. Its channel is closed when it is gone."""

    def __init__(self, name: str, authkey: bytes, number: int, lifeline: Any) -> None:
        super().__init__(name, authkey=authkey)
        self._number = number
        self._lifeline: channels.RecvChannel = lifeline

    def __repr__(self) -> str:
        return f"<_ParentProcess name={self.name!r} parent=None unknown>"

    @property
    def ident(self) -> int:
        """The number of its interpreter."""
        return self._number

    def is_alive(self) -> bool:
        """Say whether it is."""
        return not self._lifeline.is_closed

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end, or until `timeout` seconds have passed."""
        try:
            self._lifeline.recv(timeout)
        except (TimeoutError, channels.ChannelClosedError):
            return

    @property
    def sentinel(self) -> Any:  # type: ignore[override]
        """What `multicore.compat.connection.wait` takes to wait for its end."""
        return _ParentSentinel(self)


class _ParentSentinel:
    def __init__(self, parent: _Parent) -> None:
        self._parent = parent

    def _source(self) -> channels.RecvChannel | None:
        return self._parent._lifeline if self._parent.is_alive() else None

    def _feed(self, *_content: object) -> None:
        pass


_self = _Known("MainProcess", authkey=os.urandom(32))
_parent: _Known | None = None
#: Closed when this interpreter ends, which nobody else has the sending end of.
_lifeline: Any = None


def heritage(authkey: bytes | None = None, method: str | None = None) -> tuple[Any, ...]:
    """Give what processes that are started here inherit."""
    global _lifeline
    if _lifeline is None:
        _lifeline = channels.create(None)
    from multicore.compat import context

    level = None
    if "logging" in sys.modules:
        # As with multiprocessing: the level goes along, handlers do not.
        level = context.get_logger().getEffectiveLevel()
    number = _multicore.current_interpreter()._number()
    known = (_self.name, _self.authkey, number, _lifeline[0])
    method = method or context.get_start_method(allow_none=True)
    return known, authkey or _self.authkey, method, level


def begin(name: str, daemon: bool, path: list[str], inherited: tuple[Any, ...]) -> None:
    """Make an interpreter the process of this name."""
    global _parent
    parent, _self.authkey, method, level = inherited
    _self.name, _self.daemon, _parent = name, daemon, _Parent(*parent)
    _calls.shares_main = True
    known = set(sys.path)
    sys.path[:0] = [entry for entry in path if entry not in known]
    from multicore.compat import context

    if method is not None:
        context.set_start_method(method, force=True)
    if level is not None:
        context.get_logger().setLevel(level)


def main(
    here: tuple[str, bool, list[str], tuple[Any, ...]],
    packed: _calls.Packed,
    parcel: _multicore.Parcel,
) -> int:
    """Be a process: begin, make the call, and give the exit code."""
    begin(*here)
    try:
        function, args, kwargs = _calls._open(packed, parcel)
        function(*args, **kwargs)
    except SystemExit as error:
        if error.code is None or isinstance(error.code, int):
            return int(error.code or 0)
        print(error.code, file=sys.stderr)  # noqa: T201  As the interpreter itself does.
        return 1
    except BaseException:  # noqa: BLE001  As multiprocessing does.
        if _multicore.current_interpreter()._state() != "closing":
            import traceback

            print(f"Process {_self.name}:", file=sys.stderr)  # noqa: T201
            traceback.print_exc()
        return 1
    else:
        return 0
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, ValueError):
                continue


def current_process() -> _Known:
    """Give the process that the caller is."""
    return _self


def parent_process() -> _Known | None:
    """Give the process that started this one, or None in the first."""
    return _parent


def _end_children() -> None:
    """Do what multiprocessing does at exit: stop daemons, and wait for the others.

    The host sets a limit: what then still waits is interrupted, and its processes are stopped.
    """
    for process in active_children():
        if process.daemon:
            process.terminate()
    try:
        for process in active_children():
            process.join()
    except KeyboardInterrupt:
        for process in active_children():
            process.terminate()


def active_children() -> list[Process]:
    """List the processes that were started here and are alive."""
    return [process for process in list(_alive) if process.is_alive()]


def cpu_count() -> int:
    """Give the number of processors."""
    return os.cpu_count() or 1
