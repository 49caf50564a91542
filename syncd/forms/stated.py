"""Which unit the surroundings of a number state: the cell beside it, its heading, a line of the page above it.

The nearer statement counts; two that differ and are as near leave no reading (`Conflict`). A number's own unit goes
before all of them (`values`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from syncd.forms.fact import Kind
from syncd.forms.grid import Cell, Spot
from syncd.forms.units import Unit, beside_number, in_heading, in_line, is_bare_line

if TYPE_CHECKING:
    from syncd.forms.paper import Paper

_LONGEST: Final = 60
_MOST_LINES: Final = 100
_APART: Final = 4
"""So many cells further the unit of a line is looked for."""


class Conflict(ValueError):
    """Units are stated that differ."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that states a unit; `doubtful`: it may be the heading of something else."""

    spot: Spot
    unit: Unit
    doubtful: bool


def lines(cells: Mapping[Spot, Cell]) -> tuple[Line, ...]:
    """Every line of a sheet that states a unit."""
    found = [
        (spot, unit, cell.value)
        for spot, cell in cells.items()
        if isinstance(cell.value, str)
        and len(cell.value) <= _LONGEST
        and (unit := _in_line(cells, spot, cell.value)) is not None
    ][:_MOST_LINES]
    alone = _alone(cells, {spot[0] for spot, _, _ in found})
    return tuple(Line(spot, unit, not is_bare_line(text) and spot[0] not in alone) for spot, unit, text in found)


def _in_line(cells: Mapping[Spot, Cell], spot: Spot, text: str) -> Unit | None:
    """The unit that a line states; its word may stand in the next cell: `（単位：｜千円）`."""
    unit = in_line(text)
    if unit is not None or "単位" not in text:
        return unit
    row, column = spot
    following = (cells.get((row, column + along)) for along in range(1, _APART + 1))
    beside = next((cell.value for cell in following if cell is not None and cell.value is not None), None)
    return in_line(f"{text} {beside}") if isinstance(beside, str) and len(beside) <= _LONGEST else None


def _alone(cells: Mapping[Spot, Cell], rows: set[int]) -> set[int]:
    """The rows in which one cell stands alone."""
    counts = dict.fromkeys(rows, 0)
    for spot in cells if rows else ():
        if spot[0] in counts:
            counts[spot[0]] += 1
    return {row for row, count in counts.items() if count == 1}


def stated(paper: Paper, spot: Spot, kind: Kind, headings: Iterable[Spot]) -> Unit | None:
    """The unit of a number in that cell, as far as it makes a difference for its kind. Raises Conflict."""
    if kind not in ("amount", "int", "number", "duration"):
        return None
    near = [unit for unit in (_beside(paper, spot), *(_of_heading(paper, each, spot) for each in headings)) if unit]
    wanted = [unit for unit in near if (unit.time if kind == "duration" else unit.yen)]
    if len(set(wanted)) > 1:
        raise Conflict("two units")
    if wanted:
        return wanted[0]
    return _of_page(paper, spot, kind) if kind in ("amount", "duration") else None


def _beside(paper: Paper, spot: Spot) -> Unit | None:
    area = paper.around(spot)
    return _unit_at(paper, (area.top, area.right + 1))


def _of_heading(paper: Paper, heading: Spot, value: Spot) -> Unit | None:
    """What the heading itself says, or a cell right of it or below it that holds nothing else."""
    cell = paper.raw(heading)
    if cell is not None and isinstance(cell.value, str) and (unit := in_heading(cell.value)):
        return unit
    area = paper.around(heading)
    around = [(area.top, area.right + 1), (area.bottom + 1, area.left)]
    return next((unit for spot in around if spot != value and (unit := _unit_at(paper, spot))), None)


def _unit_at(paper: Paper, spot: Spot) -> Unit | None:
    area = paper.around(spot)
    cell = paper.raw((area.top, area.left))
    if cell is None or not isinstance(cell.value, str) or len(cell.value) > _LONGEST:
        return None
    return beside_number(cell.value)


def _of_page(paper: Paper, spot: Spot, kind: Kind) -> Unit | None:
    """What the nearest line above states; a line further down could be meant as well."""
    fitting = [line for line in paper.lines if (line.unit.time if kind == "duration" else line.unit.yen)]
    if not fitting:
        return None
    above = [line for line in fitting if line.spot[0] <= spot[0]]
    nearest = max((line.spot[0] for line in above), default=0)
    units = {line.unit for line in above if line.spot[0] == nearest}
    if not above:
        units = {line.unit for line in fitting} | {Unit(yen=1)}
    if len(units) > 1 or any(line.doubtful and line.unit != Unit(yen=1) for line in above if line.spot[0] == nearest):
        raise Conflict("two units")
    return next(iter(units))
