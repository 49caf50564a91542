"""All sheets of an ods workbook as grids: what is stored, nothing calculated, and what nobody sees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from syncd.forms.grid import USUAL_WIDTH, Area, Cell, Grid, Layout, Scalar, Sheet, Spot
from syncd.forms.labels import raised
from syncd.reading import archives
from syncd.reading.limits import Limits, Refused
from syncd.reading.numbers import number, percent
from syncd.reading.opendocument.elements import Attributes, count, parse
from syncd.reading.opendocument.styles import Styles

_PASSED_OVER: Final = frozenset(
    (
        "office:annotation", "office:forms", "table:tracked-changes", "table:shapes", "table:named-expressions",
        "text:ruby-text", "text:note", "table:content-validations", "table:label-ranges", "table:source",
        "table:scenario", "table:table-source",
    )
)  # fmt: skip
_HIDDEN: Final = frozenset(("collapse", "filter"))
_DURATION: Final = re.compile(r"(-?)P(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,9})(?:[.,]\d+)?S)?)?")
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576
_MOST_WIDTHS: Final = 1_000
_MOST_AREAS: Final = 50_000
_MOST_SPACES: Final = 1_000
_KEPT_SPACE: Final = "\0"


def grid(content: Path, limits: Limits, *, as_seen: bool = True) -> Grid:
    """All sheets of cells. Raises Refused."""
    with archives.opened(content) as archive:
        archives.check_contents(archive, limits)
        members = {member.filename: member for member in archive.infolist()}
        if "content.xml" not in members:
            raise Refused("unreadable", "the workbook has no content")
        styles = Styles()
        if "styles.xml" in members:
            parse(archives.pieces(archive, members["styles.xml"], limits), styles.start, styles.end, lambda _: None)
        book = _Book(styles, limits, as_seen)
        try:
            parse(archives.pieces(archive, members["content.xml"], limits), book.start, book.end, book.text)
        except (ValueError, OverflowError) as error:
            raise Refused("unreadable", f"the workbook is damaged ({str(error)[:100]})") from error
    if not book.sheets:
        raise Refused("unreadable", "the workbook is damaged (it has no sheets)")
    return Grid(tuple(book.sheets))


@dataclass(slots=True)
class _Open:
    """The sheet that is being read."""

    name: str
    hidden: bool
    cells: dict[Spot, Cell] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    rows: list[tuple[int, int]] = field(default_factory=list)
    columns: list[tuple[int, int]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    styles: list[tuple[int, int, str]] = field(default_factory=list)
    unseen: set[Spot] = field(default_factory=set)
    lines: dict[Spot, int] = field(default_factory=dict)

    def made(self) -> Sheet:
        layout = Layout(
            tuple(self.rows), tuple(self.columns), frozenset(self.unseen), USUAL_WIDTH, self.widths, self.lines
        )
        return Sheet(self.name, self.cells, tuple(self.merged), self.hidden, layout)


class _Book:
    """Takes the elements of the content."""

    def __init__(self, styles: Styles, limits: Limits, as_seen: bool) -> None:
        self.sheets: list[Sheet] = []
        self._styles, self._limits, self._as_seen = styles, limits, as_seen
        self._left, self._characters = limits.cells, limits.characters
        self._sheet: _Open | None = None
        self._passed = 0
        self._row = self._column = self._next_column = self._high = 1
        self._row_style = ""
        self._groups: list[bool] = []
        self._cell: Attributes | None = None
        self._paragraphs: list[str] | None = None
        self._inside = 0
        self._spans: list[bool] = []

    def start(self, name: str, given: Attributes) -> None:
        if self._passed or name in _PASSED_OVER or name.startswith(("draw:", "dr3d:")):
            self._passed += 1
        elif name == "table:table":
            self._begin_sheet(given)
        elif self._sheet is None:
            self._styles.start(name, given)
        elif name == "table:table-column":
            self._columns(self._sheet, given)
        elif name in ("table:table-row-group", "table:table-column-group"):
            self._groups.append(given.get("table:display") == "false")
        elif name == "table:table-row":
            self._begin_row(self._sheet, given)
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell = given
            self._paragraphs = None
        elif self._cell is not None and name.startswith("text:"):
            self._in_text(name, given)

    def end(self, name: str) -> None:
        if self._passed:
            self._passed -= 1
        elif self._sheet is None:
            self._styles.end(name)
        elif name == "table:table":
            self.sheets.append(self._sheet.made())
            self._sheet = None
        elif name == "table:table-row":
            self._row += self._high
        elif name in ("table:table-row-group", "table:table-column-group"):
            self._groups.pop()
        elif name in ("table:table-cell", "table:covered-table-cell") and self._cell is not None:
            self._end_cell(self._sheet, self._cell, covered=name.startswith("table:covered"))
            self._cell = None
        elif name in ("text:p", "text:h") and self._inside:
            self._inside -= 1
        elif name == "text:span" and self._spans:
            self._spans.pop()

    def text(self, data: str) -> None:
        if self._passed or not self._inside or self._paragraphs is None:
            return
        self._characters -= len(data)
        if self._characters < 0:
            raise Refused("too big", "it has too much text")
        text = _SPACE.sub(" ", data)
        if not self._paragraphs[-1] or self._paragraphs[-1].endswith(" "):
            text = text.lstrip(" ")
        self._paragraphs[-1] += raised(text) if self._as_seen and any(self._spans) else text

    def _in_text(self, name: str, given: Attributes) -> None:
        if name in ("text:p", "text:h"):
            self._paragraphs = [*(self._paragraphs or ()), ""]
            self._inside += 1
            self._spans.clear()
        elif name == "text:span":
            self._spans.append(self._styles.raises(given.get("text:style-name", "")))
        elif self._paragraphs:
            if name == "text:s":
                self._paragraphs[-1] += _KEPT_SPACE * min(count(given, "text:c"), _MOST_SPACES)
            elif name in ("text:tab", "text:line-break"):
                self._paragraphs[-1] += "\t" if name == "text:tab" else "\n"

    def _begin_sheet(self, given: Attributes) -> None:
        if len(self.sheets) >= self._limits.sheets:
            raise Refused("too big", f"it has more than {self._limits.sheets} sheets")
        if self._sheet is not None:
            self._passed = 1  # a table within a cell
            return
        shown = self._styles.shows_sheet(given.get("table:style-name", ""))
        self._sheet = _Open(given.get("table:name", ""), not shown or given.get("table:display") == "false")
        self._row = self._next_column = self._high = 1

    def _columns(self, sheet: _Open, given: Attributes) -> None:
        first = self._next_column
        self._next_column += count(given, "table:number-columns-repeated")
        last = min(self._next_column - 1, _LAST_COLUMN)
        if first > last:
            return
        if style := given.get("table:default-cell-style-name"):
            sheet.styles.append((first, last, style))
        width = self._styles.width(given.get("table:style-name", ""))
        if given.get("table:visibility") in _HIDDEN or any(self._groups) or width == 0:
            sheet.columns.append((first, last))
        elif width is not None:
            sheet.widths |= dict.fromkeys(range(first, min(last, first + _MOST_WIDTHS) + 1), width)

    def _begin_row(self, sheet: _Open, given: Attributes) -> None:
        self._high = count(given, "table:number-rows-repeated")
        self._column = 1
        self._row_style = given.get("table:default-cell-style-name", "")
        hidden = given.get("table:visibility") in _HIDDEN or any(self._groups)
        if (hidden or self._styles.flat(given.get("table:style-name", ""))) and self._row <= _LAST_ROW:
            sheet.rows.append((self._row, self._row + self._high - 1))

    def _end_cell(self, sheet: _Open, given: Attributes, *, covered: bool) -> None:
        first, wide = self._column, count(given, "table:number-columns-repeated")
        self._column += wide
        across = count(given, "table:number-columns-spanned")
        down = count(given, "table:number-rows-spanned")
        if (across > 1 or down > 1) and not covered and len(sheet.merged) < _MOST_AREAS:
            sheet.merged.append(Area(self._row, first, self._row + down - 1, first + across - 1))
        text = None if self._paragraphs is None else self._whole(self._paragraphs)
        value = _value(given, text or "")
        formula = given.get("table:formula", "")
        if covered or (value is None and not formula):
            return  # what lies under a merged cell nobody sees
        if wide * self._high > self._left or first + wide - 1 > _LAST_COLUMN or self._row + self._high - 1 > _LAST_ROW:
            raise Refused("too big", f"it has more than {self._limits.cells} cells")
        self._left -= wide * self._high
        look = self._styles.of_cell(given.get("table:style-name") or self._row_style or _of_column(sheet, first))
        if self._as_seen and look.raised and isinstance(value, str | int) and not isinstance(value, bool):
            value = raised(str(value))
        cell = Cell(value, formula.removeprefix("of:").removeprefix("="))
        # A value whose text is there and empty is shown as nothing by its format.
        unseen = look.unseen or (text == "" and value is not None and not isinstance(value, str))
        for row in range(self._row, self._row + self._high):
            for column in range(first, first + wide):
                sheet.cells[row, column] = cell
                if unseen:
                    sheet.unseen.add((row, column))
                if look.lines and len(str(value)) == 1:
                    sheet.lines[row, column] = look.lines

    def _whole(self, paragraphs: list[str]) -> str:
        return "\n".join(paragraph.rstrip(" ").replace(_KEPT_SPACE, " ") for paragraph in paragraphs)


def _of_column(sheet: _Open, column: int) -> str:
    return next((style for first, last, style in sheet.styles if first <= column <= last), "")


def _value(given: Attributes, text: str) -> Scalar:
    kind = given.get("office:value-type", "")
    if kind in ("float", "currency", "percentage") and "office:value" in given:
        value = float(given["office:value"])
        return percent(value) if kind == "percentage" else number(value)
    if kind == "boolean" and "office:boolean-value" in given:
        return given["office:boolean-value"] == "true"
    if kind == "date" and "office:date-value" in given:
        return _day(given["office:date-value"])
    if kind == "time" and "office:time-value" in given:
        return _time(given["office:time-value"])
    return given.get("office:string-value") or text or None


def _day(text: str) -> date | datetime | str:
    try:
        found = datetime.fromisoformat(text.removesuffix("Z").partition(".")[0]).replace(tzinfo=None)
    except ValueError:
        return text
    return found if "T" in text and found.time() != time(0) else found.date()


def _time(text: str) -> time | timedelta | str:
    """A time of day where it is less than one."""
    found = _DURATION.fullmatch(text)
    if found is None:
        return text
    sign, *parts = found.groups()
    days, hours, minutes, seconds = (int(part or 0) for part in parts)
    length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds) * (-1 if sign else 1)
    return (datetime.min + length).time() if timedelta(0) <= length < timedelta(days=1) else length
