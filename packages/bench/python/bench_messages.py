"""The two ends of a channel as Python code, for whatever has `send(value)` and `recv()`."""

PAYLOADS = {
    "int": 7,
    "text": "x" * 100,
    "tuple": (1, 2.5, "three"),
    "bytes": b"x" * 1024,
    "megabyte": b"x" * (1 << 20),
}


def weigh(value):
    """A number that depends on what arrived, cheap enough not to count."""
    return value if value.__class__ is int else len(value)


def produce(send, name, n):
    value = PAYLOADS[name]
    for _ in range(n):
        send(value)
    return n


def consume(recv, n):
    total = 0
    for _ in range(n):
        value = recv()
        total += value if value.__class__ is int else len(value)
    return total


def ping(send, recv, n):
    total = 0
    for index in range(n):
        send(index & 63)
        total += recv()
    return total


def pong(send, recv, n):
    for _ in range(n):
        send(recv() + 1)


def checked(name, n):
    """What `consume` gives."""
    return weigh(PAYLOADS[name]) * n


# The same with channel ends of multicore.channels as arguments.


def produce_channel(sender, name, n):
    return produce(sender.send, name, n)


def consume_channel(receiver, n):
    return consume(receiver.recv, n)


def ping_channel(sender, receiver, n):
    return ping(sender.send, receiver.recv, n)


def pong_channel(sender, receiver, n):
    pong(sender.send, receiver.recv, n)


def drain_channel(receiver):
    """Receives until the channel ends: the shortest way to write it."""
    total = 0
    for value in receiver:
        total += value
    return total

