"""処遇改善等加算 計画書・実績報告書, 交付申請書 and 実績報告書."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncd.demo.forms import seal
from syncd.demo.forms.heading import Heading, Month, heading
from syncd.demo.forms.money import MAYOR, invoice
from syncd.demo.forms.staff import staff_list
from syncd.demo.forms.workbook import ERA_DAY, YEN, Form, Formula
from syncd.demo.pdf import Box, Item, Picture, Text, document, labelled

if TYPE_CHECKING:
    from syncd.demo.ward import Nursery

_REIWA = 2018


@dataclass(frozen=True, slots=True)
class Treatment:
    """処遇改善等加算, of a corporation for all its facilities in a fiscal year.

    Attributes:
        done: the report of what was done (実績報告書); else the plan (計画書).
        facilities: code, name, addition, raise.
        addition, raised: what they come to.
        wages: name, wages before and after, of one facility's staff.
    """

    done: bool
    corporation: str
    year: int
    facilities: tuple[tuple[str, str, int, int], ...]
    addition: int
    raised: int
    wages: tuple[tuple[str, int, int], ...]

    def workbook(self) -> bytes:
        form = Form()
        title, added, raised = (
            ("実績報告書", "加算実績額", "賃金改善実績額") if self.done else ("計画書", "加算見込額", "賃金改善見込額")
        )
        page = form.sheet(title, (24, 22, 20, 20))
        page.title(f"処遇改善等加算 {title}", 4)
        row = page.pairs(3, [("法人名", self.corporation), ("対象年度", f"令和{self.year - _REIWA}年度")])
        row = page.pairs(row, [(f"{added}合計", self.addition), (f"{raised}合計", self.raised)], YEN) + 1
        end = row + len(self.facilities)
        sums = (
            Formula(f"SUM(C{row + 1}:C{end})", sum(one[2] for one in self.facilities)),
            Formula(f"SUM(D{row + 1}:D{end})", sum(one[3] for one in self.facilities)),
        )
        head = ("施設番号", "施設名", added, raised)
        page.table(row, [head, *self.facilities, ("法人計", None, *sums)], ("", "", YEN, YEN))
        people = form.sheet("職員別内訳", (18, 16, 16))
        people.title("職員別内訳", 3)
        people.table(3, [("職員氏名", "改善前賃金", "改善後賃金"), *self.wages], ("", YEN, YEN))
        return form.content()


def treatment(nursery: Nursery, year: int, *, done: bool) -> Treatment:
    """As it should be: of a corporation with that nursery and another one."""
    code = int(nursery.code) if nursery.code.isdigit() else 0
    facilities = (
        (nursery.code, nursery.name, 4_800_000, 5_012_000 if done else 4_950_000),
        (f"{code + 500:03}", f"{nursery.name}分園", 2_400_000, 2_405_000 if done else 2_400_000),
    )
    addition, raised = sum(one[2] for one in facilities), sum(one[3] for one in facilities)
    people = staff_list(nursery, (year, 4)).people
    wages = tuple((one.name, one.wage, one.wage + 9_000) for one in people)
    return Treatment(done, "社会福祉法人みほん会", year, facilities, addition, raised, wages)


@dataclass(frozen=True, slots=True)
class Application:
    """交付申請書: the application for a month's grant, as a PDF of two pages with a seal."""

    heading: Heading
    written: date
    number: str
    addressee: str
    representative: str
    sealed: bool
    amount: int
    lines: tuple[tuple[str, int], ...]
    pages: int = 2

    def pdf(self) -> bytes:
        first: list[Item] = [
            Text(60, 60, self.number, 9),
            Text(545, 90, f"{self.written.year}年{self.written.month}月{self.written.day}日", right=True),
            Text(60, 130, self.addressee, 12),
            Text(330, 190, "申請者"),
            *labelled(330, 208, [*self.heading.pairs, ("代表者", self.representative)]),
            Text(225, 350, "運営費補助金交付申請書", 16),
            Text(60, 400, "標記の補助金について、関係書類を添えて次のとおり申請します。"),
            *labelled(60, 440, [("交付申請額", f"金 {self.amount:,} 円")]),
            Box(60, 448, 300),
        ]
        if self.sealed:
            first.append(Picture(505, 258, 40, seal.SIZE, seal.dots()))
        second: list[Item] = [Text(60, 60, f"{self.number}　別紙", 9), Text(250, 100, "申請額の内訳", 14)]
        rows = [("項目", "金額"), *((name, f"{value:,}") for name, value in self.lines)]
        rows.append(("合計", f"{sum(value for _, value in self.lines):,}"))
        for at, (name, value) in enumerate(rows):
            y = 130 + 24 * at
            second += [Box(60, y, 485, 24), Text(70, y + 16, name), Text(535, y + 16, value, right=True)]
        return document(f"{self.heading.name} 交付申請書", [first, second][: self.pages])


def application(nursery: Nursery, month: Month) -> Application:
    """As it should be: it asks for what the invoice of that month says."""
    bill = invoice(nursery, month)
    year, number = month
    written = date(year + number // 12, number % 12 + 1, 20)
    lines = tuple((name, count * price) for name, count, price in bill.lines)
    return Application(bill.heading, written, "第12号様式", MAYOR, bill.representative, True, bill.amount, lines)


@dataclass(frozen=True, slots=True)
class Result:
    """実績報告書: what was spent of a grant; `evidence`: day, payee, what for, amount, which paper proves it."""

    heading: Heading
    granted: int
    spent: int
    returned: int
    evidence: tuple[tuple[date, str, str, int, str], ...]

    def workbook(self) -> bytes:
        form = Form()
        page = form.sheet("実績報告書", (18, 24, 22, 16, 18))
        row = self.heading.write(page, "補助金 実績報告書", 5)
        row = page.pairs(row, [("交付決定額", self.granted), ("支出済額", self.spent), ("返還額", self.returned)], YEN)
        papers = form.sheet("証拠書類一覧", (20, 24, 22, 16, 18))
        papers.title("証拠書類一覧", 5)
        end = 3 + len(self.evidence)
        total = Formula(f"SUM(D4:D{end})", sum(one[3] for one in self.evidence))
        head = ("支払日", "支出先", "内容", "金額", "証拠書類番号")
        rows = [tuple(each or None for each in one) for one in self.evidence]
        papers.table(3, [head, *rows, ("合計", None, None, total, None)], (ERA_DAY, "", "", YEN, ""))
        return form.content()


def result(nursery: Nursery, year: int, quarter: int) -> Result:
    """As it should be: of that quarter (1: April to June) of a fiscal year."""
    first = (year + (quarter == 4), (quarter * 3) % 12 + 1)
    evidence = tuple(
        (date(first[0], first[1] + at % 3, 10 + at), payee, purpose, amount, f"証{at + 1:03}")
        for at, (payee, purpose, amount) in enumerate(
            (
                ("みほん教材株式会社", "保育教材", 128_700),
                ("見本給食サービス", "給食材料", 342_180),
                ("有限会社サンプル工務店", "園庭修繕", 415_000),
            )
        )
    )
    spent = sum(one[3] for one in evidence)
    about = heading(nursery, first)
    when = f"令和{year - _REIWA}年度第{quarter}四半期"
    return Result(Heading(about.code, about.name, about.kind, when), 900_000, spent, 900_000 - spent, evidence)
