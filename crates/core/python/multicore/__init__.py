"""Many Python interpreters in one process, each with a GIL of its own.

`multicore.interpreters` creates and runs them (PEP 734), `multicore.channels` moves immutable
objects between them (PEP 554), `multicore.csp` composes processes that share nothing else.
`multicore.progress` tells the host how far the running task is.
"""

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from multicore import channels as channels
    from multicore import compat as compat
    from multicore import csp as csp
    from multicore import futures as futures
    from multicore import interpreters as interpreters
    from multicore import sync as sync
    from multicore._progress import progress as progress

__all__ = ["channels", "compat", "csp", "futures", "interpreters", "progress", "sync"]


def __getattr__(name: str) -> object:
    # Imported when it is first used: an interpreter that reports nothing pays nothing.
    if name == "progress":
        from multicore._progress import progress

        return progress
    if name in __all__:
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
