"""進捗状況.xlsx as Excel's reader has it: text, one row for each line, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from syncd.model import Operator
from syncd.reports.view import Ward
from syncd.reports.workbook import progress_workbook
from tests.reports.wards import NOW, STAGES, at, every_state, example, line, operators

LIKE_FORMULAS = (
    "=1+1", "+81 3", "-園", "@SUM(A1)", '=HYPERLINK("http://x")', "#N/A", "007", "1.5", "2026-10", "TRUE",
)  # fmt: skip


def ward(*lines: Any, **more: Any) -> Ward:
    return replace(Ward(operators(3), lines, STAGES, NOW), **more)


def sheet_of(workbook: bytes) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    (sheet,) = book.worksheets
    return sheet


def rows_of(workbook: bytes) -> list[dict[str, str]]:
    head, *rows = sheet_of(workbook).iter_rows(values_only=True)
    return [{name: value for name, value in zip(head, row, strict=True) if value is not None} for row in rows]


def test_one_row_for_each_line_with_everything_to_filter_by() -> None:
    made = line(
        "op001", "enrolment", due=date(2026, 11, 5), state="corrections", late=True, submissions=2,
        cells=("在籍!C14", "在籍!F3"), arrived_at=at(2026, 11, 4),
    )  # fmt: skip
    original = line("op000", "application", state="confirmed", original="awaited", due=date(2026, 11, 16))
    assert rows_of(progress_workbook(ward(made, original))) == [
        {
            "施設番号": "013", "施設": "さくら保育園", "種別": "認可保育所", "対象": "2026-10",
            "書類": "在籍児童数報告書", "状態": "修正待ち", "待っている相手": "事業者", "遅れ": "はい",
            "期限": "2026-11-05", "届いた日": "2026-11-04", "提出回数": "2", "指摘箇所": "在籍!C14、在籍!F3",
        },
        {
            "施設番号": "012", "施設": "ひまわり保育園", "種別": "認可保育所", "対象": "2026-10",
            "書類": "交付申請書（押印）", "状態": "原本待ち", "待っている相手": "事業者", "期限": "2026-11-16",
            "原本": "待ち",
        },
    ]  # fmt: skip
    given = example()
    assert len(rows_of(progress_workbook(given))) == len(given.lines)


def test_every_state() -> None:
    rows = rows_of(progress_workbook(ward(*every_state())))
    assert {row["状態"] for row in rows} == {
        "未提出", "後日", "取下げ", "受付中", "検査待ち", "確認待ち", "確認中", "修正待ち", "了承待ち",
        "原本待ち", "確認済", "該当なし",
    }  # fmt: skip
    assert {row.get("待っている相手", "") for row in rows} == {"", "区", "事業者", "システム"}


def test_the_head_stays_and_filters() -> None:
    given = example("en")
    sheet = sheet_of(progress_workbook(given))
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Progress", "C2", f"A1:N{len(given.lines) + 1}")
    assert [cell.value for cell in sheet[1]][:3] == ["Code", "Facility", "Kind"] and sheet["A1"].font.bold
    assert sheet.column_dimensions["B"].width == 30


@pytest.mark.parametrize("name", LIKE_FORMULAS)
def test_text_stays_text(name: str) -> None:
    operator = Operator("op000", name, name, name, "x", "x")
    workbook = progress_workbook(ward(line(title=name, cells=(f"{name}!A1",)), operators=(operator,)))
    row = sheet_of(workbook)[2]
    assert [cell.value for cell in row[:3]] == [name] * 3 and row[4].value == name
    assert {cell.data_type for cell in row if cell.value is not None} == {"s"}
    for cell in row[:3]:
        # going into the cell and out again makes no formula of it
        assert cell.quotePrefix == name.startswith(("=", "+", "-", "@"))
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode("utf-8")


def test_hostile_names() -> None:
    name = "</t><script>&\"'\u202e\n\x01\ud800 _x0041_ 😀"
    operator = Operator("op000", name, "", None, "x", "x")
    (row,) = rows_of(progress_workbook(ward(line(), operators=(operator,))))
    # openpyxl, unlike Excel, doesn't undo the writing of an underscore
    assert row["施設"] == "</t><script>&\"' 〓 _x005F_x0041_ 😀"


def test_the_same_ward_gives_the_same_bytes_at_any_moment() -> None:
    given = example()
    made = progress_workbook(given)
    other = replace(given, lines=given.lines[::-1], made_at=NOW + timedelta(hours=3))
    assert progress_workbook(other) == made
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None


def test_no_lines() -> None:
    assert rows_of(progress_workbook(ward(operators=()))) == []
