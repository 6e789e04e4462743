"""Compares stubs and annotations with what runs (mypy's stubtest), in an interpreter of ours.

What lives here: running stubtest on `_multicore` and on every module of `multicore`, and on a stub
that is wrong on purpose, which it must find. What must not: what may differ (`differences.txt`).
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from mypy import stubtest

_HERE = Path(__file__).parent
_ROOT = _HERE.parent.parent
_STUB = _ROOT / "crates/core/python/_multicore.pyi"

#: What is made wrong in the native module's stub, and what stubtest must say of it.
_FAULTS = (
    ("def sleep(seconds: float)", "def sleep(duration: float)", "_multicore.sleep"),
    ("serial: bool = False\n", "serial: bool = True\n", "_multicore.create_interpreter"),
    ("def list_queues()", "def list_heaps()", "_multicore.list_heaps"),
    ("    def qsize(self)", "    def qsize(self, now: bool)", "_multicore.QueueHandle.qsize"),
    ("    def open(self)", "    def unpack(self)", "_multicore.Parcel.unpack"),
)


def _stubtest(*arguments: str) -> tuple[int, str]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code = stubtest.test_stubs(stubtest.parse_options([*arguments]))
    return code, said.getvalue()


def _finds_faults() -> bool:
    """Say whether stubtest, as it runs here, finds what is wrong with a stub."""
    wrong = _STUB.read_text()
    for right, fault, _ in _FAULTS:
        if right not in wrong:
            print(f"The stub has no {right!r} any more to be made wrong.")
            return False
        wrong = wrong.replace(right, fault)
    with TemporaryDirectory() as folder:
        Path(folder, _STUB.name).write_text(wrong)
        os.environ["MYPYPATH"] = folder
        _, said = _stubtest("--concise", "_multicore")
        del os.environ["MYPYPATH"]
    missed = [name for *_, name in _FAULTS if f"{name} " not in said]
    if missed:
        print(f"A wrong stub was not found to be wrong: {', '.join(missed)}\n{said}")
    return not missed


def main() -> int:
    """Give the exit code: 0 when all agrees and faults would be found."""
    os.chdir(_ROOT)
    # Module paths are those of the configuration.
    options = ["--mypy-config-file", "pyproject.toml"]
    options += ["--allowlist", str(_HERE / "differences.txt")]
    code, said = _stubtest(*options, "_multicore", "multicore")
    sys.stdout.write(said)
    return code if _finds_faults() else 1
