"""What is a change of content is told, cell by cell; what saving alone changes is not."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation

from syncd.forms.fact import CellChange
from syncd.reading.comparison import MOST_CHANGES, differences
from syncd.reading.ooxml.choices import joined
from syncd.reading.ooxml.formula import canonical, filled
from tests.reading.conftest import Saved
from tests.reading.making import DECLARATION, MAIN, sheet, strings, xlsx, xlsx_parts, zipped
from tests.reading.returned import as_excel, form, saved, seal

Changed = Callable[[Callable[[Workbook], object]], tuple[CellChange, ...] | None]


def of_bytes(folder: Path, old: bytes, new: bytes, name: str = "在籍.xlsx") -> tuple[CellChange, ...] | None:
    before, after = folder / "old", folder / "new"
    before.write_bytes(old)
    after.write_bytes(new)
    return differences(before, after, name)


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """What differs between the form and the form after somebody did something to it."""

    def found(action: Callable[[Workbook], object]) -> tuple[CellChange, ...] | None:
        book = form()
        action(book)
        return differences(saved(form(), tmp_path / "old.xlsx"), saved(book, tmp_path / "new.xlsx"), "在籍.xlsx")

    return found


@pytest.mark.parametrize(
    "how", ["form", "marked", "by_openpyxl", "marked_by_openpyxl", "by_office", "marked_by_office"]
)
def test_saving_again_changes_nothing(resaved: Saved, how: str) -> None:
    assert differences(resaved.form, getattr(resaved, how), "在籍.xlsx") == ()
    assert differences(getattr(resaved, how), resaved.form, "在籍.xlsx") == ()


def looks(book: Workbook) -> None:
    top = book["在籍"]
    yellow = PatternFill("solid", bgColor="FFFF00")
    top["C8"].fill, top["C8"].font = PatternFill("solid", fgColor="FF0000"), Font(bold=True)
    top["C8"].number_format, top["C3"].number_format = "0.00%", "General"
    top["C8"].alignment, top["C8"].protection = Alignment(horizontal="center"), Protection(locked=False)
    top.column_dimensions["A"].width, top.row_dimensions[8].height = 40, 30
    top.column_dimensions["J"].hidden = True
    top.merge_cells("A1:B1")
    top.conditional_formatting.add("A1", FormulaRule(formula=["A1=1"], fill=yellow))  # type: ignore[no-untyped-call]


def settings(book: Workbook) -> None:
    top = book["在籍"]
    top.print_area, top.print_title_rows, top.freeze_panes = "A1:B2", "1:2", "B2"
    top.sheet_view.selection[0].activeCell = top.sheet_view.selection[0].sqref = "D4"
    top.page_setup.orientation, top.HeaderFooter.differentFirst = "landscape", True
    top.protection.sheet, top.auto_filter.ref = True, "A7:C13"
    book.active = 1
    book.properties.creator, book.properties.modified = "区役所", datetime(2026, 1, 1)
    book.calculation.fullCalcOnLoad = True


@pytest.mark.parametrize("action", [looks, settings])
def test_looks_and_settings_are_harmless(changed: Changed, action: Callable[[Workbook], object]) -> None:
    assert changed(action) == ()


def put(sheet_name: str, cell: str, value: object) -> Callable[[Workbook], object]:
    return lambda book: setattr(book[sheet_name][cell], "value", value)


@pytest.mark.parametrize(
    ("action", "change"),
    [
        (put("在籍", "C8", 6), CellChange("在籍", "C8", "5", "6")),
        (put("在籍", "C8", None), CellChange("在籍", "C8", "5", "")),
        (put("在籍", "Z99", "追記"), CellChange("在籍", "Z99", "", "追記")),
        (put("在籍", "C15", 1), CellChange("在籍", "C15", "1", "1")),
        (put("在籍", "A15", False), CellChange("在籍", "A15", "TRUE", "FALSE")),
        (put("在籍", "F15", "空白"), CellChange("在籍", "F15", " 空白 ", "空白")),
        (put("在籍", "C3", datetime(2025, 11, 1)), CellChange("在籍", "C3", "2025-10-01", "2025-11-01")),
        (put("在籍", "D4", time(9)), CellChange("在籍", "D4", "2025-10-01 09:30:15", "09:00")),
        (put("在籍", "C14", 45), CellChange("在籍", "C14", "=SUM(C8:C13)", "45")),
        (put("在籍", "C14", "=SUM(C8:C12)"), CellChange("在籍", "C14", "=SUM(C8:C13)", "=SUM(C8:C12)")),
        (put("在籍", "L14", "=1/4"), CellChange("在籍", "L14", "=1/3", "=1/4")),
        (put("設定", "A1", 70), CellChange("設定", "A1", "60", "70")),
        (put("別紙", "B3", "あ" * 999), CellChange("別紙", "B3", "3", "あ" * 199 + "…")),
    ],
)  # fmt: skip
def test_a_cell_is_told(changed: Changed, action: Callable[[Workbook], object], change: CellChange) -> None:
    assert changed(action) == (change,)


def pictures(book: Workbook) -> list[Image]:
    found: list[Image] = book["在籍"]._images  # type: ignore[attr-defined]
    return found


def other_seal(book: Workbook) -> None:
    pictures(book)[:] = [Image(seal("blue"))]


def no_seal(book: Workbook) -> None:
    pictures(book).clear()


def choice(book: Workbook) -> None:
    first = book["在籍"].data_validations.dataValidation[0]
    first.formula1 = '"有,無,不明"'


def fewer_cells(book: Workbook) -> None:
    choices = book["在籍"].data_validations.dataValidation
    choices[1] = DataValidation(type="whole", operator="between", formula1="0", formula2="100", sqref="C8:C12")


def order(book: Workbook) -> None:
    book.move_sheet("別紙", 1)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (lambda book: setattr(book["在籍"]["C9"].comment, "text", "了解"),
         [CellChange("在籍", "C9", "担当より:\n1歳の数を確認", "了解", "comment")]),
        (lambda book: setattr(book["在籍"]["C8"], "comment", Comment("直しました", "園")),
         [CellChange("在籍", "C8", "", "直しました", "comment")]),
        (other_seal, [CellChange("在籍", "", "1", "1", "picture")]),
        (no_seal, [CellChange("在籍", "", "1", "0", "picture")]),
        (choice, [CellChange("在籍", "B20 B22:B25", 'list "有,無"', "", "validation"),
                  CellChange("在籍", "B20 B22:B25", "", 'list "有,無,不明"', "validation")]),
        (fewer_cells, [CellChange("在籍", "C8:C13", "whole between 0 100", "", "validation"),
                       CellChange("在籍", "C8:C12", "", "whole between 0 100", "validation")]),
        (lambda book: setattr(book["設定"], "sheet_state", "visible"),
         [CellChange("設定", "", "hidden", "visible", "visibility")]),
        (lambda book: setattr(book["設定"], "sheet_state", "veryHidden"),
         [CellChange("設定", "", "hidden", "veryHidden", "visibility")]),
        (lambda book: setattr(book["別紙"], "title", "添付"), [CellChange("添付", "", "別紙", "添付", "sheet")]),
        (lambda book: book.create_sheet("新規"), [CellChange("新規", "", "", "新規", "sheet")]),
        (lambda book: book.remove(book["別紙"]), [CellChange("別紙", "", "別紙", "", "sheet")]),
        (order, [CellChange("", "", "在籍、別紙、別紙 1、設定", "在籍、別紙 1、別紙、設定", "order")]),
        (lambda book: setattr(book.defined_names["定員"], "value", "設定!$A$2"),
         [CellChange("", "定員", "設定!R1C1", "設定!R2C1", "name")]),
        (lambda book: setattr(book, "epoch", datetime(1904, 1, 1)), None),
    ],
)  # fmt: skip
def test_what_lies_beside_the_cells_is_told(
    changed: Changed, action: Callable[[Workbook], object], expected: list[CellChange] | None
) -> None:
    found = changed(action)
    assert found is not None
    if expected is None:
        assert CellChange("", "", "1900", "1904", "dates") in found
    else:
        assert list(found) == expected


def cell(inside: str, **attributes: str) -> str:
    given = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<row r="1"><c r="A1"{given}>{inside}</c></row>'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (cell("<is><t>児童</t></is>", t="inlineStr"), cell("<v>0</v>", t="s")),
        (cell("<is><r><t>児</t></r><r><rPr><b/></rPr><t>童</t></r></is>", t="inlineStr"), cell("<v>0</v>", t="s")),
        (cell("<is><t>児童</t><rPh sb='0' eb='2'><t>ジドウ</t></rPh></is>", t="inlineStr"), cell("<v>0</v>", t="s")),
        (cell("<is><t>a_x000D_&#10;b</t></is>", t="inlineStr"), cell("<is><t>a&#10;b</t></is>", t="inlineStr")),
        (cell("<v>0.30000000000000004</v>"), cell("<v>0.3</v>", t="n", s="3")),
        (cell("<v>1.23456789012346E+017</v>"), cell("<v>123456789012345680</v>")),
        (cell("<v>45931</v>"), cell("<v>2025-10-01T00:00:00</v>", t="d")),
        (cell("<f>SUM(B1:B2)</f><v>3</v>"), cell("<f aca='false'>sum( B1:B2 )</f>")),
        (cell("<f>TODAY()</f><v>45931</v>"), cell("<f ca='1'>TODAY()</f><v>45999</v>")),
        (cell("<v>1</v>", t="b"), cell("<f>TRUE()</f><v>1</v>", t="b")),
        (cell("<v>#N/A</v>", t="e"), cell("<v>#N/A</v>", t="e", s="1")),
        (
            cell("<v>1</v>"),
            '<row><c><v>1</v></c><c s="1"/><c t="s"/></row><row r="9"><c t="inlineStr"><is><t/></is></c></row>',
        ),
        (
            '<row><c r="A1"><f t="array" ref="A1:A2">B1:B2*2</f><v>1</v></c></row><row><c r="A2"><v>2</v></c></row>',
            '<row><c r="A1"><f t="array" ref="A1:A2">B1:B2*2</f></c></row><row><c r="A2"><v>5</v></c></row>',
        ),
    ],
)  # fmt: skip
def test_ways_to_write_the_same_are_the_same(tmp_path: Path, old: str, new: str) -> None:
    assert of_bytes(tmp_path, xlsx(old, strings=strings("児童")), xlsx(new, strings=strings("児童"))) == ()


@pytest.mark.parametrize(
    ("old", "new", "read"),
    [
        (cell("<v>1</v>"), cell("<is><t>1</t></is>", t="inlineStr"), ("1", "1")),
        (cell("<v>1</v>"), cell("<v>1</v>", t="b"), ("1", "TRUE")),
        (cell("<v>1</v>"), cell("<v>1.0000000001</v>"), ("1", "1.0000000001")),
        (cell("<v>#N/A</v>", t="e"), cell("<v>#REF!</v>", t="e"), ("#N/A", "#REF!")),
        (cell("<v>#N/A</v>", t="e"), cell("<is><t>#N/A</t></is>", t="inlineStr"), ("#N/A", "#N/A")),
        (cell("<f>$B$1</f><v>3</v>"), cell("<f>B1</f><v>3</v>"), ("=$B$1", "=B1")),
        (cell('<f>"A"&amp;B1</f>'), cell('<f>"a"&amp;B1</f>'), ('="A"&B1', '="a"&B1')),
    ],
)
def test_what_only_looks_the_same_is_not(tmp_path: Path, old: str, new: str, read: tuple[str, str]) -> None:
    assert of_bytes(tmp_path, xlsx(old), xlsx(new)) == (CellChange("表1", "A1", *read),)


def test_shared_formulas_are_their_cells_formulas(tmp_path: Path) -> None:
    shared = as_excel()
    expanded = dict(shared)
    expanded["xl/worksheets/sheet1.xml"] = (
        str(shared["xl/worksheets/sheet1.xml"])
        .replace('<f t="shared" ref="B2:B4" si="0">A2*2+$C$1</f>', "<f>A2*2+$C$1</f>")
        .replace('<c r="B3"><f t="shared" si="0"/>', '<c r="B3"><f>A3*2+$C$1</f>')
        .replace('<c r="B4"><f t="shared" si="0"/>', '<c r="B4"><f>A3*2+$C$1</f>')
    )
    assert of_bytes(tmp_path, zipped(shared), zipped(expanded)) == (
        CellChange("表1", "B4", "=A4*2+$C$1", "=A3*2+$C$1"),
    )


@pytest.mark.parametrize(
    ("part", "old", "new", "change"),
    [
        ("xl/ctrlProps/ctrlProp1.xml", "obj", 'checked="Checked" obj', CellChange("表1", "", "", "Checked", "tick")),
        ("xl/worksheets/sheet1.xml", "$A$2<", "$A$3<", None),
    ],
)  # fmt: skip
def test_ticks_and_newer_choices_are_content(
    tmp_path: Path, part: str, old: str, new: str, change: CellChange | None
) -> None:
    parts = as_excel()
    other = parts | {part: str(parts[part]).replace(old, new)}
    found = of_bytes(tmp_path, zipped(parts), zipped(other))
    assert found is not None
    if change:
        assert found == (change,)
    else:
        assert {(each.what, each.cell) for each in found} == {("validation", "C3")}


def test_prefixes_and_letter_case_of_parts_make_no_difference(tmp_path: Path) -> None:
    parts = xlsx_parts([sheet(cell("<f>1+1</f><v>2</v>"))])
    text = str(parts["xl/worksheets/sheet1.xml"])
    for name in ("worksheet", "sheetData", "row", "c", "f", "v"):
        text = text.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>")
        text = text.replace(f"</{name}>", f"</x:{name}>")
    prefixed = {key: value for key, value in parts.items() if "sheet1" not in key}
    prefixed["xl/Worksheets/Sheet1.xml"] = text.replace("xmlns=", "xmlns:x=")
    assert of_bytes(tmp_path, zipped(parts), zipped(dict(reversed(prefixed.items())))) == ()


def test_text_boxes_are_content(tmp_path: Path) -> None:
    def drawn(text: str) -> bytes:
        parts = as_excel()
        relations = "xl/worksheets/_rels/sheet1.xml.rels"
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
        parts[relations] = str(parts[relations]).replace(
            "</Relationships>",
            f'<Relationship Id="d" Type="{kind}" Target="/xl/drawings/drawing1.xml"/></Relationships>',
        )
        parts["xl/drawings/drawing1.xml"] = (
            f'{DECLARATION}<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:sp><xdr:txBody><a:p><a:r><a:t>{text[:2]}</a:t>'
            f"</a:r><a:r><a:t>{text[2:]}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>"
        )
        return zipped(parts)

    assert of_bytes(tmp_path, drawn("該当なし"), drawn("該当 なし")) == ()
    assert of_bytes(tmp_path, drawn("該当なし"), drawn("該当あり")) == (
        CellChange("表1", "", "該当なし", "該当あり", "text box"),
    )


def test_many_changes_are_counted(tmp_path: Path) -> None:
    def table(seed: int) -> bytes:
        values = random.Random(seed)
        rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{values.random()}</v></c></row>' for row in range(1, 701))
        return xlsx(rows)

    found = of_bytes(tmp_path, table(1), table(2))
    assert found is not None
    assert len(found) == MOST_CHANGES + 1
    assert found[-1] == CellChange("", "", "", "200", "more")


def test_old_workbooks_are_compared_by_values(resaved: Saved, tmp_path: Path) -> None:
    assert differences(resaved.old, resaved.old, "在籍.xls") == ()
    assert differences(resaved.by_office, resaved.old, "在籍.xls") == (CellChange("", "", "xlsx", "xls", "format"),)
    content = resaved.old.read_bytes()
    name = "ひまわり保育園".encode("utf-16-le")
    assert content.count(name) == 1
    other = of_bytes(tmp_path, content, content.replace(name, "すみれのき保育園".encode("utf-16-le")[: len(name)]))
    assert other == (CellChange("在籍", "C2", "ひまわり保育園", "すみれのき保育"),)
    remark = "歳の数を確認".encode("utf-16-le")
    assert content.count(remark) == 1
    other = of_bytes(tmp_path, content, content.replace(remark, "歳の数を訂正".encode("utf-16-le")))
    assert other == (CellChange("", "", "担当より:1歳の数を確認", "担当より:1歳の数を訂正", "text box"),)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a,b\r\n1,2\r\n", '"a","b"\n1,2', ()),
        ("児童,1\n", "児童,1,,\n\n", ()),
        ("012,0.30\n", "12,0.3\n", (("A1", "012", "12"), ("B1", "0.30", "0.3"))),
        ('"あ\r\nい"\n', '"あ\nい"\n', ()),
        ("a,b\n", "a,b\nc\n", (("A2", "", "c"),)),
        ("a\tb\n", "a\tc\n", (("B1", "b", "c"),)),
    ],
)
def test_csv_is_compared_by_its_cells(
    tmp_path: Path, old: str, new: str, expected: tuple[tuple[str, str, str], ...]
) -> None:
    changes = tuple(CellChange("", *change) for change in expected)
    for before in ("cp932", "utf-8-sig", "utf-16"):
        assert of_bytes(tmp_path, old.encode(before), new.encode(), "表.CSV") == changes


XLSX = xlsx()
DOCTYPE = str(sheet()).replace("<worksheet", '<!DOCTYPE w [<!ENTITY a "b">]><worksheet')


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"PK\x03\x04",
        XLSX[:-30],
        b"%PDF-1.7 not a workbook",
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
        zipped({"a.txt": "x"}),
        zipped({**xlsx_parts(), "XL/workbook.xml": "<x/>"}),
        zipped(xlsx_parts([DOCTYPE])),
        zipped(xlsx_parts([sheet().replace("</row>", "")])),
        zipped(xlsx_parts([sheet('<row r="1"><c r="XFE1"><v>1</v></c></row>')])),
        zipped(xlsx_parts([sheet(cell("<v>99</v>", t="s"))], strings=strings("a"))),
        zipped(xlsx_parts([sheet(cell("<v>eins</v>"))])),
        zipped(xlsx_parts([f"{DECLARATION}<worksheet xmlns='{MAIN}'>" + " " * (65 << 20) + "</worksheet>"])),
    ],
    ids=lambda content: str(len(content)),
)
def test_what_can_not_be_read_can_not_be_compared(tmp_path: Path, other: bytes) -> None:
    assert of_bytes(tmp_path, XLSX, other) is None
    assert of_bytes(tmp_path, other, XLSX) is None


def test_damage_anywhere_is_no_accident(tmp_path: Path, resaved: Saved) -> None:
    good = resaved.form.read_bytes()
    values = random.Random(7)
    for _ in range(60):
        bad = bytearray(good)
        for _ in range(values.randint(1, 20)):
            bad[values.randrange(len(bad))] = values.randrange(256)
        found = of_bytes(tmp_path, good, bytes(bad))
        assert found is None or isinstance(found, tuple)


REFERENCES = st.sampled_from(
    ["A1", "$B$2", "C$3:D4", "Sheet1!E5", "'別 紙'!F6", "SUM(G:H)", "1:2", '"A1"', "LOG10(3)", "定員"]
)


@given(st.lists(REFERENCES, min_size=1, max_size=4), st.integers(0, 50), st.integers(0, 20))
def test_a_formula_filled_down_means_the_same(parts: list[str], rows: int, columns: int) -> None:
    formula = "+".join(parts)
    assert canonical(filled(formula, rows, columns), 10 + rows, 5 + columns) == canonical(formula, 10, 5)


@pytest.mark.parametrize(
    ("areas", "written"),
    [
        (["B20 B22:B25"], "B20 B22:B25"),
        (["B22:B23", "B24:B25 B20"], "B20 B22:B25"),
        (["A1:B2", "C1:C2"], "A1:C2"),
        (["A1", "C1"], "A1 C1"),
        (["$D:$D"], "D1:D1048576"),
        (["?2 A1"], "?2 A1"),
    ],
)
def test_cells_are_named_in_one_way(areas: list[str], written: str) -> None:
    assert joined(areas) == written
