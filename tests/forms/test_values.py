"""What stands in a cell is taken for what people mean by it, or refused."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.forms import values
from syncd.forms.dates import read_date
from syncd.forms.fact import Kind
from syncd.forms.grid import Scalar
from syncd.forms.labels import squeezed
from syncd.forms.values import Ambiguous, WrongKind, read

KINDS: tuple[Kind, ...] = ("text", "int", "number", "amount", "date", "yes_no")
SCALARS = st.one_of(
    st.none(), st.text(max_size=40), st.integers(), st.decimals(), st.booleans(), st.dates(), st.datetimes(),
    st.times(), st.timedeltas(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "number"),
    [("１２", 12), ("1,234", 1234), ("１，２３４", 1234), ("12人", 12), ("12 名", 12), ("3件", 3), ("▲5", -5),
     ("△1,234円", -1234),
     ("(1,234)", -1234), ("（1,234）円", -1234), ("-7", -7), ("－7", -7), ("−7", -7), ("+7", 7),
      ("金1,234,567円也", 1234567),
     ("￥1,234-", 1234), ("¥ 1,234", 1234), ("3.0", 3), (7, 7), (Decimal("7.0"), 7),
      (Decimal("299.99999999999994"), 300),
     ("000123", 123)],
)  # fmt: skip
def test_whole_numbers(value: Scalar, number: int) -> None:
    assert read(value, "int") == number
    assert read(value, "amount") == number
    assert read(value, "number") == number


@pytest.mark.parametrize(
    "value",
    ["1,23", "12,3456", "12千人", "(▲5)", "▲-5", "(5", "5)", "１２と３", "十二", "1e5", "0x10", "", True,
     date(2026, 1, 1),
     time(9), timedelta(hours=1), Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999"), 10**40, "9" * 40, "#REF!",
     "1" * 5000, "٣"],
)  # fmt: skip
def test_what_is_no_number(value: Scalar) -> None:
    if value == "":
        assert read(value, "int") is None
        return
    for kind in ("int", "amount", "number"):
        with pytest.raises(WrongKind):
            read(value, kind)


@pytest.mark.parametrize("value", [None, "", "　", "-", "－", "ー".replace("ー", "―"), "円", "人", "金　　　円", "¥"])
def test_a_blank_number(value: Scalar) -> None:
    assert read(value, "amount") is None


NUMBERING = [
    "①",
    "⑫",
    "⑵",
    "⒊",
    "❶",
    "㈠",
    "㊀",
    "㉑",
    "²",
    "₂",
    "(1)",
    "（２）",
    "※1",
    "＊",
    "（注1）",
    "⁽注¹⁾",
    "㈱",
    "① ②",
]
DASHES = [
    "ー",
    "─",
    "―",
    "–",
    "—",
    "−",
    "‐",
    "～",
    "〜",
    "ｰ",
    "━",
    "－－",
    "／",
    "〃",
    "以下余白",
    "（以下余白）",
    "余白",
    "_",
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", DASHES + NUMBERING)
def test_what_says_nothing_is_blank_for_every_kind(text: str, kind: Kind) -> None:
    if text in ("(1)", "（２）") and kind in ("int", "number", "amount"):
        with pytest.raises(Ambiguous):  # one less than nothing, or numbering
            read(text, kind)
    else:
        assert read(text, kind) is None


@pytest.mark.parametrize("text", ["①62", "① 62人", "62²", "62人 ①", "⑴６２"])
def test_numbering_around_a_number_is_none_of_its_digits(text: str) -> None:
    assert read(text, "int") == 62


@pytest.mark.parametrize(
    "text",
    ["5\n6", "60 62", "６０　６２", "1, 234", "6 2 人", "60・62", "60/62", "60(62)", "6①2", "1²3", "3.5 2", "6 2"],
)
def test_two_numbers_are_no_number(text: str) -> None:
    for kind in ("int", "amount", "number"):
        with pytest.raises(WrongKind):
            read(text, kind)


def test_fractions_are_for_numbers_only() -> None:
    assert read("12.5", "number") == Decimal("12.5")
    assert read(Decimal("0.30000000000000004"), "number") == Decimal("0.3")
    for kind in ("int", "amount"):
        with pytest.raises(WrongKind):
            read("12.5", kind)


@pytest.mark.parametrize(
    "value",
    ["令和7年10月1日", "令和７年１０月１日", "R7.10.1", "R07.10.01", "r7/10/1", "2025/10/1", "2025-10-01", "2025.10.1",
     "2025年10月1日",
     "2025年10月1日（水）", "令和7年10月1日現在", "20251001", "R071001", "2025/10/1 0:00", "2025-10-01T00:00:00",
     "45931", 45931,
     Decimal("45931.75"), 20251001, date(2025, 10, 1), datetime(2025, 10, 1, 9, 30), "令和7年10月", "2025年10月分",
     "2025/10", "R7.10",
     "202510", 202510, "令和 7 年 10 月 1 日", "㋿7年10月1日", "西暦2025年10月1日"],
)  # fmt: skip
def test_days(value: Scalar) -> None:
    assert read(value, "date") == date(2025, 10, 1)


@pytest.mark.parametrize(
    ("value", "day"),
    [("令和7年度2月分", date(2026, 2, 1)), ("令和7年度10月", date(2025, 10, 1)), ("2025年度3月分", date(2026, 3, 1)),
     ("R7年度4月", date(2025, 4, 1)), ("令和元年度4月分", date(2019, 4, 1)), ("平成31年度1月", date(2020, 1, 1)),
     ("令和7年度 2月分の請求", date(2026, 2, 1)), ("令和7年10月1日現在の状況", date(2025, 10, 1)),
     ("対象：令和7年10月分", date(2025, 10, 1)), ("令和７年１０月分保育料", date(2025, 10, 1)),
     ("①令和7年10月1日", date(2025, 10, 1)), ("基準日 R7.10.1 時点", date(2025, 10, 1))],
)  # fmt: skip
def test_months_of_fiscal_years_and_days_in_longer_texts(value: str, day: date) -> None:
    assert read(value, "date") == day


@pytest.mark.parametrize(
    ("value", "day"),
    [("令和元年5月1日", date(2019, 5, 1)), ("令和元年5月", date(2019, 5, 1)), ("平成31年4月30日", date(2019, 4, 30)),
     ("平成32年3月31日", date(2020, 3, 31)), ("S60.1.2", date(1985, 1, 2)), ("昭和64年1月7日", date(1989, 1, 7)),
      ("H1.1.8", date(1989, 1, 8)),
     ("大正15年1月1日", date(1926, 1, 1)), ("1985-02-28", date(1985, 2, 28))],
)  # fmt: skip
def test_eras(value: str, day: date) -> None:
    assert read(value, "date") == day


@pytest.mark.parametrize(
    "value",
    ["令和元年4月30日", "令和0年10月1日", "2025-02-30", "2025-13-01", "25/10/1", "10/1", "10月1日", "令和7年度",
     "令和7年", 2025, 7, 60, "7",
     Decimal("Infinity"), True, time(9), "2025/10-01", "昭和元年1月1日", 999_999_999,
     "令和7年10月1日～令和7年10月31日", "令和7年10月1日から", "令和7年10月1日～31日", "令和7年4月1日改正", "202510 1",
     "2025/10/1 2", "令和7年10月1日又は2日", "令和①年10月1日", "令和7年度10月分・11月分"],
)  # fmt: skip
def test_what_is_no_day(value: Scalar) -> None:
    with pytest.raises(WrongKind):
        read(value, "date")


@pytest.mark.parametrize("value", ["令和　年　月　日", "年　月　日", "令和　年　月分", "-", "－"])
def test_a_day_that_is_still_to_be_filled_in(value: str) -> None:
    assert read(value, "date") is None


@pytest.mark.parametrize(
    ("value", "answer"),
    [(word, True) for word in ["有", "有り", "あり", "はい", "○", "◯", "〇", "該当", "1", "１", "TRUE", "☑", "✓", "レ",
     "■", True, 1, Decimal(1)]]
    + [(word, False) for word in ["無", "無し", "なし", "いいえ", "×", "✕", "非該当", "0", "FALSE", "□", "☐", False, 0,
    Decimal(0)]]
    + [("☑有　□無", True), ("□有　☑無", False), ("□はい ■いいえ", False)],
)  # fmt: skip
def test_yes_and_no(value: Scalar, answer: bool) -> None:
    assert read(value, "yes_no") is answer


@pytest.mark.parametrize("value", ["有・無", "有 ／ 無", "はい・いいえ", "□有 □無", "-", "　"])
def test_a_choice_that_nobody_made(value: str) -> None:
    assert read(value, "yes_no") is None


@pytest.mark.parametrize("value", ["☒", "たぶん", "2", 2, "☑有 ☑無", "無・有・不明", date(2026, 1, 1)])
def test_neither_yes_nor_no(value: Scalar) -> None:
    with pytest.raises(WrongKind):
        read(value, "yes_no")


def test_texts_are_what_people_see() -> None:
    assert read("  ひまわり\u3000保育園 ", "text") == "ひまわり\u3000保育園"
    assert read(12, "text") == "12" and read(Decimal("1.50"), "text") == "1.5"
    assert read(True, "text") == "TRUE" and read(datetime(2026, 10, 1), "text") == "2026-10-01"
    with pytest.raises(WrongKind):
        read("#N/A", "text")


@given(SCALARS, st.sampled_from(KINDS))
def test_any_cell_has_an_answer(value: Scalar, kind: Kind) -> None:
    try:
        one = read(value, kind)
    except (WrongKind, Ambiguous):
        one = None
    assert one is None or isinstance(one, str | int | Decimal | bool | date)
    assert len(values.as_it_reads(value)) <= 60


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_numbers_come_back_from_every_spelling(number: int) -> None:
    negative = [f"▲{-number:,}", f"△{-number}", f"（{-number}円）"] if number < 0 else []
    negative += [f"({-number:,})"] if number < -99 else []
    wide = str(number).translate(str.maketrans("0123456789-", "０１２３４５６７８９－"))
    for text in (str(number), f"{number:,}", f"{number:,}円", wide, *negative):
        assert read(text, "amount") == number


@given(st.dates(min_value=date(2019, 5, 1), max_value=date(2099, 12, 31)))
def test_days_come_back_from_every_spelling(day: date) -> None:
    era = day.year - 2018
    spellings = [day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日"]
    spellings += [
        f"令和{era}年{day.month}月{day.day}日",
        f"R{era}.{day.month}.{day.day}",
        f"Ｒ{era}／{day.month}／{day.day}",
    ]
    for text in spellings:
        assert read(text, "date") == day
    assert read((day - date(1899, 12, 30)).days, "date") == day


@given(st.text(alphabet="令和平成年月日度0123456789元/-. rRhH分", max_size=16))
def test_what_is_like_a_day_is_a_day_or_refused(text: str) -> None:
    try:
        found = read_date(squeezed(text))
    except ValueError:
        return
    assert found is None or 1868 <= found.year <= 2199
