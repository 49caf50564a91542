"""Units as forms state them: behind a number, in a heading, in the cell beside it, or in a line of the page.

千円 and its like count a thousand yen, so an amount below a heading 金額（千円） or a line （単位：千円） is a thousand
times what is written. 時間 and 分 say what a bare number of a duration means. All other units only name what is
counted; ％ is read as it is written: 12.5％ is 12.5. Refuses to choose where two statements differ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from syncd.forms.labels import squeezed

MONEY: Final = {"円": 1, "千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "千万円": 10_000_000, "億円": 100_000_000}
_TIMES: Final[dict[str, Literal["hours", "minutes"]]] = {
    "時間": "hours", "h": "hours", "hours": "hours",
    "分": "minutes", "分間": "minutes", "min": "minutes", "minutes": "minutes",
}  # fmt: skip
_COUNTED: Final = (
    r"人|名|件|日間?|回|歳|才|時間|枚|分間?|秒|[かヶケヵカ箇]月[間分]?|[かヶケヵカ箇]年間?|年間?|月|週間?|泊|食|組|クラス|学級|室|台|冊|個|本"
    r"|園|校|施設|世帯|部|点|単位|[かヶケヵカ箇]?所|m2|平米|平方メートル|km|kg|便|床|席|基|式|通|戸|コマ|番|位|倍|%|パーセント"
)
UNIT: Final = rf"(?:(?:千|万|百万|千万|億)?円(?:也|整)?|也|(?:延べ?)?(?:{_COUNTED})|人日|人回|人時間|人月)"
"""What may stand behind a number, squeezed."""
_MONEY_WORDS: Final = "|".join(sorted(MONEY, key=len, reverse=True))
_STATED: Final = re.compile(rf"単位(?:は|[:・])?(?:[^:()]{{1,4}}[、,・/])?({_MONEY_WORDS}|時間|分)(?![a-z0-9])")
_UNIT_OF_LABEL: Final = re.compile(rf"[(\[〔【<](?:単位:?)?(?:{_MONEY_WORDS}|時間|分|%)[)\]〕】>]$")
_ONLY_UNIT: Final = re.compile(rf"[(\[〔【<]?(?:単位:?)?{UNIT}[)\]〕】>]?")
_BARE_LINE: Final = re.compile(r"[(\[〔【<※*]*(?:金額の?)?単位[^()]{1,12}[)\]〕】>。]*")
_IN_HEADING: Final = re.compile(
    rf"[(\[〔【<](?:単位:?|金額:?|税込み?[、,・]?|税抜き?[、,・]?)?({_MONEY_WORDS}|時間|分間?|h|min)[)\]〕】>]|[/・:]({_MONEY_WORDS})$"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """What one of a number is: so many yen (`yen`), or an hour or a minute (`time`)."""

    yen: int = 0
    time: Literal["hours", "minutes", ""] = ""


def unit_of(word: str) -> Unit | None:
    """The unit that a whole text is, squeezed: 円, 千円, 時間; None for any other text."""
    if word in MONEY:
        return Unit(MONEY[word])
    return Unit(time=_TIMES[word]) if word in _TIMES else None


def without_unit(key: str) -> str:
    """A label's key without the unit at its end: 金額(千円) → 金額. What it counts is read from the form."""
    return _UNIT_OF_LABEL.sub("", key) or key


def beside_number(text: str) -> Unit | None:
    """The unit that a cell beside a number is, brackets aside: `千円`, `（時間）`."""
    return unit_of(squeezed(text).strip("()[]〔〕【】").removesuffix("也").removesuffix("整"))


def in_heading(text: str) -> Unit | None:
    """The unit that a heading or label states: `金額（千円）`, `実働(時間)`, `支出額（単位：千円）`."""
    key = squeezed(text)
    found = _IN_HEADING.search(key)
    if found is None:
        return beside_number(text) or in_line(text)
    return unit_of(found[1] or found[2])


def is_unit(text: str, *, bracketed: bool = False) -> bool:
    """It is a unit and nothing else, as stands between a heading and its values: `（人）`, `千円`."""
    key = squeezed(text)
    return _ONLY_UNIT.fullmatch(key) is not None and (key[:1] in "([〔【<" or not bracketed)


def is_bare_line(text: str) -> bool:
    """It states a unit and nothing else."""
    return _BARE_LINE.fullmatch(squeezed(text)) is not None


def in_line(text: str) -> Unit | None:
    """The unit that a line of the page states for what follows: `（単位：千円）`."""
    found = _STATED.search(squeezed(text)) if "単" in text else None
    return unit_of(found[1]) if found else None
