"""ods workbooks as any program writes them: pretty-printed, with repeated and covered cells, with other prefixes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest

from syncd.forms.fact import Fact
from syncd.forms.grid import Area, Grid
from syncd.reading.limits import Limits, Refused
from syncd.reading.opendocument import workbook
from tests.reading import making as m
from tests.reading.conftest import Read

SPACES = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
    for name in ("office", "table", "text", "style", "drawing")
} | {"fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"}


def ods(rows: str, *, columns: str = "", styles: str = "", pretty: Random | None = None, prefix: str = "") -> bytes:
    """A workbook with one sheet; `pretty`: with white space wherever it may stand; `prefix`: before all prefixes."""
    spaces = "".join(f' xmlns:{name}="{space}"' for name, space in SPACES.items())
    content = (
        f"<office:document-content{spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f'<office:spreadsheet><table:table table:name="様式">{columns}{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    if pretty is not None:
        parts = re.split(r"(?<=>)(?=<)", content)
        content = "".join(part + pretty.choice(("\n", "\n    ", "\t", " ")) for part in parts)
    if prefix:
        content = re.sub(r"(?<=[</ ])(office|table|text|style|drawing|fo)(?=:)", rf"{prefix}\1", content)
        content = re.sub(r" xmlns:(?=\w+=)", f" xmlns:{prefix}", content)
    return m.zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": content,
        }
    )


def cell(value: object, more: str = "") -> str:
    match value:
        case None:
            return f"<table:table-cell{more}/>"
        case bool():
            kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
        case int() | float():
            kind = f'office:value-type="float" office:value="{value}"'
        case datetime():
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case date():
            kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case time():
            kind = f'office:value-type="time" office:time-value="PT{value.hour:02}H{value.minute:02}M00S"'
        case timedelta():
            kind = f'office:value-type="time" office:time-value="PT{round(value.total_seconds()) // 60}M"'
        case _:
            kind = 'office:value-type="string"'
    shown = str(value).replace("  ", ' <text:s text:c="1"/>')
    return f"<table:table-cell {kind}{more}><text:p>{shown}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def opened(data: bytes, folder: Path) -> Grid:
    (folder / "a.ods").write_bytes(data)
    return workbook.grid(folder / "a.ods", Limits())


VALUES: list[object] = [
    "合計", "二  つの間", 62, 1.5, -3, True, date(2025, 10, 1), datetime(2025, 10, 1, 9, 30), time(7, 15),
    timedelta(hours=172, minutes=30), None, None,
]  # fmt: skip


def test_all_writers(tmp_path: Path) -> None:
    for seed in range(80):
        rng = Random(seed)
        right: dict[tuple[int, int], object] = {}
        rows, at = "", 1
        for _ in range(rng.randint(1, 8)):
            high = rng.choice((1, 1, 1, 2, 3))
            cells, column = "", 1
            for _ in range(rng.randint(1, 6)):
                value, wide = rng.choice(VALUES), rng.choice((1, 1, 1, 2, 4))
                repeated = f' table:number-columns-repeated="{wide}"' if wide > 1 else ""
                cells += cell(value, repeated)
                if value is not None:
                    right |= {(at + down, column + on): value for down in range(high) for on in range(wide)}
                column += wide
            cells += cell(None, f' table:number-columns-repeated="{16_384 - column + 1}"')
            rows += row(cells, more=f' table:number-rows-repeated="{high}"' if high > 1 else "")
            at += high
        rows += row(cell(None, ' table:number-columns-repeated="16384"'), more=' table:number-rows-repeated="1048000"')
        pretty = rng if rng.random() < 0.7 else None
        (sheet,) = opened(ods(rows, pretty=pretty, prefix=rng.choice(("", "", "x"))), tmp_path).sheets
        found = {spot: each.value for spot, each in sheet.cells.items()}
        assert found.keys() == right.keys(), seed
        for spot, value in right.items():
            got = found[spot]
            assert got == value or (isinstance(value, float) and float(str(got)) == value), (seed, spot, got, value)


def test_texts_as_they_read(tmp_path: Path) -> None:
    rich = (
        "<table:table-cell><office:annotation><text:p>コメント</text:p></office:annotation><text:p>一行目<text:line-break/>"
        '二<text:span>行</text:span>目</text:p>\n   <text:p> 三<text:s/><text:s text:c="2"/>四\n   五 </text:p>'
        "<drawing:frame><text:p>図</text:p></drawing:frame></table:table-cell>"
    )
    (sheet,) = opened(ods(row(rich)), tmp_path).sheets
    assert sheet.cells[1, 1].value == "一行目\n二行目\n三   四 五"


def test_merged_and_covered_cells(tmp_path: Path) -> None:
    spans = ' table:number-columns-spanned="2" table:number-rows-spanned="2"'
    covered = '<table:covered-table-cell office:value-type="float" office:value="99"/>'
    rows = row(cell("合計", spans), covered, cell(62)) + row(f"{covered}{covered}", cell(5))
    (sheet,) = opened(ods(rows, pretty=Random(1)), tmp_path).sheets
    assert sheet.merged == (Area(1, 1, 2, 2),)
    assert {spot: each.value for spot, each in sheet.cells.items()} == {(1, 1): "合計", (1, 3): 62, (2, 3): 5}


def test_hidden_and_filtered_rows_columns_and_groups(tmp_path: Path) -> None:
    rows = row(cell(1), more=' table:visibility="collapse"') + row(cell(2), more=' table:visibility="filter"')
    rows += f'<table:table-row-group table:display="false">{row(cell(3))}</table:table-row-group>{row(cell(4))}'
    columns = (
        '<table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="3"/>'
    )
    (sheet,) = opened(ods(rows, columns=columns, pretty=Random(2)), tmp_path).sheets
    assert sheet.layout.rows == ((1, 1), (2, 2), (3, 3)) and sheet.layout.columns == ((3, 5),)


def white(name: str, *, ground: str = "", parent: str = "") -> str:
    above = f' style:parent-style-name="{parent}"' if parent else ""
    back = f'<style:table-cell-properties fo:background-color="{ground}"/>' if ground else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell"{above}>{back}'
        '<style:text-properties fo:color="#ffffff"/></style:style>'
    )


def unseen() -> Iterator[tuple[str, str, str, bool]]:
    yield white("a"), "", ' table:style-name="a"', True
    yield white("a", ground="#1f4e79"), "", ' table:style-name="a"', False
    yield white("a", ground="transparent"), "", ' table:style-name="a"', True
    child = '<style:style style:name="b" style:family="table-cell" style:parent-style-name="a"/>'
    yield white("a") + child, "", ' table:style-name="b"', True
    yield white("a"), '<table:table-column/><table:table-column table:default-cell-style-name="a"/>', "", True
    yield "", "", "", False


@pytest.mark.parametrize(("styles", "columns", "more", "is_unseen"), list(unseen()))
def test_text_in_the_colour_of_the_paper(read: Read, styles: str, columns: str, more: str, is_unseen: bool) -> None:
    data = ods(row(cell("合計"), cell(62, more)), styles=styles, columns=columns)
    found = read(data, "a.ods", Fact("x", "int", ("合計",))).facts["x"]
    assert (found.state, found.one) == (("blank", None) if is_unseen else ("found", 62))


def test_a_value_that_its_format_shows_as_nothing(read: Read) -> None:
    nothing = '<table:table-cell office:value-type="float" office:value="19"><text:p/></table:table-cell>'
    bare = '<table:table-cell office:value-type="float" office:value="19"/>'
    fact = Fact("x", "int", ("合計",))
    assert read(ods(row(cell("合計"), nothing)), "a.ods", fact).facts["x"].state == "blank"
    assert read(ods(row(cell("合計"), bare)), "a.ods", fact).facts["x"].one == 19


def test_raised_numbers_are_footnotes(read: Read) -> None:
    styles = '<style:style style:name="T" style:family="text"><style:text-properties style:text-position="super 58%"/>'
    label = '<table:table-cell><text:p>支出額<text:span text:style-name="T">2</text:span></text:p></table:table-cell>'
    found = read(ods(row(label, cell(25)), styles=styles + "</style:style>"), "a.ods", Fact("x", "int", ("支出額",)))
    assert found.facts["x"].one == 25


def test_a_formula_that_was_never_calculated(read: Read) -> None:
    formula = '<table:table-cell table:formula="of:=SUM([.A1:.A3])"/>'
    found = read(ods(row(cell("合計"), formula)), "a.ods", Fact("x", "int", ("合計",)))
    assert found.facts["x"].state == "uncalculated"


def test_damage_is_refused(tmp_path: Path) -> None:
    rows = row(cell("合計"), cell(62), cell(date(2025, 10, 1)))
    for seed in range(80):
        rng = Random(seed)
        with zipfile.ZipFile(io.BytesIO(ods(rows, pretty=rng))) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        data = bytearray(parts["content.xml"])
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(len(data))] = rng.choice(b"<>/='09azAZ \x00\xff")
        try:
            opened(m.zipped(parts | {"content.xml": bytes(data)}), tmp_path)
        except Refused:
            continue
