"""Forms as raw parts of an xlsx file, in the spellings that different programs choose.

Options: `inline` (texts in their cells), `prefix` (every element has a namespace prefix), `strict` (the namespaces of
ISO 29500 Strict), `by_default` (the workbook's type by `Default Extension`), `iso` (days as `t="d"`), `bom`,
`single` (attributes in single quotes).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from tests.corpus.form import Ink, Page, Worth
from tests.corpus.write_openpyxl import Sides, borders

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_MAIN: Final = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_STRICT_RELATED: Final = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DRAWING: Final = "application/vnd.openxmlformats-officedocument.drawing+xml"
_EPOCH: Final = datetime(1899, 12, 30)

Look = tuple[str, Sides, bool]
_PLAIN: Final[Look] = ("", (False, False, False, False), False)


@dataclass(slots=True)
class _Looks:
    """The styles in use, each with its number."""

    numbers: dict[Look, int] = field(default_factory=lambda: {_PLAIN: 0})

    def number(self, look: Look) -> int:
        return self.numbers.setdefault(look, len(self.numbers))

    def xml(self) -> str:
        formats = {code: 200 + at for at, code in enumerate(dict.fromkeys(look[0] for look in self.numbers if look[0]))}
        sides = list(dict.fromkeys(look[1] for look in self.numbers))
        written = "".join(f"<numFmt numFmtId='{at}' formatCode={quoteattr(code)}/>" for code, at in formats.items())
        lines = "".join(f"<border>{_border(each)}</border>" for each in sides)
        cells = "".join(
            f"<xf numFmtId='{formats.get(code, 0)}' fontId='{int(white)}' fillId='0' borderId='{sides.index(side)}'"
            " xfId='0' applyNumberFormat='1' applyBorder='1'/>"
            for code, side, white in self.numbers
        )
        return (
            (f"<numFmts count='{len(formats)}'>{written}</numFmts>" if formats else "")
            + "<fonts count='2'><font><sz val='11'/><name val='游ゴシック'/></font>"
            "<font><sz val='11'/><color rgb='FFFFFFFF'/><name val='游ゴシック'/></font></fonts>"
            "<fills count='2'><fill><patternFill patternType='none'/></fill>"
            "<fill><patternFill patternType='gray125'/></fill></fills>"
            f"<borders count='{len(sides)}'>{lines}</borders>"
            "<cellStyleXfs count='1'><xf numFmtId='0' fontId='0' fillId='0' borderId='0'/></cellStyleXfs>"
            f"<cellXfs count='{len(self.numbers)}'>{cells}</cellXfs>"
            "<cellStyles count='1'><cellStyle name='標準' xfId='0' builtinId='0'/></cellStyles>"
        )


def _border(sides: Sides) -> str:
    names = ("left", "right", "top", "bottom")
    return "".join(f"<{name} style='thin'/>" if on else f"<{name}/>" for name, on in zip(names, sides, strict=True))


def parts(pages: list[Page], options: Mapping[str, object]) -> dict[str, bytes]:
    """Every part of the file by its name."""
    strict = bool(options.get("strict"))
    main, related = (_STRICT_MAIN, _STRICT_RELATED) if strict else (_MAIN, _RELATED)
    looks, shared = _Looks(), dict[str, int]()

    def part(root: str, body: str, more: str = "") -> bytes:
        text = f"<{root} xmlns='{main}' xmlns:r='{related}'{more}>{body}</{root}>"
        return _spelt(text, main, options)

    found: dict[str, bytes] = {}
    overrides, links, sheets = [], [], []
    for number, page in enumerate(pages, start=1):
        body = _sheet(page, looks, None if options.get("inline") else shared, options)
        if page.ovals:
            body += "<drawing r:id='rId1'/>"
            found[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = _relations(
                [("rId1", f"{related}/drawing", f"../drawings/drawing{number}.xml")]
            )
            found[f"xl/drawings/drawing{number}.xml"] = _drawing(page)
            overrides.append((f"/xl/drawings/drawing{number}.xml", _DRAWING))
        found[f"xl/worksheets/sheet{number}.xml"] = part("worksheet", body)
        overrides.append((f"/xl/worksheets/sheet{number}.xml", f"{_TYPES}.worksheet+xml"))
        links.append((f"rId{number}", f"{related}/worksheet", f"worksheets/sheet{number}.xml"))
        state = " state='hidden'" if page.hidden else ""
        sheets.append(f"<sheet name={quoteattr(page.name)} sheetId='{number}'{state} r:id='rId{number}'/>")
    found["xl/styles.xml"] = part("styleSheet", looks.xml())
    overrides.append(("/xl/styles.xml", f"{_TYPES}.styles+xml"))
    links.append(("rIdStyles", f"{related}/styles", "styles.xml"))
    if shared:
        found["xl/sharedStrings.xml"] = part("sst", "".join(f"<si>{text}</si>" for text in shared))
        overrides.append(("/xl/sharedStrings.xml", f"{_TYPES}.sharedStrings+xml"))
        links.append(("rIdTexts", f"{related}/sharedStrings", "sharedStrings.xml"))
    first = next((number for number, page in enumerate(pages) if not page.hidden), 0)
    views = f"<bookViews><workbookView activeTab='{first}'/></bookViews>"
    found["xl/workbook.xml"] = part("workbook", f"{views}<sheets>{''.join(sheets)}</sheets>")
    found["xl/_rels/workbook.xml.rels"] = _relations(links)
    found["_rels/.rels"] = _relations([("rId1", f"{related}/officeDocument", "xl/workbook.xml")])
    found["[Content_Types].xml"] = _types(overrides, by_default=bool(options.get("by_default")))
    return found


def workbook(pages: list[Page], options: Mapping[str, object]) -> bytes:
    """An xlsx file."""
    return zipped(parts(pages, options))


def zipped(found: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(found, key=lambda name: name != "[Content_Types].xml"):
            archive.writestr(name, found[name])
    return target.getvalue()


def _spelt(text: str, main: str, options: Mapping[str, object]) -> bytes:
    if options.get("prefix"):
        text = re.sub(r"<(/?)([A-Za-z])", r"<\1x:\2", text).replace(f"xmlns='{main}'", f"xmlns:x='{main}'", 1)
    if not options.get("single"):
        text = re.sub(r"(?<=[\w:])='([^'\"<>]*)'", r'="\1"', text)
    head = b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\r\n"
    return (b"\xef\xbb\xbf" if options.get("bom") else b"") + head + text.encode()


def _relations(links: list[tuple[str, str, str]]) -> bytes:
    each = "".join(f"<Relationship Id='{name}' Type='{kind}' Target='{target}'/>" for name, kind, target in links)
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f"<?xml version='1.0' encoding='UTF-8'?><Relationships xmlns='{space}'>{each}</Relationships>".encode()


def _types(overrides: list[tuple[str, str]], *, by_default: bool) -> bytes:
    main = f"{_TYPES}.sheet.main+xml"
    each = "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
    if by_default:
        each += f"<Default Extension='xml' ContentType='{main}'/>"
    else:
        each += "<Default Extension='xml' ContentType='application/xml'/>"
        overrides = [("/xl/workbook.xml", main), *overrides]
    each += "".join(f"<Override PartName='{name}' ContentType='{kind}'/>" for name, kind in overrides)
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    return f"<?xml version='1.0' encoding='UTF-8'?><Types xmlns='{space}'>{each}</Types>".encode()


def _sheet(page: Page, looks: _Looks, shared: dict[str, int] | None, options: Mapping[str, object]) -> str:
    hidden = " hidden='1'"
    columns = "".join(
        f"<col min='{at}' max='{at}' width='{page.widths.get(at, 9):g}' customWidth='1'"
        f"{hidden if at in page.hidden_columns else ''}/>"
        for at in sorted({*page.widths, *page.hidden_columns})
    )
    lines = borders(page)
    rows: dict[int, list[int]] = {}
    for row, column in sorted({*page.cells, *lines}):
        rows.setdefault(row, []).append(column)
    for row in page.hidden_rows:
        rows.setdefault(row, [])
    data = ""
    for row in sorted(rows):
        data += f"<row r='{row}'{hidden if row in page.hidden_rows else ''}>"
        for column in rows[row]:
            ink = page.cells.get((row, column), Ink(None))
            code = ink.number_format or _code(ink.value)
            style = looks.number((code, lines.get((row, column), _PLAIN[1]), ink.white))
            data += _cell(f"{get_column_letter(column)}{row}", ink, style, shared, iso=bool(options.get("iso")))
        data += "</row>"
    merged = "".join(
        f"<mergeCell ref='{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}'/>"
        for top, left, bottom, right in page.merged
    )
    return (
        (f"<cols>{columns}</cols>" if columns else "")
        + f"<sheetData>{data}</sheetData>"
        + (f"<mergeCells count='{len(page.merged)}'>{merged}</mergeCells>" if merged else "")
    )


def _code(value: Worth) -> str:
    match value:
        case datetime():
            return "yyyy/m/d h:mm"
        case date():
            return "yyyy/m/d"
        case time():
            return "h:mm"
        case timedelta():
            return "[h]:mm"
    return ""


def _cell(at: str, ink: Ink, style: int, shared: dict[str, int] | None, *, iso: bool) -> str:
    look = f" s='{style}'" if style else ""
    formula = f"<f>{escape(ink.formula)}</f>" if ink.formula else ""
    match ink.value:
        case None:
            return f"<c r='{at}'{look}/>" if look else ""
        case bool():
            return f"<c r='{at}'{look} t='b'>{formula}<v>{int(ink.value)}</v></c>"
        case str():
            text = _text(ink)
            if formula:
                return f"<c r='{at}'{look} t='str'>{formula}<v>{escape(ink.value)}</v></c>"
            if shared is None:
                return f"<c r='{at}'{look} t='inlineStr'><is>{text}</is></c>"
            return f"<c r='{at}'{look} t='s'><v>{shared.setdefault(text, len(shared))}</v></c>"
        case date() if iso:
            return f"<c r='{at}'{look} t='d'>{formula}<v>{ink.value.isoformat()}</v></c>"
        case time() if iso:
            return f"<c r='{at}'{look} t='d'>{formula}<v>{ink.value.isoformat()}</v></c>"
    return f"<c r='{at}'{look}>{formula}<v>{_number(ink.value)}</v></c>"


def _text(ink: Ink) -> str:
    text = escape(str(ink.value))
    if ink.raised:
        small = f"<r><rPr><vertAlign val='superscript'/></rPr><t>{escape(ink.raised)}</t></r>"
        return f"<r><t xml:space='preserve'>{text}</t></r>{small}"
    return f"<t xml:space='preserve'>{text}</t>"


def _number(value: int | Decimal | date | time | timedelta) -> str:
    match value:
        case datetime():
            return repr((value - _EPOCH) / timedelta(days=1))
        case date():
            return str((value - _EPOCH.date()).days)
        case time():
            return repr((value.hour * 3600 + value.minute * 60 + value.second) / 86_400)
        case timedelta():
            return repr(value / timedelta(days=1))
    return str(value)


def _drawing(page: Page) -> bytes:
    """Ovals over cells, as people draw them around a word: from and to within one cell."""
    each = ""
    for number, ((row, column), part) in enumerate(page.ovals, start=1):
        pixels = page.widths.get(column, 9) * 7 * 9525
        left, right = (round(pixels * max(part + by, 0)) for by in (-0.12, 0.12))
        ends = "".join(
            f"<xdr:{end}><xdr:col>{column - 1}</xdr:col><xdr:colOff>{along}</xdr:colOff><xdr:row>{row - 1}</xdr:row>"
            f"<xdr:rowOff>{down}</xdr:rowOff></xdr:{end}>"
            for end, along, down in (("from", left, 20_000), ("to", right, 200_000))
        )
        each += (
            f"<xdr:twoCellAnchor>{ends}<xdr:sp macro='' textlink=''><xdr:nvSpPr>"
            f"<xdr:cNvPr id='{number + 1}' name='楕円 {number}'/>"
            "<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:prstGeom prst='ellipse'><a:avLst/></a:prstGeom><a:noFill/>"
            "<a:ln w='12700'><a:solidFill><a:srgbClr val='000000'/></a:solidFill></a:ln></xdr:spPr></xdr:sp>"
            "<xdr:clientData/></xdr:twoCellAnchor>"
        )
    spaces = (
        "xmlns:xdr='http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing' "
        "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'"
    )
    return f"<?xml version='1.0' encoding='UTF-8'?><xdr:wsDr {spaces}>{each}</xdr:wsDr>".encode()
