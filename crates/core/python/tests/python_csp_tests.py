"""Programs as they are written for python-csp, with its imports changed and nothing else."""

import unittest

from multicore import csp
from multicore.csp import (
    CSP,
    Alt,
    Channel,
    ChannelPoison,
    CSPProcess,
    FileChannel,
    Guard,
    NoGuardInAlt,
    Par,
    Seq,
    Skip,
    forever,
    par,
    process,
    set_debug,
)
from multicore.csp.builtins import Delta2, Fibonacci, Generate, Multiply, Plus, Prefix, Succ
from multicore.csp.guards import Barrier, Timer

set_debug(True)


@process
def send(cout, *items):
    """
    readset =
    writeset = cout
    """
    for item in items:
        cout.write(item)


@process
def receive(cin, count):
    return [cin.read() for _ in range(count)]


@process
def send_receive(item):
    chan = Channel()
    return Par(send(chan, item), receive(chan, 1)).start()[1]


@process
def consume(cin, count):
    items = [cin.read() for _ in range(count)]
    cin.poison()
    return items


@process
def poisons(chan):
    chan.poison()


@process
def chooses(one, other):
    return sorted([one | other, one | other])


@process
def selects(count, *chans):
    alternatives = Alt(*chans)
    return sorted(alternatives * count), sorted(count * alternatives)


@process
def fails(chan):
    chan.read()
    raise ValueError("failed")


@process
def meets(barrier, rounds):
    for _ in range(rounds):
        barrier.synchronise()
    return rounds


@process(isolated=False)
def here(log, item):
    """Run on a thread of this interpreter."""
    log.send(item)


@forever
def squares(cout):
    number = 0
    while True:
        cout.write(number * number)
        number += 1
        yield


EXTRA = [99]


class Account:
    def __init__(self):
        self.chan = Channel()

    @process
    def send(self, item):
        put(self.chan, item, *EXTRA)

    @process
    def receive(self):
        return self.chan.read()

    @process
    def poisons(self, other):
        other.read()
        self.chan.read()


def put(chan, *items):
    for item in items:
        chan.write(item)


def logged(log):
    log.close()
    return list(log)


class Operators(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_side_by_side_at_once(self):
        log = Channel(8)
        made = put_into(log, 1) // (put_into(log, 2), put_into(log, 3))
        self.assertEqual(len(made), 3)
        self.assertEqual(sorted(logged(log)), [1, 2, 3])

    def test_two_are_a_par_to_be_run(self):
        self.assertEqual((send_receive(1) // send_receive(2)).start(), [[1], [2]])

    def test_in_sequence_at_once_and_once_each(self):
        log = Channel(8)
        put_into(log, 1) > put_into(log, 2) > put_into(log, 3)  # noqa: B015
        self.assertEqual(logged(log), [1, 2, 3])
        self.assertEqual((send_receive(1) > send_receive(2)).start(), [[1], [2]])

    def test_repetition(self):
        log = Channel(8)
        each = put_into(log, "again")
        each * 3
        2 * each
        self.assertEqual(logged(log), ["again"] * 5)

    def test_nested_at_any_depth(self):
        deep = Par(Par(send_receive(1), send_receive(2)), Seq(send_receive(3), send_receive(4)))
        self.assertEqual(len(deep), 2)
        self.assertIn(deep[0], deep.procs)
        self.assertEqual(deep.start(), [[[1], [2]], [[3], [4]]])

    def test_a_channel_outlives_processes(self):
        chan = Channel()
        for item in range(2):
            self.assertEqual(Par(send(chan, item), receive(chan, 1)).start(), [None, [item]])

    def test_contexts(self):
        log = Channel(8)
        network = CSP()
        with network.seq():
            network.process(put, log, 1)
            with network.par():
                network.process(put, log, 2)
                network.process(put_into, log, 2)
            network.process(put, log, 3)
        network.start()
        self.assertEqual(logged(log), [1, 2, 2, 3])


@process
def put_into(chan, *items):
    put(chan, *items)


class Processes(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_of_a_function(self):
        log = Channel(1)
        CSPProcess(put, log, 1).start()
        self.assertEqual(log.read(), 1)

    def test_on_a_thread(self):
        log = Channel(1)
        here(log.sender, 1).start()
        self.assertEqual(log.read(), 1)

    def test_methods(self):
        for item in range(3):
            # Interpreters are used again: what they find there is made anew.
            account = Account()
            network = Par(account.send(item), account.receive(), account.receive())
            self.assertEqual(sorted(network.start()[1:]), [item, 99])

    def test_what_a_function_captures(self):
        chan, scale = FileChannel(1), 3

        @process
        def scaled(item):
            chan.write(scale * item)

        scaled(2).start()
        self.assertEqual(chan.read(), 6)

    def test_poison_ends_all(self):
        chan = Channel()
        whole = Par(send(chan, *range(99)), receive(chan, 999), poisons(chan))
        self.assertEqual(whole.start(), [None, None, None])
        with self.assertRaises(ChannelPoison):
            chan.read()
        self.assertIsNone(send(chan, 1).start())

    def test_poison_reaches_the_attributes_of_a_methods_object(self):
        account, other = Account(), Channel()
        network = Par(account.poisons(other), receive(account.chan, 1), poisons(other))
        self.assertEqual(network.start(), [None, None, None])

    def test_a_failure_ends_all(self):
        chan = Channel()
        with self.assertRaises(ExceptionGroup) as caught:
            Par(fails(chan), send(chan, 1, 2)).start()
        self.assertEqual([str(each) for each in caught.exception.exceptions], ["failed"])

    def test_barrier(self):
        barrier = Barrier()
        barrier.reset(4)
        barrier.retire()
        self.assertEqual(barrier.participants, 3)
        self.assertEqual(Par(*(meets(barrier, 3) for _ in range(3))).start(), [3, 3, 3])


class Choice(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_choice_and_repetition(self):
        one, other = Channel(), Channel()
        network = Par(send(one, 1), send(other, 2), chooses(one, other))
        self.assertEqual(network.start()[2], [1, 2])
        network = Par(send(one, 1, 3), send(other, 2, 4), selects(2, one, other))
        first, second = network.start()[2]
        self.assertEqual(sorted(first + second), [1, 2, 3, 4])

    def test_skip(self):
        chan = Channel(1)
        alternatives = Alt(chan, Skip())
        for select in (alternatives.select, alternatives.pri_select, alternatives.fair_select):
            self.assertEqual(select(), "Skip")
            chan.write(1)
            self.assertEqual(select(), 1)
        self.assertEqual(Alt(Skip(), Skip(), Skip()).select(), "Skip")

    def test_timer(self):
        timer = Timer()
        timer.set_alarm(0.01)
        self.assertIsInstance(timer, Guard)
        self.assertIsNone(Alt(Channel(), timer).select())
        self.assertEqual(timer.remaining, 0.0)

    def test_poison_of_what_was_selected(self):
        one, other = Channel(2), Channel(2)
        put(one, 1)
        alternatives = Alt(one, other)
        self.assertEqual(alternatives.pri_select(), 1)
        self.assertIs(alternatives.last_selected, one)
        alternatives.poison()
        with self.assertRaises(ChannelPoison):
            one.read()
        put(other, 2, 3)
        self.assertEqual([alternatives.fair_select(), alternatives.select()], [2, 3])
        alternatives.poison()
        for select in (alternatives.select, alternatives.pri_select, alternatives.fair_select):
            with self.assertRaises(NoGuardInAlt):
                select()


class Builtins(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_commstime(self):
        a, b, c, d = (Channel() for _ in range(4))
        network = Par(Prefix(c, a, prefix_item=0), Delta2(a, b, d), Succ(b, c), consume(d, 5))
        self.assertEqual(network.start()[3], [0, 1, 2, 3, 4])

    def test_operators(self):
        a, b, c = (Channel() for _ in range(3))
        network = Par(Fibonacci(a), Generate(b), Multiply(a, b, c), consume(c, 5))
        self.assertEqual(network.start()[3], [0, 1, 4, 9, 20])
        a, b, c = (Channel() for _ in range(3))
        network = Par(squares(a), Generate(b), Plus(a, b, c), consume(c, 4))
        self.assertEqual(network.start()[3], [0, 2, 6, 12])

    def test_a_generator_ends(self):
        chan = Channel(4)
        Par(three(chan)).start()
        self.assertEqual(logged(chan), [0, 1, 2])

    def test_all_of_them_are_documented_processes(self):
        from multicore.csp import builtins

        for name in builtins.__all__:
            definition = getattr(builtins, name)
            self.assertTrue(definition.__doc__.startswith(("Write", "Print", "Read")), name)
            self.assertIsInstance(definition(Channel(), Channel(), 0), csp.Process)

    def test_every_name_is_reachable(self):
        from multicore.csp import builtins, guards

        for module in (csp, builtins, guards):
            for name in module.__all__:
                self.assertIsNotNone(getattr(module, name), name)
        self.assertEqual(par(send_receive(1)).run(), [[1]])


@forever
def three(chan):
    for number in range(3):
        chan.write(number)
        yield


@process
def passes_on(source, sink):
    while True:
        sink.write(source.read())


@process
def poisons_for(channel, reason):
    channel.poison(reason)


def adds(number):
    @process
    def add(source, sink):
        sink.write(source.read() + number)

    return add


@process
def takes(count, *chans):
    return sorted(count * Alt(*chans))


class Networks(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_compositions_of_compositions_that_talk(self):
        a, b = Channel(), Channel()
        inner = Seq(send(a, 1), send(b, 2))
        results = Par(inner, Par(receive(a, 1), receive(b, 1))).start()
        self.assertEqual(results, [[None, None], [[1], [2]]])

    def test_poison_spreads_with_its_reason(self):
        a, b = Channel(), Channel()
        Par(poisons_for(a, "enough"), passes_on(a, b), passes_on(b, Channel())).start()
        with self.assertRaisesRegex(ChannelPoison, "enough"):
            b.read()

    def test_a_process_made_with_a_number(self):
        a, b = Channel(), Channel()
        self.assertEqual(Par(send(a, 1), adds(41)(a, b), receive(b, 1)).start()[2], [42])

    def test_a_choice_of_three(self):
        a, b, c = Channel(), Channel(), Channel()
        whole = Par(takes(3, a, b, c), send(a, 1), send(b, 2), send(c, 3))
        self.assertEqual(whole.start()[0], [1, 2, 3])

    def test_a_barrier_can_be_joined_and_left(self):
        barrier = Barrier()
        barrier.enrol()
        barrier.synchronise()
        barrier.enrol()
        barrier.retire()
        barrier.wait()
        self.assertEqual(barrier.participants, 1)
