"""Interpreters and channels for programs that use `asyncio`.

>>> await run_in_interpreter(sum, range(10_000_000))

What lives here: awaiting a call in another interpreter. Awaiting channels is a matter of their
ends: `await receiver.recv_async()`, `async for`, `await sender.send_async(obj)`, `select_async`.
What must not: executors (`multicore.futures` works with `loop.run_in_executor`).
"""

from __future__ import annotations

import _multicore

from multicore import _calls, _workers, channels, interpreters
from multicore.channels import select_async as select

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["run_in_interpreter", "select"]


async def run_in_interpreter[**P, T](
    callable: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs
) -> T:
    """Call in an interpreter of its own while the event loop runs on, and give what it returns.

    The interpreter is created for the call and closed after it: for many calls use a pool. What the
    call raises is raised here. Cancelling interrupts the call.
    """
    interpreter = interpreters.create()
    try:
        return await call(interpreter, callable, *args, **kwargs)
    finally:
        del interpreter


async def call[**P, T](
    interpreter: interpreters.Interpreter,
    callable: Callable[P, T],
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> T:
    """Call in this interpreter, on its own thread, while the event loop runs on.

    Calls of one interpreter run one at a time, in order.
    """
    packed = _calls.pack(callable)
    parcel = _multicore.pack((args, kwargs))
    outcome, tell = channels.create(1)
    interpreter._submit("multicore._calls:attempt", (packed, parcel), tell, 0)
    try:
        _, kind, content = await outcome.recv_async()
    except BaseException:
        interpreter.interrupt()
        raise
    result: T = _workers.result_of(kind, content)
    return result
