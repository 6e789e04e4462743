"""Waiting for barriers and other guards at once.

Each party offers itself to its barriers and waits. The one that completes a barrier asks the
others whether they still offer; only if all say yes they go on, else they go back to waiting. So a
party that has turned to another guard never meets. TypeScript's `barrier/choose.ts` is the same,
with promises.
"""

from __future__ import annotations

from typing import Any

from multicore import channels
from multicore.channels import ChannelClosedError, RecvChannel, SendChannel
from multicore.csp._timers import Timer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from multicore.csp._barrier import Barrier, Offer, Question, State
    from multicore.csp._choice import Label, Labelled


class Party:
    """One process that waits at barriers, perhaps among other guards."""

    def __init__(
        self, barriers: Sequence[tuple[Label, Barrier]], others: Sequence[Labelled]
    ) -> None:
        self._barriers = barriers
        self._others = others
        # Reports find the barrier by this name, since what is waited at is the gate.
        self._gate, self._gate_send = channels.create(name=f"barrier:{barriers[0][1].id}")
        self._number = self._gate.id
        #: The barriers that know of this party, by number.
        self._offered: dict[int, tuple[Label, Barrier]] = {}

    def choose(self, *, fair: bool) -> tuple[Any, Any]:
        """Wait until one has come about; gives its label and what it brought."""
        try:
            while True:
                for label, barrier in self._barriers:
                    if barrier.id not in self._offered and self._offer(label, barrier):
                        return label, None
                result = self._wait(fair=fair)
                if result is not None:
                    return result
        finally:
            self._withdraw()
            self._gate_send.leave()
            self._gate.leave()

    def _offer(self, label: Label, barrier: Barrier) -> bool:
        """Offer itself; True if that completed the barrier."""
        enrolled, offers = self._take(barrier)
        own: Offer = (self._number, self._gate_send)
        state: State = (enrolled, (*offers, own))
        met = False
        try:
            if len(offers) + 1 >= enrolled:
                left = _agree(barrier, offers, self._gate, self._refused)
                met = left is None
                state = (enrolled, () if left is None else (*left, own))
        except BaseException:
            state = (enrolled, offers)
            raise
        finally:
            barrier._replace(state)
        if not met:
            self._offered[barrier.id] = (label, barrier)
        return met

    def _wait(self, *, fair: bool) -> tuple[Any, Any] | None:
        """Wait once; None: another party asked, and nothing came of it."""
        from multicore.csp._choice import cases_of

        others, timeout, timed = cases_of(self._others) if self._others else ([], None, None)
        fates = [barrier._fate for _, barrier in self._barriers]
        cases = [self._gate, *fates, *(case for _, case in others)]
        first = 1 + len(fates)
        try:
            index, value = channels.select(cases, timeout, fair=fair)
        except TimeoutError:
            assert timed is not None
            return timed[0], timed[1].passed() if isinstance(timed[1], Timer) else None
        except ChannelClosedError as error:
            if error.case >= first:
                error.guard = others[error.case - first][0]
                raise
            # The end of a barrier: the next operation on it says how it ended.
            self._offered.clear()
            return None
        if index == 0:
            return self._answer(value)
        return others[index - first][0], value

    def _answer(self, question: Question) -> tuple[Any, Any] | None:
        """Say yes, and hear whether all did."""
        number, answer, verdict = question
        known = self._offered.get(number)
        answer.try_send(known is not None)
        answer.leave()
        if known is None:
            return None
        try:
            met = verdict.recv()
        except ChannelClosedError:
            met = False
        if not met:
            return None
        del self._offered[number]
        return known[0], None

    def _withdraw(self) -> None:
        """Take its offers back; who asks meanwhile is refused."""
        for _, barrier in list(self._offered.values()):
            try:
                enrolled, offers = self._take(barrier)
            except (ChannelClosedError, KeyboardInterrupt):
                # The barrier has ended, or this process may not wait any more: its gate ends with
                # it, and whoever asks there hears so.
                continue
            barrier._replace(
                (enrolled, tuple(offer for offer in offers if offer[0] != self._number))
            )
        self._offered.clear()

    def _take(self, barrier: Barrier) -> State:
        """Take the state of a barrier; who has it may be asking this party, which is busy: no."""
        while True:
            index, value = channels.select([barrier._take, self._gate])
            if index == 0:
                state: State = value
                return state
            _refuse(value, self._refused)

    def _refused(self, number: int) -> None:
        # Who was refused has forgotten this party.
        self._offered.pop(number, None)


def _refuse(question: Question, on_refused: Callable[[int], None]) -> None:
    number, answer, _ = question
    answer.try_send(False)
    answer.leave()
    on_refused(number)


def _agree(
    barrier: Barrier,
    offers: Sequence[Offer],
    own: RecvChannel[Question] | None,
    on_refused: Callable[[int], None],
) -> tuple[Offer, ...] | None:
    """Ask everybody who offered.

    None: all said yes, and they go on. Otherwise the offers of those who said yes, and wait on.
    """
    willing: list[tuple[Offer, SendChannel[bool]]] = []
    met = False
    try:
        for offer in offers:
            answer, answer_send = channels.create(1)
            verdict_receive, verdict = channels.create(1)
            question = (barrier.id, answer_send, verdict_receive)
            if _ask(offer[1], question, answer, own, on_refused):
                willing.append((offer, verdict))
            else:
                verdict.leave()
            answer.leave()
            verdict_receive.leave()
        met = len(willing) == len(offers)
    finally:
        for _, verdict in willing:
            _tell(verdict, met=met)
    return None if met else tuple(offer for offer, _ in willing)


def _tell(verdict: SendChannel[bool], *, met: bool) -> None:
    try:
        verdict.try_send(met)
    except ChannelClosedError:
        return  # Its process has ended meanwhile.
    verdict.leave()


def _ask(
    gate: SendChannel[Question],
    question: Question,
    answer: RecvChannel[bool],
    own: RecvChannel[Question] | None,
    on_refused: Callable[[int], None],
) -> bool:
    try:
        _next((gate, question), own, on_refused)
        # From now on the answer ends with the one who was asked.
        question[1].leave()
        return bool(_next(answer, own, on_refused))
    except ChannelClosedError:
        # Its process has ended.
        return False


def _next(
    step: channels.Case, own: RecvChannel[Question] | None, on_refused: Callable[[int], None]
) -> Any:
    """Do one step; whoever asks this party meanwhile is refused."""
    while True:
        index, value = channels.select([step] if own is None else [step, own])
        if index == 0:
            return value
        _refuse(value, on_refused)


def complete_without(
    barrier: Barrier, enrolled: int, offers: tuple[Offer, ...]
) -> tuple[Offer, ...]:
    """Give the offers left once `enrolled` parties remain: none if these wait, and so meet."""
    if not offers or len(offers) < enrolled:
        return offers
    return _agree(barrier, offers, None, lambda _number: None) or ()
