"""One sheet, ready to be searched: where each text stands, what is merged, what a cell says of a kind.

Every text is normalised once, however many facts are looked for. All searches are bounded: a sheet full of one label
costs no more than one with a few.
"""

from __future__ import annotations

import copy
import heapq
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from syncd.forms import values
from syncd.forms.fact import Kind, One, State
from syncd.forms.grid import Area, Cell, Sheet, Spot, address
from syncd.forms.hidden import Hidden
from syncd.forms.labels import MOST_LABEL, announces, bare_key, label_key, says_nothing
from syncd.forms.split_times import time_over_cells
from syncd.forms.stated import Conflict, Line, lines, stated
from syncd.forms.units import Unit, without_unit

MOST_SPOTS: Final = 60
"""So many places of one label are looked at."""
_MOST_MERGED: Final = 20_000
_TALL: Final = 32
_MOST_TALL: Final = 1_000
_LONGER: Final = 12
_CLOSING: Final = (")", "]", "〕", "】", ">")
_MOST_WIDE: Final = 99
_WHOLE: Final = re.compile(r"[0-9]+ページ|文書")
"""What has no cells with addresses: a page of a PDF, a document of Word."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a cell says: `one` when found, `text` as it reads."""

    state: State
    one: One = None
    text: str = ""


class Paper:
    """A sheet with its indexes, which are made when first asked for."""

    def __init__(self, sheet: Sheet) -> None:
        self.name = sheet.name
        self.hidden = sheet.hidden
        self.layout = sheet.layout
        self._merged = sheet.merged[:_MOST_MERGED]
        self._drawn = sheet.drawn
        self._spots: dict[str, list[Spot]] | None = None
        self._bare: dict[str, list[Spot]] | None = None
        self._united: dict[str, list[Spot]] | None = None
        self._all_keys = ""
        self._rows: dict[int, list[Area]] | None = None
        self._tall: list[Area] = []
        self._hidden_rows, self._columns = Hidden(sheet.layout.rows), Hidden(sheet.layout.columns)
        self._cells = self._visible(sheet)
        self._lines: tuple[Line, ...] | None = None
        self._blank: frozenset[str] = frozenset()
        self._headings: tuple[Spot, ...] = ()

    def reading(self, blank: Iterable[str], headings: Iterable[Spot] = ()) -> Paper:
        """The same sheet, read with words that mean blank, and below headings that may state a unit."""
        self._index()
        self.around((1, 1))
        found = copy.copy(self)
        found._blank = self._blank | {label_key(word) for word in blank}
        found._headings = tuple(headings)
        return found

    # labels

    def exact(self, key: str) -> list[Spot]:
        """Where a text stands that is this label, top to bottom, left to right.

        A unit behind it makes no other label of it. Numbering and footnotes at a text's ends count only where the label
        is nowhere without them.
        """
        whole = [*self._index().get(key, ()), *self._without_units().get(key, ())]
        return heapq.nsmallest(MOST_SPOTS, whole or self._without_numbering().get(key) or ())

    def containing(self, key: str) -> list[tuple[int, Spot]]:
        """Where a somewhat longer text has this label in it, with how much longer it is."""
        spots = self._index()
        found: list[tuple[int, Spot]] = []
        for other in self._keys_with(key):
            if 0 < len(other) - len(key) <= _LONGER:
                found += ((len(other) - len(key), spot) for spot in spots[other][:MOST_SPOTS])
        return heapq.nsmallest(MOST_SPOTS, found)

    def beginning(self, key: str) -> list[Spot]:
        """Where a text begins with this label and goes on."""
        spots = self._index()
        found = [spot for other in self._keys_with(key) if other.startswith(key) for spot in spots[other][:MOST_SPOTS]]
        return heapq.nsmallest(MOST_SPOTS, found)

    def _keys_with(self, key: str) -> Iterator[str]:
        """Some keys of the sheet that contain `key`; found in one long text, which is far quicker than one by one."""
        if len(key) < 2:
            return
        self._index()
        at, seen = self._all_keys.find(key), 0
        while at >= 0 and seen < MOST_SPOTS:
            begin, end = self._all_keys.rfind("\n", 0, at) + 1, self._all_keys.find("\n", at)
            if self._all_keys[begin:end] != key:
                seen += 1
                yield self._all_keys[begin:end]
            at = self._all_keys.find(key, end)

    def _index(self) -> dict[str, list[Spot]]:
        if self._spots is None:
            spots: dict[str, list[Spot]] = {}
            keys: dict[str, str] = {}
            for spot, cell in self._cells.items():
                text = cell.value
                if isinstance(text, str) and len(text) <= MOST_LABEL:
                    key = keys.get(text)
                    if key is None:
                        key = keys[text] = label_key(text)
                    spots.setdefault(key, []).append(spot)
            spots.pop("", None)
            self._spots = spots
            self._all_keys = "\n" + "\n".join(spots) + "\n"
        return self._spots

    def _without_units(self) -> dict[str, list[Spot]]:
        if self._united is None:
            self._united = {}
            for key, places in self._index().items():
                if key.endswith(_CLOSING) and (plain := without_unit(key)) != key:
                    self._united.setdefault(plain, []).extend(places)
        return self._united

    def _without_numbering(self) -> dict[str, list[Spot]]:
        if self._bare is None:
            self._bare = {}
            for key, places in self._index().items():
                if (bare := bare_key(key)) != key and bare:
                    self._bare.setdefault(bare, []).extend(places)
        return self._bare

    # cells

    def raw(self, spot: Spot) -> Cell | None:
        """The cell as it is stored."""
        return self._cells.get(spot)

    def texts(self) -> Iterator[str]:
        """All texts that people see."""
        return (cell.value for cell in self._cells.values() if isinstance(cell.value, str))

    def text(self, spot: Spot) -> str:
        """The text that stands there, '' where there is none or something else."""
        cell = self._cells.get(spot)
        return cell.value if cell is not None and isinstance(cell.value, str) else ""

    def is_label(self, spot: Spot, labels: frozenset[str]) -> bool:
        """Whether it is one of these labels, or announces a value by its colon."""
        text = self.text(spot)
        if not text.strip():
            return False
        return (
            (key := label_key(text)) in labels
            or announces(text)
            or bare_key(key) in labels
            or without_unit(key) in labels
        )

    def empty(self, spot: Spot) -> bool:
        """Nothing stands there: no value and no formula."""
        return blank(self._cells.get(spot))

    def says_nothing(self, spot: Spot) -> bool:
        """Nothing stands there, or a dash, or 以下余白."""
        return self.empty(spot) or says_nothing(self.text(spot))

    def seen(self, spot: Spot, kind: Kind) -> Seen:
        """What the cell says of that kind."""
        cell = self._cells.get(spot)
        if cell is None:
            return Seen("ambiguous" if kind == "yes_no" and self.is_drawn_over(self.around(spot)) else "blank")
        if cell.value is None:
            return Seen("uncalculated") if cell.formula else Seen("blank")
        text = values.as_it_reads(cell.value)
        if self._blank and isinstance(cell.value, str) and label_key(cell.value) in self._blank:
            return Seen("blank", text=text)
        value = cell.value
        if kind in ("time", "duration") and (parts := time_over_cells(self, spot)) is not None:
            value = text = parts
        try:
            one = values.read(value, kind, stated(self, spot, kind, self._headings))
        except Conflict:
            return Seen("ambiguous", text=text)
        except values.WrongKind:
            return Seen("wrong kind", text=text)
        except values.Ambiguous:
            return Seen("ambiguous", text=text)
        if one is None and kind in ("yes_no", "date") and self.is_drawn_over(self.around(spot)):
            return Seen("ambiguous", text=text)
        return Seen("blank" if one is None else "found", one, text)

    def stated(self, spot: Spot, kind: Kind) -> Unit | None:
        """The unit that the surroundings of a number in that cell state. Raises Conflict."""
        return stated(self, spot, kind, self._headings)

    def is_drawn_over(self, area: Area) -> bool:
        """Something is drawn there that may mark what stands in it."""
        return any(
            each.top <= area.bottom and area.top <= each.bottom and each.left <= area.right and area.left <= each.right
            for each in self._drawn
        )

    def around(self, spot: Spot) -> Area:
        """The merged area that the spot lies in, or the spot alone."""
        if self._rows is None:
            self._rows = {}
            for area in self._merged:
                if area.bottom - area.top < _TALL:
                    for row in range(area.top, area.bottom + 1):
                        self._rows.setdefault(row, []).append(area)
                elif len(self._tall) < _MOST_TALL:
                    self._tall.append(area)
        for area in self._rows.get(spot[0], ()):
            if area.left <= spot[1] <= area.right:
                return area
        for area in self._tall:
            if spot in area:
                return area
        return Area(spot[0], spot[1], spot[0], spot[1])

    def right_of(self, spot: Spot) -> Spot:
        """The next cell to the right that isn't hidden, merged ones as one."""
        return corner(self.around((spot[0], self._columns.after(self.around(spot).right + 1))))

    def left_of(self, spot: Spot) -> Spot | None:
        """The next cell to the left that isn't hidden; None at the edge."""
        column = self._columns.before(self.around(spot).left - 1)
        return corner(self.around((spot[0], column))) if column > 0 else None

    def under(self, spot: Spot, column: int = 0) -> Spot:
        """The next cell below that isn't hidden, in that column or else in the spot's own."""
        return corner(self.around((self._hidden_rows.after(self.around(spot).bottom + 1), column or spot[1])))

    def above(self, spot: Spot, column: int = 0) -> Spot | None:
        """The next cell above that isn't hidden; None at the edge."""
        row = self._hidden_rows.before(self.around(spot).top - 1)
        return corner(self.around((row, column or spot[1]))) if row > 0 else None

    def hides_row(self, row: int) -> bool:
        """Nobody sees the row."""
        return row in self._hidden_rows

    @property
    def printed(self) -> bool:
        """It is a page of a PDF, or a text document: what has no addresses."""
        return _WHOLE.fullmatch(self.name) is not None

    def width(self, spot: Spot) -> float:
        """Of the cell in characters, merged ones as one."""
        area, layout = self.around(spot), self.layout
        columns = range(area.left, min(area.right, area.left + _MOST_WIDE) + 1)
        return sum(layout.widths.get(column, layout.width) for column in columns if column not in self._columns)

    def _visible(self, sheet: Sheet) -> Mapping[Spot, Cell]:
        """The cells that people see. Of merged ones it is enough that a part isn't hidden."""
        rows, columns, unseen = self._hidden_rows, self._columns, sheet.layout.unseen
        if not (rows or columns or unseen):
            return sheet.cells

        def seen(spot: Spot) -> bool:
            if spot[0] not in rows and spot[1] not in columns:
                return True
            area = self.around(spot)
            return not rows.covers(area.top, area.bottom) and not columns.covers(area.left, area.right)

        return {spot: cell for spot, cell in sheet.cells.items() if spot not in unseen and seen(spot)}

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the sheet that state a unit for what follows."""
        if self._lines is None:
            self._lines = lines(self._cells)
        return self._lines

    def place(self, first: Spot, last: Spot | None = None) -> str:
        """Where, as people say it: `在籍!C8:C13`; of a PDF the page, of a Word document 文書."""
        if _WHOLE.fullmatch(self.name):
            return self.name
        spots = address(first) if last in (None, first) else f"{address(first)}:{address(last)}"
        return f"{self.name}!{spots}" if self.name else spots


def blank(cell: Cell | None) -> bool:
    """Nothing stands in it: no value, no formula, or spaces only."""
    if cell is None:
        return True
    if isinstance(cell.value, str):
        return not cell.value.strip()
    return cell.value is None and not cell.formula


def corner(area: Area) -> Spot:
    """Where a merged area's value is."""
    return area.top, area.left
