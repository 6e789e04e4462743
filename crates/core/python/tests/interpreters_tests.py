"""`multicore.interpreters`, from inside: the semantics of PEP 734."""

import dataclasses
import enum
import threading
import unittest

from multicore import interpreters


class Point:
    def __init__(self, x):
        self.x = x

    def doubled(self):
        return Point(self.x * 2)


class Colour(enum.Enum):
    RED = 1
    GREEN = 2


@dataclasses.dataclass
class Size:
    width: int
    parts: list[int]


FACTOR = 7


def helper(x):
    return x * FACTOR


def uses_globals(x):
    return helper(x) + 1


def doubled(point):
    return point.doubled()


def same(*args, **kwargs):
    return args, kwargs


def failing():
    raise ValueError("no")


def put(queue, obj):
    queue.put(obj)


class Calls(unittest.TestCase):
    def setUp(self):
        self.interp = interpreters.create()
        self.addCleanup(self.close)

    def close(self):
        if self.interp in interpreters.list_all():
            self.interp.close(timeout=5)

    def test_builtins_and_importable_functions(self):
        self.assertEqual(self.interp.call(sum, [1, 2, 3]), 6)
        import json

        self.assertEqual(self.interp.call(json.dumps, {"a": [1]}), '{"a": [1]}')

    def test_functions_of_main_bring_what_they_use(self):
        self.assertEqual(self.interp.call(uses_globals, 3), 22)

    def test_classes_of_main_stay_the_same_class(self):
        result = self.interp.call(doubled, Point(4))
        self.assertIs(type(result), Point)
        self.assertEqual(result.x, 8)

    def test_enums_and_dataclasses(self):
        args, kwargs = self.interp.call(same, Colour.GREEN, size=Size(1, [2]))
        self.assertIs(args[0], Colour.GREEN)
        self.assertEqual(kwargs, {"size": Size(1, [2])})

    def test_closures_with_state_are_refused(self):
        state = 1
        with self.assertRaises(interpreters.NotShareableError):
            self.interp.call(lambda: state)

    def test_results_that_cannot_cross_are_refused(self):
        with self.assertRaises(interpreters.NotShareableError):
            self.interp.call(threading.Lock)

    def test_exceptions_are_described(self):
        with self.assertRaises(interpreters.ExecutionFailed) as caught:
            self.interp.call(failing)
        excinfo = caught.exception.excinfo
        self.assertEqual((excinfo.type.__name__, excinfo.msg), ("ValueError", "no"))
        self.assertIn("failing", excinfo.errdisplay)
        self.assertIn("Uncaught in the interpreter", str(caught.exception))

    def test_exec_keeps_main_and_runs_function_bodies(self):
        self.interp.exec("x = 1")

        def script():
            global x
            x += 1

        self.interp.exec(script)
        self.assertEqual(self.interp.call(eval, "x"), 2)
        with self.assertRaises(ValueError):
            self.interp.exec(same)

    def test_prepare_main(self):
        self.interp.prepare_main({"a": 1}, b=(2,))
        self.assertEqual(self.interp.call(eval, "(a, b)"), (1, (2,)))
        self.interp.prepare_main([("a", 3)])
        self.assertEqual(self.interp.call(eval, "a"), 3)
        with self.assertRaises(interpreters.NotShareableError):
            self.interp.prepare_main(a=4, c=[5])
        self.assertEqual(self.interp.call(eval, "a"), 3, "none is bound if one is refused")
        with self.assertRaises(ValueError):
            self.interp.prepare_main()

    def test_a_running_interpreter_is_an_error(self):
        started, go = interpreters.create_queue(), interpreters.create_queue()

        def hold(started, go):
            started.put(None)
            go.get()

        thread = self.interp.call_in_thread(hold, started, go)
        started.get(timeout=10)
        self.assertTrue(self.interp.is_running())
        for operation in (lambda: self.interp.exec("pass"), self.interp.close):
            with self.assertRaises(interpreters.InterpreterError):
                operation()
        go.put(None)
        thread.join()
        self.assertFalse(self.interp.is_running())

    def test_an_interpreter_that_is_gone(self):
        self.interp.close()
        with self.assertRaises(interpreters.InterpreterNotFoundError):
            self.interp.exec("pass")
        with self.assertRaises(interpreters.InterpreterNotFoundError):
            interpreters.Interpreter(self.interp.id)

    def test_identity(self):
        self.assertIs(interpreters.Interpreter(self.interp.id), self.interp)
        self.assertIn(self.interp, interpreters.list_all())
        self.assertEqual(self.interp.call(interpreters.get_current), self.interp)
        with self.assertRaises(TypeError):
            interpreters.Interpreter("1")

    def test_one_that_nobody_holds_is_destroyed(self):
        number = interpreters.create().id
        for _ in range(200):
            if number not in {interp.id for interp in interpreters.list_all()}:
                return
            import time

            time.sleep(0.01)
        self.fail("it lives on")


class Queues(unittest.TestCase):
    def test_order_and_limits(self):
        queue = interpreters.create_queue(2)
        queue.put(1)
        queue.put([2])
        self.assertTrue(queue.full())
        with self.assertRaises(interpreters.QueueFull):
            queue.put_nowait(3)
        self.assertEqual([queue.get(), queue.get()], [1, [2]])
        with self.assertRaises(interpreters.QueueEmpty):
            queue.get(timeout=0.01)
        with self.assertRaises(ValueError):
            queue.get(timeout=-1)

    def test_a_queue_crosses(self):
        queue = interpreters.create_queue()
        interpreters.create().call(put, queue, queue)
        self.assertIs(queue.get(), interpreters.UNBOUND)
        interp = interpreters.create()
        interp.call(put, queue, queue)
        self.assertIs(queue.get(), queue)

    def test_items_of_a_destroyed_interpreter(self):
        queue = interpreters.create_queue()

        def fill(queue):
            from multicore import interpreters

            queue.put(1)
            queue.put(2, unbounditems=interpreters.UNBOUND_REMOVE)
            queue.put(3, unbounditems=interpreters.UNBOUND_ERROR)

        interp = interpreters.create()
        interp.call(fill, queue)
        queue.put(4)
        self.assertEqual(queue.qsize(), 4)
        interp.close()
        self.assertEqual(queue.qsize(), 3)
        self.assertIs(queue.get(), interpreters.UNBOUND)
        with self.assertRaises(interpreters.ItemInterpreterDestroyed):
            queue.get()
        self.assertEqual(queue.get(), 4)

    def test_exceptions_are_those_of_queue(self):
        import queue

        self.assertTrue(issubclass(interpreters.QueueEmpty, queue.Empty))
        self.assertTrue(issubclass(interpreters.QueueFull, queue.Full))
