"""The side of a program that Python runs (see src/host/protocol.ts).

JSON lines come in, marked JSON lines go out.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import traceback

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


MARK = "@bench "


class Timed:
    """What a workload returns if it takes its own time."""

    def __init__(self, seconds: float, check: Any) -> None:
        self.seconds = seconds
        self.check = check


def _reply(message: dict[str, Any]) -> None:
    sys.stdout.write(f"\n{MARK}{json.dumps(message)}\n")
    sys.stdout.flush()


def serve(
    workloads: Mapping[str, Callable[[int], Any]], close: Callable[[], object] = lambda: None
) -> None:
    """Answers until the runner is done; then leaves at once, whatever threads still wait."""
    _reply({"ready": True, "version": sys.version.split()[0], "workloads": list(workloads)})
    for line in sys.stdin:
        request = json.loads(line)
        if request["op"] == "close":
            break
        try:
            workload = workloads[request["workload"]]
            gc.collect()
            start = time.perf_counter()
            result = workload(request["n"])
            seconds = time.perf_counter() - start
            if isinstance(result, Timed):
                _reply({"seconds": result.seconds, "check": result.check})
            else:
                _reply({"seconds": seconds, "check": result})
        except BaseException:  # noqa: BLE001  Whatever it is, it is told.
            _reply({"error": traceback.format_exc()})
    close()
    os._exit(0)
