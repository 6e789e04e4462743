"""What the requests of the soak test run: the good, the slow and the nasty."""

import asyncio
import sys
import time

hoard: list[bytearray] = []


def answer(n: int) -> int:
    return n + 1


def spin(n: int, milliseconds: float) -> int:
    end = time.perf_counter() + milliseconds / 1000
    while time.perf_counter() < end:
        pass
    return n + 1


async def pause(n: int) -> int:
    await asyncio.sleep(0.001)
    return n + 1


def fail(n: int) -> int:
    raise ValueError(n)


def leave(n: int) -> int:
    sys.exit(n)


def hog(n: int) -> int:
    """Keeps a megabyte for good."""
    hoard.append(bytearray(1 << 20))
    return n + 1


def endless(_n: int) -> int:
    while True:
        pass


def defiant(_n: int) -> int:
    while True:
        try:  # noqa: SIM105 - suppress() would be left by the exception
            time.sleep(0.001)
        except BaseException:  # noqa: BLE001 - the nastiest thing that can be stopped
            pass


def sleep(_n: int) -> int:
    time.sleep(3600)
    return 0


def refuse(_n: int) -> object:
    return object()
