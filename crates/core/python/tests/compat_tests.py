"""Programs for `multiprocessing`, as they are in its documentation, on `multicore.compat`."""

import ctypes
import queue
import threading
import time
import unittest

import multicore.compat as multiprocessing
from multicore.compat import connection, managers, sharedctypes


def put(items, item):
    items.put(item)


def negate(number, array):
    number.value = 3.5
    for index in range(len(array)):
        array[index] = -array[index]


def count(counter, times):
    for _ in range(times):
        with counter.get_lock():
            counter.value += 1


class Point(ctypes.Structure):
    _fields_ = (("x", ctypes.c_double), ("y", ctypes.c_double))


def square(points):
    for point in points:
        point.x **= 2
        point.y **= 2


def change(mapping, sequence):
    mapping[1] = "1"
    mapping["2"] = 2
    sequence.reverse()


class Maths:
    def add(self, x, y):
        return x + y


class MathsManager(managers.BaseManager):
    pass


MathsManager.register("Maths", Maths)
state: dict[str, object] = {}


def begin(lock, counter):
    state["lock"], state["counter"] = lock, counter


def add_to_state(number):
    with state["lock"]:
        state["counter"].value += number
    return multiprocessing.current_process().name


def send_three(writer):
    for number in range(3):
        writer.send(number)
    writer.close()


def who(names):
    here, parent = multiprocessing.current_process(), multiprocessing.parent_process()
    names.put((here.name, here.daemon, parent.name))


def wait_notified(condition, done):
    with condition:
        done.release()
        condition.wait()
    done.release()


def take(semaphore, done):
    semaphore.acquire()
    done.set()


class Doubler(multiprocessing.Process):
    def __init__(self, tasks, results):
        super().__init__()
        self.tasks, self.results = tasks, results

    def run(self):
        while (task := self.tasks.get()) is not None:
            self.results.put(task * 2)
            self.tasks.task_done()
        self.tasks.task_done()


def fails(code):
    raise SystemExit(code)


def start(target, *args, **options):
    process = multiprocessing.Process(target=target, args=args, **options)
    process.start()
    return process


class Sharing(unittest.TestCase):
    def test_value_and_array(self):
        number, array = multiprocessing.Value("d", 0.0), multiprocessing.Array("i", range(5))
        start(negate, number, array).join()
        self.assertEqual((number.value, array[:], len(array)), (3.5, [0, -1, -2, -3, -4], 5))
        raw = multiprocessing.RawArray("h", [1, 2])
        self.assertEqual((list(raw), multiprocessing.RawValue("i", 4).value), ([1, 2], 4))
        text = multiprocessing.Array("c", b"hello")
        text.value = b"hi"
        self.assertEqual((text.value, text.raw), (b"hi", b"hi\0lo"))

    def test_a_lock_guards_a_value(self):
        counter = multiprocessing.Value("i", 0)
        processes = [start(count, counter, 200) for _ in range(3)]
        for process in processes:
            process.join()
        self.assertEqual(counter.value, 600)

    def test_structures(self):
        points = sharedctypes.Array(Point, [(2.0, 3.0), (4.0, 5.0)], lock=multiprocessing.Lock())
        start(square, points).join()
        self.assertEqual([(p.x, p.y) for p in points], [(4.0, 9.0), (16.0, 25.0)])
        point = sharedctypes.Value(Point, 1.0, 2.0)
        point.x = 7.0
        self.assertEqual((point.x, sharedctypes.copy(point.get_obj()).y), (7.0, 2.0))

    def test_managers(self):
        with multiprocessing.Manager() as manager:
            mapping, sequence = manager.dict(), manager.list(range(4))
            start(change, mapping, sequence).join()
            self.assertEqual((dict(mapping), list(sequence)), ({1: "1", "2": 2}, [3, 2, 1, 0]))
            self.assertEqual((str(sequence), sequence[-1]), ("[3, 2, 1, 0]", 0))
            with self.assertRaises(KeyError):
                mapping["missing"]
            names = manager.Namespace(x=1)
            names.y = 2
            self.assertEqual((names.x, str(names)), (1, "Namespace(x=1, y=2)"))
            outer, inner = manager.list(), manager.dict(a=1)
            outer.append(inner)
            inner["b"] = 2
            self.assertEqual(outer[0]["b"], 2)
            value = manager.Value("i", 3)
            value.value += 1
            self.assertEqual(value.value, 4)
        with MathsManager() as manager:
            self.assertEqual(manager.Maths().add(4, 3), 7)
        with self.assertRaisesRegex(ConnectionRefusedError, "multiprocessing.managers"):
            managers.BaseManager(("127.0.0.1", 5000)).connect()


class Waiting(unittest.TestCase):
    def test_locks(self):
        lock = multiprocessing.Lock()
        self.assertTrue(lock.acquire(block=False))
        self.assertFalse(lock.acquire(block=False))
        self.assertFalse(lock.acquire(timeout=0.01))
        lock.release()
        with self.assertRaises(ValueError):
            lock.release()
        again = multiprocessing.RLock()
        with again, again:
            pass
        with self.assertRaises(AssertionError):
            again.release()

    def test_semaphores_count_and_belong_to_nobody(self):
        semaphore, done = multiprocessing.Semaphore(2), multiprocessing.Event()
        process = start(take, semaphore, done)
        self.assertTrue(done.wait(10))
        process.join()
        self.assertEqual(semaphore.get_value(), 1, "who ends gives nothing back")
        bounded = multiprocessing.BoundedSemaphore(1)
        with self.assertRaises(ValueError):
            bounded.release()

    def test_condition(self):
        condition, done = multiprocessing.Condition(), multiprocessing.Semaphore(0)
        process = start(wait_notified, condition, done)
        done.acquire()
        with condition:
            condition.notify_all()
        self.assertTrue(done.acquire(timeout=10))
        process.join()

    def test_barrier(self):
        acted = []
        barrier = multiprocessing.Barrier(1, action=lambda: acted.append(1))
        self.assertEqual((barrier.wait(), acted, barrier.parties), (0, [1], 1))
        alone = multiprocessing.Barrier(2, timeout=0.01)
        with self.assertRaises(threading.BrokenBarrierError):
            alone.wait()

    def test_what_a_process_put_stays_when_it_has_ended(self):
        items = multiprocessing.Queue()
        start(put, items, ["kept"]).join()
        self.assertEqual(items.get(timeout=5), ["kept"])
        with self.assertRaises(queue.Empty):
            items.get_nowait()

    def test_a_pipe_ends_when_nobody_can_write(self):
        readers = []
        for _ in range(2):
            reader, writer = multiprocessing.Pipe(duplex=False)
            start(send_three, writer)
            writer.close()
            readers.append(reader)
        received = []
        while readers:
            for reader in connection.wait(readers):
                try:
                    received.append(reader.recv())
                except EOFError:
                    readers.remove(reader)
        self.assertEqual(sorted(received), [0, 0, 1, 1, 2, 2])
        with self.assertRaises(TypeError):
            connection.wait([reader, 1])

    def test_bytes(self):
        a, b = multiprocessing.Pipe()
        a.send_bytes(b"abcd")
        room = bytearray(6)
        self.assertEqual((b.recv_bytes_into(room, 1), room), (4, b"\0abcd\0"))
        a.send_bytes(b"abcd")
        with self.assertRaises(multiprocessing.BufferTooShort):
            b.recv_bytes_into(bytearray(2))
        self.assertFalse(b.poll(0.01))


class Processes(unittest.TestCase):
    def test_names_and_parents(self):
        names = multiprocessing.SimpleQueue()
        process = start(who, names, name="kid", daemon=True)
        self.assertEqual(names.get(), ("kid", True, "MainProcess"))
        process.join()
        self.assertEqual(process.exitcode, 0)
        process.close()
        with self.assertRaisesRegex(ValueError, "closed"):
            process.is_alive()

    def test_sentinels(self):
        process = start(time.sleep, 0.05)
        sentinel = process.sentinel
        self.assertEqual(connection.wait([sentinel], 10), [sentinel])
        self.assertEqual(process.exitcode, 0)

    def test_exit_codes(self):
        for code, expected in ((3, 3), (None, 0)):
            process = start(fails, code)
            process.join()
            self.assertEqual(process.exitcode, expected)
        for stop, expected in (("terminate", -15), ("kill", -9)):
            process = start(time.sleep, 60)
            getattr(process, stop)()
            process.join(10)
            self.assertEqual((process.exitcode, process.is_alive()), (expected, False))
        idle = multiprocessing.Process(target=print)
        self.assertIsNone(idle.exitcode)
        with self.assertRaises(AssertionError):
            idle.join()

    def test_subclasses_and_joinable_queues(self):
        tasks, results = multiprocessing.JoinableQueue(), multiprocessing.Queue()
        workers = [Doubler(tasks, results) for _ in range(2)]
        for worker in workers:
            worker.start()
        for task in (1, 2, 3, None, None):
            tasks.put(task)
        tasks.join()
        self.assertEqual(sorted(results.get() for _ in range(3)), [2, 4, 6])
        for worker in workers:
            worker.join()

    def test_an_initializer_prepares_what_workers_use(self):
        lock, counter = multiprocessing.Lock(), multiprocessing.Value("i", 0)
        with multiprocessing.Pool(2, begin, (lock, counter)) as pool:
            names = pool.map(add_to_state, range(10))
        self.assertEqual(counter.value, 45)
        self.assertTrue(all(name.startswith("PoolWorker-") for name in names), names)

    def test_contexts(self):
        context = multiprocessing.get_context("fork")
        self.assertEqual(context.get_start_method(), "fork")
        self.assertTrue(issubclass(context.Process, multiprocessing.Process))
        self.assertIs(multiprocessing.get_context().Process, multiprocessing.Process)
        with self.assertRaises(ValueError):
            multiprocessing.get_context("nope")
        self.assertIn("spawn", multiprocessing.get_all_start_methods())
        multiprocessing.freeze_support()
        self.assertEqual(multiprocessing.get_logger().name, "multiprocessing")
