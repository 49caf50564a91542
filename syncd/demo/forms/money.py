"""運営費請求書, as a workbook or as a PDF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from syncd.demo.forms import seal
from syncd.demo.forms.heading import Heading, Month, first_day, heading
from syncd.demo.forms.monthly import headcounts
from syncd.demo.forms.workbook import ERA_DAY, YEN, Form, Formula
from syncd.demo.pdf import Box, Item, Picture, Text, labelled, page

if TYPE_CHECKING:
    from syncd.demo.ward import Nursery

MAYOR = "新宿区長　様"


@dataclass(frozen=True, slots=True)
class Invoice:
    """運営費請求書.

    Attributes:
        lines: item, children, price of one.
        creditor: the ward's number for whom it pays, ten digits.
        sealed: there is a seal beside the representative.
    """

    heading: Heading
    written: date
    addressee: str
    creditor: str
    representative: str
    telephone: str
    sealed: bool
    children: int
    amount: int
    lines: tuple[tuple[str, int, int], ...]
    bank: str
    account: str
    holder: str

    def workbook(self) -> bytes:
        form = Form()
        page = form.sheet("請求書", (24, 18, 18, 18))
        page.title("運営費請求書", 4)
        page.put(2, 4, self.written, ERA_DAY)
        row = page.pairs(3, [("あて先", self.addressee or None), *self.heading.pairs])
        row = page.pairs(row, [("債権者番号", self.creditor), ("代表者", self.representative or None)])
        row = page.pairs(row, [("電話", self.telephone or None), ("対象児童数", self.children)]) + 1
        page.pairs(row, [("請求金額", self.amount)], '"金"#,##0"円"')
        row += 2
        first, end = row + 1, row + len(self.lines)
        rows = [
            (name, count, price, Formula(f"B{at}*C{at}", count * price))
            for at, (name, count, price) in enumerate(self.lines, first)
        ]
        total = Formula(f"SUM(D{first}:D{end})", sum(count * price for _, count, price in self.lines))
        styles = ("", YEN, YEN, YEN)
        row = page.table(row, [("項目", "人数", "単価", "金額"), *rows, ("合計", None, None, total)], styles) + 1
        page.pairs(row, [("振込先", self.bank), ("口座番号", self.account or None), ("口座名義", self.holder)])
        if self.sealed:
            page.picture("D9", seal.png())
        return form.content()

    def pdf(self) -> bytes:
        heading, year, number = self.heading, self.written.year, self.written.month
        items: list[Item] = [
            Text(240, 80, "運営費請求書", 20),
            Text(545, 110, f"{year}年{number}月{self.written.day}日", right=True),
            Text(60, 140, self.addressee, 12),
            *labelled(330, 170, [*heading.pairs, ("債権者番号", self.creditor)]),
            *labelled(330, 260, [("代表者", self.representative), ("電話", self.telephone)]),
            Text(60, 310, "次のとおり請求します。"),
            *labelled(60, 340, [("請求金額", f"金 {self.amount:,} 円"), ("対象児童数", f"{self.children} 人")]),
        ]
        if self.sealed:
            items.append(Picture(510, 240, 34, seal.SIZE, seal.dots()))
        cells = [("項目", "人数", "単価", "金額")]
        cells += [(name, f"{count}", f"{price:,}", f"{count * price:,}") for name, count, price in self.lines]
        cells += [("合計", "", "", f"{sum(count * price for _, count, price in self.lines):,}")]
        for at, (name, *numbers) in enumerate(cells):
            y = 390 + 24 * at
            items += [Box(60, y, 485, 24), Text(70, y + 16, name)]
            items += [Text(x, y + 16, value, right=True) for x, value in zip((300, 410, 535), numbers, strict=True)]
        bottom = 390 + 24 * len(cells) + 30
        items += labelled(60, bottom, [("振込先", self.bank), ("口座番号", self.account), ("口座名義", self.holder)])
        return page(f"{heading.name} 運営費請求書", items)


def invoice(nursery: Nursery, month: Month) -> Invoice:
    """As it should be."""
    children = sum(headcounts(nursery))
    lines = (("基本分単価", children, 78_400), ("処遇改善等加算", children, 9_150), ("3歳児配置改善加算", 12, 8_030))
    return Invoice(
        heading=heading(nursery, month),
        written=first_day(month).replace(day=28),
        addressee=MAYOR,
        creditor=f"0131040{nursery.code}",
        representative="理事長　佐々木 由美",
        telephone=f"03-0000-0{nursery.code}",
        sealed=True,
        children=children,
        amount=sum(count * price for _, count, price in lines),
        lines=lines,
        bank="みほん銀行　見本支店　普通",
        account=f"0000{nursery.code}",
        holder=nursery.name,
    )
