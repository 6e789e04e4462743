"""Sources that a pool of the host's runs in place of a function of a module.

What lives here: what such a source means when it is called. What must not: who runs it.
"""

from multicore import _support

TYPE_CHECKING = False  # as type checkers know it, without importing typing
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import CodeType

    type Namespace = dict[str, object]

#: What the path of a source begins with, as the host makes it, and that of one with values.
_ALONE = "<python>\n"
_WITH_VALUES = "<python with values>\n"
#: The keyword argument with the number of a source that has values; theirs begin with it.
_VALUES = "_js"

#: Of one text with several sets of values, so many functions are kept.
_MOST_FUNCTIONS = 64
_MOST_SOURCES = 1024

_ONLY_AST = 0x400
_TOP_LEVEL_AWAIT = 0x2000
_IS_COROUTINE = 0x80

_known: "dict[str, Source]" = {}
_made = 0


def is_path(path: str) -> bool:
    """Whether this is a source's path, and not that of a function."""
    return path.startswith((_ALONE, _WITH_VALUES))


def load(path: str) -> "Callable[..., object]":
    """What to call for the source with this path; compiled the first time."""
    known = _known.get(path)
    if known is None:
        if len(_known) >= _MOST_SOURCES:
            _known.clear()
        known = _known[path] = Source(path.partition("\n")[2])
    return known.alone() if path.startswith(_ALONE) else known


class Source:
    """A source as a function.

    One that ends with a definition is that function: it runs once in each interpreter. Any other
    runs each time, in a namespace of its own, and is worth what its last line is worth if that is
    an expression. What is callable then is called.
    """

    def __init__(self, text: str) -> None:
        global _made
        _made += 1
        filename = f"<python source {_made}>"
        _support.remember(filename, text)
        # Nothing binds less than a lambda; if a comma follows, it is a tuple, which is not called.
        self._is_function = text.lstrip().startswith("lambda")
        self._defines: str | None = None
        self._body: CodeType | None = None
        self._value: CodeType | None = None
        self._functions: dict[object, object] = {}
        try:
            self._value = _compile(text, filename, "eval")
        except SyntaxError:
            self._take_apart(text, filename)

    def _take_apart(self, text: str, filename: str) -> None:
        import _ast

        tree = compile(text, filename, "exec", _ONLY_AST | _TOP_LEVEL_AWAIT)
        assert isinstance(tree, _ast.Module)
        last = tree.body[-1] if tree.body else None
        if isinstance(last, _ast.FunctionDef | _ast.AsyncFunctionDef | _ast.ClassDef):
            self._defines = last.name
            self._is_function = True
        elif isinstance(last, _ast.Expr):
            tree.body.pop()
            self._value = _compile(_ast.Expression(last.value), filename, "eval")
        self._body = _compile(tree, filename, "exec")

    def alone(self) -> "Callable[..., object]":
        """What to call if there are no values: the function itself, if it is one."""
        if self._is_function and not _awaits(self._body):
            function = self._functions.get(0) or self._run(0, {"__name__": "__main__"})
            if callable(function):
                return function
        return self

    def __call__(self, /, *args: object, **kwargs: object) -> object:
        number, values = _take_values(kwargs) if _VALUES in kwargs else (0, {})
        if number in self._functions:
            return _finish(self._functions[number], args, kwargs)
        # As in `__main__`, apart from it.
        space: Namespace = {"__name__": "__main__", **values}
        if _awaits(self._body) or _awaits(self._value):
            return self._later(number, space, args, kwargs)
        return _finish(self._run(number, space), args, kwargs)

    def _run(self, number: object, space: "Namespace") -> object:
        if self._body is not None:
            exec(self._body, space)  # noqa: S102  That is what it is for.
        return self._result(number, space)

    async def _later(
        self, number: object, space: "Namespace", args: tuple[object, ...], kwargs: "Namespace"
    ) -> object:
        """The same for a source that awaits something outside of its functions."""
        if self._body is not None:
            body = eval(self._body, space)  # noqa: S307
            if _awaits(self._body):
                await body
        result = self._result(number, space)
        if _awaits(self._value):
            result = await _awaitable(result)
        result = _finish(result, args, kwargs)
        return await _awaitable(result) if _is_coroutine(result) else result

    def _result(self, number: object, space: "Namespace") -> object:
        if self._defines is not None:
            result = space[self._defines]
        else:
            result = None if self._value is None else eval(self._value, space)  # noqa: S307
        if self._is_function and callable(result):
            if len(self._functions) >= _MOST_FUNCTIONS:
                self._functions.clear()
            self._functions[number] = result
        return result


def _take_values(kwargs: "Namespace") -> "tuple[object, Namespace]":
    """Which set of values it is, and the values."""
    number = kwargs.pop(_VALUES)
    return number, {name: kwargs.pop(name) for name in [*kwargs] if name.startswith(_VALUES)}


def _finish(result: object, args: tuple[object, ...], kwargs: "Namespace") -> object:
    if callable(result):
        return result(*args, **kwargs)
    if args or kwargs:
        raise TypeError(
            f"the source gives {_a(result)}, which takes no arguments: let it end with a function, "
            "`def f(x): …` or `lambda x: …`"
        )
    return result


def _a(result: object) -> str:
    return "None" if result is None else f"an object of type {type(result).__qualname__}"


def _compile(source: object, filename: str, mode: str) -> "CodeType":
    return compile(source, filename, mode, _TOP_LEVEL_AWAIT)  # type: ignore[call-overload, no-any-return]


def _awaits(code: "CodeType | None") -> bool:
    return code is not None and bool(code.co_flags & _IS_COROUTINE)


def _is_coroutine(result: object) -> bool:
    return type(result).__name__ == "coroutine"


def _awaitable(result: object) -> "Awaitable[object]":
    return result  # type: ignore[return-value]  # Whoever calls this has made sure.
