"""What a form says beside its cells: comments, pictures such as a seal, text boxes, ticked boxes, named cells."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from syncd.reading.ooxml.comments import comments
from syncd.reading.ooxml.formula import canonical
from syncd.reading.ooxml.package import Package, Unusable, local, parser

_MOST_DRAWN: Final = 100_000
"""Elements with text in one sheet's drawings."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of one sheet.

    Attributes:
        comments: what people wrote, by cell.
        pictures, objects: how often each content (by its digest) is there; charts and shapes' looks don't count.
        boxes: how often each text of a text box is there.
        ticks: the states of the check boxes and lists drawn on the sheet, in their order.
    """

    comments: Mapping[str, str] = field(default_factory=dict)
    pictures: Counter[str] = field(default_factory=Counter)
    objects: Counter[str] = field(default_factory=Counter)
    boxes: Counter[str] = field(default_factory=Counter)
    ticks: tuple[str, ...] = ()


def surroundings(package: Package, sheet: str) -> Surroundings:
    drawings = package.related(sheet, "drawing")
    pictures = [each for drawing in drawings for each in package.related(drawing, "image")]
    return Surroundings(
        comments={each.cell: each.persons for each in comments(package, sheet) if each.persons},
        pictures=_digests(package, pictures),
        objects=_digests(package, package.related(sheet, "oleObject", "package")),
        boxes=Counter(text for drawing in drawings for text in _boxes(package, drawing)),
        ticks=tuple(_ticked(package, each) for each in package.related(sheet, "ctrlProp")),
    )


def _digests(package: Package, parts: Iterable[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for part in parts:
        digest = hashlib.sha1(usedforsecurity=False)
        for piece in package.pieces(part):
            digest.update(piece)
        found[digest.hexdigest()] += 1
    return found


def pictures_in_cells(package: Package) -> Counter[str]:
    """Pictures that lie in cells rather than on a sheet (Excel's newer kind), of the whole workbook."""
    holders = [part for part in package.parts if part.lower().startswith("xl/richdata/")]
    return _digests(package, [each for part in holders for each in package.related(part, "image")])


def _boxes(package: Package, drawing: str) -> list[str]:
    """The texts of a drawing's shapes, without regard to how they are wrapped."""
    found: list[str] = []
    pieces: list[str] = []
    inside: list[str] = []
    count = 0

    def start(name: str, _: dict[str, str]) -> None:
        nonlocal count
        if (name := local(name)) in ("sp", "t"):
            inside.append(name)
            count += 1
            if count > _MOST_DRAWN:
                raise Unusable("it has too many shapes")

    def end(name: str) -> None:
        if (name := local(name)) in ("sp", "t") and inside:
            inside.pop()
            if name == "sp":
                found.append("".join("".join(pieces).split()))
                pieces.clear()

    def text(data: str) -> None:
        if inside[-1:] == ["t"] and "sp" in inside:
            pieces.append(data)

    package.parse(drawing, parser(start, end, text))
    return [each for each in found if each]


def listed(texts: Counter[str]) -> str:
    """Texts as one text."""
    return "、".join(sorted(texts.elements()))


def _ticked(package: Package, part: str) -> str:
    given = next((attributes for _, attributes in package.elements(part)), {})
    return given.get("checked", "") or given.get("val", "") or given.get("sel", "")


def defined_names(package: Package) -> dict[str, str]:
    """What the names that formulas use stand for; print areas, filters and other names of programs are left out."""
    found: dict[str, str] = {}
    pieces: list[str] = []
    current = ""

    def start(name: str, given: dict[str, str]) -> None:
        nonlocal current
        pieces.clear()
        if local(name) == "definedName":
            current = f"{given.get('localSheetId', '')}:{given.get('name', '')}".lstrip(":")

    def end(name: str) -> None:
        nonlocal current
        if local(name) == "definedName":
            text = "".join(pieces)
            if not current.rpartition(":")[2].startswith("_xl") and "#REF!" not in text and len(found) < _MOST_DRAWN:
                found[current] = canonical(text, 1, 1)
            current = ""

    package.parse(package.workbook(), parser(start, end, lambda data: pieces.append(data) if current else None))
    return found


def counts_from_1904(package: Package) -> bool:
    """Whether days are counted from 1904, so that the same number is another day."""
    return any(
        name == "workbookPr" and given.get("date1904", "0") in ("1", "true")
        for name, given in package.elements(package.workbook())
    )
