"""Forms drawn as text, and an operator who sends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from syncd.forms.check import Surroundings
from syncd.forms.grid import Area, Cell, Grid, Sheet, Spot
from syncd.model import Operator

Draw = Callable[..., Grid]


def sheet(drawing: str, name: str = "在籍", merged: tuple[Area, ...] = (), *, hidden: bool = False) -> Sheet:
    """A sheet from lines of cells between `|`; digits are numbers, `=…` is a formula that was never calculated."""
    cells: dict[Spot, Cell] = {}
    for row, line in enumerate(drawing.strip("\n").split("\n"), 1):
        for column, text in enumerate((part.strip() for part in line.split("|")), 1):
            if text.startswith("="):
                cells[row, column] = Cell(None, text[1:])
            elif text:
                cells[row, column] = Cell(int(text) if text.lstrip("-").isdecimal() and text.isascii() else text)
    return Sheet(name, cells, merged, hidden)


@pytest.fixture
def draw() -> Draw:
    """A workbook of one sheet."""
    return lambda drawing, *merged, name="在籍": Grid((sheet(drawing, name, merged),))


@pytest.fixture
def around() -> Surroundings:
    operator = Operator("himawari", "ひまわり保育園", "認可保育所", "012", "001", "001")
    return Surroundings(operator, "2026-10", lambda day: day.weekday() < 5 and day != date(2026, 10, 12))
