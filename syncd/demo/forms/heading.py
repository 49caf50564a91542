"""What stands at the top of every form: whose it is, and for when; and the names of invented people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from syncd.demo.forms.workbook import Content, Page
    from syncd.demo.ward import Nursery

Month = tuple[int, int]
"""Year and number."""

_REIWA = 2018
_FAMILIES = ("青木", "石田", "上野", "大森", "加藤", "木村", "小林", "斎藤", "清水", "高木", "中島", "西村", "野口")
_GIVEN = ("陽菜", "蓮", "結衣", "湊", "葵", "樹", "凛", "大和", "芽依", "悠真", "紬")


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose form it is, and for when as people write it, e.g. 令和8年10月分."""

    code: str
    name: str
    kind: str
    when: str

    def write(self, page: Page, title: str, columns: int, more: Sequence[tuple[str, Content]] = ()) -> int:
        """Puts it onto a sheet; the first free row below, with one left empty."""
        page.title(title, columns)
        return page.pairs(3, (*self.pairs, *more)) + 1

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Label and value."""
        return (("施設番号", self.code), ("施設名", self.name), ("施設類型", self.kind), ("対象年月", self.when))


def heading(nursery: Nursery, month: Month) -> Heading:
    """Of a nursery, for a month."""
    year, number = month
    return Heading(nursery.code, nursery.name, nursery.kind, f"令和{year - _REIWA}年{number}月分")


def fiscal_year(month: Month) -> int:
    """The year that began in April."""
    return month[0] - (month[1] < 4)


def first_day(month: Month) -> date:
    return date(*month, 1)


def child(number: int) -> str:
    """The name of an invented child; the first 143 differ."""
    return f"{_FAMILIES[number % 13]} {_GIVEN[number % 11]}"


def parent(number: int) -> str:
    """The name of an invented parent of that child."""
    return f"{_FAMILIES[number % 13]} {('健一', '美咲', '直樹', '千尋', '浩二')[number % 5]}"
