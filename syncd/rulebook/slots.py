"""Which documents are expected for which periods, whoever's they are: a document type × a period, with its days.

Pure. Owns which periods belong to a month, and which are followed at a moment. Refuses to know operators and files.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import inf
from typing import Final

from syncd.rulebook.book import Rulebook
from syncd.rulebook.calendar import Calendar
from syncd.rulebook.expected import Required
from syncd.rulebook.period import after, before, current, first_day, kind_of, last_day
from syncd.rulebook.rule import Rule

_MOST_BACK: Final = 27
"""Months: by then every period is closed, also that of a fiscal year whose report is due in the year after."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A document type's place in one period.

    Attributes:
        due, over: the due day, and its end in seconds since the epoch; None and inf: there is none (yet).
        closed: nobody is asked for it any more.
        month: in which it is due before rolling, else in which its period ends.
        last_month: the latest `month` of all documents of its period.
        waits: it is asked for only when the others of its period are done.
    """

    rule: Rule
    required: Required
    period: str
    due: date | None
    over: float
    closed: bool
    month: str
    last_month: str
    waits: bool

    def due_after(self, day: date, calendar: Calendar) -> date:
        """The due day of what waited until the last of the others was done on `day`."""
        assert self.rule.due is not None
        return calendar.add_business_days(day, self.rule.due.business_days)


def end_of(day: date | None, now: datetime) -> float:
    """The end of a day in the time zone of `now`, in seconds since the epoch; of none: never."""
    return inf if day is None else datetime.combine(day + timedelta(days=1), time(0), now.tzinfo).timestamp()


def slots_of(period: str, rules: Rulebook, now: datetime) -> list[Slot]:
    """What is expected for one period; with a month also quarters' and years' documents that are due in it."""
    found = [_Draft(rule, rule.required, each) for rule in rules.rules.values() if rule.required
             for each in _periods(rule, rule.required, period)]  # fmt: skip
    return _finished(found, rules, now)


def slots_followed(rules: Rulebook, now: datetime) -> list[Slot]:
    """What is expected for all periods that have begun or are asked for already, as far back as any can be open."""
    found = [_Draft(rule, rule.required, each) for rule in rules.rules.values() if rule.required
             for each in _followed(rule, rule.required, now.date(), rules.calendar)]  # fmt: skip
    return _finished(found, rules, now)


@dataclass(frozen=True, slots=True)
class _Draft:
    rule: Rule
    required: Required
    period: str

    @property
    def month(self) -> str:
        return _month(self.rule, self.period)


def _finished(drafts: list[_Draft], rules: Rulebook, now: datetime) -> list[Slot]:
    """The slots in the order of their periods' ends, then of their due days."""
    last: dict[str, str] = {}
    for draft in drafts:
        last[draft.period] = max(draft.month, last.get(draft.period, ""))
    slots = []
    for draft in drafts:
        rule = draft.rule
        due = rule.due.on(draft.period, rules.calendar) if rule.due else None
        closed = now.date() > rule.closes.on(draft.period, due)
        waits = rule.due is not None and bool(rule.due.after)
        slots.append(
            Slot(
                rule,
                draft.required,
                draft.period,
                due,
                end_of(due, now),
                closed,
                draft.month,
                last[draft.period],
                waits,
            )
        )
    return sorted(slots, key=lambda slot: (last_day(slot.period), slot.period, slot.due or date.max))


def _month(rule: Rule, period: str) -> str:
    return current("month", rule.due.nominal(period) if rule.due else last_day(period))


def _periods(rule: Rule, required: Required, period: str) -> Iterator[str]:
    """The rule's periods that belong to one: itself, or those that are due in a month."""
    if kind_of(period) == required.every:
        if required.covers(period):
            yield period
    elif kind_of(period) == "month":
        each = current(required.every, first_day(period) - timedelta(days=750))
        while first_day(each) <= last_day(period):
            if _month(rule, each) == period and required.covers(each):
                yield each
            each = after(each)


def _followed(rule: Rule, required: Required, today: date, calendar: Calendar) -> Iterator[str]:
    """Backwards from the latest period that has begun, or whose first reminder has come."""
    each = current(required.every, today)
    while _first_reminder(rule, after(each), calendar) <= today:
        each = after(each)
    earliest = today.year * 12 + today.month - _MOST_BACK
    while (end := last_day(each)).year * 12 + end.month >= earliest:
        if required.covers(each):
            yield each
        each = before(each)


def _first_reminder(rule: Rule, period: str, calendar: Calendar) -> date:
    due = rule.due.on(period, calendar) if rule.due else None
    if due is None or rule.due is None or not rule.due.remind:
        return date.max
    return min(rule.due.steps(due, calendar))
