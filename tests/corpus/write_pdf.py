"""Forms as a PDF by reportlab: text and lines where a printed workbook has them.

Options: `font`, `size` (points), `lines` ('stroke' or 'fill'), `turn` (the page's Rotate), `turned` (its content stands
so many degrees turned, and the page is turned back), `xobject` (all of it inside a form that the page only refers to),
`spaced` (a text's signs are placed one by one), `middle` (texts in the middle of their cells), `bold` (everything is
printed twice, a trifle apart), `draw` (what is drawn besides).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pypdf
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from syncd import reports
from tests.corpus.form import Area, Ink, Page, Spot, on_paper
from tests.corpus.write_openpyxl import borders, spots

FONTS: Final = ("ipaexg", "HeiseiMin-W3", "HeiseiKakuGo-W5")
A4: Final = (595.0, 842.0)
_MARGIN: Final = 40.0
_NOT_IN_FONTS: Final = str.maketrans("☑☐⑴⑵⑶⑷⑸⑹⑺⑻⁴⁵", "■□①②③④⑤⑥⑦⑧²³")
"""Signs that these fonts don't have, and such as they have in their place."""
Draw = Callable[[Canvas, "Paper"], None]
"""What a form draws besides its cells."""


class Paper:
    """Where the cells of a page lie: left, bottom, right, top in points."""

    def __init__(self, page: Page, size: float, width: float, height: float) -> None:
        self.page = page
        self.size = size
        self.height = height
        columns = range(1, page.last_column + 2)  # one more, for what is drawn besides
        widths = {column: page.widths.get(column, 9.0) * size * 0.52 for column in columns}
        scale = min(1.0, (width - 2 * _MARGIN) / max(sum(widths.values()), 1))
        self.size *= scale
        self.edges = [_MARGIN]
        for column in columns:
            self.edges.append(self.edges[-1] + widths[column] * scale)
        self.tops = [height - _MARGIN]
        for row in range(1, page.last_row + 1):
            lines = [str(ink.value).count("\n") for (at, _), ink in page.cells.items() if at == row]
            self.tops.append(self.tops[-1] - self.size * (1.9 + 1.2 * max(lines, default=0)))
        self.areas = {(top, left): (top, left, bottom, right) for top, left, bottom, right in page.merged}
        self.covered = {spot for area in page.merged for spot in spots(area)} - set(self.areas)

    def box(self, spot: Spot) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of a cell, merged ones whole."""
        top, left, bottom, right = self.areas.get(spot, (*spot, *spot))
        return self.edges[left - 1], self.tops[bottom], self.edges[right], self.tops[top - 1]


def printed(pages: list[Page], options: Mapping[str, object], draw: Draw | None = None) -> bytes:
    """A PDF with a page for each visible sheet."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, pageCompression=1)
    font = _font(str(options.get("font", "ipaexg")))
    size = float(str(options.get("size", 10)))
    turn, turned = int(str(options.get("turn", 0))), int(str(options.get("turned", 0)))
    for number, page in enumerate(page for page in pages if not page.hidden):
        width, height = A4 if turned % 180 == 0 else (A4[1], A4[0])
        paper = Paper(page, size, width, height)
        canvas.saveState()
        if turned:
            _turn(canvas, turned)
        if options.get("xobject"):
            canvas.beginForm(f"form{number}", 0, 0, width, height)
            _page(canvas, paper, font, options)
            canvas.endForm()
            canvas.doForm(f"form{number}")
        else:
            _page(canvas, paper, font, options)
        if draw is not None:
            draw(canvas, paper)
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    # A page whose content stands turned is turned back for whoever reads it. (reportlab would change its size, too.)
    return _rotated(target.getvalue(), (turn + turned) % 360)


def _rotated(content: bytes, degrees: int) -> bytes:
    if not degrees:
        return content
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(content))
    for page in writer.pages:
        page.rotate(degrees)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _font(name: str) -> str:
    if name not in pdfmetrics.getRegisteredFontNames():
        if name == "ipaexg":
            pdfmetrics.registerFont(TTFont(name, str(Path(reports.__file__).parent / "fonts/ipaexg.ttf")))
        else:
            pdfmetrics.registerFont(UnicodeCIDFont(name))
    return name


def _turn(canvas: Canvas, degrees: int) -> None:
    """Content that runs upwards, upside down or downwards on an upright page."""
    if degrees == 90:
        canvas.translate(A4[0], 0)
    elif degrees == 180:
        canvas.translate(*A4)
    elif degrees == 270:
        canvas.translate(0, A4[1])
    canvas.rotate(degrees)


def _page(canvas: Canvas, paper: Paper, font: str, options: Mapping[str, object]) -> None:
    page = paper.page
    canvas.setFont(font, paper.size)
    canvas.setLineWidth(0.6)
    for x0, y0, x1, y1 in _lines(paper):
        if options.get("lines") == "fill":
            canvas.rect(min(x0, x1) - 0.3, min(y0, y1) - 0.3, abs(x1 - x0) + 0.6, abs(y1 - y0) + 0.6, stroke=0, fill=1)
        else:
            canvas.line(x0, y0, x1, y1)
    for spot, ink in sorted(page.cells.items()):
        if spot[0] in page.hidden_rows or spot[1] in page.hidden_columns:
            continue
        _ink(canvas, paper, spot, on_paper(ink), font, options)


def _ink(canvas: Canvas, paper: Paper, spot: Spot, ink: Ink, font: str, options: Mapping[str, object]) -> None:
    left, bottom, right, top = paper.box(spot)
    text, size = str(ink.value).translate(_NOT_IN_FONTS), paper.size
    base = (bottom + top) / 2 - size * 0.35
    if "\n" in text:
        lines = text.split("\n")
        for number, line in enumerate(lines):
            canvas.drawString(left + size * 0.25, base + size * 1.2 * ((len(lines) - 1) / 2 - number), line)
        return
    width = pdfmetrics.stringWidth(text, font, size)
    start = left + size * 0.25
    if ink.right:
        start = right - width - size * 0.25
    elif options.get("middle"):
        start = (left + right - width) / 2
    canvas.setFillGray(1 if ink.white else 0)
    if ink.spread and len(text) > 1 and right - left > width + size:
        step = (right - left - size * 1.5) / (len(text) - 1)
        for number, sign in enumerate(text):
            canvas.drawString(left + size * 0.25 + number * step, base, sign)
    elif options.get("spaced"):
        for sign in text:
            canvas.drawString(start, base, sign)
            start += pdfmetrics.stringWidth(sign, font, size)
    else:
        canvas.drawString(start, base, text)
        if options.get("bold"):
            canvas.drawString(start + 0.3, base, text)
    canvas.setFillGray(0)
    if ink.raised:
        canvas.setFont(font, size * 0.6)
        canvas.drawString(start + width, base + size * 0.4, ink.raised)
        canvas.setFont(font, size)


def _lines(paper: Paper) -> Iterator[tuple[float, float, float, float]]:
    """The sides of cells that have lines; each once, none through a merged area."""
    seen = set()
    for spot, sides in sorted(borders(paper.page).items()):
        if spot in paper.covered:
            continue
        left, bottom, right, top = paper.box(spot)
        every = (
            (left, bottom, left, top),
            (right, bottom, right, top),
            (left, top, right, top),
            (left, bottom, right, bottom),
        )
        if _area(paper, spot) is not None:
            sides = (True, True, True, True)
        for on, line in zip(sides, every, strict=True):
            if on and line not in seen:
                seen.add(line)
                yield line


def _area(paper: Paper, spot: Spot) -> Area | None:
    return paper.areas.get(spot)
