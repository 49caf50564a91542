"""How a file is judged: its name is matched, it is read, its checks are made, what they found is weighed.

One way for the daemon, for `syncd why`, for the examples of rules and for replaying a month; nothing here looks into a
file itself (whoever `Reads` does), knows a clock, or moves anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal, Protocol

from syncd.checks import Paper, check
from syncd.forms.check import Surroundings, evaluate
from syncd.forms.fact import Fact, Reading, Value
from syncd.model import Decision, Finding, Operator
from syncd.rulebook import Match, Rule, Rulebook, decide
from syncd.rulebook.decide import MISPLACED

Language = Literal["ja", "en"]


class Reads(Protocol):
    """Looks into files."""

    def read(self, content: Path, name: str, facts: Sequence[Fact] = ..., texts: Sequence[str] = ...) -> Reading:
        """What a file is and what stands in it. Raises SyncdError when nobody could look."""


@dataclass(frozen=True, slots=True)
class Around:
    """What a form is compared with.

    Attributes:
        previous: the facts of the same document in the period before; None: there is none.
        others: the facts of the other documents of that period, by document id.
    """

    previous: Mapping[str, Value] | None = None
    others: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was matched and read, not judged yet; `rule` None: no document, several, or another facility's."""

    name: str
    match: Match
    rule: Rule | None
    reading: Reading

    @property
    def period(self) -> str | None:
        """That its name carries."""
        return self.match.candidates[0].period if self.match.state == "one" else None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything that was found out about one file."""

    looked: Looked
    findings: tuple[Finding, ...]
    decision: Decision

    @property
    def match(self) -> Match:
        return self.looked.match

    @property
    def reading(self) -> Reading:
        return self.looked.reading

    @property
    def facts(self) -> Mapping[str, Value]:
        """What was read from the form, by name."""
        return self.looked.reading.facts


def judge_file(
    reader: Reads,
    rules: Rulebook,
    operator: Operator,
    name: str,
    content: Path,
    *,
    today: date,
    bundle: str = "",
    around: Around | None = None,
    language: Language = "ja",
) -> Judgement:
    """What the rules say of a file of that name and content when this operator sends it.

    Args:
        today: in the ward's time zone.
        bundle: the name of the zip file that it came in; '' for none.
        language: of the reasons.

    Raises:
        SyncdError: nobody could look into it: it has to wait.
    """
    looked = look_into(reader, rules, operator, name, content, today=today, bundle=bundle)
    return judge_looked(looked, rules, operator, around or Around(), language)


def look_into(
    reader: Reads, rules: Rulebook, operator: Operator, name: str, content: Path, *, today: date, bundle: str = ""
) -> Looked:
    """The first half: which document it is, and what its rule wants to know of it. Raises SyncdError."""
    match = rules.match(name, operator, today, bundle)
    rule = rules.rules.get(match.candidates[0].document) if match.state == "one" else None
    asks = None if rule is None or match.candidates[0].nil else rule
    reading = reader.read(content, name, asks.facts if asks else (), wanted_texts(asks))
    return Looked(name, match, rule, reading)


def judge_looked(looked: Looked, rules: Rulebook, operator: Operator, around: Around, language: Language) -> Judgement:
    """The second half: what its checks find beside these other forms, and what becomes of it. Pure."""

    def reason(key: str) -> str:
        return rules.messages[f"reason_{key}"][language]

    period = looked.period
    business_day = rules.calendar.business_day
    surroundings = Surroundings(
        operator, period, business_day, around.previous, around.others, language,
        document=looked.rule.document if looked.rule else "",
        titles={rule.document: rule.title for rule in rules.rules.values()},
        labels=_labels(rules, around.others),
        personal=looked.rule.personal_information if looked.rule else (),
    )  # fmt: skip
    nil = looked.match.state == "one" and looked.match.candidates[0].nil
    paper = Paper(looked.name, looked.reading, looked.rule, operator, period, nil, surroundings, language, reason)
    findings = check(paper)
    if not nil and all(finding.result in ("passed", "warn") for finding in findings):
        findings = (*findings, *_named_by_others(looked, rules, surroundings))
    if looked.match.state == "misplaced":
        findings = (*findings, Finding(MISPLACED, "hold", reason(MISPLACED), expected=operator.code or ""))
    return Judgement(looked, findings, decide(looked.match, findings))


def _named_by_others(looked: Looked, rules: Rulebook, around: Surroundings) -> Iterator[Finding]:
    """What other documents' checks find that compare theirs with this one, where the other came first."""
    if looked.rule is None:
        return
    own = looked.rule.document
    documents = {**around.documents, own: looked.reading.facts}
    for other in rules.rules.values():
        facts = around.documents.get(other.document)
        if facts is None or other.document == own:
            continue
        for each in other.checks:
            roots = each.expression.roots if each.expression is not None else frozenset()
            if own not in roots or "previous" in roots:
                continue
            for found in evaluate(each, facts, replace(around, documents=documents, document=other.document), own):
                yield replace(found, check=f"{other.document}.{found.check}")


def _labels(rules: Rulebook, documents: Iterable[str]) -> dict[str, str]:
    """What the forms of other documents call their facts and columns, by their dotted names."""
    found: dict[str, str] = {}
    for rule in (rules.rules[each] for each in documents if each in rules.rules):
        for fact in rule.facts:
            if not fact.table:
                found[f"{rule.document}.{fact.name}"] = fact.title
            for column in fact.columns:
                found[f"{rule.document}.{fact.name}.{column.name}"] = column.labels[0]
    return found


def wanted_texts(rule: Rule | None) -> tuple[str, ...]:
    """Every text that some check wants to find."""
    checks = rule.checks if rule is not None else ()
    wanted = (each.argument for each in checks if each.key == "text" and isinstance(each.argument, tuple))
    return tuple(dict.fromkeys(text for texts in wanted for text in texts))
