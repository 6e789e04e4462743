"""What programs for `multiprocessing` do besides: subclasses, recipes, proxies."""

import copy
import unittest
from collections.abc import MutableMapping, MutableSequence, MutableSet

from multicore import compat
from multicore.compat import managers, pool, queues, synchronize


class CountingQueue(queues.Queue):
    """The recipe for a queue that knows its size everywhere: a context, and state of its own."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, ctx=compat.get_context(), **kwargs)
        self.size = compat.Value("i", 0)

    def __getstate__(self):
        return {"parent": super().__getstate__(), "size": self.size}

    def __setstate__(self, state):
        super().__setstate__(state["parent"])
        self.size = state["size"]

    def put(self, *args, **kwargs):
        with self.size.get_lock():
            self.size.value += 1
        super().put(*args, **kwargs)


class UndaemonicProcess(compat.Process):
    """The recipe for workers that may have children: nothing makes them daemons."""

    @property
    def daemon(self):
        return False

    @daemon.setter
    def daemon(self, value):
        pass


class UndaemonicContext(type(compat.get_context("spawn"))):
    Process = UndaemonicProcess


def put_twice(numbers, number):
    numbers.put(number)
    numbers.put(number + 1)


def tell(names):
    here = compat.current_process()
    names.put((repr(here), repr(compat.parent_process())))


def child(done):
    import time

    # Still at it when who started it ends.
    time.sleep(0.1)
    done.put("child")


def leave_a_child(done):
    compat.Process(target=child, args=(done,)).start()
    daemon = compat.Process(target=compat.Event().wait, daemon=True)
    daemon.start()
    done.put("parent")


class Recipes(unittest.TestCase):
    def test_a_queue_of_one_s_own_keeps_its_state(self):
        numbers = CountingQueue(8)
        process = compat.Process(target=put_twice, args=(numbers, 1))
        process.start()
        process.join()
        self.assertEqual((numbers.get(), numbers.get(), numbers.size.value), (1, 2, 2))

    def test_what_the_modules_have_takes_a_context(self):
        context = compat.get_context("spawn")
        self.assertTrue(synchronize.Lock(ctx=context).acquire())
        self.assertEqual(synchronize.BoundedSemaphore(2, ctx=context).get_value(), 2)
        self.assertTrue(queues.SimpleQueue(ctx=context).empty())
        self.assertEqual(repr(queues.Queue[int]), "multicore.compat.queues.Queue[int]")

    def test_a_pool_of_a_context_of_one_s_own(self):
        context = UndaemonicContext()
        self.assertEqual(context.get_start_method(), "spawn")
        with pool.Pool(1, context=context) as workers:
            self.assertEqual(workers.map(abs, [-1, 2]), [1, 2])
        self.assertFalse(context.Process(target=abs, daemon=True).daemon)


class Processes(unittest.TestCase):
    def test_attributes_are_checked(self):
        process = compat.Process(target=abs, args=(1,))
        with self.assertRaises(AssertionError):
            process.name = 1
        process.name, process.authkey = "abs", b"key"
        process.start()
        with self.assertRaises(AssertionError):
            process.daemon = True
        process.join()
        self.assertEqual((process.name, process.authkey, process.daemon), ("abs", b"key", False))

    def test_what_is_shown(self):
        names = compat.Queue()
        process = compat.Process(target=tell, args=(names,), name="teller")
        self.assertRegex(repr(process), r"^<Process name='teller' parent=\d+ initial>$")
        process.start()
        self.assertRegex(repr(process), r"^<Process name='teller' pid=\d+ parent=\d+ st.*>$")
        here, parent = names.get()
        self.assertRegex(here, r"^<Process name='teller' parent=\d+ started>$")
        self.assertEqual(parent, "<_ParentProcess name='MainProcess' parent=None unknown>")
        process.join()
        self.assertRegex(repr(process), r" stopped exitcode=0>$")
        main = "<_MainProcess name='MainProcess' parent=None started>"
        self.assertEqual(repr(compat.current_process()), main)

    def test_who_ends_waits_for_its_children_but_daemons(self):
        done = compat.Queue()
        process = compat.Process(target=leave_a_child, args=(done,))
        process.start()
        process.join()
        self.assertEqual(done.get(), "parent")
        # There already, or its parent would not have ended.
        self.assertEqual(done.get(timeout=30), "child")


class Proxies(unittest.TestCase):
    def setUp(self):
        self.manager = compat.Manager()

    def tearDown(self):
        self.manager.shutdown()

    def test_they_are_collections(self):
        self.assertIsInstance(self.manager.list(), MutableSequence)
        self.assertIsInstance(self.manager.dict(), MutableMapping)
        self.assertIsInstance(self.manager.set(), MutableSet)
        self.assertEqual(
            repr(managers.DictProxy[str, int]), "multicore.compat._proxies.DictProxy[str, int]"
        )

    def test_a_dict(self):
        known = self.manager.dict(a=1, b=2)
        self.assertEqual(list(reversed(known)), ["b", "a"])
        self.assertEqual({"c": 3} | known, {"a": 1, "b": 2, "c": 3})
        self.assertEqual(known | {"b": 0}, {"a": 1, "b": 0})
        self.assertEqual(known.fromkeys("xy", 0), {"x": 0, "y": 0})
        known |= {"d": 4}
        self.assertIsInstance(known, managers.DictProxy)
        self.assertEqual(copy.deepcopy(known), {"a": 1, "b": 2, "d": 4})

    def test_a_set(self):
        known = self.manager.set("abc")
        self.assertEqual({"a", "z"} - known, {"z"})
        self.assertEqual({"a", "z"} & known, {"a"})
        self.assertEqual(known ^ {"a", "z"}, {"b", "c", "z"})
        self.assertTrue(known > {"a"})
        self.assertFalse(known <= {"a"})
        known -= {"a"}
        known |= {"d"}
        known &= {"c", "d"}
        known ^= {"e"}
        self.assertIsInstance(known, managers.SetProxy)
        self.assertEqual(set(known), {"c", "d", "e"})

    def test_an_object_that_cannot_be_made(self):
        with self.assertRaises(managers.RemoteError) as caught:
            self.manager.list(1)
        self.assertIn("TypeError", str(caught.exception))
        self.assertIsInstance(caught.exception.__cause__, TypeError)
        # A call's own exception stays what it is.
        with self.assertRaises(IndexError):
            self.manager.list()[0]
