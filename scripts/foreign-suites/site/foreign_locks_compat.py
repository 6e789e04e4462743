"""CPython's tests of locks (`test.lock_tests`) against `multicore.compat`."""

from multicore import compat
from test import lock_tests


class LockTests(lock_tests.LockTests):
    locktype = compat.Lock


class RLockTests(lock_tests.RLockTests):
    locktype = compat.RLock


class EventTests(lock_tests.EventTests):
    eventtype = compat.Event


class ConditionTests(lock_tests.ConditionTests):
    condtype = compat.Condition


class SemaphoreTests(lock_tests.SemaphoreTests):
    semtype = compat.Semaphore


class BoundedSemaphoreTests(lock_tests.BoundedSemaphoreTests):
    semtype = compat.BoundedSemaphore


class BarrierTests(lock_tests.BarrierTests):
    barriertype = compat.Barrier
