"""A form as a ward hands it out, with everything on it that saving may touch; and one as Excel itself writes it."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image as Picture

from tests.reading.making import DECLARATION, MAIN, RELATIONS, sheet, strings, xlsx_parts

FORMULAS = {
    "C14": "=SUM(C8:C13)",
    "D14": "=+'在籍'!C14*1.10",
    "E14": '=IF(C14="","",IF(TRUE,C14,0))',
    "F14": "=IFERROR(VLOOKUP(A8,'別紙 1'!$A:$C,2,FALSE),0)",
    "G14": '=SUMIFS(C8:C13,A8:A13,"0歳")',
    "H14": "=定員*2",
    "I14": "=TODAY()",
    "J14": '=_xlfn.CONCAT(A8,"-",A9)',
    "K14": "=COUNTA(A8:A13 )",
    "L14": "=1/3",
    "M14": "=-C8%+10^-2",
    "N14": '=TEXT(C3,"ggge年m月d日")',
    "O14": "=IF(ISERROR(C9/C8),#N/A,1.50)",
    "P14": "=1/0",
}


def seal(colour: str = "red") -> io.BytesIO:
    picture = io.BytesIO()
    Picture.new("RGB", (40, 40), colour).save(picture, "PNG")
    picture.seek(0)
    return picture


def form() -> Workbook:
    """在籍児童数報告書 with a seal, a comment of the ward, choices, a chart, a hidden sheet and a defined name."""
    book = Workbook()
    top = book.active
    assert isinstance(top, Worksheet)
    top.title = "在籍"
    values: dict[str, Any] = {
        "A1": "在籍児童数報告書", "C2": "ひまわり保育園", "C3": date(2025, 10, 1), "C4": time(9, 30),
        "D4": datetime(2025, 10, 1, 9, 30, 15), "A15": True, "B15": 0.1 + 0.2, "C15": "1", "D15": "改行\nあり",
        "F15": " 空白 ", "G15": 1e21, "H15": 123456789012345678,
    }  # fmt: skip
    for cell, value in values.items():
        top[cell] = value
    for age in range(6):
        top.cell(8 + age, 1, f"{age}歳")
        top.cell(8 + age, 3, 5 + age)
    for cell, formula in FORMULAS.items():
        top[cell] = formula
    top["C9"].comment = Comment("担当より:\n1歳の数を確認", "山田")
    for choice, areas in (
        (DataValidation(type="list", formula1='"有,無"', allow_blank=True), ("B20", "B22:B25")),
        (DataValidation(type="whole", operator="between", formula1="0", formula2="100"), ("C8:C13",)),
        (DataValidation(type="list", formula1="'別紙 1'!$A$1:$A$3"), ("D20:D30",)),
    ):
        top.add_data_validation(choice)
        for area in areas:
            choice.add(area)
    yellow = PatternFill("solid", bgColor="FFFF00")
    top.conditional_formatting.add("C8:C13", CellIsRule(operator="equal", formula=["0"], fill=yellow))  # type: ignore[no-untyped-call]
    top.add_image(Image(seal()), "H3")
    chart = BarChart()
    chart.add_data(Reference(top, min_col=3, min_row=8, max_row=13))
    top.add_chart(chart, "A30")  # type: ignore[call-arg] # the stubs mix up two kinds of sheet
    top.print_area = "A1:H20"
    beside = book.create_sheet("別紙")
    beside["B3"] = 3
    book.create_sheet("別紙 1")["A1"] = "0歳"
    hidden = book.create_sheet("設定")
    hidden.sheet_state, hidden["A1"] = "hidden", 60
    book.defined_names["定員"] = DefinedName("定員", attr_text="設定!$A$1")
    return book


def saved(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path


# Excel's drawings of controls are no well-formed XML: <br> has no end.
CONTROL_DRAWING = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml"\r\n xmlns:o="urn:schemas-microsoft-com:office:office"\r\n'
    ' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    '<o:idmap v:ext="edit" data="3"/></o:shapelayout><v:shapetype id="_x0000_t201" coordsize="21600,21600"/>'
    '<v:shape id="_x0000_s3073" type="#_x0000_t201"><v:textbox><div><font>はい<br></font></div></v:textbox>'
    '<x:ClientData ObjectType="Checkbox"><x:Anchor>1, 2, 3, 4, 5, 6, 7, 8</x:Anchor></x:ClientData></v:shape></xml>\r\n'
)
AFTER_CELLS = (
    '<sheetProtection sheet="1"/><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
    '<phoneticPr fontId="1"/><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    '<headerFooter><oddHeader>様式第1号</oddHeader></headerFooter><legacyDrawing r:id="rId1"/>'
    '<mc:AlternateContent><mc:Choice Requires="x14"><controls><control shapeId="3073" r:id="rId2" name="C1"/>'
    "</controls></mc:Choice></mc:AlternateContent>"
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations count="1"><x14:dataValidation'
    ' type="list"><x14:formula1><xm:f>別紙!$A$1:$A$2</xm:f></x14:formula1><xm:sqref>C3</xm:sqref>'
    "</x14:dataValidation></x14:dataValidations></ext></extLst>"
)
ROOT = (
    f'<worksheet xmlns="{MAIN}" xmlns:r="{RELATIONS}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
    ' xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
)
EXCEL_CELLS = (
    '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c>'
    '<c r="B2"><f t="shared" ref="B2:B4" si="0">A2*2+$C$1</f><v>4</v></c></row>'
    '<row r="3"><c r="B3"><f t="shared" si="0"/><v>6</v></c><c r="C3" t="str"><f>"x"</f><v>x</v></c></row>'
    '<row r="4"><c r="B4"><f t="shared" si="0"/><v>8</v></c></row>'
)

STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill>'
    '<patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders><cellXfs count="1"><xf/></cellXfs><cellStyles count="0"/>'
    '<tableStyles count="0"/></styleSheet>'
)


def as_excel() -> dict[str, bytes | str]:
    """A form with a check box, furigana and shared formulas, as Excel writes it; its parts."""
    texts = strings("", "").replace(
        "<si><t></t></si><si><t></t></si>",
        '<si><t>児童</t><rPh sb="0" eb="2"><t>ジドウ</t></rPh><phoneticPr fontId="1"/></si>'
        '<si><r><t>太</t></r><r><rPr><b/></rPr><t xml:space="preserve">字 </t></r></si>',
    )
    parts = xlsx_parts([sheet(EXCEL_CELLS, AFTER_CELLS, ROOT), sheet()], strings=texts, styles=STYLES)
    parts["xl/drawings/vmlDrawing1.vml"] = CONTROL_DRAWING
    parts["xl/ctrlProps/ctrlProp1.xml"] = f'{DECLARATION}<formControlPr xmlns="http://x" objectType="CheckBox"/>'
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'{DECLARATION}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>'
        f'<Relationship Id="rId2" Type="{RELATIONS}/ctrlProp" Target="../ctrlProps/ctrlProp1.xml"/></Relationships>'
    )
    parts["[Content_Types].xml"] = str(parts["[Content_Types].xml"]).replace(
        "<Override",
        '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override',
    )
    return parts
