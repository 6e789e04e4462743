"""Channels as PEP 554 had them: a squarer and a printer, ends handed to other interpreters."""

from multicore import interpreters
from multicore import channels


def squares(numbers, results):
    while (number := numbers.recv()) is not None:
        results.send(number * number)
    results.send(None)


def main():
    numbers, feed = channels.create()
    collect, results = channels.create()
    interp = interpreters.create()
    thread = interp.call_in_thread(squares, numbers, results)
    found = []
    for number in (2, 3, 5):
        feed.send(number)
        found.append(collect.recv())
    feed.send(None)
    print(found, collect.recv())
    thread.join()
    print(collect.recv_nowait("nothing"), feed == channels.SendChannel(feed.id))
    interp.close()


if __name__ == "__main__":
    main()
