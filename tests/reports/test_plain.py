"""Names that would do something to a page do nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from syncd.reports.plain import plain

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("ひまわり\n保育園\t分園", "ひまわり 保育園 分園"),
        ("請求書\u202excod.exe", "請求書xcod.exe"),
        ("\u2066a\u2069\u200b\u00ad\ufeff", "a"),
        ("か\u3099", "が"),
        ("園\udc80", "園〓"),
        ("a\u2028b\x00c", "a b c"),
        ("", ""),
        ("\u202e", ""),
    ],
)
def test_one_line_without_what_cannot_be_seen(name: str, shown: str) -> None:
    assert plain(name) == shown


def test_long_names_are_cut() -> None:
    assert plain("あ" * 500) == "あ" * 79 + "…"
    assert len(plain("a" * 100_000, 40)) == 40


def test_the_libraries_are_loaded_only_when_a_page_is_made() -> None:
    heavy = "{'jinja2', 'markupsafe', 'reportlab', 'openpyxl', 'PIL'}"
    rooms = ", ".join(f"syncd.reports.{name}" for name in ("page", "status", "workbook", "fingerprint", "sheet"))
    asked = f"import sys, {rooms}; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", asked], cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.stdout.strip(), ran.stderr) == ("[]", "")
