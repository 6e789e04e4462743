"""A process of the ring, and the whole ring as coroutines."""

from multicore import channels


def node(is_first, rounds, source, sink):
    passes = 0
    if is_first:
        sink.send(1)
    for turn in range(rounds):
        passes = source.recv()
        if not (is_first and turn == rounds - 1):
            sink.send(passes + 1)
    return passes


async def coroutines(count, rounds):
    # Here, and not above: it takes longer than to start an interpreter.
    import asyncio

    wires = [channels.create() for _ in range(count)]
    nodes = [
        _node(index == 0, rounds, wires[index][0], wires[(index + 1) % count][1])
        for index in range(count)
    ]
    return (await asyncio.gather(*nodes))[0]


async def _node(is_first, rounds, source, sink):
    passes = 0
    if is_first:
        await sink.send_async(1)
    for turn in range(rounds):
        passes = await source.recv_async()
        if not (is_first and turn == rounds - 1):
            await sink.send_async(passes + 1)
    return passes
