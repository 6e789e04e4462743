"""`site` in an interpreter that is told what the main one's found (`multicore._once`).

What lives here: doing what `site` did without it, and `site` itself for code that imports it later.
It saves a third of what one more interpreter costs (docs/design/interpreters.md). What must not:
finding out anything.
"""

import builtins
import sys

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from typing import Any


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
