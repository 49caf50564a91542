"""What reasons and messages may quote: no child's, parent's or employee's name, birthday or wage."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from syncd.packaged import rules_folder
from syncd.rulebook import load, personal
from syncd.rulebook.doubts import doubts
from syncd.rulebook.messages import LANGUAGES, LONGEST, WORDS, placeholders

SHIPPED = load(rules_folder(), rules_folder())
RULE = """\
document: enrolment
title: 在籍児童数報告書
match: {{name: '{{facility}}_{{period}}_在籍*'}}
personal_information: [氏名, 生年月日, 代表者]
facts:
  total: {{label: 合計, as: int}}
  head: {{label: 代表者名}}
  children: {{table: {{name: 児童氏名, born: {{label: 生年月日, as: date}}, hours: {{label: 時間, as: int}}}}}}
checks:
  - {check}
"""


def quoted(folder: Path, check: str) -> Sequence[str]:
    """The labels that the check's reason quotes."""
    (folder / "enrolment.yaml").write_text(RULE.format(check=check), encoding="utf-8")
    return [label for _, label in personal.quoted(load(folder, rules_folder()).rules["enrolment"])]


@pytest.mark.parametrize(
    ("check", "label"),
    [
        ("{id: a, that: len(children) == total, say: '{len}人と{total}人（{cell}）'}", None),
        ("{id: a, that: len(children) == total}", None),
        ("{id: a, that: len(children) == total, say: '{children}と{total}'}", None),
        ("{id: a, that: sum(children.hours) == total, say: '{left}と{right}'}", None),
        ("{id: a, that: count(children.name) == total, say: '{count}と{total}'}", None),
        ("{id: a, that: all(children.born <= period.last), say: '生年月日を確認してください（{cell}）'}", None),
        ("{id: a, that: all(children.born <= period.last), say: '{children.born}'}", "生年月日"),
        ("{id: a, that: all(children.born <= period.last), say: '{left}'}", "生年月日"),
        ("{id: a, that: all(children.born <= period.last)}", "生年月日"),
        ("{id: a, that: max(children.born) <= period.last, say: '{max}'}", "生年月日"),
        ("{id: a, that: given(head), say: '{head}'}", "代表者名"),
        ("{id: a, that: given(head), say: '代表者名を記入してください'}", None),
        ("{period: head, say: '{found}'}", "代表者名"),
        ("{period: head}", None),
    ],
)
def test_what_a_reason_quotes(tmp_path: Path, check: str, label: str | None) -> None:
    assert quoted(tmp_path, check) == ([label] if label else [])


def test_it_draws_a_warning(tmp_path: Path) -> None:
    quoted(tmp_path, "{id: a, that: given(head), say: '{head}'}")
    (found,) = [
        each for each in doubts(load(tmp_path, rules_folder()), [], date(2026, 10, 1)) if "quotes" in each.message
    ]
    assert found.line == 10 and "代表者名" in found.message


def test_the_shipped_reasons_quote_nothing_personal() -> None:
    assert [(rule.document, list(personal.quoted(rule))) for rule in SHIPPED.rules.values() if rule.checks]
    for rule in SHIPPED.rules.values():
        assert list(personal.quoted(rule)) == [], rule.document


def test_the_shipped_messages_say_only_what_chat_may_hear() -> None:
    for name, texts in SHIPPED.messages.items():
        assert set(texts) == set(LANGUAGES), name
        assert all(placeholders(text) <= WORDS and 0 < len(text) <= LONGEST for text in texts.values()), name
        assert placeholders(texts["ja"]) == placeholders(texts["en"]), name


def test_messages_have_no_word_for_what_stands_in_a_form() -> None:
    """Whoever adds a word asks first whether it could carry a person's name."""
    assert {
        "facility", "month", "document", "list", "reason", "instead", "number", "count", "day", "example", "place",
        "detail", "file", "n", "id", "inbox", "review", "corrections", "confirmed",
        "missing",
    } == WORDS  # fmt: skip
