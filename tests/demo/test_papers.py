"""What the demo's nurseries send can be opened, read and added up."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest

from syncd.demo.papers import ADDITIONS, ENROLMENT, HEADCOUNTS, INVOICE, STAFF_LIST, Paper, corrected
from syncd.demo.pdf import Box, Text, page
from syncd.demo.ward import NURSERIES
from syncd.model import Operator
from syncd.packaged import rules_folder
from syncd.rulebook import load

MONTH = (2026, 10)
HIMAWARI = NURSERIES[0]


def table(content: bytes, sheet: int = 0) -> dict[Any, tuple[Any, ...]]:
    """Rows by what stands in their first column."""
    rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[sheet].iter_rows(values_only=True)
    return {row[0]: row[1:] for row in rows}


@pytest.mark.parametrize("nursery", NURSERIES, ids=lambda nursery: nursery.id)
def test_head_counts_add_up_unless_there_is_a_mistake(nursery: Any) -> None:
    right, wrong = (table(ENROLMENT.make(nursery, MONTH, each)) for each in (False, True))
    counts = HEADCOUNTS[nursery.code]
    assert right["合計"][1] == sum(right[f"{age}歳"][1] for age in range(6)) == sum(counts)
    assert wrong["合計"][1] == sum(counts) + 1
    assert right["施設番号"][0] == nursery.code
    assert right["基準日"][0] == "2026年10月1日"


def test_staff_correct_one_number() -> None:
    wrong = STAFF_LIST.make(HIMAWARI, MONTH, True)
    assert table(wrong)["合計"][3] == 4.6
    assert table(corrected(wrong, "合計", 4.4))["合計"][3] == 4.4
    assert table(corrected(wrong, "合計", 4.4))["園長"] == table(wrong)["園長"]


def test_a_question_left_blank() -> None:
    assert table(ADDITIONS.make(HIMAWARI, MONTH, False))["栄養管理加算"][0] == "有"
    assert not table(ADDITIONS.make(HIMAWARI, MONTH, True))["栄養管理加算"][0]


@pytest.mark.parametrize("paper", [ENROLMENT, INVOICE, ADDITIONS, STAFF_LIST], ids=lambda paper: paper.title)
def test_names_fit_the_rules_that_come_with_syncd(paper: Paper) -> None:
    rules = load(rules_folder(), rules_folder())
    for nursery in NURSERIES:
        operator = Operator(nursery.id, nursery.name, nursery.kind, nursery.code, nursery.folder, nursery.folder)
        match = rules.match(paper.name(nursery, MONTH), operator, date(2026, 11, 5))
        assert [each.period for each in match.candidates] == ["2026-10"]


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
