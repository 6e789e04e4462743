"""Measures Python source files: functions, classes, cyclomatic complexity, longest function.

One module for every way of running it: as a worker process of a CSP network (`work`), by itself
(`python -m metrics ROOT < paths`), and in a `ProcessPoolExecutor` (`--processes N`).
"""

from __future__ import annotations

import ast
import json
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.synchronize import Barrier

    from multicore.channels import RecvChannel, SendChannel

# Immutable, so that they can be sent as they are.
# name, line, complexity, length in lines
type FunctionMetrics = tuple[str, int, int, int]
# path, lines, functions, classes, complexity of all functions together, the most complex ones,
# the longest one, what was wrong with the file
type FileMetrics = tuple[
    str, int, int, int, int, tuple[FunctionMetrics, ...], FunctionMetrics | None, str | None
]

MOST_COMPLEX_MAX = 10

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Each is one more way through the function that it stands in.
_BRANCHES = frozenset({
    ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert,
    ast.comprehension, ast.match_case,
})  # fmt: skip


def measure(root: str, path: str) -> FileMetrics:
    """Measures one file; a file that does not parse is a result, not an error."""
    try:
        source = Path(root, path).read_bytes()
        tree = ast.parse(source, path)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OSError) as error:
        return (path, 0, 0, 0, 0, (), None, f"{type(error).__name__}: {error}")
    functions, classes = _measure_tree(tree)
    functions.sort(key=lambda function: (-function[2], function[1]))
    longest = max(functions, key=lambda function: (function[3], -function[1]), default=None)
    complexity = sum(function[2] for function in functions)
    most_complex = tuple(functions[:MOST_COMPLEX_MAX])
    lines = source.count(b"\n")
    return (path, lines, len(functions), classes, complexity, most_complex, longest, None)


def _measure_tree(tree: ast.Module) -> tuple[list[FunctionMetrics], int]:
    functions: list[FunctionMetrics] = []
    classes = 0
    # Not recursive: generated code is nested deeper than Python's stack.
    scopes: list[tuple[str, ast.AST]] = [("", tree)]
    while scopes:
        prefix, scope = scopes.pop()
        complexity = 1
        nodes: list[ast.AST] = list(_children(scope))
        while nodes:
            node = nodes.pop()
            if isinstance(node, _FUNCTIONS):
                scopes.append((f"{prefix}{node.name}.", node))
                continue
            if isinstance(node, ast.ClassDef):
                classes += 1
                scopes.append((f"{prefix}{node.name}.", node))
                continue
            if type(node) in _BRANCHES:
                complexity += 1
            elif isinstance(node, ast.BoolOp):
                complexity += len(node.values) - 1
            nodes.extend(_children(node))
        if isinstance(scope, _FUNCTIONS):
            length = (scope.end_lineno or scope.lineno) - scope.lineno + 1
            functions.append((prefix[:-1], scope.lineno, complexity, length))
    return functions, classes


def _children(node: ast.AST) -> Iterator[ast.AST]:
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            yield value
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST):
                    yield item


def work(root: str, paths: RecvChannel[str], results: SendChannel[FileMetrics | None]) -> int:
    """Says that it is ready, then measures files until there are no more."""
    _quiet()
    results.send(None)
    count = 0
    for path in paths:
        results.send(measure(root, path))
        count += 1
    return count


def _quiet() -> None:
    # Test files of the standard library warn about themselves when they are parsed.
    warnings.simplefilter("ignore")


# What follows is for stock Python alone: what the interpreters are compared with. What it needs is
# imported where it is needed: workers start sooner without.


def _prepare(everybody: Barrier) -> None:
    _quiet()
    everybody.wait()


def _in_processes(root: str, paths: Sequence[str], count: int) -> tuple[float, list[FileMetrics]]:
    """Like the network: the clock starts when every worker is ready."""
    import concurrent.futures
    import functools
    import multiprocessing

    everybody = multiprocessing.Barrier(count + 1)
    with concurrent.futures.ProcessPoolExecutor(
        count, initializer=_prepare, initargs=(everybody,)
    ) as pool:
        first = [pool.submit(abs, 0) for _ in range(count)]
        everybody.wait()
        concurrent.futures.wait(first)
        start = time.perf_counter()
        # In chunks, as its documentation advises for many small tasks.
        results = list(pool.map(functools.partial(measure, root), paths, chunksize=4))
        return time.perf_counter() - start, results


def _one_by_one(root: str, paths: Sequence[str]) -> tuple[float, list[FileMetrics]]:
    _quiet()
    start = time.perf_counter()
    results = [measure(root, path) for path in paths]
    return time.perf_counter() - start, results


def main() -> None:
    """Measures the files named on standard input, one a line, and prints everything as JSON."""
    import argparse

    parser = argparse.ArgumentParser(prog="metrics", description=main.__doc__)
    parser.add_argument("root", help="the folder that the paths are relative to")
    parser.add_argument("--processes", type=int, default=0, help="0: one after the other, here")
    options = parser.parse_args()
    paths = sys.stdin.read().splitlines()
    if options.processes > 0:
        seconds, results = _in_processes(options.root, paths, options.processes)
    else:
        seconds, results = _one_by_one(options.root, paths)
    json.dump({"seconds": seconds, "results": results}, sys.stdout)


if __name__ == "__main__":
    main()
