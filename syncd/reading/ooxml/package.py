"""The zip and XML frame of an xlsx file: its parts, how they are related, its sheets.

Owns safe access: bounded sizes, no document type declarations (so no entities), targets only inside the file. Refuses
to know what the parts mean. Whatever is wrong with a file raises `Unusable`.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

LARGEST_PART: Final = 64 * 1024 * 1024
"""Bytes of one unpacked part; larger workbooks are nobody's monthly report."""
MOST_PARTS: Final = 10_000
MOST_ELEMENTS: Final = 100_000
"""Elements of a part that is looked at as a whole; sheets are not."""
_PIECE: Final = 1024 * 1024
"""As expat takes them at once; with smaller ones a single endless element takes minutes."""

Attributes = Mapping[str, str]


class Unusable(Exception):
    """The file is no workbook of this kind, is damaged, or is beyond the limits."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part points to; `kind` is the last word of the relation's type, `target` a part of the same file."""

    id: str
    kind: str
    target: str


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A sheet as the workbook lists it; `state`: visible, hidden or veryHidden."""

    name: str
    state: str
    part: str


def local(name: str) -> str:
    """An element's or attribute's name without its namespace prefix."""
    return name.rpartition(":")[2]


def parser(
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> expat.XMLParserType:
    """An XML parser that hands over elements and refuses document types."""
    made = expat.ParserCreate()
    made.buffer_text = True
    made.StartElementHandler = start
    made.EndElementHandler = end
    made.CharacterDataHandler = text
    made.StartDoctypeDeclHandler = _refused
    return made


def _refused(*_: object) -> None:
    raise Unusable("it has a document type declaration")


@contextmanager
def opened(content: Path | IO[bytes]) -> Iterator[Package]:
    """The package in a file. Raises OSError when the file can't be opened, `Unusable` for anything wrong in it."""
    with content.open("rb") if isinstance(content, Path) else nullcontext(content) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                yield Package(archive)
        except (
            zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, ValueError, IndexError, EOFError,
            NotImplementedError, RuntimeError, OSError, OverflowError,
        ) as error:  # fmt: skip
            raise Unusable(str(error) or type(error).__name__) from error


class Package:
    """The parts of one file. Names are looked up without regard to letter case, as Office does."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        members = archive.infolist()
        if len(members) > MOST_PARTS:
            raise Unusable("it has too many parts")
        self.archive = archive
        self._members = {member.filename.lower(): member for member in members}
        if len(self._members) != len(members):
            raise Unusable("two of its parts have the same name")
        if any(member.flag_bits & 1 for member in members):
            raise Unusable("it is encrypted")

    def __contains__(self, part: str) -> bool:
        return part.lower() in self._members

    @property
    def parts(self) -> tuple[str, ...]:
        """Names as they are written, in the order of the file."""
        return tuple(member.filename for member in self._members.values())

    def member(self, part: str) -> zipfile.ZipInfo:
        return self._members[part.lower()]

    def pieces(self, part: str, most: int = LARGEST_PART) -> Iterator[bytes]:
        """A part's bytes, unpacked piece by piece."""
        total = 0
        with self.archive.open(self._members[part.lower()]) as stream:
            while piece := stream.read(_PIECE):
                total += len(piece)
                if total > most:
                    raise Unusable(f"{part} is too large")
                yield piece

    def read(self, part: str, most: int = LARGEST_PART) -> bytes:
        return b"".join(self.pieces(part, most))

    def parse(self, part: str, by: expat.XMLParserType) -> None:
        """Feeds a part to a parser."""
        for piece in self.pieces(part):
            by.Parse(piece, False)
        by.Parse(b"", True)

    def elements(self, part: str) -> Iterator[tuple[str, Attributes]]:
        """Every element of a part that has its meaning in its attributes, in order."""
        found: list[tuple[str, Attributes]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if len(found) == MOST_ELEMENTS:
                raise Unusable(f"{part} is too large")
            found.append((local(name), attributes))

        self.parse(part, parser(start))
        return iter(found)

    def relations(self, part: str) -> tuple[Relation, ...]:
        """Where a part points to inside the file; '' for the file itself."""
        own = relations_part(part)
        if own not in self:
            return ()
        folder = posixpath.dirname(part)
        found = []
        for name, given in self.elements(own):
            if name == "Relationship" and given.get("TargetMode", "Internal") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, given.get("Target", ""))).lstrip("/")
                found.append(Relation(given.get("Id", ""), given.get("Type", "").rpartition("/")[2], target))
        return tuple(found)

    def related(self, part: str, *kinds: str) -> tuple[str, ...]:
        """The parts of these kinds that a part points to and that are there."""
        return tuple(each.target for each in self.relations(part) if each.kind in kinds and each.target in self)

    def workbook(self) -> str:
        found = [part for part in self.related("", "officeDocument") if part in self]
        if len(found) != 1:
            raise Unusable("it is no workbook")
        return found[0]

    def sheets(self) -> tuple[SheetPart, ...]:
        """The workbook's sheets of cells in their order; chart sheets and the like are left out."""
        book = self.workbook()
        targets = {each.id: each for each in self.relations(book) if each.target in self}
        found = []
        root = ""
        for name, given in self.elements(book):
            root = root or name
            if name == "sheet":
                id_ = next((value for key, value in given.items() if key != "id" and local(key) == "id"), "")
                if id_ in targets and targets[id_].kind == "worksheet":
                    found.append(SheetPart(given.get("name", ""), given.get("state", "visible"), targets[id_].target))
        if root != "workbook" or not found:
            raise Unusable("it is no workbook")
        return tuple(found)

    def stream(self, part: str) -> IO[bytes]:
        """A part for copying; its size is the caller's business."""
        return self.archive.open(self._members[part.lower()])


def relations_part(part: str) -> str:
    """Where a part's relations stand: xl/workbook.xml → xl/_rels/workbook.xml.rels."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
