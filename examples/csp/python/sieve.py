"""The processes of the sieve."""

import itertools

from multicore.channels import ChannelClosedError


def numbers(sink):
    try:
        for number in itertools.count(2):
            sink.send(number)
    except ChannelClosedError:
        pass


def keep_first(source, sink):
    prime = source.recv()
    if sink is not None:
        try:
            for number in source:
                if number % prime:
                    sink.send(number)
        except ChannelClosedError:
            pass
    source.close()
    return prime
