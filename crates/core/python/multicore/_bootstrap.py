"""Prepares a new interpreter. Run once as a script before anything else; never imported.

What lives here: the importer of the embedded `multicore`, and what must be changed in `sys`,
`time` and `_imp` so that user code runs as it expects, inside a process that is Node's.
What must not: anything that needs an import that is not loaded at start-up anyway.
"""

import _imp
import _thread
import builtins
import sys
import time

# The very classes of importlib.machinery, without importing a package for them.
from _frozen_importlib import BuiltinImporter, ModuleSpec
from _frozen_importlib_external import SourceFileLoader, spec_from_file_location

import _multicore

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, ModuleType
    from typing import Any

# Code that is run as a script gets none of itself, and `PyImport_Import` of an extension that is
# being loaded, which our `create_dynamic` calls, looks them up here.
__builtins__ = builtins

_PACKAGE = "multicore"
#: Modules that `multicore._amend` changes when they are imported.
_AMENDED = frozenset(
    (
        "threading",
        "selectors",
        "subprocess",
        "_locale",
        "_signal",
        "_socket",
        "grp",
        "pwd",
        "faulthandler",
        "_tracemalloc",
        "multiprocessing.context",
        "multiprocessing.reduction",
    )
)
#: Modules of the standard library that say that they support a GIL per interpreter, and do not: the
#: subclasses of their types, which are static, are in one dict that all interpreters change.
_UNSUPPORTED = frozenset(("xxsubtype",))


class EmbeddedImporter:
    """Finds and loads `multicore` from the binary that this interpreter lives in.

    Code is compiled for the first interpreter that imports a module; the others load it.
    """

    serial = False
    #: Imports `site` where it did not run when the interpreter was made.
    site: "Any" = None

    @staticmethod
    def find_spec(
        fullname: str, path: object = None, target: "ModuleType | None" = None
    ) -> ModuleSpec | None:
        if fullname in _AMENDED:
            from multicore import _amend

            spec: ModuleSpec | None = _amend.find_spec(
                fullname, path, target, EmbeddedImporter, EmbeddedImporter.serial
            )
            return spec
        if fullname == "site" and EmbeddedImporter.site is not None:
            return EmbeddedImporter.site.find_spec(fullname, path, target)  # type: ignore[no-any-return]
        if fullname != _PACKAGE and not fullname.startswith(_PACKAGE + "."):
            return None
        is_package = _multicore.is_package(fullname)
        if is_package is None:
            return None
        return ModuleSpec(
            fullname,
            EmbeddedImporter,  # type: ignore[arg-type]
            origin=f"<{fullname}>",
            is_package=is_package,
        )

    @staticmethod
    def create_module(spec: ModuleSpec) -> "ModuleType | None":
        return None

    @staticmethod
    def exec_module(module: "ModuleType") -> None:
        exec(_multicore.module_code(module.__name__), module.__dict__)

    @staticmethod
    def get_code(fullname: str) -> "CodeType":
        return _multicore.module_code(fullname)

    @staticmethod
    def get_source(fullname: str) -> str:
        source = _multicore.module_source(fullname)
        if source is None:
            raise ImportError(f"no module named {fullname!r}", name=fullname)
        return source

    @staticmethod
    def is_package(fullname: str) -> bool:
        return _multicore.is_package(fullname) is True


class Stream:
    """`sys.stdout` and `sys.stderr`: text that goes where the host said.

    Line-buffered: a piece that ends in a newline is written at once, as is what `flush` finds.
    """

    encoding = "utf-8"
    errors = "surrogateescape"
    newlines = None
    line_buffering = True
    write_through = False
    closed = False
    mode = "w"

    def __init__(self, stream: int, name: str) -> None:
        self._stream = stream
        self._pending: list[str] = []
        self.name = name

    def write(self, text: str, /) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._pending:
            self._pending.append(text)
            if "\n" in text or len(self._pending) > 1000:
                self.flush()
        elif "\n" in text:
            _multicore.write(self._stream, text)
        elif text:
            self._pending.append(text)
        return len(text)

    def writelines(self, lines: "list[str]", /) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pending = self._pending
        if pending:
            self._pending = []
            _multicore.write(self._stream, "".join(pending))

    def isatty(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def fileno(self) -> int:
        import io

        raise io.UnsupportedOperation(f"{self.name} belongs to the host and has no descriptor")

    def close(self) -> None:
        self.flush()

    def reconfigure(self, **_options: object) -> None:
        """Accepted for compatibility: the host decides about encoding and buffering."""

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.flush()

    def __repr__(self) -> str:
        return f"<multicore stream {self.name}>"


def _refuse_stack_trampoline(_backend: str, /) -> None:
    raise RuntimeError(
        "sys.activate_stack_trampoline() is refused: it changes how the code of all interpreters "
        "of the process runs, and damages what runs then. Profile the code with its own python"
    )


def _with_variables(name: str, original: "Callable[..., Any]") -> "Callable[..., Any]":
    """The function of that name of `multicore._variables`, which few programs need."""

    def call(*args: "Any", **options: "Any") -> "Any":
        from multicore import _variables

        return getattr(_variables, name)(original, *args, **options)

    call.__name__ = call.__qualname__ = name
    call.__module__, call.__doc__ = original.__module__, original.__doc__
    return call


def _keep_from_the_host() -> None:
    """Takes away what would reach past this interpreter: the process is Node's."""
    import io

    # Whoever reads gets the end: what is typed is for Node.
    sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")  # type: ignore[misc]
    # Both walk through the threads of all interpreters, and crash on frames that are not theirs.
    get_frame = sys._getframe
    sys._current_frames = lambda: {_thread.get_ident(): get_frame(1)}
    sys._current_exceptions = lambda: {_thread.get_ident(): sys.exception()}
    # So does this one through their memory, while they change it: it may return 0, says CPython.
    sys.getallocatedblocks = lambda: 0
    if hasattr(sys, "activate_stack_trampoline"):
        sys.activate_stack_trampoline = _refuse_stack_trampoline
    if "posix" not in sys.builtin_module_names:
        return
    import posix

    # `os` takes all of them from there when it is imported.
    modules = [posix, sys.modules["os"]] if "os" in sys.modules else [posix]

    def refuse(name: str) -> None:
        def refused(*_args: object, **_kwargs: object) -> None:
            raise RuntimeError(
                f"os.{name}() is refused: the process is Node's, and a copy of it has neither its "
                "event loop nor its other threads. Use subprocess"
            )

        refused.__name__ = refused.__qualname__ = name
        for module in modules:
            if hasattr(module, name):
                setattr(module, name, refused)

    for name in ("fork", "fork1", "forkpty", "execv", "execve"):
        refuse(name)
    for name in ("putenv", "unsetenv", "posix_spawn", "posix_spawnp"):
        if hasattr(posix, name):
            ours = _with_variables(name, getattr(posix, name))
            for module in modules:
                setattr(module, name, ours)


def _is_own_gil() -> bool:
    isolation: str = _multicore.current_interpreter()._isolation()
    return isolation == "own-gil"


def _replace_loading(main: bool) -> None:
    """Wraps the loading of extension modules.

    The standard library's are opened so that they bind to their own libraries and not to what the
    node executable exports (docs/design/native-symbols.md), and are loaded by the main interpreter
    first (docs/design/interpreters.md).
    """
    deep_bind = 0
    if "posix" in sys.builtin_module_names:
        import posix

        deep_bind = getattr(posix, "RTLD_DEEPBIND", 0)
        if posix.environ.get(b"MULTICORE_DEEPBIND") == b"0":
            deep_bind = 0
    stdlib = {path for path in sys.path if path.endswith("lib-dynload")}
    load_dynamic = _imp.create_dynamic
    load_builtin = BuiltinImporter.create_module

    def create_dynamic(spec: ModuleSpec, file: object = None) -> "ModuleType":
        directory = (spec.origin or "").rpartition("/")[0]
        if directory not in stdlib:
            return load_dynamic(spec)
        if not main:
            if spec.name in _UNSUPPORTED and _is_own_gil():
                message = f"module {spec.name} does not support loading in subinterpreters"
                raise ImportError(message, name=spec.name, path=spec.origin)
            _multicore.warm(spec.name, spec.origin)
        if not deep_bind:
            return load_dynamic(spec)
        flags = sys.getdlopenflags()
        sys.setdlopenflags(flags | deep_bind)
        try:
            return load_dynamic(spec)
        finally:
            sys.setdlopenflags(flags)

    def create_builtin(spec: ModuleSpec) -> "ModuleType | None":
        if not main:
            _multicore.warm(spec.name, "")
        return load_builtin(spec)

    _imp.create_dynamic = create_dynamic
    if not main:
        BuiltinImporter.create_module = staticmethod(create_builtin)  # type: ignore[method-assign]


def _share_start(main: bool) -> None:
    """What starting takes is done once, in the main interpreter, if that is possible."""
    if main:
        from multicore import _once

        _once.keep()
        # CPython's constants of a base are set up when the first int of that base is read, without
        # a lock, in an order that not every processor keeps: another interpreter might read zeros.
        for base in range(2, 37):
            int("1", base)
        return
    for name in _multicore.frozen():
        if name != "site" and name in sys.modules:
            _say_where_from(sys.modules[name])
    found = _multicore.found_by_site()
    if found is not None:
        from multicore import _site

        _site.tell(found)
        EmbeddedImporter.site = _site.Importer


def _say_where_from(module: "Any") -> None:
    """Makes a module that was taken from memory what it is when it was loaded from its file."""
    loader = SourceFileLoader(module.__name__, module.__file__)
    spec = spec_from_file_location(
        module.__name__,
        module.__file__,
        loader=loader,
        submodule_search_locations=getattr(module, "__path__", None),
    )
    spec._initializing = False  # type: ignore[union-attr]
    module.__spec__, module.__loader__, module.__cached__ = spec, loader, spec.cached  # type: ignore[union-attr]


def _share_code() -> None:
    """What modules are compiled to is kept for the other interpreters."""
    _multicore.register("source_to_code", SourceFileLoader.source_to_code)
    SourceFileLoader.source_to_code = _multicore.source_to_code  # type: ignore[assignment, method-assign, unused-ignore]


def _replace_starting() -> None:
    """Threads run what they are to run inside a guard of the core's."""

    def in_guard(start: "Any") -> "Any":
        body = _multicore.thread_body

        def start_guarded(function: "Any", *args: "Any", **kwargs: "Any") -> "Any":
            if callable(function):
                function = body(function)
            return start(function, *args, **kwargs)

        start_guarded.__name__ = start_guarded.__qualname__ = start.__name__
        return start_guarded

    _thread.start_new_thread = _thread.start_new = in_guard(_thread.start_new_thread)
    if hasattr(_thread, "start_joinable_thread"):
        _thread.start_joinable_thread = in_guard(_thread.start_joinable_thread)


def prepare(
    *, path: list[str], argv: list[str] | None, executable: str, serial: bool, main: bool
) -> None:
    """Makes the interpreter ready for user code."""
    EmbeddedImporter.serial = serial
    sys.meta_path.insert(0, EmbeddedImporter)
    _share_start(main)
    _share_code()
    _replace_starting()
    for name in _AMENDED & sys.modules.keys():
        from multicore import _amend

        _amend.amend(sys.modules[name], serial)
    _keep_from_the_host()
    _replace_loading(main)
    sys.stdout = Stream(1, "<stdout>")
    sys.stderr = Stream(2, "<stderr>")
    sys.argv = [""] if argv is None else argv
    sys.path[:0] = path
    time.sleep = _multicore.sleep  # type: ignore[assignment]
    if not main:
        from multicore import _support

        _support.age()
