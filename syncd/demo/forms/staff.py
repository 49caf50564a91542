"""職員名簿・雇用状況表."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncd.demo.forms.heading import Heading, Month, fiscal_year, heading
from syncd.demo.forms.monthly import AGES, headcounts
from syncd.demo.forms.workbook import ERA_DAY, YEN, Form, Formula

if TYPE_CHECKING:
    from syncd.demo.ward import Nursery

NURSE = "保育士"
_NAMES = (
    "佐々木 由美", "田中 恵子", "鈴木 大輔", "高橋 さくら", "渡辺 真央", "山本 翔太", "中村 彩", "小川 拓海",
    "岡田 美穂", "長谷川 遥", "村上 涼", "近藤 明日香", "石井 亮", "坂本 優奈", "伊藤 誠", "遠藤 文子",
)  # fmt: skip
_JOBS = ("園長", "主任保育士", *(NURSE for _ in range(12)), "調理員", "用務員")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works there; `share`: of a full-time post (常勤換算)."""

    job: str
    name: str
    qualification: str
    number: str
    hired: date
    wage: int
    share: float


@dataclass(frozen=True, slots=True)
class StaffList:
    """職員名簿・雇用状況表: who works there, what the posts come to, and the children they look after."""

    heading: Heading
    people: tuple[Person, ...]
    total: float
    nurses: float
    ages: tuple[int, ...]

    def workbook(self) -> bytes:
        form = Form()
        page = form.sheet("職員名簿", (16, 18, 12, 18, 20, 12, 12))
        row = self.heading.write(page, "職員名簿・雇用状況表", 7)
        head = ("職種", "氏名", "資格", "登録番号", "採用年月日", "月額賃金", "常勤換算")
        rows = [
            (one.job, one.name, one.qualification or None, one.number or None, one.hired, one.wage, one.share)
            for one in self.people
        ]
        total = Formula(f"SUM(G{row + 1}:G{row + len(rows)})", self.total)
        styles = ("", "", "", "", ERA_DAY, YEN, "0.0")
        page.table(row, [head, *rows, ("合計", None, None, None, None, None, total)], styles)
        posts = form.sheet("雇用状況", (24, 14, 14))
        posts.title("雇用状況", 3)
        row = posts.table(3, [("年齢", "児童数"), *zip(AGES, self.ages, strict=True)]) + 1
        posts.pairs(row, [("保育士常勤換算", self.nurses)])
        return form.content()


def staff_list(nursery: Nursery, month: Month) -> StaffList:
    """As it should be."""
    start = fiscal_year(month)
    people = []
    for at, (job, name) in enumerate(zip(_JOBS, _NAMES, strict=True)):
        qualified = NURSE if NURSE in job or job == "園長" else {"調理員": "調理師"}.get(job, "")
        number = f"東京-{nursery.code}{at + 1:03}" if qualified else ""
        hired = date(start - 1 - at % 9, 4, 1)
        people.append(Person(job, name, qualified, number, hired, 310_000 - 5_000 * at, 0.8 if at % 5 == 3 else 1.0))
    total = round(sum(one.share for one in people), 1)
    nurses = round(sum(one.share for one in people if NURSE in one.job), 1)
    return StaffList(heading(nursery, month), tuple(people), total, nurses, headcounts(nursery))
