"""A pipeline for python-csp: sensors, a multiplexer that alternates, and a timer as a guard."""

from multicore.csp import Alt, Channel, process
from multicore.csp.builtins import Succ
from multicore.csp.guards import Timer


@process
def sensor(out, values):
    """readset =
    writeset = out
    """
    for value in values:
        out.write(value)


@process
def multiplex(evens, odds, out, count):
    """readset = evens, odds
    writeset = out
    """
    both = Alt(evens, odds)
    for value in both * count:
        # Guards know who was selected.
        if (both.last_selected is evens) != (value % 2 == 0):
            print("a value of the other sensor")
        out.write(value)


@process
def collect(values, raw, count):
    """readset = values
    writeset = raw
    """
    found = [values.read() for _ in range(count)]
    print("in order:", [v for v in found if v % 2], [v for v in found if v % 2 == 0])
    timer = Timer()
    timer.set_alarm(0.05)
    silence = Alt(values, timer)
    silence.select()
    print("then silence:", silence.last_selected is timer)
    # Who waits for more of them need not.
    raw.poison()


def main():
    evens, odds, raw, out = Channel(), Channel(), Channel(), Channel()
    sensor(evens, range(0, 10, 2)) // (
        sensor(odds, range(1, 10, 2)),
        multiplex(evens, odds, raw, 10),
        Succ(raw, out),
        collect(out, raw, 10),
    )
    print("done")


if __name__ == "__main__":
    main()
