"""A party that turns away from a barrier now and then."""

from multicore import csp


def turn(step, rounds, pace):
    met = 0
    for number in range(rounds):
        which, _ = csp.alt(step=step, late=csp.after((number + pace) % 4 / 1000))
        met += which == "step"
    return met
