"""How a file is judged: what its name, its content and what lies around it come to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from syncd.errors import SyncdError
from syncd.examining import around_of
from syncd.forms.fact import Fact, Reading, Value
from syncd.forms.stored import write_facts
from syncd.judging import Around, Judgement, judge_file
from syncd.model import Operator
from syncd.rulebook.load import Snapshot, build, snapshot
from syncd.store.judgements import Judgement as Said

TODAY = date(2026, 11, 5)
OPERATOR = Operator("himawari", "ひまわり保育園", "認可保育所", "012", "001", "001")
RULES = {
    "enrolment.yaml": """\
document: enrolment
title: 在籍児童数報告書
match: {name: '{facility}_{period}_在籍*', extension: xlsx}
facts: {total: {label: 合計, as: int}}
checks:
  - {text: [新宿区長, 合計], else: warn}
  - {id: many, that: total < 100, say: '{total}人（{cell}）'}
  - {id: grows, that: total >= previous.total, else: warn}
  - {id: invoice, that: total == invoice.children, else: hold}
""",
    "invoice.yaml": """\
document: invoice
title: 請求書
match: {name: '{facility}_{period}_請求*'}
facts: {children: {label: 児童数, as: int}}
""",
}


class Desk:
    """Reads as it is told: a workbook with this total; notes what it was asked for."""

    def __init__(self, total: int, texts: frozenset[str] = frozenset({"新宿区長", "合計"}), trouble: str = "") -> None:
        self.total, self.texts, self.trouble = total, texts, trouble
        self.asked: list[tuple[tuple[str, ...], tuple[str, ...]]] = []

    def read(self, content: Path, name: str, facts: Sequence[Fact] = (), texts: Sequence[str] = ()) -> Reading:
        if self.trouble:
            raise SyncdError(self.trouble)
        self.asked.append((tuple(fact.name for fact in facts), tuple(texts)))
        found = {fact.name: Value("found", self.total, cell="在籍!C14", shown=str(self.total)) for fact in facts}
        return Reading("xlsx", 1000, sheets=("在籍",), texts=self.texts & set(texts), facts=found)


def judged(desk: Desk, name: str, packaged: Path, around: Around | None = None) -> Judgement:
    files = MappingProxyType({file: text.encode() for file, text in RULES.items()})
    book = build(Snapshot("rules", files, frozenset()), snapshot(packaged))
    return judge_file(desk, book, OPERATOR, name, Path("/kept"), today=TODAY, around=around)


@pytest.fixture(scope="session")
def packaged() -> Path:
    return Path(__file__).resolve().parents[2] / "rules"


def test_a_right_file_is_accepted_with_its_facts_rule_and_version(packaged: Path) -> None:
    desk = Desk(62)
    found = judged(desk, "012_202610_在籍.xlsx", packaged)
    decision = found.decision
    assert (decision.state, decision.document, decision.period) == ("accept", "enrolment", "2026-10")
    assert decision.rule.startswith("enrolment.yaml:3@") and found.facts["total"].one == 62
    assert desk.asked == [(("total",), ("新宿区長", "合計"))]
    assert {finding.check: finding.result for finding in found.findings}["many"] == "passed"


def test_what_a_check_finds_decides_and_says_where(packaged: Path) -> None:
    decision = judged(Desk(120), "012_202610_在籍.xlsx", packaged).decision
    assert (decision.state, decision.reasons) == ("return", ("120人（在籍!C14）",))
    assert decision.findings[0].cells == ("在籍!C14",)


def test_a_form_is_compared_with_last_months_and_with_others(packaged: Path) -> None:
    before = {"total": Value("found", 70)}
    warned = judged(Desk(62), "012_202610_在籍.xlsx", packaged, Around(before)).decision
    assert (warned.state, [finding.check for finding in warned.findings]) == ("accept", ["grows"])
    others = {"invoice": {"children": Value("found", 61)}}
    held = judged(Desk(62), "012_202610_在籍.xlsx", packaged, Around(None, others)).decision
    assert (held.state, [finding.check for finding in held.findings]) == ("hold", ["invoice"])


@pytest.mark.parametrize(
    ("name", "state", "asked"),
    [
        ("012_202610_何か.xlsx", "unknown", ((), ())),
        ("013_202610_在籍.xlsx", "hold", ((), ())),
        ("012_202610_該当なし_在籍児童数報告書.xlsx", "accept", ((), ())),
        ("012_202610_請求書.xlsx", "accept", (("children",), ())),
    ],
)
def test_only_the_rule_that_a_name_fits_asks_for_facts(
    packaged: Path, name: str, state: str, asked: tuple[tuple[str, ...], ...]
) -> None:
    desk = Desk(62)
    assert judged(desk, name, packaged).decision.state == state
    assert desk.asked == [asked]


def test_another_facilitys_code_is_held_with_a_reason_and_no_name_of_it(packaged: Path) -> None:
    found = judged(Desk(62), "013_202610_在籍.xlsx", packaged)
    (finding,) = found.decision.findings
    assert (finding.check, finding.result, finding.expected) == ("facility_code", "hold", "012")
    assert "施設番号" in finding.say and "013" not in finding.say


def test_nobody_could_look_is_no_judgement(packaged: Path) -> None:
    with pytest.raises(SyncdError, match="no process"):
        judged(Desk(62, trouble="no process"), "012_202610_在籍.xlsx", packaged)


def test_a_photo_beside_a_form_hides_nothing_of_the_form() -> None:
    """Both belong to one document; the photo was judged later."""

    def said(file: int, document: str, when: str, total: int | None) -> Said:
        value = Value("missing") if total is None else Value("found", total, cell="表!B2")
        return Said(file, document, when, "0" * 40, "accept", "", (), write_facts({"total": value}), float(file))

    around = around_of(
        [
            said(1, "enrolment", "2026-09", 60),
            said(2, "enrolment", "2026-09", None),
            said(3, "invoice", "2026-10", 62),
            said(4, "invoice", "2026-10", None),
            said(5, "enrolment", "2026-10", 61),
        ],
        "enrolment",
        "2026-10",
    )
    assert around.previous is not None and around.previous["total"].one == 60
    assert {document: facts["total"].one for document, facts in around.others.items()} == {"invoice": 62}
