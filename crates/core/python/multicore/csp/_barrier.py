"""The class `Barrier`: parties that wait for each other, in any interpreter and in JavaScript.

A barrier is a message in a channel of one place: how many parties there are, and which wait.
Whoever takes it out has the barrier to itself until it puts it back. The TypeScript of
`@multicore-python/csp` has the same protocol. How parties come to agree is in `_meeting.py`.
"""

from __future__ import annotations

from typing import Any

from multicore import channels

TYPE_CHECKING = False
if TYPE_CHECKING:
    from multicore.channels import RecvChannel, SendChannel

    #: Asks a party that offered whether it still does: the barrier's number, where to answer, and
    #: where it will hear what came of it.
    type Question = tuple[int, SendChannel[bool], RecvChannel[bool]]
    #: A party that waits: its number, and where it can be asked.
    type Offer = tuple[int, SendChannel[Question]]
    #: How many parties there are, and which wait.
    type State = tuple[int, tuple[Offer, ...]]


class Barrier:
    """A point where processes wait for each other: all that are enrolled come before any goes on.

    It is also a guard of `alt`: then a party may turn to something else while it waits, and either
    all parties meet or none of them. Handed to a process like a channel end, it is poisoned when
    the network fails.
    """

    __slots__ = ("_fate", "_fates", "_put", "_take", "id")

    def __init__(self, parties: int = 0, *, name: str = "barrier") -> None:
        _check(parties, 0)
        take, put = channels.create(1, name=name)
        # Carries nothing: only how the barrier ends.
        fate, fates = channels.create(name=name)
        self._set(put, take, fate, fates)
        put.send((parties, ()))

    def _set(
        self, put: SendChannel, take: RecvChannel, fate: RecvChannel, fates: SendChannel
    ) -> None:
        self._put, self._take, self._fate, self._fates = put, take, fate, fates
        #: Its number, unique in the process.
        self.id: int = put.id

    def __repr__(self) -> str:
        return f"Barrier({self.id})"

    def sync(self) -> None:
        """Wait until every enrolled party has come."""
        from multicore.csp._meeting import Party

        Party([("sync", self)], []).choose(fair=True)

    wait = synchronise = sync

    def enrol(self, parties: int = 1) -> None:
        """Add parties, which the others wait for from now on."""
        _check(parties, 1)
        enrolled, offers = self._take.recv()
        self._replace((enrolled + parties, offers))

    def resign(self, parties: int = 1) -> None:
        """Take parties away; the others may have been waiting for these alone."""
        _check(parties, 1)
        enrolled, offers = self._take.recv()
        self._wait_for(max(0, enrolled - parties), offers)

    def retire(self) -> None:
        """Take one party away: python-csp's name."""
        self.resign()

    def reset(self, parties: int) -> None:
        """Wait for so many from now on; the others may have been waiting for no more."""
        _check(parties, 0)
        _, offers = self._take.recv()
        self._wait_for(parties, offers)

    def count(self) -> tuple[int, int]:
        """Say how many are enrolled, and how many of them wait."""
        state = self._take.recv()
        self._replace(state)
        return state[0], len(state[1])

    @property
    def parties(self) -> int:
        """How many are enrolled."""
        return self.count()[0]

    participants = parties

    def poison(self, reason: str = "poisoned") -> None:
        """Let every party that waits, or comes, fail with ChannelPoisonedError."""
        for end in self._ends_of():
            end.poison(reason)

    def _wait_for(self, parties: int, offers: tuple[Offer, ...]) -> None:
        # To be called by who has taken the state.
        from multicore.csp._meeting import complete_without

        try:
            offers = complete_without(self, parties, offers)
        finally:
            self._replace((parties, offers))

    def _replace(self, state: State) -> None:
        # There is a place: it was taken.
        self._put.try_send(state)

    def _ends_of(self) -> tuple[Any, ...]:
        return self._put, self._take, self._fates, self._fate


def _reduce(barrier: Barrier) -> dict[str, object]:
    return {
        "put": barrier._put,
        "take": barrier._take,
        "fate": barrier._fate,
        "fates": barrier._fates,
    }


def _rebuild(put: SendChannel, take: RecvChannel, fate: RecvChannel, fates: SendChannel) -> Barrier:
    made = Barrier.__new__(Barrier)
    made._set(put, take, fate, fates)
    return made


# TypeScript's barrier is registered under the same name.
channels.register(Barrier, _reduce, _rebuild, name="multicore.csp._barrier:Barrier")


def _check(parties: int, least: int) -> None:
    if parties < least:
        raise ValueError(f"{parties!r} parties: give a whole number from {least}")
