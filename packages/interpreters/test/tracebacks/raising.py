# mypy: ignore-errors
# fmt: off
"""Functions that raise in every way that changes what a traceback looks like, and what Python prints."""

import sys
import traceback
import types


class Odd(Exception):
    def __str__(self):
        return "odd\nlines"


class Mute(Exception):
    def __str__(self):
        raise RuntimeError("no message")


class Text(str):
    pass


class Subclassed(Exception):
    def __str__(self):
        return Text("a str of its own kind")


class Outer:
    class Nested(ValueError):
        pass


NoModule = type("NoModule", (Exception,), {"__module__": 5})
Elsewhere = type("Elsewhere", (Exception,), {"__module__": "some.where"})
InMain = type("InMain", (Exception,), {"__module__": "__main__"})


def plain():
    raise ValueError("no")


def without_message():
    raise ValueError


def empty_message():
    raise ValueError("")


def of_a_module():
    raise Outer.Nested("nested")


def odd_modules():
    raise NoModule("x")


def elsewhere():
    raise Elsewhere("x")


def in_main():
    raise InMain("x")


def odd_message():
    raise Odd


def mute():
    raise Mute


def subclassed_message():
    raise Subclassed


def surrogates():
    raise ValueError("half \ud800")


def key_error():
    return {"a": 1}["b" + "c"]


def binary_operator():
    a, b = 1, 0
    return (a + 1) + a / b + 3


def call_carets():
    def f(x):
        return x.missing(1)(2)

    return f(1) + f(2)


def subscript_carets():
    x = {"y": {"z": [1]}}
    return x["y"]["z"][3] + 1


def several_lines():
    return (
        1
        + len(
            5,
        )
        + 3
    )


def wide_characters():
    été, 漢字 = "ß", 0
    return "漢字漢字" + (1 / 漢字) + été


def tabs():
	x = 0
	return	1	/	x


def whole_line():
    assert 1 == 2, "whole"


def lambdas():
    return (lambda f: f(0))(lambda x: 1 / x)


def comprehensions():
    return [[1 / y for y in (x, 0)] for x in (1, 2)]


def generators():
    def g():
        yield 1
        raise KeyError("in a generator")

    return sum(g())


def stop_iteration():
    def g():
        yield next(iter(()))

    return list(g())


def misspelled_name():
    plain_value = 1
    return plain_valeu + 1


def misspelled_attribute():
    return sys.exc_inof()


def misspelled_import():
    from types import SimpleNamespaec


def missing_module():
    import no_such_module_at_all


def syntax_error():
    compile("x = (1,\n  y = 2\n", "user.py", "exec")


def syntax_error_with_notes():
    try:
        compile("if True print(1)", "user.py", "exec")
    except SyntaxError as error:
        error.add_note("a note")
        raise


def indentation_error():
    compile("if x:\ny", "user.py", "exec")


def os_error():
    open("/no/such/file")


def unicode_error():
    "é".encode("ascii")


def stop():
    raise SystemExit(3)


def cause():
    try:
        plain()
    except ValueError as error:
        raise KeyError("k") from error


def context():
    try:
        plain()
    except ValueError:
        {}["k"]


def suppressed():
    try:
        plain()
    except ValueError:
        raise KeyError("k") from None


def long_chain():
    error = None
    for number in range(6):
        try:
            try:
                raise ValueError(number) from error
            except ValueError:
                1 / 0
        except ZeroDivisionError as raised:
            error = raised
    raise RuntimeError("last") from error


def longer_chain():
    error = None
    for number in range(50):
        try:
            raise ValueError(number) from error
        except ValueError as raised:
            error = raised
    raise error


def cyclic():
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    raise first


def elaborate_cause():
    try:
        misspelled_name()
    except NameError as error:
        raise RuntimeError("because of a name") from error


def unraised_cause():
    raise RuntimeError("x") from ValueError("never raised")


def notes():
    error = ValueError("noted")
    error.add_note("one")
    error.add_note("two\nlines")
    error.add_note("")
    raise error


def notes_in_a_chain():
    try:
        notes()
    except ValueError as error:
        other = KeyError("k")
        other.add_note("of the other")
        raise other from error


def odd_notes():
    error = ValueError("noted")
    error.__notes__ = ["fine", 5, Mute()]
    raise error


def no_list_of_notes():
    error = ValueError("noted")
    error.__notes__ = "a string"
    raise error


def notes_that_are_a_number():
    error = ValueError("noted")
    error.__notes__ = 7
    raise error


def group():
    raise ExceptionGroup("several", [ValueError("a"), KeyError("b")])


def group_of_raised():
    raised = []
    for f in (plain, key_error, notes, cause):
        try:
            f()
        except Exception as error:
            raised.append(error)
    nested = ExceptionGroup("inner", raised[:2])
    raise ExceptionGroup("outer", [nested, *raised[2:]]) from raised[0]


def group_as_cause():
    try:
        group()
    except* ValueError as error:
        raise RuntimeError("from a group") from error


def recursion():
    def down(n):
        if n == 0:
            raise ValueError("bottom")
        down(n - 1)

    down(20)


def barely_recursion():
    def down(n):
        return 1 / n if n == 0 else down(n - 1)

    down(3)


def mutual_recursion():
    def a(n):
        return b(n - 1)

    def b(n):
        return a(n - 1) if n > 0 else 1 / 0

    a(9)


def too_deep():
    def down():
        down()

    down()


def raised_twice():
    try:
        plain()
    except ValueError as error:
        kept = error
    try:
        raise kept
    except ValueError as error:
        raise error.with_traceback(error.__traceback__)


def given_code():
    names = {}
    exec(compile("def f(x):\n    return x / 0\n\nf(1)", "<no source>", "exec"), names)


def other_file_names():
    exec(compile("1 / 0", "<stdin>-3", "exec"))


def made_up_lines():
    try:
        plain()
    except ValueError as error:
        shown = error.__traceback__
        made = types.TracebackType(shown.tb_next, shown.tb_frame, shown.tb_lasti, 12)
        raise error.with_traceback(made)


def no_lines():
    """Python's own `traceback` fails for this one."""
    code = plain.__code__.replace(co_linetable=b"")
    types.FunctionType(code, globals())()


def decorated():
    class Manager:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            raise OSError(5, "in exit", "file")

    with Manager() as manager:
        manager.missing


def deleted_frames():
    raise ValueError("mine").with_traceback(None)


def limited():
    sys.tracebacklimit = 1
    plain()


CASES = sorted(
    name
    for name, value in globals().items()
    if isinstance(value, types.FunctionType) and value.__module__ == __name__ and name != "no_lines"
)


def expected(name):
    """What Python itself prints, below this function."""
    function = globals()[name]
    try:
        function()
    except BaseException as error:
        error.__traceback__ = error.__traceback__.tb_next
        text = "".join(traceback.format_exception(error))
        return text.encode("utf-8", "surrogatepass")
    finally:
        if hasattr(sys, "tracebacklimit"):
            del sys.tracebacklimit
    raise AssertionError(f"{name} did not raise")


def unlimit():
    if hasattr(sys, "tracebacklimit"):
        del sys.tracebacklimit
