"""A page of syncd's is known by its bytes alone: whole, broken off, or somebody's since."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader, PdfWriter

from syncd.model import Operator, Stage
from syncd.reports.seal import HEAD, may_be_page, page_in, sealed
from syncd.reports.sheet import Sheet, pdf
from syncd.reports.status import status_pdf
from syncd.reports.view import OneOperator

PLAIN = pdf(Sheet("ja", "ひまわり保育園", "提出状況", "11月29日", "", "{n}", "すること", (), "ありません"))
PAGE = sealed(PLAIN)


def test_a_page_as_it_was_made_is_known_and_still_a_pdf() -> None:
    assert page_in(PAGE) == "whole" and may_be_page(PAGE[:HEAD])
    assert len(PdfReader(io.BytesIO(PAGE), strict=True).pages) == 1
    stages = {stage: stage.value for stage in Stage}
    one = OneOperator(
        Operator("a", "ひまわり保育園", "", None, "a", "a"), (), stages, datetime(2026, 11, 29, tzinfo=UTC), "ja"
    )
    assert page_in(status_pdf(one)) == "whole"
    assert sealed(PLAIN) == PAGE


def test_a_page_by_an_earlier_syncd_is_known_too() -> None:
    assert page_in(PLAIN) == "whole"


def test_a_page_that_broke_off_anywhere_is_torn() -> None:
    lengths = {*range(200), *range(0, len(PAGE), 997), *range(len(PAGE) - 200, len(PAGE))}
    for length in sorted(lengths):
        assert page_in(PAGE[:length]) in ("torn", "whole" if length >= len(PLAIN) else "torn"), length
        assert may_be_page(PAGE[:length][:HEAD]), length
    for length in (0, 1, 4096, len(PAGE)):  # what a power cut leaves of a file whose bytes never reached the disk
        assert page_in(bytes(length)) == "torn"
    assert page_in(PAGE[:4096] + bytes(len(PAGE) - 4096)) == "torn"
    assert page_in(PAGE[:4096] + bytes(512) + PAGE[4608:]) == "torn", "no program saves a page so"


def _saved_anew() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(PAGE))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        _saved_anew(),
        PAGE + b"9 0 obj\n<< /Type /Annot >>\nendobj\ntrailer\n<< >>\nstartxref\n9\n%%EOF\n",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
        b"%PDF-1.4\n%\x93\x8c\x8b\x9e ReportLab Generated PDF document (opensource)\n%%EOF\n",
        "在籍児童数".encode(),
        b"PK\x03\x04",
    ],
    ids=["saved anew", "annotated", "a pdf", "made with the same library", "a text", "a workbook"],
)
def test_what_somebody_made_or_saved_is_theirs(content: bytes) -> None:
    assert page_in(content) == ""
