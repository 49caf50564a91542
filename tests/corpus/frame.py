"""Sets a field into a form as offices lay them out: a title, other fields before and after it, remarks, a table."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Final

from tests.corpus.form import Field, Form, Ink, Page, Right, Spot, Worth, wide

_OTHERS: Final[tuple[tuple[str, Worth], ...]] = (
    ("施設名", "ひまわり保育園"), ("所在地", "中央区南町1-2-3"), ("電話番号", "03-1234-5678"),
    ("代表者職氏名", "園長 山田花子"), ("担当者", "佐藤一郎"), ("設置主体", "社会福祉法人青空会"),
    ("事業所番号", "1310012345"), ("開所時間", "7:15～18:15"), ("法人名", "社会福祉法人青空会"),
    ("認可年月日", "平成20年4月1日"), ("保育士数", 14), ("調理員数", 3), ("クラス数", 6), ("開所日数", 25),
    ("面積（㎡）", 412), ("備品購入費", 38_000), ("光熱水費", 121_450),
)  # fmt: skip
_TITLES: Final = (
    "運営費請求書", "月次報告書", "補助金交付申請書", "実績報告書", "保育事業報告", "様式第3号（第7条関係）",
    "令和8年度 月例報告",
)  # fmt: skip
_REMARKS: Final = (
    "※ 太枠の中を記入してください。", "注）数字は月初日現在で記入すること。", "上記のとおり報告します。",
    "記入にあたっては裏面の注意事項を読むこと。", "提出期限を守ってください。",
)  # fmt: skip
SHEETS: Final = ("様式", "様式1", "報告書", "本紙", "Sheet1", "入力", "10月分", "請求")


def framed(rng: Random, made: Field, place: str) -> Form:
    """The form around a field at that place."""
    page = Page(rng.choice(SHEETS))
    column = rng.choice((1, 1, 2, 3))
    row = rng.randint(1, 3)
    if rng.random() < 0.8:
        page.put(row, column + rng.randint(0, 2), rng.choice(_TITLES))
        row += rng.randint(1, 3)
    others = [each for each in _OTHERS if not _alike(each[0], made)]
    rng.shuffle(others)
    row = _pairs(rng, page, row, column, others[: rng.randint(0, 3)])
    row += rng.choice((0, 0, 1))
    used = _field(rng, page, row, column, made, place, [name for name, _ in others[3:6]])
    row = max(used, page.last_row + 1) + rng.choice((0, 0, 1, 2))
    row = _pairs(rng, page, row, column, others[6 : 6 + rng.randint(0, 2)])
    if rng.random() < 0.6:
        page.put(row + 1, column, rng.choice(_REMARKS))
    _widths(page)
    before, after = list(made.before), list(made.after)
    if place == "other sheet":
        cover = Page("表紙", {(3, 2): Ink(rng.choice(_TITLES)), (5, 2): Ink("施設名"), (5, 3): Ink("ひまわり保育園")})
        _widths(cover)
        before.insert(0, cover)
    fact, right = made.fact, made.right
    if place == "above":
        fact, right = _where(rng, made)
    more = list(made.more)
    if rng.random() < 0.3:
        more.append(f"other: {{label: {others[0][0].partition('（')[0]}, optional: true}}")
    return Form(
        [*before, page, *after], fact, right, more, made.checks, made.period, made.kinds, place,
        dict(made.options),
    )  # fmt: skip


def _where(rng: Random, made: Field) -> tuple[str, Right]:
    """The fact and what is right for a value below its label.

    Of a text, or a blank, beside a heading that no rule knows, nobody could tell which it belongs to: there the rule
    says so, or says nothing and nothing may be read.
    """
    text = " as:" not in made.fact
    if text or rng.random() < 0.5:
        return f"{made.fact[:-1]}, where: below}}", made.right
    honest = {"blank", "ambiguous", "wrong kind"} if made.right.value is None else {"ambiguous"}
    return made.fact, replace(made.right, states=made.right.states | honest)


def _alike(name: str, made: Field) -> bool:
    """The other label and the field's could be taken for each other."""
    own = "".join(str(ink.value) for ink in made.label) + made.fact
    return any(name[at : at + 2] in own for at in range(len(name) - 1))


def _pairs(rng: Random, page: Page, row: int, column: int, pairs: list[tuple[str, Worth]]) -> int:
    """Label and value beside each other, one a row; the next free row."""
    for label, value in pairs:
        page.put(row, column, label)
        page.put(row, column + 1, value)
        if rng.random() < 0.5:
            page.ruled.append((row, column, row, column + 1))
        row += 1
    return row


def _field(rng: Random, page: Page, row: int, column: int, made: Field, place: str, names: list[str]) -> int:
    """The field itself; the next free row."""
    for at, ink in enumerate(made.label):
        page.put(row, column + at, ink)
    for (down, along), ink in made.near.items():
        page.put(row + down, column + along, ink)
    if place == "above":
        _above(rng, page, row, column, made, names)
        return row + 2
    first = column + len(made.label)
    if place == "merged":
        wide_label, wide_value = rng.randint(1, 2), rng.randint(2, 3)
        page.merged.append((row, column, row, column + wide_label))
        first = column + wide_label + 1
        page.merged.append((row, first, row, first + wide_value))
        page.ruled.append((row, column, row, first + wide_value))
        _values(page, row, first, made)
        return row + 1
    _values(page, row, first, made)
    last = first + len(made.values) - 1
    if made.narrow:
        for each in range(first, last + 1):
            page.widths[each] = made.narrow
    if made.box == "whole":
        page.boxes.append((row, first, row, last))
    elif made.box or rng.random() < 0.4:
        page.ruled.append((row, first if made.box == "each" else column, row, last))
    return row + 1


def _values(page: Page, row: int, first: int, made: Field) -> None:
    for at, ink in enumerate(made.values):
        if ink is not None:
            page.put(row, first + at, ink)


def _above(rng: Random, page: Page, row: int, column: int, made: Field, names: list[str]) -> None:
    """Label above the value, in a row of other headings."""
    for at, name in enumerate(names[: rng.randint(1, 3)], start=1):
        page.put(row, column + at, name)
        page.put(row + 1, column + at, rng.choice((rng.randint(1, 99), "別紙のとおり", None)))
    if made.values and made.values[0] is not None:
        page.put(row + 1, column, made.values[0])
    page.ruled.append((row, column, row + 1, max(spot[1] for spot in page.cells if spot[0] == row)))


def _widths(page: Page) -> None:
    """Columns as wide as what stands in them, as people draw them; what is merged over several needs less."""
    tops: dict[Spot, int] = {(top, left): right - left + 1 for top, left, _, right in page.merged}
    for (row, column), ink in page.cells.items():
        if column in page.widths and page.widths[column] < 5:
            continue
        needed = wide(ink.shown + ink.raised) / tops.get((row, column), 1) + 2
        page.widths[column] = min(max(page.widths.get(column, 9.0), needed), 60.0)
