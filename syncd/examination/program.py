"""What syncd runs on."""

from __future__ import annotations

import platform
import sqlite3
from collections.abc import Iterator

from syncd import __version__
from syncd.diagnosis import Diagnosis, ok, warning
from syncd.tree.kernel import has_openat2


def versions() -> Iterator[Diagnosis]:
    """syncd, Python, SQLite, the kernel."""
    said = f"syncd {__version__}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    yield ok("program", "versions", f"{said}, Linux {platform.release()}")
    if not has_openat2():
        why = "the kernel, or this sandbox, has no openat2: folders are entered step by step, which is slower"
        yield warning("program", "kernel", why, "use Linux 5.6 or newer")
