"""Runs a suite's tests and logs each, for `run.mjs`, which reads the log when a process is gone."""

from __future__ import annotations

import json
import os
import re
import sys
import traceback
import unittest
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


def _log(**event: object) -> None:
    # One write for a line: what was logged is there, even if the process crashes next.
    descriptor = os.open(os.environ["FOREIGN_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.write(descriptor, (json.dumps(event) + "\n").encode())
    finally:
        os.close(descriptor)


class _Result(unittest.TestResult):
    """Logs every test when it begins and when it has ended."""

    outcome = "passes"
    text = ""

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802  unittest's names.
        super().startTest(test)
        self.outcome, self.text = "passes", ""
        _log(event="start", test=test.id())

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802
        super().stopTest(test)
        _log(event="outcome", test=test.id(), outcome=self.outcome, text=self.text)

    def _bad(self, outcome: str, test: object, error: Any) -> None:
        text = "".join(traceback.format_exception(*error))
        if isinstance(test, unittest.TestCase) or hasattr(test, "test_case"):
            self.outcome, self.text = outcome, self.text + text
        else:
            # A class's or module's fixture.
            _log(event="outcome", test=str(test), outcome=outcome, text=text)

    def addError(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        self._bad("errors", test, err)

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        self._bad("fails", test, err)

    def addSubTest(self, test: unittest.TestCase, subtest: Any, err: Any) -> None:  # noqa: N802
        if err is not None:
            self._bad("fails", test, err)

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802
        if isinstance(test, unittest.TestCase):
            self.outcome, self.text = "skipped", reason
        else:
            _log(event="outcome", test=str(test), outcome="skipped", text=reason)

    def addExpectedFailure(self, test: unittest.TestCase, err: Any) -> None:  # noqa: N802
        pass

    def addUnexpectedSuccess(self, test: unittest.TestCase) -> None:  # noqa: N802
        self.outcome, self.text = "fails", "passes, although the suite marks it as one that fails"


def _flat(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from _flat(item)
        else:
            yield item


def run() -> None:
    """Run the tests that the environment names, but for those that were run before."""
    done = set(Path(os.environ["FOREIGN_DONE"]).read_text().splitlines())
    left_out, only = os.environ["FOREIGN_EXCEPT"], os.environ["FOREIGN_ONLY"]
    sys._foreign_prepare()  # type: ignore[attr-defined]
    loaded = unittest.defaultTestLoader.loadTestsFromNames(os.environ["FOREIGN_TESTS"].split())
    tests = [
        test
        for test in _flat(loaded)
        if test.id() not in done
        and not (left_out and re.search(left_out, test.id()))
        and re.search(only, test.id())
    ]
    unittest.TestSuite(tests).run(_Result())
    _log(event="end")
