"""The processes of commstime. Each goes on until a channel of it has ended."""

import time

from multicore.channels import ChannelClosedError


def prefix(first, source, sink):
    try:
        sink.send(first)
        for number in source:
            sink.send(number)
    except ChannelClosedError:
        pass


def delta(source, left, right):
    try:
        for number in source:
            left.send(number)
            right.send(number)
    except ChannelClosedError:
        pass


def successor(source, sink):
    try:
        for number in source:
            sink.send(number + 1)
    except ChannelClosedError:
        pass


def consume(count, source):
    numbers = [source.recv()]
    start = time.perf_counter()
    while len(numbers) < count:
        numbers.append(source.recv())
    seconds = time.perf_counter() - start
    source.close()
    return numbers, seconds
