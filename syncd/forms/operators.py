"""What + - * / and comparisons mean between single values of a form.

Texts are equal when they are after NFKC and case folding, spaces aside. Days can be subtracted (whole days) and moved
by a number of days; times are added, subtracted, multiplied, and divided by each other. Refuses to compare or add
values of different kinds.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from syncd.forms.fact import One
from syncd.forms.labels import squeezed
from syncd.forms.things import Many, NoAnswer, NotAsked, Nothing, Thing, bounded, clash, kind_of, number, spread

_MOST_TEXT: Final = 10_000
_MOST_SECONDS: Final = 10**10


def _add(left: One, right: One) -> One:
    if isinstance(left, str) and isinstance(right, str) and len(left) + len(right) <= _MOST_TEXT:
        return left + right
    if isinstance(left, date) and type(right) is int:
        return _moved(left, right)
    if isinstance(right, date) and type(left) is int:
        return _moved(right, left)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left + right
    if kind_of(left) != "number" or kind_of(right) != "number":
        raise clash("+", left, right)
    return bounded(number(left, "+") + number(right, "+"))


def _subtract(left: One, right: One) -> One:
    if isinstance(left, date) and isinstance(right, date):
        return (left - right).days
    if isinstance(left, date) and type(right) is int:
        return _moved(left, -right)
    if isinstance(left, timedelta) and isinstance(right, timedelta):
        return left - right
    if kind_of(left) != "number" or kind_of(right) != "number":
        raise clash("-", left, right)
    return bounded(number(left, "-") - number(right, "-"))


def _moved(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise NoAnswer("日付が範囲外です", "the day is out of range") from None


def _numbers(sign: str, operation: Callable[[Decimal, Decimal], Decimal]) -> Callable[[One, One], One]:
    def found(left: One, right: One) -> One:
        if isinstance(left, timedelta) or isinstance(right, timedelta):
            return _of_times(sign, left, right)
        if kind_of(left) != "number" or kind_of(right) != "number":
            raise clash(sign, left, right)
        first, second = Decimal(number(left, sign)), Decimal(number(right, sign))
        if sign != "*" and not second:
            raise NoAnswer("0で割ることはできません", "nothing can be divided by 0")
        result = bounded(operation(first, second))
        return int(result) if isinstance(left, int) and isinstance(right, int) and result == int(result) else result

    return found


def _of_times(sign: str, left: One, right: One) -> One:
    """Twice a time, half of it, how often one goes into the other."""
    if sign == "*" and isinstance(right, timedelta):
        left, right = right, left
    if not isinstance(left, timedelta) or (sign == "*" and isinstance(right, timedelta)) or sign not in ("*", "/"):
        raise clash(sign, left, right)
    seconds = Decimal(round(left.total_seconds()))
    by = Decimal(round(right.total_seconds())) if isinstance(right, timedelta) else Decimal(number(right, sign))
    if sign == "/" and not by:
        raise NoAnswer("0で割ることはできません", "nothing can be divided by 0")
    found = bounded(seconds / by if sign == "/" else seconds * by)
    if isinstance(right, timedelta):
        return int(found) if found == int(found) else found
    return in_seconds(found)


def in_seconds(seconds: int | Decimal) -> timedelta:
    """A time of so many seconds, rounded to whole ones."""
    exact = Decimal(seconds)
    if abs(exact) > _MOST_SECONDS:
        raise NoAnswer("時間が範囲外です", "the time is out of range")
    return timedelta(seconds=int(exact.to_integral_value("ROUND_HALF_UP")))


def _floor(left: Decimal, right: Decimal) -> Decimal:
    return (left / right).to_integral_value("ROUND_FLOOR")


def equal(left: One, right: One) -> bool:
    """Whether two single values are the same."""
    if kind_of(left) != kind_of(right):
        raise clash("==", left, right)
    if isinstance(left, str) and isinstance(right, str):
        return squeezed(left) == squeezed(right)
    return left == right


def _ordered(sign: str, holds: Callable[[int], bool]) -> Callable[[One, One], One]:
    def found(left: One, right: One) -> One:
        if isinstance(left, date) and isinstance(right, date):
            return holds((left > right) - (left < right))
        if isinstance(left, timedelta) and isinstance(right, timedelta):
            return holds((left > right) - (left < right))
        if kind_of(left) != "number" or kind_of(right) != "number":
            raise clash(sign, left, right)
        first, second = number(left, sign), number(right, sign)
        return holds((first > second) - (first < second))

    return found


def contains(whole: One, part: One) -> bool:
    """The text has the part in it, compared as texts are."""
    if not isinstance(whole, str) or not isinstance(part, str):
        raise clash("in", whole, part)
    return squeezed(part) in squeezed(whole)


def is_in(left: Thing, right: Thing) -> Thing:
    """One of many values, or a part of a text."""
    if isinstance(right, Nothing):
        raise NotAsked(right)
    if isinstance(right, Many):
        items = [item for item in right.items if item is not None]
        return spread(lambda one: any(equal(one, item) for item in items), left)
    return spread(lambda part, whole: contains(whole, part), left, right)


def _not_in(left: Thing, right: Thing) -> Thing:
    return spread(_negated, is_in(left, right))


def _negated(one: One) -> One:
    if not isinstance(one, bool):
        raise clash("not", one)
    return not one


def _over(operation: Callable[..., One]) -> Callable[..., Thing]:
    return lambda *things: spread(operation, *things)


OPERATORS: Final[dict[type[ast.AST], Callable[..., Thing]]] = {
    ast.Add: _over(_add),
    ast.Sub: _over(_subtract),
    ast.Mult: _over(_numbers("*", lambda a, b: a * b)),
    ast.Div: _over(_numbers("/", lambda a, b: a / b)),
    ast.FloorDiv: _over(_numbers("//", _floor)),
    ast.Mod: _over(_numbers("%", lambda a, b: a - b * _floor(a, b))),
    ast.USub: _over(lambda one: -one if isinstance(one, timedelta) else -number(one, "-")),
    ast.UAdd: _over(lambda one: number(one, "+")),
    ast.Not: _over(_negated),
    ast.Eq: _over(equal),
    ast.NotEq: _over(lambda left, right: not equal(left, right)),
    ast.Lt: _over(_ordered("<", lambda order: order < 0)),
    ast.LtE: _over(_ordered("<=", lambda order: order <= 0)),
    ast.Gt: _over(_ordered(">", lambda order: order > 0)),
    ast.GtE: _over(_ordered(">=", lambda order: order >= 0)),
    ast.In: is_in,
    ast.NotIn: _not_in,
}
