"""`multicore.futures`, and the pools and processes of `multicore.compat`, from inside."""

import asyncio
import concurrent.futures
import time
import unittest

from multicore import compat
from multicore.futures import BrokenInterpreterPool, ExecutionFailed, InterpreterPoolExecutor


def square(x):
    return x * x


def add(a, b):
    return a + b


def failing(x):
    raise ValueError(x)


def no_more(x):
    if x == 3:
        raise StopIteration(x)
    return x


state = None


def set_state(value):
    global state
    state = value


def get_state():
    return state


class Executors(unittest.TestCase):
    def test_map_and_submit(self):
        with InterpreterPoolExecutor(2) as pool:
            self.assertEqual(list(pool.map(square, range(20))), [n * n for n in range(20)])
            self.assertEqual(list(pool.map(add, [1, 2, 3], [4, 5], chunksize=2)), [5, 7])
            self.assertEqual(list(pool.map(square, range(9), buffersize=2))[-1], 64)
            futures = [pool.submit(square, n) for n in range(4)]
            done, pending = concurrent.futures.wait(futures)
            self.assertFalse(pending)
            self.assertEqual(sorted(future.result() for future in done), [0, 1, 4, 9])

    def test_exceptions_come_back_as_they_are(self):
        with InterpreterPoolExecutor(1) as pool:
            future = pool.submit(failing, 3)
            with self.assertRaises(ValueError) as caught:
                future.result()
            self.assertEqual(caught.exception.args, (3,))
            self.assertIsInstance(caught.exception.__cause__, ExecutionFailed)
            self.assertEqual(pool.submit(square, 2).result(), 4)

    def test_an_end_that_a_function_raises_cuts_nothing_short(self):
        with InterpreterPoolExecutor(2) as pool, self.assertRaises((StopIteration, RuntimeError)):
            list(pool.map(no_more, range(6), chunksize=2))
        with compat.Pool(2) as pool:
            with self.assertRaises(StopIteration):
                pool.map(no_more, range(6), chunksize=2)
            self.assertEqual(pool.starmap(add, [(1, 2), [3, 4]], chunksize=1), [3, 7])
            self.assertEqual(pool.map(square, iter(range(5)), chunksize=2), [0, 1, 4, 9, 16])
            self.assertEqual(list(pool.imap(square, iter(range(5)), chunksize=2))[-1], 16)

    def test_initializer(self):
        with InterpreterPoolExecutor(1, initializer=set_state, initargs=([7],)) as pool:
            self.assertEqual(pool.submit(get_state).result(), [7])
        with InterpreterPoolExecutor(1, initializer=failing, initargs=(1,)) as pool:
            with self.assertRaises(BrokenInterpreterPool):
                pool.submit(get_state).result()
            with self.assertRaises(BrokenInterpreterPool):
                pool.submit(get_state)

    def test_shutdown(self):
        pool = InterpreterPoolExecutor(1)
        first = pool.submit(time.sleep, 0.2)
        others = [pool.submit(square, n) for n in range(5)]
        pool.shutdown(cancel_futures=True)
        self.assertTrue(first.done())
        self.assertTrue(any(future.cancelled() for future in others))
        with self.assertRaises(RuntimeError):
            pool.submit(square, 1)

    def test_asyncio(self):
        async def main(pool):
            return await asyncio.get_running_loop().run_in_executor(pool, square, 12)

        with InterpreterPoolExecutor(1) as pool:
            self.assertEqual(asyncio.run(main(pool)), 144)

    def test_arguments_are_checked(self):
        for workers in (0, -1):
            with self.assertRaises(ValueError):
                InterpreterPoolExecutor(workers)
        with self.assertRaises(TypeError):
            InterpreterPoolExecutor(initializer=5)


def put(queue, obj):
    queue.put((compat.current_process().name, obj))


def serve(connection):
    connection.send([connection.recv()])


class Compat(unittest.TestCase):
    def test_pool(self):
        with compat.Pool(2) as pool:
            self.assertEqual(pool.map(square, range(10)), [n * n for n in range(10)])
            self.assertEqual(pool.starmap(add, [(1, 2), (3, 4)]), [3, 7])
            self.assertEqual(list(pool.imap(square, range(5), chunksize=2)), [0, 1, 4, 9, 16])
            self.assertEqual(sorted(pool.imap_unordered(square, range(5))), [0, 1, 4, 9, 16])
            self.assertEqual(pool.apply(add, (1,), {"b": 2}), 3)
            with self.assertRaises(ValueError):
                pool.apply(failing, (1,))
            with self.assertRaises(compat.TimeoutError):
                pool.apply_async(time.sleep, (0.5,)).get(timeout=0.01)

    def test_processes_queues_and_pipes(self):
        queue = compat.Queue()
        processes = [compat.Process(target=put, args=(queue, n), name=f"p{n}") for n in range(2)]
        for process in processes:
            process.start()
        self.assertEqual(sorted(queue.get(timeout=10) for _ in processes), [("p0", 0), ("p1", 1)])
        for process in processes:
            process.join()
            self.assertEqual(process.exitcode, 0)
        here, there = compat.Pipe()
        process = compat.Process(target=serve, args=(there,))
        process.start()
        here.send({"k": 1})
        self.assertEqual(here.recv(), [{"k": 1}])
        process.join()

    def test_terminate(self):
        process = compat.Process(target=time.sleep, args=(60,))
        process.start()
        time.sleep(0.1)
        process.terminate()
        process.join(10)
        self.assertEqual(process.exitcode, -15)
