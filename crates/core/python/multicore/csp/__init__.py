"""Communicating sequential processes, in the spirit of occam and python-csp.

>>> @process
... def doubler(source, sink):
...     for number in source:
...         sink.send(2 * number)

A process is a function that runs in an interpreter of its own and shares nothing with others but
the channels that it is given. `par` runs processes side by side, `seq` one after the other, `alt`
waits for one of several things. Programs for python-csp find its names here; its plug-and-play
processes are in `multicore.csp.builtins`.
"""

from multicore.csp.guards import (
    Alt,
    Barrier,
    Channel,
    ChannelPoison,
    FileChannel,
    Guard,
    NoGuardInAlt,
    Skip,
    Timer,
    after,
    alt,
    poison,
    skip,
)
from multicore.csp.processes import (
    CSP,
    CSPProcess,
    Par,
    Process,
    Seq,
    forever,
    par,
    process,
    seq,
    set_debug,
)

__all__ = [
    "CSP",
    "Alt",
    "Barrier",
    "CSPProcess",
    "Channel",
    "ChannelPoison",
    "FileChannel",
    "Guard",
    "NoGuardInAlt",
    "Par",
    "Process",
    "Seq",
    "Skip",
    "Timer",
    "after",
    "alt",
    "forever",
    "par",
    "poison",
    "process",
    "seq",
    "set_debug",
    "skip",
]
