"""Tries an expression with values of the right kinds before any form has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from syncd.forms import months
from syncd.forms.fact import Fact, Kind
from syncd.forms.language import Expression
from syncd.forms.shapes import misfit
from syncd.forms.things import Many, NoAnswer, NotAsked, Nothing, Table, Thing, WrongTogether

_SAMPLES: Final[Mapping[Kind, str | int | Decimal | date | timedelta | bool]] = {
    "text": "あ",
    "int": 2,
    "number": Decimal("1.5"),
    "amount": 1000,
    "date": date(2026, 4, 1),
    "time": timedelta(hours=9),
    "duration": timedelta(hours=7, minutes=30),
    "yes_no": True,
}
_ROWS: Final = 8
_PERIOD: Final = "2026-04"


def rehearse(
    expression: Expression, own: Mapping[str, Fact], others: Mapping[str, Mapping[str, Fact]]
) -> tuple[str, str] | None:
    """Why the expression can never be computed, whatever stands in the forms, and a remedy; None when it can.

    `own`: the form's facts, which `previous` has, too; `others`: those of other documents by their id.
    """
    from syncd.forms.evaluation import compute

    def look(name: str) -> Thing:
        root, *rest = name.split(".")
        if root in own:
            return _sample(name, own[root], rest)
        if root == "operator":
            return "あ"
        if root == "period":
            return months.part_of(_PERIOD, rest[0]) if rest else _PERIOD
        facts = own if root == "previous" else others.get(root, {})
        return _sample(name, facts[rest[0]], rest[1:]) if rest and rest[0] in facts else Nothing(name, "absent")

    if found := misfit(expression, own, others):
        return found
    try:
        compute(expression, look, lambda _: True, whole=True)
    except WrongTogether as clash:
        return clash.english, clash.remedy
    except (NoAnswer, NotAsked):
        return None
    return None


def _sample(name: str, fact: Fact, rest: list[str]) -> Thing:
    if rest:
        kinds = [column.kind for column in fact.columns if column.name == rest[0]]
        return Many((_SAMPLES[kinds[0]],) * _ROWS) if kinds else Nothing(name, "absent")
    if fact.table:
        return Table(name, _ROWS)
    return Many((_SAMPLES[fact.kind],) * _ROWS) if fact.many else _SAMPLES[fact.kind]
