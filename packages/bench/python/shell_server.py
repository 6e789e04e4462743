"""Answers calls that arrive as JSON lines; the other half of src/programs/peer/python-shell.ts."""

import json
import sys

import bench_functions
import bench_work

out = sys.stdout
for line in sys.stdin:
    name, args, *rest = json.loads(line)
    try:
        function = getattr(bench_functions, name, None) or getattr(bench_work, name)
        answer = {"ok": function(*args, **(rest[0] if rest else {}))}
    except Exception as error:  # noqa: BLE001  Whatever it is, it is told.
        answer = {"error": f"{type(error).__name__}: {error}"}
    out.write(json.dumps(answer, separators=(",", ":")) + "\n")
    out.flush()
