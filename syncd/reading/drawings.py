"""What is drawn over a sheet of an xlsx workbook, put onto its cells; other sheets aren't looked at again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final
from xml.parsers.expat import ExpatError

from syncd.forms.grid import Area, Cell, Spot, address
from syncd.reading.ooxml.drawn import Measures, drawn_on, is_drawn_on, pairs_in
from syncd.reading.ooxml.onto_cells import Placing, Setting
from syncd.reading.ooxml.package import Package, Unusable

_COLUMN: Final = re.compile(r"<(?:\w+:)?col\s([^>]*)>")
_ROW: Final = re.compile(r"<(?:\w+:)?row\s([^>]*)>")
_FORMAT: Final = re.compile(r"<(?:\w+:)?sheetFormatPr\s([^>]*)>")
_CELL: Final = re.compile(r"<(?:\w+:)?c\s([^>]*)>")
_EVERYWHERE: Final = Area(1, 1, 1_048_576, 16_384)
_USUAL_WIDTH: Final = 64 / 7
"""A column of the usual width has 64 pixels."""


def with_drawn(
    package: Package, sheet: str, cells: Mapping[Spot, Cell], merged: Sequence[Area]
) -> tuple[Mapping[Spot, Cell], tuple[Area, ...]]:
    """The cells with the marks that are drawn over them, and the areas whose marks can't be told."""
    if not is_drawn_on(package, sheet):
        return cells, ()
    try:
        text = package.read(sheet).decode("utf-8", "replace")
        by = _measures(text)
        drawn = drawn_on(package, sheet, text, by)
        placing = Placing(cells, merged, by, _Settings(package, text))
        placing.place(drawn)
    except (Unusable, ExpatError, ValueError, KeyError, IndexError, OverflowError):
        return cells, (_EVERYWHERE,)  # what is drawn can't be read, so nobody knows what it marks
    return placing.cells, tuple(placing.unclear)


def _measures(text: str) -> Measures:
    found = Measures(width=_USUAL_WIDTH)
    usual = pairs_in(given[1]) if (given := _FORMAT.search(text)) else {}
    if "defaultColWidth" in usual:
        found.width = float(usual["defaultColWidth"])
    found.height = float(usual.get("defaultRowHeight", found.height))
    for column in _COLUMN.finditer(text):
        pairs = pairs_in(column[1])
        width = 0.0 if pairs.get("hidden") in ("1", "true") else float(pairs.get("width", found.width))
        first, last = int(pairs.get("min", 1)), int(pairs.get("max", 1))
        for number in range(first, min(last, first + 1_000) + 1):
            found.widths[number] = width
    for row in _ROW.finditer(text):
        pairs = pairs_in(row[1])
        if not pairs.get("r", "").isdecimal():
            continue
        if pairs.get("hidden") in ("1", "true"):
            found.heights[int(pairs["r"])] = 0.0
        elif "ht" in pairs:
            found.heights[int(pairs["r"])] = float(pairs["ht"])
    return found


class _Settings:
    """How the text of each cell is set; styles are read when the first is asked for."""

    def __init__(self, package: Package, sheet: str) -> None:
        self._package, self._sheet = package, sheet
        self._styles: list[Setting] | None = None
        self._of: dict[str, str] | None = None

    def __call__(self, spot: Spot) -> Setting:
        if self._of is None:
            pairs = (pairs_in(cell[1]) for cell in _CELL.finditer(self._sheet))
            self._of = {each.get("r", ""): each.get("s", "0") for each in pairs}
        if self._styles is None:
            self._styles = _settings(self._package)
        style = self._of.get(address(spot), "0")
        number = int(style) if style.isdecimal() else 0
        return self._styles[number] if number < len(self._styles) else Setting()


def _settings(package: Package) -> list[Setting]:
    sizes: list[float] = []
    found: list[Setting] = []
    inside = ""
    for part in package.related(package.workbook(), "styles")[:1]:
        for name, given in package.elements(part):
            if name in ("fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs"):
                inside = name
            elif inside == "fonts" and name == "font":
                sizes.append(11.0)
            elif inside == "fonts" and name == "sz" and sizes:
                sizes[-1] = float(given.get("val", 11))
            elif inside == "cellXfs" and name == "xf":
                font = int(given.get("fontId", 0))
                found.append(Setting(points=sizes[font] if font < len(sizes) else 11.0))
            elif inside == "cellXfs" and name == "alignment" and found:
                align, indent = given.get("horizontal", "left"), int(given.get("indent", 0))
                found[-1] = Setting("left" if align == "general" else align, found[-1].points, indent)
    return found
