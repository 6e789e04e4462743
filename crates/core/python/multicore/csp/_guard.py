"""What is waited for and has an operator: `a | b` gives what the first of two guards brings."""

from __future__ import annotations

from typing import Any


class Guard:
    """Something that `alt` waits for; python-csp's operator `|` chooses between two."""

    __slots__ = ()

    def __or__(self, other: Guard) -> Any:
        if not isinstance(other, Guard):
            return NotImplemented
        from multicore.csp._python_csp import Alt

        # Whoever is no guard of ours is refused there.
        guards: tuple[Any, ...] = (self, other)
        return Alt(*guards).select()
