"""Single-threaded programs in the spirit of pyperformance, each with a comparable result."""

from __future__ import annotations

import heapq
import json
import math
import pickle
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def nbody(n: int) -> float:
    """Planets pull at each other: floats and tuples."""
    bodies = [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 39.47],
        [4.84, -1.16, -0.10, 0.60, 2.81, -0.02, 0.037],
        [8.34, 4.12, -0.40, -1.01, 1.82, 0.008, 0.011],
        [12.89, -15.11, -0.22, 1.08, 0.86, -0.01, 0.0017],
        [15.37, -25.91, 0.17, 0.97, 0.59, -0.03, 0.002],
    ]
    pairs = [(a, b) for i, a in enumerate(bodies) for b in bodies[i + 1 :]]
    for _ in range(n * 200):
        for a, b in pairs:
            dx, dy, dz = a[0] - b[0], a[1] - b[1], a[2] - b[2]
            pull = 0.01 / (dx * dx + dy * dy + dz * dz) ** 1.5
            for axis, d in enumerate((dx, dy, dz), 3):
                a[axis] -= d * b[6] * pull
                b[axis] += d * a[6] * pull
        for body in bodies:
            for axis in range(3):
                body[axis] += 0.01 * body[axis + 3]
    return round(sum(body[0] for body in bodies), 6)


def fannkuch(n: int) -> list[int]:
    """Permutations are flipped: lists of small ints."""
    size, most, checksum = 7, 0, 0
    for _ in range(n):
        perm, count, checksum = list(range(size)), list(range(size)), 0
        odd, done = 0, False
        while not done:
            flips, copy = 0, perm[:]
            while first := copy[0]:
                copy[: first + 1] = copy[first::-1]
                flips += 1
            most = max(most, flips)
            checksum += -flips if odd else flips
            odd ^= 1
            if odd:
                perm[0], perm[1] = perm[1], perm[0]
                continue
            i = 1
            while True:
                perm.insert(i + 1, perm.pop(0)) if i + 1 < size else None
                if count[i]:
                    count[i] -= 1
                    break
                count[i] = i
                i += 1
                if i >= size - 1:
                    done = True
                    break
    return [most, checksum]


def spectral_norm(n: int) -> float:
    """Matrix times vector: calls and floats."""

    def a(i: int, j: int) -> float:
        return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)

    def times(v: list[float], swap: bool) -> list[float]:
        return [
            sum((a(j, i) if swap else a(i, j)) * x for j, x in enumerate(v)) for i in range(len(v))
        ]

    result = 0.0
    for _ in range(n):
        u = v = [1.0] * 40
        for _ in range(3):
            v = times(times(u, False), True)
            u = times(times(v, False), True)
        result = math.sqrt(sum(x * y for x, y in zip(u, v, strict=False)) / sum(y * y for y in v))
    return round(result, 9)


class Task:
    """A task of the small scheduler of `richards`."""

    __slots__ = ("handled", "name", "priority", "queue")

    def __init__(self, name: str, priority: int) -> None:
        self.name, self.priority, self.handled = name, priority, 0
        self.queue: list[int] = []

    def step(self, others: list[Task]) -> int:
        self.handled += 1
        packet = self.queue.pop() if self.queue else self.priority
        target = others[(packet + self.handled) % len(others)]
        if len(target.queue) < 8:
            target.queue.append((packet * 7 + 3) % 101)
        return packet


class Loud(Task):
    """A task that overrides what it does."""

    __slots__ = ()

    def step(self, others: list[Task]) -> int:
        return super().step(others) + 1


def richards(n: int) -> int:
    """A scheduler of objects: attributes, methods, a heap."""
    total = 0
    for _ in range(n):
        tasks = [(Loud if i % 3 else Task)(f"task {i}", i) for i in range(12)]
        ready = [(task.priority, index) for index, task in enumerate(tasks)]
        heapq.heapify(ready)
        for turn in range(3000):
            _, index = heapq.heappop(ready)
            total += tasks[index].step(tasks)
            heapq.heappush(ready, (turn + tasks[index].priority, index))
    return total


DOCUMENT = {
    "users": [
        {"id": i, "name": f"user {i}", "tags": ["a", "b", str(i)], "score": i / 7}
        for i in range(300)
    ]
}


def json_both_ways(n: int) -> int:
    size = 0
    for _ in range(n * 4):
        text = json.dumps(DOCUMENT)
        size += len(text) + len(json.loads(text)["users"])
    return size


TEXT = " ".join(
    f"user{i}@example{i % 9}.org said 2024-0{i % 9 + 1}-1{i % 9} that" for i in range(600)
)
MAIL = re.compile(r"\b[\w.]+@[\w.]+\.\w+\b")
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")


def regex(n: int) -> int:
    found = 0
    for _ in range(n * 4):
        found += len(MAIL.findall(TEXT)) + len(DATE.sub(r"\3.\2.\1", TEXT))
    return found


def pickling(n: int) -> int:
    size = 0
    for _ in range(n * 8):
        data = pickle.dumps(DOCUMENT)
        size += len(data) + len(pickle.loads(data)["users"])
    return size


PROGRAMS = {
    "nbody": nbody,
    "fannkuch": fannkuch,
    "spectral-norm": spectral_norm,
    "richards": richards,
    "json": json_both_ways,
    "regex": regex,
    "pickle": pickling,
}


def run(name: str, n: int) -> Any:
    return PROGRAMS[name](n)
