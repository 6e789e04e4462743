"""C by way of ctypes, memory, the system's own. No import at the top: the first use is what matters."""


def ctypes_of_every_kind() -> object:
    import ctypes

    kinds = [
        getattr(ctypes, name)
        for name in (
            "c_bool c_byte c_ubyte c_short c_ushort c_int c_uint c_long c_ulong c_longlong c_ulonglong c_size_t c_float c_double c_longdouble"
        ).split()
    ]
    return (
        [(kind(1).value, ctypes.sizeof(kind)) for kind in kinds],
        ctypes.c_wchar("ü").value,
        ctypes.c_char(b"c").value,
        ctypes.c_wchar_p("äb").value,
        ctypes.c_char_p(b"ab").value,
        ctypes.create_unicode_buffer("ü", 4).value,
        ctypes.create_string_buffer(b"x", 3).raw,
        ctypes.c_void_p(5).value,
        ctypes.c_int32.__ctype_be__(1).value,
        ctypes.py_object("o").value,
    )


def ctypes_structures() -> object:
    import ctypes

    class Inner(ctypes.Union):
        _fields_ = (("i", ctypes.c_int), ("b", ctypes.c_ubyte * 4))

    class Outer(ctypes.LittleEndianStructure):
        _pack_ = 1
        _layout_ = "ms"
        _anonymous_ = ("inner",)
        _fields_ = (
            ("a", ctypes.c_uint16, 3),
            ("c", ctypes.c_uint16, 13),
            ("inner", Inner),
            ("next", ctypes.c_void_p),
            ("w", ctypes.c_wchar * 3),
        )

    made = Outer(a=5, c=99, i=0x01020304, w="äb")
    pointer = ctypes.pointer(made)
    array = (Outer * 2)(made)
    return (
        made.a,
        made.c,
        list(made.b),
        made.w,
        pointer.contents.i,
        array[0].w,
        ctypes.sizeof(Outer),
        Outer.c.offset,
        bytes(made)[:6],
        ctypes.cast(pointer, ctypes.POINTER(ctypes.c_ubyte))[0],
        Outer.from_buffer_copy(bytes(made)).c,
    )


def ctypes_functions() -> object:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    libc.strtol.restype = ctypes.c_long
    libc.strtol.argtypes = (ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int)
    compare_type = ctypes.CFUNCTYPE(
        ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int)
    )
    numbers = (ctypes.c_int * 20)(*range(20, 0, -1))
    libc.qsort(
        numbers, len(numbers), ctypes.sizeof(ctypes.c_int), compare_type(lambda a, b: a[0] - b[0])
    )
    double = ctypes.PYFUNCTYPE(ctypes.c_double, ctypes.c_double)(lambda x: x * 2)
    ctypes.set_errno(5)
    return (
        libc.strtol(b"ff", None, 16),
        list(numbers),
        double(2.5),
        libc.abs(-3),
        ctypes.get_errno(),
        ctypes.string_at(b"abc", 2),
        ctypes.pythonapi.PyLong_AsLong(ctypes.py_object(7)),
    )


def many_callbacks() -> object:
    import ctypes

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
    return sum(kind(lambda x, n=n: x + n)(1) for n in range(200))


def memory_maps() -> object:
    import mmap

    with mmap.mmap(-1, 20000) as mapped:
        mapped[:4] = b"abcd"
        mapped.move(100, 0, 4)
        mapped.flush()
        view = memoryview(mapped)[100:104]
        found = mapped.find(b"cd"), mapped.rfind(b"ab"), bytes(view), len(mapped)
        view.release()
    return found, mmap.ALLOCATIONGRANULARITY


def files() -> object:
    import os
    import pathlib
    import shutil
    import stat
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "ü.txt").write_text("Grüße\n", "utf-8")
        shutil.copytree(folder, folder / "sub" / "a")
        with os.scandir(folder) as entries:
            kinds = sorted((entry.name, entry.is_dir()) for entry in entries)
        walked = [sorted(names) for _, _, names in os.walk(folder)]
        with open(folder / "ü.txt", "r+b", buffering=0) as raw:
            raw.seek(-2, os.SEEK_END)
            tail = raw.read()
        mode = stat.filemode((folder / "ü.txt").stat().st_mode)[:4]
        globbed = sorted(str(found.relative_to(folder)) for found in folder.rglob("*.txt"))
        with (
            tempfile.NamedTemporaryFile(dir=folder) as file,
            tempfile.SpooledTemporaryFile(5) as spooled,
        ):
            file.write(b"x")
            spooled.write(b"0123456789")
    return kinds, walked, tail, mode, globbed, not folder.exists()


def the_system() -> object:
    import os
    import platform
    import pwd
    import resource
    import sysconfig

    return (
        os.sysconf("SC_PAGE_SIZE"),
        os.uname().sysname,
        os.cpu_count(),
        len(os.urandom(5)),
        os.path.expanduser("~root"),
        pwd.getpwuid(0).pw_name,
        len(os.getrandom(3)),
        os.fspath("a"),
        platform.system(),
        platform.python_implementation(),
        sysconfig.get_path("stdlib") is not None,
        resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 0,
        len(os.getloadavg()),
        os.get_terminal_size.__name__,
        os.strerror(2),
        os.confstr("CS_PATH"),
        os.sched_getaffinity(0) != set(),
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0,
        len(os.get_exec_path()) > 0,
    )


def descriptors() -> object:
    import fcntl
    import os
    import termios

    reader, writer = os.pipe()
    os.set_inheritable(reader, True)
    copy = os.dup2(writer, os.dup(writer))
    os.write(copy, b"data")
    flags = fcntl.fcntl(reader, fcntl.F_GETFL)
    failed = None
    try:
        termios.tcgetattr(reader)
    except termios.error as error:
        failed = error.args[0]
    got = os.read(reader, 4), os.get_inheritable(reader), os.get_inheritable(copy), flags, failed
    for descriptor in (reader, writer, copy):
        os.close(descriptor)
    memory = os.memfd_create("m")
    os.writev(memory, [b"a", b"b"])
    got_back = os.preadv(memory, [bytearray(2)], 0), os.sendfile.__name__
    os.close(memory)
    return got, got_back


def logs() -> object:
    import io
    import logging
    import logging.handlers
    import syslog

    text = io.StringIO()
    logger = logging.Logger("uses")
    handler = logging.handlers.MemoryHandler(10, target=logging.StreamHandler(text))
    logger.addHandler(handler)
    logger.warning("a %s %d", "ü", 5)
    handler.close()
    return text.getvalue(), syslog.LOG_MASK(3), logging.getLevelName(30)
