"""Work for the parallel suite: pure Python, no shared state."""

from __future__ import annotations


def count_primes(start: int, stop: int) -> int:
    """Counts primes by trial division: the processor is all that it needs."""
    count = 0
    for number in range(max(start, 2), stop):
        divisor = 2
        while divisor * divisor <= number:
            if number % divisor == 0:
                break
            divisor += 1
        else:
            count += 1
    return count


def tiny(value: int) -> int:
    return value + 1


# Equal shares of one range, and shares of which the largest is 30 times the smallest, large ones
# last: what a fixed assignment of tasks does badly.
EQUAL = [[50_000 + step * 6_000, 50_000 + (step + 1) * 6_000] for step in range(16)]
SIZES = (800, 1200, 1200, 1600, 2000, 2000, 2800, 3600, 6000, 8000, 12000, 24000, 24000)
UNEVEN = [[50_000, 50_000 + size] for size in SIZES]
