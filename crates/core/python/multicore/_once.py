"""What starting CPython does in the main interpreter, once for all that come after it.

What lives here: what `site` did, which the others are told (`multicore._site`), and the modules
that they take from memory. Runs in the main interpreter alone. What must not: guesses. Where `site`
ran code of others, every interpreter runs it.
"""

import _imp
import builtins
import marshal
import sys

# The very things of importlib and os, without importing them.
from _frozen_importlib_external import SourceFileLoader, path_sep

import _multicore

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from typing import Any

_PRINTERS = ("copyright", "credits", "license")
_CONSTANTS = ("ENABLE_USER_SITE", "PREFIXES", "USER_BASE", "USER_SITE")
_NAMES = ("_home", "exec_prefix", "prefix")


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


Module = tuple[str, bytes, bool]


def _site() -> list[Module]:
    """Takes down what `site` did, if others can be told; its stand-in."""
    site: Any = sys.modules.get("site")
    if getattr(getattr(site, "__loader__", None), "__name__", "") != "FrozenImporter":
        return []
    try:
        if _runs_code(site):
            return []
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
        # Not by `compile()`, which makes all classes of `_ast` first: 11 million instructions.
        stand_in = marshal.dumps(_multicore.module_code("multicore._site_stand_in"))
        found_bytes = marshal.dumps(found)
    except (AttributeError, ImportError, OSError, ValueError):
        # A `site` that is not as known: it runs in each interpreter.
        return []
    return [("site", stand_in, False)] if _multicore.keep_site(original, found_bytes) else []


def _encodings() -> list[Module]:
    """What every interpreter reads from files before it can read any other.

    The package and the file system's codec. Only as the standard library has them.
    """
    folder = f"{getattr(sys, '_stdlib_dir', None)}{path_sep}encodings{path_sep}"
    codec = sys.getfilesystemencoding().replace("-", "_")
    frozen = []
    for file in ("__init__", "aliases", codec):
        name = "encodings" if file == "__init__" else f"encodings.{file}"
        module: Any = sys.modules.get(name)
        loader: Any = getattr(module, "__loader__", None)
        if type(loader) is not SourceFileLoader or module.__file__ != f"{folder}{file}.py":
            return []
        try:
            code = loader.get_code(name)
        except (ImportError, OSError, SyntaxError):
            return []
        frozen.append((name, marshal.dumps(code), name == "encodings"))
    return frozen


def keep() -> None:
    """Takes down all that the others need not do again."""
    _multicore.freeze((*_encodings(), *_site()))
