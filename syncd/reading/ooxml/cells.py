"""What the cells of an xlsx sheet hold, without their looks.

Owns reading a sheet part, element by element. Two programs that save the same content give equal `Content`s: it makes
no difference where a text is stored, whether it has runs, or whether a formula is shared.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from syncd.reading.ooxml import choices
from syncd.reading.ooxml.package import Package, Unusable, local, parser
from syncd.reading.ooxml.texts import plain
from syncd.reading.ooxml.values import WIDTH, Fault, Formula, Spot, Value, serial, spot_of

_OF_A_CHOICE: Final = frozenset({"formula1", "formula2", "sqref"})
MOST_CELLS: Final = 250_000
"""Filled cells of one sheet; more would not fit into the memory that a reading may have."""


@dataclass(slots=True)
class Content:
    """One sheet: what its filled cells hold, which of them show dates, and what may be entered where (`choices`)."""

    cells: dict[Spot, Value] = field(default_factory=dict)
    dates: set[Spot] = field(default_factory=set)
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Cells:
    """Takes a sheet part's elements and fills a `Content`."""

    def __init__(self, texts: list[str], styles: frozenset[str]) -> None:
        self.content = Content()
        self._texts, self._styles = texts, styles
        self._row, self._spot = -1, -1
        self._kind, self._style = "", ""
        self._pieces: list[str] = []
        self._value: str | None = None
        self._formula: str | None = None
        self._given: dict[str, str] = {}
        self._masters: dict[str, Formula] = {}
        self._areas: list[tuple[Spot, Spot, Formula]] = []
        self._listening = self._reading = False
        self._choice: dict[str, str] = {}

    def start(self, name: str, given: dict[str, str]) -> None:
        if ":" in name:
            name = local(name)
        if name == "c":
            reference = given.get("r")
            self._spot = spot_of(reference) if reference else self._spot + 1
            self._kind, self._style = given.get("t", "n"), given.get("s", "0")
            self._value = self._formula = None
        elif name == "v" or name == "t":
            self._listening = not self._reading
            self._pieces.clear()
        elif name == "f":
            self._listening, self._given = True, given
            self._pieces.clear()
        elif name == "row":
            self._row = int(given["r"]) - 1 if "r" in given else self._row + 1
            self._spot = self._row * WIDTH - 1
        elif name == "rPh":
            self._reading = True
        elif name == "dataValidation":
            self._choice = dict(given)
        elif name in _OF_A_CHOICE:
            self._listening = True
            self._pieces.clear()

    def text(self, data: str) -> None:
        if self._listening:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        if ":" in name:
            name = local(name)
        if name == "v":
            self._value, self._listening = "".join(self._pieces), False
        elif name == "c":
            self._take()
        elif name == "t":
            if self._listening:
                self._value, self._listening = (self._value or "") + "".join(self._pieces), False
        elif name == "f":
            self._formula, self._listening = "".join(self._pieces), False
        elif name == "rPh":
            self._reading = False
        elif name in _OF_A_CHOICE:
            self._choice[name], self._listening = "".join(self._pieces), False
        elif name == "dataValidation":
            self._take_choice()

    def _take_choice(self) -> None:
        area = self._choice.get("sqref", "")
        condition = choices.condition(
            self._choice, self._choice.get("formula1", ""), self._choice.get("formula2", ""), area
        )
        if condition:
            self.content.choices.setdefault(condition, []).append(area)

    def _take(self) -> None:
        value = self._constant() if self._formula is None else self._formula_of_cell()
        if value is None or value == "":
            return
        cells = self.content.cells
        cells[self._spot] = value
        if self._style in self._styles:
            self.content.dates.add(self._spot)
        if len(cells) > MOST_CELLS:
            raise Unusable("a sheet has too many cells")

    def _constant(self) -> Value | None:
        value = self._value
        if value is None or (self._kind in "sdbn" and not value.strip()):
            return None  # some programs write an empty text so
        match self._kind:
            case "s":
                return self._texts[int(value)]
            case "n":
                return float(value)
            case "b":
                return value.strip() in ("1", "true")
            case "e":
                return Fault(value)
            case "d":
                return serial(datetime.fromisoformat(value).replace(tzinfo=None))
        return plain(value)

    def _formula_of_cell(self) -> Value | None:
        text = (self._formula or "").strip()
        kind = self._given.get("t", "normal")
        if kind == "shared":
            group = self._given.get("si", "")
            if text:
                self._masters[group] = Formula(text, self._spot)
            return self._masters.get(group) or self._constant()
        if text.upper() in ("TRUE()", "FALSE()"):  # how LibreOffice writes a plain TRUE
            return text.upper() == "TRUE()"
        formula = Formula(text, self._spot, array=kind != "normal")
        if kind != "normal" and ":" in self._given.get("ref", ""):
            first, _, last = self._given["ref"].partition(":")
            self._areas.append((spot_of(first), spot_of(last), formula))
        return formula if text or kind != "normal" else self._constant()

    def finish(self) -> Content:
        """What an array formula fills is its own, not what was calculated there."""
        for first, last, formula in self._areas[:1_000]:
            top, left = divmod(first, WIDTH)
            bottom, right = divmod(last, WIDTH)
            for spot in [each for each in self.content.cells if top <= each // WIDTH <= bottom]:
                if left <= spot % WIDTH <= right and not isinstance(self.content.cells[spot], Formula):
                    self.content.cells[spot] = formula
        return self.content


def sheet_content(package: Package, part: str, texts: list[str], styles: frozenset[str]) -> Content:
    """What one sheet's cells hold; `texts` and `styles` from `shared_texts` and `date_styles`."""
    cells = _Cells(texts, styles)
    package.parse(part, parser(cells.start, cells.end, cells.text))
    return cells.finish()
