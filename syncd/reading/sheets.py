"""A sheet part of an xlsx workbook, taken apart into raw cells: what stands in the file, not yet what it means.

Sheets as all usual programs write them are taken apart by one pattern, several times as fast as by an XML parser.
Whenever that does not account for every cell, the parser reads the sheet instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from syncd.forms.grid import USUAL_WIDTH
from syncd.forms.labels import raised
from syncd.reading.ooxml.package import local, parser

Raw = tuple[str | None, ...]
"""What stands in the file of one cell, or of the row that begins; None for what is not there. In this order:

"c" for a cell, None for a row · the letters and the number of its address · its style · its kind · the attributes of
its formula · the formula's text · "/" for an empty value · its value · a text that stands in the cell itself · for a
row its attributes. Texts are not unescaped yet.
"""


@dataclass(slots=True)
class Around:
    """What a sheet says besides its cells.

    Attributes:
        merged: addresses of merged areas. columns: hidden ones. width, widths: see `grid.Layout`.
        zeros: whether a 0 is shown.
    """

    merged: list[str] = field(default_factory=list)
    columns: list[tuple[int, int]] = field(default_factory=list)
    width: float = USUAL_WIDTH
    widths: dict[int, float] = field(default_factory=dict)
    zeros: bool = True

    def add(self, name: str, given: Mapping[str, str]) -> None:
        """An element that isn't part of a cell."""
        if name == "mergeCell":
            self.merged.append(given.get("ref", ""))
        elif name == "sheetView":
            self.zeros = given.get("showZeros", "1") not in ("0", "false")
        elif name == "sheetFormatPr":
            self.width = _number(given.get("defaultColWidth"), float(given.get("baseColWidth") or 8) + 0.43)
            if self.width == 0:
                self.columns.append((1, _LAST_COLUMN))
        elif name == "col":
            first, last = int(given.get("min") or 1), min(int(given.get("max") or 1), _LAST_COLUMN)
            width = _number(given.get("width"), self.width)
            if given.get("hidden", "0") in ("1", "true") or width == 0:
                self.columns.append((first, last))
            elif last - first < _MOST_WIDTHS:
                self.widths |= dict.fromkeys(range(first, last + 1), width)
            else:
                self.width = width


def _number(text: str | None, other: float) -> float:
    try:
        return float(text) if text else other
    except ValueError:
        return other


_LAST_COLUMN: Final = 16_384
_MOST_WIDTHS: Final = 1_000

_ATTRIBUTE: Final = r'(?:[\w:.]++="[^"<]*+")'
# Possessive throughout: on hostile texts, too, each character is looked at a bounded number of times.
_TOKEN: Final = re.compile(
    rf"""<(?:
    (c)(?:\s++(?:r="([A-Z]++)(\d++)"|s="(\d++)"|t="(\w++)"|{_ATTRIBUTE}))*+\s*+
      (?:/>|>
        (?:<f((?:\s++{_ATTRIBUTE})*+)\s*+(?:/>|>([^<]*+)</f>))?+
        (?:<v(?:\s++{_ATTRIBUTE})*+\s*+(?:(/)>|>([^<]*+)</v>)
          |<is><t(?:\s++{_ATTRIBUTE})*+(?:/>|>([^<]*+)</t>)</is>)?+
      </c>)
    |row((?:\s++{_ATTRIBUTE})*+)\s*+/?+>
    )""",
    re.VERBOSE,
)
_CELL: Final = ("<c ", "<c>", "<c/", "<c\n", "<c\r", "<c\t")
_MERGED: Final = re.compile(r'<mergeCell\s++ref="([^"]*+)"')
_ROW: Final = re.compile(r'\sr="(\d{1,7})"')
_HIDDEN: Final = re.compile(r'\s(?:hidden="(?:1|true)"|ht="0(?:\.0*)?")')
_BESIDE: Final = re.compile(rf"<(sheetView|sheetFormatPr|col)((?:\s++{_ATTRIBUTE})++)\s*+/?+>")
_PAIR: Final = re.compile(r'([\w:.]++)="([^"]*+)"')
_BEGIN: Final = re.compile(r"\ufeff?(?:<\?xml[^>]*>)?\s*<(?:worksheet|sst)\s")
_ENTITY: Final = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));")
_NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}


def is_usual(part: str) -> bool:
    """Whether a part begins as usual and holds nothing that a pattern could misunderstand."""
    return bool(_BEGIN.match(part)) and "<!" not in part and part.find("<?", 5) < 0


def usual(part: str) -> Iterator[Raw]:
    """The cells of a sheet as it is usually written, in order. They count only if they are `cells_of` many."""
    return map(re.Match.groups, _TOKEN.finditer(part))


def cells_of(part: str) -> int:
    """How many cells begin in a sheet as it is usually written; -1 for one that does not end as such."""
    return sum(map(part.count, _CELL)) if part.rstrip().endswith("</worksheet>") else -1


def row_of(attributes: str) -> tuple[int, bool]:
    """The number of a row, 0 when it isn't said, and whether it is hidden."""
    number = _ROW.search(attributes)
    return int(number[1]) if number else 0, _HIDDEN.search(attributes) is not None


def around_of(part: str) -> Around:
    """What a sheet as it is usually written says besides its cells."""
    around = Around()
    before, _, _ = part.partition("<sheetData")
    for name, given in _BESIDE.findall(before):
        around.add(name, dict(_PAIR.findall(given)))
    around.merged = _MERGED.findall(part)
    return around


def parsed(pieces: Iterable[bytes], around: Around) -> Iterator[Raw]:
    """The same of any sheet, by an XML parser; raises what that raises."""
    listener = _Listener(around)
    by = parser(listener.start, listener.end, listener.text)
    for piece in pieces:
        by.Parse(piece, False)
        yield from listener.taken()
    by.Parse(b"", True)
    yield from listener.taken()


_CHILDREN: Final = {
    "": ("worksheet", "macrosheet", "dialogsheet", "chartsheet"),
    "worksheet": ("sheetData", "mergeCells", "sheetViews", "sheetFormatPr", "cols"),
    "macrosheet": ("sheetData", "mergeCells", "sheetViews", "sheetFormatPr", "cols"),
    "sheetViews": ("sheetView",),
    "cols": ("col",),
    "dialogsheet": (),
    "chartsheet": (),
    "sheetData": ("row",),
    "mergeCells": ("mergeCell",),
    "row": ("c",),
    "c": ("f", "v", "is"),
    "is": ("t", "r"),
    "r": ("rPr", "t"),
    "rPr": ("vertAlign",),
}
"""What matters inside what; anything else is passed over with all that it holds, such as readings (furigana)."""


class _Listener:
    """Takes elements, gives raw cells."""

    def __init__(self, around: Around) -> None:
        self._around = around
        self._raised = False
        self._inside = [""]
        self._passed = 0
        self._found: list[Raw] = []
        self._attributes: dict[str, str] = {}
        self._given: dict[str, str] | None = None
        self._texts: dict[str, str] = {}

    def taken(self) -> list[Raw]:
        found, self._found = self._found, []
        return found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if self._passed or name not in _CHILDREN.get(self._inside[-1], ()):
            self._passed += 1
            return
        self._inside.append(name)
        if name == "row":
            written = "".join(f' {key}="{attributes[key]}"' for key in ("r", "hidden", "ht") if key in attributes)
            self._found.append((*(None,) * 10, written))
        elif name == "c":
            self._attributes, self._given, self._texts = attributes, None, {}
        elif name == "f":
            self._given = attributes
        elif name in ("mergeCell", "sheetView", "sheetFormatPr", "col"):
            self._around.add(name, attributes)
        elif name == "r":
            self._raised = False
        elif name == "vertAlign":
            self._raised = attributes.get("val") in ("superscript", "subscript")
        if name in ("f", "v", "t"):
            self._texts.setdefault(name, "")

    def text(self, data: str) -> None:
        if not self._passed and self._inside[-1] in ("f", "v", "t"):
            self._texts[self._inside[-1]] += raised(data) if self._raised and self._inside[-1] == "t" else data

    def end(self, name: str) -> None:
        if self._passed:
            self._passed -= 1
        elif self._inside.pop() == "c":
            self._raised = False
            self._found.append(self._cell())

    def _cell(self) -> Raw:
        at = self._attributes.get("r", "")
        row = at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        given = None if self._given is None else "".join(f' {key}="{value}"' for key, value in self._given.items())
        formula, value, inline = (self._texts.get(key) for key in ("f", "v", "t"))
        return (
            "c", at[: len(at) - len(row)] or None, row or None, self._attributes.get("s"), self._attributes.get("t"),
            given, _escaped(formula), None, _escaped(value), _escaped(inline), None,
        )  # fmt: skip


def _escaped(text: str | None) -> str | None:
    return text.replace("&", "&amp;") if text else text


def unescaped(text: str) -> str:
    """A text with its characters for `&amp;` and the like."""
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(entity: re.Match[str]) -> str:
    decimal, hexadecimal, name = entity.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
