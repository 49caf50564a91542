"""Days and months as offices write them: spread over cells, within longer texts, of fiscal years, as a bare number."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from tests.corpus.corpus import peculiarity
from tests.corpus.form import BOOKS, NATIVE, Field, Form, Ink, Page, Right, is_state, is_value
from tests.corpus.wording import DAYS, fact, full_width


def _day(rng: Random) -> date:
    return date(2024, 1, 1) + timedelta(days=rng.randint(0, 1_100))


def pieces(rng: Random, day: date, kind: str, *, western: bool | None = None) -> list[Ink]:
    """A day spread over cells: 令和｜7｜年｜10｜月｜1｜日, or with the unit in the cell of its number."""
    western = rng.random() < 0.3 if western is None else western
    numbers = (day.year if western else day.year - 2018, day.month, day.day)
    native = kind in NATIVE and rng.random() < 0.7

    def ink(number: int) -> Ink:
        return Ink(number) if native else Ink(rng.choice((str(number), full_width(str(number)))))

    cells = [] if western else [Ink("令和")]
    for number, unit in zip(numbers, "年月日", strict=True):
        cells += [ink(number), Ink(unit)]
    return cells


_SPLIT = (*BOOKS, "csv", "docx", "pdf")


@peculiarity("a day split over cells", _SPLIT)
def split_day(rng: Random, kind: str) -> Field:
    label, day = rng.choice(DAYS), _day(rng)
    return Field([Ink(label)], list(pieces(rng, day, kind)), fact(label, "date"), is_value(day),
                 places=("left", "other sheet"), narrow=rng.choice((4, 4.5)))  # fmt: skip


@peculiarity("a split day left blank", _SPLIT)
def split_day_blank(rng: Random, kind: str) -> Field:
    label = rng.choice(DAYS)
    cells: list[Ink | None] = [Ink("令和"), None, Ink("年"), None, Ink("月"), None, Ink("日")]
    return Field([Ink(label)], cells, fact(label, "date"), is_state("blank"), places=("left", "other sheet"), narrow=4)


@peculiarity("a split day by address", BOOKS)
def split_by_address(rng: Random, kind: str) -> Form:
    day, page = _day(rng), Page("申請")
    row, column = rng.randint(1, 5), rng.randint(2, 8)
    page.put(row + 2, 1, "申請者")
    for at, ink in enumerate(pieces(rng, day, kind)):
        page.put(row, column + at, ink)
        page.widths[column + at] = 5
    from openpyxl.utils import get_column_letter

    wanted = f"{{cell: {get_column_letter(column)}{row}, as: date}}"
    return Form([page], wanted, is_value(day), place="address")


@peculiarity("two split days in a row: by address the second", BOOKS)
def second_split(rng: Random, kind: str) -> Form:
    from openpyxl.utils import get_column_letter

    one, other = _day(rng), _day(rng)
    first, second = pieces(rng, one, kind), pieces(rng, other, kind)
    page, row = Page("申請"), rng.randint(1, 4)
    page.put(row, 1, "有効期間")
    for at, ink in enumerate([*first, Ink("～"), *second], start=2):
        page.put(row, at, ink)
        page.widths[at] = 5
    by_address = f"{{cell: {get_column_letter(2 + len(first) + 1)}{row}, as: date}}"
    if rng.random() < 0.5:
        return Form([page], by_address, is_value(other), place="address")
    return Form([page], "{label: 有効期間, as: date}", is_value(one, "ambiguous"), place="left")


@peculiarity("a day within a longer text")
def day_in_text(rng: Random, kind: str) -> Field:
    label, day = rng.choice(DAYS), _day(rng)
    written = f"令和{day.year - 2018}年{day.month}月{day.day}日"
    text = rng.choice(
        (f"{written}現在", f"（{written}）", f"{written}（{'月火水木金土日'[day.weekday()]}）", f"{written}付け")
    )
    return Field([Ink(label)], [Ink(text)], fact(label, "date"), is_value(day))


@peculiarity("an era marked within a split birth date", BOOKS)
def marked_era(rng: Random, kind: str) -> Field:
    day = date(rng.randint(1990, 2018), rng.randint(1, 12), rng.randint(1, 28))
    era = Ink(rng.choice(("昭・㍻・令", "昭和・㊤平成・令和"))) if rng.random() < 0.0 else Ink("□昭和 ☑平成 □令和")
    cells: list[Ink | None] = [era, Ink(day.year - 1988), Ink("年"), Ink(day.month), Ink("月"), Ink(day.day), Ink("日")]
    return Field([Ink("生年月日")], cells, fact("生年月日", "date"), is_value(day, "ambiguous"), places=("left",))


def _month(rng: Random) -> tuple[int, int]:
    return rng.choice(((2026, 10), (2026, 4), (2027, 2), (2027, 1), (2026, 12)))


def _month_form(made: Field, year: int, month: int, *, right: bool) -> Field:
    """Only whether the month agrees is looked at: the fact has to be read, and then the check passes or doesn't."""
    made.period = f"{year}-{month:02}"
    made.checks = "  - {period: x}"
    made.right = Right(becomes="review" if right else "corrections")
    return made


@peculiarity("a month in words")
def month_words(rng: Random, kind: str) -> Field:
    year, month = _month(rng)
    agrees = rng.random() < 0.7
    said = month if agrees else month % 12 + 1
    era, fiscal = year - 2018, year - 2018 - (said < 4)
    if not agrees and said == 1:
        fiscal = era - 1
    text = rng.choice(
        (
            f"令和{era}年{said}月", f"令和{era}年{said}月分", f"令和{era}年{said}月1日現在", f"{year}年{said}月分",
            f"令和{fiscal}年度{said}月分", f"令和{fiscal}年度 {said}月", f"R{era}.{said}", f"{year}/{said:02}",
            f"（令和{era}年{said}月分）",
        )
    )  # fmt: skip
    made = Field([Ink(rng.choice(("対象月", "請求月")))], [Ink(text)], "", Right())
    made.fact = fact(str(made.label[0].value), "text")
    return _month_form(made, year, month, right=agrees)


@peculiarity("a bare number beside 対象月")
def month_number(rng: Random, kind: str) -> Field:
    year, month = _month(rng)
    agrees = rng.random() < 0.7
    said = month if agrees else month % 12 + 1
    ways: list[list[Ink | None]] = [
        [Ink(said)], [Ink(said), Ink("月")], [Ink(said), Ink("月分")], [Ink(f"{said}月")], [Ink(f"{said}月分")],
    ]  # fmt: skip
    cells = rng.choice(ways)
    label = rng.choice(("対象月", "請求月", "報告月"))
    made = Field([Ink(label)], cells, fact(label, "text"), Right(), places=("left", "other sheet"))
    return _month_form(made, year, month, right=agrees)


@peculiarity("a fiscal year's month split over cells", _SPLIT)
def split_fiscal(rng: Random, kind: str) -> Field:
    year, month = _month(rng)
    agrees = rng.random() < 0.7
    fiscal = year - 2018 - (month < 4)
    cells: list[Ink | None] = [Ink("令和"), Ink(fiscal + (not agrees)), Ink("年度"), Ink(month), Ink("月分")]
    made = Field([Ink("対象月")], cells, fact("対象月", "text"), Right(), places=("left", "other sheet"), narrow=6)
    return _month_form(made, year, month, right=agrees)
