"""`syncd checklist`: its JSON names, its table, the periods and operators that it takes, and that it only looks."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path

import pytest

from syncd.config import load
from syncd.rulebook.period import before, current
from syncd.store import Store
from syncd.store.history import History
from syncd.store.ledger import Ledger
from syncd.world import World
from tests.cli.ward import ENROLMENT, Ward

NAMES = ["operator", "document", "title", "period", "due", "state", "late"]


def states(ward: Ward, *words: str) -> dict[tuple[str, str], str]:
    return {(line["operator"], line["document"]): line["state"] for line in ward.json("checklist", *words)}


def test_every_expected_document_of_a_month(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    lines = ward.json("checklist", "--period", "2026-10")
    assert {tuple(list(line)[: len(NAMES)]) for line in lines} == {tuple(NAMES)}
    first = next(line for line in lines if line["document"] == "enrolment")
    assert [first[name] for name in NAMES[:6]] == [
        "himawari", "enrolment", "在籍児童数報告書", "2026-10", "2026-10-05", "review",
    ]  # fmt: skip
    assert {line["operator"] for line in lines} == {"himawari", "sakura"}
    found = states(ward, "--period", "2026-10")
    assert found["sakura", "enrolment"] == "missing"
    application = next(line for line in lines if line["document"] == "application")
    assert (application["due"], application["state"], application["late"]) == (None, "missing", False)


def test_the_same_period_spelled_otherwise(ward: Ward) -> None:
    expected = states(ward, "--period", "2026-10", "--operator", "himawari")
    assert len(expected) > 5
    for spelling in ("202610", "2026年10月", "令和8年10月", "Ｒ8.10"):
        assert states(ward, "--period", spelling, "--operator", "himawari") == expected
    quarter = states(ward, "--period", "2026-Q3", "--operator", "sakura")
    assert quarter == {("sakura", "result"): "missing"}
    for spelling in ("2026", "FY2026", "2026年度"):
        assert ("sakura", "treatment_plan") in states(ward, "--period", spelling)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--period", "2026-13"), "no period '2026-13'; write a month like 2026-10"),
        (("--period", "soon"), "no period 'soon'; write a month like 2026-10"),
        (("--operator", "himawar"), "no operator 'himawar' in"),
    ],
)
def test_what_does_not_exist_is_one_line(ward: Ward, words: tuple[str, ...], said: str) -> None:
    result = ward.run("checklist", *words)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert said in line


def test_without_a_period_it_is_what_people_have_to_do_with_now(ward: Ward) -> None:
    month = current("month", datetime.now(load(ward.config).zone).date())
    found = {line["period"] for line in ward.json("checklist", "--operator", "himawari")}
    assert {month, before(month)} <= found
    assert all(each >= before(month) for each in found if len(each) == 7 and "Q" not in each)


def test_the_table_is_aligned_and_says_what_is_late(ward: Ward) -> None:
    ward.drop("012_202310_在籍児童数報告書.xlsx")
    ward.work()
    lines = ward.run("checklist", "--period", "2023-10", "--operator", "himawari").stdout.splitlines()
    assert lines[0].split() == ["operator", "document", "period", "due", "state"]
    enrolment = next(line for line in lines if "在籍児童数報告書" in line)
    assert enrolment.split() == ["himawari", "在籍児童数報告書", "2023-10", "2023-10-05", "review", "LATE,", "closed"]
    extended = next(line for line in lines if "延長保育実績" in line)
    assert extended.split()[-3:] == ["missing", "LATE,", "closed"]


def test_nothing_expected_says_so(ward: Ward) -> None:
    for rule in (ward.folder / "rules").glob("[a-z]*.yaml"):
        rule.unlink()
    assert ward.json("checklist") == []
    assert ward.run("checklist").stdout == "Nothing is expected.\n"
    assert ward.run("checklist", "--period", "2026-10").stdout == "Nothing is expected for 2026-10.\n"


def test_before_the_first_run_everything_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ward = Ward(tmp_path)
    assert set(states(ward, "--period", "2026-10").values()) == {"missing"}
    assert not (tmp_path / "state").exists()


def test_while_the_rules_have_faults_the_last_good_ones_count(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    before_fault = states(ward, "--period", "2026-10")
    (ward.folder / "rules" / "invoice.yaml").write_text("document: [\n", encoding="utf-8")
    assert states(ward, "--period", "2026-10") == before_fault


def test_since_when_an_operator_is_known(ward: Ward) -> None:
    """The first look's day, or that of an earlier file; a second look changes nothing."""
    ward.drop(ENROLMENT)
    ward.work()
    store = Store(ward.folder / "state")
    try:
        ledger = Ledger(store, History(store))
        (file,) = ledger.all_live()
        seen = ledger.first_seen()
        assert abs(seen["himawari"] - time.time()) < 60
        assert ledger.first_arrivals() == {file.line: file.arrived_at}
        ledger.see("tsubaki", 1000.0)
        ledger.see("tsubaki", 2000.0)
        assert ledger.first_seen()["tsubaki"] == 1000.0
    finally:
        store.close()


def test_quiet_days_are_those_of_the_wards_calendar(ward: Ward) -> None:
    (ward.folder / "rules" / "_calendar.yaml").write_text("closed: [2026-10-14]\n", encoding="utf-8")
    ward.config.write_text(ward.config.read_text(encoding="utf-8").replace(
        "chat: {batch", "chat: {quiet_hours: {closed_days: true}, batch"), encoding="utf-8")  # fmt: skip
    with World(load(ward.config), read_only=True) as world:
        found = [world.quiet.is_closed(date(2026, 10, number)) for number in (9, 10, 12, 13, 14)]
        assert found == [False, True, True, False, True]
        zone = load(ward.config).zone
        assert (
            world.quiet.until(datetime(2026, 10, 14, 12, tzinfo=zone).timestamp())
            == datetime(2026, 10, 15, tzinfo=zone).timestamp()
        )
