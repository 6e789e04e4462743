"""What `help()` shows: every public member of the package has something to say."""

import importlib
import inspect
import unittest

MODULES = (
    "multicore", "multicore.asyncio", "multicore.channels", "multicore.compat",
    "multicore.compat.connection", "multicore.compat.context", "multicore.compat.managers",
    "multicore.compat.pool", "multicore.compat.process", "multicore.compat.queues",
    "multicore.compat.sharedctypes", "multicore.compat.synchronize", "multicore.csp",
    "multicore.csp.builtins", "multicore.csp.guards",
    "multicore.futures", "multicore.interpreters", "multicore.node", "multicore.sync",
)  # fmt: skip


def public_names(module):
    names = getattr(module, "__all__", None)
    return sorted(names if names is not None else (n for n in dir(module) if n[0] != "_"))


def members(cls):
    """Public methods and properties that the package itself defines, by name."""
    for base in cls.__mro__:
        if base.__module__.partition(".")[0] not in ("multicore", "_multicore"):
            continue
        for name, value in vars(base).items():
            if not name.startswith("_") and (callable(value) or isinstance(value, property)):
                yield name, getattr(cls, name, value)


class Documentation(unittest.TestCase):
    def test_every_module_exports_what_it_says_and_documents_it(self):
        missing = []
        for module_name in MODULES:
            module = importlib.import_module(module_name)
            self.assertTrue(module.__doc__, module_name)
            for name in public_names(module):
                found = getattr(module, name)
                if inspect.ismodule(found) or not (callable(found) or inspect.isclass(found)):
                    continue
                where = f"{module_name}.{name}"
                if not inspect.getdoc(found):
                    missing.append(where)
                if inspect.isclass(found):
                    missing.extend(
                        f"{where}.{member}"
                        for member, value in members(found)
                        if not inspect.getdoc(value)
                    )
        self.assertEqual(missing, [])

    def test_star_imports_work(self):
        for module_name in MODULES:
            names = {}
            exec(f"from {module_name} import *", names)
            for name in getattr(importlib.import_module(module_name), "__all__", ()):
                self.assertIn(name, names, module_name)
