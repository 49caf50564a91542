"""Values that several groups of config.yaml have: paths, times of day, addresses. Knows no key.

Faults go to the reader's problems; none shows the value.
"""

from __future__ import annotations

import os
import re
from datetime import time
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from syncd.yamltext import Reader

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_NEVER_IN_AN_ADDRESS: Final = re.compile(r"[\s\x00-\x20\x7f\\]")


def given(reader: Reader) -> bool:
    """There is a group: a missing one is one fault, not one for each of its keys."""
    return isinstance(reader.node_here.value, dict)


def named(reader: Reader, key: str) -> str:
    """The key with the groups that lead to it, for messages."""
    return f"{reader.where}.{key}".lstrip(".")


def path_below(folder: Path, reader: Reader, key: str) -> Path | None:
    """An absolute path that has to be given; a relative one begins at the folder. None: a fault."""
    text = reader.text(key) if given(reader) or not reader.where else ""
    if "\0" in text or (text.startswith("~") and os.path.expanduser(text) == text):
        reader.problem(f"{named(reader, key)} is no path", "write it out from /, or relative to this file", key)
        text = ""
    return Path(os.path.abspath(folder / os.path.expanduser(text))) if text else None


def time_of_day(reader: Reader, key: str) -> time | None:
    """Like "19:00"; None: not given, or a fault."""
    if not reader.has(key):
        reader.know(key)
        return None
    text = reader.text(key)
    if found := _TIME.fullmatch(text):
        return time(int(found.group(1)), int(found.group(2)))
    if text:
        reader.problem(f"{named(reader, key)} is no time of day", 'write it like "19:00"', key)
    return None


def address(text: str) -> SplitResult | None:
    """The parts of an http:// or https:// address; None: it is none."""
    if _NEVER_IN_AN_ADDRESS.search(text):
        return None
    try:
        parts = urlsplit(text)
        _ = parts.port  # is read only now, and may be no number
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname else None
