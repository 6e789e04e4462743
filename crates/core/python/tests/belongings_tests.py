"""What a function of `__main__` uses that belongs to a module: each interpreter has its own."""

import random as numbers
import unittest
from os import environ
from random import randint, random
from sys import stdout

from multicore import interpreters
from multicore.compat import Pool
from multicore.csp import Par, process
from multicore.futures import InterpreterPoolExecutor


def draw():
    return random(), randint(0, 1 << 60), numbers.randint(0, 1 << 60)


def mark(name):
    environ["MULTICORE_TEST"] = name
    stdout.write("")
    import os
    import sys

    # Not copies: what others of that interpreter see, too.
    return os.environ["MULTICORE_TEST"], stdout is sys.stdout, environ is os.environ


@process
def drawing():
    return draw()


class Belongings(unittest.TestCase):
    def assert_differ(self, drawn):
        for column in zip(*drawn, strict=True):
            self.assertEqual(len(set(column)), len(drawn), drawn)

    def test_workers_draw_different_random_numbers(self):
        with InterpreterPoolExecutor(3) as executor:
            self.assert_differ([*executor.map(draw_again, range(12)), draw()])
        with Pool(2) as pool:
            self.assert_differ(pool.map(draw_again, range(12)))

    def test_processes_of_csp_draw_different_random_numbers(self):
        self.assert_differ(Par(drawing(), drawing(), drawing()).start())

    def test_methods_that_modules_have_are_called_there(self):
        first, second = interpreters.create(), interpreters.create()
        drawn = [interp.call(randint, 0, 1 << 60) for interp in (first, second)]
        self.assertEqual(len({*drawn, randint(0, 1 << 60)}), 3)
        self.assertNotEqual(first.call(random), second.call(random))
        # One that is the program's own still goes along as it is.
        own = numbers.Random(1)
        self.assertEqual(first.call(own.random), second.call(own.random))

    def test_objects_that_modules_have(self):
        interp = interpreters.create()
        self.assertEqual(interp.call(mark, "there"), ("there", True, True))
        self.assertNotEqual(environ.get("MULTICORE_TEST"), "there")


def draw_again(_):
    return draw()
