"""Dates, times, zones and locales. No import at the top: the first use is what matters."""


def datetimes() -> object:
    import datetime

    zone = datetime.timezone(datetime.timedelta(hours=2), "two")
    then = datetime.datetime(2024, 2, 29, 12, 30, 1, 5, zone)
    return (
        then.isoformat(),
        then.astimezone(datetime.UTC),
        then + datetime.timedelta(days=366, microseconds=7),
        datetime.datetime.fromisoformat("2011-11-04T00:05:23.283+00:00"),
        datetime.date.fromisocalendar(2020, 53, 5),
        datetime.time(1, 2, 3).replace(fold=1),
        then.strftime("%Y-%m-%d %H:%M:%S.%f %z %Z"),
    )


def strptime() -> object:
    import datetime
    import time

    return (
        datetime.datetime.strptime("21 Nov 2026 10:11:12 +0130", "%d %b %Y %H:%M:%S %z"),
        tuple(time.strptime("Sunday 5 May 2024", "%A %d %B %Y")),
    )


def zones() -> object:
    import datetime
    import zoneinfo

    zone = zoneinfo.ZoneInfo.no_cache("Europe/Berlin")
    then = datetime.datetime(2024, 3, 31, 1, 59, tzinfo=zoneinfo.ZoneInfo("UTC")).astimezone(zone)
    return then, then.dst(), zoneinfo.ZoneInfo("America/New_York").utcoffset(then)


def local_time() -> object:
    import time

    time.tzset()
    return (
        time.strftime("%Y %j %U", time.gmtime(86400 * 365)),
        len(time.localtime()),
        len(time.tzname),
    )


def clocks() -> object:
    import time

    readings = (
        time.time_ns(),
        time.monotonic_ns(),
        time.perf_counter_ns(),
        time.process_time_ns(),
        time.thread_time_ns(),
        time.clock_gettime_ns(time.CLOCK_REALTIME),
    )
    return [reading > 0 for reading in readings], time.get_clock_info("monotonic").monotonic


def calendars() -> object:
    import calendar
    import email.utils

    return (
        calendar.TextCalendar().formatmonth(2024, 2),
        calendar.monthrange(2023, 2),
        email.utils.parsedate_to_datetime("Mon, 20 Nov 1995 19:12:08 -0500"),
        email.utils.formatdate(0),
    )


def locales() -> object:
    import locale

    # Which is set belongs to the process: asked for, never changed.
    return (
        sorted(locale.localeconv()),
        locale.strcoll("a", "b"),
        locale.atof("1.5"),
        f"{1234567.5:n}",
        locale.normalize("de_DE"),
    )


def translations() -> object:
    import gettext

    return gettext.NullTranslations().ngettext("one", "many", 2), gettext.c2py("n != 1")(1)
