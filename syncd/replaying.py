"""Replaying a month by edited rules: what they would make of its files, beside what the rules in force made of them.

Owns which files belong to a month and what counts as a difference. Reads the state and the kept bytes; changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from syncd.errors import SyncdError
from syncd.examining import around_of, says_anything
from syncd.forms.fact import Value
from syncd.judging import Around, Judgement, Looked, judge_looked, look_into
from syncd.model import Operator, Role, TrackedFile
from syncd.rulebook import Rulebook, period
from syncd.trying import BECOMES, reason, reasons
from syncd.world import World

_NOT_HERE: Final = "no longer here"
_NOT_LOOKED: Final = "not judged"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What rules make of a file: `review`, `corrections`, `hold`, `unknown`, …; as which document, and why."""

    becomes: str
    document: str | None = None
    period: str | None = None
    rule: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replayed:
    """One file of the month: by the rules in force, and by the edited ones."""

    operator: Operator
    file: TrackedFile
    before: Outcome
    after: Outcome

    @property
    def changed(self) -> bool:
        """Something else would become of it, or as something else."""
        typed = None not in (self.before.document, self.after.document)  # what is held has no document of its own yet
        return self.before.becomes != self.after.becomes or (typed and self.before.document != self.after.document)

    @property
    def other_reasons(self) -> bool:
        """The same becomes of it, but with other words."""
        return not self.changed and self.before.reasons != self.after.reasons


Progress = Callable[[str, int], None]
"""Told of each operator and how many files of it were judged."""


def replay(
    world: World, in_force: Rulebook, edited: Rulebook, month: str, progress: Progress | None = None
) -> Iterator[Replayed]:
    """Every file of that period which the state still has, operator by operator.

    Args:
        month: the documents' period, `2026-10`; also `2026-Q3` or `2026`.
    """
    for operator in world.config.operators:
        files = [file for file in world.ledger.known(operator.id) if _belongs(world, operator, file, edited, month)]
        yield from _operator(world, operator, files, in_force, edited)
        if progress is not None:
            progress(operator.id, len(files))


def last_month(today: date) -> str:
    """The last complete month."""
    return period.before(period.current("month", today))


def _belongs(world: World, operator: Operator, file: TrackedFile, edited: Rulebook, month: str) -> bool:
    """It is of that period, would be by the edited rules, or is of no type and came then or in the month after."""
    if file.role is not Role.DOCUMENT or file.submitted is None:
        return False
    if file.period == month:
        return True
    day = _day(world, file)
    match = edited.match(file.name, operator, day, file.bundle)
    if match.state == "one":
        return match.candidates[0].period == month
    return file.document is None and month in (came := period.current("month", day), period.before(came))


def _operator(
    world: World, operator: Operator, files: list[TrackedFile], in_force: Rulebook, edited: Rulebook
) -> Iterator[Replayed]:
    # Facts first, verdicts then: a check may compare two forms that are both read by the edited rules.
    looked = {file.id: _look(world, operator, file, edited) for file in files}
    facts = {
        (one.match.candidates[0].document, one.period): one.reading.facts
        for one in looked.values()
        if isinstance(one, Looked) and one.match.state == "one"
    }
    for file in files:
        found = looked[file.id]
        if isinstance(found, Looked):
            judged = judge_looked(
                found, edited, operator, _around(world, operator, found, facts), world.config.language
            )
            after = _outcome(judged)
        else:
            after = found
        yield Replayed(operator, file, _before(world, operator, file, in_force), after)


def _look(world: World, operator: Operator, file: TrackedFile, rules: Rulebook) -> Looked | Outcome:
    assert file.submitted is not None
    if not world.versions.has(file.submitted):
        return Outcome(_NOT_HERE, file.document, file.period)
    content, day = world.versions.path(file.submitted), _day(world, file)
    try:
        return look_into(world.reader, rules, operator, file.name, content, today=day, bundle=file.bundle)
    except SyncdError as error:
        return Outcome(_NOT_LOOKED, file.document, file.period, reasons=(str(error),))


def _before(world: World, operator: Operator, file: TrackedFile, in_force: Rulebook) -> Outcome:
    """What was said of exactly these bytes when they were judged; else what the rules in force say now."""
    stored = world.ledger.judgement(file.id)
    if stored is not None and stored.sha1 == file.submitted:
        decisive = tuple(finding for finding in stored.findings if finding.result == _result(stored.state))
        said = tuple(map(reason, decisive))
        return Outcome(BECOMES.get(stored.state, stored.state), stored.document, stored.period, stored.rule, said)
    found = _look(world, operator, file, in_force)
    if isinstance(found, Outcome):
        return found
    around = _around(world, operator, found, {})
    return _outcome(judge_looked(found, in_force, operator, around, world.config.language))


def _around(
    world: World, operator: Operator, looked: Looked, facts: Mapping[tuple[str, str | None], Mapping[str, Value]]
) -> Around:
    """What was read by the same rules just now; what wasn't, as it was read when it was judged."""
    if looked.match.state != "one" or looked.period is None:
        return Around()
    own, when = looked.match.candidates[0].document, looked.period
    earlier = period.before(when)
    judged = around_of(world.ledger.accepted_judgements(operator.id, (when, earlier)), own, when)
    anew = {key: read for key, read in facts.items() if says_anything(read)}
    others = {document: read for (document, of), read in anew.items() if of == when and document != own}
    return Around(anew.get((own, earlier), judged.previous), {**judged.others, **others})


def _outcome(judged: Judgement) -> Outcome:
    decision = judged.decision
    becomes = BECOMES.get(decision.state, decision.state)
    return Outcome(becomes, decision.document, decision.period, decision.rule, reasons(decision))


def _result(state: str) -> str:
    return "warn" if state == "accept" else state


def _day(world: World, file: TrackedFile) -> date:
    """The day it came: what a bare 10月分 in its name means depends on it."""
    return datetime.fromtimestamp(file.arrived_at, world.config.zone).date()
