"""`multicore.csp`, from inside: named networks, deadlocks, recordings, nesting."""

import json
import tempfile
import threading
import time
import unittest
from pathlib import Path

from csp_processes import fails, source, waits
from multicore import csp


@csp.process
def polite(ears, mouth):
    ears.recv()
    mouth.send("after you")


@csp.process
def patient(ears):
    try:
        ears.recv(timeout=0.6)
    except TimeoutError:
        return "gave up"


@csp.process
def sleeper(sink):
    time.sleep(0.7)
    sink.send("awake")


@csp.process
def listener(source):
    return source.recv()


@csp.process
def at_barrier(barrier):
    barrier.sync()


@csp.process
def slow_source(sink, count):
    for number in range(count):
        time.sleep(0.01)
        sink.send(number)


@csp.process
def total(numbers):
    return sum(numbers)


@csp.process
def opens(gate):
    time.sleep(0.8)
    gate.send(None)


@csp.process
def nests(ears, mouth):
    csp.par(csp.python(polite, (ears, mouth), name="inner")).run()


@csp.process
def nests_network(ears, mouth):
    csp.network("below").run(csp.par(csp.python(polite, (ears, mouth), name="inner")))


@csp.process
def nests_listener(source):
    csp.par(csp.python(listener, (source,), name="inner")).run()


@csp.process
def nests_slow(sink):
    csp.par(sleeper(sink)).run()


class Networks(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()
        self.assertEqual(csp.networks(), [])

    def test_a_deadlock_is_reported_with_everything(self):
        to_alice, to_bob = csp.Channel(name="to Alice"), csp.Channel(name="to Bob")
        alice = csp.python(polite, (to_alice.receiver, to_bob.sender), name="Alice")
        bob = csp.python(polite, (to_bob.receiver, to_alice.sender), name="Bob")
        with self.assertRaises(csp.DeadlockError) as caught:
            csp.network("manners").run(csp.par(alice, bob))
        error = caught.exception
        told = [
            (each.process, each.operation, each.channels, each.waits_for) for each in error.blocked
        ]
        self.assertEqual(
            sorted(told),
            [
                ("Alice", "receive", ("to Alice",), ("Bob",)),
                ("Bob", "receive", ("to Bob",), ("Alice",)),
            ],
        )
        line = polite.__process__.__code__.co_firstlineno + 2
        for each in error.blocked:
            self.assertIn(f"csp_networks_tests.py:{line}:polite", each.where)
        self.assertIn("Alice waits to receive from to Alice", str(error))

    def test_a_deadlock_at_a_barrier(self):
        barrier = csp.Barrier(3, name="step")
        with self.assertRaises(csp.DeadlockError) as caught:
            csp.network("barrier").run(csp.par(at_barrier(barrier), at_barrier(barrier)))
        blocked = caught.exception.blocked
        self.assertEqual([each.operation for each in blocked], ["sync", "sync"])
        self.assertEqual(blocked[0].channels, ("step",))

    def test_no_false_alarm(self):
        a, b = csp.Channel(), csp.Channel()
        # A timer, and work without channels.
        both = csp.par(
            patient(a.receiver), sleeper(b.sender), listener(b.receiver), waits(a.sender)
        )
        with self.assertRaises(csp.ParallelError):
            csp.network("bad").run(both)
        a, b = csp.Channel(), csp.Channel()
        good = csp.par(patient(a.receiver), sleeper(b.sender), listener(b.receiver))
        keep = a.sender
        results = csp.network("good").run(good)
        self.assertEqual(results, ["gave up", None, "awake"])
        keep.leave()

    def test_what_can_be_seen(self):
        numbers, gate = csp.Channel(4, name="numbers"), csp.Channel(name="gate")
        net = csp.network("seen")
        seen = []
        net.observe(lambda net: seen.append((net.snapshot(), net.to_dot(), net.to_mermaid())), 0.05)
        whole = csp.par(
            csp.python(source, (numbers.sender, 3, gate.receiver), name="source"),
            csp.python(total, (numbers.receiver,), name="sum"),
            opens(gate.sender),
        )
        with net.record(interval=0.02) as recording:
            self.assertEqual(net.run(whole), [None, 3, None])
        snapshot, dot, mermaid = next(
            each
            for each in seen
            if [process.state for process in each[0].processes[:2]] == ["waiting", "waiting"]
            and each[0].processes[1].waits[0].operation == "receive"
            and any(channel.stats["received"] == 3 for channel in each[0].channels)
        )
        first, second = snapshot.processes[:2]
        self.assertEqual((first.name, first.waits[0].operation), ("source", "receive"))
        self.assertEqual(second.name, "sum")
        self.assertEqual(second.language, "python")
        self.assertGreater(second.cpu, 0)
        channel = next(each for each in snapshot.channels if each.name == "numbers")
        self.assertEqual(channel.stats["received"], 3)
        self.assertEqual(channel.sending_processes, (first.id,))
        self.assertEqual(channel.receiving_processes, (second.id,))
        self.assertIn(f'p{first.id} -> p{second.id} [label="numbers 0/4', dot)
        self.assertIn(f'p{first.id} -- "numbers 0/4', mermaid)
        kinds = {event["ph"] for event in recording.events}
        self.assertLessEqual({"M", "B", "E", "C", "X"}, kinds)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trace.json"
            recording.save(str(path))
            self.assertIn("traceEvents", json.loads(path.read_text()))
        done = net.snapshot().processes
        self.assertEqual({each.state for each in done}, {"done"})

    def test_a_recording_has_every_wait(self):
        numbers = csp.Channel(name="numbers")
        net = csp.network("exact")
        with net.record(interval=60) as recording:
            whole = csp.par(
                slow_source(numbers.sender, 5),
                csp.python(total, (numbers.receiver,), name="sum"),
            )
            self.assertEqual(net.run(whole), [None, 10])
        row = next(e for e in recording.events if e["ph"] == "B" and e["name"] == "sum")
        waits = [e for e in recording.events if e["ph"] == "X" and e["tid"] == row["tid"]]
        # Five messages, but for those that were there already, and the end. Sampling shows one.
        self.assertIn(len(waits), range(2, 7))
        for each in waits:
            self.assertEqual(each["name"], "receive")
            self.assertGreater(each["dur"], 0)
            self.assertGreaterEqual(each["ts"] + 1000, row["ts"])
            self.assertIn(":total", each["args"]["where"])

    def test_names_are_unique_and_networks_nest(self):
        net = csp.network("outer")
        inner = csp.network("inner").of(csp.par(fails()))
        with self.assertRaises(csp.ParallelError) as caught:
            net.run(csp.par(inner))
        self.assertIn("inner(", caught.exception.failures[0].process)

    def test_a_deadlock_in_an_inner_network_is_its_failure(self):
        a, b = csp.Channel(name="a"), csp.Channel(name="b")
        stuck = csp.par(polite(a.receiver, b.sender), polite(b.receiver, a.sender))
        with self.assertRaises(csp.ParallelError) as caught:
            csp.network("around").run(csp.par(csp.network("stuck").of(stuck)))
        self.assertIsInstance(caught.exception.exceptions[0], csp.DeadlockError)


class Nested(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()
        self.assertEqual(csp.networks(), [])

    def deadlock(self, *processes):
        with self.assertRaises(csp.DeadlockError) as caught:
            csp.network("nest").run(csp.par(*processes))
        return [(each.process, each.channels, each.waits_for) for each in caught.exception.blocked]

    def test_processes_that_are_threads(self):
        x, y = csp.Channel(name="x"), csp.Channel(name="y")
        told = self.deadlock(
            csp.python(polite, (x.receiver, y.sender), name="one", isolated=False),
            csp.python(polite, (y.receiver, x.sender), name="two", isolated=False),
        )
        self.assertEqual(told, [("one", ("x",), ("two",)), ("two", ("y",), ("one",))])

    def test_a_thread_and_an_interpreter(self):
        x, y = csp.Channel(name="x"), csp.Channel(name="y")
        told = self.deadlock(
            csp.python(polite, (x.receiver, y.sender), name="one", isolated=False),
            csp.python(polite, (y.receiver, x.sender), name="two"),
        )
        self.assertEqual(told, [("one", ("x",), ("two",)), ("two", ("y",), ("one",))])

    def test_no_alarm_while_a_thread_has_an_end(self):
        x = csp.Channel(name="x")
        beside = x.sender.clone()

        def late():
            time.sleep(0.9)
            beside.send("late")
            beside.leave()

        thread = threading.Thread(target=late)
        thread.start()
        waiting = csp.python(listener, (x.receiver,), isolated=False)
        self.assertEqual(csp.network("late").run(csp.par(waiting)), ["late"])
        thread.join()

    def test_a_cycle_through_a_composition_below(self):
        for name, how in (("par", nests), ("network", nests_network)):
            x, y = csp.Channel(name="x"), csp.Channel(name="y")
            with self.subTest(name):
                told = self.deadlock(
                    csp.python(polite, (x.receiver, y.sender), name="outer"),
                    how(y.receiver, x.sender),
                )
                self.assertEqual(
                    told, [("outer", ("x",), ("inner",)), ("inner", ("y",), ("outer",))]
                )

    def test_a_cycle_through_a_network_that_is_a_part(self):
        x, y = csp.Channel(name="x"), csp.Channel(name="y")
        part = csp.network("part").of(
            csp.par(csp.python(polite, (y.receiver, x.sender), name="inner"))
        )
        told = self.deadlock(csp.python(polite, (x.receiver, y.sender), name="outer"), part)
        self.assertEqual(told, [("outer", ("x",), ("inner",)), ("inner", ("y",), ("outer",))])

    def test_a_snapshot_shows_them(self):
        gate, seen = csp.Channel(name="gate"), []
        net = csp.network("above")
        net.observe(lambda net: seen.append((net.snapshot(), net.to_mermaid())), 0.02)
        part = csp.network("part").of(csp.par(csp.python(sleeper, (gate.sender,), name="part")))
        net.run(csp.par(nests_listener(gate.receiver), part))
        snapshot, picture = next(
            each for each in seen if any(known.parent is not None for known in each[0].processes)
        )
        by_name = {each.name: each for each in snapshot.processes}
        inner, runs = by_name["inner"], by_name["nests_listener"]
        self.assertEqual((inner.parent, inner.restarts, inner.language), (runs.id, 0, "python"))
        self.assertNotEqual(inner.interpreter, runs.interpreter)
        self.assertIn(inner.state, ("starting", "running", "waiting"))
        self.assertEqual(by_name["part"].parent, None)
        self.assertIn("inner", picture)
        waiting = [
            known
            for each, _ in seen
            for known in each.processes
            if known.name == "inner" and known.waits
        ]
        self.assertEqual(waiting[0].waits[0].operation, "receive")
        self.assertGreater(waiting[-1].cpu, 0)

    def test_no_alarm_while_something_below_works(self):
        x = csp.Channel(name="x")
        results = csp.network("busy").run(csp.par(listener(x.receiver), nests_slow(x.sender)))
        self.assertEqual(results[0], "awake")
        x = csp.Channel(name="x")
        part = csp.network("slow").of(csp.par(sleeper(x.sender)))
        results = csp.network("busy").run(csp.par(listener(x.receiver), part))
        self.assertEqual(results[0], "awake")
