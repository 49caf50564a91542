"""When a document is expected, of whom and by which day: a rule's keys `required`, `due`, `closes` and `original`.

Pure. Owns these keys, their check, and the days that follow from them. Refuses to know files (`checklist`) and to
remind anybody (`reminders`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, cast, get_args

from syncd.model import Operator
from syncd.rulebook.calendar import Calendar, Roll
from syncd.rulebook.period import Every, current, first_day, fiscal_year, kind_of, last_day
from syncd.yamltext import Reader

KEYS_REQUIRED: Final = ("kinds", "operators", "every", "months", "valid_from", "valid_to", "nil", "per")
KEYS_DUE: Final = ("month", "day", "year", "roll", "remind", "after", "business_days")

_LAST_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_MOST_DAYS: Final = 366
_MONTH: Final = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])")
_ALL: Final = "all_confirmed"


@dataclass(frozen=True, slots=True)
class Required:
    """Of whom the document is expected, for which periods, and what answers for it.

    Attributes:
        kinds, operators: of operators, and ids; each empty: any.
        months: for monthly documents only: the months of the year (1–12) that they are expected for; empty: all.
        valid_from, valid_to: months (`2026-04`) between which a period's last month has to lie; '': no limit.
        nil: a file 該当なし answers for it; False: it is filed even when there is nothing to report.
        per: corporation: one facility of a corporation files it for all of them.
    """

    kinds: tuple[str, ...]
    every: Every
    valid_from: str = ""
    valid_to: str = ""
    nil: bool = True
    per: Literal["operator", "corporation"] = "operator"
    operators: tuple[str, ...] = ()
    months: tuple[int, ...] = ()

    def asks(self, operator: Operator) -> bool:
        """Whether it is expected of that operator at all."""
        of_kind = not self.kinds or operator.kind in self.kinds
        return of_kind and (not self.operators or operator.id in self.operators)

    def covers(self, period: str) -> bool:
        """Whether it is expected for that period at all."""
        if kind_of(period) != self.every:
            return False
        end = last_day(period)
        month = current("month", end)
        in_time = month >= self.valid_from and (not self.valid_to or month <= self.valid_to)
        return in_time and (not self.months or end.month in self.months)


@dataclass(frozen=True, slots=True)
class Due:
    """The due day.

    Attributes:
        month: same or next as the period's (last) month; or a month of the year (1–12), for fiscal years.
        day: of the month; 29–31 mean the last day of a month that is shorter.
        roll: where a due day goes that is no business day.
        remind: calendar days before (< 0) and after the due day, rising. One that falls on a closed day is brought
            forward to the business day before, after the due day put off to the next one.
        year: of a numbered month: `same` fiscal year as the period, or the `next` one.
        after: all_confirmed: it is asked for once all other required documents of that operator and period are
            confirmed or not applicable, and due `business_days` after the last of them; month and day mean nothing.
    """

    month: Literal["same", "next"] | int
    day: int
    roll: Roll
    remind: tuple[int, ...]
    year: Literal["same", "next"] = "same"
    after: Literal["", "all_confirmed"] = ""
    business_days: int = 0

    def nominal(self, period: str) -> date:
        """The due day before it rolls."""
        if isinstance(self.month, int):
            year = fiscal_year(last_day(period)) + (self.month < 4) + (self.year == "next")
            return date(year, self.month, self.day)
        month = last_day(period).replace(day=1)
        if self.month == "next":
            month = _next_month(month)
        return month.replace(day=min(self.day, (_next_month(month) - timedelta(days=1)).day))

    def on(self, period: str, calendar: Calendar) -> date | None:
        """The due day of a period's document; None: it waits for the others."""
        return None if self.after else calendar.roll(self.nominal(period), self.roll)

    def steps(self, due: date, calendar: Calendar) -> dict[date, int]:
        """On which business days people are reminded, each with its offset; the latest one counts for a day."""
        found: dict[date, int] = {}
        for offset in self.remind:
            day = due + timedelta(days=offset)
            found[calendar.roll(day, "next_business_day" if offset > 0 else "previous_business_day")] = offset
        return found


@dataclass(frozen=True, slots=True)
class Closes:
    """The day after a fiscal year's end (出納整理) on which the periods of that year are closed."""

    month: int = 5
    day: int = 31

    def on(self, period: str, due: date | None) -> date:
        """The last day on which anybody is asked for the period's documents; never before the due day."""
        year = fiscal_year(last_day(period)) + 1
        found = date(year + (self.month < 4), self.month, self.day)
        while due is not None and found < due:
            found = found.replace(year=found.year + 1)
        return found


def asked_for(required: Required, due: Due | None, day: date, calendar: Calendar) -> str:
    """The period that a file of this document is for when it came on `day` and names none: the one due nearest.

    What is due only after its period reports what happened: nobody can say that before the period is over.
    """
    near = current(required.every, day)
    if due is None:
        return near
    begin = first_day(near)
    around = {current(required.every, begin + timedelta(days=days)) for days in (-400, -200, -100, -35, -5, 0, 35)}
    reports = "next" in (due.month, due.year)
    expected = [period for period in around if required.covers(period) and (not reports or last_day(period) < day)] or [
        near
    ]

    def distance(period: str) -> tuple[int, str]:
        # What waits for the others is asked for in the month after.
        when = due.nominal(period) if due.after else due.on(period, calendar)
        return abs(((when or day) - day).days), period

    return min(expected, key=distance)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


# ── the rule file ──


def read_required(reader: Reader) -> Required | None:
    """The key `required`; None: it is not given, so nobody is asked for the document."""
    if not reader.has("required"):
        reader.know("required")
        return None
    required = reader.group("required")
    every = cast("Every", required.word("every", get_args(Every), "month"))
    months = required.integers("months", least=1, most=12)
    if months and every != "month":
        remedy = "remove it; a quarter or fiscal year is expected once"
        required.problem("required.months is for documents of every month", remedy, "months")
    begin, end = _month(required, "valid_from"), _month(required, "valid_to")
    if begin and end and end < begin:
        required.problem("required.valid_to lies before valid_from", "then it is never expected", "valid_to")
    found = Required(
        required.texts("kinds", single=True),
        every,
        begin,
        end,
        required.word("nil", ("allowed", "refused"), "allowed") == "allowed",
        "corporation" if required.word("per", ("operator", "corporation"), "operator") == "corporation" else "operator",
        required.texts("operators", single=True),
        tuple(sorted(set(months))),
    )
    required.finish(dict.fromkeys(KEYS_DUE, "due"))
    return found


def read_due(reader: Reader, required: Required | None) -> Due | None:
    """The key `due`; None: it has no due day."""
    if not reader.has("due"):
        reader.know("due")
        return None
    due = reader.group("due")
    remind = tuple(sorted(set(due.integers("remind", least=-_MOST_DAYS, most=_MOST_DAYS))))
    found = _after(due, required, remind) if "after" in due.given() else _on_a_day(due, required, remind)
    due.finish(dict.fromkeys(KEYS_REQUIRED, "required"))
    return found


def read_closes(reader: Reader) -> Closes:
    """The key `closes`: when a fiscal year's periods are over."""
    closes = reader.group("closes")
    if not reader.has("closes"):
        return Closes()
    found = Closes(closes.integer("month", least=1, most=12), closes.integer("day", least=1, most=31))
    _refuse_impossible(closes, "closes", found.month, found.day)
    closes.finish()
    return found


def _after(due: Reader, required: Required | None, remind: tuple[int, ...]) -> Due:
    """It waits for the others."""
    due.word("after", (_ALL,))
    days = due.integer("business_days", least=1, most=200)
    for key in ("month", "day", "year", "roll"):
        due.know(key)
        if key in due.given():
            due.problem(f"due.{key} means nothing beside due.after", "remove one of the two", key)
    if required is None:
        due.problem("due.after needs `required`: nobody is asked for this document", "add `required:`", "after")
    return Due("next", 31, "next_business_day", remind, "same", "all_confirmed", days)


def _on_a_day(due: Reader, required: Required | None, remind: tuple[int, ...]) -> Due:
    due.know("after")
    month = _due_month(due, required)
    day = due.integer("day", least=1, most=31)
    if isinstance(month, int):
        _refuse_impossible(due, "due", month, day)
    roll = due.word("roll", get_args(Roll), "next_business_day")
    year = due.word("year", ("same", "next"), "same")
    if "year" in due.given() and not isinstance(month, int):
        due.problem("due.year is for a month that is given as a number", "remove it, or write month: 1–12", "year")
    due.know("business_days")
    if "business_days" in due.given():
        due.problem("due.business_days is for `after: all_confirmed`", "remove it, or add `after`", "business_days")
    return Due(month, day, cast("Roll", roll), remind, "next" if year == "next" else "same")


def _refuse_impossible(reader: Reader, key: str, month: int, day: int) -> None:
    last = _LAST_DAYS[month - 1]
    if day > last:
        reader.problem(f"{key}: there is no {month}/{day} every year", f"the last one is {last}", "day")


def _due_month(due: Reader, required: Required | None) -> Literal["same", "next"] | int:
    node = due.node("month")
    if node is None or not isinstance(node.value, int) or isinstance(node.value, bool):
        return "next" if due.word("month", ("same", "next")) == "next" else "same"
    if required is None or required.every != "fiscal_year":
        remedy = "write same or next; a number is for documents that are required every fiscal_year"
        due.problem(f"due.month can't be {node.value} here", remedy, "month")
        return "same"
    return due.integer("month", least=1, most=12)


def _month(reader: Reader, key: str) -> str:
    written = reader.text(key, "")
    if written and not _MONTH.fullmatch(written):
        shown = repr(written[:40])
        reader.problem(f"required.{key} can't be {shown}", "write a month from 2000-01 to 2099-12, e.g. 2026-04", key)
        return ""
    return written
