"""What people see in a workbook is read, and nothing else, whichever program wrote it and in which kind of file.

The right answers are known because each label is written together with what stands beside it and how that looks.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Border, Color, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from syncd.forms.fact import Fact
from syncd.reading import Reader
from tests.reading.office import saved_again

Right = dict[str, object]
THIN = Side(style="thin")


def put(sheet: Worksheet, row: int, label: str, value: int, font: Font | None = None, **look: object) -> None:
    sheet.cell(row, 1, label)
    cell = sheet.cell(row, 2, value)
    if font:
        cell.font = font
    for name, how in look.items():
        setattr(cell, name, how)


def form(path: Path) -> Right:
    """Writes a workbook and says what is right to read beside each label: None where nobody sees a value."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "様式"
    right: Right = {}

    def field(label: str, value: int, expected: object, font: Font | None = None, **look: object) -> None:
        put(sheet, sheet.max_row + 2, label, value, font, **look)
        right[label] = expected

    white = Font(color="FFFFFFFF")
    field("白い数", 11, None, white)
    field("題の白", 12, None, Font(color=Color(theme=0)))
    field("番号の白", 13, None, Font(color=Color(indexed=9)))
    field("ほぼ白", 14, None, Font(color="FFFDFDFD"))
    field("青に青", 15, None, Font(color="FF4472C4"), fill=PatternFill("solid", fgColor="FF4472C4"))
    field("青に白", 16, 16, white, fill=PatternFill("solid", fgColor="FF1F4E79"))
    field("灰色", 17, 17, Font(color="FF808080"))
    field("黒", 18, 18, Font(color=Color(theme=1)))
    field("見せない書式", 19, None, number_format=";;;")
    field("零を見せない", 0, None, number_format="#,##0;-#,##0;")
    field("零でない", 20, 20, number_format="#,##0;-#,##0;")
    field("負を見せない", -21, None, number_format="#,##0;;0")
    field("単位つき", 22, 22, number_format='#,##0"人"')
    field("赤い負", -23, -23, number_format="#,##0;[Red]-#,##0")
    field("引用の空", 24, None, number_format='"";"";"";""')
    sheet.cell(sheet.max_row + 2, 1, CellRichText("支出額", TextBlock(InlineFont(vertAlign="superscript"), "2")))
    sheet.cell(sheet.max_row, 2, 25)
    right["支出額"] = 25
    for label, value, hidden in (("隠れた行", 31, True), ("隠れた行", 32, False), ("低い行", 33, None)):
        put(sheet, sheet.max_row + 2, label, value)
        if hidden:
            sheet.row_dimensions[sheet.max_row].hidden = True
        if hidden is None:
            sheet.row_dimensions[sheet.max_row].hidden = True
            sheet.row_dimensions[sheet.max_row].height = 0.0
    right |= {"隠れた行": 32, "低い行": "missing"}
    row = sheet.max_row + 2
    sheet.cell(row, 4, "隠れた列")
    sheet.cell(row, 5, 41)
    sheet.cell(row, 6, 42)
    sheet.column_dimensions["E"].hidden = True
    right["隠れた列"] = 42
    for at, sign in enumerate("4081", 8):
        cell = sheet.cell(row + 2, at, int(sign))
        cell.border = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
        sheet.column_dimensions["HIJK"[at - 8]].width = 2.5
    sheet.cell(row + 2, 7, "口座番号")
    right["口座番号"] = "4081"
    for state in ("hidden", "veryHidden"):
        other = book.create_sheet(f"計算{state}")
        put(other, 1, "黒", 99)
        other.sheet_state = state
    example = book.create_sheet("様式（記入例）")
    put(example, 1, "黒", 98)
    book.save(path)
    return right


FACTS = {"口座番号": "text"}


def found(reader: Reader, path: Path, right: Right) -> Right:
    facts = [Fact(f"f{n}", FACTS.get(label, "int"), (label,), where="right") for n, label in enumerate(right)]  # type: ignore[arg-type]
    reading = reader.read(path, path.name, facts)
    assert not reading.trouble, reading
    values = [reading.facts[fact.name] for fact in facts]
    return {
        label: value.one if value.state == "found" else "missing" if value.state == "missing" else None
        for label, value in zip(right, values, strict=True)
    }


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Right]]:
    folder = tmp_path_factory.mktemp("seen")
    right = form(folder / "form.xlsx")
    made: dict[str, Path] = {"xlsx": folder / "form.xlsx"}

    def saved(kind: str) -> tuple[Path, Right]:
        if kind not in made:
            made[kind] = folder / kind / f"form.{kind.rpartition('-')[2]}"
            made[kind].parent.mkdir()
            saved_again([made["xlsx"]], kind.rpartition("-")[2], made[kind].parent, folder / "profile")
        return made[kind], right

    return saved


@pytest.mark.parametrize("kind", ["xlsx", "office-xlsx", "xls", "ods"])
def test_only_what_is_seen_is_read(reader: Reader, forms: Callable[[str], tuple[Path, Right]], kind: str) -> None:
    path, right = forms(kind)
    assert found(reader, path, right) == right
