"""Messages between processes: multiprocessing's Queue and Pipe. The other process stays."""

import multiprocessing
import sys

import bench_host
import bench_messages


def other_side(orders, make):
    """Does what it is told until it is told to stop."""
    send, recv = make()
    while True:
        what, name, n = orders.recv()
        if what == "consume":
            orders.send(bench_messages.consume(recv, n))
        elif what == "pong":
            bench_messages.pong(send, recv, n)
            orders.send(None)
        else:
            return


def workloads(make_here, make_there, method):
    context = multiprocessing.get_context(method)
    orders, theirs = context.Pipe()
    process = context.Process(target=other_side, args=(theirs, make_there), daemon=True)
    process.start()
    send, recv = make_here()

    def throughput(name):
        def run(n):
            orders.send(("consume", name, n))
            bench_messages.produce(send, name, n)
            return orders.recv()

        return run

    def round_trip(n):
        orders.send(("pong", "", n))
        total = bench_messages.ping(send, recv, n)
        orders.recv()
        return total

    return throughput, round_trip, process


class QueueEnds:
    def __init__(self, out, back):
        self.out, self.back = out, back

    def __call__(self):
        return self.out.put, self.back.get


class PipeEnds:
    def __init__(self, end):
        self.end = end

    def __call__(self):
        return self.end.send, self.end.recv


def main():
    method = "fork" if sys.platform == "linux" else "spawn"
    context = multiprocessing.get_context(method)
    if sys.argv[1] == "queue":
        bounded = [context.Queue(64), context.Queue(64)]
        free = [context.Queue(), context.Queue()]
        throughput, round_trip, process = workloads(
            QueueEnds(*bounded), QueueEnds(*reversed(bounded)), method
        )
        unbounded, _, other = workloads(QueueEnds(*free), QueueEnds(*reversed(free)), method)
        found = {
            "int-64": throughput("int"),
            "int-unbounded": unbounded("int"),
            "text-64": throughput("text"),
            "tuple-64": throughput("tuple"),
            "bytes-64": throughput("bytes"),
            "megabyte-8": throughput("megabyte"),
            "round-trip": round_trip,
        }
        others = [process, other]
    else:
        here, there = context.Pipe()
        throughput, round_trip, process = workloads(PipeEnds(here), PipeEnds(there), method)
        # A pipe holds what the operating system's buffer holds.
        found = {
            "int-64": throughput("int"),
            "text-64": throughput("text"),
            "tuple-64": throughput("tuple"),
            "bytes-64": throughput("bytes"),
            "megabyte-8": throughput("megabyte"),
            "round-trip": round_trip,
        }
        others = [process]
    bench_host.serve(found, lambda: [each.kill() for each in others])


if __name__ == "__main__":
    main()
