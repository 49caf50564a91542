"""How much one file may cost. What lies beyond is named (`bomb`, `too big`, `too slow`), never tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one look into one file; sizes in bytes, counted on what really comes out, not on what headers claim.

    Attributes:
        seconds: wall time of one job; then its process is killed.
        memory: private memory of the process. Code mapped from disk comes on top, about 30 MB, so that the whole
            stays below 256 MB.
        file: a file larger than this is not opened.
        members, total, one: of a bundle: how many members, what all of them and what one of them may unpack to.
            Workbooks are archives, too: `total` and `one` hold for them as well.
        ratio: a part that unpacks to more than `free` bytes may not be this many times its packed size.
        depth: archives within archives.
        parts: of a workbook, which has more of them than a bundle may have members.
        sheets, cells, characters: of a workbook: cells that hold something, characters of all its texts.
        pages: of a PDF.
        pixels: of one picture; viewers unpack it whole.
    """

    seconds: float = 30.0
    memory: int = 190 * MB
    file: int = 200 * MB
    members: int = 200
    total: int = 500 * MB
    one: int = 200 * MB
    ratio: int = 200
    free: int = 10 * MB
    depth: int = 2
    parts: int = 20_000
    sheets: int = 200
    cells: int = 400_000
    characters: int = 20 * MB
    pages: int = 500
    pixels: int = 500 * MB


class Refused(Exception):
    """A file can't be read whole; `trouble` is the word for it, the text says why in a few English words."""

    def __init__(self, trouble: Literal["encrypted", "unreadable", "too big", "too slow", "bomb"], detail: str) -> None:
        super().__init__(detail)
        self.trouble: Literal["encrypted", "unreadable", "too big", "too slow", "bomb"] = trouble
        self.detail = detail
