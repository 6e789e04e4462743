"""What programs for python-csp use besides: its `Alt`, its `with`, its names.

Its operators are in `_process.py` and `_guard.py`, its plug-and-play processes in `builtins.py`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from multicore.channels import RecvChannel
from multicore.csp._channel import Channel
from multicore.csp._choice import Alternation, Skip, alt
from multicore.csp._leaves import Definition, PythonProcess, python
from multicore.csp._par import par, seq
from multicore.csp._timers import Timer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from multicore.csp._choice import Guard
    from multicore.csp._process import Process


class Alt:
    """Guards to wait for, again and again: `alternatives * n` iterates over n selections."""

    def __init__(self, *guards: Guard) -> None:
        self.guards: list[Any] = list(guards)
        self.last_selected: Any = None
        self._alternation: Alternation | None = None

    def select(self) -> Any:
        """Give what a ready guard brought, chosen by chance."""
        return self._selected(*alt(*self.guards))

    def pri_select(self) -> Any:
        """Give what the first ready guard brought; what is behind a Skip has no chance."""
        guards: list[Any] = []
        for guard in self.guards:
            guards.append(guard)
            if isinstance(guard, Skip) or (isinstance(guard, Timer) and guard.remaining == 0):
                break
        return self._selected(*alt(*guards, fair=False))

    def fair_select(self) -> Any:
        """Give what a ready guard brought: whoever was chosen last comes last."""
        if self._alternation is None:
            self._alternation = Alternation({str(n): each for n, each in enumerate(self.guards)})
        which, value = self._alternation.next()
        return self._selected(int(which), value)

    def poison(self) -> None:
        """Poison the guard that was selected last, and select from the others from now on."""
        selected = self.last_selected
        if isinstance(selected, (Channel, RecvChannel)):
            selected.poison()
        self.guards = [guard for guard in self.guards if guard is not selected]
        self.last_selected = self._alternation = None

    def _selected(self, which: int, value: Any) -> Any:
        self.last_selected = self.guards[which]
        return "Skip" if isinstance(self.last_selected, Skip) else value

    def __mul__(self, count: int) -> Iterator[Any]:
        return (self.select() for _ in range(count))

    __rmul__ = __mul__


def CSPProcess(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> PythonProcess:
    """Make a process of a function and its arguments."""
    return python(function, args, kwargs=kwargs)


class CSP:
    """Composition with `with`: `csp.par()` and `csp.seq()` around `csp.process(function, …)`."""

    def __init__(self) -> None:
        self._open: list[list[Process[Any]]] = [[]]

    @contextmanager
    def par(self) -> Iterator[None]:
        """Collect processes to run side by side."""
        self._open.append([])
        yield
        made = par(*self._open.pop())
        self._open[-1].append(made)

    @contextmanager
    def seq(self) -> Iterator[None]:
        """Collect processes to run one after the other."""
        self._open.append([])
        yield
        made = seq(*self._open.pop())
        self._open[-1].append(made)

    def process(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> None:
        """Add a process to those that are collected."""
        made = function if isinstance(function, Definition) else Definition(function)
        self._open[-1].append(made(*args, **kwargs))

    def start(self) -> list[Any]:
        """Run what was collected."""
        return par(*self._open[-1]).run()


def set_debug(status: bool) -> None:
    """Accepted for compatibility with python-csp, whose debugging output this switches."""
