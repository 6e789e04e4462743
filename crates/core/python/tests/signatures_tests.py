"""Names and signatures beside the standard library's: what its callers write is accepted here.

A name may be a class here and a function there; parameters may be added, if they may be left out.
"""

import importlib
import importlib.util
import inspect
import re
import sys
import unittest

PAIRS = {
    "concurrent.futures": "multicore.futures",
    "concurrent.interpreters": "multicore.interpreters",
    "multiprocessing": "multicore.compat",
    "multiprocessing.connection": "multicore.compat.connection",
    "multiprocessing.context": "multicore.compat.context",
    "multiprocessing.managers": "multicore.compat.managers",
    "multiprocessing.pool": "multicore.compat.pool",
    "multiprocessing.process": "multicore.compat.process",
    "multiprocessing.queues": "multicore.compat.queues",
    "multiprocessing.shared_memory": "multicore.compat.shared_memory",
    "multiprocessing.sharedctypes": "multicore.compat.sharedctypes",
    "multiprocessing.synchronize": "multicore.compat.synchronize",
    "multiprocessing.util": "multicore.compat.util",
    "test.support.channels": "multicore.channels",
    "test.support.interpreters.channels": "multicore.channels",
}
#: Documented, or used by those who write proxies, and not in `__all__`.
MORE = {
    "multiprocessing.managers": (
        "ArrayProxy", "DictProxy", "ListProxy", "MakeProxyType", "Namespace", "NamespaceProxy",
        "RemoteError", "SetProxy", "ValueProxy",
    ),
}  # fmt: skip

#: What differs and is to, as regular expressions: each with its reason.
DIFFERENCES = {
    # concurrent.interpreters
    r"interpreters\.Interpreter: (_whence|_ownsref) is missing": "private",
    r"interpreters\.Queue\.(get|put): _delay is missing": "private: nothing polls here",
    r"interpreters\.create_queue: unbounditems=": "the same constant, under our module's name",
    r"\.__del__ is missing": "an object of the core has no finalizer in Python",
    # PEP 554's channels
    r"channels\.(Send|Recv)Channel\.\w+: (_delay|_sentinel) is missing": "private",
    r"channels\.\w+: unbounditems=|recv_nowait: default=": "a constant of ours for one of theirs",
    r"channels\.(Send|Recv)Channel: (cid|id|_unbound) is": "it is by position alone",
    r"channels\.SendChannel\.send\w*: unbound(items)? is missing":
        "messages belong to no interpreter: none becomes unbound",
    # multiprocessing
    r"multiprocessing\.reducer is missing": "what crosses is pickled by multicore",
    r"context\.\w+Context\.\w+ is missing": "`__getattr__` has them: see the test of contexts",
    r"context\.DefaultContext: context is missing": "its start method is a name",
    r"managers\.SyncManager\.\w+ is missing": "`__getattr__` has them: see the test of managers",
    r"managers\.\w*Proxy: \w+ is (missing|wanted)": "a proxy is made by its manager",
    r"managers\.\w*Proxy\.__\w+__: takes 0 arguments, not 2": "theirs takes any; Python gives none",
    r"managers\.MakeProxyType: _cache is missing": "private",
    r"managers\.Token is missing": "an object of a manager is found by its number",
    r"pool\.Pool\.Process is missing": "the workers are interpreters",
    r"pool\.Pool\.__del__: ": "private",
    r"synchronize\.\w+\.__[gs]etstate__ is missing": "a lock crosses by its __reduce__",
    r"shared_memory\.SharedMemory: track=": "who attaches a block does not have it tracked",
    r"util\.close_all_fds_except is missing": "the descriptors are Node's",
    r"(assert_spawning|[gs]et_spawning_popen) is missing": "no process is started",
}  # fmt: skip

#: Members that every class has, or that say nothing of what a caller may write.
COMMON = {
    *dir(object), *dir(type(lambda: None)), "__abstractmethods__", "__annotations__",
    "__annotations_cache__", "__dict__", "__firstlineno__", "__getnewargs__", "__hash__",
    "__module__", "__slots__",
    "__static_attributes__", "__weakref__", "__orig_bases__", "__parameters__", "__type_params__",
} - {"__call__"}  # fmt: skip


def public(names):
    return {name for name in names if not name.startswith("_") or name.endswith("__")}


def parameters(function):
    try:
        found = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return None
    return {name: parameter for name, parameter in found.items() if name != "self"}


def same(theirs, ours):
    # Defaults that mean the same.
    return repr(theirs) == repr(ours) or (not theirs and not ours)


def lacking(theirs, ours, *, by_name=True):
    """What a call that the one takes could be refused for by the other."""
    theirs, ours = parameters(theirs), parameters(ours)
    if theirs is None or ours is None:
        return
    kinds = {parameter.kind for parameter in ours.values()}
    takes_any = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD} <= kinds
    if not by_name:
        # Python itself calls these, by position.
        if inspect.Parameter.VAR_POSITIONAL not in kinds and len(ours) < len(theirs):
            yield f"takes {len(ours)} arguments, not {len(theirs)}"
        return
    for name, parameter in theirs.items():
        mine = ours.get(name)
        if mine is None:
            if parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                if not takes_any:
                    yield f"{name} is missing"
            elif parameter.kind not in kinds:
                yield f"takes no *{name}"
            continue
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD and mine.kind is not parameter.kind:
            yield f"{name} is {mine.kind.description}"
        if parameter.default is not parameter.empty and not same(parameter.default, mine.default):
            yield f"{name}={mine.default!r}, not {parameter.default!r}"
    for name, mine in ours.items():
        is_wanted = mine.default is mine.empty and not mine.kind.name.startswith("VAR_")
        if name not in theirs and is_wanted:
            yield f"{name} is wanted"
    names = [n for n, p in theirs.items() if p.kind is p.POSITIONAL_OR_KEYWORD and n in ours]
    if [n for n in ours if n in names] != names:
        yield f"takes {list(ours)} in another order than {names}"


def compare(path, theirs, ours):
    """Yield what differs, a line each."""
    if theirs is ours or not callable(theirs):
        return
    yield from (f"{path}: {what}" for what in lacking(theirs, ours))
    if not isinstance(theirs, type) or issubclass(theirs, BaseException):
        return
    for name in sorted(public(dir(theirs)) - COMMON):
        member = getattr(theirs, name)
        if not hasattr(ours, name):
            yield f"{path}.{name} is missing"
        elif callable(member):
            by_name = not name.startswith("__")
            for what in lacking(member, getattr(ours, name), by_name=by_name):
                yield f"{path}.{name}: {what}"


def differences(standard, ours):
    names = getattr(standard, "__all__", None) or [
        name
        for name, value in vars(standard).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == standard.__name__
    ]
    for name in sorted({*names, *MORE.get(standard.__name__, ())}):
        path = f"{standard.__name__}.{name}"
        if not hasattr(standard, name):
            continue
        if not hasattr(ours, name):
            yield f"{path} is missing"
            continue
        yield from compare(path, getattr(standard, name), getattr(ours, name))


class Signatures(unittest.TestCase):
    def test_all_that_the_standard_library_takes_is_taken(self):
        found = []
        for standard, ours in PAIRS.items():
            try:
                module = importlib.import_module(standard)
            except ImportError:
                # Of another version, or `test` is not installed.
                continue
            found += differences(module, importlib.import_module(ours))
        unexplained = [what for what in found if not any(re.search(d, what) for d in DIFFERENCES)]
        self.assertEqual(unexplained, [])
        if sys.version_info[:2] == (3, 14) and importlib.util.find_spec("test.support") is not None:
            unneeded = [d for d in DIFFERENCES if not any(re.search(d, what) for what in found)]
            self.assertEqual(unneeded, [])

    def test_contexts_have_all_that_multiprocessing_s_have(self):
        theirs = importlib.import_module("multiprocessing")
        ours = importlib.import_module("multicore.compat")
        for method in (None, "spawn", "fork", "forkserver"):
            known, mine = theirs.get_context(method), ours.get_context(method)
            for name in public(dir(known)) - {"reducer"} - COMMON:
                self.assertTrue(hasattr(mine, name), name)
                self.assertIn(name, dir(mine))
                if callable(getattr(known, name)):
                    self.assertEqual(
                        list(lacking(getattr(known, name), getattr(mine, name))), [], name
                    )

    def test_managers_have_all_that_multiprocessing_s_have(self):
        theirs = importlib.import_module("multiprocessing.managers").SyncManager
        ours = importlib.import_module("multicore.compat.managers").SyncManager()
        missing = [name for name in public(dir(theirs)) if not hasattr(ours, name)]
        # Made when it is started, there as here.
        self.assertEqual([name for name in missing if name != "shutdown"], [])

    def test_the_comparison_finds_what_differs(self):
        def theirs(a, b=1, *, c=2):
            pass

        def ours(b=1, a=None, *, d):
            pass

        self.assertEqual(
            list(lacking(theirs, ours)),
            [
                "c is missing",
                "d is wanted",
                "takes ['b', 'a', 'd'] in another order than ['a', 'b']",
            ],
        )
