"""`multicore.csp`, from inside: networks that are interrupted and killed end, and leave nothing."""

import gc
import random
import time
import unittest

from multicore import channels, csp, interpreters


@csp.process
def source(sink):
    number = 0
    while True:
        sink.send(number)
        number += 1


@csp.process
def worker(numbers, results):
    for number in numbers:
        results.send(number * number)


@csp.process
def sink(results, count):
    for _ in range(count):
        results.recv()


@csp.process
def fault(kind, seed, ends):
    chance = random.Random(seed)
    time.sleep(chance.random() * 0.03)
    others = [each for each in interpreters.list_all() if each.whence == "multicore.interpreters"]
    own = interpreters.get_current()
    others = [each for each in others if each != own and each.is_running()]
    if kind == "raise":
        raise ValueError("injected")
    if kind == "poison":
        csp.poison(chance.choice(ends), reason="injected")
    elif kind == "close":
        chance.choice(ends).close()
    elif others and kind == "interrupt":
        chance.choice(others).interrupt()
    elif others and kind == "kill":
        chance.choice(others)._close(0.0)


class Faults(unittest.TestCase):
    def test_whatever_happens_it_ends(self):
        before = len(channels.list_all())
        chance = random.Random(2024)
        for run in range(40):
            kind = chance.choice(["raise", "poison", "close", "interrupt", "kill", "none"])
            with self.subTest(run=run, kind=kind):
                self.assertIn(self._run(kind, chance.random()), ("done", "failed"))
                self.assertEqual(csp.networks(), [])
                for receiver, sender in channels.list_all():
                    stats = (receiver or sender).stats()
                    self.assertEqual(stats["waiting_senders"], 0)
                    self.assertEqual(stats["waiting_receivers"], 0)
        csp.close_idle_interpreters()
        gc.collect()
        self.assertEqual(csp_interpreters(), [])
        self.assertEqual(len(channels.list_all()), before)

    def _run(self, kind, seed):
        a, b = csp.Channel(), csp.Channel()
        ends = [a.sender.clone(), a.receiver.clone(), b.sender.clone(), b.receiver.clone()]
        whole = csp.par(
            source(a.sender),
            csp.supervise([worker(a.receiver, b.sender)], max_restarts=2),
            sink(b.receiver, 200),
            fault(kind, seed, ends),
        )
        try:
            csp.network("faults", deadlock="ignore").run(whole)
        except (csp.ParallelError, csp.SupervisionError):
            return "failed"
        return "done"


def csp_interpreters():
    found = interpreters.list_all()
    return [each.name for each in found if each.whence == "multicore.interpreters"]
