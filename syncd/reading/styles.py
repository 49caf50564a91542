"""The styles of an xlsx workbook: how numbers are shown, and what can't be seen in a cell of that style."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

from syncd.forms.grid import BOTTOM, LEFT, RIGHT, TOP
from syncd.reading.colours import THEME, WHITE, Colour, alike, of_attributes, written
from syncd.reading.formats import NONE, Hides, Shown, hidden_by, shown_by
from syncd.reading.ooxml.package import Package, local, parser

_MOST: Final = 100_000
_SIDES: Final = {"left": LEFT, "start": LEFT, "right": RIGHT, "end": RIGHT, "top": TOP, "bottom": BOTTOM}
_THEME_ORDER: Final = (1, 0, 3, 2, 4, 5, 6, 7, 8, 9, 10, 11)
"""A theme lists dark before light; cells number light before dark."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a style does besides showing numbers as days; `plain` ones do nothing.

    Attributes:
        hides: values that its format doesn't show. unseen: the text has the colour of its ground.
        raised: it is written high or low, as footnotes are. lines: sides with a line (see `grid`).
    """

    hides: Hides = NONE
    unseen: bool = False
    raised: bool = False
    lines: int = 0


PLAIN: Final = Look()


@dataclass(slots=True)
class Styles:
    """What each style shows a number as; and those that are not plain, by their number as cells give it."""

    shown: list[Shown] = field(default_factory=list)
    looks: dict[str, Look] = field(default_factory=dict)


@dataclass(slots=True)
class _Font:
    colour: Colour | None = None
    raised: bool = False


class _Listener:
    """Takes the elements of a styles part."""

    def __init__(self, package: Package) -> None:
        self.styles = Styles()
        self._package = package
        self._theme: tuple[Colour, ...] = ()
        self._formats: dict[str, str] = {}
        self._fonts: list[_Font] = []
        self._grounds: list[Colour | None] = []
        self._lines: list[int] = []
        self._inside: list[str] = [""]
        self._solid = False

    def start(self, name: str, given: dict[str, str]) -> None:
        name = local(name)
        inside = self._inside[-1]
        if name == "numFmt" and inside == "numFmts":
            self._formats[given.get("numFmtId", "")] = given.get("formatCode", "")
        elif name == "font" and inside == "fonts":
            self._fonts.append(_Font())
        elif name == "color" and inside == "font":
            self._fonts[-1].colour = self._colour(given)
        elif name == "vertAlign" and inside == "font":
            self._fonts[-1].raised = given.get("val") in ("superscript", "subscript")
        elif name == "fill" and inside == "fills":
            self._grounds.append(WHITE)
        elif name == "patternFill" and inside == "fill":
            self._solid = given.get("patternType", "none") == "solid"
            if given.get("patternType", "none") not in ("none", "solid"):
                self._grounds[-1] = None  # dotted: neither colour alone
        elif name == "gradientFill" and inside == "fill":
            self._grounds[-1] = None
        elif name == "fgColor" and inside == "patternFill" and self._solid:
            self._grounds[-1] = self._colour(given)
        elif name == "border" and inside == "borders":
            self._lines.append(0)
        elif name in _SIDES and inside == "border" and given.get("style", "none") != "none":
            self._lines[-1] |= _SIDES[name]
        elif name == "xf" and inside == "cellXfs" and len(self.styles.shown) < _MOST:
            self._style(given)
        self._inside.append(name if inside not in ("dxfs", "cellStyleXfs") else inside)

    def end(self, _: str) -> None:
        self._inside.pop()

    def _colour(self, given: dict[str, str]) -> Colour | None:
        if given.get("theme") in ("0", "1"):  # white and black in all themes that offices have
            return of_attributes(given, THEME)
        if "theme" in given and not self._theme:
            self._theme = _theme(self._package)
        return of_attributes(given, self._theme)

    def _style(self, given: dict[str, str]) -> None:
        number = given.get("numFmtId", "0")
        code = self._formats.get(number)
        font = _at(self._fonts, given.get("fontId")) or _Font()
        ground = _at(self._grounds, given.get("fillId"), WHITE)
        colour = font.colour
        look = Look(
            hidden_by(code, on_white=ground == WHITE) if code else NONE,
            colour is not None and ground is not None and alike(colour, ground),
            font.raised,
            _at(self._lines, given.get("borderId")) or 0,
        )
        if look != PLAIN:
            self.styles.looks[str(len(self.styles.shown))] = look
        self.styles.shown.append(shown_by(number, code))


_T = TypeVar("_T")


def _at(items: list[_T], number: str | None, other: _T | None = None) -> _T | None:
    return items[int(number)] if number and number.isdecimal() and int(number) < len(items) else other


def styles_of(package: Package) -> Styles:
    """What the workbook's styles do."""
    for part in package.related(package.workbook(), "styles")[:1]:
        listener = _Listener(package)
        package.parse(part, parser(listener.start, listener.end))
        return listener.styles
    return Styles()


def _theme(package: Package) -> tuple[Colour, ...]:
    """The twelve colours of the workbook's theme, by the numbers that cells give."""
    for part in package.related(package.workbook(), "theme")[:1]:
        listed = list(_scheme(package, part))
        if len(listed) == len(_THEME_ORDER):
            return tuple(listed[number] for number in _THEME_ORDER)
    return THEME


def _scheme(package: Package, part: str) -> Iterator[Colour]:
    inside = False
    for name, given in package.elements(part):
        if name == "clrScheme":
            inside = True
        elif name == "fontScheme":
            return
        elif inside and name in ("srgbClr", "sysClr"):
            yield written(given.get("lastClr") or given.get("val", "")) or WHITE


def counts_from_1904(package: Package) -> bool:
    """Whether the workbook's days are counted from 1904, as old Macs did."""
    return any(
        local(name) == "workbookPr" and given.get("date1904", "0") in ("1", "true")
        for name, given in package.elements(package.workbook())
    )
