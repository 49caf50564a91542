"""The schemas that editors use know the same keys and words as the readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it comes without types

from syncd.errors import Misconfigured, Problem
from syncd.rulebook.load import Snapshot, build, snapshot
from syncd.rulebook.schema import Schema, calendar_schema, rule_schema, workflow_schema
from syncd.rulebook.schema_words import WORDS
from syncd.yamltext import Node, Reader, collect_text
from tests.rulebook.conftest import PACKAGED
from tests.rulebook.wrong_rules import RIGHT, Wrong, wrong_files

SCHEMAS = {"rule.yaml": rule_schema(), "_workflow.yaml": workflow_schema(), "_calendar.yaml": calendar_schema()}
VALIDATORS = {file: Draft202012Validator(schema) for file, schema in SCHEMAS.items()}
STANDARD = snapshot(PACKAGED)

# Every group of keys once, so that every reader is asked; `rules/` has the rest.
FULL = """\
document: enrolment
title: 在籍児童数報告書
match: {name: '{facility}_{period}_在籍*', extension: [xlsx, xls]}
files: many
required:
  {kinds: [認可保育所], operators: [himawari], every: month, months: [4, 10],
   valid_from: 2026-04, valid_to: 2027-03, nil: refused, per: corporation}
due: {month: next, day: 10, roll: none, remind: [-3, 0]}
closes: {month: 5, day: 31}
original: true
personal_information: [氏名]
ward_edits: accept
moves:
  - {from: review, to: confirmed, by: staff, when: [edited], tell: [operator], message: {operator: confirmed},
     allow: true, ward_edits: accept}
facts:
  name: {label: 施設名}
  code: {label: 施設番号}
  month: {label: 対象月, as: date}
  total: {label: [合計, 計], where: right, sheet: 在籍, cell: C14, as: int, optional: true}
  ages: {range: C8:C13, as: ints}
  payable: {row: 合計, column: 金額, as: amount, nth: 1, blank: 休}
  before: {heading: [前月, [人数, 員数]], as: ints, until: 合計, skip: [小計]}
  third: {label: 金額, right: 3, as: amount}
  fourth: {label: 金額, below: 4, as: amount}
  worked: {label: 実働, cell: C5, prefer: cell, as: duration}
  sheets: {range: [C8:C13, D8:D13], sheet: [4月, 5月], as: ints}
  records: {table: {day: {heading: [実績, 日], as: date}, begun: {label: 時刻, as: time, row: 1},
    ended: {label: 時刻, as: time, row: 2, blank: [休]}}, rows: 2}
  children: {table: {name: {label: 氏名, as: text, optional: true}, born: 生年月日}, until: 合計}
checks:
  - {id: sum, that: sum(ages) == total, else: return, say: '{sum}人と{total}人（{cell}）'}
  - {size: 20 MB}
  - {pages: {least: 1, most: 3}}
  - {sheets: 在籍}
  - {text: [新宿区長], else: warn}
  - {image: 1, else: hold}
  - {facility: name}
  - {facility_code: code}
  - {period: month}
examples:
  - {file: samples/ok.xlsx, expect: review, says: a, period: 2026-10, name: 012.xlsx, previous: samples/before.xlsx,
     operator: {name: ひまわり, kind: 認可保育所, code: 12}, documents: {enrolment: samples/ok.xlsx}}
"""


def plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: plain(value) for key, value in node.value.items()}
    return [plain(each) for each in node.value] if isinstance(node.value, list) else node.value


def read(text: str, file: str = "rule.yaml") -> tuple[Problem, ...]:
    """What the readers say of a file."""
    try:
        build(Snapshot("", MappingProxyType({file: text.encode()}), frozenset()), STANDARD)
    except Misconfigured as faults:
        return faults.problems
    return ()


def agrees(text: str, file: str = "rule.yaml") -> bool:
    """Whether the schema says of it what an editor then shows as right."""
    node = collect_text(text, file, [])
    assert node is not None
    return bool(VALIDATORS[file].is_valid(plain(node)))


def groups(schema: Schema, where: str = "") -> Iterator[tuple[str, set[str]]]:
    """The keys of each group in a schema, by the keys that lead there (`*` for names that people give)."""
    for part in (schema, *schema.get("anyOf", ())):
        if "properties" in part:
            yield where, set(part["properties"])
            for key, inner in part["properties"].items():
                yield from groups(inner, f"{where}.{key}".strip("."))
        if isinstance(part.get("additionalProperties"), dict):
            yield from groups(part["additionalProperties"], f"{where}.*".strip("."))
        if isinstance(part.get("items"), dict):
            yield from groups(part["items"], where)


def known_by_readers(files: dict[str, str], patch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """The keys that readers ask for, group by group."""
    assert not read(RIGHT)  # what comes with syncd is read now, and then remembered
    found: dict[str, set[str]] = {}
    finish = Reader.finish

    def finishing(reader: Reader, *words: Any) -> None:
        where = re.sub(r"^(messages|facts)\.[^.]+", r"\1.*", reader.where)
        where = re.sub(r"^(facts\.\*\.table)\.[^.]+", r"\1.*", where)
        found.setdefault(where, set()).update(reader._known)
        finish(reader, *words)

    patch.setattr(Reader, "finish", finishing)
    for file, text in files.items():
        assert not read(text, file), file
    return found


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=list(SCHEMAS))
def test_a_schema_is_one(schema: Schema) -> None:
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("file", list(SCHEMAS))
def test_the_schema_has_every_key_that_the_readers_know_and_no_other(
    file: str, packaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"rule.yaml": FULL} if file == "rule.yaml" else {file: (packaged / file).read_text(encoding="utf-8")}
    readers = known_by_readers(texts, monkeypatch)
    written: dict[str, set[str]] = {}
    for where, keys in groups(SCHEMAS[file]):
        written.setdefault(where, set()).update(keys)
    assert written == readers


def test_every_key_is_described_in_both_languages_and_no_description_is_left_over() -> None:
    def described(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            assert all("description" in key for key in part.get("properties", {}).values())
            yield from (text for name, text in part.items() if name == "description")
        for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
            yield from described(inner)

    shown = {text for schema in SCHEMAS.values() for text in described(schema)}
    assert shown == {"\n".join(pair) for pair in WORDS.values()}
    for english, japanese in WORDS.values():
        assert english.isascii() or "…" in english or "該当なし" in english
        assert re.search("[ぁ-んァ-ヶ一-龠]", japanese)


@pytest.mark.parametrize("path", sorted(PACKAGED.glob("*.yaml")), ids=lambda path: path.name)
def test_the_rules_that_come_with_syncd_are_right_by_the_schema(path: Path) -> None:
    file = path.name if path.name.startswith("_") else "rule.yaml"
    text = path.read_text(encoding="utf-8")
    node = collect_text(text, file, [])
    assert node is not None
    assert [error.message for error in VALIDATORS[file].iter_errors(plain(node))] == []


# What no schema can say: whether a name is that of something else, what two keys mean together, what an expression
# or a pattern comes to.
BEYOND = (
    "twice", "never hold together", "never reached", "directly beside", "more than once", "without its partner",
    "ends with", "every year", "there is no message", "there is no placeholder", "`tell` without", "`message` without",
    "whom the line doesn't tell", "there is no message for", "is none", "tells nobody", "can't be 6 here",
    "means nothing", "is for", "lies before", "needs `required`", "has no lines", "too long", "checks.that",
    "decoration", "for a range", "more than 10,000", "is called", "less than at least", "there is no fact",
    "is no single", "there is no document", "day that exists", "both closed and open", "must be before",
    "must be the words", "names sheets twice", "but a record has", "the same heading", "two addresses",
)  # fmt: skip


@pytest.mark.parametrize("wrong", wrong_files(), ids=lambda wrong: wrong.what)
def test_what_the_readers_refuse_an_editor_marks_too_unless_no_schema_can(wrong: Wrong) -> None:
    problems: list[Problem] = []
    node = collect_text(wrong.text, wrong.file, problems)
    if node is None or problems:
        return  # no valid YAML: the editor says so by itself
    said = " ".join(wrong.answers)
    assert not agrees(wrong.text, wrong.file) or any(each in said for each in BEYOND), said


RIGHT_FACTS = (
    {"label": "合計", "as": "int"},
    {"label": ["合計", "計"], "cell": " $c$14", "where": "below", "sheet": "在籍"},
    {"range": "c8:C13", "as": "ints"},
    {"range": "C8 : C13"},
    {"table": {"name": "氏名", "age": {"label": ["年齢"], "as": "int", "optional": True}}, "until": "計"},
    {"label": "計", "as": "yes_nos", "until": "小計", "optional": True},
    {"cell": "ABC1"},
    {"row": ["合計", "計"], "column": "金額", "as": "amount", "nth": 2, "sheet": "内訳"},
    {"row": "合計", "heading": ["今月", ["金額", "額"]]},
    {"heading": "人数", "as": "ints", "until": "合計", "skip": "小計", "blank": ["休", "該当なし"]},
    {"heading": ["前月", "人数"], "as": "int"},
    {"label": "金額", "right": 3, "as": "amount"},
    {"label": "金額", "below": 2, "nth": 2},
    {"label": "金額", "cell": "C4", "prefer": "cell"},
    {"range": "'4月'!C8:C13", "as": "ints"},
    {"range": ["4月:6月!C8:C8", "合計!D1:D2"], "as": "durations"},
    {"range": "C8:C13", "sheet": ["4月", "5月"], "as": "times"},
    {
        "table": {"a": {"heading": ["前月", "人数"], "row": 2, "blank": "休"}, "b": "x"},
        "rows": 2,
        "nth": 2,
        "skip": "小計",
    },
)
RIGHT_CHECKS = (
    {"id": "a", "that": "1 == 1"},
    {"id": "b", "that": "period.month == 4 and operator.kind in ['認可保育所']", "say": "{period.month} {left}"},
    {"size": "3mb"},
    {"size": "500 KiB"},
    {"pages": {"most": 3}},
    {"pages": 2, "else": "hold"},
    {"text": ["新宿区長"], "else": "warn", "say": "{cell}"},
    {"sheets": "在籍"},
    {"image": 1, "id": "seal"},
)
RIGHT_EXAMPLES = (
    {"file": "samples/ok.xlsx", "expect": "review"},
    {"file": "samples/bad.xlsx", "expect": "corrections", "says": "合計", "period": 2026, "operator": {"code": 12}},
    {"file": "a.pdf", "expect": "hold", "says": ["a", "b"], "period": "2026-Q3", "previous": "b.pdf", "documents": {}},
)
RIGHT_MOVES = (
    {"from": "review", "to": "confirmed", "by": "staff"},
    {"from": "inbox", "to": "review", "by": "syncd", "when": "typed", "tell": "staff", "message": "arrived"},
    {
        "from": "inbox",
        "to": "review",
        "by": "staff",
        "when": ["held"],
        "tell": ["staff"],
        "message": {"staff": "arrived"},
    },
)


@pytest.mark.parametrize(
    "part",
    [
        *({"facts": {"total": fact}} for fact in RIGHT_FACTS),
        *({"checks": [check]} for check in RIGHT_CHECKS),
        *({"examples": [example]} for example in RIGHT_EXAMPLES),
        *({"moves": [move]} for move in RIGHT_MOVES),
    ],
    ids=str,
)
def test_what_is_right_is_right_for_both(part: dict[str, Any]) -> None:
    text = RIGHT + yaml.safe_dump(part, allow_unicode=True)
    assert [str(problem) for problem in read(text)] == []
    assert agrees(text)


def rules() -> st.SearchStrategy[dict[str, Any]]:
    """Rule files: often right, and often wrong in one or two keys only."""
    words = st.text("ab在籍 _-*", min_size=1, max_size=6)
    days = st.integers(-1, 31)
    required = st.fixed_dictionaries(
        {},
        optional={
            "kinds": st.lists(words, max_size=2) | words,
            "every": st.sampled_from(["month", "month", "fiscal_year", "week"]),
            "months": st.lists(st.integers(1, 13), max_size=1),
            "valid_from": st.sampled_from(["2026-04", "2026-12", "2026-4"]),
            "nil": st.sampled_from(["allowed", "refused"]),
            "per": st.sampled_from(["operator", "corporation"]),
        },
    )
    on_a_day = st.fixed_dictionaries(
        {"month": st.sampled_from(["same", "next", 3]), "day": st.integers(1, 32)},
        optional={"roll": st.sampled_from(["none", "next"]), "remind": st.lists(days, max_size=3)},
    )
    after = st.just({"after": "all_confirmed", "business_days": 5})
    optional: dict[str, st.SearchStrategy[Any]] = {
        "files": st.sampled_from(["one", "many", "many", "two"]),
        "required": required,
        "due": on_a_day | after,
        "closes": st.just({"month": 5, "day": 31}),
        "original": st.booleans(),
        "personal_information": st.lists(words, max_size=2),
        "ward_edits": st.sampled_from(["accept", "refuse"]),
        "moves": st.lists(st.sampled_from(RIGHT_MOVES), max_size=2),
        "facts": st.dictionaries(st.sampled_from(["total", "合計"]), st.sampled_from(RIGHT_FACTS), max_size=2),
        "checks": st.lists(st.sampled_from(RIGHT_CHECKS), max_size=2),
        "examples": st.lists(st.sampled_from(RIGHT_EXAMPLES), max_size=2),
    }
    match = st.fixed_dictionaries(
        {"name": st.sampled_from(["a*", "{facility}_{period}_在籍*", "{title}?", "{x}"])},
        optional={"extension": st.sampled_from(["xlsx", ["xlsx", ".xls"], [], [""]])},
    )
    ids = st.sampled_from(["a", "在籍", "a-1", "a b"])
    return st.fixed_dictionaries({"document": ids, "title": words, "match": match}, optional=optional)


@given(rules())
def test_what_the_readers_take_the_schema_takes_too(rule: dict[str, Any]) -> None:
    text = yaml.safe_dump(rule, allow_unicode=True)
    if not read(text):
        assert agrees(text), text
