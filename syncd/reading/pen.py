"""Writes a sheet from top to bottom, one stretch after the other."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from syncd.forms.grid import Area, Cell, Spot

_BETWEEN: Final = 3
"""Empty rows between two stretches."""


@dataclass(slots=True)
class Stretch:
    """A part of a sheet: its rows as spots, and where its columns lie: at its beginning and at its end."""

    rows: list[list[Spot]] = field(default_factory=list)
    begins: tuple[float, ...] = ()
    ends: tuple[float, ...] = ()


class Pen:
    """What was written so far; `labels`: normalised, what the rule looks for."""

    def __init__(self, labels: Collection[str]) -> None:
        self.labels = labels
        self.cells: dict[Spot, Cell] = {}
        self.merged: list[Area] = []
        self.stretches: list[Stretch] = []
        self._spots: dict[int, list[Spot]] = {}
        self._row = 1

    def put(self, row: int, column: int, rows: int, columns: int, text: str) -> None:
        """A text, or an empty field, at a row and column of this stretch, counted from 0."""
        top, left = self._row + row, column + 1
        if text:
            self.cells[top, left] = Cell(text)
            self._spots.setdefault(top, []).append((top, left))
        if rows > 1 or columns > 1:
            self.merged.append(Area(top, left, top + rows - 1, left + columns - 1))

    def end(
        self, rows: int, between: int = _BETWEEN, begins: tuple[float, ...] = (), ends: tuple[float, ...] = ()
    ) -> None:
        """The end of a stretch of so many rows; so many empty ones follow. `begins`, `ends`: see `Stretch`."""
        if rows:
            self._row += rows + between
            self.stretches.append(Stretch([self._spots[row] for row in sorted(self._spots)], begins, ends))
            self._spots = {}
