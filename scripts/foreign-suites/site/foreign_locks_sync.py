"""CPython's tests of locks (`test.lock_tests`) against `multicore.sync`."""

from multicore import sync
from test import lock_tests


class LockTests(lock_tests.LockTests):
    locktype = sync.Lock


class RLockTests(lock_tests.RLockTests):
    locktype = sync.RLock


class EventTests(lock_tests.EventTests):
    eventtype = sync.Event


class ConditionTests(lock_tests.ConditionTests):
    condtype = sync.Condition


class SemaphoreTests(lock_tests.SemaphoreTests):
    semtype = sync.Semaphore


class BarrierTests(lock_tests.BarrierTests):
    barriertype = sync.Barrier
