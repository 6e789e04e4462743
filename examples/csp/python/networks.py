"""The programs once more, composed in Python: `multicore.csp` is what `@multicore-python/csp` is.

The processes are those of the other files; here they are put together, each in an interpreter of
its own, and run as a network that is watched for deadlocks.
"""

import struct
import zlib

import barber as shop
import buffer as bounded
import commstime as comms
import mandelbrot as fractal
import matrix as grid
import philosophers as table
import ring as circle
import santa as north_pole
import sieve as primes
import wordcount as words
from multicore import csp
from multicore.csp import Channel, par, python

NAMES = ["Plato", "Zeno", "Hypatia", "Diotima", "Seneca"]


def commstime(count):
    a, b, c, d = (Channel(name=name) for name in "abcd")
    whole = par(
        python(comms.prefix, (0, b.receiver, a.sender)),
        python(comms.delta, (a.receiver, c.sender, d.sender)),
        python(comms.successor, (c.receiver, b.sender)),
        python(comms.consume, (count, d.receiver)),
    )
    numbers, seconds = csp.network("commstime").run(whole)[-1]
    return numbers, seconds


def sieve(count):
    wires = [Channel(name=f"after {index}") for index in range(count)]
    sinks = [*(wire.sender for wire in wires[1:]), None]
    filters = [
        python(primes.keep_first, (wire.receiver, sink), name=f"filter {index + 1}")
        for index, (wire, sink) in enumerate(zip(wires, sinks, strict=True))
    ]
    source = python(primes.numbers, (wires[0].sender,))
    return csp.network("sieve").run(par(source, par(*filters)))[1]


def philosophers(meals, footman):
    """Without a footman all take the left fork at the same time, and the network says so."""
    forks = [_tokens(1, f"fork {number}") for number in range(1, 6)]
    seats = _tokens(4 if footman else 5, "seats")
    ready = None if footman else Channel(name="all have a fork")
    diners = []
    for index, name in enumerate(NAMES):
        things = (forks[index], forks[(index + 1) % 5], seats)
        ends = [end for thing in things for end in (thing.receiver, thing.sender)]
        gate = ready and ready.sender
        diners.append(python(table.dine, (meals, *ends, gate), name=name))
    everybody = par(*diners)
    if ready is not None:
        everybody = par(everybody, python(bad_luck, (ready.receiver,))).map(lambda both: both[0])
    return csp.network("philosophers").run(everybody)


def bad_luck(ready):
    """Makes sure of it: nobody takes the right fork before all have the left one."""
    waiting = [ready.recv() for _ in NAMES]
    for go in waiting:
        go.send(None)


def _tokens(count, name):
    made = Channel(count, name=name)
    for _ in range(count):
        made.write(None)
    return made


def santa(deliveries, consultations):
    stable, porch, sleigh, study = (Channel(name=n) for n in ("stable", "porch", "sleigh", "study"))
    work = (deliveries, consultations, sleigh.receiver, study.receiver)
    visitors = [python(north_pole.visit, (stable.sender,), name=f"reindeer {n}") for n in range(9)]
    visitors += [python(north_pole.visit, (porch.sender,), name=f"elf {n}") for n in range(10)]
    whole = par(
        python(north_pole.santa, work),
        python(north_pole.gather, (9, stable.receiver, sleigh.sender)),
        python(north_pole.gather, (3, porch.receiver, study.sender)),
        *visitors,
    )
    return csp.network("santa").run(whole)[0]


def mandelbrot(width, height, iterations):
    """Draws; gives a PNG file."""
    jobs, rows = Channel(name="rows"), Channel(2, name="pixels")

    def artist(source, sink, index):
        args = (width, height, iterations, source, sink)
        return python(fractal.draw, args, name=f"artist {index + 1}")

    whole = par(
        python(bounded.produce, (height, jobs.sender)),
        csp.farm(artist, 2, jobs.receiver, rows.sender, ordered=True),
        python(bounded.consume, (rows.receiver,)),
    )
    drawn = csp.network("mandelbrot").run(whole)[2]
    pixels = b"".join(b"\0" + row for row in drawn)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def matrix(a, b):
    rows, columns, depth = len(a), len(b[0]), len(b)

    # A wire more than places in each direction: the last one leads nowhere, and keeps what comes.
    def wires(count, length):
        return [
            [Channel(depth if place == length else 0) for place in range(length + 1)]
            for _ in range(count)
        ]

    right, down = wires(rows, columns), wires(columns, rows)
    sources = [python(feed, (list(a[row]), right[row][0].sender)) for row in range(rows)]
    sources += [
        python(feed, ([line[column] for line in b], down[column][0].sender))
        for column in range(columns)
    ]
    cells = []
    for row in range(rows):
        for column in range(columns):
            left, top = right[row][column].receiver, down[column][row].receiver
            on, below = right[row][column + 1].sender, down[column][row + 1].sender
            args = (depth, left, top, on, below)
            cells.append(python(grid.cell, args, name=f"cell {row},{column}"))
    sums = csp.network("matrix").run(par(par(*sources), par(*cells)))[1]
    return [sums[row * columns : (row + 1) * columns] for row in range(rows)]


def feed(numbers, sink):
    for number in numbers:
        sink.send(number)


def wordcount(text, reducers=2):
    pieces = Channel(2, name="pieces")
    counts = [Channel(2, name=f"counts {index + 1}") for index in range(reducers)]
    sinks = [each.sender for each in counts]
    lines = text.split("\n")
    parts = ["\n".join(lines[start : start + 20]) for start in range(0, len(lines), 20)]
    whole = par(
        python(feed, (parts, pieces.sender), name="cutter"),
        csp.replicate(2, lambda _index: python(words.map_words, (pieces.receiver, sinks))),
        par(*(python(words.reduce_counts, (each.receiver,)) for each in counts)),
    )
    shares = csp.network("wordcount").run(whole)[2]
    found = [item for share in shares for item in share]
    return sorted(found, key=lambda item: (-item[1], item[0]))


def buffer(size, count):
    source, sink = Channel(name="in"), Channel(name="out")
    results = csp.network("buffer").run(
        par(
            python(bounded.produce, (count, source.sender)),
            python(bounded.hold, (size, source.receiver, sink.sender)),
            python(bounded.consume, (sink.receiver,)),
        )
    )
    return results[2], results[1]


def barber(chairs, customers):
    room = Channel(chairs, name="waiting room")
    visits = csp.replicate(customers, lambda _index: python(shop.visit, (room.sender,)))
    whole = par(python(shop.shave, (room.receiver,), name="barber"), visits)
    shaved, stayed = csp.network("barber").run(whole)
    return shaved, stayed.count(False)


def ring(count, rounds):
    wires = [Channel(name=f"wire {index}") for index in range(count)]
    nodes = [
        python(
            circle.node,
            (index == 0, rounds, wires[index].receiver, wires[(index + 1) % count].sender),
            name=f"node {index}",
        )
        for index in range(count)
    ]
    return csp.network("ring").run(par(*nodes))[0]
