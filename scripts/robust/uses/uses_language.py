"""The language itself: compiling, tracebacks, generators, asynchronous code. No import at the top."""


def compiling() -> object:
    import ast
    import dis
    import symtable

    source = "def f(a, *b, c=1, **d) -> int:\n  match a:\n    case {'x': [1, *_]} if c: return f'{a!r:>{c}}'\n  return [x for x in y]\n"
    tree = ast.parse("x: int = (yield_ := 3) + [*a, 1][2:3, ...]\ntype T[U: int] = list[U]\n")
    table = symtable.symtable("def f():\n  nonlocal_ = 1\n  return lambda: nonlocal_", "s", "exec")
    failed = []
    for wrong in (
        "f(",
        "a b",
        "  x",
        "def f(:",
        "'",
        "f'{'",
        "0777",
        "x = = 1",
        "\tif 1:\n        x",
        "return",
        "a" * 3 + "$",
    ):
        try:
            compile(wrong, "wrong", "exec")
        except SyntaxError as error:
            failed.append((error.msg, error.lineno, error.offset))
    code = compile(
        "async def f():\n  async with a as b:\n    await b\n  return (x for x in b)\ntry:\n  f\nexcept* A:\n  del f",
        "made",
        "exec",
        optimize=2,
    )
    return (
        ast.dump(tree),
        ast.unparse(tree),
        ast.literal_eval("{'a': [1, -2.5, 3+4j]}"),
        failed,
        code.co_names,
        len(code.co_code) > 0,
        [child.get_name() for child in table.get_children()],
        len(list(dis.get_instructions(code))) > 3,
        ast.unparse(compile(source, "x", "exec", ast.PyCF_ONLY_AST)),
    )


def tokens() -> object:
    import io
    import keyword
    import token
    import tokenize

    source = "x = f'{a!r:>{b}}' + '''ü\n''' # c\nif x:\n\treturn 0x1F_f, 1e5j\n"
    return (
        [
            (token.tok_name[found.type], found.string)
            for found in tokenize.generate_tokens(io.StringIO(source).readline)
        ],
        tokenize.detect_encoding(io.BytesIO(b"# -*- coding: latin-1 -*-\n").readline),
        keyword.kwlist[:3],
    )


def evaluating() -> object:
    space: dict[str, object] = {}
    exec(
        "from math import *\nclass A:\n  x = [i for i in range(3)]\ny = {**{'a': 1}, 'b': lambda z, /, *, k=2: (z, k)}",
        space,
    )
    return eval("y['b'](pi, k=[*A.x])", space), eval("__import__('sys').version_info >= (3, 13)")


def tracebacks() -> object:
    import traceback

    def fail(depth: int) -> None:
        if depth == 0:
            raise KeyError("ü") from ValueError(1)
        fail(depth - 1)

    try:
        fail(3)
    except KeyError as error:
        error.add_note("a note")
        lines = traceback.format_exception(error)
        summary = traceback.TracebackException.from_exception(error, capture_locals=True)
        return (
            len(lines),
            lines[-1],
            [frame.name for frame in summary.stack],
            traceback.format_exception_only(error),
        )
    return None


def suggestions() -> object:
    import traceback

    said = []
    for source in ("pritn", "import sys; sys.verison", "[].apend", "len.__cal__", "int('x', 99)"):
        try:
            exec(source, {})
        except Exception as error:
            said.append(traceback.format_exception_only(error)[-1])
    return said


def groups_of_exceptions() -> object:
    caught = []
    try:
        raise ExceptionGroup(
            "g", [ValueError(1), ExceptionGroup("h", [TypeError(2), OSError(2, "x")])]
        )
    except* TypeError as group:
        caught.append(repr(group))
    except* (ValueError, OSError) as group:
        caught.append((repr(group), repr(group.split(OSError)), repr(group.derive([KeyError()]))))
    return caught


def errors_of_the_system() -> object:
    import errno
    import os

    caught: list[object] = []
    for number in (errno.ENOENT, errno.EEXIST, errno.EPIPE, errno.EAGAIN):
        caught.append((repr(OSError(number, os.strerror(number))), errno.errorcode[number]))
    try:
        open("/no/such/file")
    except FileNotFoundError as error:
        caught.append(str(error))
    return caught


def generators() -> object:
    def counting() -> object:
        got = yield 1
        try:
            yield got
        finally:
            yield from (5, 6)

    generator = counting()
    one = next(generator), generator.send("x")
    thrown = generator.throw(ValueError)
    generator.close()
    return one, thrown


def asynchronous() -> object:
    import asyncio

    async def producer(queue: asyncio.Queue[int]) -> None:
        for number in range(5):
            await queue.put(number)
            await asyncio.sleep(0)

    async def counting() -> object:
        for number in range(3):
            yield number
            await asyncio.sleep(0.001)

    async def main() -> object:
        queue: asyncio.Queue[int] = asyncio.Queue(1)
        async with asyncio.TaskGroup() as group:
            group.create_task(producer(queue))
            taken = group.create_task(queue.get())
            group.create_task(asyncio.wait_for(asyncio.sleep(0.001), 60))
            rest = [group.create_task(queue.get()) for _ in range(4)]
        got = await asyncio.gather(
            *(asyncio.to_thread(abs, -n) for n in range(3)), return_exceptions=True
        )
        timed_out = False
        try:
            async with asyncio.timeout(0.001):
                await asyncio.Future()
        except TimeoutError:
            timed_out = True
        return (
            taken.result(),
            sorted(task.result() for task in rest),
            [n async for n in counting()],
            got,
            timed_out,
        )

    return asyncio.run(main())


def asynchronous_streams() -> object:
    import asyncio

    async def main() -> object:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write((await reader.readline()).upper())
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"question\n")
        got = await reader.read()
        writer.close()
        server.close()
        return got

    return asyncio.run(main())


def asynchronous_processes() -> object:
    import asyncio

    async def main() -> object:
        process = await asyncio.create_subprocess_exec("cat", stdin=-1, stdout=-1)
        told, _ = await process.communicate(b"data")
        return told, process.returncode

    return asyncio.run(main())


def annotations_of_today() -> object:
    try:
        import annotationlib
        import string.templatelib
    except ImportError:
        return None
    space: dict[str, object] = {}
    exec("def f(a: unknown, b: int = 1) -> list[later]: ...\nx = 3\nt = t'a{x!r:>5}b'", space)
    return (
        annotationlib.get_annotations(space["f"], format=annotationlib.Format.STRING),
        repr(
            annotationlib.get_annotations(space["f"], format=annotationlib.Format.FORWARDREF)["b"]
        ),
        [part if isinstance(part, str) else part.value for part in space["t"]],
        isinstance(space["t"], string.templatelib.Template),
    )


def contexts() -> object:
    import contextlib
    import contextvars

    variable = contextvars.ContextVar("variable", default=0)
    context = contextvars.copy_context()
    for number in range(50):
        context.run(contextvars.ContextVar(f"v{number}").set, number)
    token = variable.set(5)
    inside = context.run(variable.get), variable.get()
    variable.reset(token)
    with contextlib.ExitStack() as stack, contextlib.suppress(KeyError):
        stack.callback(str)
        raise KeyError
    return (
        inside,
        variable.get(),
        sorted(value for value in context.values() if isinstance(value, int)),
    )


def warning() -> object:
    import warnings

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.warn("one", DeprecationWarning, stacklevel=1)
        compile("1 is 1\n'\\d'", "warned", "exec")
    return [(each.category, str(each.message)) for each in caught]


def collecting() -> object:
    import gc
    import weakref

    class Node:
        pass

    gone = []
    for number in range(20):
        node = Node()
        node.self = node
        weakref.finalize(node, gone.append, number)
    del node
    gc.collect()
    return sorted(gone), gc.get_threshold()[0] > 0, gc.isenabled(), gc.is_tracked([])


def monitoring() -> object:
    import sys

    seen: list[object] = []
    sys.settrace(lambda _frame, event, _argument: seen.append(event))
    evaluating.__doc__
    (lambda: 1)()
    sys.settrace(None)
    sys.setprofile(lambda _frame, event, _argument: seen.append(event))
    len("a")
    sys.setprofile(None)
    tool = sys.monitoring.PROFILER_ID
    sys.monitoring.use_tool_id(tool, "tool")
    sys.monitoring.register_callback(
        tool, sys.monitoring.events.PY_START, lambda code, _: seen.append(code.co_name)
    )
    sys.monitoring.set_events(tool, sys.monitoring.events.PY_START)
    (lambda: 1)()
    sys.monitoring.set_events(tool, 0)
    sys.monitoring.free_tool_id(tool)
    return seen[:1], "c_call" in seen, seen[-1]


def profiles() -> object:
    import cProfile
    import io
    import pstats

    profile = cProfile.Profile()
    profile.runcall(sorted, [3, 1, 2])
    text = io.StringIO()
    pstats.Stats(profile, stream=text).print_stats()
    return "sorted" in text.getvalue()


def imports() -> object:
    import importlib.metadata
    import importlib.resources
    import importlib.util
    import pkgutil
    import runpy

    return (
        importlib.util.find_spec("json.decoder").name,
        importlib.util.cache_from_source("a.py")[:11],
        importlib.util.source_hash(b"x"),
        [found.name for found in pkgutil.iter_modules(__import__("json").__path__)],
        importlib.resources.files("email").joinpath("architecture.rst").is_file(),
        "this" in runpy.__doc__,
        importlib.metadata.PackagePath("a/b").name,
    )
