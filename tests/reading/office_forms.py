"""Forms as sheets of one workbook, for LibreOffice to print: a page each, with right values known by construction."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from syncd.forms.fact import Column, Fact

Right = str | int | None
_LABELS: Final = ("請求金額", "交付申請額", "支出額", "在籍児童数", "定員", "職員数", "返還額", "処遇改善等加算の額")
_TEXTS: Final = ("施設名", "代表者名", "所在地")
_WORDS: Final = ("ひまわり保育園", "第二つくし園", "新宿区歌舞伎町一丁目４番１号", "山田　花子", "青空こども園 分園")
_HEADINGS: Final = ("人数", "前月額", "当月額", "差額", "単価", "処遇改善等加算")
_ITEMS: Final = ("基本分", "加算分", "調整分", "処遇改善", "賃借料", "栄養管理", "休日保育", "施設機能強化推進費加算")
_FORMATS: Final = ("General", "#,##0", '#,##0"円"', "¥#,##0", "0")
_LINE: Final = Side(style="thin")
_BOX: Final = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


@dataclass(slots=True)
class OfficeForm:
    """What must be read of one sheet."""

    facts: list[Fact] = field(default_factory=list)
    right: dict[str, Right] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Right]]] = field(default_factory=dict)


def workbook(path: Path, seed: int, count: int) -> list[OfficeForm]:
    """Saves so many forms as sheets."""
    numbers = random.Random(f"office {seed}")
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    forms = [_form(book.create_sheet(f"様式{number}"), numbers) for number in range(count)]
    book.save(path)
    return forms


def _form(sheet: Worksheet, numbers: random.Random) -> OfficeForm:
    form = OfficeForm()
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 1
    sheet.page_setup.orientation = numbers.choice(("portrait", "landscape"))
    ruled = numbers.random() < 0.6
    for column in range(1, 9):
        sheet.column_dimensions[get_column_letter(column)].width = numbers.uniform(9, 18)
    sheet["B1"] = "運営費請求書"
    sheet["B1"].font = Font(size=16)
    row = 3
    for label in numbers.sample(_LABELS, 4) + numbers.sample(_TEXTS, 2):
        row = _field(sheet, form, numbers, row, label, ruled=ruled)
    _table(sheet, form, numbers, row + 2, ruled=ruled)
    return form


def _field(sheet: Worksheet, form: OfficeForm, numbers: random.Random, row: int, label: str, *, ruled: bool) -> int:
    """A label with its value right of it, both perhaps over several columns."""
    text = label in _TEXTS
    wide = 2 if len(label) > 5 else numbers.choice((1, 2))
    span = 3 if text else numbers.choice((1, 2))
    first, last = 1 + wide, wide + span
    sheet.cell(row, 1, label)
    value: Right = None
    if numbers.random() < 0.8:
        value = numbers.choice(_WORDS) if text else numbers.randrange(1, 9_999_999)
        cell = sheet.cell(row, first, value)
        cell.number_format = "General" if text else numbers.choice(_FORMATS)
        cell.alignment = Alignment(horizontal=numbers.choice((None, "center", "left", "right")), shrink_to_fit=True)
    for begin, end in ((1, wide), (first, last)):
        if end > begin:
            sheet.merge_cells(start_row=row, start_column=begin, end_row=row, end_column=end)
    if ruled:
        for column in range(1, last + 1):
            sheet.cell(row, column).border = _BOX
    if numbers.random() < 0.3:
        sheet.cell(row, 1).fill = PatternFill("solid", fgColor=numbers.choice(("DDEEFF", "FFF2CC", "1F4E78")))
        if sheet.cell(row, 1).fill.fgColor.rgb.endswith("1F4E78"):
            sheet.cell(row, 1).font = Font(color="FFFFFF")
    name = f"f{len(form.facts)}"
    form.facts.append(Fact(name, "text" if text else "amount", labels=(label,)))
    form.right[name] = value
    return row + numbers.choice((1, 1, 2))


def _table(sheet: Worksheet, form: OfficeForm, numbers: random.Random, row: int, *, ruled: bool) -> None:
    headings = numbers.sample(_HEADINGS, numbers.randrange(2, 5))
    align = numbers.choice((None, "center"))
    rows: list[dict[str, Right]] = []
    for column, heading in enumerate(("項目", *headings), 1):
        cell = sheet.cell(row, column, heading)
        cell.alignment = Alignment(horizontal=align, wrap_text=True, vertical="center")
    vertical = numbers.choice((None, "center", "top"))
    items = numbers.sample(_ITEMS, numbers.randrange(2, 6))
    sheet.row_dimensions[row].height = 32
    for line, item in enumerate(items, row + 1):
        sheet.row_dimensions[line].height = 50 if len(item) > 6 else 15
        sheet.cell(line, 1, item).alignment = Alignment(wrap_text=True, vertical=vertical)
        found: dict[str, Right] = {"項目": item}
        for column, heading in enumerate(headings, 2):
            value = numbers.randrange(1, 99_999) if numbers.random() < 0.7 else None
            found[heading] = value
            if value is not None:
                cell = sheet.cell(line, column, value)
                cell.number_format = "#,##0"
                cell.alignment = Alignment(vertical="center")
        rows.append(found)
    if ruled:
        for line in range(row, row + len(items) + 1):
            for column in range(1, len(headings) + 2):
                sheet.cell(line, column).border = _BOX
    columns = (Column("項目", ("項目",), "text"), *(Column(each, (each,), "amount", True) for each in headings))
    name = f"f{len(form.facts)}"
    form.facts.append(Fact(name, columns=columns))
    form.rows[name] = rows
