"""What the main interpreter does with an extension module before another interpreter may load it.

What lives here: loading it, and the first use of those that set up static data of C on their first
use and not while they are loaded. Runs in the main interpreter alone, one module at a time
(`_multicore.warm`). What must not: modules that are not the standard library's.
"""

import sys

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any


def _ctypes(module: "Any") -> None:
    # `_ctypes_get_fielddesc` of 3.13 says that its table is set up, and then sets it up: an
    # interpreter that looks at `c_wchar` in between reads a null pointer.
    type("c_wchar", (module._SimpleCData,), {"_type_": "u"})


_FIRST_USES: "dict[str, Callable[[ModuleType], None]]" = {"_ctypes": _ctypes}


def load(name: str) -> None:
    """Loads the module of that name and does what its first use would do.

    Raises what loading it raises: the interpreter that asked will see it for itself.
    """
    __import__(name)
    first_use = _FIRST_USES.get(name)
    if first_use is not None:
        first_use(sys.modules[name])
