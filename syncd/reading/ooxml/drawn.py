"""What is drawn over the cells of a sheet, and where: check boxes and option buttons, ovals, ticks, other shapes.

Owns the geometry: anchors become rectangles in EMU, counted from the sheet's corner by the widths of its columns and
the heights of its rows. Refuses to say what a mark means; whose word it is, is `onto_cells`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from syncd.reading.ooxml.package import Package, Unusable, local, parser

PIXEL: Final = 9_525
_POINT: Final = 12_700
_DIGIT: Final = 7
"""Pixels of a digit in the usual font, of which a column's width says how many fit."""
_USUAL_ROW: Final = 15.0
_MOST: Final = 2_000
_FAR: Final = 16_384
_LAST_ROW: Final = 131_072
_ROUND: Final = frozenset(
    ("ellipse", "flowChartConnector", "donut", "flowChartTerminator", "roundRect", "flowChartAlternateProcess")
)
_TICKS: Final = frozenset("○◯〇✓✔レ☑●◎")
_LONGEST_TICK: Final = 2
_ANCHORS: Final = ("twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
_DRAWN: Final = frozenset(("sp", "pic", "cxnSp", "grpSp", "contentPart"))

Kind = Literal["box", "oval", "other"]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """In EMU from the top left corner of the sheet."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing that is drawn.

    Attributes:
        kind: box: a check box or option button; oval: what marks a word; other: what might.
        on: of a box, whether it is ticked; None: neither or both.
        text: its caption. link: the cell that a box writes its state to, such as $B$3.
    """

    kind: Kind
    at: Rectangle
    on: bool | None = None
    text: str = ""
    link: str = ""


@dataclass(slots=True)
class Measures:
    """Where columns and rows of a sheet begin, in EMU. Widths in characters, heights in points, from 1."""

    width: float = 9.14
    height: float = _USUAL_ROW
    widths: dict[int, float] = field(default_factory=dict)
    heights: dict[int, float] = field(default_factory=dict)
    _lefts: list[float] = field(default_factory=list)
    _tops: list[float] = field(default_factory=list)

    def left(self, column: int) -> float:
        """Where a column begins; 0 is the first one."""
        return _begin(self._lefts, column, lambda number: self._wide(number + 1))

    def top(self, row: int) -> float:
        return _begin(self._tops, row, lambda number: self.heights.get(number + 1, self.height) * _POINT)

    def spot(self, x: float, y: float) -> tuple[int, int]:
        """The cell at that place: row and column from 1."""
        while len(self._lefts) <= _FAR and self.left(len(self._lefts)) <= x:
            pass  # one more is known each time
        while len(self._tops) <= _LAST_ROW and self.top(len(self._tops)) <= y:
            pass
        return bisect_right(self._tops, y), bisect_right(self._lefts, x)

    def _wide(self, column: int) -> float:
        return int(self.widths.get(column, self.width) * _DIGIT) * PIXEL


def _begin(known: list[float], number: int, size: Callable[[int], float]) -> float:
    if not known:
        known.append(0.0)
    while len(known) <= number:
        known.append(known[-1] + size(len(known) - 1))
    return known[number]


def is_drawn_on(package: Package, sheet: str) -> bool:
    """Something is drawn on the sheet, if only comments."""
    return bool(package.related(sheet, "drawing", "vmlDrawing", "ctrlProp"))


def drawn_on(package: Package, sheet: str, text: str, by: Measures) -> list[Drawn]:
    """Everything that is drawn on a sheet, whose part is `text`, and could be a mark."""
    controls = _controls(package, sheet, text, by)
    found = [each for part in package.related(sheet, "vmlDrawing") for each in _old(package, part, by, controls)]
    found += controls.values()
    found += [each for part in package.related(sheet, "drawing") for each in _shapes(package, part, by)]
    return found[:_MOST]


# ── today's drawings ──


@dataclass(slots=True)
class _Shape:
    """A shape while it is read: its place among the shapes of a group, its form, its text."""

    name: str
    form: str = ""
    text: str = ""
    hidden: bool = False
    control: bool = False
    fill: bool = True
    line: bool = True
    offset: tuple[int, int] | None = None
    size: tuple[int, int] | None = None
    child_offset: tuple[int, int] | None = None
    child_size: tuple[int, int] | None = None
    children: list[_Shape] = field(default_factory=list)


class _Listener:
    """Takes a drawing's elements; gives its anchors with their shapes."""

    def __init__(self) -> None:
        self.anchors: list[tuple[dict[str, tuple[int, ...]], _Shape]] = []
        self._corners: dict[str, list[int]] = {}
        self._corner = ""
        self._numbers: dict[str, tuple[int, int]] = {}
        self._shapes: list[_Shape] = []
        self._path: list[str] = []
        self._text: list[str] = []
        self._passed = 0
        self._count = 0

    def start(self, name: str, given: dict[str, str]) -> None:
        name = local(name)
        self._count += 1
        if self._count > 200_000:
            raise Unusable("it has too many shapes")
        if self._passed or name == "Fallback":
            self._passed += 1
            return
        self._path.append(name)
        if name in _ANCHORS:
            self._corners, self._numbers = {}, {}
        elif name in ("from", "to"):
            self._corner = name
            self._corners[name] = []
        elif name in ("pos", "ext", "off", "chOff", "chExt"):
            self._place(name, given)
        elif name in _DRAWN:
            shape = _Shape(name)
            if self._shapes:
                self._shapes[-1].children.append(shape)
            self._shapes.append(shape)
        elif self._shapes:
            self._of_shape(name, given)
        self._text.clear()

    def _place(self, name: str, given: Mapping[str, str]) -> None:
        first, second = ("cx", "cy") if name in ("ext", "chExt") else ("x", "y")
        if not (given.get(first, "").lstrip("-").isdecimal() and given.get(second, "").lstrip("-").isdecimal()):
            return
        pair = int(given[first]), int(given[second])
        if not self._shapes:
            self._numbers[name] = pair
        elif "xfrm" in self._path:
            kinds = {"off": "offset", "ext": "size", "chOff": "child_offset", "chExt": "child_size"}
            if name in kinds:
                setattr(self._shapes[-1], kinds[name], pair)

    def _of_shape(self, name: str, given: Mapping[str, str]) -> None:
        shape = self._shapes[-1]
        if name == "cNvPr":
            shape.hidden = given.get("hidden", "0") in ("1", "true")
        elif name == "prstGeom":
            shape.form = given.get("prst", "")
        elif name == "compatExt":
            shape.control = True
        elif name == "noFill" and self._path[-2:-1] == ["spPr"]:
            shape.fill = False
        elif name == "noFill" and self._path[-2:-1] == ["ln"]:
            shape.line = False

    def end(self, name: str) -> None:
        name = local(name)
        if self._passed:
            self._passed -= 1
            return
        text = "".join(self._text)
        self._text.clear()
        self._path.pop()
        if name in ("col", "colOff", "row", "rowOff") and self._corner:
            self._corners[self._corner].append(int(float(text or 0)))
        elif name in ("from", "to"):
            self._corner = ""
        elif name == "t" and self._shapes:
            self._shapes[-1].text += text
        elif name in _DRAWN and self._shapes:
            shape = self._shapes.pop()
            if not self._shapes:
                corners = {key: tuple(value) for key, value in self._corners.items()}
                self.anchors.append(({**corners, **self._numbers}, shape))

    def data(self, data: str) -> None:
        if not self._passed:
            self._text.append(data)


def _shapes(package: Package, part: str, by: Measures) -> list[Drawn]:
    listener = _Listener()
    package.parse(part, parser(listener.start, listener.end, listener.data))
    found: list[Drawn] = []
    for corners, shape in listener.anchors[:_MOST]:
        at = _anchored(corners, by)
        if at is not None:
            found += _of(shape, at)
    return found


def _anchored(corners: Mapping[str, tuple[int, ...]], by: Measures) -> Rectangle | None:
    begin, end, pos, size = (corners.get(key) for key in ("from", "to", "pos", "ext"))
    if begin and len(begin) == 4 and max(begin[0], begin[2]) < _LAST_ROW and begin[0] < _FAR:
        left, top = by.left(begin[0]) + begin[1], by.top(begin[2]) + begin[3]
        if end and len(end) == 4 and end[0] < _FAR and end[2] < _LAST_ROW:
            return Rectangle(left, top, by.left(end[0]) + end[1], by.top(end[2]) + end[3])
        return Rectangle(left, top, left + size[0], top + size[1]) if size else None
    return Rectangle(pos[0], pos[1], pos[0] + size[0], pos[1] + size[1]) if pos and size else None


def _of(shape: _Shape, at: Rectangle) -> list[Drawn]:
    """The marks that a shape is; of a group those within it."""
    if shape.hidden or shape.control or (shape.name == "sp" and not (shape.fill or shape.line or shape.text.strip())):
        return []
    if shape.name == "grpSp" and shape.children:
        return [each for child in shape.children for each in _of(child, _within(shape, child, at))]
    text = "".join(shape.text.split())
    if shape.name == "sp" and (_tick(text) or (shape.form in _ROUND and not text)):
        return [Drawn("oval", at, text=text)]
    if shape.name == "sp" and len(text) > _LONGEST_TICK:
        return []  # a text box says something itself
    return [Drawn("other", at, text=text)]


def _tick(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_TICK and set(text) <= _TICKS


def _within(group: _Shape, child: _Shape, at: Rectangle) -> Rectangle:
    """Where a child lies in a group that is stretched to its anchor."""
    if not (group.child_offset and group.child_size and child.offset and child.size and all(group.child_size)):
        return at
    wide, high = (at.right - at.left) / group.child_size[0], (at.bottom - at.top) / group.child_size[1]
    left = at.left + (child.offset[0] - group.child_offset[0]) * wide
    top = at.top + (child.offset[1] - group.child_offset[1]) * high
    return Rectangle(left, top, left + child.size[0] * wide, top + child.size[1] * high)


# ── controls, which are written as older drawings ──

_SHAPE: Final = re.compile(
    r"<v:(?:shape|oval|rect|line|group|roundrect)\b(?P<given>[^>]*)>(?P<inner>.*?)</v:(?:shape|oval|rect|line|group|roundrect)>",
    re.DOTALL | re.IGNORECASE,
)
_CLIENT: Final = re.compile(
    r"<x:ClientData\b[^>]*ObjectType=[\"'](?P<kind>\w+)[\"'][^>]*?(?:/>|>(?P<inner>.*?)</x:ClientData>)",
    re.DOTALL | re.IGNORECASE,
)
_FIELD: Final = re.compile(r"<x:(?P<name>\w+)\s*(?:/>|>(?P<value>[^<]*)</x:)", re.IGNORECASE)
_CONTROL: Final = re.compile(r"<(?:\w+:)?control\s(?P<given>[^>]*)>(?P<inner>.*?)</(?:\w+:)?control>", re.DOTALL)
_CORNER: Final = re.compile(r"<(?:\w+:)?(?:from|to)>(.*?)</(?:\w+:)?(?:from|to)>", re.DOTALL)
_NUMBER: Final = re.compile(r">\s*(-?[0-9]{1,12})\s*<")
_PAIR: Final = re.compile(r"""([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_ID: Final = re.compile(r"_s([0-9]{1,9})[\"']")
_TEXTBOX: Final = re.compile(r"<v:textbox\b[^>]*>(.*?)</v:textbox>", re.DOTALL | re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")
_ENTITIES: Final = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&nbsp;": " ", "&#160;": " "}
_LARGEST: Final = 4_000_000
_PASSED: Final = frozenset(("note", "button", "label", "gbox", "drop", "list", "scroll", "spin", "edit", "dialog"))


def pairs_in(attributes: str) -> dict[str, str]:
    """What stands between a tag's name and its end, however it is quoted."""
    return {name: one or other for name, one, other in _PAIR.findall(attributes)}


def _controls(package: Package, sheet: str, text: str, by: Measures) -> dict[str, Drawn]:
    """The sheet's check boxes and option buttons by the number of their shape, without their captions."""
    parts = {each.id: each.target for each in package.relations(sheet) if each.kind == "ctrlProp"}
    found: dict[str, Drawn] = {}
    for control in _CONTROL.finditer(text) if parts else ():
        given = {local(key): value for key, value in pairs_in(control["given"]).items()}
        part = parts.get(given.get("id", ""), "")
        states = next((dict(each) for _, each in package.elements(part)), {}) if part in package else {}
        corners = [
            tuple(int(number) for number in _NUMBER.findall(corner)[:4]) for corner in _CORNER.findall(control["inner"])
        ]
        at = _anchored({"from": corners[0], "to": corners[1]}, by) if len(corners) == 2 else None
        if at is None or states.get("objectType", "").lower() not in ("checkbox", "radio"):
            continue
        on = {"unchecked": False, "checked": True}.get(states.get("checked", "Unchecked").lower())
        found.setdefault(given.get("shapeId", ""), Drawn("box", at, on, link=states.get("fmlaLink", "")))
    return found


def _old(package: Package, part: str, by: Measures, controls: dict[str, Drawn]) -> list[Drawn]:
    """The controls of an older drawing; its comments don't count.

    Those that the sheet has among its `controls` are taken out there: what is said there counts, and here the caption.
    """
    text = package.read(part, _LARGEST).decode("utf-8", "replace")
    found: list[Drawn] = []
    for shape in _SHAPE.finditer(text):
        client = _CLIENT.search(shape["inner"])
        if client is None or client["kind"].lower() in _PASSED:
            continue
        fields: dict[str, str] = {}
        for each in _FIELD.finditer(client["inner"] or ""):
            fields.setdefault(each["name"].lower(), (each["value"] or "").strip())
        at = _of_pixels(fields.get("anchor", ""), by)
        if at is None:
            continue
        caption = _TEXTBOX.search(shape["inner"])
        words = _plain(caption[1]) if caption else ""
        if client["kind"].lower() in ("checkbox", "radio"):
            state = fields.get("checked", "0") if "checked" in fields else "0"
            on = {"0": False, "": True, "1": True}.get(state)
            number = _ID.search(shape["given"])
            known = controls.pop(number[1], None) if number else None
            box = Drawn("box", at, on, words, fields.get("fmlalink", ""))
            found.append(box if known is None else replace(known, text=words))
        else:
            found.append(Drawn("other", at))
    return found


def _of_pixels(anchor: str, by: Measures) -> Rectangle | None:
    parts = [part.strip() for part in anchor.split(",")]
    if len(parts) != 8 or not all(part.isdecimal() for part in parts):
        return None
    left, x, top, y, right, x2, bottom, y2 = (min(int(part), _FAR) for part in parts)
    return Rectangle(
        by.left(left) + x * PIXEL, by.top(top) + y * PIXEL, by.left(right) + x2 * PIXEL, by.top(bottom) + y2 * PIXEL
    )


def _plain(html: str) -> str:
    text = _TAG.sub("", html)
    for entity, sign in _ENTITIES.items():
        text = text.replace(entity, sign)
    return " ".join(text.split())
