"""Numbers as they are spread over cells, with units, as times and durations."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal
from random import Random

from tests.corpus.corpus import peculiarity
from tests.corpus.form import BOOKS, NATIVE, Field, Form, Ink, Page, Right, is_state, is_value
from tests.corpus.wording import AMOUNTS, COUNTS, TEXTS, fact, full_width

# docx has no widths that mean anything; LibreOffice's prints are tried with the lines that they have.
_SPREAD = (*BOOKS, "pdf", "calc-pdf")
_SPREAD_BOOKS = tuple(kind for kind in BOOKS if kind not in ("ods", "xls", "calc-ods"))


def _digits(rng: Random, text: str, kind: str) -> list[Ink | None]:
    as_numbers = kind in NATIVE and rng.random() < 0.6
    wide = rng.random() < 0.3
    return [Ink(int(sign)) if as_numbers else Ink(full_width(sign) if wide else sign) for sign in text]


@peculiarity("one digit a cell, within one box or equally narrow", (*_SPREAD_BOOKS, "pdf", "calc-pdf"))
def digit_cells(rng: Random, kind: str) -> Field:
    if rng.random() < 0.5:
        label, name, number = rng.choice(AMOUNTS), "amount", rng.randint(1_000, 9_999_999)
        text, value = str(number), number
        right = is_value(value, "wrong kind", "ambiguous")
    else:
        label, name = rng.choice(TEXTS), "text"
        text = "0" * rng.randint(0, 2) + str(rng.randint(10, 9_999_999))
        right = is_value(text, "wrong kind", "ambiguous")
    values = _digits(rng, text, kind)
    if name == "amount" and rng.random() < 0.4:
        values = [Ink(rng.choice(("¥", "￥", "金"))), *values]
    if name == "amount" and rng.random() < 0.4:
        values.append(Ink("円"))
    if name == "amount" and rng.random() < 0.3:
        values = [None, *values]  # a leading box that stays empty
    return Field([Ink(label)], values, fact(label, name), right, places=("left", "other sheet"),
                 narrow=rng.choice((3, 3.5, 4)), box=rng.choice(("each", "whole")))  # fmt: skip


@peculiarity("digits that spill over their boxes", ("pdf",))
def spilling(rng: Random, kind: str) -> Field:
    label, number = rng.choice(AMOUNTS), rng.randint(100_000, 9_999_999)
    values: list[Ink | None] = [Ink(rng.choice((sign, full_width(sign)))) for sign in str(number)]
    return Field([Ink(label)], values, fact(label, "amount"), is_value(number, "ambiguous", "wrong kind"),
                 places=("left",), narrow=rng.choice((2, 2.3)), box="each",
                 options={"font": "HeiseiMin-W3"})  # fmt: skip


@peculiarity("one digit a cell, equally wide, without lines", _SPREAD_BOOKS)
def digit_cells_plain(rng: Random, kind: str) -> Field:
    label, text = rng.choice(TEXTS), "0" + str(rng.randint(10, 99_999))
    return Field([Ink(label)], _digits(rng, text, kind), fact(label, "text"), is_value(text, "ambiguous", "wrong kind"),
                 places=("left",), narrow=rng.choice((2.5, 3)))  # fmt: skip


@peculiarity("single digits in a table's row are several numbers", _SPREAD)
def digits_of_a_table(rng: Random, kind: str) -> Form:
    months = rng.random() < 0.5
    headings = [f"{month}月" for month in (*range(4, 13), 1, 2, 3)] if months else [f"{age}歳児" for age in range(6)]
    label = rng.choice(COUNTS)
    page = Page("月別", widths={1: 14})
    page.put(1, 1, "月別利用状況" if months else "年齢別の状況")
    page.put(3, 1, "区分")
    page.put(4, 1, label)
    digits = [rng.randint(1, 9) for _ in headings]
    for at, (heading, digit) in enumerate(zip(headings, digits, strict=True), start=2):
        page.put(3, at, heading)
        page.put(4, at, digit)
        page.widths[at] = 6 if months else 8
    page.ruled.append((3, 1, 4, len(headings) + 1))
    return Form([page], fact(label, "int"), is_value(digits[0], "ambiguous", "wrong kind"), place="table")


@peculiarity("a sum and its unit in a cell of its own")
def unit_beside(rng: Random, kind: str) -> Field:
    if rng.random() < 0.5:
        label, name, number, unit = rng.choice(AMOUNTS), "amount", rng.randint(1, 999_999), "円"
    else:
        label, name, number, unit = rng.choice(COUNTS), "int", rng.randint(0, 300), rng.choice(("人", "名"))
    blank = rng.random() < 0.3
    return Field([Ink(label)], [None if blank else Ink(number, "#,##0"), Ink(unit)], fact(label, name),
                 is_state("blank") if blank else is_value(number), places=("left", "other sheet"))  # fmt: skip


@peculiarity("units: ％, 千円, 万円, か月, 日間, 分, ＠")
def units(rng: Random, kind: str) -> Field:
    number = rng.randint(1, 999)
    text, name, value = rng.choice(
        [
            (f"{number}千円", "amount", number * 1_000), (f"{number:,}千円", "amount", number * 1_000),
            (f"{number}万円", "amount", number * 10_000), (f"{number}か月", "int", number),
            (f"{number}ヶ月", "int", number), (f"{number}日間", "int", number),
            (f"{number}分", "int", number), (f"＠{number}円", "amount", number),
            (f"@{number}", "amount", number), (f"{number}カ月", "int", number),
        ]
    )  # fmt: skip
    label = rng.choice(("補助単価", "期間の長さ", "所要量", "基準となる額"))
    return Field([Ink(label)], [Ink(text)], fact(label, name), is_value(value))


@peculiarity("per cent")
def percent(rng: Random, kind: str) -> Field:
    # Whether 85％ is 85 or 0.85 a rule's author has to be able to rely on: as it reads on paper or as Excel counts it.
    number = rng.randint(1, 99)
    label = rng.choice(("充足率", "補助率", "定着率"))
    ink = Ink(Decimal(number) / 100, "0%") if kind in NATIVE and rng.random() < 0.0 else Ink(f"{number}％")
    return Field([Ink(label)], [ink], fact(label, "number"), _either(number))


def _either(number: int) -> Right:
    return is_value(("either", number, Decimal(number) / 100))


@peculiarity("a time of day")
def clock_time(rng: Random, kind: str) -> Field:
    value = time(rng.randint(6, 21), rng.choice((0, 5, 15, 30, 45)))
    ways = [
        f"{value.hour}:{value.minute:02}",
        f"{value.hour}時{value.minute}分",
        full_width(f"{value.hour}:{value.minute:02}"),
    ]
    ways += [f"午前{value.hour}時{value.minute}分"] if value.hour < 12 else [f"午後{value.hour - 12}時{value.minute}分"]
    ink = Ink(value) if kind in NATIVE and rng.random() < 0.6 else Ink(rng.choice(ways))
    label = rng.choice(("開始時刻", "登園時刻", "終了時刻"))
    return Field([Ink(label)], [ink], fact(label, "time"), is_value(value))


@peculiarity("a duration")
def duration(rng: Random, kind: str) -> Field:
    value = timedelta(hours=rng.choice((rng.randint(0, 23), rng.randint(24, 190))), minutes=rng.choice((0, 10, 30, 45)))
    minutes = round(value.total_seconds() / 60)
    hours, rest = divmod(minutes, 60)
    ways = [f"{hours}:{rest:02}", f"{hours}時間{rest}分", full_width(f"{hours}時間{rest}分")] + (
        [f"{hours}時間"] if not rest else []
    )
    ink = Ink(value, "[h]:mm") if kind in NATIVE and rng.random() < 0.6 else Ink(rng.choice(ways))
    label = rng.choice(("実働", "延長時間", "勤務時間数"))
    return Field([Ink(label)], [ink], fact(label, "duration"), is_value(value))
