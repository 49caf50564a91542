"""Workbooks with tables as offices make them, drawn at random, with what was written into them.

Owns the oracle: rows are decided first, then written in one of many ways. Nothing here is taken from syncd's readers.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from syncd.forms.fact import Column, Fact, Kind

KINDS: Final = ("基本", "加算", "調整")
ITEMS: Final = ("0歳児", "1歳児", "延長分", "障害児分", "栄養管理", "冷暖房費", "事務費", "主任加配")
Row = dict[str, Any]


@dataclass(slots=True)
class Made:
    """A workbook, what a rule wants of it, and what has to be found: states other than found, values and rows."""

    book: Workbook
    facts: list[Fact] = field(default_factory=list)
    ones: dict[str, Any] = field(default_factory=dict)
    many: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    rows: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)
    holds: dict[str, bool] = field(default_factory=dict)
    did: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A column: its heading, its kind, how a value of it comes about and how it may be written."""

    name: str
    label: str
    kind: Kind
    value: Callable[[random.Random], Any]


COLUMNS: Final = (
    Drawn("kind", "区分", "text", lambda rng: rng.choice(KINDS)),
    Drawn("item", "項目", "text", lambda rng: rng.choice(ITEMS)),
    Drawn("n", "人数", "int", lambda rng: rng.randint(0, 120)),
    Drawn("amount", "金額", "amount", lambda rng: rng.randint(1, 900) * 1_000),
    Drawn("rate", "加算率", "number", lambda rng: Decimal(rng.randint(1, 400)) / 4),
    Drawn("worked", "実働", "duration", lambda rng: timedelta(minutes=rng.randint(0, 3_000))),
    Drawn("begins", "開始", "time", lambda rng: timedelta(minutes=rng.randint(0, 1_439))),
    Drawn("day", "実施日", "date", lambda rng: date(2025, 4, 1) + timedelta(days=rng.randint(0, 364))),
)


def sheet_of(book: Workbook, name: str = "") -> Worksheet:
    """A workbook's first sheet, or the one of that name."""
    sheet = book[name] if name else book.worksheets[0]
    assert isinstance(sheet, Worksheet)
    return sheet


def written(sheet: Worksheet, row: int, column: int, value: Any, kind: Kind, rng: random.Random, per: int = 1) -> None:
    """Writes a value into a cell in one of the ways in which people write it; amounts in units of `per` yen."""
    cell: Any = sheet.cell(row, column)
    if value is None:
        return
    if kind == "int":
        cell.value = rng.choice([value, value, f"{value}人", f"{value} 名", f"{value}".translate(_WIDE)])
    elif kind == "amount":
        number = value // per
        plain = [number, number, f"{number:,}", f"￥{number:,}", f"＠{number:,}", f"金{number:,}"]
        own = [f"{value:,}円", f"{value // 1_000:,}千円"]
        cell.value = rng.choice(plain if rng.random() < 0.7 else own)
    elif kind == "number":
        way = rng.randint(0, 2)
        cell.value = [float(value), f"{value}％", float(value) / 100][way]
        if way == 2:
            cell.number_format = "0.00%"
    elif kind == "duration":
        hours, minutes = divmod(int(value.total_seconds()) // 60, 60)
        cell.value = rng.choice(
            [value, f"{hours}:{minutes:02}", f"{hours}時間{minutes}分", f"{hours * 60 + minutes}分"]
        )
        if cell.value == value:
            cell.number_format = "[h]:mm"
    elif kind == "time":
        hours, minutes = divmod(int(value.total_seconds()) // 60, 60)
        spoken = f"午前{hours}時{minutes}分" if 0 < hours < 12 else f"{hours}時{minutes}分"
        cell.value = rng.choice([time(hours, minutes), f"{hours}:{minutes:02}", spoken])
        if isinstance(cell.value, time):
            cell.number_format = "h:mm"
    elif kind == "date":
        cell.value = rng.choice([value, f"令和{value.year - 2018}年{value.month}月{value.day}日", value.isoformat()])
    else:
        cell.value = rng.choice([value, f"　{value} "])


_WIDE: Final = str.maketrans("0123456789", "０１２３４５６７８９")


def spaced(label: str, rng: random.Random) -> str:
    """A heading as people decorate it."""
    return rng.choice([label, label, "　".join(label), f"【{label}】", f"{label}：", f"・{label}"])


def one_table(rng: random.Random) -> Made:
    """A table with sub-totals, empty rows, units and groups; sometimes a twin beside or below it."""
    made = Made(Workbook())
    sheet = sheet_of(made.book)
    sheet.title = "内訳"
    drawn = [COLUMNS[0], *rng.sample(COLUMNS[1:], rng.randint(2, 5))]
    top, left = rng.randint(2, 6), rng.randint(1, 4)
    twin = rng.choice(["", "", "beside", "below", "other sheet"])
    sheet.cell(1, left, rng.choice(["補助金内訳書", "様式第3号", "内訳"]))
    per = _unit_line(sheet, top, left, rng) if rng.random() < 0.3 else 1
    until, skip = rng.random() < 0.7, rng.random() < 0.5
    gap = rng.randint(1, 2)
    rows = _rows(drawn, rng)
    last = _draw(made, sheet, (top, left), drawn, rows, rng, per=per, until=until, skip=skip)
    fact = Fact(
        "t", columns=_columns(drawn), until="合計" if until else "", skip=("小計",) if skip else (), blank=("休",)
    )
    made.rows["t"] = tuple(rows)
    if twin:
        others = _rows(drawn, rng)
        if twin == "beside":
            where, on = (top, left + len(drawn) + gap), sheet
        elif twin == "below":
            where, on = (last + 2 + gap, left), sheet
        else:
            where, on = (top, left), made.book.create_sheet("別紙")
            per = 1
        _draw(made, on, where, drawn, others, rng, per=per, until=until, skip=skip)
        nth = rng.randint(0, 2)
        made.rows["t"] = tuple(others if nth == 2 else rows)
        fact = _with(fact, nth=nth)
        if nth == 0 and rows != others:
            made.states["t"] = "ambiguous"
        made.did.append(f"twin {twin} {nth}")
    made.facts.append(fact)
    if made.states.get("t") != "ambiguous" and until and not twin:
        _sums(made, sheet, drawn, rows, last)
    _expressions(made, drawn)
    return made


def _with(fact: Fact, **changes: Any) -> Fact:
    from dataclasses import replace

    return replace(fact, **changes)


def _columns(drawn: list[Drawn]) -> tuple[Column, ...]:
    return tuple(Column(each.name, (each.label,), each.kind, optional=each.name not in ("kind",)) for each in drawn)


def _rows(drawn: list[Drawn], rng: random.Random) -> list[Row]:
    rows: list[Row] = []
    for _ in range(rng.randint(1, 7)):
        row = {each.name: each.value(rng) for each in drawn}
        for each in drawn[1:]:
            if rng.random() < 0.12:
                row[each.name] = None
        rows.append(row)
    return rows


def _unit_line(sheet: Worksheet, top: int, left: int, rng: random.Random) -> int:
    word, per = rng.choice([("千円", 1_000), ("円", 1), ("千円", 1_000)])
    sheet.cell(
        top - 1, left + 2, rng.choice([f"（単位：{word}）", f"単位：{word}", f"(単位 {word})", f"※単位は{word}"])
    )
    return per


def _draw(
    made: Made, sheet: Worksheet, where: tuple[int, int], drawn: list[Drawn], rows: list[Row], rng: random.Random,
    *, per: int, until: bool, skip: bool,
) -> int:  # fmt: skip
    """Headings, rows, sub-totals; the row in which the table ends."""
    top, left = where
    unit_row = rng.random() < 0.2
    for number, each in enumerate(drawn):
        label = spaced(each.label, rng)
        if each.kind == "amount" and per == 1 and rng.random() < 0.4:
            label, per = f"{each.label}（千円）", 1_000
            made.did.append("heading in thousands")
        sheet.cell(top, left + number, label)
        if unit_row and each.kind in ("int", "amount"):
            word = "（人）" if each.kind == "int" else "（千円）" if per == 1_000 else "（円）"
            sheet.cell(top + 1, left + number, word)
    at = top + 1 + (unit_row and any(each.kind in ("int", "amount") for each in drawn))
    for number, row in enumerate(rows):
        for offset, each in enumerate(drawn):
            value = row[each.name]
            if value is None and rng.random() < 0.3:
                sheet.cell(at, left + offset, rng.choice(["休", "－", "休"]))
            written(sheet, at, left + offset, value, each.kind, rng, per)
        at += 1
        if skip and rng.random() < 0.3:
            sheet.cell(at, left, rng.choice(["小計", "小　計", "【小計】"]))
            for offset, each in enumerate(drawn):
                if each.kind in ("int", "amount"):
                    sheet.cell(at, left + offset, 77)
            at += 1
        if until and number < len(rows) - 1 and rng.random() < 0.2:
            at += rng.randint(1, 2)
    if until:
        sheet.cell(at, left, rng.choice(["合計", "合　計"]))
        for offset, each in enumerate(drawn):
            if each.kind in ("int", "amount"):
                total = sum(row[each.name] or 0 for row in rows)
                sheet.cell(at, left + offset, total // (per if each.kind == "amount" else 1))
    return at


def _sums(made: Made, sheet: Worksheet, drawn: list[Drawn], rows: list[Row], last: int) -> None:
    """Where the row of the sum meets a column."""
    for each in drawn:
        if each.kind in ("int", "amount"):
            made.facts.append(
                Fact(f"sum_{each.name}", each.kind, row=("合計",), heading=((each.label,),), blank=("休",))
            )
            made.ones[f"sum_{each.name}"] = sum(row[each.name] or 0 for row in rows)
            made.holds[f"sum(t.{each.name}) == sum_{each.name}"] = True
    sheet.cell(last + 2, 1, "備考 5")


def _expressions(made: Made, drawn: list[Drawn]) -> None:
    """What holds of the rows, computed here."""
    if made.states.get("t") == "ambiguous":
        return
    rows, names = made.rows["t"], {each.name for each in drawn}
    for name in names & {"n", "amount"}:
        for kind in KINDS:
            chosen = sum(row[name] for row in rows if row["kind"] == kind and row[name] is not None)
            made.holds[f"sum(only(t.{name}, t.kind == '{kind}')) == {chosen}"] = True
            made.holds[f"sum(only(t.{name}, t.kind == '{kind}')) == {chosen + 1}"] = False
        bound = 300_000 if name == "amount" else 40
        made.holds[f"t.kind != '加算' or t.{name} <= {bound}"] = all(
            row["kind"] != "加算" or row[name] is None or row[name] <= bound for row in rows
        )
    if {"n", "amount"} <= names:
        total = sum(row["n"] * row["amount"] for row in rows if row["n"] is not None and row["amount"] is not None)
        made.holds[f"sum(t.n * t.amount) == {total}"] = True
    if "worked" in names:
        minutes = sum(int(row["worked"].total_seconds()) // 60 for row in rows if row["worked"] is not None)
        made.holds[f"sum(minutes(t.worked)) == {minutes}"] = True
        made.holds["t.worked <= '8:00'"] = all(
            row["worked"] is None or row["worked"] <= timedelta(hours=8) for row in rows
        )
    if "day" in names:
        made.holds["t.day >= '2025-10-01'"] = all(row["day"] is None or row["day"] >= date(2025, 10, 1) for row in rows)


# ── headings of groups ──


def groups(rng: random.Random) -> Made:
    """A table with headings in two rows: groups that are merged over their columns or stand over the first of them."""
    made = Made(Workbook())
    sheet = sheet_of(made.book)
    top, left = rng.randint(1, 5), rng.randint(1, 3)
    names = rng.sample(["前月", "今月", "増減", "前年同月"], rng.randint(2, 3))
    inner = rng.sample(["人数", "金額", "件数"], rng.randint(2, 3))
    stub = rng.randint(1, 2)
    merged = rng.random() < 0.6
    for number, label in enumerate(["区分", "項目"][:stub]):
        sheet.cell(top, left + number, label)
        if rng.random() < 0.5:
            sheet.merge_cells(start_row=top, end_row=top + 1, start_column=left + number, end_column=left + number)
    high = rng.choice([0, 0, 1]) if merged else 0
    at = left + stub
    for name in names:
        sheet.cell(top, at, spaced(name, rng))
        if merged:
            sheet.merge_cells(start_row=top, end_row=top + high, start_column=at, end_column=at + len(inner) - 1)
        for number, label in enumerate(inner):
            sheet.cell(top + 1 + high, at + number, spaced(label, rng))
        at += len(inner)
    count = rng.randint(1, 6)
    first = top + 2 + high
    values = {(name, label): [rng.randint(0, 999) for _ in range(count)] for name in names for label in inner}
    labels = rng.sample(ITEMS, count) if count <= len(ITEMS) else list(ITEMS)
    for row in range(count):
        sheet.cell(first + row, left + stub - 1, labels[row])
        at = left + stub
        for name in names:
            for number, label in enumerate(inner):
                written(sheet, first + row, at + number, values[name, label][row], "int", rng)
            at += len(inner)
    sheet.cell(first + count, left + stub - 1, "合計")
    for number, (name, label) in enumerate(rng.sample(sorted(values), min(3, len(values)))):
        path = ((name,), (label,))
        made.facts.append(Fact(f"many{number}", "int", many=True, heading=path, until="合計"))
        made.many[f"many{number}"] = tuple(values[name, label])
        row = rng.randrange(count)
        made.facts.append(Fact(f"one{number}", "int", row=(labels[row],), heading=path))
        made.ones[f"one{number}"] = values[name, label][row]
        if len(names) > 1:
            made.facts.append(Fact(f"some{number}", "int", row=(labels[row],), heading=((label,),)))
            several = {values[each, label][row] for each in names}
            if len(several) > 1:
                made.states[f"some{number}"] = "ambiguous"
            else:
                made.ones[f"some{number}"] = several.pop()
    columns = tuple(
        Column(f"c{number}", (label,), "int", heading=((name,), (label,)))
        for number, (name, label) in enumerate(values)
    )
    made.facts.append(Fact("t", columns=columns, until="合計"))
    made.rows["t"] = tuple(
        {f"c{number}": values[key][row] for number, key in enumerate(values)} for row in range(count)
    )
    made.did.append(f"groups merged={merged}")
    return made


# ── records of two rows ──


def records(rng: random.Random) -> Made:
    """Records of two rows, with headings of two rows or of one."""
    made = Made(Workbook())
    sheet = sheet_of(made.book)
    top, left = rng.randint(1, 5), rng.randint(1, 3)
    double = rng.random() < 0.6
    rows: list[Row] = []
    heads = [("番号", "氏名", "開始"), ("", "住所", "終了")] if double else [("番号", "氏名", "時刻")]
    for down, line in enumerate(heads):
        for number, label in enumerate(line):
            sheet.cell(top + down, left + number, spaced(label, rng) if label else None)
    if double:
        sheet.merge_cells(start_row=top, end_row=top + 1, start_column=left, end_column=left)
    at = top + len(heads)
    until, merged = rng.random() < 0.6, rng.random() < 0.6
    for number in range(rng.randint(1, 5)):
        begins, ends = (timedelta(minutes=rng.randint(0, 1_439)) for _ in range(2))
        address = f"新宿{rng.randint(1, 9)}丁目" if rng.random() < 0.8 else None
        row: Row = {
            "number": number + 1,
            "name": rng.choice(["山田花子", "鈴木一郎", "佐藤桜"]),
            "begins": begins,
            "ends": ends,
        }
        sheet.cell(at, left, number + 1)
        sheet.cell(at, left + 1, row["name"])
        if merged:
            sheet.merge_cells(start_row=at, end_row=at + 1, start_column=left, end_column=left)
        if double:
            row["address"] = address
            sheet.cell(at + 1, left + 1, address)
        elif merged:
            sheet.merge_cells(start_row=at, end_row=at + 1, start_column=left + 1, end_column=left + 1)
        written(sheet, at, left + 2, begins, "time", rng)
        written(sheet, at + 1, left + 2, ends, "time", rng)
        rows.append(row)
        at += 2
        if rng.random() < 0.3:
            sheet.cell(at, left, "小計")
            sheet.cell(at, left + 2, "3件")
            at += 1
    if until:
        sheet.cell(at, left, "合計")
    columns = [Column("number", ("番号",), "int"), Column("name", ("氏名",), "text")]
    if double:
        columns += [Column("begins", ("開始",), "time"), Column("ends", ("終了",), "time")]
        columns.append(Column("address", ("住所",), "text", optional=True))
    else:
        columns += [Column("begins", ("時刻",), "time", row=1), Column("ends", ("時刻",), "time", row=2)]
    made.facts.append(Fact("t", columns=tuple(columns), rows=2, until="合計" if until else "", skip=("小計",)))
    made.rows["t"] = tuple(rows)
    made.did.append(f"records double={double} merged={merged}")
    return made


# ── single values ──


def singles(rng: random.Random) -> Made:
    """Values n cells from a label, at an address that is preferred, and ranges on several sheets."""
    made = Made(Workbook())
    sheet = sheet_of(made.book)
    sheet.title = "4月"
    row, column = rng.randint(1, 6), rng.randint(1, 4)
    values = [rng.randint(1, 999) for _ in range(5)]
    sheet.cell(row, column, spaced("支出額", rng))
    wide = rng.random() < 0.4
    if wide:
        sheet.merge_cells(start_row=row, end_row=row, start_column=column, end_column=column + 1)
    for number, value in enumerate(values, 1):
        sheet.cell(row, column + number + wide, value)
        sheet.cell(row + number, column, value * 2)
    steps, down = rng.randint(1, 5), rng.randint(1, 5)
    made.facts.append(Fact("right", "int", ("支出額",), right=steps))
    made.ones["right"] = values[steps - 1]
    made.facts.append(Fact("below", "int", ("支出額",), below=down))
    made.ones["below"] = values[down - 1] * 2
    made.facts.append(Fact("far", "int", ("支出額",), right=6))
    made.states["far"] = "blank"
    sheet.cell(20, 1, "定員")
    sheet.cell(20, 2, 10)
    sheet.cell(22, 2, 20)
    made.facts += [
        Fact("label", "int", ("定員",), cell="B22"),
        Fact("cell", "int", ("定員",), cell="B22", prefer_cell=True),
    ]
    made.facts.append(Fact("fallback", "int", ("定員",), cell="B30", prefer_cell=True))
    made.ones |= {"label": 10, "cell": 20, "fallback": 10}
    months = [("4月", [rng.randint(1, 50) for _ in range(3)])]
    for name in ["5月", "6月"]:
        months.append((name, [rng.randint(1, 50) for _ in range(3)]))
        made.book.create_sheet(name)
    for name, numbers in months:
        for number, value in enumerate(numbers):
            sheet_of(made.book, name).cell(40 + number, 1, value)
    made.facts.append(Fact("sheets", "int", areas=("4月!A40:A42", "6月!A40:A41")))
    made.many["sheets"] = (*months[0][1], *months[2][1][:2])
    made.facts.append(Fact("through", "int", areas=("4月:6月!A41:A41",)))
    made.many["through"] = tuple(numbers[1] for _, numbers in months)
    made.facts.append(Fact("nowhere", "int", areas=("7月!A40:A42",)))
    made.states["nowhere"] = "missing"
    made.holds["sum(sheets) == " + str(sum(made.many["sheets"]))] = True
    return made
