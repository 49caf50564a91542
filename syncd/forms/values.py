"""What stands in a cell, as a value of the kind that a rule asks for.

None is a blank: nothing, only spaces, a lone dash of any kind, 以下余白, numbering such as ① or ※1, a unit without a
number, a choice that nobody made (`有・無`, `□有 □無`). Refuses to guess: what is neither blank nor of the kind (two
numbers, too) raises `WrongKind`; what can be read in two ways raises `Ambiguous`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Context, Decimal
from typing import Final

from syncd.forms import clock, marked
from syncd.forms.dates import day_of_number, read_date, without_time
from syncd.forms.eras import NONE_MARKED, with_era
from syncd.forms.fact import Kind, One
from syncd.forms.grid import Scalar
from syncd.forms.labels import NUMBERING, is_numbering, numbered, one_line, says_nothing, squeezed, without_numbering
from syncd.forms.units import MONEY, UNIT, Unit

MOST_TEXT: Final = 2_000
MOST_DIGITS: Final = 24
_LONGEST_NOTHING: Final = 40

_NUMBER: Final = re.compile(
    r"(?P<open>\()?(?P<before>[-+▲△])?(?:計|延べ?)?(?:金)?@?[¥\\]?(?P<after>[-+▲△])?"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<part>\.[0-9]+)?"
    rf"(?P<unit>{UNIT})?(?P<close>\))?(?P<outside>{UNIT})?(?:[-*])?"
)
_NO_NUMBER: Final = re.compile(rf"-+|(?:金)?@?[¥\\]?(?:{UNIT})?-?")
_NO_MONEY: Final = ("%", "パーセント", "倍", "時間", "分", "月", "年", "歳", "才")
_AS_EXCEL_SHOWS: Final = Context(prec=15)
"""What Excel computes carries noise behind the fifteenth digit, and Excel itself shows none of it."""

YES: Final = frozenset(
    (
        "有", "有り", "あり", "はい", "該当", "該当する", "該当あり", "該当有り", "可", "済", "yes",
        "要", "必要", "する", "希望する", "同意する", "実施", "加入", "y", "true", "on", "1", "○", "◯", "〇", "●", "◉",
        "◎", "☑",
        "✓", "✔", "✅", "■", "レ",
    )
)  # fmt: skip
NO: Final = frozenset(
    (
        "無", "無し", "なし", "いいえ", "非該当", "該当しない", "該当なし", "該当無し", "不可", "未", "no",
        "否", "不要", "しない", "希望しない", "同意しない", "未実施", "未加入", "n", "false", "off", "0", "×", "✕",
        "✖", "✗", "✘", "☓", "x",
        "□", "☐", "▢", "非",
    )
)  # fmt: skip
WORDS: Final = {
    word: word in YES
    for word in YES | NO
    if not set(word) & set(marked.MARKS + marked.CIRCLES + marked.EMPTY + marked.CROSSES + "10")
}
_ERRORS: Final = frozenset(
    (
        "#n/a", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "#spill!", "#calc!", "#getting_data",
    )
)  # fmt: skip


_BRACKETED: Final = re.compile(r"\([0-9]{1,2}\)")
_TWO_NUMBERS: Final = re.compile(r"[0-9][,.]?\s+[0-9]")


_UNKNOWN: Final = "\ufffd"
DOUBT: Final = "\ufdd0"
"""Stands in a text of which nobody can say where it ends: no sign of any writing, and shown nowhere."""


_BOXES: Final = frozenset("☑✓✔✅■□☐▢")


class WrongKind(ValueError):
    """Something stands there, but not of the kind asked for."""


class Ambiguous(ValueError):
    """It can be read in two ways."""


def read(value: Scalar, kind: Kind, unit: Unit | None = None) -> One:
    """The value of that kind, None for a blank. Raises WrongKind and Ambiguous.

    `unit` is what its surroundings state; a unit of its own goes before it.
    """
    if value is None or (isinstance(value, str) and _says_nothing(value, kind)):
        return None
    if isinstance(value, str):
        if DOUBT in value:
            raise Ambiguous("it may go on elsewhere")
        if _UNKNOWN in value:
            raise WrongKind("a sign that no program can tell")
        if squeezed(value[:20]) in _ERRORS:
            raise WrongKind("an error of the workbook")
        if kind not in ("text", "yes_no"):
            value = _one_value(value)
    try:
        if kind == "text":
            return _text(value)
        if kind == "date":
            return _date(value)
        if kind == "yes_no":
            return _yes_no(value)
        if kind == "time":
            return _time(value)
        if kind == "duration":
            return _duration(value, unit)
        if kind == "amount" and isinstance(value, str) and squeezed(value[:100]).endswith(_NO_MONEY):
            raise WrongKind("no money")
        found = _number(value, unit.yen if unit else 0)
    except Ambiguous:
        raise
    except (ValueError, ArithmeticError) as error:
        raise WrongKind(kind) from error
    if found is None or kind == "number":
        return found
    if found != found.to_integral_value():
        raise WrongKind("a fraction")
    return int(found)


def _says_nothing(text: str, kind: Kind) -> bool:
    if not text.strip():
        return True
    if len(text) > _LONGEST_NOTHING:
        return False
    if kind not in ("text", "yes_no", "date") and _BRACKETED.fullmatch(numbered(text)):
        raise Ambiguous("a number in brackets is less than nothing, or numbering")
    return says_nothing(text) or is_numbering(text)


def _one_value(text: str) -> str:
    """A text for a number or day without the numbering around it. Raises WrongKind where two values stand in it."""
    plain = without_numbering(text[:MOST_TEXT])
    if NUMBERING.search(plain):
        raise WrongKind("numbering within it")
    if _TWO_NUMBERS.search(without_time(unicodedata.normalize("NFKC", plain)).strip()):
        raise WrongKind("two values")
    return plain


def is_tried(text: str, kind: Kind) -> bool:
    """A text that is no value of the kind, and was meant as one all the same: digits for the most part, or boxes."""
    plain = squeezed(text)
    if kind == "yes_no":
        return sum(sign in _BOXES for sign in plain) > 1
    return kind != "text" and 2 * sum(sign.isdecimal() for sign in plain) >= max(len(plain), 1)


def as_it_reads(value: Scalar) -> str:
    """What a person sees in the cell, near enough, in at most 60 characters."""
    return one_line(_text(value) or "") if value is not None else ""


def _text(value: Scalar) -> str | None:
    if isinstance(value, str):
        text = value.strip()
        return text[:MOST_TEXT] or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return plain_number(value)
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        return clock.shown_time(value)
    return None if value is None else str(value)


def plain_number(number: Decimal) -> str:
    """Digits without exponent and without zeros at the end."""
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return str(number)
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _time(value: Scalar) -> timedelta | None:
    return clock.read_time(squeezed(value[:100])) if isinstance(value, str) else clock.time_of_cell(value)


def _duration(value: Scalar, unit: Unit | None) -> timedelta | None:
    known = unit.time if unit and unit.time else None
    if isinstance(value, str):
        return clock.read_duration(squeezed(value[:100]), known)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        if known is None:
            raise WrongKind("a number of nobody knows what")
        return clock.of_number(value, known)
    return clock.duration_of_cell(value)


def _number(value: Scalar, yen: int = 0) -> Decimal | None:
    """The number; `yen`: so many is one of it, unless it has a unit of its own."""
    if isinstance(value, bool | date | time | timedelta):
        raise WrongKind("no number")
    if isinstance(value, int):
        found = Decimal(value) if value.bit_length() < 80 else None
    elif isinstance(value, Decimal):
        found = _AS_EXCEL_SHOWS.plus(value) if value.is_finite() and abs(value.adjusted()) < MOST_DIGITS else None
    else:
        return _number_in(squeezed(value[:MOST_TEXT]) if isinstance(value, str) else "", yen)
    if found is None:
        raise WrongKind("no number that forms have")
    return found * yen if yen else found


def _number_in(text: str, yen: int) -> Decimal | None:
    if _NO_NUMBER.fullmatch(text):
        return None
    found = _NUMBER.fullmatch(text)
    if found is None or len(text) > MOST_DIGITS * 2:
        raise WrongKind("no number")
    signs = [sign for sign in (found["before"], found["after"]) if sign]
    bracketed = found["open"] is not None
    if bracketed != (found["close"] is not None) or len(signs) + bracketed > 1:
        raise WrongKind("two signs")
    digits = found["whole"].replace(",", "")
    if len(digits) > MOST_DIGITS:
        raise WrongKind("too many digits")
    units = [unit.removesuffix("也").removesuffix("整") for unit in (found["unit"], found["outside"]) if unit]
    money = [unit for unit in units if unit in MONEY]
    if len(set(money)) > 1:
        raise WrongKind("two units")
    number = Decimal(digits + (found["part"] or "")) * (MONEY[money[0]] if money else (yen or 1))
    return -number if bracketed or (signs and signs[0] != "+") else number


def _date(value: Scalar) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        text = squeezed(without_time(unicodedata.normalize("NFKC", with_era(value[:100]))))
        if text.startswith(NONE_MARKED):
            if any(sign.isdecimal() for sign in text):
                raise Ambiguous("no era is marked")
            text = text.removeprefix(NONE_MARKED)
        return read_date(text)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise WrongKind("no day")
    if isinstance(value, Decimal) and (not value.is_finite() or abs(value.adjusted()) > 10):
        raise WrongKind("no day")
    return day_of_number(int(value))


def _yes_no(value: Scalar) -> bool | None:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal):
        if value in (0, 1):
            return bool(value)
        raise WrongKind("neither yes nor no")
    text = squeezed(value[:60]) if isinstance(value, str) else ""
    bare = text[1:-1] if text[:1] == "(" and text[-1:] == ")" else text
    if bare in YES:
        return True
    if bare in NO:
        return False
    try:
        return marked.chosen(value if isinstance(value, str) else "", WORDS)
    except marked.Unclear as error:
        raise Ambiguous(str(error)) from error
    except ValueError as error:
        raise WrongKind("neither yes nor no") from error
