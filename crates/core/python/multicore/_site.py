"""`site` once for all interpreters: the main one's says what it found, the others are told.

What lives here: taking down what `site` did, doing the same without it, and `site` itself for code
that imports it later. It saves a third of what one more interpreter costs
(docs/design/interpreters.md). What must not: guesses. Where `site` ran code of others, every
interpreter runs it.
"""

import builtins
import sys

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from typing import Any

_PRINTERS = ("copyright", "credits", "license")
_CONSTANTS = ("ENABLE_USER_SITE", "PREFIXES", "USER_BASE", "USER_SITE")
_NAMES = ("_home", "exec_prefix", "prefix")

#: Stands in for the frozen `site`, in every interpreter of the process.
_STAND_IN = """
import _multicore_site
if not _multicore_site.skips():
    exec(_multicore_site.code(), globals())
"""


def _runs_code(site: "Any") -> bool:
    """Whether it ran more than its own: `sitecustomize`, or lines of `.pth` files."""
    import os

    if "sitecustomize" in sys.modules or "usercustomize" in sys.modules:
        return True
    directories = site.getsitepackages()
    if site.ENABLE_USER_SITE:
        directories.append(site.USER_SITE)
    for directory in directories:
        try:
            names = os.listdir(directory)  # noqa: PTH208  pathlib is not loaded, and large.
        except OSError:
            continue
        for name in names:
            if name.endswith(".pth"):
                with open(f"{directory}{os.sep}{name}", "rb") as file:  # noqa: PTH123
                    if b"import" in file.read():
                        return True
    return False


def keep() -> None:
    """Takes down what the main interpreter's `site` did, if others can be told."""
    site: Any = sys.modules.get("site")
    if getattr(getattr(site, "__loader__", None), "__name__", "") != "FrozenImporter":
        return
    try:
        if _runs_code(site):
            return
        import _imp
        import marshal

        found = {
            "path": sys.path,
            "names": {name: getattr(sys, name) for name in _NAMES if hasattr(sys, name)},
            "constants": {name: getattr(site, name) for name in _CONSTANTS},
            "printers": {name: vars(getattr(builtins, name)) for name in _PRINTERS},
            "quit": vars(builtins.quit),
            "exit": vars(builtins.exit),
            "is_interactive": hasattr(sys, "__interactivehook__"),
        }
        original = marshal.dumps(_imp.get_frozen_object("site"))
        stand_in = marshal.dumps(compile(_STAND_IN, "<frozen site>", "exec"))
        found_bytes = marshal.dumps(found)
    except (AttributeError, ImportError, OSError, ValueError):
        # A `site` that is not as known: it runs in each interpreter.
        return
    import _multicore

    _multicore.keep_site(original, stand_in, found_bytes)


def tell(found_bytes: bytes) -> None:
    """Does in this interpreter what `site` did in the main one."""
    import _sitebuiltins
    import marshal

    found: dict[str, Any] = marshal.loads(found_bytes)  # noqa: S302  Our own.
    del sys.modules["site"], sys.modules["_multicore_site"]
    sys.path[:] = found["path"]
    for name, value in found["names"].items():
        setattr(sys, name, value)
    add: dict[str, Any] = builtins.__dict__
    for name in ("quit", "exit"):
        add[name] = _sitebuiltins.Quitter(**found[name])
    for name, state in found["printers"].items():
        # Its constructor imports `os`, to join paths that are joined already.
        printer = add[name] = _sitebuiltins._Printer.__new__(_sitebuiltins._Printer)
        vars(printer).update(state)
    add["help"] = _sitebuiltins._Helper()
    if found["is_interactive"]:
        sys.__interactivehook__ = _register_readline
    Importer.constants = found["constants"]


def _register_readline() -> None:
    import site

    site.register_readline()


class _Flags:
    """`sys.flags`, but that `site` is not to do its work."""

    no_site = 1

    def __init__(self, flags: "Any") -> None:
        self._flags = flags

    def __getattr__(self, name: str) -> "Any":
        return getattr(self._flags, name)


class Importer:
    """Imports `site`, as if it had been imported when the interpreter started."""

    #: What `site` would have set in itself.
    constants: "Any" = None

    @staticmethod
    def find_spec(fullname: str, path: object = None, target: object = None) -> "Any":
        from _frozen_importlib import FrozenImporter

        spec: Any = FrozenImporter.find_spec(fullname, path, target)  # type: ignore[arg-type]
        if spec is not None:
            spec.loader = Importer
        return spec

    @staticmethod
    def create_module(spec: "Any") -> "Any":
        from _frozen_importlib import FrozenImporter

        return FrozenImporter.create_module(spec)

    @staticmethod
    def exec_module(module: "Any") -> None:
        from _frozen_importlib import FrozenImporter

        module.__loader__ = module.__spec__.loader = FrozenImporter
        flags = sys.flags
        sys.flags = _Flags(flags)  # type: ignore[assignment]
        try:
            FrozenImporter.exec_module(module)
        finally:
            sys.flags = flags
        vars(module).update(Importer.constants)
