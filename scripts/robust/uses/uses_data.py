"""Data: formats, compression, digests, databases. No import at the top: the first use is what matters."""


def jsons() -> object:
    import json

    data = {"a": [1, 2.5, None, True, "ü\ud83d\ude00"], "b": {"c": 10**30}}
    return (
        json.loads(json.dumps(data)) == data,
        json.dumps(data, indent=2, sort_keys=True),
        json.loads('[1e400, -0.0, "\\u00e9"]'),
    )


def csvs() -> object:
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, ["a", "b"], dialect="unix", quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    writer.writerow({"a": 1.5, "b": 'x"y\n'})
    return (
        text.getvalue(),
        list(csv.reader(['a;"b;c"'], delimiter=";")),
        csv.Sniffer().sniff("a;b\nc;d\n").delimiter,
        csv.list_dialects(),
    )


def xml_trees() -> object:
    import xml.etree.ElementTree as ET

    root = ET.fromstring(
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "x">]><a b="1" xmlns:n="u"><n:c>&e;ü</n:c>t<!-- no --></a>'
    )
    parser = ET.XMLPullParser(["start", "end"])
    parser.feed("<a><b/></a>")
    failed = None
    try:
        ET.fromstring("<a>")
    except ET.ParseError as error:
        failed = error.code, error.position
    return (
        ET.tostring(root),
        [(event, e.tag) for event, e in parser.read_events()],
        failed,
        ET.canonicalize("<b  a='1'/>"),
        root.find("{u}c").text,
    )


def expat() -> object:
    import xml.parsers.expat as expat

    seen: list[object] = []
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda *given: seen.append(given)
    parser.CharacterDataHandler = seen.append
    parser.Parse('<a xmlns="u" b="c">text &amp; more</a>', True)
    return seen, expat.ErrorString(3), expat.errors.codes["mismatched tag"]


def doms() -> object:
    import xml.dom.minidom
    import xml.sax.saxutils

    return xml.dom.minidom.parseString("<a><b c='1'/></a>").toprettyxml(), xml.sax.saxutils.escape(
        "<&>"
    )


def html() -> object:
    import html
    import html.parser

    seen: list[object] = []
    parser = html.parser.HTMLParser()
    parser.handle_starttag = lambda *given: seen.append(given)
    parser.feed("<p class=x>a<br/>&eacute;")
    return seen, html.unescape("&lt;&eacute;&#x20ac;"), html.escape("<'>")


def compressions() -> object:
    import bz2
    import gzip
    import lzma
    import zlib

    data = b"some data " * 500
    return (
        [module.decompress(module.compress(data)) == data for module in (zlib, bz2, gzip, lzma)],
        lzma.decompress(
            lzma.compress(data, format=lzma.FORMAT_RAW, filters=[{"id": lzma.FILTER_LZMA2}]),
            lzma.FORMAT_RAW,
            None,
            [{"id": lzma.FILTER_LZMA2}],
        )
        == data,
        zlib.crc32(data),
        zlib.adler32(data),
        lzma.is_check_supported(lzma.CHECK_SHA256),
        zlib.decompressobj(wbits=31).decompress(gzip.compress(data, mtime=0)) == data,
    )


def compressions_of_today() -> object:
    try:
        from compression import zstd
    except ImportError:
        return None
    data = b"some data " * 500
    trained = zstd.train_dict([b"%d some data" % number for number in range(500)], 500)
    return (
        zstd.decompress(zstd.compress(data)) == data,
        zstd.decompress(zstd.compress(data, zstd_dict=trained), trained) == data,
        zstd.CompressionParameter.window_log.bounds(),
    )


def archives() -> object:
    import io
    import tarfile
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("a/ü.txt"), b"x" * 100)
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:xz") as archive:
        info = tarfile.TarInfo("b")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"abc"))
    tar.seek(0)
    return zipfile.ZipFile(file).namelist(), tarfile.open(fileobj=tar).getnames()


def digests() -> object:
    import hashlib

    made = {}
    for name in sorted(hashlib.algorithms_guaranteed):
        digest = hashlib.new(name, b"data", usedforsecurity=False)
        digest.update(b"x" * 5000)
        made[name] = digest.hexdigest(16) if name.startswith("shake") else digest.hexdigest()
    return (
        made,
        hashlib.pbkdf2_hmac("sha256", b"p", b"s", 10).hex(),
        hashlib.scrypt(b"p", salt=b"s", n=16, r=1, p=1).hex(),
        hashlib.blake2b(b"d", digest_size=9, key=b"k", person=b"p").hexdigest(),
    )


def macs() -> object:
    import hmac
    import secrets

    return (
        [
            hmac.digest(b"key", b"data", name).hex()
            for name in ("md5", "sha1", "sha256", "sha3_256")
        ],
        hmac.compare_digest("a", "b"),
        len(secrets.token_hex(8)),
    )


def own_digests() -> object:
    import _blake2
    import _md5
    import _sha1
    import _sha2
    import _sha3

    return [
        made(b"x" * 3000).hexdigest()
        for made in (
            _md5.md5,
            _sha1.sha1,
            _sha2.sha224,
            _sha2.sha512,
            _sha3.sha3_384,
            _blake2.blake2s,
        )
    ]


def databases() -> object:
    import sqlite3

    with sqlite3.connect(":memory:") as connection:
        connection.create_function("twice", 1, lambda n: n * 2, deterministic=True)
        connection.create_collation("backwards", lambda a, b: (a < b) - (a > b))
        connection.execute("create table t(a integer primary key, b text, c blob)")
        connection.executemany(
            "insert into t values (?, ?, ?)", [(n, chr(97 + n), bytes([n])) for n in range(9)]
        )
        rows = connection.execute(
            "select twice(a), b, c from t order by b collate backwards"
        ).fetchall()
        failed = None
        try:
            connection.execute("insert into t values (1, 2, 3)")
        except sqlite3.IntegrityError as error:
            failed = error.sqlite_errorname
        connection.commit()
        dumped = list(connection.iterdump())
        copy = sqlite3.connect(":memory:")
        connection.backup(copy)
        counted = copy.execute(
            "select count(*), json_extract('{\"a\":1}', '$.a') from t"
        ).fetchone()
        copy.close()
    connection.close()
    return rows, failed, dumped, counted, sqlite3.complete_statement("select 1;")


def structs() -> object:
    import array
    import struct

    packed = struct.pack(
        "<bBhHiIqQefd?5s3pxn"[:-1], -1, 2, -3, 4, -5, 6, -7, 8, 1.5, 2.5, 3.5, True, b"five", b"ab"
    )
    kept = array.array("d", [1.5, 2.5])
    kept.byteswap()
    return (
        packed,
        struct.unpack("<bBhHiIqQefd?5s3px", packed),
        struct.calcsize("@nNP"),
        list(struct.iter_unpack(">H", b"abcd")),
        kept,
        array.array("u" if "w" not in array.typecodes else "w", "äö"),
        array.array("q", [-1]).tobytes(),
        array.typecodes,
    )


def pickles() -> object:
    import collections
    import copy
    import copyreg
    import pickle
    import pickletools

    data = {
        "a": (1, 2.5, 1j, "ü", b"b"),
        "o": collections.OrderedDict(a=1),
        "f": frozenset({1}),
        "n": 2**100,
        "t": int,
    }
    whole = [
        pickle.loads(pickle.dumps(data, protocol)) == data
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ]
    return (
        whole,
        len(pickletools.optimize(pickle.dumps(data, 4))),
        copy.deepcopy(data) == data,
        len(copyreg.dispatch_table) > 0,
    )


def texts_of_bytes() -> object:
    import base64
    import binascii
    import quopri
    import uuid

    return (
        base64.b85encode(b"data"),
        base64.b32decode("MFRGG==="),
        base64.a85encode(b"\0\0\0\0x"),
        binascii.crc_hqx(b"a", 0),
        binascii.a2b_uu(b"#86)C\n"),
        quopri.encodestring("ü=".encode()),
        uuid.uuid5(uuid.NAMESPACE_DNS, "a.b"),
        uuid.uuid4().version,
        uuid.uuid1().version,
    )


def configurations() -> object:
    import configparser
    import plistlib
    import tomllib

    parser = configparser.ConfigParser()
    parser.read_string("[a]\nb = %(c)s/1\nc = x\n")
    return (
        dict(parser["a"]),
        tomllib.loads("a = 1979-05-27T07:32:00Z\n[b]\nc = [1, 2.5]"),
        plistlib.loads(plistlib.dumps({"a": [1, b"x"]})),
    )


def mails() -> object:
    import email
    import email.policy
    import mimetypes
    import urllib.parse

    message = email.message_from_string(
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nTo: A <a@b.c>\n\nbody", policy=email.policy.default
    )
    return (
        message["subject"],
        str(message["to"].addresses[0]),
        mimetypes.MimeTypes(()).guess_type("a.tar.gz"),
        urllib.parse.urlsplit("http://u:p@h:80/p;a?q=ü#f"),
        urllib.parse.quote("ü/ "),
        urllib.parse.parse_qs("a=1&a=2"),
    )
