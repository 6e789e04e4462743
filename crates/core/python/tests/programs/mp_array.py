"""Numbers in shared memory, cut into slices that processes work on; a barrier between rounds."""

import array
from multicore.compat import Array, Barrier, Process, RawArray, get_context
from multicore.compat.shared_memory import SharedMemory


def smooth(cells, out, barrier, low, high):
    for _ in range(3):
        for at in range(low, high):
            left, right = cells[max(at - 1, 0)], cells[min(at + 1, len(cells) - 1)]
            out[at] = (left + cells[at] + right) / 3
        barrier.wait()
        for at in range(low, high):
            cells[at] = out[at]
        barrier.wait()


def fill(name, at, value):
    block = SharedMemory(name)
    block.buf[at] = value
    block.close()


def spread(numbers):
    return numbers.typecode, max(numbers) - min(numbers)


def main():
    cells, out = Array("d", [0, 0, 0, 90, 0, 0, 0, 0], lock=False), RawArray("d", 8)
    barrier = Barrier(2)
    workers = [Process(target=smooth, args=(cells, out, barrier, low, low + 4)) for low in (0, 4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print([round(cell, 2) for cell in cells], round(sum(cells)))
    block = SharedMemory(create=True, size=4)
    try:
        writers = [Process(target=fill, args=(block.name, at, at * 11)) for at in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        print(bytes(block.buf[:4]))
    finally:
        block.close()
        block.unlink()
    with get_context("spawn").Pool(2) as pool:
        print(pool.map(spread, [array.array("i", [3, 9, 4]), array.array("d", [0.5, 1.0])]))


if __name__ == "__main__":
    main()
