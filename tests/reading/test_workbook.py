"""What a workbook holds comes out as it is stored: values, formulas, what was never calculated, merged, hidden."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.forms.grid import Area, Cell, Grid, Scalar, Sheet
from syncd.reading import Limits
from syncd.reading.contents import grid
from syncd.reading.sheets import Around, around_of, cells_of, is_usual, parsed, row_of, unescaped, usual
from tests.reading import making as m
from tests.reading.conftest import Saved
from tests.reading.office import saved_again
from tests.reading.returned import as_excel


@pytest.fixture
def sheet(tmp_path: Path) -> Callable[..., Sheet]:
    """A workbook's bytes → its first sheet."""

    def first(data: bytes, kind: str = "xlsx") -> Sheet:
        (tmp_path / "book").write_bytes(data)
        return grid(tmp_path / "book", kind, Limits()).sheets[0]

    return first


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("<v>12</v>", 12),
        ("<v>012</v>", 12),
        ("<v>-3.0</v>", -3),
        ("<v>0.30000000000000004</v>", Decimal("0.3")),
        ("<v>12.000000000000002</v>", 12),
        ("<v>1E-3</v>", Decimal("0.001")),
        ("<v>1e21</v>", Decimal("1e21")),
        ("<v>1e999</v>", "inf"),
        ('t="n"><v>5</v>', 5),
        ('t="b"><v>1</v>', True),
        ('t="b"><v>0</v>', False),
        ('t="e"><v>#REF!</v>', "#REF!"),
        ('t="str"><f>A9</f><v>a &amp;&#x3042;_x000D_&lt;b&gt;</v>', "a &あ\n<b>"),
        ('t="str"><f>A9</f><v></v>', ""),
        ('t="d"><v>2026-10-01</v>', date(2026, 10, 1)),
        ('t="d"><v>2026-10-01T09:30:00Z</v>', datetime(2026, 10, 1, 9, 30)),
        ('t="inlineStr"><is><t>施設</t></is>', "施設"),
        ('t="inlineStr"><is><r><t>施</t></r><rPh sb="0" eb="1"><t>シ</t></rPh><r><t>設</t></r></is>', "施設"),
        ('t="s"><v>0</v>', "児童"),
        ('s="1"><v>45931</v>', date(2025, 10, 1)),
        ('s="2"><v>45931.375</v>', datetime(2025, 10, 1, 9, 0)),
        ('s="2"><v>45931.99999999</v>', date(2025, 10, 2)),
        ('s="3"><v>0.5</v>', time(12, 0)),
        ('s="4"><v>1.25</v>', timedelta(hours=30)),
        ('s="5"><v>45931</v>', 45931),
        ('s="6"><v>45931</v>', 45931),
        ('s="7"><v>45931</v>', date(2025, 10, 1)),
        ('s="1"><v>1</v>', date(1900, 1, 1)),
        ('s="1"><v>59</v>', date(1900, 2, 28)),
        ('s="1"><v>61</v>', date(1900, 3, 1)),
        ('s="1"><v>-1</v>', -1),
        ('s="1"><v>2958465</v>', date(9999, 12, 31)),
    ],
)  # fmt: skip
def test_values_are_what_is_stored(sheet: Callable[..., Sheet], cell: str, value: Scalar) -> None:
    attributes, _, inside = cell.partition(">") if not cell.startswith("<") else ("", "", cell)
    formats = ("yyyy/m/d", "m/d h:mm", "h:mm", "[h]:mm", "0&quot;日分&quot;", "[Red]#,##0", "[$-411]ggge年m月d日;@")
    found = sheet(
        m.xlsx(
            f'<row r="2"><c r="B2" {attributes}>{inside}</c></row>',
            strings=m.strings("児童"),
            styles=m.styles(*formats),
        )
    )
    assert found.cells[2, 2].value == value
    assert type(found.cells[2, 2].value) is type(value)
    assert list(found.cells) == [(2, 2)]


def test_days_are_counted_from_1904_where_the_workbook_says_so(sheet: Callable[..., Sheet]) -> None:
    parts = m.xlsx_parts([m.sheet('<row r="1"><c r="A1" s="1"><v>1</v></c></row>')], styles=m.styles("yyyy/m/d"))
    parts["xl/workbook.xml"] = str(parts["xl/workbook.xml"]).replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert sheet(m.zipped(parts)).cells[1, 1].value == date(1904, 1, 2)


def test_a_formula_that_was_never_calculated_has_no_value(sheet: Callable[..., Sheet]) -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = "=SUM(B3:B9)"  # type: ignore[index]
    target = io.BytesIO()
    book.save(target)
    assert sheet(target.getvalue()).cells == {(2, 2): Cell(None, "SUM(B3:B9)")}


def test_shared_formulas_and_furigana_are_read_as_excel_writes_them(sheet: Callable[..., Sheet]) -> None:
    found = sheet(m.zipped(as_excel()))
    assert [found.cells[row, 2] for row in (2, 3, 4)] == [
        Cell(4, "A2*2+$C$1"), Cell(6, "A3*2+$C$1"), Cell(8, "A4*2+$C$1")
    ]  # fmt: skip
    assert [found.cells[row, 1].value for row in (1, 2)] == ["児童", "太字 "]
    assert found.cells[3, 3] == Cell("x", '"x"')
    assert found.merged == (Area(1, 1, 1, 2),)


def test_hidden_sheets_and_their_order_are_told(tmp_path: Path) -> None:
    parts = m.xlsx_parts([m.sheet(), m.sheet(), m.sheet()])
    book = str(parts["xl/workbook.xml"])
    parts["xl/workbook.xml"] = book.replace('sheetId="2"', 'sheetId="2" state="hidden"').replace(
        'sheetId="3"', 'sheetId="3" state="veryHidden"'
    )
    (tmp_path / "book").write_bytes(m.zipped(parts))
    found = grid(tmp_path / "book", "xlsx", Limits())
    assert [(each.name, each.hidden) for each in found.sheets] == [("表1", False), ("表2", True), ("表3", True)]


def test_cells_far_apart_cost_nothing(sheet: Callable[..., Sheet]) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert sheet(m.xlsx(far)).cells == {(1, 1): Cell(1), (1_048_576, 16_384): Cell(2)}


def test_a_large_sheet_is_read_piece_by_piece(sheet: Callable[..., Sheet]) -> None:
    row = '<row><c s="1" q="' + "x" * 1000 + '"><v>7</v></c></row>'
    found = sheet(m.zipped(m.xlsx_parts([m.sheet(row * 25_000)]), 0))
    assert len(found.cells) == 25_000
    assert found.cells[25_000, 1] == Cell(7)


# --- two ways to take a sheet apart ---

TEXT = st.text(st.sampled_from("ab12 <>&\"'あ\n_x000D_"), max_size=8)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@st.composite
def written_cells(draw: st.DrawFn) -> str:
    """A cell as one program or another writes it."""
    given = []
    if draw(st.booleans()):
        given.append(f'r="{draw(st.sampled_from(["A", "B", "XFD"]))}{draw(st.integers(1, 9))}"')
    if draw(st.booleans()):
        given.append(f's="{draw(st.integers(0, 3))}"')
    if draw(st.booleans()):
        given.append(f'x:odd="{escaped(draw(TEXT))}"')
    kind = draw(st.sampled_from(["", "n", "str", "inlineStr"]))
    if kind:
        given.append(f't="{kind}"')
    head = "<c " + " ".join(draw(st.permutations(given))) if given else "<c"
    body = draw(st.sampled_from(["", "<f>A1+1</f>", '<f t="shared" si="0">B1</f>', '<f t="shared" si="0"/>', "<f/>"]))
    if kind == "inlineStr":
        body += f"<is><t>{escaped(draw(TEXT))}</t></is>"
    else:
        text = escaped(draw(TEXT)) if kind == "str" else str(draw(st.integers(0, 99)))
        body += draw(st.sampled_from(["", "<v/>", "<v></v>", f"<v>{text}</v>"]))
    body += draw(st.sampled_from(["", "", "<extLst><ext><v>9</v></ext></extLst>", "<!-- <c/> -->"]))
    return head + (f">{body}</c>" if body or draw(st.booleans()) else "/>")


@settings(max_examples=60)
@given(rows=st.lists(st.lists(written_cells(), max_size=5), max_size=4), numbered=st.booleans())
def test_the_pattern_and_the_parser_find_the_same(rows: list[list[str]], numbered: bool) -> None:
    cells = "".join(
        (f'<row r="{number}"{hidden}>' if numbered else f"<row{hidden}>") + "".join(row) + "</row>"
        for number, row in enumerate(rows, 1)
        for hidden in (("", ' hidden="1"', ' ht="0"', ' hidden="0" ht="15"')[number % 4],)
    )
    before = (
        '<sheetViews><sheetView showZeros="0"/></sheetViews><sheetFormatPr defaultColWidth="2.5"/>'
        '<cols><col min="2" max="3" width="4"/><col min="5" max="5" hidden="1"/></cols>'
    )
    merged = '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells>'
    part = m.sheet(cells, merged, f'<worksheet xmlns="{m.MAIN}" xmlns:x="urn:x">{before}')
    by_parser = Around()
    expected = list(parsed([part.encode()], by_parser))
    assert is_usual(part) == ("<!" not in part)
    if not is_usual(part):
        return
    found = list(usual(part))
    whole = sum(1 for raw in found if raw[0]) == cells_of(part)
    assert whole or "<extLst>" in part, "an ordinary sheet was left to the parser"
    if whole:
        assert [_plain(raw) for raw in found] == [_plain(raw) for raw in expected]
        assert around_of(part) == by_parser == Around(["A1:B2"], [(5, 5)], 2.5, {2: 4.0, 3: 4.0}, zeros=False)


def _plain(raw: tuple[str | None, ...]) -> tuple[object, ...]:
    """What both ways must agree on: not how an empty value is written, nor how a character."""
    cell, letters, digits, style, kind, given, formula, none, value, inline, line = raw
    texts = [None if text is None else unescaped(text) for text in (formula or None, "" if none else value, inline)]
    formula_given = (given or "").split() if given is not None else None
    return cell, letters, digits, style, kind, formula_given, *texts, row_of(line or "")


@given(
    values=st.lists(
        st.one_of(
            st.integers(-(10**14), 10**14),
            st.floats(allow_nan=False, allow_infinity=False, width=32),
            st.booleans(),
            st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=9).filter(
                lambda text: not text.startswith("=") and "_x" not in text
            ),
            st.datetimes(datetime(1901, 1, 1), datetime(2099, 1, 1)).map(lambda at: at.replace(microsecond=0)),
            st.dates(date(1901, 1, 1), date(2099, 1, 1)),
        ),
        max_size=12,
    )
)
@settings(max_examples=25)
def test_what_openpyxl_writes_comes_back(values: list[Scalar]) -> None:
    book = openpyxl.Workbook()
    for row, value in enumerate(values, 1):
        book.active.cell(row, 2).value = value  # type: ignore[union-attr]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book"
        book.save(path)
        (found,) = grid(path, "xlsx", Limits()).sheets
    for row, value in enumerate(values, 1):
        read = found.cells[row, 2].value
        if isinstance(value, datetime):
            assert read == (value.date() if value.time() == time() else value)
        elif isinstance(value, float):
            assert float(read) == pytest.approx(value, rel=1e-14)
        else:
            assert (read, type(read)) == (value, type(value))


# --- other programs, other formats ------------------------------------------------------------------------------------


def test_xls_of_libreoffice_holds_what_the_form_held(resaved: Saved) -> None:
    found = grid(resaved.old, "xls", Limits())
    assert [(each.name, each.hidden) for each in found.sheets][:2] == [("在籍", False), ("別紙", False)]
    assert [each.name for each in found.sheets if each.hidden] == ["設定"]
    top = {spot: cell.value for spot, cell in found.sheets[0].cells.items()}
    assert [top[spot] for spot in ((1, 1), (2, 3), (3, 3), (8, 3), (14, 3), (15, 1), (15, 2), (15, 3))] == [
        "在籍児童数報告書", "ひまわり保育園", date(2025, 10, 1), 5, 45, True, Decimal("0.3"), "1",
    ]  # fmt: skip


@pytest.mark.campaign
def test_ods_of_libreoffice_holds_what_the_form_held(resaved: Saved, tmp_path: Path) -> None:
    saved_again([resaved.form], "ods", tmp_path, tmp_path / "profile")
    found = grid(tmp_path / "form.ods", "ods", Limits())
    assert [each.name for each in found.sheets if each.hidden] == ["設定"]
    assert found.sheets[0].cells[14, 3].value == 45
    assert found.sheets[0].cells[3, 3].value == date(2025, 10, 1)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ('合計,"1,234"\r\n,"改\r\n行"\r\n', {(1, 1): "合計", (1, 2): "1,234", (2, 2): "改\r\n行"}),
        ("012\t3\n", {(1, 1): "012", (1, 2): "3"}),
        ("", {}),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_csv_is_read_as_written(tmp_path: Path, encoding: str, text: str, cells: dict[tuple[int, int], str]) -> None:
    (tmp_path / "table").write_bytes(text.encode(encoding))
    found = grid(tmp_path / "table", "csv", Limits())
    assert found == Grid((Sheet("", {spot: Cell(value) for spot, value in cells.items()}),))
