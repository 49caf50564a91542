"""Forms as csv, as pretty-printed ods, and as docx."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

from tests.corpus.form import Ink, Page, Worth, on_paper
from tests.corpus.write_openpyxl import spots
from tests.corpus.write_xlsx import zipped


def csv_file(pages: list[Page], options: Mapping[str, object]) -> bytes:
    """The first visible sheet. Options: `encoding`, `delimiter`, `excel_text` (="012" for texts of digits)."""
    page = next(page for page in pages if not page.hidden)
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=str(options.get("delimiter", ",")), lineterminator="\r\n")
    for row in range(1, page.last_row + 1):
        cells = [page.cells.get((row, column)) for column in range(1, page.last_column + 1)]
        writer.writerow([_in_csv(ink, bool(options.get("excel_text"))) if ink else "" for ink in cells])
    try:
        return target.getvalue().encode(str(options.get("encoding", "utf-8-sig")))
    except UnicodeEncodeError:
        return target.getvalue().encode("utf-8-sig")


def _in_csv(ink: Ink, excel_text: bool) -> str:
    text = str(on_paper(ink).value) + ink.raised
    return f'="{text}"' if excel_text and isinstance(ink.value, str) and text.isdigit() else text


# --- ods -------------------------------------------------------------------------------------------------------------

_SPACES: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
}


def pretty_ods(pages: list[Page]) -> bytes:
    """An ods file whose content.xml is indented, as some programs write it."""
    lines = ["<office:body>", "  <office:spreadsheet>"]
    for page in pages:
        lines.append(f'    <table:table table:name="{escape(page.name)}">')
        lines.append(f'      <table:table-column table:number-columns-repeated="{max(page.last_column, 1)}"/>')
        for row in range(1, page.last_row + 1):
            lines.append("      <table:table-row>")
            for column in range(1, page.last_column + 1):
                lines += _in_ods(page.cells.get((row, column)))
            lines.append("      </table:table-row>")
        lines.append("    </table:table>")
    lines += ["  </office:spreadsheet>", "</office:body>"]
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in _SPACES.items())
    body = "\n".join(lines)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {spaces} office:version="1.2">\n{body}\n'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    parts = {"mimetype": kind.encode(), "META-INF/manifest.xml": manifest.encode()}
    return zipped({**parts, "content.xml": (content + "</office:document-content>\n").encode()})


def _in_ods(ink: Ink | None) -> list[str]:
    if ink is None or ink.value is None:
        return ["        <table:table-cell/>"]
    return [
        f"        <table:table-cell {_ods_value(ink.value)}>",
        *(f"          <text:p>{escape(line)}</text:p>" for line in ink.shown.split("\n")),
        "        </table:table-cell>",
    ]


def _ods_value(value: Worth) -> str:
    match value:
        case bool():
            return f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        case int() | Decimal():
            return f'office:value-type="float" office:value="{value}"'
        case date():
            return f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case time():
            return f'office:value-type="time" office:time-value="PT{value.hour:02}H{value.minute:02}M00S"'
        case timedelta():
            minutes = round(value.total_seconds() / 60)
            return f'office:value-type="time" office:time-value="PT{minutes // 60}H{minutes % 60:02}M00S"'
    return 'office:value-type="string"'


# --- docx ------------------------------------------------------------------------------------------------------------

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def docx(pages: list[Page], options: Mapping[str, object]) -> bytes:
    """Every sheet as a table, the pages apart. Options: `torn`: texts in several runs, as Word leaves them."""
    body = "<w:p><w:r><w:br w:type='page'/></w:r></w:p>".join(
        _table(page, torn=bool(options.get("torn"))) + "<w:p/>" for page in pages if not page.hidden
    )
    return word(body)


def pictured(picture: bytes) -> bytes:
    """A docx file with nothing but a picture, as people make of a scan."""
    drawn = (
        "<w:drawing xmlns:wp='http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'><wp:inline>"
        "<wp:extent cx='5400000' cy='7600000'/><wp:docPr id='1' name='図 1'/>"
        "<a:graphic xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'>"
        "<a:graphicData uri='http://schemas.openxmlformats.org/drawingml/2006/picture'>"
        "<pic:pic xmlns:pic='http://schemas.openxmlformats.org/drawingml/2006/picture'><pic:blipFill><a:blip "
        "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' r:embed='rIdP'/></pic:blipFill>"
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    links = (
        "<?xml version='1.0' encoding='UTF-8'?>"
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rIdP' "
        "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/image' "
        "Target='media/image1.jpg'/></Relationships>"
    )
    more = {"word/_rels/document.xml.rels": links.encode(), "word/media/image1.jpg": picture}
    return word(f"<w:p><w:r>{drawn}</w:r></w:p>", more)


def word(body: str, more: Mapping[str, bytes] | None = None) -> bytes:
    """A docx file with that body."""
    document = (
        f"<?xml version='1.0' encoding='UTF-8'?><w:document xmlns:w='{_WORD}'><w:body>{body}</w:body></w:document>"
    )
    types = (
        "<?xml version='1.0' encoding='UTF-8'?>"
        "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
        "<Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>"
        "<Default Extension='xml' ContentType='application/xml'/><Default Extension='jpg' ContentType='image/jpeg'/>"
        f"<Override PartName='/word/document.xml' ContentType='{_MAIN}'/>"
        "</Types>"
    )
    links = (
        "<?xml version='1.0' encoding='UTF-8'?>"
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rId1' "
        "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' "
        "Target='word/document.xml'/></Relationships>"
    )
    return zipped(
        {
            "[Content_Types].xml": types.encode(),
            "_rels/.rels": links.encode(),
            "word/document.xml": document.encode(),
            **(more or {}),
        }
    )


def _table(page: Page, *, torn: bool) -> str:
    covered = {spot for area in page.merged for spot in spots(area)} - {(area[0], area[1]) for area in page.merged}
    tops = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in page.merged}
    going_on = {
        (row, left): right - left + 1 for top, left, bottom, right in page.merged for row in range(top + 1, bottom + 1)
    }
    columns = range(1, page.last_column + 1)
    grid = "".join(f"<w:gridCol w:w='{round(page.widths.get(column, 9) * 110)}'/>" for column in columns)
    rows = ""
    for row in range(1, page.last_row + 1):
        rows += "<w:tr>"
        for column in columns:
            spot = row, column
            if spot in going_on:
                rows += f"<w:tc><w:tcPr><w:gridSpan w:val='{going_on[spot]}'/><w:vMerge/></w:tcPr><w:p/></w:tc>"
            elif spot not in covered:
                high, along = tops.get(spot, (1, 1))
                look = f"<w:gridSpan w:val='{along}'/>" + ("<w:vMerge w:val='restart'/>" if high > 1 else "")
                rows += f"<w:tc><w:tcPr>{look}</w:tcPr>{_paragraphs(page.cells.get(spot), torn)}</w:tc>"
        rows += "</w:tr>"
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _paragraphs(ink: Ink | None, torn: bool) -> str:
    if ink is None or ink.value is None:
        return "<w:p/>"
    said = ""
    for line in str(on_paper(ink).value).split("\n"):
        pieces = [line[at : at + 2] for at in range(0, len(line), 2)] if torn else [line]
        runs = "".join(f"<w:r><w:t xml:space='preserve'>{escape(piece)}</w:t></w:r>" for piece in pieces)
        said += f"<w:p>{runs}</w:p>"
    if ink.raised:
        small = f"<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>{escape(ink.raised)}</w:t></w:r></w:p>"
        said = said.removesuffix("</w:p>") + small
    return said
