"""The marks of syncd as XML: what a marked cell looks like, and how a comment is written and drawn.

The look is a conditional format with a formula that names syncd and is always true: it covers the cell's own look and
changes nothing of it. It is red with a border, so that it can be seen on a black-and-white print, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from syncd.reading.ooxml.comments import FIRST_LINE
from syncd.reading.ooxml.outline import Node

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
COMMENTS: Final = f"{OFFICE}/comments"
DRAWING: Final = f"{OFFICE}/vmlDrawing"
COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
DRAWING_TYPE: Final = "application/vnd.openxmlformats-officedocument.vmlDrawing"
WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"

SIGNATURE: Final = "syncd:指摘"
"""What the formula of a mark has in it, however a program writes the rest."""
LONGEST: Final = 1_000
"""Characters of one comment."""

IN_A_SHEET: Final = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags",
    "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "AlternateContent", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""The order in which the parts of a sheet have to stand; else Excel repairs it."""
IN_STYLES: Final = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip

_SIDES: Final = "".join(
    f'<{side} style="thin"><color rgb="FFC00000"/></{side}>' for side in ("left", "right", "top", "bottom")
)
LOOK: Final = (
    f'<dxf xmlns="{MAIN}"><fill><patternFill patternType="solid"><fgColor rgb="FFFFC7CE"/><bgColor rgb="FFFFC7CE"/>'
    f"</patternFill></fill><border>{_SIDES}</border></dxf>"
).encode()


def highlight(areas: str, look: int, priority: int) -> bytes:
    """The conditional format for some ranges of a sheet, such as `C8:C13 C14`."""
    return (
        f'<conditionalFormatting xmlns="{MAIN}" sqref="{areas}"><cfRule type="expression" dxfId="{look}"'
        f' priority="{priority}"><formula>N("{SIGNATURE}")=0</formula></cfRule></conditionalFormatting>'
    ).encode()


# --- comments --------------------------------------------------------------------------------------------------------

_ESCAPE_LIKE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
NO_COMMENTS: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
).encode()


def comment_text(texts: Iterable[str]) -> str:
    """What a comment of syncd says, as it reads."""
    lines = [FIRST_LINE, *texts]
    text = "\n".join(lines)
    shown = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def run(text: str) -> bytes:
    """Text in a comment, in the small type that comments have."""
    plain = escape(_ESCAPE_LIKE.sub("_x005F_", text))
    return (
        f'<r xmlns="{MAIN}"><rPr><sz val="9"/><color indexed="81"/><rFont val="MS PGothic"/><family val="3"/>'
        f'<charset val="128"/></rPr><t xml:space="preserve">{plain}</t></r>'
    ).encode()


def comment(cell: str, author: int, text: str) -> bytes:
    return (
        f'<comment xmlns="{MAIN}" ref="{cell}" authorId="{author}"><text>'.encode() + run(text) + b"</text></comment>"
    )


# --- how a comment is drawn ------------------------------------------------------------------------------------------

_NAMESPACES: Final = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_SHAPE_TYPE: Final = (
    f'<v:shapetype {_NAMESPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    ' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    '<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_WIDTH, _LINE, _LETTERS = 280, 15, 22
"""Of a comment's box: pixels, pixels a line, full-width letters a line."""


@dataclass(frozen=True, slots=True)
class Raster:
    """How wide and high the columns and rows of a sheet are, in pixels."""

    columns: dict[int, int]
    rows: dict[int, int]
    column: int = 72
    row: int = 24

    def across(self, column: int, pixels: int) -> tuple[int, int]:
        """The column (from 0) that lies so far right of a column's left edge, and how far inside it."""
        return _walk(self.columns, self.column, column, pixels, 16_383)

    def down(self, row: int, pixels: int) -> tuple[int, int]:
        return _walk(self.rows, self.row, row, pixels, 1_048_575)


def _walk(sizes: dict[int, int], usual: int, start: int, pixels: int, last: int) -> tuple[int, int]:
    at = start
    while at < last and at - start < 1_000 and pixels >= (size := sizes.get(at, usual)):
        pixels -= size
        at += 1
    return at, min(pixels, sizes.get(at, usual))


def raster(nodes: Sequence[Node]) -> Raster:
    """Of a sheet whose outline has its `col` and `row` elements."""
    columns: dict[int, int] = {}
    rows: dict[int, int] = {}
    usual = next((node for node in nodes if node.name == "sheetFormatPr"), None)
    for node in nodes:
        given = node.attributes
        if node.name == "col" and "width" in given:
            first, last = int(given.get("min", 1)), min(int(given.get("max", 1)), 16_384)
            size = 0 if given.get("hidden") in ("1", "true") else round(float(given["width"]) * 7 + 5)
            columns.update((column - 1, size) for column in range(first, last + 1))
        elif node.name == "row" and "r" in given and ("ht" in given or "hidden" in given):
            hidden = given.get("hidden") in ("1", "true")
            rows[int(given["r"]) - 1] = 0 if hidden else round(float(given.get("ht", 18)) * 4 / 3)
    format_ = usual.attributes if usual else {}
    width, height = float(format_.get("defaultColWidth", 9.6)), float(format_.get("defaultRowHeight", 18))
    return Raster(columns, rows, round(width * 7 + 5), round(height * 4 / 3))


def new_drawing(block: int) -> bytes:
    """A drawing without shapes; `block` numbers the drawings of a workbook from 1."""
    return (
        f'<xml {_NAMESPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="{block}"/></o:shapelayout>'
        f"{_SHAPE_TYPE}</xml>"
    ).encode()


def drawn(drawing: bytes, cells: Sequence[tuple[int, int, str]], grid: Raster) -> bytes | None:
    """A drawing with a hidden box for each comment (row and column from 0, its text); None when it can't be told.

    Excel's own drawings need not be well-formed XML, so they are changed as text.
    """
    end = re.search(rb"</xml\s*>\s*$", drawing)
    if end is None:
        return None
    ids = [int(number) for number in re.findall(rb'"_x0000_s([0-9]{1,9})"', drawing)]
    block = re.search(rb'<\w+:idmap[^>]*\sdata="([0-9]{1,6})', drawing)
    following = max([*ids, (int(block[1]) if block else 1) * 1024]) + 1
    kind = b"" if b'id="_x0000_t202"' in drawing else _SHAPE_TYPE.encode()
    shapes = "".join(_shape(following + number, *cell, grid) for number, cell in enumerate(cells))
    return drawing[: end.start()] + kind + shapes.encode() + drawing[end.start() :]


def _shape(number: int, row: int, column: int, text: str, grid: Raster) -> str:
    lines = sum(max(1, -(-len(line) // _LETTERS)) for line in text.split("\n")) + 1
    left, top = grid.across(column + 1, 15), grid.down(max(0, row - 1), 10)
    right, bottom = grid.across(left[0], left[1] + _WIDTH), grid.down(top[0], top[1] + lines * _LINE)
    anchor = ", ".join(map(str, (*left, *top, *right, *bottom)))
    size = f"width:{_WIDTH * 3 // 4}pt;height:{lines * _LINE * 3 // 4}pt"
    style = f"position:absolute;margin-left:59.25pt;margin-top:1.5pt;{size}"
    return (
        f'<v:shape {_NAMESPACES} id="_x0000_s{number}" type="#_x0000_t202" style="{style};z-index:{number % 1024};'
        'visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
        '<v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/>'
        '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>'
        f"<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
    )


_SHAPES: Final = re.compile(rb"<\w+:shape\b(?:(?!</\w+:shape>).)*</\w+:shape>\s*", re.DOTALL)


def undrawn(drawing: bytes, cells: Iterable[tuple[int, int]]) -> bytes:
    """A drawing without the boxes of the comments in some cells."""
    gone = {(b"%d" % row, b"%d" % column) for row, column in cells}

    def kept(match: re.Match[bytes]) -> bytes:
        shape = match.group()
        row, column = re.search(rb"<\w+:Row>\s*([0-9]+)", shape), re.search(rb"<\w+:Column>\s*([0-9]+)", shape)
        note = re.search(rb"""ObjectType=["']Note["']""", shape)
        return b"" if note and row and column and (row[1], column[1]) in gone else shape

    return _SHAPES.sub(kept, drawing)


def has_shapes(drawing: bytes) -> bool:
    return re.search(rb"<\w+:(?:shape|rect|oval|line|group|image|roundrect)\b", drawing) is not None
