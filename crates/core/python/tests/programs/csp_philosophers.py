"""Dining philosophers for python-csp: forks are processes that choose who picks them up."""

from multicore.csp import Alt, Channel, Par, process

MEALS = 5
NAMES = ("Plato", "Hypatia", "Kant", "Arendt", "Russell")


@process
def fork(left, right):
    """readset = left, right
    writeset =
    """
    alt = Alt(left, right)
    for _ in range(2 * MEALS):
        who = alt.select()
        # Until this one puts it down, nobody else is listened to.
        if alt.last_selected.read() != who:
            print("two philosophers held one fork")


@process
def philosopher(name, first, second, report):
    """readset =
    writeset = first, second, report
    """
    eaten = 0
    for _ in range(MEALS):
        first.write(name)
        second.write(name)
        eaten += 1
        first.write(name)
        second.write(name)
    report.write((name, eaten))


@process
def host(report, guests):
    """readset = report
    writeset =
    """
    for name, eaten in sorted(report.read() for _ in range(guests)):
        print(name, "ate", eaten)


def main():
    count = len(NAMES)
    lefts = [Channel() for _ in range(count)]
    rights = [Channel() for _ in range(count)]
    report = Channel()
    table = [fork(lefts[n], rights[n]) for n in range(count)]
    for n, name in enumerate(NAMES):
        hands = [lefts[n], rights[(n + 1) % count]]
        if n == 0:
            # One who is left-handed, and nobody starves.
            hands.reverse()
        table.append(philosopher(name, *hands, report))
    Par(*table, host(report, count)).start()


if __name__ == "__main__":
    main()
