"""The module that the README's examples call."""

import multicore

calls = 0


def score(text: str) -> int:
    return text.count("good")


def warm_up() -> str:
    return "warm"


def count() -> int:
    global calls
    calls += 1
    return calls


def train(steps: int) -> str:
    for step in range(steps):
        multicore.progress(step + 1, steps)
    return "trained"
