"""The running processes of one network: told by every process that starts and ends.

Facts only; what they mean is for `_deadlock.py`, `_snapshot.py` and `_supervisor.py` to say.
"""

from __future__ import annotations

import time
from collections import deque
from itertools import count
from typing import Any

from multicore import interpreters
from multicore.csp._failures import is_consequence, is_poison

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator, Sequence
    from typing import Literal

    from multicore.csp._holding import End
    from multicore.csp._leaves import Leaf
    from multicore.csp._process import Context, Process
    from multicore.interpreters import Interpreter

    type Outcome = Literal["done", "failed", "stopped"]

#: How many processes that ended a network remembers.
_MOST_ENDED = 1000
_numbers = count(1)


def next_number() -> int:
    """Give a number for a process, unique in this interpreter."""
    return next(_numbers)


class Member:
    """A process that runs, or ran, in a network."""

    __slots__ = (
        "agent",
        "began",
        "cpu_after",
        "cpu_before",
        "ended_at",
        "error",
        "id",
        "interpreter",
        "is_thread",
        "outcome",
        "process",
        "serial",
        "started_at",
    )

    def __init__(self, process: Leaf[Any]) -> None:
        #: Unique in this interpreter.
        self.id = next_number()
        self.process = process
        self.started_at = time.monotonic()
        #: The same as `time.time()`, which other interpreters and Node know.
        self.began = time.time()
        self.ended_at: float | None = None
        #: Where it runs, once it does.
        self.interpreter: Interpreter | None = None
        self.serial = False
        #: What labels of waits call it, once it runs: `<interpreter>/job` or `…/thread-<ident>`.
        self.agent: str | None = None
        #: Whether it is a thread of this interpreter.
        self.is_thread = False
        #: Seconds of processor time that its interpreter had used before.
        self.cpu_before = 0.0
        #: Seconds of processor time, once it has ended.
        self.cpu_after: float | None = None
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None

    @property
    def name(self) -> str:
        """For people."""
        return self.process.name

    @property
    def ends(self) -> Sequence[End]:
        """The ends that it was handed."""
        return self.process.ends

    @property
    def is_sure(self) -> bool:
        """Whether what its agent waits for is all that it does."""
        return self.serial or self.is_thread

    def runs_in(self, interpreter: Interpreter, *, serial: bool) -> None:
        """The process has been given an interpreter."""
        self.serial, self.agent = serial, f"{interpreter.id}/job"
        if self.process.language == "python":
            # In others an interpreter only waits for what runs elsewhere.
            self.interpreter = interpreter
            self.cpu_before = interpreter._cpu()

    def runs_on(self, ident: int) -> None:
        """The process has been given a thread of this interpreter."""
        here = interpreters.get_current().id
        self.is_thread, self.agent = True, f"{here}/thread-{ident}"

    @property
    def cpu(self) -> float:
        """Seconds of processor time that its interpreter used for it."""
        if self.cpu_after is not None:
            return self.cpu_after
        return 0.0 if self.interpreter is None else self.interpreter._cpu() - self.cpu_before


class Tracker:
    """Keeps count of the processes of a network."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.running: dict[int, Member] = {}
        self.ended: deque[Member] = deque(maxlen=_MOST_ENDED)
        #: How many times processes were started again, by process.
        self.restarts: dict[int, int] = {}
        #: Things that go on although no process does: a supervisor that waits before a restart.
        self.under_way = 0
        #: Hear of every start and end.
        self.listeners: list[Callable[[Member], None]] = []
        #: Networks that run as parts of this one.
        self.parts: list[Tracker] = []
        #: Whether it looks for deadlocks itself.
        self.is_watched = False

    def everybody(self) -> Iterator[Tracker]:
        """Give this one, and those of the networks in it, at any depth."""
        yield self
        for part in self.parts:
            yield from part.everybody()

    @property
    def depth(self) -> int:
        """How many networks that look for deadlocks themselves are in it, one in the other."""
        return max((part.depth + part.is_watched for part in self.parts), default=0)

    async def run[T](
        self,
        process: Leaf[T],
        context: Context,
        work: Callable[[Context], Coroutine[Any, Any, T]],
    ) -> T:
        """Run a process that is not made of others."""
        member = Member(process)
        self.running[member.id] = member
        self._tell(member)
        outcome: Outcome = "failed"
        try:
            result = await work(context.but(member=member))
            outcome = "done"
        except BaseException as error:
            reason = context.signal.reason
            if is_poison(error) or (reason is not None and is_consequence(error, reason)):
                outcome = "stopped"
            member.error = error
            raise
        else:
            return result
        finally:
            member.cpu_after = member.cpu
            member.outcome, member.ended_at = outcome, time.monotonic()
            del self.running[member.id]
            self.ended.append(member)
            self._tell(member)

    def restarted(self, process: Process[Any]) -> None:
        """A process is started once more."""
        self.restarts[id(process)] = self.restarts.get(id(process), 0) + 1

    def _tell(self, member: Member) -> None:
        for listener in self.listeners:
            listener(member)
