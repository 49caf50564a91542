"""What people are asked for again, at one moment: what is missing, unanswered or not here yet, and what is done.

Pure. Owns when somebody is reminded, that it is said once, and that nothing is caught up: a reminder whose day passed
while nobody could send it is dropped. Refuses to know what is due (`checklist`) and to say it (`wording`, the outbox).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from syncd.model import REQUEST, Audience, Telling
from syncd.rulebook.book import Rulebook
from syncd.rulebook.checklist import DONE, UNSENT, ChecklistLine
from syncd.rulebook.period import kind_of
from syncd.rulebook.rule import Rule
from syncd.rulebook.wording import day_text, month_text

SETTLED_SECONDS: Final = 60.0
"""How long a document must have been confirmed before anything follows from it: a drag may be taken back (S6)."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to say in one room.

    Attributes:
        message: name of a text; '' when there is nothing to say, and only the keys are to be remembered.
        document, period: None when it is about several.
        keys: what has been said with it; whoever says it keeps them, in the same transaction.
        values: further words of the text (`list`, `detail`, `day`, `count`).
    """

    audience: Audience
    message: str
    operator: str
    document: str | None
    period: str | None
    keys: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)

    def telling(self) -> Telling | None:
        """For the outbox; None: there is nothing to say."""
        if not self.message:
            return None
        return Telling(
            self.audience, self.message, self.operator, 0, self.document, self.period, "", None, None,
            values=self.values,
        )  # fmt: skip


def due_reminders(
    lines: Iterable[ChecklistLine],
    rules: Rulebook,
    now: datetime,
    since: Mapping[str, date],
    said: Collection[str],
    *,
    language: str = "ja",
    unseen: Collection[str] = frozenset(),
    settled_seconds: float = SETTLED_SECONDS,
) -> tuple[Reminder, ...]:
    """What is to be said now; nothing outside office hours and on closed days.

    Args:
        lines: of `checklist.followed_lines`: whole periods.
        now: in the ward's time zone.
        since: operator → the day from which on it is asked for anything; one that isn't there, from today on.
        said: keys of what was said before; all keys of one call are kept together or not at all.
        unseen: operators of whom a side can't be seen, or who are held: nobody is chased then.
    """
    if not rules.calendar.in_office_hours(now):
        return ()
    by_operator: dict[str, list[ChecklistLine]] = {}
    for line in lines:
        if not line.closed and line.operator not in unseen:
            by_operator.setdefault(line.operator, []).append(line)
    found: list[Reminder] = []
    steps: _Steps = {}
    for operator, own in by_operator.items():
        office = _Office(rules, now, since.get(operator, now.date()), said, language, settled_seconds, own, steps)
        found += (*office.missing(), *office.unanswered(), *office.originals(), *office.all_confirmed())
    return tuple(found)


_Steps = dict[tuple[str, date], Mapping[date, int]]


@dataclass(frozen=True, slots=True)
class _Office:
    """What there is to say about one operator; `known_steps` are the same for all."""

    rules: Rulebook
    now: datetime
    since: date
    said: Collection[str]
    language: str
    settled_seconds: float
    lines: Sequence[ChecklistLine]
    known_steps: _Steps

    # ── what is missing (D1) ──

    def missing(self) -> Iterator[Reminder]:
        """One list of what is still to come and one of what is overdue, when the day of anything in it has come."""
        unsent, waiting, today = [], [], set()
        for line in self.lines:
            if line.state not in UNSENT and not line.waiting:
                continue
            steps = self._steps(line)
            if not steps or self.now.date() < min(steps) or self._key("missing", line) in self.said:
                continue
            if line.state in UNSENT:
                unsent.append(line)
                if self.now.date() in steps:
                    today.add(line)
            else:
                waiting.append(line)
        detail = self._join(line.title for line in waiting)
        coming = [line for line in unsent if line.due and line.due >= self.now.date()]
        overdue = [line for line in unsent if line.due and line.due < self.now.date()]
        if not today.isdisjoint(coming):
            yield self._listing("operator", "missing", "missing", coming, detail)
        if not today.isdisjoint(overdue):
            yield self._listing("operator", "overdue", "missing", overdue, detail)
            yield self._listing("staff", "overdue_staff", "overdue", overdue, detail)

    def _steps(self, line: ChecklistLine) -> Mapping[date, int]:
        rule = self._rule(line)
        if rule is None or rule.due is None or line.due is None or line.due < self.since:
            return {}
        key = (f"due {line.document}", line.due)
        if key not in self.known_steps:
            self.known_steps[key] = rule.due.steps(line.due, self.rules.calendar)
        return self.known_steps[key]

    # ── what is unanswered (D5) ──

    def unanswered(self) -> Iterator[Reminder]:
        """What was asked for so many business days ago, each to whom it concerns; the last time to staff, too."""
        intervals = self.rules.calendar.remind
        last: list[ChecklistLine] = []
        for name, message, steps in (
            ("corrections", "corrections_waiting", intervals.corrections),
            ("agreements", "agreement_waiting", intervals.agreements),
            ("originals", "original_waiting", intervals.originals),
            ("requests", "request_waiting", intervals.requests),
            ("review", "review_waiting", intervals.review),
        ):
            those = []
            for line in self.lines:
                begin = _waits_since(line, name)
                if begin is None or self._key(name, line) in self.said:
                    continue
                step = self._days_after(name, self._day(begin), steps).get(self.now.date())
                if step is not None:
                    those.append(line)
                    if step == steps[-1] and name != "review":
                        last.append(line)
            if those:
                yield self._listing("staff" if name == "review" else "operator", message, name, those)
        if last:
            yield self._listing("staff", "unanswered", "unanswered", last)

    def _days_after(self, name: str, begin: date, steps: Sequence[int]) -> Mapping[date, int]:
        """The days on which people are asked again, each with its step."""
        if (name, begin) not in self.known_steps:
            days = {self.rules.calendar.add_business_days(begin, step): step for step in steps}
            self.known_steps[name, begin] = days
        return self.known_steps[name, begin]

    # ── what is asked for when the others are done, and the sealed original ──

    def originals(self) -> Iterator[Reminder]:
        """Asks once when the time has come; calls it off when the document, or another one, is looked at again."""
        for line in self.lines:
            rule = self._rule(line)
            if rule is None or not (rule.original or (rule.due and rule.due.after)):
                continue
            count = 0
            while self._numbered("ask", line, count + 1) in self.said:
                count += 1
            is_open = count > 0 and self._numbered("off", line, count) not in self.said
            if not is_open and _to_be_asked(line, rule) and self._settled(line.asked_at):
                yield self._ask(line, rule, count + 1)
            elif is_open:
                yield from self._asked(line, rule, count)

    def _ask(self, line: ChecklistLine, rule: Rule, number: int) -> Reminder:
        calendar = self.rules.calendar
        day = line.due if rule.due and rule.due.after else None
        if day is None:
            day = calendar.add_business_days(self._day(line.asked_at or 0.0), calendar.remind.answer_days)
        keys = [self._numbered("ask", line, number)]
        if line.state == "confirmed":
            keys.append(self._numbered("confirmed", line, number))
        message = "send_sealed_original" if rule.original else "send_document"
        values = {"day": day.isoformat()}
        return Reminder("operator", message, line.operator, line.document, line.period, tuple(keys), values)

    def _asked(self, line: ChecklistLine, rule: Rule, number: int) -> Iterator[Reminder]:
        """It is asked for: is it called off, or has its own content been confirmed since?"""
        if line.original == "received":
            return
        confirmed = self._numbered("confirmed", line, number)
        others_open = bool(rule.due and rule.due.after) and line.due is None
        if others_open or (confirmed in self.said and line.state != "confirmed"):
            message = "sealed_original_off" if rule.original else ""
        elif line.state == "confirmed" and confirmed not in self.said:
            yield Reminder("operator", "", line.operator, line.document, line.period, (confirmed,))
            return
        else:
            return
        off = (self._numbered("off", line, number),)
        yield Reminder("operator", message, line.operator, line.document, line.period, off)

    # ── what is done ──

    def all_confirmed(self) -> Iterator[Reminder]:
        """Said once for a month, when all its documents are confirmed or not applicable."""
        months: dict[str, list[ChecklistLine]] = {}
        for line in self.lines:
            if kind_of(line.period) == "month" and not line.document.startswith(REQUEST):
                months.setdefault(line.period, []).append(line)
        for period, lines in months.items():
            key = f"all:{lines[0].operator}:{period}"
            latest = max((line.since or 0.0 for line in lines), default=0.0)
            done = all(line.state in DONE for line in lines) and any(line.state == "confirmed" for line in lines)
            if done and key not in self.said and self._settled(latest):
                yield Reminder("operator", "all_confirmed", lines[0].operator, None, period, (key,))

    # ── words and keys ──

    def _listing(
        self, audience: Audience, message: str, name: str, lines: Sequence[ChecklistLine], detail: str = ""
    ) -> Reminder:
        """One text about several documents, each with its own day; its month when they have it in common."""
        ordered = sorted(lines, key=lambda line: (line.due or date.max, line.period, line.title))
        periods = {line.period for line in ordered}
        entries = (self._entry(line, name, several=len(periods) > 1) for line in ordered)
        values = {"list": self._join(entries), "count": str(len(ordered))}
        if detail:
            values["detail"] = detail
        keys = tuple(self._key(name, line) for line in ordered)
        period = periods.pop() if len(periods) == 1 else None
        return Reminder(audience, message, ordered[0].operator, None, period, keys, values)

    def _entry(self, line: ChecklistLine, name: str, *, several: bool) -> str:
        japanese = self.language == "ja"
        month = month_text(line.period, self.language) if several else ""
        title = f"{month}分 {line.title}" if month and japanese else f"{month} {line.title}".strip()
        if name in ("missing", "overdue"):
            day = day_text(line.due.isoformat(), self.language) if line.due else ""
            return f"{title}（期限 {day}）" if japanese else f"{title} (due {day})"
        begin = next(filter(None, (_waits_since(line, each) for each in _WAITS)), None)
        day = day_text(self._day(begin).isoformat(), self.language) if begin is not None else ""
        return f"{title}（{day}から）" if japanese else f"{title} (since {day})"

    def _join(self, entries: Iterable[str]) -> str:
        return ("、" if self.language == "ja" else ", ").join(entries)

    def _key(self, name: str, line: ChecklistLine) -> str:
        """A document is named once a day: whatever made the day one of its days."""
        return f"{name}:{line.operator}:{line.document}:{line.period}:{self.now.date().isoformat()}"

    def _numbered(self, name: str, line: ChecklistLine, number: int) -> str:
        return f"{name}:{line.operator}:{line.document}:{line.period}:{number}"

    def _rule(self, line: ChecklistLine) -> Rule | None:
        return self.rules.rules.get(line.document)

    def _day(self, at: float) -> date:
        return datetime.fromtimestamp(at, self.now.tzinfo).date()

    def _settled(self, at: float | None) -> bool:
        """It happened long enough ago not to be taken back, and not before the operator was asked for anything."""
        return at is not None and self.now.timestamp() - at >= self.settled_seconds and self._day(at) >= self.since


_WAITS: Final = ("corrections", "agreements", "originals", "requests", "review")


def _waits_since(line: ChecklistLine, name: str) -> float | None:
    """Since when people wait for that kind of answer about the document; None: they don't."""
    if name == "originals":
        return line.asked_at if line.original == "awaited" and line.state == "confirmed" else None
    if name == "requests":
        return line.asked_at if line.document.startswith(REQUEST) and line.state in UNSENT else None
    if name == "review":
        return line.since if line.state == "review" else None
    offered = name == "agreements"
    return line.since if line.state == "corrections" and line.offered is offered else None


def _to_be_asked(line: ChecklistLine, rule: Rule) -> bool:
    if rule.original:
        return line.original == "awaited"
    return line.due is not None and line.state in UNSENT
