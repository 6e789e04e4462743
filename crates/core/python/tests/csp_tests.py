"""`multicore.csp`, from inside: processes and their composition, channels, choice, barriers."""

import time
import unittest
import warnings

from multicore import channels, csp


@csp.process
def numbers(sink, count=None):
    number = 0
    while count is None or number < count:
        sink.send(number)
        number += 1


@csp.process
def doubler(source, sink):
    for number in source:
        sink.send(2 * number)


@csp.process
def collected(source):
    return list(source)


@csp.process
def first(source, count):
    return [source.recv() for _ in range(count)]


@csp.process
def broken(sink, message="broken"):
    sink.send(1)
    raise ValueError(message)


@csp.process
def busy():
    while True:
        pass


@csp.process
def careless(source):
    try:
        list(source)
    except channels.ChannelPoisonedError:
        raise KeyError("while stopping") from None


@csp.process
def meets(barrier, rounds):
    for _ in range(rounds):
        barrier.sync()
    return rounds


@csp.process
def give(value):
    return value


@csp.process
def nested(count):
    a, b = csp.Channel(), csp.Channel()
    inner = csp.par(numbers(a.sender, count), doubler(a.receiver, b.sender), collected(b.receiver))
    return inner.run()[2]


@csp.forever
def echo(source, sink):
    sink.send(source.recv())


def once(source, sink):
    sink.send(source.recv())


@csp.process
def ends_it(source, reason):
    source.recv()
    csp.poison(source, reason=reason)
    return "done"


def square_all(source, sink, _index):
    return csp.python(squares, (source, sink))


def squares(source, sink):
    for number in source:
        time.sleep(0.002 * (number % 3))
        sink.send(number * number)


@csp.process(isolated=False)
def here(value):
    return value


class Composition(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_a_network_ends_by_itself(self):
        a, b = csp.Channel(), csp.Channel()
        results = csp.par(
            numbers(a.sender, 4), doubler(a.receiver, b.sender), collected(b.receiver)
        ).run()
        self.assertEqual(results, [None, None, [0, 2, 4, 6]])
        self.assertTrue(a.sender.is_left)

    def test_a_clone_keeps_an_end(self):
        a = csp.Channel(1)
        csp.par(numbers(a.sender.clone(), 1)).run()
        self.assertFalse(a.sender.is_left)
        self.assertEqual(a.receiver.recv(), 0)
        with self.assertRaises(TimeoutError):
            a.receiver.recv(timeout=0)

    def test_operators(self):
        self.assertEqual((give(1) // give(2) // give(3)).run(), [1, 2, 3])
        self.assertEqual((give(1) > give(2)).run(), [1, 2])
        self.assertEqual(give(7).run(), 7)
        self.assertEqual(csp.Par(give(1), csp.Seq(give(2))).start(), [1, [2]])

    def test_nothing_runs_before_run_and_that_is_said(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            csp.par(give(1))
        self.assertIn("never run", str(caught[0].message))

    def test_nested_to_any_depth(self):
        deep = csp.par(csp.seq(give(1), csp.par(give(2), csp.seq(give(3)))), here(4))
        self.assertEqual(deep.run(), [[1, [2, [3]]], 4])
        self.assertEqual(csp.par(nested(3), nested(2)).run(), [[0, 2, 4], [0, 2]])

    def test_the_kinds_of_python(self):
        a = csp.Channel()
        path = csp.python("operator:add", (1, 2))
        text = csp.source("for n in range(3): out.send(n)", out=a.sender)
        self.assertEqual(csp.par(path, text, collected(a.receiver)).run(), [3, None, [0, 1, 2]])
        # The next one in that interpreter finds nothing of it.
        free = csp.source("assert 'out' not in globals(), 'unclean'")
        self.assertEqual(csp.seq(free, free).run(), [None, None])
        with self.assertRaises(ValueError):
            csp.python("operator")

    def test_a_failure_poisons_the_others_and_names_who_failed(self):
        a, b = csp.Channel(), csp.Channel()
        with self.assertRaises(csp.ParallelError) as caught:
            csp.par(broken(a.sender), doubler(a.receiver, b.sender), careless(b.receiver)).run()
        error = caught.exception
        self.assertEqual([each.process for each in error.failures], ["broken", "careless"])
        self.assertEqual(error.stopped, ("doubler",))
        self.assertIsInstance(error.exceptions[0], ValueError)
        self.assertIsInstance(error.exceptions[1], KeyError)
        self.assertIn("broken: ValueError: broken", str(error))
        with self.assertRaises(ValueError):
            try:
                raise error
            except* KeyError:
                pass
            except* ValueError as group:
                raise group.exceptions[0] from None

    def test_what_does_not_listen_is_interrupted(self):
        a = csp.Channel(1)
        with self.assertRaises(csp.ParallelError) as caught:
            csp.par(busy(), broken(a.sender)).run()
        self.assertEqual(caught.exception.stopped, ("busy",))

    def test_a_timeout(self):
        with self.assertRaises(csp.ProcessTimeoutError):
            csp.python(busy, timeout=0.05).run()

    def test_a_nested_failure_stops_the_outer(self):
        a, b = csp.Channel(), csp.Channel(1)
        with self.assertRaises(csp.ParallelError) as caught:
            csp.par(csp.seq(csp.par(broken(b.sender))), collected(a.receiver)).run()
        self.assertIsInstance(caught.exception.exceptions[0], csp.ParallelError)
        self.assertEqual(caught.exception.stopped, ("collected",))

    def test_seq_stops_at_the_first_failure(self):
        a, b = csp.Channel(4), csp.Channel(4)
        with self.assertRaisesRegex(ValueError, "broken"):
            csp.seq(broken(a.sender), numbers(b.sender, 1)).run()
        self.assertEqual(b.receiver.stats()["sent"], 0)
        self.assertTrue(b.receiver.is_closed)

    def test_poison_travels_and_is_no_failure(self):
        a, b = csp.Channel(), csp.Channel()
        results = csp.par(
            numbers(a.sender), doubler(a.receiver, b.sender), ends_it(b.receiver, "enough")
        ).run()
        self.assertEqual(results, [None, None, "done"])
        self.assertEqual(a.sender.is_left, True)

    def test_repeat_and_forever(self):
        a, b = csp.Channel(4), csp.Channel(4)
        for number in range(4):
            a.write(number)
        keep = csp.python(once, (a.receiver.clone(), b.sender.clone()))
        csp.repeat(2, keep).run()
        self.assertEqual([b.read(), b.read()], [0, 1])
        a.close()
        csp.forever(csp.python(once, (a.receiver.clone(), b.sender.clone()))).run()
        self.assertEqual([b.read(), b.read()], [2, 3])

    def test_the_decorator_forever(self):
        a, b = csp.Channel(), csp.Channel()
        whole = csp.par(numbers(a.sender, 3), echo(a.receiver, b.sender), collected(b.receiver))
        self.assertEqual(whole.run()[2], [0, 1, 2])

    def test_pipelines_and_farms(self):
        self.assertEqual(
            csp.pipeline(lambda out: numbers(out, 3), doubler, collected).run()[2], [0, 2, 4]
        )
        for ordered in (False, True):
            a, b = csp.Channel(), csp.Channel()
            results = csp.par(
                numbers(a.sender, 9),
                csp.farm(square_all, 2, a.receiver, b.sender, ordered=ordered, in_flight=3),
                collected(b.receiver),
            ).run()[2]
            wanted = [number * number for number in range(9)]
            self.assertEqual(results if ordered else sorted(results), wanted)
        with self.assertRaises(ValueError):
            csp.farm(square_all, 0, a.receiver, b.sender)
        self.assertEqual(csp.replicate(3, give).run(), [0, 1, 2])
        self.assertEqual(csp.replicate(2, give).map(sum).run(), 1)

    def test_what_is_no_process(self):
        with self.assertRaises(TypeError):
            csp.par(give)
        with self.assertRaises(TypeError):
            csp.host(len, "x")


class Choice(unittest.TestCase):
    def test_alt(self):
        a, b = csp.Channel(1), csp.Channel(1)
        self.assertEqual(csp.alt(a, csp.skip), (1, None))
        self.assertEqual(csp.alt(item=a, tick=csp.after(0.01)), ("tick", None))
        b.write(5)
        self.assertEqual(csp.alt(item=a, other=b, tick=csp.after(9)), ("other", 5))
        self.assertEqual(csp.alt(out=(b.sender, 6), wait=csp.after(9)), ("out", None))
        self.assertEqual(csp.alt(closed=csp.when(None, b), nothing=csp.skip), ("nothing", None))
        with self.assertRaises(ValueError):
            csp.alt(csp.when(0, b))
        with self.assertRaises(TypeError):
            csp.alt(b.sender)
        b.close()
        self.assertEqual(csp.alt(x=a, y=b)[1], 6)
        with self.assertRaises(csp.ChannelClosedError) as caught:
            csp.alt(x=a, y=b)
        self.assertEqual(caught.exception.guard, "y")

    def test_priority(self):
        a, b = csp.Channel(8), csp.Channel(8)
        for number in range(8):
            a.write(number)
            b.write(number)
        self.assertEqual([csp.alt(b, a, fair=False) for _ in range(3)], [(0, 0), (0, 1), (0, 2)])

    def test_fair_over_time(self):
        loud, quiet = csp.Channel(100), csp.Channel(100)
        for number in range(50):
            loud.write(number)
        for number in range(50):
            quiet.write(number)
        rounds = csp.alternate(loud=loud, quiet=quiet, tick=csp.every(0.000_001))
        heard = [rounds.next()[0] for _ in range(30)]
        # Whatever stays ready comes within as many rounds as there are guards.
        for place in range(0, 30, 3):
            self.assertEqual(set(heard[place : place + 3]), {"loud", "quiet", "tick"})

    def test_alternate_ends_with_its_channels(self):
        a, b = csp.Channel(4), csp.Channel(4)
        a.write(1)
        b.write(2)
        a.close()
        b.close()
        events = list(csp.alternate({"a": a, "b": lambda: b, "tick": csp.every(9)}))
        self.assertEqual(sorted(events), [("a", 1), ("b", 2)])

    def test_python_csp(self):
        a, b = csp.Channel(4), csp.Channel(4)
        a.write("a")
        b.write("b")
        either = csp.Alt(a, b)
        self.assertEqual([either.fair_select(), either.fair_select()], ["a", "b"])
        a.write("c")
        self.assertEqual(either.pri_select(), "c")
        b.write("d")
        self.assertEqual(either.select(), "d")

    def test_times(self):
        deadline = csp.at(time.time() + 0.02)
        self.assertEqual(csp.alt(late=deadline), ("late", None))
        self.assertEqual(deadline.remaining, 0.0)
        ticks = csp.every(0.005)
        self.assertEqual(csp.alt(tick=ticks), ("tick", 1))
        time.sleep(0.012)
        number = next(ticks)
        self.assertGreaterEqual(number, 2)
        self.assertGreater(next(ticks), number)
        with self.assertRaises(ValueError):
            csp.every(0)

    def test_buffers(self):
        kinds = (csp.blocking(2), csp.dropping(2), csp.sliding(2))
        for each in kinds:
            for number in range(3):
                each.sender.try_send(number)
            each.close()
        self.assertEqual([list(each) for each in kinds], [[0, 1], [0, 1], [1, 2]])

    def test_retire(self):
        a = csp.Channel(4)
        other = a.sender.clone()
        a.write(1)
        csp.retire(a.sender)
        with self.assertRaises(csp.ChannelClosedError):
            a.write(2)
        other.send(3)
        csp.retire(other)
        self.assertEqual(list(a), [1, 3])

    def test_an_end_that_was_left(self):
        a = csp.Channel(1)
        a.sender.leave()
        a.sender.leave()
        a.sender.close()
        a.sender.poison()
        for use in (a.sender.clone, a.sender.stats, lambda: channels.select([(a.sender, 1)])):
            with self.assertRaises(csp.ChannelClosedError):
                use()
        self.assertEqual(a.sender.id, a.receiver.id)


class Barriers(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_rounds(self):
        barrier = csp.Barrier(3)
        self.assertEqual(csp.par(*(meets(barrier, 5) for _ in range(3))).run(), [5, 5, 5])

    def test_enrol_and_resign(self):
        barrier = csp.Barrier(1)
        self.assertEqual(barrier.count(), (1, 0))
        barrier.sync()
        barrier.enrol(2)
        barrier.resign()
        self.assertEqual(barrier.parties, 2)
        with self.assertRaises(ValueError):
            barrier.enrol(0)

    def test_a_party_that_turns_away_does_not_meet(self):
        barrier = csp.Barrier(2)
        self.assertEqual(csp.alt(meet=barrier, late=csp.after(0.01)), ("late", None))
        self.assertEqual(barrier.count(), (2, 0))

    def test_resigning_lets_the_others_go(self):
        barrier = csp.Barrier(3)
        process = csp.par(waits_twice(barrier), waits_then_resigns(barrier), meets(barrier, 2))
        self.assertEqual(process.run(), ["met", "met", 2])

    def test_poison(self):
        barrier = csp.Barrier(2)
        barrier.poison("no more")
        with self.assertRaisesRegex(csp.ChannelPoisonedError, "no more"):
            barrier.sync()


@csp.process
def waits_twice(barrier):
    barrier.sync()
    return csp.alt(met=barrier, late=csp.after(20))[0]


@csp.process
def waits_then_resigns(barrier):
    which = csp.alt(met=barrier)[0]
    barrier.resign()
    return which


class PythonCsp(unittest.TestCase):
    """What programs for python-csp rely on."""

    def tearDown(self):
        csp.close_idle_interpreters()

    def test_channels_stay_the_programs(self):
        c = csp.Channel(8, name="c")
        csp.par(numbers(c, 2)).run()
        csp.par(numbers(c, 1)).run()
        self.assertEqual([c.read(), c.read(), c.read()], [0, 1, 0])
        self.assertEqual(c.name, "c")
        self.assertIs(csp.FileChannel, csp.Channel)

    def test_operators_run_at_once(self):
        c = csp.Channel(9)
        first, second, third = (tells(c, word) for word in "abc")
        first > second > third  # noqa: B015
        self.assertEqual([c.read() for _ in range(3)], ["a", "b", "c"])
        self.assertEqual(2 * give(1), [1, 1])
        self.assertEqual(give(1) // (give(2), give(3)), [1, 2, 3])
        both = give(1) // give(2)
        self.assertEqual((len(both), both[0] in both, both.start()), (2, True, [1, 2]))

    def test_alternatives(self):
        a, b = csp.Channel(4), csp.Channel(4)
        for word in "xyz":
            a.write(word)
        self.assertEqual(a | b, "x")
        either = csp.Alt(a, b)
        self.assertEqual(list(either * 2), ["y", "z"])
        either.poison()
        with self.assertRaises(csp.ChannelPoison):
            a.read()
        self.assertEqual(csp.Alt(csp.Skip(), b).pri_select(), "Skip")
        with self.assertRaises(csp.NoGuardInAlt):
            csp.Alt().select()

    def test_with(self):
        collected_ = csp.CSP()
        with collected_.par():
            collected_.process(give, 1)
            with collected_.seq():
                collected_.process(give, 2)
                collected_.process(len, "abc")
        self.assertEqual(collected_.start(), [[1, [2, 3]]])

    def test_methods_and_names(self):
        self.assertEqual(Adder(2).add(3).run(), 5)
        self.assertEqual(csp.CSPProcess(len, "ab").run(), 2)
        csp.set_debug(True)
        barrier = csp.Barrier()
        barrier.reset(2)
        barrier.retire()
        barrier.synchronise()
        self.assertEqual(barrier.participants, 1)

    def test_plug_and_play(self):
        from multicore.csp import builtins

        a, b, c = (csp.Channel() for _ in range(3))
        network = csp.par(builtins.Generate(a), builtins.Succ(a, b), takes(b, 3))
        self.assertEqual(network.run()[2], [1, 2, 3])
        a, b = csp.Channel(), csp.Channel()
        network = csp.par(builtins.Fibonacci(a), builtins.Zeroes(b), builtins.Plus(a, b, c))
        self.assertEqual(csp.par(network, takes(c, 4)).run()[1], [1, 1, 2, 3])


@csp.process
def tells(channel, word):
    channel.write(word)


@csp.process
def takes(channel, count):
    found = [channel.read() for _ in range(count)]
    channel.poison()
    return found


class Adder:
    def __init__(self, number):
        self.number = number

    @csp.process
    def add(self, other):
        return self.number + other
