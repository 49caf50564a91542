"""The rules in force: which document a file is, by its name, and what holds for that document.

Pure data and its questions. Refuses to guess: a name that two rules take, or that can be read in two ways, has no
document. Every answer says why, rule by rule.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Literal, get_args

from syncd import names
from syncd.model import Operator
from syncd.rulebook import naming, period
from syncd.rulebook.calendar import Calendar
from syncd.rulebook.expected import asked_for
from syncd.rulebook.messages import Messages
from syncd.rulebook.rule import Rule
from syncd.rulebook.workflow import Workflow
from syncd.yamltext import shown

NIL: Final = "該当なし"
"""How a file name begins that answers "we have none this time"."""

Pieces = tuple[naming.Piece, ...]

_EVERY: Final[tuple[period.Every, ...]] = get_args(period.Every)
_MOST_KEPT: Final = 2_000
_ANY: Final = naming.Piece("any")
_GAP: Final = naming.Piece("separator")
_BEGINNINGS: Final[tuple[Pieces, ...]] = tuple(
    (*before, naming.Piece("text", naming.normalised(NIL)))
    for before in ((), (naming.Piece("facility"), _GAP, naming.Piece("period"), _GAP))
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that a name may be.

    Attributes:
        period: None when the name carries none.
        nil: the file says that there is nothing to send (該当なし).
        rule: file (without its folder), line and version of the rule: `enrolment.yaml:5@a1b2c3d`.
    """

    document: str
    period: str | None
    nil: bool = False
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """What the rules say of a name; `why` has a line for each rule.

    Attributes:
        misplaced: the name carries the code of another facility: it was put into the wrong folder. The candidates
            are what it would be there.
    """

    candidates: tuple[Candidate, ...]
    why: tuple[str, ...] = ()
    misplaced: bool = False

    @property
    def state(self) -> Literal["one", "unknown", "ambiguous", "misplaced"]:
        if self.misplaced:
            return "misplaced"
        if len(self.candidates) == 1:
            return "one"
        return "ambiguous" if self.candidates else "unknown"


@dataclass(frozen=True, slots=True)
class _Name:
    """A file name, ready to be compared: as it is, and without the marks of a further version."""

    stems: tuple[str, ...]
    extension: str
    code: str | None
    today: date

    def fit(self, pieces: Pieces, every: period.Every, *, any_code: bool = False) -> naming.Fit | None:
        code = None if any_code else self.code
        for stem in self.stems:
            found = naming.fit(pieces, stem, code, period.spelled(stem, every, self.today))
            if found is not None:
                return found
        return None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules in force, frozen.

    Attributes:
        rules: by document id, in the order of their files.
        forms: SHA-1 of the blank forms in the rules folder's `forms/`.
        messages: name → language → text.
        common, workflows: the tables of moves, for all and by document id.
        version: a short hash of all its files.
        calendar: the ward's business days and office hours.
    """

    rules: Mapping[str, Rule]
    forms: frozenset[str]
    messages: Messages
    common: Workflow
    workflows: Mapping[str, Workflow]
    version: str = ""
    calendar: Calendar = field(default_factory=Calendar)
    _matched: dict[tuple[str, str | None, date, str], Match] = field(default_factory=dict, compare=False, repr=False)
    """Answers that were given: a round asks several times for the same name."""

    def workflow(self, document: str | None) -> Workflow:
        """The table of moves for a document; the common one for an unknown type."""
        return self.workflows.get(document or "", self.common)

    def title(self, document: str | None) -> str | None:
        """What people call it; None for an unknown type."""
        rule = self.rules.get(document or "")
        return rule.title if rule else None

    @property
    def vocabulary(self) -> str:
        """The words of the forms themselves: titles, labels, what stands there of persons."""
        words = (
            word
            for rule in self.rules.values()
            for word in (
                rule.title,
                *rule.personal_information,
                *(label for fact in rule.facts for label in fact.labels),
            )
        )
        return " ".join(words)

    def personal(self, document: str | None) -> bool:
        """Its file names must not appear in chat: it has personal information, or nobody knows."""
        rule = self.rules.get(document or "")
        return rule is None or bool(rule.personal_information)

    def many(self, document: str | None) -> bool:
        """Files are told apart by their names: several are one document together, or the type is unknown."""
        rule = self.rules.get(document or "")
        return rule is None or rule.many

    def match(self, name: str, operator: Operator, today: date, bundle: str = "") -> Match:
        """Which document a file of that name is when this operator sends it.

        Args:
            today: in the ward's time zone.
            bundle: the name of the zip file that it came in; '' for none. Where its own name says nothing, it belongs
                to what the bundle is called after, if that may consist of many files.
        """
        key = (name, operator.code, today, bundle)
        found = self._matched.get(key)
        if found is None:
            if len(self._matched) >= _MOST_KEPT:
                self._matched.clear()
            found = self._matched[key] = self._find(name, operator, today, bundle)
        return found

    def _find(self, name: str, operator: Operator, today: date, bundle: str) -> Match:
        asked = _asked(name, operator, today)
        found = self._match(asked)
        if found.candidates:
            return replace(found, candidates=tuple(self._for_when(each, today) for each in found.candidates))
        if bundle:
            around = self._match(replace(_asked(bundle, operator, today), extension=asked.extension))
            if len(around.candidates) == 1 and self.rules[around.candidates[0].document].many:
                return Match(around.candidates, (*found.why, *around.why))
        for code in _other_codes(asked):
            elsewhere = self._match(replace(asked, code=code))
            if elsewhere.candidates:
                return Match(elsewhere.candidates, found.why, misplaced=True)
        return found

    def fitting(self, name: str, operator: Operator, today: date) -> tuple[str, ...]:
        """The documents that the name alone fits, without a word on why."""
        asked = _asked(name, operator, today)
        return tuple(
            rule.document
            for rule in self.rules.values()
            if (not rule.extensions or asked.extension in rule.extensions) and asked.fit(rule.pieces, rule.every)
        )

    def _for_when(self, candidate: Candidate, today: date) -> Candidate:
        """A name without a period means the one that is due nearest, where the document is expected at all."""
        rule = self.rules[candidate.document]
        if candidate.period is not None or rule.required is None:
            return candidate
        return replace(candidate, period=asked_for(rule.required, rule.due, today, self.calendar))

    def _match(self, asked: _Name) -> Match:
        is_nil = any(asked.fit((*each, _ANY), every, any_code=True) for each in _BEGINNINGS for every in _EVERY)
        candidates, why = [], []
        for rule in self.rules.values():
            found, reason = _nil(rule, asked) if is_nil else _document(rule, asked)
            if found is not None:
                candidates.append(found)
            why.append(f"{rule.place}: {rule.title} ({rule.document}): {reason}")
        return Match(tuple(candidates), tuple(why))

    def example(self, document: str | None, operator: Operator, today: date) -> str:
        """A right file name; for an unknown type that of the document which is due first in a month."""
        rule = self.rules.get(document or "") or self._first_due(operator)
        if rule is None:
            return f"{operator.code or '012'}_{period.in_name(period.current('month', today))}_書類名.xlsx"
        when = period.current(rule.every, today)
        if rule.due is not None and rule.due.month == "next":
            when = period.before(when)
        return self.named(rule.document, operator, when)

    def named(self, document: str, operator: Operator, when: str, extension: str = "") -> str:
        """A right file name for that document and period; `extension` as it likes best where none is given."""
        rule = self.rules[document]
        likes_best = "xlsx" if not rule.extensions or "xlsx" in rule.extensions else min(rule.extensions)
        return f"{_example_stem(rule, operator.code or '012', when)}.{extension or likes_best}"

    def _first_due(self, operator: Operator) -> Rule | None:
        def urgency(rule: Rule) -> tuple[bool, bool, bool, int]:
            asked = rule.required is not None and (not rule.required.kinds or operator.kind in rule.required.kinds)
            due = rule.due
            return not asked, rule.every != "month", due is None or due.month != "same", due.day if due else 0

        return min(self.rules.values(), key=urgency, default=None)


def _asked(name: str, operator: Operator, today: date) -> _Name:
    stem, extension = naming.split_extension(naming.normalised(name))
    bare = names.strip_version_marks(stem)
    code = naming.normalised(operator.code) if operator.code is not None else None
    return _Name((stem,) if bare == stem else (stem, bare), extension, code, today)


def _other_codes(asked: _Name) -> tuple[str, ...]:
    """What in the name has the shape of the operator's code, but isn't it: as many digits. At most five."""
    code = asked.code
    if not code or not code.isdecimal():
        return ()
    runs = re.findall(r"[0-9]+", asked.stems[-1])
    return tuple(dict.fromkeys(run for run in runs if len(run) == len(code) and run != code))[:5]


def _document(rule: Rule, name: _Name) -> tuple[Candidate | None, str]:
    """The rule's document if the name fits, and why or why not."""
    found = name.fit(rule.pieces, rule.every)
    if found is None:
        return None, _why_not(rule, name)
    if rule.extensions and name.extension not in rule.extensions:
        what = f"extension .{name.extension}" if name.extension else "no extension: it"
        return None, f"the name fits, but {what} is none of {', '.join(sorted(rule.extensions))}"
    if len(found.periods) > 1:
        return None, f"the period could be {' or '.join(found.periods)}"
    when = found.periods[0] if found.periods else None
    return Candidate(rule.document, when, rule=rule.short_place), f"fits, period {when or 'not in the name'}"


def _why_not(rule: Rule, name: _Name) -> str:
    """What is to blame: the facility, the period, both, or the rest of the name."""
    loose = tuple(_ANY if piece.kind == "period" else piece for piece in rule.pieces)
    no_period = f"no {rule.every.replace('_', ' ')} can be read where {{period}} stands in {shown(rule.pattern)}"
    if loose != rule.pieces and name.fit(loose, rule.every):
        return no_period
    if name.code is not None and name.fit(loose, rule.every, any_code=True):
        code = _leading_word(name.stems[-1]) if rule.pieces[0].kind == "facility" else ""
        other = f"the name carries {shown(code) if code else 'another facility'} where {shown(name.code)} is expected"
        return other if name.fit(rule.pieces, rule.every, any_code=True) else f"{other}, and {no_period}"
    return f"the name doesn't fit {shown(rule.pattern)}"


def _nil(rule: Rule, name: _Name) -> tuple[Candidate | None, str]:
    """`該当なし_<title or id>…`, also after the facility and the period, answers for the document."""
    for words in (naming.normalised(rule.title), naming.normalised(rule.document)):
        for beginning in _BEGINNINGS:
            for gap in ((), (_GAP,)):
                pieces = (*beginning, *gap, naming.Piece("text", words))
                if any(_begins(name, stem, pieces, rule.every) for stem in name.stems):
                    return _nil_candidate(rule, name)
    return None, f"is no {NIL} for it: that begins with {shown(f'{NIL}_{rule.title}')}"


def _begins(name: _Name, stem: str, pieces: Pieces, every: period.Every) -> bool:
    """The stem begins so, and the title isn't the beginning of a longer word."""
    periods = period.spelled(stem, every, name.today)
    last = pieces[-1].text
    start = 0
    while (start := stem.find(last, start)) >= 0:
        end = start + len(last)
        ends_there = end == len(stem) or not stem[end].isalpha()
        if ends_there and naming.fit(pieces, stem[:end], name.code, periods):
            return True
        start += 1
    return False


def _nil_candidate(rule: Rule, name: _Name) -> tuple[Candidate | None, str]:
    found = {each.value for each in period.spelled(name.stems[0], rule.every, name.today)}
    if len(found) > 1:
        return None, f"the period could be {' or '.join(sorted(found))}"
    when = next(iter(found), None)
    candidate = Candidate(rule.document, when, nil=True, rule=rule.short_place)
    return candidate, f"{NIL}: answers for it, period {when or 'not in the name'}"


def _leading_word(stem: str) -> str:
    return "".join(itertools.takewhile(str.isalnum, stem))


def _example_stem(rule: Rule, code: str, when: str) -> str:
    """A stem that fits: what comes before the last {placeholder}, then the title; else piece by piece."""
    values = {"separator": "_", "one": "1", "facility": code, "period": period.in_name(when)}
    parts = [piece.raw or values.get(piece.kind, "") for piece in rule.pieces]
    last = max((at for at, piece in enumerate(rule.pieces) if piece.kind in ("facility", "period")), default=-1)
    titled = "".join(parts[: last + 1]) + ("_" if last >= 0 else "") + rule.title
    year = date(int(when[:4]), 4, 1)
    stem = naming.normalised(titled)
    if naming.fit(rule.pieces, stem, naming.normalised(code), period.spelled(stem, rule.every, year)):
        return titled
    return "".join(parts)
