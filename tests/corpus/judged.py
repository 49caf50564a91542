"""What syncd says of the forms of the corpus, beside what is right: read and judged as samples of rules are."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal

from syncd import packaged
from syncd.errors import Misconfigured
from syncd.forms.fact import Value
from syncd.judging import Around, judge_looked, look_into
from syncd.model import Operator
from syncd.reading import Reader
from syncd.rulebook import Rulebook
from syncd.rulebook.load import Snapshot, build, snapshot
from tests.corpus.form import Form, Right
from tests.corpus.write import EXTENSION, Case

Verdict = Literal["right", "refused", "untrue", "WRONG"]
"""refused: a value is there and was not read. untrue: there is none, but another reason is given for it."""
VERDICTS: Final[tuple[Verdict, ...]] = ("right", "refused", "untrue", "WRONG")
OPERATOR: Final = Operator("himawari", "ひまわり保育園", "認可保育所", "012", "", "")
_TODAY: Final = date(2026, 11, 20)
_BECOMES: Final = {"accept": "review", "return": "corrections"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One form and what came of it, in words: `expected` and `got`."""

    case: Case
    verdict: Verdict
    expected: str
    got: str


def rule(form: Form) -> str:
    """The rule of a form, as an administrator would write it."""
    facts = "".join(f"  {line}\n" for line in (f"x: {form.fact}", *form.more))
    checks = f"checks:\n{form.checks}\n" if form.checks else ""
    return (
        "document: corpus\ntitle: 試験\nmatch: {name: '{facility}_{period}_試験'}\n"
        "required: {every: month, nil: refused}\n"
        f"personal_information: []\nfacts:\n{facts}{checks}"
    )


def judge(cases: Iterable[Case], folder: Path, reader: Reader) -> Iterator[Judged]:
    """What comes of each form that was written into the folder."""
    for case in cases:
        yield _judged(case, folder / case.file, reader)


@lru_cache(1)
def _packaged() -> Snapshot:
    return snapshot(packaged.rules_folder())


def _book(form: Form) -> Rulebook:
    files = MappingProxyType({"corpus.yaml": rule(form).encode()})
    return build(Snapshot("corpus", files, frozenset()), _packaged())


def _judged(case: Case, file: Path, reader: Reader) -> Judged:
    form, right = case.form, case.form.right
    expected = f"{right.value!r}" if right.value is not None else "|".join(sorted(right.states)) or right.becomes
    try:
        book = _book(form)
    except Misconfigured as error:
        return Judged(case, "refused", expected, f"the rule is refused: {error}")
    name = f"012_{form.period}_試験.{EXTENSION[case.kind]}"
    looked = look_into(reader, book, OPERATOR, name, file, today=_TODAY)
    judgement = judge_looked(looked, book, OPERATOR, Around(), "ja")
    became = _BECOMES.get(judgement.decision.state, judgement.decision.state)
    said = " / ".join(finding.say for finding in judgement.decision.findings)
    value = looked.reading.facts.get("x", Value("missing"))
    got = f"{_shown(value)} → {became}: {said}"
    if looked.reading.trouble:
        got = f"{looked.reading.trouble} ({looked.reading.detail}) → {became}"
    return Judged(case, _verdict(right, value, became, said), f"{expected} {right.becomes}".strip(), got)


def _verdict(right: Right, value: Value, became: str, said: str) -> Verdict:
    if right.becomes and right.value is None:
        if became == right.becomes and right.says in said:
            return "right"
        if became == right.becomes:
            return "untrue"
        return "refused" if right.becomes == "review" else "WRONG" if became == "review" else "untrue"
    if value.state == "found":
        if right.value is None or not same(_plain(value), right.value):
            return "WRONG"
        return "right" if right.becomes in ("", became) else "refused"
    if right.value is not None:
        return "right" if value.state in right.states else "refused"
    return "right" if value.state in right.states else "untrue"


def _plain(value: Value) -> object:
    return value.rows or value.many or value.one


def _shown(value: Value) -> str:
    at = value.worst or value.cell
    return f"{value.state} {_plain(value)!r}{f' at {at}' if at else ''}"


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def same(found: object, right: object) -> bool:
    """Equal in value and kind: 62 is 62.0, but not '62', and True is not 1."""
    if isinstance(right, tuple) and right[:1] == ("either",):
        return any(same(found, each) for each in right[1:])
    if isinstance(right, tuple):
        return isinstance(found, tuple) and len(found) == len(right) and all(map(same, found, right))
    if isinstance(right, Mapping):
        return (
            isinstance(found, Mapping)
            and found.keys() == right.keys()
            and all(same(found[key], each) for key, each in right.items())
        )
    if isinstance(right, bool) or isinstance(found, bool):
        return found is right
    if isinstance(right, int | Decimal):
        return isinstance(found, int | Decimal) and found == right
    if isinstance(right, time):  # a time of day counts from midnight
        right = timedelta(hours=right.hour, minutes=right.minute, seconds=right.second)
    if isinstance(right, str):
        return isinstance(found, str) and _squeezed(found) == _squeezed(right)
    return found == right
