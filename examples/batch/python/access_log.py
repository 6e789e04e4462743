"""One line of an access log, taken apart and judged: the work of the batch example."""

import re
from urllib.parse import unquote_plus

LINE = re.compile(
    r'(?P<host>\S+) \S+ \S+ \[(?P<time>[^\]]+)\] "(?P<method>\S+) (?P<path>\S+) [^"]*" '
    r"(?P<status>\d{3}) (?P<size>\d+|-)"
)
SUSPICIOUS = re.compile(r"(?i)\.\./|union\s+select|<script|/etc/passwd|wp-login|\.php\b")


def judge(line: str) -> tuple[str, int, int] | None:
    """The verdict on a line, its status and its size; None if it is no log line."""
    found = LINE.match(line)
    if found is None:
        return None
    path = unquote_plus(found["path"])
    verdict = (
        "attack" if SUSPICIOUS.search(path) else "error" if found["status"] >= "500" else "fine"
    )
    return (verdict, int(found["status"]), 0 if found["size"] == "-" else int(found["size"]))
