"""A place in the grid."""


def cell(depth, left, top, right, bottom):
    total = 0
    for _ in range(depth):
        x, y = left.recv(), top.recv()
        total += x * y
        right.send(x)
        bottom.send(y)
    return total
