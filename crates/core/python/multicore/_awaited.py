"""What awaiting futures leaves behind on CPython 3.13, made collectable before it ends.

What lives here: a way around one leak of `_asyncio`. What must not: event loops (`_coroutines`).

`_asyncio` keeps iterators of futures, up to 255, to use them again. Each holds a reference to its
type which the garbage collector is not shown, so the type is never garbage, nor is its module, nor
what that refers to. CPython 3.13 loses it with the interpreter, and 43 kB of it lie outside the
arenas that are given back; 3.14 loses nothing. An iterator that lives until the interpreter ends,
because a module refers to what awaits a future, comes into that list too late for this.
"""

import contextlib
import sys
from types import SimpleNamespace


def release(most: int = 256) -> None:
    """Takes those iterators out of their hiding place, into a cycle that the last collection finds.

    They must not be freed before their type is cleared, or they would be kept again. The collector
    clears what is older first, and the list, which only it can free, is the youngest.
    """
    # Who replaced parts of asyncio loses some memory.
    with contextlib.suppress(Exception):
        _release(most)


def _release(most: int) -> None:
    module = sys.modules["_asyncio"]
    # All that a future asks of its loop.
    loop = SimpleNamespace(get_debug=bool)
    future = module.Future(loop=loop)
    taken: list[object] = [iter(future)]
    iterators = type(taken[0])
    references = sys.getrefcount(iterators)
    for _ in range(most):
        taken.append(iter(future))
        # A new one brings a reference of its own: nothing is kept any more.
        if sys.getrefcount(iterators) != references:
            break
    taken.append(taken)
    module._multicore_taken = taken  # type: ignore[attr-defined]
