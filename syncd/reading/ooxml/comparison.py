"""What differs between two xlsx files, part by part; what counts as content is told in `syncd.reading.comparison`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from syncd.forms.fact import CellChange, What
from syncd.reading.ooxml.cells import Content, sheet_content
from syncd.reading.ooxml.choices import joined
from syncd.reading.ooxml.package import Package, SheetPart
from syncd.reading.ooxml.surroundings import (
    counts_from_1904,
    defined_names,
    listed,
    pictures_in_cells,
    surroundings,
)
from syncd.reading.ooxml.texts import date_styles, shared_texts
from syncd.reading.ooxml.values import named, same, shown

_SAME_PART: Final = 16 * 1024 * 1024


def workbook_changes(old: Package, new: Package) -> Iterator[CellChange]:
    pairs = tuple(_pairs(old.sheets(), new.sheets()))
    yield from _macros(old, new)
    if (earlier := counts_from_1904(old)) != counts_from_1904(new):
        yield CellChange("", "", "1904" if earlier else "1900", "1900" if earlier else "1904", "dates")
    yield from _sheets(pairs, old, new)
    yield from _mapped("", defined_names(old), defined_names(new), "name")
    if (before := pictures_in_cells(old)) != (after := pictures_in_cells(new)):
        yield CellChange("", "", str(before.total()), str(after.total()), "picture")
    texts = shared_texts(old), shared_texts(new)
    styles = date_styles(old), date_styles(new)
    for one, other in pairs:
        if one is None or other is None:
            continue
        # Equal bytes mean equal cells only where they count the same texts.
        if texts[0] != texts[1] or not _same_bytes(old, one.part, new, other.part):
            contents = (
                sheet_content(old, one.part, texts[0], styles[0]),
                sheet_content(new, other.part, texts[1], styles[1]),
            )
            yield from _cells(other.name, *contents)
            choices = ({each: joined(areas) for each, areas in content.choices.items()} for content in contents)
            yield from _choices(other.name, *choices)
        yield from _beside(other.name, old, one.part, new, other.part)


def _same_bytes(old: Package, old_part: str, new: Package, new_part: str) -> bool:
    sizes = old.member(old_part).file_size, new.member(new_part).file_size
    return sizes[0] == sizes[1] <= _SAME_PART and old.read(old_part) == new.read(new_part)


def _macros(old: Package, new: Package) -> Iterator[CellChange]:
    one, other = (
        [package.read(part) for part in package.related(package.workbook(), "vbaProject")] for package in (old, new)
    )
    if one != other:
        yield CellChange("", "", "VBA" if one else "", "VBA" if other else "", "macros")


# --- sheets ----------------------------------------------------------------------------------------------------------

_Pair = tuple[SheetPart | None, SheetPart | None]


def _pairs(old: tuple[SheetPart, ...], new: tuple[SheetPart, ...]) -> Iterator[_Pair]:
    """Sheets of the same name; of the rest, those at the same place among the rest were renamed."""
    by_name = {sheet.name.casefold(): sheet for sheet in old}
    left = [sheet for sheet in old if sheet.name.casefold() not in {each.name.casefold() for each in new}]
    renamed = dict(zip((each.name for each in new if each.name.casefold() not in by_name), left, strict=False))
    for sheet in new:
        yield by_name.get(sheet.name.casefold()) or renamed.get(sheet.name), sheet
    for gone in left[len(renamed) :]:
        yield gone, None


def _sheets(pairs: tuple[_Pair, ...], old: Package, new: Package) -> Iterator[CellChange]:
    for one, other in pairs:
        if one is None or other is None or one.name != other.name:
            yield CellChange(_name(other) or _name(one), "", _name(one), _name(other), "sheet")
        if one and other and one.state != other.state:
            yield CellChange(other.name, "", one.state, other.state, "visibility")
    stayed = [one.name for one, other in pairs if one and other]
    before = [sheet.name for sheet in old.sheets() if sheet.name in stayed]
    if before != stayed:
        yield CellChange("", "", "、".join(before), "、".join(sheet.name for sheet in new.sheets()), "order")


def _name(sheet: SheetPart | None) -> str:
    return sheet.name if sheet else ""


def _cells(sheet: str, old: Content, new: Content) -> Iterator[CellChange]:
    differing = [
        spot
        for spot, value in old.cells.items()
        if (other := new.cells.get(spot)) is None or not same(value, other, spot)
    ]
    differing += [spot for spot in new.cells if spot not in old.cells]
    for spot in sorted(differing):
        before = shown(old.cells.get(spot), spot, spot in old.dates)
        after = shown(new.cells.get(spot), spot, spot in new.dates)
        if before == after:  # only seconds' fractions differ
            before, after = (shown(each.cells.get(spot), spot, date=False) for each in (old, new))
        yield CellChange(sheet, named(spot), before, after)


def _choices(sheet: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[CellChange]:
    for rule in sorted({*old, *new}):
        if (before := old.get(rule, "")) != (after := new.get(rule, "")):
            if before:
                yield CellChange(sheet, before, rule, "", "validation")
            if after:
                yield CellChange(sheet, after, "", rule, "validation")


# --- beside the cells ------------------------------------------------------------------------------------------------


def _beside(sheet: str, old: Package, old_part: str, new: Package, new_part: str) -> Iterator[CellChange]:
    one, other = surroundings(old, old_part), surroundings(new, new_part)
    yield from _mapped(sheet, one.comments, other.comments, "comment")
    kinds: tuple[tuple[What, Mapping[str, int], Mapping[str, int]], ...] = (
        ("picture", one.pictures, other.pictures),
        ("object", one.objects, other.objects),
    )
    for what, before, after in kinds:
        if before != after:
            yield CellChange(sheet, "", str(sum(before.values())), str(sum(after.values())), what)
    if one.boxes != other.boxes:
        yield CellChange(sheet, "", listed(one.boxes - other.boxes), listed(other.boxes - one.boxes), "text box")
    if one.ticks != other.ticks:
        yield CellChange(sheet, "", "、".join(one.ticks), "、".join(other.ticks), "tick")


def _mapped(sheet: str, old: Mapping[str, str], new: Mapping[str, str], what: What) -> Iterator[CellChange]:
    for key in [*old, *(key for key in new if key not in old)]:
        if old.get(key, "") != new.get(key, ""):
            yield CellChange(sheet, key, old.get(key, ""), new.get(key, ""), what)
