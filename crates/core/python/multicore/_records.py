"""How instances of classes cross: taken apart here, rebuilt there."""

import _multicore


def reduce(obj: object) -> object:
    """`(kind, type name, ((name, value), …))`; a str that says why not; `None`: unknown."""
    return None


def rebuild(kind: str, type_name: str, fields: tuple[tuple[str, object], ...]) -> object:
    """The instance that `reduce` took apart."""
    raise TypeError(f"a {type_name} cannot be rebuilt")


_multicore.register("reduce", reduce)
_multicore.register("rebuild", rebuild)
