"""Stands in for the frozen `site`, in every interpreter of the process. Not imported by this name.

What lives here: asking whether the thread makes an interpreter that is told what `site` found. What
must not: anything else, since interpreters that others make run it, too.
"""

import _multicore_site

if not _multicore_site.skips():
    exec(_multicore_site.code(), globals())  # noqa: S102  As importing it would.
