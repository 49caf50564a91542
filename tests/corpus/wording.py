"""Labels and values as offices write them, with what they mean."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from tests.corpus.form import NATIVE, Ink, Worth

COUNTS: Final = (
    "在籍児童数",
    "利用児童数",
    "定員",
    "延べ利用人数",
    "職員数",
    "入所人員",
    "対象児童数",
    "合計",
    "実人員",
)
AMOUNTS: Final = (
    "請求金額",
    "交付申請額",
    "支出額",
    "加算額",
    "補助対象経費",
    "委託料",
    "差引額",
    "合計金額",
    "精算額",
)
TEXTS: Final = ("施設番号", "口座番号", "認定番号", "整理番号")
DAYS: Final = ("作成日", "提出年月日", "基準日", "入所日", "支払日")
CHOICES: Final = ("加算の有無", "変更の有無", "延長保育の実施", "該当の有無", "給食の提供")
CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫"
BRACKETED: Final = "⑴⑵⑶⑷⑸⑹⑺⑻"
RAISED: Final = "¹²³⁴⁵"
DASHES: Final = "-－ー―─–—−‐"


def count(rng: Random, kind: str) -> tuple[Ink, int]:
    """A number of people, and what it means."""
    number = rng.choice((0, rng.randint(1, 9), rng.randint(10, 199), rng.randint(200, 2_500)))
    ways: list[Callable[[], Ink]] = [lambda: Ink(number), lambda: Ink(number), lambda: Ink(f"{number}人"),
                                     lambda: Ink(full_width(str(number))), lambda: Ink(f"{number} 名")]  # fmt: skip
    if kind in NATIVE:
        ways += [lambda: Ink(number, "#,##0"), lambda: Ink(number, '0"人"'), lambda: Ink(str(number))]
    return rng.choice(ways)(), number


def amount(rng: Random, kind: str) -> tuple[Ink, int]:
    """An amount in yen, and what it means."""
    number = rng.choice((rng.randint(1, 999), rng.randint(1_000, 99_999), rng.randint(100_000, 98_765_432)))
    ways: list[Callable[[], Ink]] = [
        lambda: Ink(number, "#,##0"), lambda: Ink(f"{number:,}円"), lambda: Ink(f"¥{number:,}"),
        lambda: Ink(full_width(f"{number:,}")), lambda: Ink(f"金{number:,}円"), lambda: Ink(f"￥{number:,}-"),
    ]  # fmt: skip
    if kind in NATIVE:
        ways += [lambda: Ink(number), lambda: Ink(number, '#,##0"円"'), lambda: Ink(number, "¥#,##0")]
    return rng.choice(ways)(), number


def day(rng: Random, kind: str) -> tuple[Ink, date]:
    """A day, and what it means."""
    found = date(2024, 1, 1) + timedelta(days=rng.randint(0, 1_100))
    era = found.year - 2018
    ways: list[Callable[[], Ink]] = [
        lambda: Ink(f"令和{era}年{found.month}月{found.day}日"),
        lambda: Ink(f"{found.year}年{found.month}月{found.day}日"),
        lambda: Ink(f"R{era}.{found.month}.{found.day}"), lambda: Ink(f"{found.year}/{found.month:02}/{found.day:02}"),
        lambda: Ink(full_width(f"令和{era}年{found.month}月{found.day}日")), lambda: Ink(f"{found:%Y-%m-%d}"),
    ]  # fmt: skip
    if kind in NATIVE:
        ways += [lambda: Ink(found, "yyyy/m/d"), lambda: Ink(found, 'yyyy"年"m"月"d"日"')] * 2
    return rng.choice(ways)(), found


def code(rng: Random, kind: str) -> tuple[Ink, str]:
    """A number that is a name: it keeps its zeros."""
    digits = "".join(rng.choice("0123456789") for _ in range(rng.choice((3, 4, 7, 10))))
    digits = digits if rng.random() < 0.5 else "0" + digits[1:]
    return Ink(digits), digits


def choice(rng: Random, kind: str) -> tuple[Ink, bool]:
    """A yes or no, and which."""
    yes = rng.random() < 0.5
    words = ("有", "あり", "○", "はい", "該当") if yes else ("無", "なし", "×", "いいえ", "非該当")
    return Ink(rng.choice(words)), yes


Value = Callable[[Random, str], tuple[Ink, Worth]]
KINDS: Final[dict[str, tuple[tuple[str, ...], Value]]] = {
    "int": (COUNTS, count),
    "amount": (AMOUNTS, amount),
    "date": (DAYS, day),
    "text": (TEXTS, code),
    "yes_no": (CHOICES, choice),
}
"""By what a rule calls the kind: its labels, and what makes a value."""


def any_value(rng: Random, kind: str, *only: str) -> tuple[str, str, Ink, Worth]:
    """A label, what a rule calls the kind of its value, the value as it stands there, and what it means."""
    name = rng.choice(only or tuple(KINDS))
    labels, make = KINDS[name]
    ink, value = make(rng, kind)
    return rng.choice(labels), name, ink, value


def fact(label: str, kind: str, **more: object) -> str:
    """A fact as a rule writes it."""
    parts = [f"label: {label}"] + ([f"as: {kind}"] if kind != "text" else [])
    return "{" + ", ".join(parts + [f"{key}: {value}" for key, value in more.items()]) + "}"


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def decorated(rng: Random, label: str) -> str:
    """A label as it is set: spread, in brackets, with a colon or bullet."""
    ways = (
        label, label, label, "　".join(label) if len(label) < 5 else label, f"【{label}】", f"{label}：", f"・{label}",
        f"■{label}", f"{label}（必須）", f" {label}", f"※{label}", f"〔{label}〕",
    )  # fmt: skip
    return rng.choice(ways)


def fraction(rng: Random) -> Decimal:
    return Decimal(rng.randint(1, 999)) / 10
