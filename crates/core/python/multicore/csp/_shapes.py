"""Networks of a common shape: the same process several times, a pipeline, a farm."""

from __future__ import annotations

from typing import Any

from multicore import channels
from multicore.csp._composition import Composition, run_part
from multicore.csp._leaves import python
from multicore.csp._par import par

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from multicore.channels import RecvChannel, SendChannel
    from multicore.csp._process import Context, Process

    type Worker = Callable[[RecvChannel, SendChannel, int], Process[Any]]

#: Enough to keep neighbours from waiting for each other at every message.
_PIPE_CAPACITY = 16


def replicate(count: int, make: Callable[[int], Process[Any]]) -> Composition[list[Any]]:
    """Put the same process several times side by side: `make(index)` gives each."""
    return par(*(make(index) for index in range(count)))


def pipeline(*stages: Callable[..., Process[Any]]) -> Composition[list[Any]]:
    """Put processes in a row, each with a channel to the next.

    The first is made with the sending end of its channel, the last with the receiving end, those
    between with both, the receiving end first. What `@process` makes is such a function:

    >>> pipeline(numbers, doubler, total).run()
    """
    if len(stages) < 2:
        raise ValueError("a pipeline has at least a source and a sink")
    pipes = [channels.create(_PIPE_CAPACITY) for _ in stages[1:]]
    inputs = [(), *((receiver,) for receiver, _ in pipes)]
    outputs = [*((sender,) for _, sender in pipes), ()]
    return par(
        *(stage(*ends, *out) for stage, ends, out in zip(stages, inputs, outputs, strict=True))
    )


def farm(
    worker: Worker,
    workers: int,
    input: RecvChannel,
    output: SendChannel,
    *,
    ordered: bool = False,
    in_flight: int | None = None,
) -> Composition[list[Any]]:
    """Let workers share one input and one output; it ends when the input has, then its output does.

    `worker(input, output, index)` makes each. If it is `ordered`, results leave in the order in
    which their jobs came; then a worker has to send exactly one result for each job, and at most
    `in_flight` jobs (twice the workers, unless given) have been taken whose results have not left.
    """
    limit = 2 * workers if in_flight is None else in_flight
    for name, number in (("workers", workers), ("in_flight", limit)):
        if number < 1:
            raise ValueError(f"{name} is {number!r}: give a whole number from 1")
    if not ordered:
        return replicate(workers, lambda index: worker(input, output, index))
    # Handed over only to a worker that is free.
    jobs = [channels.create() for _ in range(workers)]
    # Room for all its results, so that no worker waits for another one's.
    results = [channels.create(limit) for _ in range(workers)]
    # Which worker has the next job, in their order.
    turns, turn = channels.create(limit)
    permits, permit = channels.create(limit)
    for _ in range(limit):
        permit.send(None)
    hand = python(
        hand_out,
        (input, turn, permits, [sender for _, sender in jobs]),
        name="farm: hand out",
    )
    collect = python(
        gather,
        # `permits` is held, so that permits can be given back when nobody takes them any more.
        (output, turns, permit, permits.clone(), [receiver for receiver, _ in results]),
        name="farm: gather",
    )
    crew = replicate(workers, lambda index: worker(jobs[index][0], results[index][1], index))
    whole = par(hand, collect, crew)

    async def start(parts: Sequence[Process[Any]], context: Context) -> list[Any]:
        every: list[Any] = await run_part(parts[0], context)
        found: list[Any] = every[2]
        return found

    return Composition(f"farm of {workers}", [whole], start)


def hand_out(
    input: RecvChannel, turn: SendChannel, permits: RecvChannel, jobs: list[SendChannel]
) -> None:
    """Give each job to a free worker, and say whose turn it is."""
    while True:
        permits.recv()
        try:
            job = input.recv()
        except channels.ChannelPoisonedError:
            raise
        except channels.ChannelClosedError:
            return
        index, _ = channels.select([(sender, job) for sender in jobs])
        turn.send(index)


def gather(
    output: SendChannel,
    turns: RecvChannel,
    permit: SendChannel,
    taken: RecvChannel,  # noqa: ARG001  Held.
    results: list[RecvChannel],
) -> None:
    """Pass the results on, in the order of their jobs."""
    for index in turns:
        output.send(results[index].recv())
        permit.try_send(None)
