"""A philosopher."""

from multicore import channels


def dine(meals, take_left, put_left, take_right, put_right, sit_down, get_up, ready):
    for _ in range(meals):
        sit_down.recv()
        take_left.recv()
        if ready is not None:
            wait, go = channels.create()
            ready.send(go)
            del go
            wait.recv()
        take_right.recv()
        # … eats …
        put_left.send(None)
        put_right.send(None)
        get_up.send(None)
    return meals
