"""Many Python interpreters in one process, each with a GIL of its own.

`multicore.interpreters` creates and runs them (PEP 734), `multicore.channels` moves immutable
objects between them (PEP 554), `multicore.csp` composes processes that share nothing else.
"""

__all__ = ["channels", "csp", "interpreters", "sync"]
