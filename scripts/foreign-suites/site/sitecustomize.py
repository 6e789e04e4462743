"""Makes CPython's tests import multicore: run by `site` in every interpreter of `run.mjs`.

What lives here: the changed imports, which are what a program's author would change, and the few
private names that the suites' fixtures read. What must not: anything that makes a test pass.
"""

from __future__ import annotations

import ast
import os
import sys
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, ModuleType
    from typing import Any

_REDIRECT = os.environ.get("FOREIGN_REDIRECT", "").split(",")
_HAS_MULTICORE = "_multicore" in sys.builtin_module_names

_INTERPRETERS = {
    "concurrent.interpreters": "multicore.interpreters",
    "concurrent.interpreters._queues": "multicore._queues",
    "concurrent.interpreters._crossinterp": "multicore._unbound",
    "test.support.interpreters": "multicore.interpreters",
    "test.support.interpreters.queues": "multicore._queues",
    "test.support.interpreters._crossinterp": "multicore._unbound",
    "test.support.interpreters.channels": "multicore.channels",
    "test.support.channels": "multicore.channels",
}


class _Alias:
    """Imports a module of multicore under a name of CPython's."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name not in _INTERPRETERS:
            return None
        loader: Any = _Loader()
        return ModuleSpec(name, loader, is_package=name.endswith("interpreters"))


class _Loader:
    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = import_module(_INTERPRETERS[spec.name])
        self.kept = (module.__name__, module.__package__, module.__spec__, module.__loader__)
        return module

    def exec_module(self, module: ModuleType) -> None:
        # The import system has written the alias's name on it.
        module.__name__, module.__package__, module.__spec__, module.__loader__ = self.kept
        if module.__name__ == "multicore.interpreters":
            _private_interpreters(module)


def _private_interpreters(module: Any) -> None:
    """Give what the suites read of private modules."""
    from multicore import _queues, _unbound, channels

    module.__path__ = []
    module._queues = module.queues = _queues
    module.channels = channels
    module._crossinterp = _unbound
    unbound: Any = _unbound
    unbound.UNBOUND = _queues.UNBOUND
    unbound._UNBOUND_CONSTANT_TO_FLAG = {
        _queues.UNBOUND: 3,
        _unbound.UNBOUND_ERROR: 2,
        _unbound.UNBOUND_REMOVE: 1,
    }
    # The exceptions that the tests expect by their private module.
    private: Any = import_module("_interpreters")
    for name in ("InterpreterError", "InterpreterNotFoundError", "NotShareableError"):
        setattr(private, name, getattr(module, name))


class _Changed:
    """Imports the suite of multiprocessing with its imports changed."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: object = None) -> ModuleSpec | None:
        if name != "test._test_multiprocessing":
            return None
        spec = PathFinder.find_spec(name, path)
        if spec is not None and spec.origin is not None:
            spec.loader = _ChangedLoader(name, spec.origin)
        return spec


class _ChangedLoader(SourceFileLoader):
    def get_code(self, fullname: str) -> CodeType | None:
        # Not from, and not into, the cache of compiled files.
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:  # type: ignore[override]
        tree = _Imports().visit(ast.parse(data))
        code: CodeType = compile(ast.fix_missing_locations(tree), path, "exec")
        return code


def _home(name: str) -> str:
    """Give where a module of multiprocessing is: multicore's, or, if it has none, CPython's."""
    ours = name.replace("multiprocessing", "multicore.compat", 1)
    # The fixtures use the private half of `util`.
    return ours if name != "multiprocessing.util" and find_spec(ours) is not None else name


class _Imports(ast.NodeTransformer):
    def visit_Import(self, node: ast.Import) -> ast.AST:
        if not node.names[0].name.startswith("multiprocessing"):
            return node
        return ast.Import([ast.alias("foreign_multiprocessing", "multiprocessing")])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        if node.module == "multiprocessing":
            node.module = "foreign_multiprocessing"
        elif node.module is not None and node.module.startswith("multiprocessing."):
            node.module = _home(node.module)
        return node


def _futures() -> None:
    """Make the thread pools of the suite pools of interpreters."""
    import concurrent.futures

    from multicore import futures, sync

    changed: Any = concurrent.futures
    changed.InterpreterPoolExecutor = futures.InterpreterPoolExecutor
    if sys.version_info >= (3, 14):
        private: Any = import_module("concurrent.futures.interpreter")
        private.BrokenInterpreterPool = futures.BrokenInterpreterPool
    util: Any = import_module("test.test_concurrent_futures.util")
    for name in ("ThreadPoolMixin", "InterpreterPoolMixin"):
        mixin = getattr(util, name, None)
        if mixin is not None:
            mixin.executor_type = futures.InterpreterPoolExecutor
            # What the suite makes for processes; ours cross.
            mixin.create_event = lambda self: sync.Event()


def _prepare() -> None:
    """Do, in the interpreter that runs the tests, what needs multicore."""
    from unittest import SkipTest

    helper: Any = import_module("test.support.script_helper")

    def other_python(*args: object, **kwargs: object) -> None:
        raise SkipTest("starts another Python, which has no multicore")

    helper.run_python_until_end = helper.spawn_python = other_python
    if "interpreters" in _REDIRECT:
        import_module(
            "concurrent.interpreters"
            if sys.version_info >= (3, 14)
            else "test.support.interpreters"
        )
    if "futures" in _REDIRECT:
        _futures()


if _HAS_MULTICORE:
    sys._foreign_prepare = _prepare  # type: ignore[attr-defined]
    if "interpreters" in _REDIRECT:
        sys.meta_path.insert(0, _Alias)
    if "multiprocessing" in _REDIRECT:
        sys.meta_path.insert(0, _Changed)
