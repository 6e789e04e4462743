"""Workers that take jobs from one queue and put results into another, until a sentinel comes."""

import threading

from multicore import interpreters

STOP = None


def worker(tasks, results):
    total = 0
    while (task := tasks.get()) is not None:
        number, text = task
        words = text.split()
        total += len(words)
        results.put((number, {"words": len(words), "longest": max(words, key=len)}))
    results.put(("total", total))


def main():
    tasks, results = interpreters.create_queue(), interpreters.create_queue()
    workers = [interpreters.create() for _ in range(3)]
    threads = [interp.call_in_thread(worker, tasks, results) for interp in workers]
    lines = ["the quick brown fox", "jumps over", "the lazy dog and runs", "away"]
    for job in enumerate(lines):
        tasks.put(job)
    for _ in workers:
        tasks.put(STOP)
    for thread in threads:
        thread.join()
    found, total = {}, 0
    while not results.empty():
        key, value = results.get_nowait()
        if key == "total":
            total += value
        else:
            found[key] = value
    for number in sorted(found):
        print(number, found[number]["words"], found[number]["longest"])
    print("total", total, "threads", threading.active_count() >= 1)
    for interp in workers:
        interp.close()


if __name__ == "__main__":
    main()
