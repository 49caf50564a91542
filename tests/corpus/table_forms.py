"""What rules can say of tables: row and column, groups of headings, the n-th, records of two rows, rows to skip."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from openpyxl.utils import get_column_letter

from tests.corpus.corpus import peculiarity
from tests.corpus.form import BOOKS, PAPERS, Form, Ink, Page, Right, Worth, is_state, is_value
from tests.corpus.wording import COUNTS, fact

_ALL = (*BOOKS, *PAPERS, "csv")
_WIDE = 12


def _table(page: Page, top: int, left: int, rows: Sequence[Sequence[Worth | Ink]]) -> None:
    for down, row in enumerate(rows):
        for at, value in enumerate(row):
            if value is not None:
                page.put(top + down, left + at, value)
            page.widths[left + at] = _WIDE
    page.ruled.append((top, left, top + len(rows) - 1, left + len(rows[0]) - 1))


def _rows(*rows: list[Any]) -> list[list[Worth]]:
    return list(rows)


def _amount(rng: Random) -> int:
    return rng.randint(100, 99_999)


@peculiarity("where a row and a column meet", _ALL)
def row_and_column(rng: Random, kind: str) -> Form:
    page, items = Page("内訳"), rng.sample(("人件費", "事業費", "管理費", "給食費", "保険料"), 4)
    heads = rng.sample(("予算額", "決算額", "前年額"), 3)
    body = _rows(*([item, *(_amount(rng) for _ in heads)] for item in items))
    row, column = rng.randrange(len(items)), rng.randrange(len(heads))
    blank = rng.random() < 0.2
    right = is_state("blank") if blank else is_value(body[row][1 + column])
    if blank:
        body[row][1 + column] = None
    _table(page, rng.randint(1, 5), rng.randint(1, 2), [["費目", *heads], *body])
    return Form([page], f"{{row: {items[row]}, column: {heads[column]}, as: amount}}", right, place="table")


@peculiarity("below two headings", tuple(kind for kind in _ALL if kind not in ("csv", "ods")))
def grouped(rng: Random, kind: str) -> Form:
    page, top = Page("比較"), rng.randint(1, 4)
    groups, heads = rng.sample(("前月", "当月", "累計"), 2), ("人数", "金額")
    _table(page, top, 1, [["区分", groups[0], None, groups[1], None], ["", *heads, *heads]])
    page.merged += [(top, 2, top, 3), (top, 4, top, 5), (top, 1, top + 1, 1)]
    page.cells.pop((top + 1, 1), None)
    rows = _rows(*([f"{age}歳児", *(rng.randint(1, 999) for _ in range(4))] for age in range(rng.randint(2, 5))))
    _table(page, top + 2, 1, rows)
    group, head = rng.randrange(2), rng.randrange(2)
    values = tuple(row[1 + 2 * group + head] for row in rows)
    return Form([page], f"{{heading: [{groups[group]}, {heads[head]}], as: ints}}", is_value(values), place="table")


@peculiarity("the second table with the same headings", _ALL)
def second_table(rng: Random, kind: str) -> Form:
    page = Page("内訳")
    beside = rng.random() < 0.4
    one = _rows(["項目名", "金額"], *([f"甲{n}", _amount(rng)] for n in range(rng.randint(2, 4))))
    other = _rows(
        ["項目名", "金額"], *([f"乙{n}", _amount(rng)] for n in range(len(one) - 1 if beside else rng.randint(2, 4)))
    )
    right = [{"i": row[0], "a": row[1]} for row in other[1:]]
    _table(page, 2, 1, one)
    if beside:
        _table(page, 2, 4, other)
    else:
        _table(page, 4 + len(one), 1, other)
    wanted = "{table: {i: 項目名, a: {label: 金額, as: amount}}, nth: 2}"
    return Form([page], wanted, is_value(tuple(right)), place="table")


@peculiarity("rows to skip", _ALL)
def skipped(rng: Random, kind: str) -> Form:
    page, rows = Page("内訳"), _rows(["項目名", "金額"])
    right: list[dict[str, Worth]] = []
    for block in range(2):
        for number in range(rng.randint(1, 3)):
            rows.append([f"費目{block}{number}", _amount(rng)])
            right.append({"i": rows[-1][0], "a": rows[-1][1]})
        rows.append([rng.choice(("小計", "小　計")), _amount(rng)])
    _table(page, 2, 1, rows)
    wanted = "{table: {i: 項目名, a: {label: 金額, as: amount}}, skip: 小計}"
    return Form([page], wanted, is_value(tuple(right)), place="table")


@peculiarity("only some rows in an expression", _ALL)
def filtered(rng: Random, kind: str) -> Form:
    page, rows = Page("内訳"), _rows(["項目名", "区分", "金額"])
    for number in range(rng.randint(3, 7)):
        rows.append([f"費目{number}", rng.choice(("加算", "減算")), _amount(rng)])
    total = sum(row[2] for row in rows[1:] if row[1] == "加算" and isinstance(row[2], int))
    agrees = rng.random() < 0.6
    _table(page, 2, 1, rows)
    page.put(4 + len(rows), 1, "加算の合計")
    page.put(4 + len(rows), 2, total if agrees else total + 1)
    page.widths[1] = 16
    return Form(
        [page], "{table: {i: 項目名, kind: 区分, a: {label: 金額, as: amount}}}",
        Right(becomes="review" if agrees else "corrections"), ["total: {label: 加算の合計, as: amount}"],
        checks="  - {that: \"sum(only(x.a, x.kind == '加算')) == total\"}", place="table",
    )  # fmt: skip


@peculiarity("records of two rows", tuple(kind for kind in _ALL if kind != "ods"))
def two_rows(rng: Random, kind: str) -> Form:
    page, rows = Page("名簿"), _rows(["氏名", "入所日数"], ["番号", "利用料"])
    right: list[dict[str, Worth]] = []
    for number in range(rng.randint(2, 4)):
        days, fee, code = rng.randint(1, 25), _amount(rng), f"{rng.randint(0, 999):03}"
        name = rng.choice(("山田花子", "佐藤一郎", "鈴木次郎")) + str(number)
        rows += [[name, days], [code, fee]]
        right.append({"name": name, "days": days, "code": code, "fee": fee})
    _table(page, 2, 1, rows)
    wanted = (
        "{table: {name: 氏名, days: {label: 入所日数, as: int}, code: 番号, fee: {label: 利用料, as: amount}}, rows: 2}"
    )
    return Form([page], wanted, is_value(tuple(right)), place="table")


@peculiarity("the n-th cell right of or below a label", (*BOOKS, "csv"))
def nth_cell(rng: Random, kind: str) -> Form:
    page, row, label = Page("様式"), rng.randint(2, 5), rng.choice(COUNTS)
    steps, right = rng.randint(2, 4), rng.random() < 0.5
    page.put(row, 2, label)
    numbers = [rng.randint(10, 999) for _ in range(5)]
    for at, number in enumerate(numbers, start=1):
        page.put(*((row, 2 + at) if right else (row + at, 2)), number)
    wanted = fact(label, "int", **{"right" if right else "below": steps})
    return Form([page], wanted, is_value(numbers[steps - 1]), place="left")


@peculiarity("a run below its label, with words for blank", _ALL)
def run_below(rng: Random, kind: str) -> Form:
    page, values, label = Page("日別"), [], rng.choice(COUNTS[:4])
    page.put(2, 1, "日")
    page.put(2, 2, label)
    days = rng.randint(5, 12)
    for day in range(1, days + 1):
        page.put(2 + day, 1, f"{day}日")
        value: Worth = rng.choice((rng.randint(0, 60), rng.randint(0, 60), "休"))
        values.append(None if value == "休" else value)
        page.put(2 + day, 2, value)
    page.put(3 + days, 1, "平均")
    page.put(3 + days, 2, 30)
    page.ruled.append((2, 1, 3 + days, 2))
    page.widths |= {1: 10, 2: 18}
    wanted = fact(label, "ints", until="平均", blank="[休, 該当なし]")
    right = is_value(tuple(values)) if any(value is not None for value in values) else is_state("blank")
    return Form([page], wanted, right, place="table")


@peculiarity("a unit that the heading or a line above states", _ALL)
def stated_unit(rng: Random, kind: str) -> Form:
    page, items = Page("内訳"), rng.sample(("人件費", "事業費", "管理費", "給食費"), 3)
    unit, factor = rng.choice((("千円", 1_000), ("万円", 10_000), ("円", 1)))
    by_heading = rng.random() < 0.5
    heading = f"金額（{unit}）" if by_heading else "金額"
    numbers = [rng.randint(1, 9_999) for _ in items]
    body = _rows(*([item, number] for item, number in zip(items, numbers, strict=True)))
    if not by_heading:
        page.put(1, 2, rng.choice((f"（単位：{unit}）", f"単位：{unit}", f"(単位 {unit})")))
    _table(page, 2, 1, [["費目", heading], *body])
    row = rng.randrange(3)
    value = numbers[row] * factor
    wanted = f"{{row: {items[row]}, column: 金額, as: amount}}"
    return Form([page], wanted, is_value(value, "ambiguous"), place="table")


@peculiarity("ranges over several sheets", BOOKS)
def over_sheets(rng: Random, kind: str) -> Form:
    months = [f"{month}月" for month in range(4, 4 + rng.randint(2, 4))]
    pages, right = [], []
    for month in months:
        values = [rng.randint(0, 30) for _ in range(3)]
        right += values
        pages.append(Page(month, {(2 + at, 2): Ink(value) for at, value in enumerate(values)}))
    ways = (f"[{', '.join(f'{month}!B2:B4' for month in months)}]", f"'{months[0]}:{months[-1]}!B2:B4'")
    return Form(pages, f"{{range: {rng.choice(ways)}, as: ints}}", is_value(tuple(right)), place="other sheet")


@peculiarity("an address that is preferred to the label", BOOKS)
def preferred(rng: Random, kind: str) -> Form:
    page, label = Page("様式"), rng.choice(COUNTS)
    page.put(2, 1, label)
    page.put(2, 2, rng.randint(1, 99))
    page.put(6, 4, number := rng.randint(100, 999))
    return Form([page], fact(label, "int", cell="D6", prefer="cell"), is_value(number), place="address")


@peculiarity("a table that ends nobody knows where", _ALL)
def goes_on(rng: Random, kind: str) -> Form:
    page, rows = Page("内訳"), _rows(["項目名", "金額"], *([f"費目{n}", _amount(rng)] for n in range(3)))
    more = _rows(*([f"追加{n}", _amount(rng)] for n in range(2)))
    _table(page, 2, 1, rows)
    _table(page, 3 + len(rows), 1, more)
    if rng.random() < 0.5:
        right: tuple[dict[str, Worth], ...] = tuple({"i": row[0], "a": row[1]} for row in (*rows[1:], *more))
        page.put(4 + len(rows) + len(more), 1, "合計")
        page.put(4 + len(rows) + len(more), 2, 1)
        wanted = "{table: {i: 項目名, a: {label: 金額, as: amount}}, until: 合計}"
        return Form([page], wanted, is_value(right), place="table")
    wanted = "{table: {i: 項目名, a: {label: 金額, as: amount}}}"
    return Form([page], wanted, is_state("ambiguous"), place="table", kinds=BOOKS)


@peculiarity("headings on two lines", _ALL)
def two_lines(rng: Random, kind: str) -> Form:
    page, right = Page("内訳"), []
    heads = ["児童の\n氏名", "利用\n日数", "保護者\n負担額"]
    rows = _rows(heads)
    for number in range(rng.randint(2, 4)):
        rows.append([f"児童{'甲乙丙丁'[number]}", rng.randint(1, 25), _amount(rng)])
        right.append({"n": rows[-1][0], "d": rows[-1][1], "f": rows[-1][2]})
    _table(page, 2, 1, rows)
    wanted = "{table: {n: 児童の氏名, d: {label: 利用日数, as: int}, f: {label: 保護者負担額, as: amount}}}"
    return Form([page], wanted, is_value(tuple(right)), place="table")


@peculiarity("a range by address", BOOKS)
def by_range(rng: Random, kind: str) -> Form:
    page, column = Page("様式"), rng.randint(2, 5)
    values = [rng.randint(0, 99) if rng.random() < 0.8 else None for _ in range(6)]
    values[0] = 7
    for at, value in enumerate(values):
        page.put(3 + at, column - 1, f"{at}歳児")
        page.put(3 + at, column, value)
    letter = get_column_letter(column)
    return Form([page], f"{{range: '{letter}3:{letter}8', as: ints}}", is_value(tuple(values)), place="address")
