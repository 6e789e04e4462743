"""A program for ProcessPoolExecutor: prime numbers, a broken call, workers that are replaced."""

import math
import os
from multicore.futures import ProcessPoolExecutor, as_completed

PRIMES = [112272535095293, 112582705942171, 112272535095294, 115797848077099]


def is_prime(n):
    if n < 2:
        return False
    if n % 2 == 0:
        return n == 2
    return all(n % divisor for divisor in range(3, math.isqrt(n) // 50 + 1, 2))


def remember(value, cache=[]):
    cache.append(value)
    return len(cache)


def main():
    with ProcessPoolExecutor(max_workers=2) as executor:
        for number, prime in zip(PRIMES, executor.map(is_prime, PRIMES)):
            print(number, prime)
        futures = [executor.submit(divmod, 7, n) for n in (2, 0)]
        outcomes = []
        for future in as_completed(futures):
            error = future.exception()
            outcomes.append(str(future.result()) if error is None else type(error).__name__)
        # Either may be first.
        print(*sorted(outcomes), sep="\n")
    with ProcessPoolExecutor(1, max_tasks_per_child=1, mp_context=None) as executor:
        print([executor.submit(remember, n).result() for n in range(3)])
    print(os.getpid() > 0)


if __name__ == "__main__":
    main()
