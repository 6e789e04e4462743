"""Locks and the like with `multiprocessing`'s names: those of `multicore.sync`."""

from importlib import import_module


def __getattr__(name: str) -> object:
    found: object = getattr(import_module("multicore.sync"), name)
    return found
