"""`multicore.csp`, and the ways of python-csp's programs."""

import unittest

from multicore import channels, csp
from multicore.csp import builtins


@csp.process
def numbers(sink, count):
    for number in range(count):
        sink.send(number)
    sink.close()


@csp.process
def doubler(source, sink):
    for number in source:
        sink.send(2 * number)
    sink.close()


@csp.process
def collected(source):
    return list(source)


@csp.process
def broken(sink):
    sink.send(1)
    raise ValueError("broken")


@csp.process
def meets(barrier):
    return [barrier.wait() for _ in range(3)]


class Csp(unittest.TestCase):
    def test_a_pipeline(self):
        a, b = csp.Channel(), csp.Channel()
        results = csp.par(numbers(a, 4), doubler(a, b), collected(b))
        self.assertEqual(results, [None, None, [0, 2, 4, 6]])

    def test_a_failure_poisons_the_others(self):
        a = csp.Channel()
        with self.assertRaises(ExceptionGroup) as caught:
            csp.par(broken(a), collected(a))
        self.assertEqual([str(error) for error in caught.exception.exceptions], ["broken"])

    def test_alt(self):
        a, b = csp.Channel(1), csp.Channel(1)
        self.assertEqual(csp.alt(a, csp.skip), (1, None))
        self.assertEqual(csp.alt(item=a, tick=csp.after(0.01)), ("tick", None))
        b.write(5)
        self.assertEqual(csp.alt(item=a, other=b, tick=csp.after(9)), ("other", 5))

    def test_barrier(self):
        barrier = csp.Barrier(3)
        rounds = zip(*csp.par(*(meets(barrier) for _ in range(3))), strict=True)
        self.assertEqual([sorted(places) for places in rounds], [[0, 1, 2]] * 3)


@csp.process
def writer(channel, item):
    channel.write(item)


@csp.process
def reader(channel):
    return channel.read()


@csp.process
def told(channel, sink):
    sink.send(channel.read())


@csp.process
def passes_on(source, sink):
    while True:
        sink.write(source.read())


@csp.process
def poisons(channel):
    channel.poison("enough")


@csp.process
def chooses(a, b):
    return sorted((a | b, a | b))


@csp.process
def selects(*channels):
    return sorted(3 * csp.Alt(*channels))


class Methods:
    def __init__(self):
        self.channel = csp.Channel()

    @csp.process
    def send(self, item):
        self.channel.write(item)

    @csp.process
    def receive(self):
        return self.channel.read()


def adds(number):
    @csp.process
    def add(source, sink):
        sink.write(source.read() + number)

    return add


@csp.process
def takes_five(source):
    taken = [source.read() for _ in range(5)]
    source.poison()
    return taken


class PythonCsp(unittest.TestCase):
    """What programs for python-csp do."""

    def test_operators_run_at_once(self):
        channel = csp.Channel()
        heard, tell = channels.create(None)
        writer(channel, 1) // (told(channel, tell),)
        self.assertEqual(heard.recv(5), 1)
        buffered = csp.Channel(None)
        writer(buffered, 1) > writer(buffered, 2) > writer(buffered, 3)  # noqa: B015
        self.assertEqual([buffered.read() for _ in range(3)], [1, 2, 3])
        2 * writer(buffered, 4)
        self.assertEqual([buffered.read() for _ in range(2)], [4, 4])

    def test_composition_of_compositions(self):
        a, b = csp.Channel(), csp.Channel()
        inner = csp.Seq(writer(a, 1), writer(b, 2))
        results = csp.Par(inner, csp.Par(reader(a), reader(b))).start()
        self.assertEqual(results, [[None, None], 1, 2])

    def test_choice(self):
        a, b, c = csp.Channel(), csp.Channel(), csp.Channel()
        self.assertEqual(csp.par(chooses(a, b), writer(a, 1), writer(b, 2))[0], [1, 2])
        writers = (writer(a, 1), writer(b, 2), writer(c, 3))
        self.assertEqual(csp.par(selects(a, b, c), *writers)[0], [1, 2, 3])
        ready = csp.Channel(1)
        ready.write(1)
        self.assertEqual(csp.Alt(csp.Skip(), ready).pri_select(), "Skip")
        self.assertEqual(csp.Alt(ready, csp.Skip()).pri_select(), 1)
        with self.assertRaises(csp.NoGuardInAlt):
            csp.Alt().select()
        timer = csp.Timer()
        timer.set_alarm(0.01)
        self.assertIsNone(csp.Alt(timer, ready).select())

    def test_poison_spreads(self):
        a, b = csp.Channel(), csp.Channel()
        csp.par(poisons(a), passes_on(a, b), passes_on(b, csp.Channel()))
        with self.assertRaisesRegex(csp.ChannelPoison, "enough"):
            b.read()

    def test_methods_and_closures(self):
        both = Methods()
        self.assertEqual(csp.par(both.send("hello"), both.receive()), [None, "hello"])
        a, b = csp.Channel(), csp.Channel()
        self.assertEqual(csp.par(writer(a, 1), adds(41)(a, b), reader(b))[2], 42)

    def test_servers(self):
        a, b, c, d = (csp.Channel() for _ in range(4))
        results = csp.par(
            builtins.Prefix(c, a, prefix_item=0),
            builtins.Delta2(a, b, d),
            builtins.Succ(b, c),
            takes_five(d),
        )
        self.assertEqual(results[3], [0, 1, 2, 3, 4])
        x, y, z = (csp.Channel() for _ in range(3))
        sums = csp.par(builtins.Generate(x), builtins.Fibonacci(y), builtins.Plus(x, y, z),
                       takes_five(z))  # fmt: skip
        self.assertEqual(sums[3], [1, 2, 4, 6, 9])

    def test_contexts(self):
        network, channel = csp.CSP(), csp.Channel()
        with network.par():
            network.process(writer, channel, 5)
            network.process(reader, channel)
        self.assertEqual(network.start(), [[None, 5]])

    def test_a_barrier_can_be_joined_and_left(self):
        barrier = csp.Barrier()
        barrier.enrol()
        self.assertEqual((barrier.participants, barrier.synchronise()), (1, 0))
        barrier.enrol()
        barrier.retire()
        self.assertEqual(barrier.wait(), 0)
