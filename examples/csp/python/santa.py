"""Santa, those who gather in front of his door, and his visitors."""

from multicore import channels
from multicore.channels import ChannelClosedError


def santa(deliveries, consultations, sleigh, study):
    left = {"deliveries": deliveries, "consultations": consultations}
    doors = {"deliveries": sleigh, "consultations": study}
    while any(left.values()):
        open_doors = [name for name in doors if left[name]]
        index, group = channels.select([doors[name] for name in open_doors], fair=False)
        left[open_doors[index]] -= 1
        for done in group:
            done.send(None)
    # Whoever still comes hears that the doors are closed, and goes home.
    sleigh.close()
    study.close()
    return {"deliveries": deliveries, "consultations": consultations}


def gather(size, source, sink):
    try:
        while True:
            sink.send(tuple(source.recv() for _ in range(size)))
    except ChannelClosedError:
        pass


def visit(door):
    try:
        while True:
            wait, done = channels.create()
            door.send(done)
            del done
            wait.recv()
    except ChannelClosedError:
        pass
