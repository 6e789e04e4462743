"""`multicore.csp`, from inside: functions of `__main__` as processes, and what goes along."""

from __future__ import annotations

import dataclasses
import enum
import logging
import sys
import threading
import unittest

from multicore import csp
from multicore.csp import _shipping

FACTOR = 3
TABLE = {"a": [1, 2]}
lock = threading.Lock()
logger = logging.getLogger("shipped")


class Colour(enum.Enum):
    RED = 1


@dataclasses.dataclass
class Point:
    x: int
    y: int = 2

    def moved(self, by: int = 1) -> Point:
        return type(self)(self.x + by, self.y)


class Base:
    def name(self):
        return "base"


class Derived(Base):
    def name(self):
        return f"derived of {super().name()}"


def helper(number):
    return number * FACTOR if number < 10 else other(number - 10)


def other(number):
    return helper(number) + 1


def uses_lock():
    with lock:
        return 1


def counted():
    global FACTOR
    FACTOR += 1
    return FACTOR


@csp.process
def below(sink, number):
    sink.send(helper(number))


@csp.process
def above(sink, number):
    csp.par(below(sink, number)).run()


def run(function, *args, **options):
    return csp.python(function, args, **options).run()


class Shipping(unittest.TestCase):
    def tearDown(self):
        csp.close_idle_interpreters()

    def test_what_it_uses_goes_along(self):
        self.assertEqual(run(lambda: helper(12)), 7)
        self.assertEqual(run(lambda: (TABLE["a"], sys.byteorder)), ([1, 2], sys.byteorder))
        self.assertEqual(run(lambda: logger.name), "shipped")

    def test_classes_go_along(self):
        self.assertEqual(run(lambda: Derived().name()), "derived of base")
        self.assertEqual(run(lambda: Colour.RED.name), "RED")
        self.assertEqual(run(lambda: Point(1).moved(by=4)), Point(5, 2))

    def test_parts_of_a_function(self):
        def function(a: int, b: Point | None = None, *, c: str = "c") -> tuple[object, ...]:
            """Say what it is."""
            return function.__doc__, function.__name__, function.__kwdefaults__, (a, b, c)

        function.mark = "marked"
        told = run(lambda: (function(1), function.mark, function.__qualname__))
        here = (
            ("Say what it is.", "function", {"c": "c"}, (1, None, "c")),
            "marked",
            function.__qualname__,
        )
        self.assertEqual(told, here)
        names = sorted(run(lambda: function.__annotations__))
        self.assertEqual(names, ["a", "b", "c", "return"])
        self.assertEqual(run(lambda: function.__module__), "__main__")

    def test_captured_variables_are_copied(self):
        count, seen = 3, [1]

        def adds(number):
            seen.append(count + number)
            return seen

        self.assertEqual(run(adds, 4), [1, 7])
        self.assertEqual(seen, [1])

    def test_recursion_and_identity(self):
        def fib(n):
            return n if n < 2 else fib(n - 1) + fib(n - 2)

        self.assertEqual(run(fib, 10), 55)
        one = other = []
        self.assertTrue(run(lambda: one is other))

    def test_ends_of_channels_that_are_captured(self):
        channel = csp.Channel(1)
        sink = channel.sender

        def sends():
            sink.send("captured")

        run(sends)
        self.assertEqual(channel.receiver.recv(), "captured")
        sink.send("still here")

    def test_what_cannot_go_along(self):
        from multicore.interpreters import NotShareableError

        with self.assertRaisesRegex(NotShareableError, r"own, which .*takes captures.* _thread\."):
            own = threading.Lock()

            def takes():
                return own

            csp.python(takes)
        with self.assertRaisesRegex(NotShareableError, "a default of"):
            csp.python(lambda value=lock: value)
        with self.assertRaises(csp.ParallelError) as caught:
            csp.par(csp.python(uses_lock)).run()
        error = caught.exception.exceptions[0]
        self.assertIsInstance(error, NameError)
        self.assertIn("lock of __main__ was left behind", error.__notes__[0])

    def test_a_global_is_a_copy(self):
        self.assertEqual((run(counted), run(counted), FACTOR), (4, 4, 3))

    def test_networks_below(self):
        channel = csp.Channel()
        results = csp.par(
            above(channel.sender, 5), csp.python(list, (channel.receiver,), name="list")
        ).run()
        self.assertEqual(results, [None, [15]])

    def test_no_pickle(self):
        def without():
            import sys

            return [name for name in ("pickle", "_pickle") if name in sys.modules], helper(1)

        self.assertEqual(run(without), ([], 3))

    def test_on_a_thread_and_in_a_given_interpreter(self):
        self.assertEqual(run(helper, 2, isolated=False), 6)
        from multicore import interpreters

        given = interpreters.create()
        given.exec("FACTOR = 100")
        # What the interpreter's own code has under that name stays.
        self.assertEqual(run(helper, 2, interpreter=given), 200)
        given.exec("del FACTOR")
        self.assertEqual(run(helper, 2, interpreter=given), 6)
        given.close()

    def test_only_values(self):
        self.assertTrue(_multicore_is_shareable(_shipping.ship(helper)))
        with self.assertRaises(TypeError):
            csp.python(3)


def _multicore_is_shareable(shipment):
    import _multicore

    return _multicore.is_shareable(shipment)
