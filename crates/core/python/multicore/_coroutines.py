"""Coroutines that jobs became: tasks on this interpreter's asyncio loop.

What lives here: the Python half of `crates/core/src/interpreter/coroutines.rs`. The loop runs on
the interpreter's own thread, in turns. What must not: anything a user would import.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

type Ended = tuple[int, object, BaseException | None]

_loop: asyncio.AbstractEventLoop | None = None
_tasks: dict[int, asyncio.Task[Any]] = {}
_ended: list[Ended] = []
_watched: int | None = None


def _the_loop() -> asyncio.AbstractEventLoop:
    global _loop
    if _loop is None or _loop.is_closed():
        # A selector loop everywhere: Windows' default one cannot watch a socket for us.
        _loop = asyncio.SelectorEventLoop()
    return _loop


def begin(coroutine: Coroutine[Any, Any, object], number: int) -> None:
    """Makes the coroutine a task of the loop; it takes its first step in the next turn."""
    task = _the_loop().create_task(coroutine)
    _tasks[number] = task
    task.add_done_callback(lambda task: _end(number, task))


def _end(number: int, task: "asyncio.Task[Any]") -> None:
    del _tasks[number]
    if task.cancelled():
        _ended.append((number, None, asyncio.CancelledError()))
    else:
        error = task.exception()
        _ended.append((number, None if error else task.result(), error))
    _the_loop().stop()


def cancel(number: int) -> None:
    """Cancels a task; it may refuse, as any task may."""
    task = _tasks.get(number)
    if task is not None:
        task.cancel()


def turn(watched: int) -> None:
    """Runs the loop until a task ends or `watched` becomes readable."""
    global _watched
    loop = _the_loop()
    if _watched != watched:
        loop.add_reader(watched, loop.stop)
        _watched = watched
    loop.run_forever()


def take_ended() -> list[Ended]:
    """The tasks that ended since the last call: job number, result, exception."""
    global _ended
    ended, _ended = _ended, []
    return ended


def run_to_end(coroutine: Coroutine[Any, Any, object]) -> object:
    """Runs a coroutine on a loop of its own, on the calling thread."""
    return asyncio.run(coroutine)


def shutdown() -> None:
    """Cancels what is left and closes the loop, async generators first."""
    global _loop
    loop, _loop = _loop, None
    if loop is None or loop.is_closed() or loop.is_running():
        return
    try:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        pending = asyncio.all_tasks(loop)
        if pending:
            loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()
