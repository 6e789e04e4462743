"""`multicore.csp`, from inside: what authors of CSP libraries test each other with.

Choice on both sides of a channel, endings in the middle of a choice, meeting while somebody leaves.
"""

import random
import time
import unittest

from multicore import channels, csp, interpreters

ROUNDS = 300


@csp.process
def either_way(mine, yours, rounds):
    seen = []
    for number in range(rounds):
        which, value = csp.alt(give=(mine, number), take=yours)
        seen.append(("give", number) if which == "give" else ("take", value))
    return seen


@csp.process
def sends_by_choice(out, idle, count):
    # What is counted outlives the poison.
    while True:
        which, _ = csp.alt(out=(out, 1), idle=idle)
        assert which == "out"
        count.send(1)


@csp.process
def receives_by_choice(source, count):
    while True:
        csp.alt(source=source)
        count.send(1)


@csp.process
def poisons_after(seconds, *ends):
    time.sleep(seconds)
    csp.poison(*ends)


@csp.process
def party(step, never):
    return csp.alt(met=step, never=never)[0]


@csp.process
def resigns_after(step, seconds):
    time.sleep(seconds)
    step.resign()


@csp.process
def fails_after(seconds):
    time.sleep(seconds)
    raise ValueError("inner")


@csp.process
def waits(source, _keep):
    source.recv()


@csp.process
def leaves_things_behind(ready):
    import builtins

    builtins.left_behind = 1
    ready.send(interpreters.get_current().id)
    while True:
        pass


@csp.process
def kills(ready, how):
    number = ready.recv()
    victim = next(each for each in interpreters.list_all() if each.id == number)
    if how == "interrupt":
        victim.interrupt()
    else:
        victim.close(timeout=0)


@csp.process
def looks_around():
    import builtins

    return hasattr(builtins, "left_behind")


@csp.process
def sum_in_parts(source, log):
    # It has the worst of luck: each run deals with one message.
    log.send(source.recv())
    if source.stats()["length"] or not source.stats()["closed"]:
        raise ValueError("bad luck")


def mirrored(seen):
    return [("take" if which == "give" else "give", value) for which, value in seen]


class Choice(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_both_sides_make_the_same_choice(self):
        a, b = csp.Channel(), csp.Channel()
        one, two = csp.par(
            either_way(a.sender, b.receiver, ROUNDS), either_way(b.sender, a.receiver, ROUNDS)
        ).run()
        self.assertEqual(two, mirrored(one))

    def test_nobody_meets_itself(self):
        own = csp.Channel()
        self.assertEqual(csp.alt((own.sender, 1), own, csp.after(0.02))[0], 2)

    def test_the_same_receiver_twice(self):
        full = csp.Channel(3)
        for number in range(3):
            full.write(number)
        self.assertEqual([csp.alt(a=full, b=full)[1] for _ in range(3)], [0, 1, 2])

    def test_what_is_not_chosen_is_not_sent(self):
        full, out = csp.Channel(1), csp.Channel(1)
        full.write(1)
        self.assertEqual(csp.alt(full, (out.sender, 2), fair=False), (0, 1))
        self.assertEqual(csp.alt(csp.when(0, (out.sender, 3)), csp.skip)[0], 1)
        self.assertEqual(out.sender.stats()["length"], 0)

    def test_nothing_to_choose_from(self):
        for guards in ((), (None,), (csp.when(0, csp.skip),)):
            with self.subTest(guards), self.assertRaises(csp.NoGuardInAlt):
                csp.alt(*guards)

    def test_an_output_that_is_always_ready_starves_none(self):
        out, full = csp.Channel(None), csp.Channel(8)
        for number in range(8):
            full.write(number)
        seen = []
        for which, _ in csp.alternate(out=lambda: (out.sender, 0), full=full):
            seen.append(which)
            if len(seen) == 16:
                break
        self.assertEqual(seen.count("full"), 8)

    def test_by_chance_everybody_has_a_turn(self):
        ready = [csp.Channel(None) for _ in range(4)]
        for each in ready:
            for number in range(400):
                each.write(number)
        seen = [csp.alt(*ready)[0] for _ in range(400)]
        # Each is chosen a hundred times, give or take: less than 40 has a chance of one in 10^13.
        for index in range(4):
            self.assertGreater(seen.count(index), 40)


class Endings(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_poison_in_the_middle_of_choices(self):
        chance = random.Random(6)
        for index in range(6):
            work, idle = csp.Channel(), csp.Channel()
            (sent, sends), (received, receives) = channels.create(None), channels.create(None)
            csp.par(
                sends_by_choice(work.sender, idle.receiver, sends),
                receives_by_choice(work.receiver, receives),
                poisons_after(
                    chance.random() * 0.01, idle.sender if index % 2 else work.sender, idle.sender
                ),
            ).run()
            self.assertEqual(sent.stats()["sent"], received.stats()["sent"])

    def test_a_nested_failure_while_the_whole_is_stopped(self):
        for seconds in (0.0, 0.005, 0.01):
            a = csp.Channel()
            whole = csp.par(
                csp.par(fails_after(seconds), waits(a.receiver, a.sender)),
                fails_after(0.005),
            )
            with self.assertRaises(csp.ParallelError) as caught:
                whole.run()
            for error in leaves(caught.exception):
                self.assertIsInstance(error, ValueError)
            self.assertTrue(a.receiver.is_left)

    def test_nothing_at_all(self):
        self.assertEqual(csp.par().run(), [])
        self.assertEqual(csp.seq().run(), [])
        self.assertEqual(csp.replicate(0, lambda _: looks_around()).run(), [])

    def test_clean_ones_after_a_kill(self):
        csp.close_idle_interpreters()
        for how in ("interrupt", "close", "interrupt"):
            ready = csp.Channel(1)
            with self.subTest(how), self.assertRaises(csp.ParallelError):
                csp.par(leaves_things_behind(ready.sender), kills(ready.receiver, how)).run()
            self.assertEqual(csp.par(looks_around(), looks_around()).run(), [False, False])

    def test_a_restart_keeps_what_a_channel_has_accepted(self):
        full, log = csp.Channel(5), csp.Channel(None)
        for number in range(5):
            full.write(number)
        full.sender.close()
        kept = log.receiver.clone()
        child = csp.Child(sum_in_parts(full.receiver, log.sender))
        csp.supervise([child], max_restarts=9, within=60).run()
        self.assertEqual(list(kept), [0, 1, 2, 3, 4])


class MeetingAndTime(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_who_is_left_meets_when_somebody_resigns(self):
        for seconds in (0.0, 0.0, 0.002, 0.005):
            step, never = csp.Barrier(3), csp.Channel()
            results = csp.par(
                party(step, never.receiver),
                party(step, never.receiver),
                resigns_after(step, seconds),
            ).run()
            self.assertEqual(results, ["met", "met", None])

    def test_ticks_do_not_drift(self):
        interval = 0.005
        ticks = csp.every(interval)
        earliest, latest, last = float("-inf"), float("inf"), -1
        for number in range(20):
            before = time.monotonic()
            _, tick = csp.alt(tick=ticks)
            self.assertGreater(tick, last)
            last = tick
            # All ticks are whole intervals after one moment, which lies between these.
            latest = min(latest, time.monotonic() - tick * interval)
            earliest = max(earliest, before - (tick + 1) * interval)
            time.sleep(interval * 2 if number % 4 == 0 else 0.001)
        self.assertLessEqual(earliest, latest + 1e-6)


def leaves(error):
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from leaves(each)
    else:
        yield error
