"""Trying rules out on their own examples: each sample is judged as the daemon would, and compared with what it expects.

Owns what an example means: from whom it comes, how it is called, what lies around it. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from syncd.errors import Problem, SyncdError
from syncd.forms.fact import Value
from syncd.judging import Around, Judgement, Language, Looked, Reads, judge_looked, look_into
from syncd.model import Decision, Finding, Operator
from syncd.rulebook import Rule, Rulebook, period
from syncd.rulebook.checks import Example

BECOMES: Final = {"accept": "review", "return": "corrections"}
"""Where a file goes for a decision; the other decisions leave it where it is and are called as they are."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An example, tried.

    Attributes:
        place: file and line of the example, without its folder.
        expected, became: `review`, `corrections`, `hold`, `quarantine`; `became` also why it could not be judged.
        unsaid: texts that no reason contained.
        reasons: what decided, each with its check and cells.
        remarks: what is worth knowing of how it was read, such as a label that only contains the rule's.
    """

    place: str
    file: str
    expected: str
    became: str
    unsaid: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def right(self) -> bool:
        return self.expected == self.became and not self.unsaid


def missing_samples(rules: Sequence[Rule], folder: Path) -> tuple[Problem, ...]:
    """Examples whose files are not there."""
    return tuple(
        Problem(rule.file, each.line, f"there is no sample {file}", f"put it below {folder}", each.column)
        for rule in rules
        for each in rule.examples
        for file in _samples(each)
        if not (folder / file).is_file()
    )


def try_examples(
    reader: Reads, book: Rulebook, rules: Sequence[Rule], folder: Path, today: date, language: Language
) -> Iterator[Tried]:
    """Every example of these rules whose files are there, in the order of the rule files.

    Args:
        folder: of the rules; the samples lie below it.
        today: stands in where an example names no period.
    """
    for rule in rules:
        for example in rule.examples:
            if all((folder / file).is_file() for file in _samples(example)):
                yield _tried(reader, book, rule, example, folder, today, language)


def reasons(decision: Decision) -> tuple[str, ...]:
    """What decided, one line each. Of a name that fits no rule or several nothing: that is a line for each rule."""
    return tuple(map(reason, decision.findings))


def reason(finding: Finding) -> str:
    """One finding in a line: check, words, and the cells that the words don't name."""
    unnamed = [cell for cell in finding.cells if cell.rpartition("!")[2] not in finding.say]
    cells = f" ({', '.join(unnamed)})" if unnamed else ""
    return f"{finding.check}: {finding.say}{cells}" if finding.say else f"{finding.check}{cells}"


def _samples(example: Example) -> tuple[str, ...]:
    previous = (example.previous,) if example.previous else ()
    return (example.file, *previous, *(file for _, file in example.documents))


def _tried(
    reader: Reads, book: Rulebook, rule: Rule, example: Example, folder: Path, today: date, language: Language
) -> Tried:
    place = f"{Path(rule.file).name}:{example.line}"
    try:
        judged = _judge(reader, book, rule, example, folder, today, language)
    except SyncdError as error:
        return Tried(place, example.file, example.expect, "not judged", reasons=(str(error),))
    said = [*judged.decision.reasons, *(finding.say for finding in judged.decision.findings)]
    unsaid = tuple(words for words in example.says if not any(words in one for one in said))
    state = judged.decision.state
    became = BECOMES.get(state, state)
    if judged.decision.document not in (None, rule.document):
        became = f"{became} as {judged.decision.document}"
    own = tuple(line.partition(": ")[2] for line in judged.match.why if line.startswith(f"{rule.place}: "))
    told = reasons(judged.decision) or _unless(state, own)
    remarks = tuple(reason(finding) for finding in judged.findings if finding.result == "passed" and finding.say)
    return Tried(place, example.file, example.expect, became, unsaid, told, remarks)


def _unless(state: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    """Why the name does not fit, where that is the reason."""
    return lines if state in ("unknown", "ambiguous") else ()


def _judge(
    reader: Reads, book: Rulebook, rule: Rule, example: Example, folder: Path, today: date, language: Language
) -> Judgement:
    sender = example.sender
    operator = Operator("example", sender.name, sender.kind, sender.code or None, "", "")
    when = example.period or _usual(book, rule, today)

    def looked(document: str, file: str, when: str, name: str = "") -> Looked:
        arrives_as = name or _name(book, document, operator, file, when, today)
        return look_into(reader, book, operator, arrives_as, folder / file, today=today)

    def facts(document: str, file: str, when: str) -> dict[str, Value]:
        return dict(looked(document, file, when).reading.facts)

    previous = facts(rule.document, example.previous, period.before(when)) if example.previous else None
    others = {document: facts(document, file, when) for document, file in example.documents if document in book.rules}
    sample = looked(rule.document, example.file, when, example.name)
    return judge_looked(sample, book, operator, Around(previous, others), language)


def _usual(book: Rulebook, rule: Rule, today: date) -> str:
    """The period that such a document would be for, sent today."""
    when = period.current(rule.every, today)
    return period.before(when) if rule.due is not None and rule.due.month == "next" else when


def _name(book: Rulebook, document: str, operator: Operator, file: str, when: str, today: date) -> str:
    """The sample's own name if it is a right one for that document and period, else one that is."""
    own = Path(file).name
    found = book.match(own, operator, today).candidates
    if [(each.document, each.period) for each in found] == [(document, when)]:
        return own
    return book.named(document, operator, when, Path(file).suffix.removeprefix("."))
