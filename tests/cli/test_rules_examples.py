"""`syncd rules test`: the examples of rules, judged as the daemon would."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.ward import REPOSITORY, Ward

RULE = """\
document: enrolment
title: 在籍児童数報告書
match: {name: '{facility}_{period}_在籍*', extension: xlsx}
facts:
  total: {label: 合計, as: int}
checks:
  - {id: few, that: total < 10, say: '{total}人は多すぎます（{cell}）。'}
examples:
"""
SAMPLE = "enrolment-ok.xlsx"


@pytest.fixture
def rules(ward: Ward) -> Path:
    """A folder with one rule whose samples are real forms; the ward's own rules are left alone."""
    folder = ward.folder / "draft"
    (folder / "samples").mkdir(parents=True)
    for name in (SAMPLE, "enrolment-facility_code.xlsx"):
        shutil.copy(REPOSITORY / "rules" / "samples" / name, folder / "samples")
    return folder


def tried(ward: Ward, rules: Path, *examples: str, words: tuple[str, ...] = ()) -> tuple[int, list[str], str]:
    text = RULE + "".join(f"  - {example}\n" for example in examples)
    (rules / "enrolment.yaml").write_text(text, encoding="utf-8")
    result = ward.run("rules", "test", *words, "--rules", str(rules))
    return result.exit_code, result.stdout.splitlines(), result.stderr


def test_an_example_that_comes_out_as_it_says(ward: Ward, rules: Path) -> None:
    status, lines, said = tried(
        ward, rules, f"{{file: samples/{SAMPLE}, expect: corrections, says: [62人は多すぎます, B16]}}"
    )
    assert (status, said) == (0, "")
    assert lines == [
        f"ok       enrolment.yaml:9 samples/{SAMPLE}: corrections: few: 62人は多すぎます（在籍児童数報告書!B16）。",
        "1 examples, 0 came out otherwise",
    ]


def test_examples_that_come_out_otherwise_say_how_and_why(ward: Ward, rules: Path) -> None:
    status, lines, _ = tried(
        ward,
        rules,
        f"{{file: samples/{SAMPLE}, expect: review}}",
        f"{{file: samples/{SAMPLE}, expect: corrections, says: 少なすぎ}}",
        f"{{file: samples/{SAMPLE}, expect: corrections, name: 012_202610_請求書.xlsx}}",
        f"{{file: samples/{SAMPLE}, expect: corrections, name: 013_202610_在籍.xlsx, operator: {{code: '012'}}}}",
        f"{{file: samples/{SAMPLE}, expect: corrections, name: 012_2026_在籍.xlsx}}",
    )
    assert status == 1
    assert [line[:44] for line in lines[:2]] == [
        f"differs  enrolment.yaml:9 samples/{SAMPLE}"[:44], f"differs  enrolment.yaml:10 samples/{SAMPLE}"[:44]
    ]  # fmt: skip
    assert "expected review, became corrections: few: 62人は多すぎます（在籍児童数報告書!B16）" in lines[0]
    assert "expected 「少なすぎ」, became corrections" in lines[1]
    assert "became unknown: 在籍児童数報告書 (enrolment): the name doesn't fit" in lines[2]
    assert "became hold: facility_code: " in lines[3]
    assert "became unknown" in lines[4] and "no month can be read" in lines[4]
    assert lines[5] == "5 examples, 5 came out otherwise"


def test_a_sample_that_is_not_there_is_a_fault_of_the_rule(ward: Ward, rules: Path) -> None:
    status, lines, said = tried(
        ward,
        rules,
        "{file: samples/gone.xlsx, expect: review}",
        f"{{file: samples/{SAMPLE}, expect: corrections, previous: samples/old.xlsx}}",
        f"{{file: samples/{SAMPLE}, expect: corrections}}",
    )
    assert status == 2
    assert lines[-1] == "1 examples, 0 came out otherwise"
    assert [line.partition("enrolment.yaml:")[2].partition(" — ")[0] for line in said.splitlines()] == [
        "9:5: there is no sample samples/gone.xlsx",
        "10:5: there is no sample samples/old.xlsx",
    ]


def test_other_documents_and_last_months_are_samples_too(ward: Ward, rules: Path) -> None:
    (rules / "other.yaml").write_text(
        "document: other\ntitle: 別の書類\nmatch: {name: '{facility}_{period}_別*'}\n"
        "facts: {total: {label: 合計, as: int}}\n"
        "checks: [{id: same, that: total == enrolment.total}, {id: grows, that: total > previous.total}]\n"
        "examples:\n"
        f"  - {{file: samples/{SAMPLE}, expect: corrections, says: [一致, 大き], period: 2026-10,\n"
        f"     previous: samples/{SAMPLE}, documents: {{enrolment: samples/{SAMPLE}}}}}\n",
        encoding="utf-8",
    )
    _, lines, _ = tried(ward, rules, words=("other",))
    assert lines[0].startswith("differs") and "expected 「一致」, became corrections: grows: " in lines[0]


def test_only_the_rules_that_are_named(ward: Ward, rules: Path) -> None:
    assert tried(ward, rules, words=("enrolment.yaml",))[1] == [
        "no examples: 在籍児童数報告書",
        "0 examples, 0 came out otherwise",
    ]
    status, _, said = tried(ward, rules, words=("enrollment",))
    assert status == 2 and "did you mean 'enrolment'?" in said


def test_a_wrong_rule_is_said_before_anything_is_tried(ward: Ward, rules: Path) -> None:
    (rules / "b.yaml").write_text("document: b\n", encoding="utf-8")
    status, lines, said = tried(ward, rules, f"{{file: samples/{SAMPLE}, expect: corrections}}")
    assert (status, lines) == (2, []) and "b.yaml:1:1: title is missing" in said
