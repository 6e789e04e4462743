"""Map and reduce over text with a Pool: imap_unordered, starmap, callbacks, an initializer."""

import re
from collections import Counter
from multicore.compat import Pool, cpu_count, current_process

TEXTS = {
    "a": "To be, or not to be, that is the question",
    "b": "Whether 'tis nobler in the mind to suffer",
    "c": "The slings and arrows of outrageous fortune",
}

pattern = None


def init(expression):
    global pattern
    pattern = re.compile(expression)


def count(item):
    name, text = item
    return name, Counter(word.lower() for word in pattern.findall(text))


def merge(left, right):
    return left + right


def who(_):
    return current_process().name


class Failure(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


def fail(code):
    raise Failure(code)


def main():
    with Pool(2, initializer=init, initargs=(r"[a-zA-Z]+",)) as pool:
        counts = dict(pool.imap_unordered(count, TEXTS.items()))
        total = pool.starmap(merge, [(counts["a"], counts["b"])])[0] + counts["c"]
        print(total.most_common(3))
        heard, errors = [], []
        pool.apply_async(pow, (2, 5), callback=heard.append).wait()
        pool.apply_async(fail, (7,), error_callback=errors.append).wait()
        print(heard, [error.code for error in errors])
        try:
            pool.map(fail, [2])
        except Failure as error:
            print("failed with", error.code)
        print(all("PoolWorker-" in name for name in pool.map(who, range(4))))
        endless = pool.imap(abs, iter(range(-3, 10**9)))
        print([next(endless) for _ in range(5)])
    print(cpu_count() >= 1)


if __name__ == "__main__":
    main()
