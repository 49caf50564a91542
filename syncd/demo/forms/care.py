"""延長保育実績, 障害児保育加算 and 一時預かり実績."""

from __future__ import annotations

import calendar
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncd.demo.forms.heading import Heading, Month, child, fiscal_year, heading, parent
from syncd.demo.forms.workbook import ERA_DAY, Form, Formula

if TYPE_CHECKING:
    from syncd.demo.ward import Nursery

Day = tuple[date, int]
"""A day, and how many children there were."""
_WEEKDAYS = "月火水木金土日"


def days_of(month: Month) -> tuple[date, ...]:
    """All days of a month."""
    return tuple(date(*month, day) for day in range(1, calendar.monthrange(*month)[1] + 1))


def open_days(month: Month) -> tuple[date, ...]:
    """Those on which a nursery is open: no Sundays, no holidays, nothing from 29 December to 3 January."""
    import jpholiday

    def closed(day: date) -> bool:
        turn_of_the_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        return day.weekday() == 6 or turn_of_the_year or jpholiday.is_holiday(day)

    return tuple(day for day in days_of(month) if not closed(day))


def csv_text(heading: Heading, rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as Excel saves them as csv in Japan."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerows(heading.pairs)
    writer.writerows(rows)
    return written.getvalue().encode("cp932")


@dataclass(frozen=True, slots=True)
class ExtendedCare:
    """延長保育実績: children by day, the most in each week, the mean of those.

    Attributes:
        users: name of a child, days, and when it was fetched at the latest.
    """

    heading: Heading
    days: tuple[Day, ...]
    weeks: tuple[int, ...]
    mean: float
    users: tuple[tuple[str, int, str], ...]

    def workbook(self) -> bytes:
        form = Form()
        page = form.sheet("延長保育実績", (20, 18, 14))
        row = self.heading.write(page, "延長保育実績報告書", 3)
        first = row + 1
        row = page.table(row, [("週", "最大利用児童数"), *((f"第{at}週", most) for at, most in self._weeks())]) + 1
        mean = Formula(f"ROUND(SUM(B{first}:B{row - 2})/{len(self.weeks)},1)", self.mean)
        row = page.pairs(row, [("平均対象児童数", mean)]) + 1
        page.table(row, [("利用日", "曜日", "利用児童数"), *self._days()], (ERA_DAY,))
        listed = form.sheet("利用児童", (18, 12, 14))
        listed.title("利用児童一覧", 3)
        listed.table(3, [("児童氏名", "利用日数", "降園時刻"), *self.users])
        return form.content()

    def csv(self) -> bytes:
        """Without the children's names."""
        rows: list[Sequence[object]] = [
            [],
            ("週", "最大利用児童数"),
            *((f"第{at}週", most) for at, most in self._weeks()),
        ]
        rows += [[], ("平均対象児童数", self.mean), [], ("利用日", "曜日", "利用児童数")]
        rows += [(f"{day:%Y/%m/%d}", weekday, count) for day, weekday, count in self._days()]
        return csv_text(self.heading, rows)

    def _weeks(self) -> Iterable[tuple[int, int]]:
        return enumerate(self.weeks, 1)

    def _days(self) -> list[tuple[date, str, int]]:
        return [(day, _WEEKDAYS[day.weekday()], count) for day, count in self.days]


def extended_care(nursery: Nursery, month: Month) -> ExtendedCare:
    """As it should be."""
    days = tuple((day, 3 + day.day * 7 % 6) for day in open_days(month))
    most: dict[int, int] = {}
    for day, count in days:
        week = day.isocalendar().week
        most[week] = max(most.get(week, 0), count)
    weeks = tuple(most.values())
    users = tuple((child(at), 4 + at, f"19:{at * 7 % 60:02}") for at in range(8))
    return ExtendedCare(heading(nursery, month), days, weeks, round(sum(weeks) / len(weeks) + 1e-9, 1), users)


@dataclass(frozen=True, slots=True)
class Disability:
    """障害児保育加算: name, birthday, degree, evidence, and the day until which that is good."""

    heading: Heading
    count: int
    children: tuple[tuple[str, date, str, str, date], ...]

    def workbook(self) -> bytes:
        form = Form()
        page = form.sheet("障害児保育加算", (18, 20, 14, 24, 20))
        row = self.heading.write(page, "障害児保育加算 対象児童報告書", 5, [("対象児童数", self.count)])
        head = ("児童氏名", "生年月日", "障害の程度", "手帳・証明書", "有効期限")
        page.table(row, [head, *self.children], ("", ERA_DAY, "", "", ERA_DAY))
        return form.content()


def disability(nursery: Nursery, month: Month) -> Disability:
    """As it should be."""
    start = fiscal_year(month)
    children = (
        (child(3), date(start - 4, 6, 12), "中度", "療育手帳", date(start + 2, 3, 31)),
        (child(17), date(start - 5, 9, 3), "軽度", "医師の診断書", date(start + 1, 3, 31)),
    )
    return Disability(heading(nursery, month), len(children), children)


@dataclass(frozen=True, slots=True)
class TemporaryCare:
    """一時預かり実績: children by day, and their sum; `users`: child, parent, days."""

    heading: Heading
    days: tuple[Day, ...]
    total: int
    users: tuple[tuple[str, str, int], ...]

    def workbook(self) -> bytes:
        form = Form()
        page = form.sheet("一時預かり実績", (20, 16, 14))
        row = self.heading.write(page, "一時預かり事業 実績報告書", 3)
        rows = [(day, count) for day, count in self.days]
        total = Formula(f"SUM(B{row + 1}:B{row + len(rows)})", self.total)
        page.table(row, [("実施日", "利用児童数"), *rows, ("合計", total)], (ERA_DAY,))
        listed = form.sheet("利用者名簿", (18, 18, 12))
        listed.title("利用者名簿", 3)
        listed.table(3, [("児童氏名", "保護者氏名", "利用日数"), *self.users])
        return form.content()

    def csv(self) -> bytes:
        """Without anybody's name."""
        rows: list[Sequence[object]] = [[], ("実施日", "利用児童数")]
        rows += [(f"{day:%Y/%m/%d}", count) for day, count in self.days]
        return csv_text(self.heading, [*rows, ("合計", self.total)])


def temporary_care(nursery: Nursery, month: Month) -> TemporaryCare:
    """As it should be."""
    days = tuple((day, day.day * 5 % 4) for day in open_days(month))
    users = tuple((child(20 + at), parent(20 + at), 2 + at) for at in range(5))
    return TemporaryCare(heading(nursery, month), days, sum(count for _, count in days), users)
