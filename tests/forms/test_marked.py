"""One of several words is marked in one text, or none, or nobody can tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from syncd.forms.fact import Fact
from syncd.forms.grid import Grid
from syncd.forms.locate import find
from syncd.forms.values import Ambiguous, WrongKind, read

Draw = Callable[..., Grid]


@pytest.mark.parametrize(
    ("text", "answer"),
    [("（有）・無", True), ("有・（無）", False), ("有・○無", False), ("○有・無", True), ("有○・無", True),
     ("有・無○", False),
     ("【有】・無", True), ("有 ・ ○ 無", False), ("㊒・無", True), ("有\u20dd・無", True), ("☑ 有　□ 無", True),
     ("有☑　無□", True),
     ("有（○）・無（　）", True), ("（　）有 （○）無", False), ("はい・○いいえ", False),
     ("○該当する・該当しない", True), ("×有 ○無", False),
     ("可・○否", False), ("（要）・不要", True), ("○有 ●無", False), ("レ有　□無", True), ("（○）", True),
     ("☑該当", True)],
)  # fmt: skip
def test_the_word_that_is_marked(text: str, answer: bool) -> None:
    assert read(text, "yes_no") is answer


@pytest.mark.parametrize(
    "text", ["有・無", "（有・無）", "□有　□無", "有　無", "はい／いいえ", "該当する・該当しない", "○有 ○無", "□該当"]
)
def test_none_is_marked(text: str) -> None:
    assert read(text, "yes_no") is None


@pytest.mark.parametrize("text", ["有○無", "（有）・（無）", "有・○・無", "○（有）・無", "有・□無", "有・×無"])
def test_where_nobody_can_tell(text: str) -> None:
    with pytest.raises(Ambiguous):
        read(text, "yes_no")


@pytest.mark.parametrize("text", ["☑有 ☑無", "●有 ●無", "☑有 無し 不明", "有・検討中", "有・有"])
def test_two_or_no_choice(text: str) -> None:
    with pytest.raises(WrongKind):
        read(text, "yes_no")


SHORT = ("明", "大", "昭", "平", "令")
LONG = ("明治", "大正", "昭和", "平成", "令和")
FIRST = {"明": 1868, "大": 1912, "昭": 1926, "平": 1989, "令": 2019}


def test_the_era_that_is_marked_in_every_way(draw: Draw) -> None:
    born = Fact("born", "date", ("生年月日",))
    ways = ["○{}", "（{}）", "【{}】", "☑{}", "{}○"]
    for number, names, between, way in product(range(5), (SHORT, LONG), ("・", "　", "／"), ways):
        eras = [
            way.format(name) if at == number else ("□" if "☑" in way else "") + name for at, name in enumerate(names)
        ]
        expected = date(FIRST[SHORT[number]] + 4, 6, 7)
        choice = between.join(eras)
        for drawing in (
            f"生年月日 | {choice} | 5 | 年 | 6 | 月 | 7 | 日",
            f"生年月日 | {choice} 5年6月7日",
            f"生年月日 | {choice}5.6.7",
        ):
            found = find(draw(drawing), [born])["born"]
            assert (found.state, found.one) == ("found", expected), drawing
    apart = find(draw("生年月日 | 昭 | ○平 | 令 | 5 | 年 | 6 | 月 | 7 | 日"), [born])["born"]
    assert apart.one == date(1993, 6, 7)


@pytest.mark.parametrize(
    ("drawing", "state"),
    [("生年月日 | 昭・平・令 | 5 | 年 | 6 | 月 | 7 | 日", "ambiguous"),
     ("生年月日 | ○昭・○平・令 | 5 | 年 | 6 | 月 | 7 | 日", "ambiguous"),
     ("生年月日 | 昭・平・令　5年6月7日", "ambiguous"), ("生年月日 | 昭・平・令 |  | 年 |  | 月 |  | 日", "blank"),
     ("生年月日 | 昭和・平成・令和　　年　月　日", "blank"), ("生年月日 | 昭 ○ 平 5年6月7日", "ambiguous")],
)  # fmt: skip
def test_an_era_that_nobody_marked_makes_no_day(draw: Draw, drawing: str, state: str) -> None:
    assert find(draw(drawing), [Fact("born", "date", ("生年月日",))])["born"].state == state
