"""A report over chunks: map with chunks, submit with callbacks, as_completed, errors, time-outs."""

import time
from multicore.futures import FIRST_EXCEPTION, InterpreterPoolExecutor, as_completed, wait
from dataclasses import dataclass, field


@dataclass
class Row:
    name: str
    values: list[int] = field(default_factory=list)

    @property
    def mean(self):
        return sum(self.values) / len(self.values)


def load(number):
    return Row(f"row{number}", [number, number * 2, number * 3])


def summarize(row):
    return row.name, row.mean


def risky(number):
    if number % 3 == 2:
        raise LookupError(f"nothing for {number}")
    return number


SETTINGS: dict[str, str] = {}


def setup(level):
    SETTINGS["level"] = level


def level():
    return SETTINGS["level"]


def main():
    with InterpreterPoolExecutor(max_workers=2, initializer=setup, initargs=("debug",)) as pool:
        rows = list(pool.map(load, range(1, 6), chunksize=2))
        print([row.values for row in rows], type(rows[0]) is Row)
        for name, mean in pool.map(summarize, rows):
            print(name, mean)
        print({pool.submit(level).result() for _ in range(4)})
        futures = {pool.submit(risky, n): n for n in range(6)}
        outcomes = {}
        for future in as_completed(futures, timeout=60):
            try:
                outcomes[futures[future]] = future.result()
            except LookupError as error:
                outcomes[futures[future]] = type(error).__name__
        print(sorted(outcomes.items(), key=lambda item: item[0]))
        done, _ = wait([pool.submit(risky, 2), pool.submit(risky, 1)], return_when=FIRST_EXCEPTION)
        print(any(future.exception() for future in done))
        heard = []
        future = pool.submit(pow, 2, 10)
        future.add_done_callback(lambda done: heard.append(done.result()))
        wait([future])
        time.sleep(0.05)
        print(heard)
        try:
            pool.submit(time.sleep, 1).result(timeout=0.05)
        except TimeoutError:
            print("timed out")
    try:
        pool.submit(level)
    except RuntimeError as error:
        print(error)


if __name__ == "__main__":
    main()
