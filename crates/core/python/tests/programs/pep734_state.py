"""An interpreter as an object with state: functions of the main script keep theirs over there."""

from multicore import interpreters

count = 0
seen: list[int] = []


def bump(by=1):
    global count
    count += by
    seen.append(by)
    return count


def report():
    return count, list(seen), __name__


def hidden(names):
    import __main__

    return [name for name in names if hasattr(__main__, name)]


def main():
    interp = interpreters.create()
    print(interp.call(report))
    interp.call(bump)
    interp.call(bump, 3)
    print(interp.call(report))
    print(interp.call(hidden, ("count", "seen", "bump")), interp.call(eval, "'count' in vars()"))
    print(report()[:2])
    other = interpreters.create()
    print(other.call(bump, by=10), interp.call(bump))
    for made in (interp, other):
        made.close()


if __name__ == "__main__":
    main()
