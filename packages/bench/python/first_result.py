"""The first result in a fresh process: Python's own executable."""

print(6 * 7)
