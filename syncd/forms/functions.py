"""What the functions of checks do (`signatures` says how they are called).

Over many values blank ones don't count. `sum` of yes/no values is how many are yes. Rounding is 四捨五入: half away
from zero.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Final

from syncd.forms import clock
from syncd.forms.fact import One
from syncd.forms.labels import squeezed
from syncd.forms.operators import contains, in_seconds
from syncd.forms.things import (
    Many,
    NoAnswer,
    NotAsked,
    Nothing,
    Table,
    Thing,
    WrongTogether,
    bounded,
    clash,
    day,
    kind_name,
    kind_of,
    length,
    number,
    spread,
    text,
)

WEEKDAYS: Final = "月火水木金土日"
_MOST_PLACES: Final = 10


def functions(business_day: Callable[[date], bool]) -> dict[str, Callable[..., Thing]]:
    """All functions by name; `business_day` says whether the ward is open on a day."""
    return {
        "sum": _sum,
        "mean": _mean,
        "count": _count,
        "distinct": lambda thing: len({_comparable(one) for one in _several((thing,), "distinct")}),
        "len": _length,
        "min": lambda *things: _extreme("min", min, things),
        "max": lambda *things: _extreme("max", max, things),
        "abs": lambda thing: spread(_absolute, thing),
        "round": lambda thing, places=0: _rounded("round", ROUND_HALF_UP, thing, places),
        "round_up": lambda thing, places=0: _rounded("round_up", ROUND_UP, thing, places),
        "round_down": lambda thing, places=0: _rounded("round_down", ROUND_DOWN, thing, places),
        "any": lambda *things: any(_truths(things, "any")),
        "given": _given,
        "contains": lambda whole, part: spread(contains, whole, part),
        "like": lambda thing, pattern: spread(_like, thing, pattern),
        "days": lambda first, last: spread(lambda a, b: (day(b, "days") - day(a, "days")).days, first, last),
        "year": lambda thing: spread(lambda one: day(one, "year").year, thing),
        "month": lambda thing: spread(lambda one: day(one, "month").month, thing),
        "day": lambda thing: spread(lambda one: day(one, "day").day, thing),
        "weekday": lambda thing: spread(lambda one: WEEKDAYS[day(one, "weekday").weekday()], thing),
        "business_day": lambda thing: spread(lambda one: bool(business_day(day(one, "business_day"))), thing),
        "age": lambda born, on: spread(_age, born, on),
        "date": lambda *parts: _written("date", clock.written_day, parts),
        "time": lambda *parts: _written("time", clock.written_time, parts),
        "duration": lambda *parts: _written("duration", clock.written_duration, parts),
        "hours": lambda thing: spread(lambda one: _in_units(one, "hours", 3_600), thing),
        "minutes": lambda thing: spread(lambda one: _in_units(one, "minutes", 60), thing),
        "only": _only,
        "weekly_max": _weekly_max,
    }


def _several(things: Sequence[Thing], what: str) -> Iterator[One]:
    """All single values in these, blank ones left out."""
    for thing in things:
        if isinstance(thing, Nothing):
            raise NotAsked(thing)
        if isinstance(thing, Table):
            raise clash(what, thing)
        if isinstance(thing, Many):
            yield from (item for item in thing.items if item is not None)
        else:
            yield thing


def _truths(things: Sequence[Thing], what: str) -> Iterator[bool]:
    for one in _several(things, what):
        if not isinstance(one, bool):
            raise clash(what, one)
        yield one


def _sum(*things: Thing) -> Thing:
    every = list(_several(things, "sum"))
    if every and all(isinstance(one, timedelta) for one in every):
        return in_seconds(sum(_seconds(one, "sum") for one in every))
    total: int | Decimal = 0
    for one in every:
        total = total + (int(one) if isinstance(one, bool) else number(one, "sum"))
    return bounded(total)


def _mean(thing: Thing) -> Thing:
    every = list(_several((thing,), "mean"))
    if every and all(isinstance(one, timedelta) for one in every):
        return in_seconds(Decimal(sum(_seconds(one, "mean") for one in every)) / len(every))
    numbers = [number(one, "mean") for one in every]
    if not numbers:
        raise NotAsked(Nothing("mean", "blank"))
    return Decimal(sum(numbers)) / len(numbers)


def _count(thing: Thing) -> Thing:
    if isinstance(thing, Table):
        return thing.rows
    if isinstance(thing, Nothing) and thing.why == "blank":
        return 0
    return sum(1 for _ in _several((thing,), "count"))


def _length(thing: Thing) -> Thing:
    """The rows of a table, the number of values, the characters of a text."""
    if isinstance(thing, Nothing):
        raise NotAsked(thing)
    if isinstance(thing, Table):
        return thing.rows
    return len(thing.items) if isinstance(thing, Many) else len(text(thing, "len"))


def _extreme(what: str, choose: Callable[..., One], things: Sequence[Thing]) -> Thing:
    every = list(_several(things, what))
    if not every:
        raise NotAsked(Nothing(what, "blank"))
    if len({kind_of(one) for one in every}) == 1 and kind_of(every[0]) in ("date", "duration", "number"):
        found = choose(every)
        assert found is not None
        return found
    raise clash(what, *every[:2])


def _absolute(one: One) -> One:
    found = number(one, "abs")
    return found if found >= 0 else -found


def _rounded(what: str, rounding: str, thing: Thing, places: Thing) -> Thing:
    if type(places) is not int or abs(places) > _MOST_PLACES:
        raise NoAnswer(f"{what} の桁数が正しくありません", f"{what}() takes at most {_MOST_PLACES} places")

    def rounded(one: One) -> One:
        found = Decimal(number(one, what)).quantize(Decimal(1).scaleb(-places), rounding=rounding)
        return int(found) if found == int(found) else found

    return spread(rounded, thing)


def _given(thing: Thing) -> Thing:
    if isinstance(thing, Nothing):
        if thing.why in ("blank", "missing"):
            return False
        raise NotAsked(thing)
    if isinstance(thing, Table):
        return thing.rows > 0
    if isinstance(thing, Many) and thing.items:
        return Many(tuple(item is not None for item in thing.items), thing.places)
    return not isinstance(thing, Many)


def _age(born: One, on: One) -> One:
    first, last = day(born, "age"), day(on, "age")
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def _weekly_max(dates: Thing, counts: Thing) -> Thing:
    """The greatest number of each week (Monday to Sunday) that has one."""
    for thing in (dates, counts):
        if isinstance(thing, Nothing):
            raise NotAsked(thing)
    if not isinstance(dates, Many) or not isinstance(counts, Many) or len(dates.items) != len(counts.items):
        raise NoAnswer("日付と数の個数が違います", "weekly_max() takes as many days as numbers")
    weeks: dict[tuple[int, int], int | Decimal] = {}
    for when, count in zip(dates.items, counts.items, strict=True):
        if when is not None and count is not None:
            week = day(when, "weekly_max").isocalendar()[:2]
            weeks[week] = max(weeks.get(week, number(count, "weekly_max")), number(count, "weekly_max"))
    return Many(tuple(weeks.values()))


def _only(thing: Thing, *conditions: Thing) -> Thing:
    """The values for which all conditions hold, with their places.

    Where a condition is blank nobody knows whether a value that is given counts: then there is no result.
    """
    for each in (thing, *conditions):
        if isinstance(each, Nothing):
            raise NotAsked(each)
    every = (thing, *conditions)
    if isinstance(thing, Many) and not thing.items:
        return thing
    if not all(isinstance(each, Many) for each in every):
        single = next(each for each in every if not isinstance(each, Many))
        raise WrongTogether(
            f"only は表の列にだけ使えます（{kind_name(single)}）",
            f"only() goes through the rows of a table, this is {kind_name(single, english=True)}",
            "write e.g. sum(only(lines.amount, lines.kind == '加算'))",
        )
    values, *held = [each for each in every if isinstance(each, Many)]
    if any(len(each.items) != len(values.items) for each in held):
        counts = "・".join(str(len(each.items)) for each in (values, *held))
        raise NoAnswer(f"個数が違うため選べません（{counts}）", f"only() needs as many conditions as values ({counts})")
    kept = []
    for number_, item in enumerate(values.items):
        answers = [each.items[number_] for each in held]
        if any(answer is not None and not isinstance(answer, bool) for answer in answers):
            raise clash("only", *answers)
        if False in answers:
            continue
        if None not in answers:
            kept.append(number_)
        elif item is not None:
            raise NoAnswer(
                "条件の欄が空欄の行があるため選べません",
                "whether a row counts can't be told: a field of its condition is blank",
            )
    places = tuple(values.places[each] for each in kept) if values.places else ()
    return Many(tuple(values.items[each] for each in kept), places)


def _written(what: str, reads: Callable[..., One], parts: Sequence[Thing]) -> Thing:
    for part in parts:
        if isinstance(part, Nothing):
            raise NotAsked(part)
        if isinstance(part, Many | Table):
            raise clash(what, part)
    try:
        found = reads(*parts)
    except (ValueError, IndexError, OverflowError):
        text_ = ", ".join(str(part) for part in parts)
        raise NoAnswer(f"{what}({text_}) はありません", f"there is no {what}({text_})") from None
    assert found is not None
    return found


def _seconds(one: One, what: str) -> int:
    return round(length(one, what).total_seconds())


def _in_units(one: One, what: str, seconds: int) -> One:
    """A time in hours or minutes."""
    found = Decimal(_seconds(one, what)) / seconds
    return int(found) if found == int(found) else found


def _comparable(one: One) -> One:
    return squeezed(one) if isinstance(one, str) else one


def _like(one: One, pattern: One) -> bool:
    """`#` stands for a digit, `?` for any sign, `*` for any signs or none; compared as texts are."""
    whole = squeezed(text(one, "like"))
    wanted = squeezed(text(pattern, "like"))
    reached = {0}
    for sign in wanted:
        if sign == "*":
            reached = set(range(min(reached), len(whole) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(whole) and _fits(whole[at], sign)}
        if not reached:
            return False
    return len(whole) in reached


def _fits(sign: str, wanted: str) -> bool:
    return sign in "0123456789" if wanted == "#" else wanted in ("?", sign)
