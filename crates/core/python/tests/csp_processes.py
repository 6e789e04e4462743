"""Processes that tests of more than one module put into networks."""

from multicore import csp


@csp.process
def source(sink, count, gate=None):
    for number in range(count):
        sink.send(number)
    if gate is not None:
        gate.recv()


@csp.process
def fails():
    raise ValueError("always")


@csp.process
def waits(gate):
    gate.recv()
