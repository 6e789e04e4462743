"""Processes, queues, a pipe, an event, shared values: a pipeline of three stages."""

import time
from multicore.compat import Event, JoinableQueue, Lock, Pipe, Process, Queue, Value


class Stage(Process):
    def __init__(self, source, sink, factor):
        super().__init__(name=f"stage-{factor}")
        self.source, self.sink, self.factor = source, sink, factor

    def run(self):
        while (item := self.source.get()) is not None:
            self.sink.put(item * self.factor)
            self.source.task_done()
        self.source.task_done()
        self.sink.put(None)


def total(source, connection, counter, lock):
    found = 0
    while (item := source.get()) is not None:
        found += item
        with lock:
            counter.value += 1
        source.task_done()
    source.task_done()
    connection.send({"total": found})
    connection.close()


def heartbeat(stop, beats):
    while not stop.wait(0.005):
        with beats.get_lock():
            beats.value += 1


def main():
    first, second, third = JoinableQueue(), JoinableQueue(), JoinableQueue()
    receive, send = Pipe(duplex=False)
    counter, lock, beats, stop = Value("i", 0), Lock(), Value("i", 0), Event()
    pulse = Process(target=heartbeat, args=(stop, beats), daemon=True)
    stages = [Stage(first, second, 2), Stage(second, third, 5)]
    last = Process(target=total, args=(third, send, counter, lock))
    for process in (pulse, *stages, last):
        process.start()
    for number in range(10):
        first.put(number)
    first.put(None)
    first.join()
    print(receive.recv(), counter.value)
    time.sleep(0.05)
    stop.set()
    for process in (*stages, last, pulse):
        process.join(10)
    print([process.exitcode for process in (*stages, last, pulse)], beats.value > 0)
    results = Queue()
    failing = Process(target=results.put, args=("queued",))
    failing.start()
    print(results.get(timeout=10))
    failing.join()


if __name__ == "__main__":
    main()
