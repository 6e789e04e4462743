"""What a process is: something that has a name, is handed channel ends, and runs once started.

The kinds of process have files of their own (`_leaves.py`, `_composition.py`).
"""

from __future__ import annotations

from typing import Any

from multicore.csp import _holding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence
    from typing import Self

    from multicore.csp._composition import Composition
    from multicore.csp._driver import Driver
    from multicore.csp._holding import End
    from multicore.csp._signals import Deadlines, Signal
    from multicore.csp._tracker import Member, Tracker


class Context:
    """What a running process is given by what it runs in."""

    __slots__ = ("deadlines", "driver", "gentle", "hard", "member", "on_done", "signal", "tracker")

    def __init__(
        self,
        driver: Driver,
        signal: Signal,
        hard: Signal,
        tracker: Tracker | None = None,
        *,
        gentle: bool = False,
        deadlines: Deadlines | None = None,
        on_done: Callable[[Process[Any]], None] | None = None,
        member: Member | None = None,
    ) -> None:
        self.driver = driver
        #: Aborts when the process should stop.
        self.signal = signal
        #: Aborts when its operations end, which may be later.
        self.hard = hard
        #: Who keeps count of the processes; nobody outside of a network or a supervisor.
        self.tracker = tracker
        #: Whether stopping leaves channels alone, so that they can be used again.
        self.gentle = gentle
        #: How long it gets to stop.
        self.deadlines = deadlines
        #: Hears of each process that ended well, of those that end one by one.
        self.on_done = on_done
        #: The running process itself.
        self.member = member

    def but(self, **changes: Any) -> Self:
        """Give the same with changes."""
        made = object.__new__(type(self))
        for name in self.__slots__:
            setattr(made, name, changes[name] if name in changes else getattr(self, name))
        return made


class Process[T]:
    """A description of a process: it does nothing until `run`, or a composition, starts it.

    Channel ends that are handed to processes belong to them: each is left when the last process
    that it was handed to has ended, so that a network ends by itself once its source has. Hand over
    `end.clone()` to keep the end.
    """

    #: python, host, or group.
    language = "group"
    #: Whether it is one unit for whoever holds its ends, however many processes it is made of.
    is_one = True

    def __init__(self, name: str) -> None:
        #: For error messages and statistics.
        self.name = name

    def __repr__(self) -> str:
        return f"<process {self.name}>"

    def __floordiv__(self, other: Process[Any] | Iterable[Process[Any]]) -> Any:
        """`a // b` is `par(a, b)`; as in python-csp `a // (b, c)` runs them all at once."""
        from multicore.csp._par import par

        if not isinstance(other, Process):
            return par(self, *other).run()
        return par(*_parts(self, "//"), *_parts(other, "//"))._made_by("//")

    def __gt__(self, other: Process[Any]) -> Composition[list[Any]]:
        """Run both, one after the other, at once, as python-csp does; `run()` gives the results."""
        from multicore.csp._par import in_turn

        return in_turn(self, other)

    def __mul__(self, count: int) -> list[T | None]:
        """Run it so many times, at once, as python-csp does."""
        return [self.start() for _ in range(count)]

    __rmul__ = __mul__

    @property
    def ends(self) -> Sequence[End]:
        """The channel ends that it was handed, those of the processes in it included."""
        raise NotImplementedError

    @property
    def owned(self) -> Sequence[End]:
        """Those of its ends that belong to it."""
        return self.ends

    def begin(self, context: Context) -> Coroutine[Any, Any, T]:
        """Run it, once per call, in a driver."""
        raise NotImplementedError

    def hold(self) -> None:
        """Count it in as a user of its ends, before any process of the network starts."""
        _holding.hold(self.owned)

    def let_go(self) -> None:
        """Count it out."""
        _holding.let_go(self.owned)

    def run(self) -> T:
        """Run it, wait for its end, and give what it returns."""
        from multicore.csp._composition import run

        return run(self)

    def start(self) -> T | None:
        """Run it: python-csp's name, and its manner, for which poison is an end like any other."""
        return self.run()


def _parts(process: Process[Any], operator: str) -> Sequence[Process[Any]]:
    """Give what the operator put together before: `a // b // c` is one `par` of three."""
    from multicore.csp._composition import Composition

    if not isinstance(process, Composition) or process.operator != operator:
        return (process,)
    process._used = True
    return process.parts
