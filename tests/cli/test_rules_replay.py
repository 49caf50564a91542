"""`syncd rules replay`: what edited rules would have made of a month's files, before they are in force."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.cli.ward import ENROLMENT, REPOSITORY, Ward

SAMPLES = REPOSITORY / "rules" / "samples"


@pytest.fixture
def draft(ward: Ward) -> Path:
    """Three files of a month are judged by rules with checks, and the rules are copied to be edited."""
    for rule in ("enrolment.yaml", "staff.yaml"):
        shutil.copy(REPOSITORY / "rules" / rule, ward.folder / "rules")
    for name, sample in (
        (ENROLMENT, "enrolment-ok"),
        ("012_202610_まだない書類.xlsx", "staff-ok"),
        ("012_202610_職員名簿.xlsx", "staff-total"),
    ):
        shutil.copyfile(SAMPLES / f"{sample}.xlsx", ward.path("cloud", "inbox", name))
    time.sleep(0.06)
    ward.work()
    folder = ward.folder / "draft"
    shutil.copytree(ward.folder / "rules", folder)
    return folder


def edit(folder: Path, old: str, new: str, name: str = "enrolment.yaml") -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def state_of(ward: Ward) -> dict[str, bytes]:
    return {
        str(path.relative_to(ward.folder)): path.read_bytes()
        for part in ("state", "cloud", "intranet")
        for path in sorted((ward.folder / part).rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def test_what_would_change_is_shown_and_nothing_changes(ward: Ward, draft: Path) -> None:
    before = state_of(ward)
    result = ward.run("rules", "replay", "--period", "2026-10", "--rules", str(draft))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "2026-10: 3 files, 3 as before; nothing was changed\n"

    edit(draft, "that: sum(by_age.children) == total", "that: total <= 60")
    edit(
        draft,
        "say: '年齢別の計{sum}人と合計{total}人が一致しません（{cell}）。",
        "say: '{total}人は多すぎます（{cell}）。",
    )
    edit(draft, "that: sum(people.share) == total", "that: sum(people.share) == total\n    else: warn", "staff.yaml")
    (draft / "new.yaml").write_text(
        "document: new\ntitle: 新しい書類\nmatch: {name: '{facility}_{period}_まだない書類'}\n", encoding="utf-8"
    )
    lines = ward.run("rules", "replay", "--period", "2026-10", "--rules", str(draft)).stdout.splitlines()
    corrected = "62人は多すぎます（在籍児童数報告書!B16）。年齢別の人数と合計を確認してください。"
    assert [line.partition(" (")[0] for line in lines[:-1]] == [
        "ひまわり保育園 在籍児童数報告書 2026-10: review → corrections",
        "ひまわり保育園 新しい書類 2026-10: unknown → review",
        "ひまわり保育園 職員名簿・雇用状況表 2026-10: corrections → review",
    ]
    assert lines[0].endswith(f" (sum: {corrected})") and "(total: 常勤換算の計" in lines[2]
    assert lines[-1].startswith("2026-10: 3 files, 1 × review → corrections, ")
    assert lines[-1].endswith(", 0 as before; nothing was changed")
    listed = ward.json("rules", "replay", "--period", "2026-10", "--rules", str(draft))
    first = listed["files"][0]
    assert (first["operator"], first["document"], first["changed"]) == ("himawari", "enrolment", True)
    assert first["before"]["rule"] != first["after"]["rule"] and first["after"]["rule"].startswith("enrolment.yaml:")
    assert state_of(ward) == before


def test_another_month_has_no_files_and_no_month_is_said(ward: Ward) -> None:
    assert ward.run("rules", "replay", "--period", "2026-09").stdout.startswith("2026-09: 0 files")
    result = ward.run("rules", "replay", "--period", "10月")
    assert result.exit_code == 2 and "write e.g. 2026-10" in result.stderr


def test_wrong_rules_are_not_replayed(ward: Ward) -> None:
    (ward.folder / "rules" / "enrolment.yaml").write_text("document: enrolment\n", encoding="utf-8")
    result = ward.run("rules", "replay")
    assert (result.exit_code, result.stdout) == (2, "") and "enrolment.yaml:1:1: title is missing" in result.stderr
