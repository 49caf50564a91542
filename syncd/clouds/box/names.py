"""Names that Box can hold; pure. What Box makes of a name all the same is read back from its answer."""

from __future__ import annotations

from typing import Final

LIMIT: Final = 255
"""Characters in a name."""
_INSTEAD: Final[dict[int, str | None]] = {ord("/"): "／", ord("\\"): "＼", 127: None, **dict.fromkeys(range(32))}


def acceptable(name: str) -> str:
    """The name, with what Box refuses replaced: slashes, control characters, blanks at the ends, `.` and `..`."""
    found = name.translate(_INSTEAD).encode("utf-8", "replace").decode().strip(" ")
    if found.strip(".") == "":
        found = found.replace(".", "．") or "_"
    return found[:LIMIT]
