"""Of whom a file speaks: whose code or name stands in its name, or in the field where its rule looks for the facility.

Pure. Knows nobody but the ward's operators; a number that is nobody's code says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from syncd.checks.misplaced import names_facility, same_code
from syncd.forms.fact import Fact, Value
from syncd.model import Operator
from syncd.rulebook import Rule, Rulebook
from syncd.rulebook.naming import normalised, split_extension

Why = Literal[
    "other_operator", "other_inside", "made_for_other", "ward_page", "note_for_other", "names_other", "says_other",
    "sealed", "own_page", "alike_other",
]  # fmt: skip
QUARANTINED: Final = frozenset({"other_operator", "other_inside", "made_for_other", "ward_page", "note_for_other"})
"""What is known to be another's; what only speaks of another is left where it is, for a person to look."""
_TOKENS: Final = re.compile(r"[\W_]+")
_PERIOD: Final = re.compile(r"20\d{2}(?:0[1-9]|1[0-2])?(?:\d{2})?|(?:令和|平成|r|h)(?:\d{1,2}|元)(?:年.*)?|20\d{2}年.*")
_SHORTEST_NAME: Final = 3
_JOINS: Final = re.compile(r"[^\W\d_]\Z")
_ENDS_A_BODY: Final = re.compile(r"[会社人園団所区市町村県都府]\Z")


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a file may not leave the intranet for this operator; `why` is a key of REASONS."""

    why: Why

    @property
    def quarantine(self) -> bool:
        return self.why in QUARANTINED


@dataclass(frozen=True, slots=True)
class Asked:
    """A field in which a rule's `facility` or `facility_code` check looks; `fact` has a name of its own."""

    document: str
    of_code: bool
    fact: Fact


@dataclass(frozen=True, slots=True)
class Spoken:
    """What stood in such a field."""

    document: str
    of_code: bool
    text: str


@dataclass(frozen=True, slots=True)
class Inside:
    """What was found in one content.

    Attributes:
        marks: of whose it is, see `owner_mark`.
        members: what is packed in it, by name ('' for none) and SHA-1.
        sealed: why something in it could not be opened; '' when all could.
        said: what its forms, and those packed in it, say whose they are.
        alike: fingerprints of what stands in them, its own first ('' for none).
    """

    marks: tuple[str, ...]
    members: tuple[tuple[str, str], ...]
    sealed: str
    said: tuple[Spoken, ...]
    alike: tuple[str, ...] = ()


# ── names ──


_TELLING: Final = re.compile(r"[\u3005\u4e00-\u9fff]{2,}|[\u30a1-\u30fa\u30fc]{3,}|[A-Za-z]{3,}|\d{5,}")
"""Runs of one script: kanji, katakana, Latin letters, long numbers."""
_YEAR: Final = re.compile(r"20\d\d年?|[rR]\d{1,2}|令和(?:\d{1,2}|元)年?")
_MONTH: Final = re.compile(r"0?[1-9]|1[0-2]")
_HIRAGANA: Final = re.compile(r"[\u3041-\u3096\u30fc]{3,}")
_NAME_SIZES: Final = (3, 4, 5)
"""Signs of a name in hiragana: where it ends in a sentence can't be seen, so every part of a run may be one."""
_PERSON: Final = re.compile(
    r"([\u3005\u4e00-\u9fff]{1,6}|[\u30a1-\u30fa\u30fc]{2,}|[A-Za-z]{2,})"
    r"(?:さん|くん|ちゃん|君|殿|様(?![式子態相変々に])|氏(?![名族]))"
)
_SHORTEST_ID: Final = 4
_NO_PERSON: Final = frozenset(
    {
        "皆",
        "担当",
        "担当者",
        "御担当者",
        "園",
        "園長",
        "施設長",
        "事業者",
        "代表者",
        "保護者",
        "各位",
        "同",
        "仕",
        "多",
        "異",
        "一",
        "有",
        "模",
        "外",
        "客",
        "お客",
        "御客",
        "職員",
        "業者",
        "事務局",
        "貴園",
        "関係者",
        "利用者",
        "各園",
        "理事長",
    }
)


def named_others(path: str, operator: Operator, operators: Iterable[Operator], *, weak: bool = True) -> frozenset[str]:
    """The ids of other operators whose code or name a path carries, in its folders or in the file's name.

    Where it carries the operator's own as well, other numbers are no codes and other names are meant.

    Args:
        weak: also where the code may be the number of an enclosure, see `_carries`.
    """
    found: set[str] = set()
    *folders, name = path.split("/")
    for part in (*map(normalised, folders), split_extension(normalised(name))[0]):
        tokens = [token for token in _TOKENS.split(part) if token]
        own_code = any(_carries(tokens, code) for code in _codes(operator))
        own_name = _spells(part, operator.name)
        rest = part.replace(_tight(operator.name), "\0") if own_name else part
        for other in operators:
            if other.id == operator.id:
                continue
            by_code = not own_code and any(_carries(tokens, code, weak=weak) for code in _codes(other))
            if by_code or (not own_name and _spells(rest, other.name)):
                found.add(other.id)
    return frozenset(found)


def telling_words(text: str) -> frozenset[str]:
    """The words of a note that could tell of somebody (names, amounts, terms), not what holds a sentence together."""
    written = normalised(text)
    plain = _HIRAGANA.findall(written)
    parts = {run[at : at + size] for run in plain for size in _NAME_SIZES for at in range(len(run) - size + 1)}
    return frozenset(_TELLING.findall(written)) | parts


def persons_in(text: str) -> frozenset[str]:
    """The names of persons that a text speaks of, told by how they are addressed (花子さん, 山田様)."""
    return frozenset(name for name in _PERSON.findall(normalised(text)) if name not in _NO_PERSON)


def names_another(text: str, operator: Operator, other: Operator) -> bool:
    """Whether a text for one operator has another's name, id or code in it, its own name apart."""
    written = normalised(text)
    if _in_another(written, operator, other):
        return True
    by_id = len(other.id) >= _SHORTEST_ID and re.search(
        rf"(?<![A-Za-z0-9_-]){re.escape(normalised(other.id))}(?![A-Za-z0-9_-])", written
    )
    return bool(by_id) or any(_carries(_TOKENS.split(written), code, weak=False) for code in _codes(other))


def named_in(text: str, operator: Operator, operators: Iterable[Operator]) -> bool:
    """Whether a text for one operator has any other's name in it."""
    written = normalised(text)
    return any(_in_another(written, operator, other) for other in operators if other.id != operator.id)


def _in_another(written: str, operator: Operator, other: Operator) -> bool:
    name = _tight(normalised(other.name))
    return bool(name) and name in _tight(written).replace(_tight(normalised(operator.name)), "\0")


def _codes(operator: Operator) -> tuple[str, ...]:
    return (normalised(operator.code),) if operator.code else ()


def _carries(tokens: list[str], code: str, *, weak: bool = True) -> bool:
    """The code stands before a period. `weak`: or before words, or behind a period, as an enclosure's number does.

    写真_012 and 012 alone are numbers, and 10 behind 2026 is a month.
    """
    for at, token in enumerate(tokens):
        before, after = tokens[at - 1] if at else "", tokens[at + 1] if at + 1 < len(tokens) else ""
        if token != code or (_YEAR.fullmatch(before) and _MONTH.fullmatch(code)):
            continue
        if _PERIOD.fullmatch(after):
            return True
        if weak and (
            _PERIOD.fullmatch(before) or (at == 0 and any(any(map(str.isalpha, each)) for each in tokens[1:]))
        ):
            return True
    return False


def _spells(text: str, name: str) -> bool:
    """第二ひまわり保育園 and ひまわり保育園分園 are not ひまわり保育園."""
    tight, wanted = _tight(text), _tight(name)
    if len(wanted) < _SHORTEST_NAME:
        return False
    at = tight.find(wanted)
    while at >= 0:
        before, after = tight[:at], tight[at + len(wanted) :]
        alone = not _JOINS.search(before) or bool(_ENDS_A_BODY.search(before))
        if alone and not after.startswith(("分園", "分室", "第")):
            return True
        at = tight.find(wanted, at + 1)
    return False


def _tight(text: str) -> str:
    return "".join(normalised(text).split())


# ── fields ──


def asked_of_forms(rules: Rulebook, document: str | None) -> tuple[Asked, ...]:
    """Where forms say whose they are: of the rule for `document` as it reads it, of all others by their labels only."""
    asked: dict[tuple[bool, Fact], Asked] = {}
    own = rules.rules.get(document or "")
    for rule in ([own] if own else []) + [rule for rule in rules.rules.values() if rule is not own]:
        for of_code, fact in _fields(rule):
            known = fact if rule is own else replace(fact, cell="", sheet="", prefer_cell=False)
            if not (known.labels or known.cell or known.row or known.heading):
                continue
            key = replace(known, name="", optional=True, line=0, column=0)
            named = replace(key, name=f"{rule.document}:{of_code}:{fact.name}")
            asked.setdefault((of_code, key), Asked(rule.document, of_code, named))
    return tuple(asked.values())


def _fields(rule: Rule) -> Iterator[tuple[bool, Fact]]:
    facts = {fact.name: fact for fact in rule.facts}
    for check in rule.checks:
        fact = facts.get(str(check.argument)) if check.key in ("facility", "facility_code") else None
        if fact is not None and not fact.many and not fact.table:
            yield check.key == "facility_code", fact


def spoken(asked: Iterable[Asked], values: Mapping[str, Value]) -> tuple[Spoken, ...]:
    """What stands in the fields that were asked for."""
    found = []
    for each in asked:
        value = values.get(each.fact.name)
        if value is None or value.state in ("blank", "missing"):
            continue
        text = value.shown if value.one is None else str(value.one)
        if text:
            found.append(Spoken(each.document, each.of_code, text))
    return tuple(found)


def spoken_of(
    said: Iterable[Spoken], operator: Operator, operators: Iterable[Operator], rules: Rulebook
) -> frozenset[str]:
    """The ids of other operators of whom a form speaks; of a document that a corporation files for all, none of it."""
    found: set[str] = set()
    others = [other for other in operators if other.id != operator.id]
    for each in said:
        if _is(each, operator):
            continue
        found |= {
            other.id for other in others if _is(each, other) and not shared(each.document, operator, other, rules)
        }
    return frozenset(found)


def _is(said: Spoken, operator: Operator) -> bool:
    if said.of_code:
        return operator.code is not None and same_code(said.text, operator.code)
    return names_facility(said.text, operator.name)


def bears(name: str, operator: Operator, said: Iterable[Spoken]) -> tuple[bool, bool]:
    """Whether a file bears the operator's code, and whether its name: in the file's name or in a form's fields."""
    spoken = tuple(said)
    stem = split_extension(normalised(name))[0]
    tokens = [token for token in _TOKENS.split(stem) if token]
    code = any(_carries(tokens, one) for one in _codes(operator))
    code |= any(each.of_code and _is(each, operator) for each in spoken)
    return code, _spells(stem, operator.name) or any(not each.of_code and _is(each, operator) for each in spoken)


def shared(document: str | None, operator: Operator, other: Operator, rules: Rulebook) -> bool:
    """Whether one of them files the document for both: it is of their corporation."""
    rule = rules.rules.get(document or "")
    same = bool(operator.corporation) and operator.corporation == other.corporation
    return same and rule is not None and rule.required is not None and rule.required.per == "corporation"
