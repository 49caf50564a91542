"""A copy of a form in which the faulty cells are marked and commented, and a form without such marks again.

Owns syncd's marks in xlsx files. Only what is added touches the bytes: every other part of the form, with its pictures,
drawings, charts and looks, is the same as before. Refuses files with macros, signed files and old formats, because
nobody could promise that for them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from syncd.model import Finding
from syncd.reading.ooxml import marks
from syncd.reading.ooxml.choices import joined
from syncd.reading.ooxml.commenting import commented, uncommented
from syncd.reading.ooxml.outline import Edit, Node, appended, counted, inside, outline, placed
from syncd.reading.ooxml.ownership import disowned, owned
from syncd.reading.ooxml.package import Attributes, Package, SheetPart, Unusable, opened
from syncd.reading.ooxml.revision import Revision
from syncd.reading.ooxml.values import Spot, spot_of

MOST_CELLS: Final = 300
"""Marked places of one form; the note beside it has them all."""
_AREA: Final = re.compile(
    r"(?:(?P<sheet>.+)!)?\$?(?P<first>[A-Z]{1,3}\$?[0-9]{1,7})(?::\$?(?P<last>[A-Z]{1,3}\$?[0-9]{1,7}))?"
)


@dataclass(slots=True)
class _Marks:
    """What is to be marked on one sheet: ranges to colour, and the texts for the first cell of each."""

    areas: list[str] = field(default_factory=list)
    texts: dict[Spot, list[str]] = field(default_factory=dict)


def mark(content: Path, faults: Sequence[Finding], into: Path, owner: str = "") -> bool:
    """Writes a marked copy of a form to `into`; False, and nothing written, when it can't or need not be marked.

    Args:
        faults: the cells (`在籍!C14`, `在籍!C8:C13`; without a sheet, the first one) and what to say of them.
        owner: the mark of whose it is (`owner_mark`); '' for none.

    Raises OSError.
    """
    try:
        with opened(content) as package:
            wanted = _wanted(package.sheets(), faults)
            if not wanted or not _markable(package):
                return False
            revision = Revision(package)
            if revision.type_of(package.workbook()) != marks.WORKBOOK_TYPE:
                return False
            look = _add_look(revision)
            for sheet, of_sheet in wanted.items():
                if look is not None:
                    _highlight(revision, sheet, of_sheet.areas, look)
                commented(revision, sheet, {spot: marks.comment_text(texts) for spot, texts in of_sheet.texts.items()})
            if owner:
                owned(revision, owner)
            revision.save(into)
    except Unusable:
        return False
    return True


def unmark(content: Path, into: Path) -> bool:
    """Writes a copy without syncd's marks to `into`; False, and nothing written, when there are none.

    What programs made of the marks meanwhile doesn't matter. Raises OSError.
    """
    try:
        with opened(content) as package:
            revision = Revision(package)
            for sheet in dict.fromkeys(each.part for each in package.sheets()):
                _unhighlight(revision, sheet)
                uncommented(revision, sheet)
            disowned(revision)
            if not revision.changed:
                return False
            _drop_look(revision)
            revision.save(into)
    except Unusable:
        return False
    return True


def _markable(package: Package) -> bool:
    signed = any(part.lower().startswith("_xmlsignatures/") for part in package.parts)
    return not signed and not package.related(package.workbook(), "vbaProject")


def _wanted(sheets: Sequence[SheetPart], faults: Iterable[Finding]) -> Mapping[str, _Marks]:
    parts = {sheet.name.casefold(): sheet.part for sheet in sheets}
    wanted: dict[str, _Marks] = {}
    count = 0
    for fault in faults:
        for cell in fault.cells:
            found = _AREA.fullmatch(cell)
            if found is None or count >= MOST_CELLS:
                continue
            name = (found["sheet"] or sheets[0].name).removeprefix("'").removesuffix("'").replace("''", "'")
            part = parts.get(name.casefold())
            area = f"{found['first']}:{found['last'] or found['first']}".replace("$", "")
            try:
                first, last = (spot_of(corner) for corner in area.split(":"))
            except ValueError:
                continue
            if part is not None:
                of_sheet = wanted.setdefault(part, _Marks())
                of_sheet.areas.append(area if first != last else area.partition(":")[0])
                of_sheet.texts.setdefault(first, []).append(_said(fault, cell))
                count += 1
    return wanted


def _said(fault: Finding, cell: str) -> str:
    """The reason, what stands in this very cell, and what should, where that can be said of it alone."""
    lines = [fault.say]
    standing = fault.stands.get(cell, "")
    if standing and len(fault.stands) > 1:
        lines.append(f"{cell.rpartition('!')[2]}: {standing}")
    if fault.expected and fault.expected not in fault.say:
        lines.append(f"→ {fault.expected}")
    return "\n".join(lines)


# --- the look --------------------------------------------------------------------------------------------------------


def _styles(package: Package) -> str:
    return next(iter(package.related(package.workbook(), "styles")), "")


def _add_look(revision: Revision) -> int | None:
    """Adds the look of a mark to the workbook's; its number, None for a workbook without any looks."""
    part = _styles(revision.package)
    if not part:
        return None
    xml = revision.read(part)
    nodes = outline(xml, 3)
    looks = [node for node in nodes if node.name == "dxfs" and node.depth == 2]
    look = revision.spelt(marks.LOOK)
    new = revision.spelt(f'<dxfs xmlns="{marks.MAIN}" count="1">'.encode()) + look + b"</dxfs>"
    if not looks:
        revision.edit(part, placed(xml, nodes, "dxfs", marks.IN_STYLES, new))
        return 0
    number = len(inside(nodes, looks[0]))
    if looks[0].empty:
        revision.edit(part, Edit(looks[0].start, looks[0].end, new))
    else:
        revision.edit(part, counted(xml, looks[0], number + 1), appended(xml, looks[0], look))
    return number


def _drop_look(revision: Revision) -> None:
    """Takes the look away again, if no program has rewritten the looks meanwhile."""
    part = _styles(revision.package)
    if not part:
        return
    xml = revision.read(part)
    nodes = outline(xml, 3)
    looks = next((node for node in nodes if node.name == "dxfs" and node.depth == 2), None)
    all_ = inside(nodes, looks) if looks else []
    if looks and all_ and all_[-1].of(xml) == revision.spelt(marks.LOOK):
        revision.edit(part, counted(xml, looks, len(all_) - 1), Edit(all_[-1].start, all_[-1].end))


def _highlight(revision: Revision, sheet: str, areas: Sequence[str], look: int) -> None:
    xml = revision.read(sheet)
    nodes = outline(xml, also=_of_a_rule)
    others = [node for node in nodes if node.name == "conditionalFormatting" and node.depth == 2]
    priorities = [int(node.attributes["priority"]) for node in nodes if node.attributes.get("priority", "").isdecimal()]
    # Before all others, so that a form's own colours don't hide it.
    new = revision.spelt(marks.highlight(joined(areas), look, max(1, min(priorities, default=2) - 1)))
    if others:
        revision.edit(sheet, Edit(others[0].start, others[0].start, new))
    else:
        revision.edit(sheet, placed(xml, nodes, "conditionalFormatting", marks.IN_A_SHEET, new))


def _unhighlight(revision: Revision, sheet: str) -> None:
    xml = revision.read(sheet)
    if b"syncd" not in xml:
        return
    nodes = outline(xml, also=_of_a_rule)
    edits: list[Edit] = []
    for group in (node for node in nodes if node.name == "conditionalFormatting" and node.depth == 2):
        rules = inside(nodes, group, "cfRule")
        ours = [rule for rule in rules if any(_signed(node, xml) for node in inside(nodes, rule, "formula"))]
        gone: list[Node] = [group] if ours and len(ours) == len(rules) else ours
        edits += [Edit(node.start, node.end) for node in gone]
    if edits:
        revision.edit(sheet, *edits)


def _of_a_rule(name: str, _: Attributes) -> bool:
    return name in ("cfRule", "formula")


def _signed(formula: Node, xml: bytes) -> bool:
    return marks.SIGNATURE in formula.text(xml)
