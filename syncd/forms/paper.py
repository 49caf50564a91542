"""One sheet, ready to be searched: where each text stands, what is merged, what a cell says of a kind.

Every text is normalised once, however many facts are looked for. All searches are bounded: a sheet full of one label
costs no more than one with a few.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from syncd.forms import values
from syncd.forms.fact import Kind, One, State
from syncd.forms.grid import Area, Cell, Sheet, Spot, address
from syncd.forms.labels import MOST_LABEL, label_key

MOST_SPOTS: Final = 60
"""So many places of one label are looked at."""
_MOST_MERGED: Final = 20_000
_TALL: Final = 32
_MOST_TALL: Final = 1_000
_LONGER: Final = 12
_PAGE: Final = re.compile(r"[0-9]+ページ")


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
        self._sheet = sheet
        self._spots: dict[str, list[Spot]] | None = None
        self._all_keys = ""
        self._rows: dict[int, list[Area]] | None = None
        self._tall: list[Area] = []

    # labels

    def exact(self, key: str) -> list[Spot]:
        """Where a text stands that is this label, top to bottom, left to right."""
        return heapq.nsmallest(MOST_SPOTS, self._index().get(key, ()))

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
            for spot, cell in self._sheet.cells.items():
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

    # cells

    def raw(self, spot: Spot) -> Cell | None:
        """The cell as it is stored."""
        return self._sheet.cells.get(spot)

    def empty(self, spot: Spot) -> bool:
        """Nothing stands there: no value and no formula."""
        return blank(self._sheet.cells.get(spot))

    def seen(self, spot: Spot, kind: Kind) -> Seen:
        """What the cell says of that kind."""
        cell = self._sheet.cells.get(spot)
        if cell is None:
            return Seen("blank")
        if cell.value is None:
            return Seen("uncalculated") if cell.formula else Seen("blank")
        text = values.as_it_reads(cell.value)
        try:
            one = values.read(cell.value, kind)
        except values.WrongKind:
            return Seen("wrong kind", text=text)
        return Seen("blank" if one is None else "found", one, text)

    def around(self, spot: Spot) -> Area:
        """The merged area that the spot lies in, or the spot alone."""
        if self._rows is None:
            self._rows = {}
            for area in self._sheet.merged[:_MOST_MERGED]:
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

    def place(self, first: Spot, last: Spot | None = None) -> str:
        """Where, as people say it: `在籍!C8:C13`; of a PDF the page."""
        if _PAGE.fullmatch(self.name):
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
