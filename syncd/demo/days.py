"""The days of the story: in an earlier month, so that nothing that happens lies in the future.

They follow from the ward's own rules and calendar; between them time leaps.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from syncd.errors import SyncdError

if TYPE_CHECKING:
    from syncd.demo.forms import Month
    from syncd.rulebook import Rulebook

TOKYO = ZoneInfo("Asia/Tokyo")
EARLY, MORNING = time(8), time(10)
"""Before the office opens nobody is reminded of anything; at ten somebody may be."""

BUSY = (6, 7)
"""Months in which yearly forms are asked for, too: who has sent the month's would hear something after all."""

DayName = Literal["first", "before", "due", "after", "last"]
Language = Literal["ja", "en"]

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Days:
    """When the story's days begin.

    Attributes:
        month: year and number.
        first: the head-counts are due; papers come in.
        before, due, after: three days before the staff lists are due, the day itself, the business day after.
        last: the month's last business day; the bill comes.
    """

    month: Month
    first: datetime
    before: datetime
    due: datetime
    after: datetime
    last: datetime

    @property
    def previous(self) -> Month:
        """The month before, of which reports are due in this one."""
        year, number = self.month
        return (year, number - 1) if number > 1 else (year - 1, 12)

    def at(self, name: DayName) -> datetime:
        """The moment at which that day begins."""
        found: datetime = getattr(self, name)
        return found

    def words(self, language: Language) -> dict[str, str]:
        """The days as narration names them: 16 November, 11月16日."""
        names: tuple[DayName, ...] = ("first", "before", "due", "after", "last")
        return {name: _named(self.at(name), language) for name in names}


def story_days(rules: Rulebook, today: date) -> Days:
    """The days of the last month before `today`'s that isn't `BUSY`."""
    last = _last_of_the_month_before(today)
    while last.month in BUSY:
        last = _last_of_the_month_before(last)
    first = last.replace(day=1)
    period, calendar = f"{first:%Y-%m}", rules.calendar
    due = {}
    for document in ("enrolment", "staff"):
        rule = rules.rules[document]
        due[document] = rule.due.on(period, calendar) if rule.due else None
    head_counts, staff_list = due["enrolment"], due["staff"]
    staff_due = rules.rules["staff"].due
    if head_counts is None or staff_list is None or staff_due is None:
        raise SyncdError("the rules that come with syncd have no due days for enrolment and staff")
    steps = {offset: day for day, offset in staff_due.steps(staff_list, calendar).items()}
    return Days(
        (first.year, first.month),
        _moment(head_counts, EARLY),
        _moment(steps[-3], MORNING),
        _moment(staff_list, MORNING),
        _moment(calendar.add_business_days(staff_list, 1), MORNING),
        _moment(calendar.roll(last, "previous_business_day"), MORNING),
    )


def heading(moment: datetime, language: Language) -> str:
    """Day and time, as a heading."""
    if language == "ja":
        return f"{moment.year}年{_named(moment, language)}（{'月火水木金土日'[moment.weekday()]}）{moment.hour}時"
    return f"{_WEEKDAYS[moment.weekday()]}, {_named(moment, language)} {moment.year}, {moment:%H:%M} in Tokyo"


def _last_of_the_month_before(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)


def _named(moment: datetime, language: Language) -> str:
    return f"{moment.month}月{moment.day}日" if language == "ja" else f"{moment.day} {_MONTHS[moment.month - 1]}"


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, TOKYO)
