"""Classes of the standard library that cross by a rule of their own.

What lives here: the rules, found by a class's module and name. What must not: an import at the top
of anything that such a class is defined in; a rule imports it when an instance is rebuilt.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

type Fields = tuple[tuple[str, object], ...]
type Reduced = tuple[str, str, Fields]
type Reducer = Callable[[Any], Reduced | str]


def rule(cls: type) -> Reducer | None:
    """The rule for exactly this class; `None`: it is none of those here."""
    builtin = _REDUCE_BUILTIN.get(cls)
    if builtin is not None:
        return builtin
    module, name = cls.__module__, cls.__qualname__
    reducer = _REDUCE.get((module, name))
    # The name alone could be anybody's.
    if reducer is None or getattr(sys.modules.get(module), name, None) is not cls:
        return None
    return reducer


def _attributes(kind: str, type_name: str, *names: str) -> Reducer:
    def take_apart(obj: Any) -> Reduced | str:
        return (kind, type_name, tuple([(name, getattr(obj, name)) for name in names]))

    return take_apart


def _text(kind: str, type_name: str) -> Reducer:
    def take_apart(obj: Any) -> Reduced | str:
        return (kind, type_name, (("value", str(obj)),))

    return take_apart


# datetime


def _zone_fields(tzinfo: Any, offset: Any) -> Fields:
    """`offset` (seconds east of UTC; `None`: naive), `zone` (IANA name), `name`, `tzinfo`.

    The last two are given only where there is more to say: a fixed offset's own name, and an
    instance of a class that is neither `timezone` nor `ZoneInfo`, which has to cross by itself.
    """
    if tzinfo is None:
        return (("offset", None), ("zone", None))
    seconds = None if offset is None else _seconds(offset)
    module, name = type(tzinfo).__module__, type(tzinfo).__qualname__
    if (module, name) == ("datetime", "timezone"):
        arguments = tzinfo.__getinitargs__()
        given: Fields = (("name", arguments[1]),) if len(arguments) > 1 else ()
        return (("offset", seconds), ("zone", None), *given)
    if (module, name) == ("zoneinfo", "ZoneInfo") and tzinfo.key is not None:
        return (("offset", seconds), ("zone", tzinfo.key))
    return (("offset", seconds), ("zone", None), ("tzinfo", tzinfo))


def _seconds(offset: Any) -> int | float:
    whole: int = offset.days * 86400 + offset.seconds
    return whole + offset.microseconds / 1_000_000 if offset.microseconds else whole


def _zone(parts: dict[str, Any]) -> Any:
    """The tzinfo that these fields describe."""
    tzinfo = parts.get("tzinfo")
    if tzinfo is not None:
        return tzinfo
    zone, offset = parts.get("zone"), parts.get("offset")
    if zone is not None:
        return _zone_info(zone)
    return None if offset is None else _fixed_offset(offset, parts.get("name"))


def _zone_info(key: str) -> Any:
    from zoneinfo import ZoneInfo

    return ZoneInfo(key)


def _fixed_offset(seconds: float, name: str | None) -> Any:
    from datetime import UTC, timedelta, timezone

    whole = int(seconds // 1)
    # A float of seconds is exact to the microsecond only when rounded to it.
    offset = timedelta(seconds=whole, microseconds=round((seconds - whole) * 1_000_000))
    if name is not None:
        return timezone(offset, name)
    return timezone(offset) if offset else UTC


_DATE = ("year", "month", "day")
_TIME = ("hour", "minute", "second", "microsecond", "fold")


def _reduce_datetime(obj: Any) -> Reduced | str:
    parts: Fields = tuple([(name, getattr(obj, name)) for name in (*_DATE, *_TIME)])
    return ("datetime", "datetime:datetime", (*parts, *_zone_fields(obj.tzinfo, obj.utcoffset())))


def _reduce_time(obj: Any) -> Reduced | str:
    parts: Fields = tuple([(name, getattr(obj, name)) for name in _TIME])
    return ("time", "datetime:time", (*parts, *_zone_fields(obj.tzinfo, obj.utcoffset())))


def _reduce_timezone(obj: Any) -> Reduced | str:
    return ("timezone", "datetime:timezone", _zone_fields(obj, obj.utcoffset(None)))


def _reduce_zone_info(obj: Any) -> Reduced | str:
    if obj.key is None:
        return "a ZoneInfo that was read from a file has no name to find it by"
    return ("zoneinfo", "zoneinfo:ZoneInfo", (("key", obj.key),))


def _rebuild_datetime(_: str, fields: Fields) -> object:
    from datetime import datetime

    parts: dict[str, Any] = dict(fields)
    numbers = {name: parts.get(name, 0) for name in (*_DATE, *_TIME)}
    return datetime(**numbers, tzinfo=_zone(parts))


def _rebuild_date(_: str, fields: Fields) -> object:
    from datetime import date

    parts: dict[str, Any] = dict(fields)
    return date(*[parts[name] for name in _DATE])


def _rebuild_time(_: str, fields: Fields) -> object:
    from datetime import time

    parts: dict[str, Any] = dict(fields)
    numbers = {name: parts.get(name, 0) for name in _TIME}
    return time(**numbers, tzinfo=_zone(parts))


def _rebuild_timedelta(_: str, fields: Fields) -> object:
    from datetime import timedelta

    parts: dict[str, Any] = dict(fields)
    return timedelta(**parts)


def _rebuild_timezone(_: str, fields: Fields) -> object:
    parts: dict[str, Any] = dict(fields)
    return _zone(parts)


def _rebuild_zone_info(_: str, fields: Fields) -> object:
    parts: dict[str, Any] = dict(fields)
    return _zone_info(parts["key"])


# Numbers, identifiers, paths


def _rebuild_decimal(_: str, fields: Fields) -> object:
    from decimal import Decimal

    parts: dict[str, Any] = dict(fields)
    return Decimal(parts["value"])


def _rebuild_fraction(_: str, fields: Fields) -> object:
    from fractions import Fraction

    parts: dict[str, Any] = dict(fields)
    return Fraction(parts["numerator"], parts["denominator"])


def _reduce_uuid(obj: Any) -> Reduced | str:
    safe = obj.is_safe.value
    # Only uuid1() on some platforms says that it is safe, or is not.
    said: Fields = () if safe is None else (("is_safe", safe),)
    return ("uuid", "uuid:UUID", (("value", str(obj)), *said))


def _rebuild_uuid(_: str, fields: Fields) -> object:
    from uuid import UUID, SafeUUID

    parts: dict[str, Any] = dict(fields)
    return UUID(parts["value"], is_safe=SafeUUID(parts.get("is_safe")))


_PATHS = ("Path", "PosixPath", "WindowsPath", "PurePath", "PurePosixPath", "PureWindowsPath")


def _rebuild_path(type_name: str, fields: Fields) -> object:
    import pathlib

    parts: dict[str, Any] = dict(fields)
    module, _, name = type_name.partition(":")
    if module != "pathlib" or name not in _PATHS:
        raise TypeError(f"{type_name} is no path")
    cls: Any = getattr(pathlib, name)
    return cls(parts["value"])


# Built-in classes that are more than a value of a message's own


def _reduce_singleton(obj: Any) -> Reduced | str:
    return ("singleton", f"builtins:{obj!r}", ())


def _rebuild_singleton(type_name: str, _: Fields) -> object:
    found = {"builtins:Ellipsis": ..., "builtins:NotImplemented": NotImplemented}.get(type_name)
    if found is None:
        raise TypeError(f"{type_name} is no singleton")
    return found


def _rebuild_range(_: str, fields: Fields) -> object:
    parts: dict[str, Any] = dict(fields)
    return range(parts["start"], parts["stop"], parts["step"])


def _rebuild_slice(_: str, fields: Fields) -> object:
    parts: dict[str, Any] = dict(fields)
    return slice(parts["start"], parts["stop"], parts["step"])


_REDUCE: dict[tuple[str, str], Reducer] = {
    ("datetime", "datetime"): _reduce_datetime,
    ("datetime", "date"): _attributes("date", "datetime:date", *_DATE),
    ("datetime", "time"): _reduce_time,
    ("datetime", "timedelta"): _attributes(
        "timedelta", "datetime:timedelta", "days", "seconds", "microseconds"
    ),
    ("datetime", "timezone"): _reduce_timezone,
    ("zoneinfo", "ZoneInfo"): _reduce_zone_info,
    ("decimal", "Decimal"): _text("decimal", "decimal:Decimal"),
    ("fractions", "Fraction"): _attributes(
        "fraction", "fractions:Fraction", "numerator", "denominator"
    ),
    ("uuid", "UUID"): _reduce_uuid,
}
_REDUCE_BUILTIN: dict[type, Reducer] = {
    type(...): _reduce_singleton,
    type(NotImplemented): _reduce_singleton,
    range: _attributes("range", "builtins:range", "start", "stop", "step"),
    slice: _attributes("slice", "builtins:slice", "start", "stop", "step"),
}
for _name in _PATHS:
    # The module that defines them changed from version to version.
    for _module in ("pathlib", "pathlib._local"):
        _REDUCE[_module, _name] = _text("path", f"pathlib:{_name}")

#: How to rebuild an instance: the type's name and the fields.
REBUILD: dict[str, Callable[[str, Fields], object]] = {
    "datetime": _rebuild_datetime,
    "date": _rebuild_date,
    "time": _rebuild_time,
    "timedelta": _rebuild_timedelta,
    "timezone": _rebuild_timezone,
    "zoneinfo": _rebuild_zone_info,
    "decimal": _rebuild_decimal,
    "fraction": _rebuild_fraction,
    "uuid": _rebuild_uuid,
    "path": _rebuild_path,
    "singleton": _rebuild_singleton,
    "range": _rebuild_range,
    "slice": _rebuild_slice,
}
