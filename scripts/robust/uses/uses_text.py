"""Text: codecs, patterns, Unicode. No import at the top: the first use is what matters."""

_CODECS = (
    "utf-8 utf-8-sig utf-7 utf-16 utf-16-le utf-32 utf-32-be latin-1 ascii cp1252 cp437 koi8-r mac-roman iso8859-15 "
    "big5 big5hkscs cp932 cp949 cp950 euc_jp euc_jis_2004 euc_jisx0213 euc_kr gb2312 gbk gb18030 hz iso2022_jp "
    "iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr johab shift_jis shift_jis_2004 "
    "shift_jisx0213 punycode idna raw_unicode_escape unicode_escape palmos ptcp154 tis_620 cp1140"
).split()


def codecs_of_every_kind() -> object:
    import codecs

    coded = []
    for name in _CODECS:
        for text in ("plain", "Grüße", "日本語テスト", "中文字符", "한국어", "ελληνικά €"):
            encoded = (
                codecs.encode(text, name, "ignore") if name != "idna" else text[:1].encode(name)
            )
            coded.append(
                (
                    name,
                    encoded,
                    codecs.decode(encoded, name, "strict" if name == "idna" else "replace"),
                )
            )
    return coded


def incremental_codecs() -> object:
    import codecs

    decoded = []
    for name in (
        "euc_jp",
        "shift_jis",
        "gb18030",
        "big5",
        "euc_kr",
        "iso2022_jp",
        "utf-8",
        "utf-16",
    ):
        data = "日本".encode(name, "ignore")
        decoder = codecs.getincrementaldecoder(name)()
        decoded.append(
            "".join(decoder.decode(data[at : at + 1]) for at in range(len(data)))
            + decoder.decode(b"", final=True)
        )
    return decoded, b"".join(codecs.iterencode(["a", "ü"], "utf-16-le")), codecs.lookup("UTF8").name


def error_handlers() -> object:
    return (
        "ü€\ud800".encode("ascii", "backslashreplace"),
        "ü€".encode("ascii", "xmlcharrefreplace"),
        "ü€".encode("ascii", "namereplace"),
        b"\xff\xfe".decode("utf-8", "surrogateescape"),
        "\udcff".encode("utf-8", "surrogateescape"),
        "\ud800".encode("utf-8", "surrogatepass"),
        b"a\xffb".decode("ascii", "replace"),
    )


def transforming_codecs() -> object:
    import codecs

    return [
        codecs.decode(codecs.encode(b"abc" * 20, name), name)
        for name in ("base64", "bz2", "hex", "quopri", "uu", "zlib")
    ], codecs.encode("Hello", "rot13")


def characters() -> object:
    return (
        [chr(code) for code in range(128, 1024)],
        ["äöü"[at] for at in range(3)],
        [bytes([n]) for n in range(256)],
    )


def unicode_data() -> object:
    import unicodedata

    return (
        [unicodedata.normalize(form, "ﬁÅé한국ﾊﾟ") for form in ("NFC", "NFD", "NFKC", "NFKD")],
        unicodedata.name("ß"),
        unicodedata.lookup("SNOWMAN"),
        unicodedata.numeric("½"),
        unicodedata.bidirectional("א"),
        unicodedata.ucd_3_2_0.normalize("NFKD", "ﬁ"),
        unicodedata.category("€"),
        "\N{GREEK SMALL LETTER ALPHA}",
        "ǅ".lower(),
        "ß".upper(),
        "ΑΣ".lower(),
        "İ".casefold(),
        "ǆ".title(),
        "٣".isdigit(),
        int("٣٤"),
    )


def methods_of_str() -> object:
    text = "one\ntwo\r\nthree\x0bfour\x85five\u2028six"
    return (
        text.splitlines(),
        text.split(),
        text.partition("\n"),
        text.replace("o", "0"),
        text.translate({111: "ö"}),
        "%s %r %05d %e" % ("a", "ü", 42, 1.5),
        "{0!r:>10} {a.real:x}".format("b", a=255),
        "x".center(9, "é"),
        "a\tb".expandtabs(),
        "İ".encode().decode(),
        "abc".maketrans("a", "b"),
        ",".join("äöü"),
        "ab" * 5 in "ab" * 50,
        text.count("o"),
    )


def patterns() -> object:
    import re

    return (
        re.findall(r"(?i)(?P<a>\w+)-(\d{2,})(?=;|$)", "Ä-12;bb-345;c-6"),
        re.sub(r"(?<!x)(a|b)+?\b", lambda match: match[0].upper(), "a xa ab xab"),
        re.compile(rb"[\x80-\xff]+", re.ASCII).split(b"a\xffb\xfe\xfdc"),
        re.fullmatch(r"(?:(?:a+)+)b", "aaaab").span(),
        repr(re.compile("x", re.MULTILINE | re.VERBOSE)),
        re.escape("a.b*c"),
        [m.groupdict() for m in re.finditer("(?P<x>.)(?P<y>.)?", "abc")],
    )


def templates() -> object:
    import string
    import textwrap

    return (
        string.Template("$a ${b}").safe_substitute(a=1),
        string.Formatter().format("{0:{1}}", 3.14159, ".2f"),
        list(string.Formatter().parse("a{b!r:c}d")),
        textwrap.fill("the quick brown fox jumps over the lazy dog " * 3, 30),
        string.capwords("a b"),
    )


def differences() -> object:
    import difflib
    import fnmatch
    import shlex

    return (
        list(difflib.unified_diff(["a", "b"], ["a", "c"])),
        difflib.get_close_matches("appel", ["ape", "apple", "peach"]),
        fnmatch.filter(["a.py", "b.c"], "*.py"),
        shlex.split("a 'b c' \"d\""),
    )


def streams() -> object:
    import io

    binary = io.BytesIO()
    text = io.TextIOWrapper(binary, encoding="utf-8", newline="\r\n", write_through=True)
    text.write("Grüße\nzwei\n")
    reader = io.TextIOWrapper(
        io.BufferedReader(io.BytesIO("ä\r\nö\n".encode("utf-16"))), encoding="utf-16"
    )
    lines = io.StringIO("a\r\nb\rc", newline=None).readlines()
    pair = io.BufferedRWPair(io.BytesIO(b"abc"), io.BytesIO())
    return (
        binary.getvalue(),
        reader.readlines(),
        lines,
        pair.read(2),
        io.IncrementalNewlineDecoder(None, translate=True).decode("a\r\n"),
    )


def interned() -> object:
    import sys

    made = "".join(["inter", "ned", "-", "ü"])
    return sys.intern(made) is sys.intern("".join(["interned", "-ü"])), sys.intern("a b c")
