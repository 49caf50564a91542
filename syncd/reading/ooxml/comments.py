"""Comments on cells: whose they are, and what people wrote. syncd's own are told by their first line.

Programs keep a comment's text but not always its author (LibreOffice drops it), so the line counts, not the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from syncd.reading.ooxml.package import Package, local, parser
from syncd.reading.ooxml.texts import plain

AUTHOR: Final = "syncd"
FIRST_LINE: Final = "【指摘】syncd"
"""What a comment of syncd begins with; below a person's own words, what it is appended with."""


BETWEEN: Final = "\n\n"
"""What stands between a person's words and syncd's."""
_BREAKS: Final = re.compile(r"(?:(?:_x000D_)?\r?\n|\r){1,2}\Z")
"""The same as other programs write it."""


def before_ours(text: str) -> str | None:
    """What a person wrote, to the last character; None for a comment that is syncd's alone."""
    persons, found, _ = text.partition(FIRST_LINE)
    if not found:
        return text
    if not persons:
        return None
    return persons.removesuffix(BETWEEN) if persons.endswith(BETWEEN) else _BREAKS.sub("", persons)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment: its cell such as C14, its text as it reads."""

    cell: str
    text: str

    @property
    def marked(self) -> bool:
        """There is something of syncd in it."""
        return FIRST_LINE in self.text

    @property
    def persons(self) -> str:
        """What a person wrote; '' when there is nothing but syncd's."""
        return before_ours(self.text) or ""


def comments(package: Package, sheet: str) -> tuple[Comment, ...]:
    """All comments on a sheet, in the file's order."""
    return tuple(each for part in package.related(sheet, "comments") for each in comments_in(package, part))


def comments_in(package: Package, part: str) -> Iterator[Comment]:
    found: list[Comment] = []
    pieces: list[str] = []
    cell, taking, reading = "", False, False

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal cell, taking, reading
        match local(name):
            case "comment":
                cell = given.get("ref", "")
                pieces.clear()
            case "t":
                taking = not reading
            case "rPh":
                reading = True

    def end(name: str) -> None:
        nonlocal taking, reading
        match local(name):
            case "comment":
                found.append(Comment(cell, plain("".join(pieces))))
            case "t":
                taking = False
            case "rPh":
                reading = False

    package.parse(part, parser(start, end, lambda data: pieces.append(data) if taking else None))
    return iter(found)
