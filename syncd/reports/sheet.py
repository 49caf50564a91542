"""A sheet of A4 as an operator's page needs it: headings, numbered steps, tables. Knows layout, no documents.

Texts are given as they are to be read; what the font can't show or the library would take for markup is its own matter.
The same content makes the same bytes: no moment of making is written into the file.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

from syncd.reports.font import NAME, SETTING, font, markup

if TYPE_CHECKING:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable, Table

Tone = Literal["late", "operator", "staff", "done", "none"]

_TONES: Final[dict[Tone, tuple[str, str]]] = {
    "late": ("#b3261e", "#fbe9e7"), "operator": ("#8a5a00", "#fdf3df"), "staff": ("#0b3d75", "#e6f0fc"),
    "done": ("#1b5a2b", "#e9f5ec"), "none": ("#57606a", "#f1f3f5"),
}  # fmt: skip
_INK, _QUIET, _LATE, _LINE = "#1c2128", "#57606a", "#a3211a", "#d5dbe1"
_MARGIN: Final = 51.0
"""Points; 18 mm."""

_WIDTH: Final = 595.27 - 2 * _MARGIN
_COLUMNS: Final = (0.46, 0.29, 0.25)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: what, with its small second line, where or how, and when; `urgent`: the last one is red.

    A table whose lines have no second line takes little room: it says what is over.
    """

    title: str
    below: str
    middle: tuple[str, ...]
    last: tuple[str, ...]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Table3:
    """A heading with its table; `after`: a sentence below it."""

    heading: str
    tone: Tone
    heads: tuple[str, str, str]
    lines: tuple[Line, ...]
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: the headline, and how."""

    headline: str
    how: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on it, from top to bottom; Japanese may break between any two signs. `page` has an `{n}`.

    `mark` says whose it is (`owner_mark`).
    """

    language: Literal["ja", "en"]
    name: str
    title: str
    stamp: str
    foot: str
    page: str
    steps_heading: str
    steps: tuple[Step, ...]
    steps_after: str
    tables: tuple[Table3, ...] = field(default=())
    mark: str = ""


def pdf(sheet: Sheet) -> bytes:
    """The sheet as a PDF with selectable text and its font within. Safe for several threads."""
    with SETTING:
        return _pdf(sheet)


def _pdf(sheet: Sheet) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    font()
    made = io.BytesIO()
    document = BaseDocTemplate(
        made,
        pagesize=A4,
        title=f"{sheet.title} {sheet.name}",
        author="",
        creator="syncd",
        keywords=[sheet.mark],
        lang="ja-JP" if sheet.language == "ja" else "en",
        invariant=1,
        pageCompression=1,
        displayDocTitle=1,
        initialFontName=NAME,
    )
    frame = Frame(_MARGIN, 54, _WIDTH, A4[1] - 54 - 45, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=lambda canvas, _: _foot(canvas, sheet)))
    document.build(_story(sheet))
    return made.getvalue()


def _story(sheet: Sheet) -> list[Flowable]:
    from reportlab.platypus import Spacer

    style = _Styles(sheet.language)
    story: list[Flowable] = [
        style.text(sheet.name, 17, 23),
        style.text(sheet.title, 12.5, 19, color=_QUIET),
        style.text(sheet.stamp, 9, 14, color=_QUIET),
        Spacer(0, 9),
        _steps(sheet, style),
    ]
    for table in sheet.tables:
        story += _section(table, style)
    return story


class _Styles:
    """Paragraphs of one language."""

    def __init__(self, language: Literal["ja", "en"]) -> None:
        self._wrap = "CJK" if language == "ja" else None

    def text(self, text: str, size: float, leading: float, color: str = _INK, right: bool = False) -> Flowable:
        from reportlab.platypus import Paragraph

        return Paragraph(markup(text), _style(size, leading, color, self._wrap, right))

    def lines(self, lines: Sequence[str], size: float, color: str = _INK) -> Flowable:
        from reportlab.platypus import Paragraph

        return Paragraph("<br/>".join(map(markup, lines)), _style(size, 14.5, color, self._wrap))

    def two(self, first: str, second: str) -> Flowable:
        from reportlab.platypus import Paragraph

        below = f'<br/><font size="8.5" color="{_QUIET}">{markup(second)}</font>' if second else ""
        return Paragraph(markup(first) + below, _style(10, 14.5, _INK, self._wrap))


@functools.lru_cache(maxsize=64)
def _style(size: float, leading: float, color: str, wrap: str | None, right: bool = False) -> ParagraphStyle:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        "",
        fontName=NAME,
        fontSize=size,
        leading=leading,
        textColor=HexColor(color),
        wordWrap=wrap,
        alignment=2 if right else 0,
    )


def _steps(sheet: Sheet, style: _Styles) -> Flowable:
    """The box with what to do now."""
    cells: list[list[Any]] = [[style.text(sheet.steps_heading, 12.5, 18), ""]]
    for number, step in enumerate(sheet.steps, 1):
        how = [style.text(step.headline, 11, 16, _LATE if step.urgent else _INK)]
        if step.how:
            how.append(style.text(step.how, 10, 15.5))
        cells.append([style.text(str(number), 15, 18, _LATE if step.urgent else _INK), how])
    if sheet.steps_after:
        cells.append([style.text(sheet.steps_after, 10, 15.5), ""])
    spans = [("SPAN", (0, 0), (1, 0)), *([("SPAN", (0, -1), (1, -1))] if sheet.steps_after else [])]
    ink, paper = _TONES["late" if any(step.urgent for step in sheet.steps) else "staff" if sheet.steps else "done"]
    return _table(cells, [22, _WIDTH - 22], [
        *spans, ("BACKGROUND", (0, 0), (-1, -1), paper), ("LINEBEFORE", (0, 0), (0, -1), 3.5, ink),
        ("LEFTPADDING", (0, 0), (0, -1), 12), ("RIGHTPADDING", (-1, 0), (-1, -1), 12),
        ("LEFTPADDING", (1, 0), (1, -1), 10), ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, 0), 9), ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, -1), (-1, -1), 10),
    ])  # fmt: skip


def _section(table: Table3, style: _Styles) -> list[Flowable]:
    from reportlab.platypus import CondPageBreak, Indenter, Spacer

    ink, paper = _TONES[table.tone]
    heads = [style.text(head, 8.5, 12, _QUIET) for head in table.heads]
    rows: list[list[Any]] = [[style.text(table.heading, 11.5, 16, ink), "", ""], heads]
    for line in table.lines:
        last = style.lines(line.last, 10, _LATE if line.urgent else _INK)
        rows.append([style.two(line.title, line.below), style.lines(line.middle, 9.5), last])
    tight = 4.5 if any(line.below for line in table.lines) else 2.5
    made = _table(rows, [_WIDTH * part for part in _COLUMNS], [
        ("SPAN", (0, 0), (-1, 0)), ("BACKGROUND", (0, 0), (-1, 0), paper), ("LINEBEFORE", (0, 0), (0, 0), 3.5, ink),
        ("LEFTPADDING", (0, 0), (-1, -1), 8), ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, _LINE), ("TOPPADDING", (0, 0), (-1, -1), tight - 0.5),
        ("TOPPADDING", (0, 1), (-1, 1), 3), ("BOTTOMPADDING", (0, 1), (-1, 1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), tight), ("TOPPADDING", (0, 0), (-1, 0), 4),
        ("BOTTOMPADDING", (0, 0), (-1, 0), 5),
    ], repeated=2)  # fmt: skip
    after = [style.text(sentence, 9, 14, _QUIET) for sentence in table.after]
    below = [Spacer(0, 4), Indenter(8, 8), *after, Indenter(-8, -8)] if after else []
    return [Spacer(0, 15), CondPageBreak(90), made, *below]


def _table(cells: list[list[Any]], widths: list[float], style: list[Any], repeated: int = 0) -> Table:
    from reportlab.platypus import Table

    # what is empty would otherwise name a font that isn't embedded
    return Table(
        cells,
        colWidths=widths,
        style=[("FONTNAME", (0, 0), (-1, -1), NAME), ("VALIGN", (0, 0), (-1, -1), "TOP"), *style],
        repeatRows=repeated,
    )


def _foot(canvas: Any, sheet: Sheet) -> None:
    style = _Styles(sheet.language)
    page = sheet.page.replace("{n}", str(canvas.getPageNumber()))
    for text, left, width, right in ((sheet.foot, 0.0, _WIDTH - 70, False), (page, _WIDTH - 60, 60.0, True)):
        paragraph = style.text(text, 7.5, 10.5, _QUIET, right)
        _, height = paragraph.wrap(width, 40)
        paragraph.drawOn(canvas, _MARGIN + left, 44 - height)
