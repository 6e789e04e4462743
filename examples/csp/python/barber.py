"""The barber and a customer."""

from multicore import channels


def shave(room):
    count = 0
    for shaved in room:
        shaved.send(None)
        count += 1
    return count


def visit(room):
    wait, shaved = channels.create()
    try:
        room.send_nowait(shaved)
    except channels.ChannelFullError:
        return False
    del shaved
    wait.recv()
    return True
