"""Communicating sequential processes, in the spirit of occam and python-csp.

>>> @process
... def doubler(source, sink):
...     for number in source:
...         sink.send(2 * number)
>>> a, b = Channel(), Channel()
>>> par(numbers(a.sender), doubler(a.receiver, b.sender), total(b.receiver)).run()

A process is a function that runs in an interpreter of its own and shares nothing with others but
the channels that it is given. `par` puts processes side by side, `seq` one after the other; `run()`
runs what they make. `alt` waits for one of several things. `network` gives processes a name, finds
deadlocks and shows what goes on; `supervise` starts again what fails.

The names are those of TypeScript's `@multicore-python/csp`; times are in seconds. What lives here:
composition. What must not: channels (`multicore.channels`).
"""

from __future__ import annotations

from multicore.channels import ChannelClosedError as ChannelClosedError
from multicore.channels import ChannelPoisonedError as ChannelPoisonedError
from multicore.csp._barrier import Barrier as Barrier
from multicore.csp._channel import Channel as Channel
from multicore.csp._channel import FileChannel as FileChannel
from multicore.csp._channel import blocking as blocking
from multicore.csp._channel import dropping as dropping
from multicore.csp._channel import poison as poison
from multicore.csp._channel import retire as retire
from multicore.csp._channel import sliding as sliding
from multicore.csp._choice import Alternation as Alternation
from multicore.csp._choice import NoGuardInAlt as NoGuardInAlt
from multicore.csp._choice import Skip as Skip
from multicore.csp._choice import alt as alt
from multicore.csp._choice import alternate as alternate
from multicore.csp._choice import skip as skip
from multicore.csp._choice import when as when
from multicore.csp._composition import Composition as Composition
from multicore.csp._failures import ParallelError as ParallelError
from multicore.csp._failures import ProcessFailure as ProcessFailure
from multicore.csp._failures import ProcessKilledError as ProcessKilledError
from multicore.csp._failures import ProcessTimeoutError as ProcessTimeoutError
from multicore.csp._guard import Guard as Guard
from multicore.csp._leaves import host as host
from multicore.csp._leaves import process as process
from multicore.csp._leaves import python as python
from multicore.csp._leaves import source as source
from multicore.csp._par import par as par
from multicore.csp._par import seq as seq
from multicore.csp._process import Process as Process
from multicore.csp._repeat import forever as forever
from multicore.csp._repeat import repeat as repeat
from multicore.csp._timers import Ticker as Ticker
from multicore.csp._timers import Timer as Timer
from multicore.csp._timers import after as after
from multicore.csp._timers import at as at
from multicore.csp._timers import every as every
from multicore.csp._warm import close_idle_interpreters as close_idle_interpreters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from multicore.csp._deadlock import BlockedProcess as BlockedProcess
    from multicore.csp._deadlock import DeadlockError as DeadlockError
    from multicore.csp._exits import Exit as Exit
    from multicore.csp._exits import Heartbeat as Heartbeat
    from multicore.csp._exits import StopError as StopError
    from multicore.csp._exits import SupervisionError as SupervisionError
    from multicore.csp._exits import heartbeat as heartbeat
    from multicore.csp._exits import link as link
    from multicore.csp._exits import monitor as monitor
    from multicore.csp._network import Network as Network
    from multicore.csp._network import network as network
    from multicore.csp._network import networks as networks
    from multicore.csp._python_csp import CSP as CSP
    from multicore.csp._python_csp import Alt as Alt
    from multicore.csp._python_csp import CSPProcess as CSPProcess
    from multicore.csp._python_csp import set_debug as set_debug
    from multicore.csp._recording import Recording as Recording
    from multicore.csp._shapes import farm as farm
    from multicore.csp._shapes import pipeline as pipeline
    from multicore.csp._shapes import replicate as replicate
    from multicore.csp._slot import Child as Child
    from multicore.csp._snapshot import NetworkSnapshot as NetworkSnapshot
    from multicore.csp._snapshot import SnapshotChannel as SnapshotChannel
    from multicore.csp._snapshot import SnapshotProcess as SnapshotProcess
    from multicore.csp._supervisor import Backoff as Backoff
    from multicore.csp._supervisor import supervise as supervise

#: python-csp's names; its plug-and-play processes are in `multicore.csp.builtins`.
ChannelPoison = ChannelPoisonedError
Par, Seq = par, seq

#: Loaded when they are first used: most processes only use channels.
_LAZY = {
    "BlockedProcess": "_deadlock",
    "DeadlockError": "_deadlock",
    "Exit": "_exits",
    "Heartbeat": "_exits",
    "StopError": "_exits",
    "SupervisionError": "_exits",
    "heartbeat": "_exits",
    "link": "_exits",
    "monitor": "_exits",
    "Network": "_network",
    "network": "_network",
    "networks": "_network",
    "Alt": "_python_csp",
    "CSP": "_python_csp",
    "CSPProcess": "_python_csp",
    "set_debug": "_python_csp",
    "Recording": "_recording",
    "farm": "_shapes",
    "pipeline": "_shapes",
    "replicate": "_shapes",
    "Child": "_slot",
    "NetworkSnapshot": "_snapshot",
    "SnapshotChannel": "_snapshot",
    "SnapshotProcess": "_snapshot",
    "Backoff": "_supervisor",
    "supervise": "_supervisor",
}

__all__ = [
    "CSP",
    "Alt",
    "Alternation",
    "Backoff",
    "Barrier",
    "BlockedProcess",
    "CSPProcess",
    "Channel",
    "ChannelClosedError",
    "ChannelPoison",
    "ChannelPoisonedError",
    "Child",
    "Composition",
    "DeadlockError",
    "Exit",
    "FileChannel",
    "Guard",
    "Heartbeat",
    "Network",
    "NetworkSnapshot",
    "NoGuardInAlt",
    "Par",
    "ParallelError",
    "Process",
    "ProcessFailure",
    "ProcessKilledError",
    "ProcessTimeoutError",
    "Recording",
    "Seq",
    "Skip",
    "SnapshotChannel",
    "SnapshotProcess",
    "StopError",
    "SupervisionError",
    "Ticker",
    "Timer",
    "after",
    "alt",
    "alternate",
    "at",
    "blocking",
    "close_idle_interpreters",
    "dropping",
    "every",
    "farm",
    "forever",
    "heartbeat",
    "host",
    "link",
    "monitor",
    "network",
    "networks",
    "par",
    "pipeline",
    "poison",
    "process",
    "python",
    "repeat",
    "replicate",
    "retire",
    "seq",
    "set_debug",
    "skip",
    "sliding",
    "source",
    "supervise",
    "when",
]


def __getattr__(name: str) -> object:
    home = _LAZY.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(f"multicore.csp.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
