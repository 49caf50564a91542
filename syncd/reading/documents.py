"""Word documents (docx) as a sheet: tables as cells, paragraphs as lines, in the order in which they are read.

A line `請求金額：1,234円` is a label and its value. Paragraphs never make a table: where tabs put their words only Word
knows. Text boxes follow the paragraph that they are anchored to; headers come first, footers last.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder

from syncd.forms.grid import Grid, Sheet
from syncd.forms.labels import label_key
from syncd.reading.document_words import UNREADABLE, Words, child, is_on, is_shaded, name_of, value
from syncd.reading.limits import Limits, Refused
from syncd.reading.ooxml.package import Package, Unusable, opened, parser
from syncd.reading.pen import Pen
from syncd.reading.printed.filled import Filled
from syncd.reading.printed.marks import Box
from syncd.reading.printed.regions import Region, Ruling
from syncd.reading.printed.stretches import put_table

NAME: Final = "文書"
_MOST_ELEMENTS: Final = 400_000
_MOST_COLUMNS: Final = 200
_DEEP: Final = 250
_THROUGH: Final = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"})
_ROW: Final = 20.0
"""Points: of a row, as far as that matters; `_TWIPS` of Word's units are one point."""
_TWIPS: Final = 20.0
_LARGE: Final = 2e13
"""Square units (EMU) of a picture that is a third of a page."""
_PARTS: Final = re.compile(r"\t+|[ \u3000]{3,}|\u3000{2,}")
_COLON: Final = re.compile(r"[^:：]{1,30}[:：]")
_SPACE: Final = re.compile(r"[ \u3000]+")


@dataclass(frozen=True, slots=True)
class Document:
    """What stands in it; `scan`: there is something that only people can read: a large picture, an embedded sheet."""

    grid: Grid
    scan: bool


def document(content: Path, limits: Limits, labels: Collection[str] = ()) -> Document:
    """Raises Refused."""
    try:
        with opened(content) as package:
            return _document(package, limits, labels)
    except Unusable as error:
        if "out of memory" in str(error):
            raise MemoryError from error
        why = str(error)[:150]
        raise Refused("too big" if " too " in why else "unreadable", f"the document can't be read ({why})") from error


def _document(package: Package, limits: Limits, labels: Collection[str]) -> Document:
    mains = package.related("", "officeDocument")
    if len(mains) != 1:
        raise Unusable("it is no document")
    (main,) = mains
    body = child(_tree(package, main), "body")
    if body is None:
        raise Unusable("it has no body")
    reading = _Reading(Words(_hidden_styles(package, main)), Pen(frozenset(labels)), limits)
    for part in package.related(main, "header"):
        reading.put(_tree(package, part))
    reading.put(body)
    for part in package.related(main, "footer"):
        reading.put(_tree(package, part))
    sheet = Sheet(NAME, reading.pen.cells, tuple(reading.pen.merged))
    unknown = any(UNREADABLE in str(cell.value) for cell in sheet.cells.values())
    return Document(Grid((sheet,)), unknown or _only_seen(body))


def _tree(package: Package, part: str) -> Element:
    builder = TreeBuilder()
    count = depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count, depth
        count, depth = count + 1, depth + 1
        if count > _MOST_ELEMENTS or depth > _DEEP:
            raise Unusable(f"{part} is too large")
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    package.parse(part, parser(start, end, builder.data))
    return builder.close()


def _hidden_styles(package: Package, main: str) -> frozenset[str]:
    """The ids of the styles whose text is not shown."""
    found = set()
    for part in package.related(main, "styles"):
        for style in _tree(package, part):
            if name_of(style) == "style" and is_on(child(style, "rPr", "vanish")):
                found |= {given for key, given in style.attrib.items() if key.rpartition(":")[2] == "styleId"}
    return frozenset(found)


def _only_seen(body: Element) -> bool:
    for element in body.iter():
        name = name_of(element)
        if name in ("object", "altChunk", "chart"):
            return True
        if name == "extent" and _number(element, "cx") * _number(element, "cy") > _LARGE:
            return True
    return False


def _number(element: Element, name: str) -> float:
    text = element.attrib.get(name, "0")
    return float(text) if text.isdecimal() and len(text) < 12 else 0.0


class _Reading:
    """A document on its way to a sheet."""

    def __init__(self, words: Words, pen: Pen, limits: Limits) -> None:
        self._words, self.pen, self._limits = words, pen, limits
        self._characters = 0
        self._lines: list[str] = []
        self._far = 1

    def put(self, container: Element) -> None:
        """All blocks of a body, a header, a text box."""
        for block in _blocks(container):
            if name_of(block) == "p":
                self._paragraph(block)
            else:
                self._end_lines()
                self._table(block)
        self._end_lines()

    def _paragraph(self, paragraph: Element) -> None:
        for line in self._text(paragraph).split("\n"):
            self._lines.append(line)
        boxes = list(_boxes(paragraph))
        if boxes:
            self._end_lines()
        for box in boxes:
            self.put(box)

    def _text(self, paragraph: Element, *, shaded: bool = False) -> str:
        text = self._words.of(paragraph, shaded=shaded)
        self._characters += len(text)
        if self._characters > self._limits.characters:
            raise Refused("too big", "it has too much text")
        if len(self.pen.cells) > self._limits.cells:
            raise Refused("too big", f"it has more than {self._limits.cells} cells")
        return text

    def _end_lines(self) -> None:
        lines, self._lines = self._lines, []
        for number, line in enumerate(lines):
            parts = list(self._parted(line))
            if len(parts) > 1:
                # In columns of its own: two such lines must not look like a table.
                self.pen.end(1 if number else 0)
                for at, part in enumerate(parts):
                    self.pen.put(0, self._far + 2 * at, 1, 1 if part else 2, part)
                self._far += 2 * len(parts) + 20
                self.pen.end(1)
            else:
                self.pen.put(0, 0, 1, 1, parts[0])
                self.pen.end(1, between=0)
        self.pen.end(1)

    def _parted(self, line: str) -> Iterator[str]:
        """Labels and values of a line, '' for a value that was left blank."""
        for part in _PARTS.split(line.strip(" \u3000\t")):
            yield from self._label_and_value(part.strip())

    def _label_and_value(self, part: str) -> Iterator[str]:
        if (found := _COLON.match(part)) and not part[: found.end() - 1].strip()[-1:].isdigit():
            yield part[: found.end()]
            yield part[found.end() :].strip()
            return
        for space in reversed(list(_SPACE.finditer(part[:60]))):
            if label_key(part[: space.start()]) in self.pen.labels:
                yield part[: space.start()]
                yield part[space.end() :]
                return
        yield part

    def _table(self, table: Element) -> None:
        spans: list[_Span] = []
        merged: dict[int, _Span] = {}
        nested: list[Element] = []
        rows = [row for row in _inside(table, "tr") if not _is_gone(child(row, "trPr"))]
        for number, row in enumerate(rows):
            column = _count(child(row, "trPr", "gridBefore"), 0)
            for cell in _inside(row, "tc"):
                properties = child(cell, "tcPr")
                width = _count(child(properties, "gridSpan"), 1)
                merge = child(properties, "vMerge")
                if merge is not None and (value(merge) or "continue") == "continue" and column in merged:
                    merged[column].height = number + 1 - merged[column].top
                else:
                    merged.pop(column, None)
                    spans.append(_Span(number, column, width, 1, self._cell(cell, nested)))
                    if merge is not None:
                        merged[column] = spans[-1]
                column += width
                if column > _MOST_COLUMNS:
                    raise Refused("too big", f"a table has more than {_MOST_COLUMNS} columns")
        columns = max((span.left + span.width for span in spans), default=0)
        if spans:
            _put_spans(self.pen, spans, len(rows), _edges(table, columns))
        for inner in nested:
            self.put(inner)

    def _cell(self, cell: Element, nested: list[Element]) -> str:
        """The text of a cell; tables in it, and text boxes, are kept for later."""
        shaded = is_shaded(child(cell, "tcPr"))
        texts = []
        for block in _blocks(cell):
            if name_of(block) == "p":
                texts.append(self._text(block, shaded=shaded))
                nested += _boxes(block)
            else:
                holder = Element("holder")
                holder.append(block)
                nested.append(holder)
        return "\n".join(texts).strip()


@dataclass(slots=True)
class _Span:
    """A cell of a table: where it begins, over how much it goes, its text."""

    top: int
    left: int
    width: int
    height: int
    text: str


def _put_spans(pen: Pen, spans: list[_Span], rows: int, edges: list[float]) -> None:
    ys = [_ROW * number for number in range(rows + 1)]
    cells = []
    for span in spans:
        right, bottom = span.left + span.width, min(span.top + span.height, rows)
        box = Box(edges[span.left], ys[span.top], edges[right], ys[bottom])
        cells.append(Filled(Region(span.left, span.top, right, bottom, box), text=span.text))
    put_table(pen, Ruling(tuple(edges), tuple(ys)), cells, (), 1, rows)


def _edges(table: Element, columns: int) -> list[float]:
    """Where the columns of a table begin, and where the last one ends."""
    grid = child(table, "tblGrid")
    widths = [_width(each) for each in (grid if grid is not None else ()) if name_of(each) == "gridCol"][:columns]
    widths += [5 * _ROW] * (columns - len(widths))
    edges = [0.0]
    for width in widths:
        edges.append(edges[-1] + max(width, 1.0))
    return edges


def _width(column: Element) -> float:
    text = next((given for key, given in column.attrib.items() if key.rpartition(":")[2] == "w"), "")
    return float(text) / _TWIPS if text.isdecimal() and len(text) < 7 else 5 * _ROW


def _count(element: Element | None, usual: int) -> int:
    text = value(element) or ""
    return max(int(text), usual) if text.isdecimal() and len(text) < 6 else usual


def _is_gone(properties: Element | None) -> bool:
    """A row that was deleted while changes were recorded, or is hidden."""
    return child(properties, "del") is not None or is_on(child(properties, "hidden"))


def _blocks(container: Element) -> Iterator[Element]:
    """Paragraphs and tables, also within what only groups them."""
    for each in container:
        name = name_of(each)
        if name in ("p", "tbl"):
            yield each
        elif name in _THROUGH:
            yield from _blocks(each)
        elif name == "AlternateContent" and (choice := child(each, "Choice")) is not None:
            yield from _blocks(choice)


def _inside(container: Element, wanted: str) -> Iterator[Element]:
    """The rows of a table, the cells of a row, also within what only groups them."""
    for each in container:
        if name_of(each) == wanted:
            yield each
        elif name_of(each) in _THROUGH:
            yield from _inside(each, wanted)


def _boxes(element: Element) -> Iterator[Element]:
    """The text boxes that are anchored in a paragraph."""
    for each in element:
        name = name_of(each)
        if name == "txbxContent":
            yield each
        elif name not in ("Fallback", "del", "moveFrom"):
            yield from _boxes(each)
