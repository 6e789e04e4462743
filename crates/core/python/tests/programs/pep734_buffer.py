"""Shared memory as PEP 734 has it: workers read one buffer in chunks and write into another."""

import threading

from multicore import interpreters

CHUNK = 1000
WORK = """
while (task := tasks.get()) is not None:
    index, start, end = task
    results[index] = sum(data[start:end]) % 256
"""


def main():
    data = memoryview(bytearray(n % 7 for n in range(10 * CHUNK)))
    kept = bytearray(10)
    results = memoryview(kept)
    tasks = interpreters.create_queue()

    def work():
        interp = interpreters.create()
        interp.prepare_main(data=data, results=results, tasks=tasks)
        interp.exec(WORK)
        interp.exec("del data, results")
        interp.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for index in range(10):
        tasks.put((index, index * CHUNK, (index + 1) * CHUNK))
    for _ in threads:
        tasks.put(None)
    for thread in threads:
        thread.join()
    print(list(kept) == [sum(data[n : n + CHUNK]) % 256 for n in range(0, 10 * CHUNK, CHUNK)])

    # What a queue brings is the memory, too, and not a copy of it.
    tasks.put(results)
    received = tasks.get()
    received[0] = 255
    print(kept[0], received.readonly, results.obj is kept)


if __name__ == "__main__":
    main()
