"""The pages: they show the month, stay fresh, and are never taken for what somebody sent."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.stories.forms import CHECKED, enrolment
from tests.stories.ward import NewWard, Ward

PAGE, BOOK, OWN = "進捗状況.html", "進捗状況.xlsx", "提出状況.pdf"


def words_of(pdf: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages)


def pages(ward: Ward) -> dict[str, tuple[int, int]]:
    """Each page's inode and time: another pair means that it was written."""
    found = [ward.root("intranet") / PAGE, ward.root("intranet") / BOOK]
    found += [ward.cloud(OWN, operator) for operator in ward.operators]
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


@pytest.mark.folder_only(reason="Box tells no inodes")
def test_they_show_what_is_there_and_are_written_only_when_that_changes(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED, pages=True)
    assert ward.run() == 0
    before = pages(ward)
    assert ward.run() == 0
    assert pages(ward) == before
    month = _this_month()
    name = f"012_{month}_在籍児童数報告書.xlsx"
    ward.put(ward.cloud(f"inbox/{name}"), enrolment((3, 4, 5), total=13))
    assert ward.run() == 0
    after = pages(ward)
    assert [path for path in before if after[path] == before[path]] == [str(ward.cloud(OWN, "sakura"))]
    html = (ward.root("intranet") / PAGE).read_text(encoding="utf-8")
    assert "ひまわり保育園" in html and "さくら保育園" in html and "在籍児童数報告書" in html and "様式!B6" in html
    own = words_of(ward.cloud(OWN).read_bytes())
    assert "在籍児童数報告書" in own and "B6" in own and "ひまわり保育園" in own
    assert not any(word in own for word in ("さくら", "013", "sakura")), "never another operator's"
    sheet = load_workbook(ward.root("intranet") / BOOK).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert any("在籍児童数報告書" in map(str, row) and "ひまわり保育園" in map(str, row) for row in rows)
    assert ward.run() == 0
    assert pages(ward) == after
    assert [name for name in ward.tree("intranet") if OWN in name] == [], "it is the cloud's alone"
    assert [row["file"] for row in ward.history() if OWN in row["file"]] == []


def test_an_operators_page_comes_back_whatever_is_done_with_it(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED, pages=True)
    assert ward.run() == 0
    page = ward.cloud(OWN)
    shown = page.read_bytes()
    page.unlink()
    assert ward.run() == 0
    assert page.read_bytes() == shown
    ward.drag(page, ward.cloud(f"inbox/{OWN}"))
    assert ward.run() == 0
    assert page.read_bytes() == shown and not ward.cloud(f"inbox/{OWN}").exists()
    assert ward.history() == [], "nothing of it was ever taken for something that was sent"
    page.write_bytes(b"scribbled")
    assert ward.run() == 0
    assert page.read_bytes()[:5] == shown[:5] and ward.kept_bytes(b"scribbled")
    assert ward.cloud(f"inbox/{OWN}").read_bytes() == b"scribbled", "what somebody saved over it is theirs"
    ward.lose_database()
    assert ward.run() == 0
    assert ward.run() == 0
    assert sorted(ward.tree("cloud")) == sorted([OWN, f"inbox/{OWN}"]) and page.read_bytes()[:5] == b"%PDF-"


def test_an_operators_own_file_of_that_name_is_not_lost(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED, pages=True)
    ward.put(ward.cloud(OWN), b"%PDF-1.4 the operator's own")
    assert ward.run() == 0
    assert ward.run() == 0
    assert ward.cloud(f"inbox/{OWN}").read_bytes() == b"%PDF-1.4 the operator's own"
    assert "ひまわり保育園" in words_of(ward.cloud(OWN).read_bytes())


def test_without_pages_there_are_none(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    assert ward.run() == 0
    assert not any(Path(ward.root("intranet") / name).exists() for name in (PAGE, BOOK))
    assert ward.tree("cloud") == {}


def _this_month() -> str:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return f"{datetime.now(ZoneInfo('Asia/Tokyo')):%Y%m}"
