"""The side of a program that Python runs: JSON lines in, marked JSON lines out (see src/host/protocol.ts)."""

import gc
import json
import os
import sys
import time
import traceback

MARK = "@bench "


class Timed:
    """What a workload returns if it takes its own time."""

    def __init__(self, seconds, check):
        self.seconds = seconds
        self.check = check


def _reply(message):
    sys.stdout.write(f"\n{MARK}{json.dumps(message)}\n")
    sys.stdout.flush()


def serve(workloads, close=lambda: None):
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
        except BaseException:
            _reply({"error": traceback.format_exc()})
    close()
    os._exit(0)
