"""The same process again and again: `repeat` and `forever`."""

from __future__ import annotations

from typing import Any, overload

from multicore.csp._composition import Composition, run_part
from multicore.csp._failures import is_end
from multicore.csp._process import Process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from multicore.csp._leaves import Definition
    from multicore.csp._process import Context


def repeat(times: int, process: Process[Any]) -> Composition[None]:
    """Run a process so many times, one after the other.

    It ends early when a channel that the process uses has ended: its neighbours have gone, and so
    it goes too.
    """
    return _again(times, f"repeat({times}, {process.name})", process)


@overload
def forever(process: Process[Any]) -> Composition[None]: ...
@overload
def forever(process: Callable[..., object]) -> Definition: ...
def forever(process: Process[Any] | Callable[..., object]) -> Composition[None] | Definition:
    """Run a process again and again, until it fails, or a channel that it uses has ended.

    As a decorator of a function it makes a process that repeats the function in one interpreter,
    which is much faster than starting a process again; a generator function is run through.
    """
    if isinstance(process, Process):
        return _again(None, f"forever({process.name})", process)
    from multicore.csp._leaves import Definition

    return Definition(_Forever(process))


def _again(times: int | None, name: str, process: Process[Any]) -> Composition[None]:
    async def start(_parts: Sequence[Process[Any]], context: Context) -> None:
        done = 0
        try:
            while times is None or done < times:
                context.signal.check()
                # Each run lets go of the ends, which were held once before the first.
                process.hold()
                await run_part(process, context)
                done += 1
        except Exception as error:
            if not is_end(error):
                raise
        finally:
            process.let_go()

    return Composition(name, [process], start, runs_again=True)


class _Forever:
    """A function that repeats another; a class, so that it crosses."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.__qualname__ = getattr(function, "__qualname__", repr(function))
        self.__doc__ = function.__doc__

    def __call__(self, *args: Any, **kwargs: Any) -> None:
        from multicore import channels

        while True:
            try:
                result = self.function(*args, **kwargs)
                if hasattr(result, "__next__"):
                    for _ in result:
                        pass
                    return
            except channels.ChannelPoisonedError:
                raise
            except channels.ChannelClosedError:
                return
