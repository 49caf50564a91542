"""What the demo's nurseries send can be opened, read and added up."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from syncd.demo.forms.monthly import HEADCOUNTS
from syncd.demo.papers import (
    ADDITIONS,
    ENROLMENT,
    INVOICE,
    LAST_MONTHS,
    STAFF_LIST,
    Paper,
    corrected,
    has_comments,
    with_macros,
)
from syncd.demo.pdf import Box, Text, page
from syncd.demo.ward import NURSERIES
from syncd.judging import judge_file
from syncd.model import Operator
from syncd.packaged import rules_folder
from syncd.reading import shared_reader
from syncd.rulebook import load

MONTH = (2026, 10)
HIMAWARI = NURSERIES[0]


def table(content: bytes, sheet: int = 0) -> dict[Any, tuple[Any, ...]]:
    """Rows by what stands in their first column."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {row[0]: row[1:] for row in book.worksheets[sheet].iter_rows(values_only=True)}


@pytest.mark.parametrize("nursery", NURSERIES, ids=lambda nursery: nursery.id)
def test_head_counts_add_up_unless_there_is_a_mistake(nursery: Any) -> None:
    right, wrong = (table(ENROLMENT.make(nursery, MONTH, each)) for each in (False, True))
    counts = HEADCOUNTS[nursery.code]
    assert right["合計"][0] == sum(right[f"{age}歳"][0] for age in range(6)) == sum(counts)
    assert wrong["合計"][0] == sum(counts) + 1
    assert right["施設番号"][0] == nursery.code
    assert right["基準日"][0] == datetime(2026, 10, 1)


def test_staff_correct_one_number() -> None:
    right, wrong = (STAFF_LIST.make(HIMAWARI, MONTH, each) for each in (False, True))
    mended = corrected(wrong, "保育士常勤換算", 12.4)
    assert (table(wrong, 1)["保育士常勤換算"][0], table(mended, 1)["保育士常勤換算"][0]) == (13.4, 12.4)
    assert table(mended) == table(right) and table(mended, 1) == table(right, 1)


def test_a_nursery_corrects_a_sum_beside_its_label() -> None:
    right, wrong = (ENROLMENT.make(HIMAWARI, MONTH, each) for each in (False, True))
    mended = corrected(wrong, "合計", sum(HEADCOUNTS["012"]))
    assert table(mended) == table(right)


def test_macros_lie_in_a_workbook_that_still_opens() -> None:
    content = with_macros(ADDITIONS.make(HIMAWARI, MONTH, False))
    assert table(content) == table(ADDITIONS.make(HIMAWARI, MONTH, False))
    assert "xl/vbaProject.bin" in zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_comments_are_seen() -> None:
    book = openpyxl.load_workbook(io.BytesIO(ADDITIONS.make(HIMAWARI, MONTH, False)))
    assert book.active is not None
    book.active["A1"].comment = Comment("?", "syncd")
    written = io.BytesIO()
    book.save(written)
    assert has_comments(written.getvalue())
    assert not has_comments(ADDITIONS.make(HIMAWARI, MONTH, False))


def test_an_addition_too_many() -> None:
    right, wrong = (table(ADDITIONS.make(HIMAWARI, MONTH, each)) for each in (False, True))
    assert (right["療育支援加算"][0], wrong["療育支援加算"][0]) == ("無", "有")


@pytest.mark.parametrize("paper", [ENROLMENT, ADDITIONS, STAFF_LIST, *LAST_MONTHS], ids=lambda paper: paper.title)
def test_names_fit_the_rules_that_come_with_syncd(paper: Paper) -> None:
    rules = load(rules_folder(), rules_folder())
    for nursery in NURSERIES:
        operator = Operator(nursery.id, nursery.name, nursery.kind, nursery.code, nursery.folder, nursery.folder)
        match = rules.match(paper.name(nursery, MONTH), operator, date(2026, 11, 5))
        assert [each.period for each in match.candidates] == ["2026-10"]


@pytest.mark.parametrize("month", [(2026, 12), (2027, 1), (2028, 2)], ids=str)
def test_right_papers_are_right_in_any_month(month: tuple[int, int], tmp_path: Path) -> None:
    """Holidays, the turn of the year and short months make no mistake."""
    rules, reader = load(rules_folder(), rules_folder()), shared_reader()
    operator = Operator(HIMAWARI.id, HIMAWARI.name, HIMAWARI.kind, HIMAWARI.code, "", "")
    for paper in (ENROLMENT, ADDITIONS, STAFF_LIST, *LAST_MONTHS):
        content = tmp_path / paper.name(HIMAWARI, month)
        content.write_bytes(paper.make(HIMAWARI, month, False))
        judged = judge_file(reader, rules, operator, content.name, content, today=date(*month, 20))
        assert (judged.decision.state, judged.decision.findings) == ("accept", ()), paper.title


def test_the_invoice_is_a_pdf_whose_parts_lie_where_it_says() -> None:
    content = INVOICE.make(HIMAWARI, MONTH, False)
    assert content.startswith(b"%PDF-1.4")
    start = int(content.rsplit(b"startxref\n", 1)[1].split()[0])
    assert content[start:].startswith(b"xref\n")
    offsets = [int(each) for each in re.findall(rb"^(\d{10}) 00000 n ", content[start:], re.MULTILINE)]
    for number, offset in enumerate(offsets, 1):
        assert content[offset:].startswith(b"%d 0 obj\n" % number)
    length = re.search(rb"/Length (\d+) >>\nstream\n", content)
    assert length is not None
    assert content[length.end() + int(length.group(1)) :].startswith(b"\nendstream")
    said = [bytes.fromhex(each.decode()).decode("utf-16-be") for each in re.findall(rb"<([0-9a-f]*)> Tj", content)]
    assert "運営費請求書" in said and "新宿区長　様" in said
    amounts = [int(each.replace(",", "")) for each in said if re.fullmatch(r"[\d,]+,\d{3}", each)]
    assert amounts[-1] == sum(amounts[1:-1:2])  # price and amount of each line, then their sum


def test_a_text_that_ends_at_a_place() -> None:
    content = page("t", [Text(100, 10, "ab", 10, right=True), Text(100, 10, "あい", 10, right=True), Box(1, 2, 3)])
    assert b"90.0 832.0 Td" in content and b"80.0 832.0 Td" in content
    assert b"1 840 m 4 840 l S" in content
