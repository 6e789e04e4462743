"""`alt`: choice, by number or by name; `alternate`: a choice that is made again and again.

The choice itself is `select`, in the core; barriers among the guards are for `_meeting.py`.
"""

from __future__ import annotations

from typing import Any

from multicore import channels
from multicore.channels import ChannelClosedError, ChannelPoisonedError, RecvChannel, SendChannel
from multicore.csp._barrier import Barrier
from multicore.csp._channel import Channel
from multicore.csp._guard import Guard as _Guard
from multicore.csp._timers import Timer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    type Guard = RecvChannel | tuple[SendChannel, object] | Timer | Skip | Channel | Barrier | None
    type Label = int | str
    type Labelled = tuple[Label, Guard]


class NoGuardInAlt(ValueError):
    """There is nothing to choose from."""


class Skip(_Guard):
    """The guard that is always ready: chosen when no other is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "skip"


skip = Skip()


def when(condition: object, guard: Guard) -> Guard:
    """Give a guard with a precondition: without it, the guard is not waited for."""
    return guard if condition else None


def alt(*guards: Guard, fair: bool = True, **named: Guard) -> tuple[Any, Any]:
    """Wait until one of the guards is ready and make exactly that one happen.

    Gives `(which, value)`: its number or its name, and what it brought. A guard is a RecvChannel, a
    `(SendChannel, obj)` tuple to send, a time, a Barrier, or `skip`; None is not waited for. Among
    those that are ready one goes by chance, or the first if not `fair`. A channel that has ended
    raises ChannelClosedError, whose `guard` says which it was.

    >>> which, value = alt(item=items, stop=control, tick=after(1.0))
    """
    return choose([*enumerate(guards), *named.items()], fair=fair)


def choose(guards: Sequence[Labelled], *, fair: bool) -> tuple[Any, Any]:
    """Choose among labelled guards."""
    barriers = [(label, guard) for label, guard in guards if isinstance(guard, Barrier)]
    if barriers:
        from multicore.csp._meeting import Party

        others = [each for each in guards if not isinstance(each[1], Barrier)]
        return Party(barriers, others).choose(fair=fair)
    cases, timeout, timed = cases_of(guards)
    try:
        index, value = channels.select([case for _, case in cases], timeout, fair=fair)
    except TimeoutError:
        assert timed is not None
        return timed[0], timed[1].passed() if isinstance(timed[1], Timer) else None
    except ChannelClosedError as error:
        error.guard = cases[error.case][0]
        raise
    return cases[index][0], value


def cases_of(
    guards: Sequence[Labelled],
) -> tuple[list[tuple[Label, channels.Case]], float | None, tuple[Label, Timer | Skip] | None]:
    """Give what `select` waits for, for how long, and what it means when that time is over."""
    cases: list[tuple[Label, channels.Case]] = []
    timeout: float | None = None
    timed: tuple[Label, Timer | Skip] | None = None
    for label, guard in guards:
        if isinstance(guard, (Timer, Skip)):
            seconds = guard.remaining if isinstance(guard, Timer) else 0.0
            if timeout is None or seconds < timeout:
                timeout, timed = seconds, (label, guard)
        elif isinstance(guard, Channel):
            cases.append((label, guard.receiver))
        elif isinstance(guard, (RecvChannel, tuple)):
            cases.append((label, guard))
        elif guard is not None:
            raise TypeError(
                f"{guard!r} is no guard: give a RecvChannel, a (SendChannel, obj) tuple, a time, "
                "a Barrier, skip, or None"
            )
    if not cases and timeout is None:
        raise NoGuardInAlt("none of the guards could ever be ready")
    return cases, timeout, timed


def alternate(
    guards: Mapping[str, Guard | Callable[[], Guard]] | None = None,
    **named: Guard | Callable[[], Guard],
) -> Alternation:
    """Choose among the same guards again and again, without starving any.

    Whoever was chosen comes last the next time: one that stays ready is chosen within as many
    rounds as there are guards. A guard that is a function is asked before each round. A channel
    that has ended is left out; iterating ends when all have.

    >>> for which, value in alternate(high=high, low=low, tick=every(1.0)):
    ...     handle(which, value)
    """
    return Alternation({**(guards or {}), **named})


class Alternation:
    """A choice that is made again and again. Made by `alternate`."""

    def __init__(self, guards: dict[str, Guard | Callable[[], Guard]]) -> None:
        self._guards = guards
        #: The names, by turn.
        self._turns = list(guards)

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        while self._may_go_on():
            try:
                yield self.next()
            except ChannelPoisonedError:
                raise
            except ChannelClosedError:
                continue

    def next(self) -> tuple[str, Any]:
        """Wait for the next event.

        A channel that has ended raises ChannelClosedError once, and is left out from then on.
        """
        made = [(name, self._made(name)) for name in self._turns]
        try:
            name, value = self._choose([each for each in made if each[1] is not None])
        except ChannelClosedError as error:
            if isinstance(error.guard, str) and error.guard in self._turns:
                self._turns.remove(error.guard)
            raise
        self._turns.remove(name)
        self._turns.append(name)
        return name, value

    def _choose(self, guards: Sequence[Labelled]) -> tuple[str, Any]:
        # A time that has come has its turn too, though `select` looks at times last.
        for index, (label, guard) in enumerate(guards):
            if isinstance(guard, Timer) and guard.remaining == 0.0:
                which, value = choose([*guards[:index], ("", skip)], fair=False)
                return (which, value) if which != "" else (str(label), guard.passed())
        return choose(guards, fair=False)

    def _made(self, name: str) -> Guard:
        guard = self._guards[name]
        if isinstance(guard, (RecvChannel, tuple, Timer, Skip, Channel, Barrier)) or guard is None:
            return guard
        return guard()

    def _may_go_on(self) -> bool:
        # Whether anything but time can still come.
        return any(not isinstance(self._guards[name], Timer) for name in self._turns)
