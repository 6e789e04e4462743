"""Producer, buffer, consumer."""

from collections import deque

from multicore import channels


def produce(count, sink):
    for number in range(count):
        sink.send(number)


def hold(size, source, sink):
    held, most_held = deque(), 0
    while True:
        put = [source] if len(held) < size else []
        take = [(sink, held[0])] if held else []
        try:
            index, number = channels.select(put + take)
        except channels.ChannelClosedError:
            break
        if put and index == 0:
            held.append(number)
            most_held = max(most_held, len(held))
        else:
            held.popleft()
    for number in held:
        sink.send(number)
    return most_held


def consume(source):
    return list(source)
