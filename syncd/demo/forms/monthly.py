"""在籍児童数報告書 and 加算調整項目届出書."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncd.demo.forms.heading import Heading, Month, child, first_day, fiscal_year, heading
from syncd.demo.forms.workbook import ERA_DAY, Form, Formula

if TYPE_CHECKING:
    from syncd.demo.ward import Nursery

AGES = ("0歳", "1歳", "2歳", "3歳", "4歳", "5歳")
HEADCOUNTS = {"012": (6, 9, 11, 12, 12, 12), "013": (3, 8, 9, 12, 13, 12), "014": (6, 12, 14, 19, 20, 19)}
"""Children by age of the demo's nurseries."""
_USUAL = (3, 6, 8, 10, 10, 10)


def headcounts(nursery: Nursery) -> tuple[int, ...]:
    """Children by age."""
    return HEADCOUNTS.get(nursery.code, _USUAL)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """在籍児童数報告書: head-counts by age on the first of the month, and the list of children.

    Attributes:
        total: what the form says the ages come to; None: the formula was never calculated.
        joined, left: since last month.
        children: name, birthday, number of the certificate; without any the sheet is left out.
    """

    heading: Heading
    day: date
    capacity: tuple[int, ...]
    ages: tuple[int, ...]
    total: int | None
    joined: int
    left: int
    children: tuple[tuple[str, date, str], ...]

    def workbook(self) -> bytes:
        form = Form()
        page = form.sheet("在籍児童数報告書", (22, 14, 16, 14))
        row = self.heading.write(page, "在籍児童数報告書", 4, [("基準日", self.day)])
        end = row + len(self.ages)
        rows = list(zip(AGES, self.ages, self.capacity, strict=True))
        total = Formula(f"SUM(B{row + 1}:B{end})", self.total)
        seats = Formula(f"SUM(C{row + 1}:C{end})", sum(self.capacity))
        row = page.table(row, [("年齢", "在籍児童数", "定員"), *rows, ("合計", total, seats)]) + 1
        page.pairs(row, [("当月入所児童数", self.joined), ("前月退所児童数", self.left)])
        if self.children:
            listed = form.sheet("児童名簿", (8, 18, 20, 18))
            listed.title("児童名簿", 4)
            numbered = [(number, *each) for number, each in enumerate(self.children, 1)]
            listed.table(3, [("番号", "児童氏名", "生年月日", "認定番号"), *numbered], ("", "", ERA_DAY))
        return form.content()


def enrolment(nursery: Nursery, month: Month) -> Enrolment:
    """As it should be."""
    ages = headcounts(nursery)
    start = fiscal_year(month)
    children: list[tuple[str, date, str]] = []
    for age, count in enumerate(ages):
        for each in range(count):
            number = len(children)
            born = date(start - 1 - age, 5 + each % 5, 1 + number * 7 % 28)
            children.append((child(number), born, f"{nursery.code}{number + 1:07}"))
    return Enrolment(
        heading(nursery, month), first_day(month), tuple(count + 1 for count in ages), ages, sum(ages), 0, 0,
        tuple(children),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Additions:
    """加算調整項目届出書: item, whether it applies, whether that changed since last month, evidence."""

    heading: Heading
    items: tuple[tuple[str, str, str, str], ...]

    def workbook(self) -> bytes:
        form = Form()
        page = form.sheet("加算調整項目届出書", (26, 14, 18, 26))
        row = self.heading.write(page, "加算調整項目届出書", 4)
        rows = [tuple(each or None for each in item) for item in self.items]
        page.table(row, [("加算項目", "適用の有無", "前月からの変更", "添付書類"), *rows])
        return form.content()


def additions(nursery: Nursery, month: Month) -> Additions:
    """As it should be."""
    return Additions(
        heading(nursery, month),
        (
            ("所長設置加算", "有", "無", ""),
            ("3歳児配置改善加算", "有", "無", ""),
            ("主任保育士専任加算", "有", "無", ""),
            ("療育支援加算", "無", "無", ""),
            ("栄養管理加算", "有", "有", "栄養士の雇用契約書の写し"),
            ("施設機能強化推進費", "無", "無", ""),
        ),
    )
