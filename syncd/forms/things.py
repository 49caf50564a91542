"""What expressions compute with: single values, `Many` of them, whole `Table`s, and `Nothing` where a form is silent.

Also how an operation is spread over many values. An operation on nothing is not asked (`NotAsked`), one on values that
don't go together has no answer (`NoAnswer`, said in both languages).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

from syncd.forms.fact import One, State

Silence = State | Literal["absent"]
"""Why there is nothing: the state of the fact, or absent: the other document isn't here."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No value, under that name."""

    name: str
    why: Silence


@dataclass(frozen=True, slots=True)
class Many:
    """Values in their order, blank ones as None; `places`: their addresses, or nothing when they have none."""

    items: tuple[One, ...]
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a whole; only its length may be asked."""

    name: str
    rows: int


Thing = str | int | Decimal | bool | date | timedelta | Many | Table | Nothing


class NotAsked(Exception):
    """The check needs something that isn't there."""

    def __init__(self, nothing: Nothing) -> None:
        super().__init__(nothing.name)
        self.nothing = nothing


class NoAnswer(Exception):
    """The expression can't be computed with these values; the reason in Japanese and English."""

    def __init__(self, japanese: str, english: str) -> None:
        super().__init__(english)
        self.japanese = japanese
        self.english = english


class WrongTogether(NoAnswer):
    """Values of these kinds never go together, whatever they are: the rule is wrong, not the form.

    `remedy` is what to write instead.
    """

    def __init__(self, japanese: str, english: str, remedy: str = "") -> None:
        super().__init__(japanese, english)
        self.remedy = remedy or "compare what is of one kind, see `as:` of the facts"


_KINDS: Final = {
    "number": ("数値", "a number"),
    "text": ("文字", "a text"),
    "date": ("日付", "a day"),
    "duration": ("時間", "a time"),
    "yes_no": ("はい／いいえ", "yes or no"),
    "many": ("複数の値", "many values"),
    "table": ("表", "a table"),
}
_REMEDIES: Final = {
    frozenset(("date", "text")): "a day is written date(2026, 10, 1), or '2026-10-01' in a comparison",
    frozenset(("date", "number")): "year(…), month(…) and day(…) give numbers; a day is written date(2026, 10, 1)",
    frozenset(("duration", "number")): "hours(…) and minutes(…) give numbers; a time is written duration('7:30')",
    frozenset(("duration", "text")): "a time is written time('7:30') or duration('7:30')",
}
_MOST: Final = Decimal(10) ** 40


def kind_of(thing: object) -> str:
    """number, text, date, duration (times of day, too), yes_no, many or table."""
    if isinstance(thing, bool):
        return "yes_no"
    if isinstance(thing, int | Decimal):
        return "number"
    if isinstance(thing, date):
        return "date"
    if isinstance(thing, timedelta):
        return "duration"
    return "many" if isinstance(thing, Many) else "table" if isinstance(thing, Table) else "text"


def kind_name(thing: object, *, english: bool = False) -> str:
    """The kind in words."""
    return _KINDS[kind_of(thing)][english]


def spread(operation: Callable[..., One], *things: Thing) -> Thing:
    """The operation on single values; with many values on each, blank ones staying blank."""
    for thing in things:
        if isinstance(thing, Nothing):
            raise NotAsked(thing)
    many = [thing for thing in things if isinstance(thing, Many)]
    if not many:
        found = operation(*things)
        assert found is not None
        return found
    length = len(many[0].items)
    if any(len(thing.items) != length for thing in many):
        counts = "・".join(str(len(thing.items)) for thing in many)
        raise NoAnswer(
            f"個数が違うため比べられません（{counts}）", f"as many values on both sides are needed ({counts})"
        )
    columns = [thing.items if isinstance(thing, Many) else (thing,) * length for thing in things]
    items = tuple(None if None in row else operation(*row) for row in zip(*columns, strict=True))
    return Many(items, next((thing.places for thing in many if thing.places), ()))


def clash(what: str, *things: object) -> WrongTogether:
    """These kinds don't go together in that operation."""
    names = [kind_of(thing) for thing in things]
    kinds = [_KINDS[name] for name in names]
    japanese = "と".join(kind[0] for kind in kinds)
    english = " and ".join(kind[1] for kind in kinds)
    remedy = _REMEDIES.get(frozenset(names), "")
    return WrongTogether(f"{japanese}には「{what}」が使えません", f"{what} can't be used with {english}", remedy)


def number(thing: object, what: str) -> int | Decimal:
    """The thing if it is a number."""
    if isinstance(thing, bool) or not isinstance(thing, int | Decimal):
        raise clash(what, thing)
    return thing


def day(thing: object, what: str) -> date:
    """The thing if it is a day."""
    if not isinstance(thing, date):
        raise clash(what, thing)
    return thing


def length(thing: object, what: str) -> timedelta:
    """The thing if it is a time."""
    if not isinstance(thing, timedelta):
        raise clash(what, thing)
    return thing


def text(thing: object, what: str) -> str:
    """The thing if it is a text."""
    if not isinstance(thing, str):
        raise clash(what, thing)
    return thing


def bounded(found: int | Decimal) -> int | Decimal:
    """A number that is no larger than any form's."""
    if not -_MOST < found < _MOST:
        raise NoAnswer("数値が大きすぎます", "the number is too large")
    return found
