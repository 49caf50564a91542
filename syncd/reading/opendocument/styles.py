"""The styles of an ods workbook: what can't be seen in a cell, what is raised, how wide columns are."""

from __future__ import annotations

from dataclasses import dataclass, field

from syncd.forms.grid import BOTTOM, LEFT, RIGHT, TOP
from syncd.reading.colours import WHITE, Colour, alike, written
from syncd.reading.opendocument.elements import Attributes, inches

_SIDES = {"fo:border-left": LEFT, "fo:border-right": RIGHT, "fo:border-top": TOP, "fo:border-bottom": BOTTOM}
_DEEPEST = 20
_PIXELS = 96


@dataclass(slots=True)
class _Style:
    parent: str = ""
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """What a cell's style does; `lines`: sides that have a line."""

    unseen: bool = False
    raised: bool = False
    lines: int = 0


class Styles:
    """Takes the elements of styles; then knows each by its family and name."""

    def __init__(self) -> None:
        self._styles: dict[tuple[str, str], _Style] = {}
        self._current: _Style | None = None
        self._looks: dict[str, Look] = {}

    def start(self, name: str, given: Attributes) -> None:
        if name == "style:style":
            self._current = _Style(given.get("style:parent-style-name", ""))
            self._styles[given.get("style:family", ""), given.get("style:name", "")] = self._current
        elif name == "style:default-style":
            self._current = None
        elif name.endswith("-properties") and name.startswith("style:") and self._current is not None:
            self._current.properties |= given

    def end(self, name: str) -> None:
        if name == "style:style":
            self._current = None

    def _get(self, family: str, name: str, key: str) -> str:
        """A property of the style or of the next one above that has it; '' for none."""
        for _ in range(_DEEPEST):
            style = self._styles.get((family, name))
            if style is None:
                break
            if key in style.properties:
                return style.properties[key]
            name = style.parent
        return ""

    def shows_sheet(self, name: str) -> bool:
        return self._get("table", name, "table:display") != "false"

    def width(self, name: str) -> float | None:
        """Of a column in characters; None where it isn't said."""
        found = inches(self._get("table-column", name, "style:column-width"))
        return None if found is None else max(found * _PIXELS - 5, 0.0) / 7

    def flat(self, name: str) -> bool:
        """A row without height."""
        return inches(self._get("table-row", name, "style:row-height")) == 0

    def raises(self, name: str) -> bool:
        """A part of a text is written high or low."""
        place = self._get("text", name, "style:text-position")
        return bool(place) and not place.startswith("0%")

    def of_cell(self, name: str) -> Look:
        found = self._looks.get(name)
        if found is None:
            found = self._looks[name] = self._look(name)
        return found

    def _look(self, name: str) -> Look:
        def get(key: str) -> str:
            return self._get("table-cell", name, key)

        place = get("style:text-position")
        raised = bool(place) and not place.startswith("0%")
        every = _is_line(get("fo:border"))
        lines = sum(side for key, side in _SIDES.items() if (_is_line(own) if (own := get(key)) else every))
        ground: Colour | None = written(get("fo:background-color")) or WHITE
        colour = None if get("style:use-window-font-color") == "true" else written(get("fo:color"))
        return Look(colour is not None and ground is not None and alike(colour, ground), raised, lines)


def _is_line(border: str) -> bool:
    return bool(border) and "none" not in border and "hidden" not in border
