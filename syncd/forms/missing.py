"""What is said of facts that could not be read: not there, left blank, not calculated, of another kind, ambiguous.

One finding a fact, each with its place and what to do. Facts that may be left out are passed over when they are blank
or not there; what stands in them must be readable all the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from syncd.forms.fact import Fact, Kind, Value
from syncd.forms.labels import one_line
from syncd.model import Finding

_KINDS: Final[Mapping[Kind, tuple[str, str]]] = {
    "text": ("文字", "a text"),
    "int": ("整数", "a whole number"),
    "number": ("数値", "a number"),
    "amount": ("金額（円単位の整数）", "an amount in whole yen"),
    "date": ("日付（例: 2025/10/1、令和7年10月1日）", "a day, e.g. 2025-10-01"),
    "time": ("時刻（例: 7:30、午前7時30分）", "a time of day, e.g. 7:30"),
    "duration": ("時間（例: 7:30、7時間30分）", "a length of time, e.g. 7:30"),
    "yes_no": ("有・無（はい・いいえ、○・×）", "yes or no"),
}
_SAID: Final = {
    "missing": (
        "「{label}」の欄が見つかりません。様式の見出しや配置を変えずに記入してください。",
        "there is no field {label!r}: fill in the form without changing its headings.",
    ),
    "blank": (
        "「{label}」{at}が空欄です。記入してください。",
        "{label!r}{at} is blank: fill it in.",
    ),
    "uncalculated": (
        "「{label}」{at}の数式に計算結果がありません（計算値なし）。Excelで開いて保存し直してください。",
        "{label!r}{at} is a formula without a calculated value: open the file in Excel and save it again.",
    ),
    "wrong kind": (
        "「{label}」{at}を{kind}として読み取れません{found}。書き直してください。",
        "{label!r}{at} is not {kind}{found}: write it again.",
    ),
    "ambiguous": (
        "「{label}」{at}は二通りに読めるため、値を決められません{found}。一つの欄に一つの値をはっきり記入してください。",
        "{label!r}{at} can be read in two ways{found}, so it has no value: write one value clearly in one field.",
    ),
}
_SEVERAL: Final = (
    "「{label}」に当たる欄が{count}か所あり{at}、どれを読むか決められません。様式の見出しや配置を変えずに記入してください。",
    "{label!r} could be any of {count} fields{at}, so it has no value: fill in the form without changing its headings.",
)
_THROUGH: Final = (
    "「{label}」の見出しはなく、これを含む「{through}」の値{at}を読み取りました。",
    "there is no field {label!r}; the value{at} of {through!r}, which contains it, was read.",
)


def missing_facts(facts: Sequence[Fact], values: Mapping[str, Value], language: str) -> tuple[Finding, ...]:
    """A finding for each fact that could not be read. Their ids are `facts.<name>`.

    One that was read beside a longer label than the rule's has a finding, too, which is passed and says so.
    """
    found = [(fact, values.get(fact.name, Value("missing"))) for fact in facts]
    failed = [_finding(fact, value, language) for fact, value in found if is_a_fault(fact, value)]
    return (*failed, *(_near(fact, value, language) for fact, value in found if value.through))


def is_a_fault(fact: Fact, value: Value) -> bool:
    """What was found for the fact has a finding of its own."""
    if value.state == "found":
        return False
    if value.state == "blank" and fact.table and fact.optional:
        return bool(value.rows)  # a row was begun, and one of its fields left out
    return not (fact.optional and value.state in ("blank", "missing"))


def _finding(fact: Fact, value: Value, language: str) -> Finding:
    english = language != "ja"
    cell = value.worst or value.cell
    label = fact.title
    if fact.table:
        # A table that can't be told says which headings it lacks; of one that is there the column says what it is.
        lost = value.state in ("missing", "ambiguous") and value.shown
        label = value.shown if lost else _column_label(fact, value)
    single = _column_kind(fact, value)
    shown = "" if fact.table or fact.many else one_line(value.shown)
    found = "" if not shown else f" ({shown})" if english else f"（「{shown}」）"
    at = "" if not cell else f" ({cell})" if english else f"（{cell}）"
    kind = _KINDS[single][english]
    cells = ((cell,) if cell else ()) + value.others
    words = _SAID[value.state]
    if value.others:
        words, at = _SEVERAL, f" ({', '.join(cells)})" if english else f"（{'、'.join(cells)}）"
    said = words[english].format(label=one_line(label), at=at, kind=kind, found=found, count=len(cells))
    expected = kind if value.state == "wrong kind" else ""
    return Finding(f"facts.{fact.name}", "return", said, cells, shown, expected, {fact.name: value.state})


def _near(fact: Fact, value: Value, language: str) -> Finding:
    """That a longer label than the rule's was taken for it, which whoever writes the rule has to know."""
    english = language != "ja"
    at = "" if not value.cell else f" ({value.cell})" if english else f"（{value.cell}）"
    label = fact.labels[0] if fact.labels else fact.name
    said = _THROUGH[english].format(label=one_line(label), at=at, through=one_line(value.through))
    return Finding(f"facts.{fact.name}", "passed", said, values={fact.name: value.state})


def _column_label(fact: Fact, value: Value) -> str:
    number = _worst_column(fact, value)
    return fact.columns[number].labels[0] if number is not None else fact.columns[0].labels[0]


def _column_kind(fact: Fact, value: Value) -> Kind:
    number = _worst_column(fact, value) if fact.table else None
    return fact.kind if number is None else fact.columns[number].kind


def _worst_column(fact: Fact, value: Value) -> int | None:
    """Which column of a table the worst cell is in."""
    spot = value.worst.rpartition("!")[2]
    return value.places.index(spot) % len(fact.columns) if spot in value.places else None
