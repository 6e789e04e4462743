"""python-csp's module `csp.guards`: guards that are no channels. What they are is not here."""

from multicore.csp._barrier import Barrier
from multicore.csp._timers import Timer

__all__ = ["Barrier", "Timer"]
