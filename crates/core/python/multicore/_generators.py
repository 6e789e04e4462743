"""Generators that calls returned: kept here by number, advanced on request of the host.

What lives here: the Python half of `PythonGenerator`. What must not: anything a user would import.
"""

from collections.abc import AsyncGenerator, Generator
from types import AsyncGeneratorType, GeneratorType

type AnyGenerator = Generator[object, object, object] | AsyncGenerator[object, object]

_generators: dict[int, AnyGenerator] = {}
_next_number = 0

#: What `advance` gives for the end; a tuple otherwise.
END = None


def keep(generator: AnyGenerator) -> int:
    """Keeps a generator; gives its number."""
    global _next_number
    _next_number += 1
    _generators[_next_number] = generator
    return _next_number


def is_generator(obj: object) -> bool:
    """Whether this is a generator or an asynchronous one."""
    return isinstance(obj, GeneratorType | AsyncGeneratorType)


def is_asynchronous(generator: AnyGenerator) -> bool:
    """Whether it must be advanced on the loop."""
    return isinstance(generator, AsyncGeneratorType)


def advance(number: int) -> tuple[object] | None:
    """The next item of a generator in a tuple, or `END`."""
    generator = _generators.get(number)
    if generator is None:
        return END
    try:
        return (next(generator),)  # type: ignore[arg-type]
    except StopIteration:
        _generators.pop(number, None)
        return END
    except BaseException:
        _generators.pop(number, None)
        raise


async def advance_async(number: int) -> tuple[object] | None:
    """The next item of an asynchronous generator in a tuple, or `END`."""
    generator = _generators.get(number)
    if generator is None:
        return END
    try:
        return (await anext(generator),)  # type: ignore[arg-type]
    except StopAsyncIteration:
        _generators.pop(number, None)
        return END
    except BaseException:
        _generators.pop(number, None)
        raise


def close(number: int) -> None:
    """Closes a generator, running its `finally` blocks."""
    generator = _generators.pop(number, None)
    if generator is not None:
        generator.close()  # type: ignore[union-attr]


async def close_async(number: int) -> None:
    """Closes an asynchronous generator."""
    generator = _generators.pop(number, None)
    if generator is not None:
        await generator.aclose()  # type: ignore[union-attr]
