"""Workbooks of the kind that Excel writes today (xlsx, xlsm), as sparse grids: what is stored, nothing calculated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import IO, Final, overload

from syncd.forms.grid import Area, Cell, Grid, Layout, Scalar, Sheet, Spot
from syncd.forms.labels import raised
from syncd.reading.drawings import with_drawn
from syncd.reading.formats import NONE
from syncd.reading.limits import Limits, Refused
from syncd.reading.numbers import moment, number, percent
from syncd.reading.ooxml.formula import column_number, filled
from syncd.reading.ooxml.package import LARGEST_PART, Package, Unusable, opened
from syncd.reading.ooxml.texts import plain, shared_texts
from syncd.reading.sheets import Around, Raw, around_of, cells_of, is_usual, parsed, row_of, unescaped, usual
from syncd.reading.styles import Look, Styles, counts_from_1904, styles_of

_AT_ONCE: Final = 24_000_000
"""Bytes of a sheet part that are looked at as a whole; larger ones go piece by piece."""
_SHORT: Final = 6
"""Characters of a value that is likely to come again."""
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_SHARED: Final = re.compile(r'\bsi="(\d+)"')
_AREA: Final = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_MOST_AREAS: Final = 50_000
_DIGITS: Final = frozenset(range(10))
_DURATION: Final = re.compile(r"P(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,9}(?:\.\d+)?)S)?)?")


def grid(content: Path | IO[bytes], limits: Limits, *, as_seen: bool = True) -> Grid:
    """All sheets of cells; `as_seen`: what formatting raises is told apart. Raises Refused."""
    try:
        with opened(content) as package:
            return _grid(package, limits, as_seen)
    except Unusable as error:
        if "out of memory" in str(error):
            raise MemoryError from error
        why = str(error)[:150]
        raise Refused("too big" if " too " in why else "unreadable", f"the workbook can't be read ({why})") from error


def _grid(package: Package, limits: Limits, as_seen: bool) -> Grid:
    for part in package.parts:
        # Of sheets any size is read, as far as it holds cells that fit; the other parts are looked at as a whole.
        if package.member(part).file_size > LARGEST_PART and "worksheets/" not in part.lower():
            raise Refused("too big", f"{part[:50]} unpacks to more than {LARGEST_PART // 1_000_000} MB")
    parts = package.sheets()
    if len(parts) > limits.sheets:
        raise Refused("too big", f"it has more than {limits.sheets} sheets")
    texts = shared_texts(package, raised if as_seen else None)
    reading = _Cells(texts, styles_of(package), counts_from_1904(package), limits, as_seen)
    sheets = []
    for sheet in parts:
        cells, around = _sheet(package, sheet.part, reading)
        areas = tuple(area for area in map(_area, around.merged[:_MOST_AREAS]) if area)
        layout = reading.layout(cells, around)
        seen, drawn = with_drawn(package, sheet.part, cells, areas) if as_seen else (cells, ())
        sheets.append(Sheet(sheet.name, seen, areas, sheet.state != "visible", layout, drawn))
    return Grid(tuple(sheets))


def _sheet(package: Package, part: str, reading: _Cells) -> tuple[dict[Spot, Cell], Around]:
    if package.member(part).file_size > _AT_ONCE:
        around = Around()
        return reading.read(parsed(package.pieces(part, reading.limits.one), around)), around
    data = package.read(part)
    text = data.decode("utf-8", "replace")
    if is_usual(text) and (cells := reading.read(usual(text), cells_of(text))) is not None:
        return cells, around_of(text)
    around = Around()
    return reading.read(parsed([data], around)), around


class _Cells:
    """Makes cells of raw ones, with what the whole workbook knows."""

    def __init__(self, texts: list[str], styles: Styles, from_1904: bool, limits: Limits, as_seen: bool) -> None:
        self.limits = limits
        self._texts, self._styles, self._from_1904 = texts, styles.shown, from_1904
        self._looks = styles.looks if as_seen else {}
        self._left = limits.cells
        self._rows: list[int] = []
        self._unseen: set[Spot] = set()
        self._lines: dict[Spot, int] = {}
        self._masters: dict[str, tuple[str, Spot]] = {}

    @overload
    def read(self, raw_cells: Iterable[Raw]) -> dict[Spot, Cell]: ...
    @overload
    def read(self, raw_cells: Iterable[Raw], expected: int) -> dict[Spot, Cell] | None: ...
    def read(self, raw_cells: Iterable[Raw], expected: int | None = None) -> dict[Spot, Cell] | None:
        """One sheet's cells; None when they turn out not to be as many as `expected`."""
        cells: dict[Spot, Cell] = {}
        known: dict[tuple[str | None, str | None, str | None], Cell] = {}  # forms say 0 and ○ over and over
        self._masters, self._rows, self._unseen, self._lines = {}, [], set(), {}
        looks = self._looks
        row = column = count = 0
        most, value_of, cell = self._left, self._value, Cell(None)
        for is_cell, letters, digits, style, kind, given, formula, none, value, inline, line in raw_cells:
            if not is_cell:
                number_, hidden = row_of(line) if line else (0, False)
                row, column = number_ or row + 1, 0
                if hidden:
                    self._rows.append(row)
                continue
            count += 1
            column = _column(letters) if letters else column + 1
            if digits:
                row = int(digits)
            if given is not None:
                stored = value_of(kind, style, "" if none else value, inline)
                cell = Cell(stored, self._formula(given, unescaped(formula or ""), (row, column)))
            elif value is not None and len(value) < _SHORT:
                if (kind, style, value) not in known:
                    known[kind, style, value] = Cell(value_of(kind, style, value, None))
                cell = known[kind, style, value]
            elif value is not None or inline is not None:
                cell = Cell(value_of(kind, style, value, inline))
            else:
                continue
            if cell.value is None and given is None:
                continue
            if not (0 < row <= _LAST_ROW and column <= _LAST_COLUMN):
                raise ValueError("a cell lies outside the sheet")
            if style in looks:
                cell = self._looked_at(cell, looks[style], (row, column))
            cells[row, column] = cell
            if count > most and len(cells) > most:
                raise Refused("too big", f"it has more than {self.limits.cells} cells")
        if expected is not None and expected != count:
            return None
        self._left -= len(cells)
        return cells

    def _looked_at(self, cell: Cell, look: Look, spot: Spot) -> Cell:
        """Notes what its style does to a cell."""
        value = cell.value
        if look.unseen or (look.hides is not NONE and look.hides.hides(value)):
            self._unseen.add(spot)
        if look.raised and isinstance(value, str | int) and not isinstance(value, bool):
            return Cell(raised(str(value)), cell.formula)
        if look.lines and (value in _DIGITS or (isinstance(value, str) and len(value) == 1)):
            self._lines[spot] = look.lines
        return cell

    def layout(self, cells: dict[Spot, Cell], around: Around) -> Layout:
        """How the sheet looks that was read last."""
        if not around.zeros:
            self._unseen |= {
                spot for spot, cell in cells.items() if cell.value == 0 and not isinstance(cell.value, bool)
            }
        rows = tuple((row, row) for row in self._rows)
        return Layout(rows, tuple(around.columns), frozenset(self._unseen), around.width, around.widths, self._lines)

    def _value(self, kind: str | None, style: str | None, value: str | None, inline: str | None) -> Scalar:
        if value and (kind is None or kind == "n"):
            return self._number(value, style)
        if inline is not None:
            return plain(unescaped(inline)) if "&" in inline or "_" in inline or "\r" in inline else inline
        if value is None or (not value and kind != "str"):
            return None
        if kind == "s":
            return self._texts[int(value)]
        if kind == "b":
            return value.strip() in ("1", "true")
        if kind == "d":
            return _day(value)
        return plain(unescaped(value))  # a text that was calculated, or an error such as #REF!

    def _number(self, value: str, style: str | None) -> Scalar:
        shown = self._styles[int(style)] if style and int(style) < len(self._styles) else ""
        if not shown:
            return int(value) if len(value) < 16 and value.isdecimal() else number(float(value))
        if shown == "elapsed":
            return timedelta(seconds=round(float(value) * 86_400))
        if shown == "percent":
            return percent(float(value))
        return moment(float(value), from_1904=self._from_1904)

    def _formula(self, given: str, text: str, spot: Spot) -> str:
        """A formula as it reads in its own cell; of a shared one only the first cell holds the text."""
        if 't="shared"' not in given:
            return text or "…"
        group = _SHARED.search(given)
        number = group[1] if group else ""
        if text:
            self._masters[number] = text, spot
            return text
        master, (row, column) = self._masters.get(number, ("…", spot))
        return filled(master, spot[0] - row, spot[1] - column)


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    return column_number(letters) if len(letters) <= 3 else _LAST_COLUMN + 1


def _day(value: str) -> Scalar:
    """A day, a moment, a time of day or a duration as Strict workbooks write them; what is none of these, as a text."""
    text = value.strip().removesuffix("Z")
    if found := _DURATION.fullmatch(text):
        days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
        return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    try:
        if "T" not in text and ":" in text:
            return time.fromisoformat(text).replace(tzinfo=None)
        moment_ = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text
    return moment_ if "T" in text else moment_.date()


def _area(text: str) -> Area | None:
    match = _AREA.fullmatch(text)
    if not match:
        return None
    left, top, right, bottom = match.groups()
    return Area(int(top), column_number(left), int(bottom), column_number(right))
