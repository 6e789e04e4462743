"""`multicore.csp`, from inside: supervision."""

import time
import unittest

from csp_processes import fails, source, waits
from multicore import csp, interpreters


@csp.process
def picky(numbers, sink):
    for number in numbers:
        if number == 2:
            raise ValueError("two")
        sink.send(number)


@csp.process
def gathered(numbers):
    return list(numbers)


@csp.process
def hangs(beat, tries):
    beat()
    tries.send(None)
    if tries.stats()["sent"] < 2:
        time.sleep(60)


@csp.process
def notes(name, log, gate):
    log.send(name)
    gate.recv()
    if name == "b" and log.stats()["sent"] < 4:
        raise ValueError("b")


@csp.process
def slow_to_end(source, sink):
    try:
        source.recv()
    finally:
        sink.send("drained")


@csp.process
def kills_itself(tries):
    tries.send(None)
    if tries.stats()["sent"] < 2:
        interpreters.get_current().interrupt()
        time.sleep(5)


@csp.process
def composes(gate, tries):
    tries.send(None)
    if tries.stats()["sent"] < 2:
        csp.par(waits(gate)).run()
    gate.recv()


@csp.process
def gives_after_two(tries, gate):
    tries.recv()
    tries.recv()
    gate.send(None)


@csp.process
def poisons(end):
    csp.poison(end, reason="enough")
    return "poisoned it"


@csp.process
def leads(log, gates, again):
    first = {log.recv() for _ in range(3)}
    assert first == {"a", "b", "c"}
    gates[1].send(None)
    second = [log.recv() for _ in range(again)]
    for gate in gates:
        gate.send(None)
    return second


class Supervision(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_what_was_accepted_survives(self):
        a, b = csp.Channel(8), csp.Channel(8)
        exits = []
        results = csp.network("survives").run(
            csp.par(
                source(a.sender, 5),
                csp.supervise([picky(a.receiver, b.sender)], on_exit=exits.append),
                gathered(b.receiver),
            )
        )
        self.assertEqual(results[2], [0, 1, 3, 4])
        self.assertEqual([each.reason for each in exits], ["error", "normal"])

    def test_intensity_and_back_off(self):
        backoff = csp.Backoff(0.01, factor=2)
        with self.assertRaises(csp.SupervisionError) as caught:
            csp.supervise([fails()], max_restarts=2, within=9, backoff=backoff, name="top").run()
        self.assertEqual(len(caught.exception.exits), 3)
        self.assertRegex(
            str(caught.exception), "^top gave up: 3 failures within 9 s, last of fails"
        )

    def test_trees(self):
        exits = []
        inner = csp.supervise([fails], max_restarts=0, name="inner")
        with self.assertRaises(csp.SupervisionError):
            csp.supervise(
                [csp.Child(inner)], max_restarts=1, name="outer", on_exit=exits.append
            ).run()
        self.assertEqual([each.process for each in exits], ["inner", "inner"])
        self.assertIsInstance(exits[0].error, csp.SupervisionError)

    def test_a_hang_is_an_exit(self):
        beat, tries, exits = csp.heartbeat(0.4), csp.Channel(None), []
        child = csp.Child(hangs(beat, tries.sender), heartbeat=beat)
        csp.supervise([child], on_exit=exits.append).run()
        self.assertEqual([each.reason for each in exits], ["hang", "normal"])

    def test_a_timeout_is_an_exit(self):
        exits = []
        child = csp.Child(csp.python(time.sleep, (60,)), timeout=0.1, restart="temporary")
        csp.supervise([child], on_exit=exits.append).run()
        self.assertEqual([each.reason for each in exits], ["timeout"])

    def test_an_interrupted_interpreter_is_an_exit(self):
        tries, exits = csp.Channel(None), []
        csp.supervise([kills_itself(tries.sender)], on_exit=exits.append).run()
        self.assertEqual([each.reason for each in exits], ["killed", "normal"])

    def test_strategies(self):
        for strategy, again in (
            ("one-for-one", ["b"]),
            ("rest-for-one", ["b", "c"]),
            ("one-for-all", ["a", "b", "c"]),
        ):
            log, gates = csp.Channel(None), {name: csp.Channel(9) for name in "abc"}
            children = [
                csp.Child(
                    lambda name=name, gate=gate, log=log: notes(
                        name, log.sender.clone(), gate.receiver.clone()
                    )
                )
                for name, gate in gates.items()
            ]
            whole = csp.supervise(children, strategy=strategy)
            with self.subTest(strategy):
                result = csp.par(
                    whole, leads(log.receiver, [gates[n].sender for n in "abc"], len(again))
                )
                self.assertEqual(sorted(result.run()[1]), again)

    def test_drain(self):
        a, b = csp.Channel(), csp.Channel(1)
        keep = b.receiver.clone()
        child = csp.Child(
            slow_to_end(a.receiver, b.sender), drain=0.05, restart="temporary", timeout=0.1
        )
        csp.supervise([child], kill=1).run()
        self.assertEqual(list(keep), ["drained"])

    def test_what_a_supervised_process_composes_spares_its_channels(self):
        gate, tries, exits = csp.Channel(1), csp.Channel(4), []
        child = csp.Child(composes(gate.receiver, tries.sender), timeout=0.4)
        csp.par(
            csp.supervise([child], on_exit=exits.append),
            gives_after_two(tries.receiver, gate.sender),
        ).run()
        self.assertEqual([each.reason for each in exits], ["timeout", "normal"])

    def test_monitors_and_links(self):
        exits = []
        a = csp.Channel()
        bond = csp.link()
        with self.assertRaises(csp.ParallelError) as caught:
            csp.par(
                csp.monitor(bond(waits(a.receiver)), exits.append),
                csp.supervise([bond(fails())], max_restarts=0),
            ).run()
        self.assertEqual(len(exits), 1)
        self.assertIn(exits[0].reason, ("error", "poisoned", "stopped", "killed"))
        self.assertIsInstance(caught.exception, csp.ParallelError)

    def test_poison_ends_a_supervisor_without_a_failure(self):
        a = csp.Channel()
        results = csp.par(csp.supervise([waits(a.receiver)]), poisons(a.sender)).run()
        self.assertEqual(results, [None, "poisoned it"])

    def test_what_is_refused(self):
        for options in ({"strategy": "none"}, {"max_restarts": -1}, {"backoff": -1.0}):
            with self.assertRaises(ValueError):
                csp.supervise([], **options)
        with self.assertRaises(ValueError):
            csp.Child(fails(), kill=-1)
        with self.assertRaises(ValueError):
            csp.heartbeat(0)
