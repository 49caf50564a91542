"""Facts as text, for the database: what other documents' and later months' checks need of them. Comes back equal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from syncd.forms.fact import One, Value


def write_facts(facts: Mapping[str, Value]) -> str:
    """All facts of one form as JSON."""
    return json.dumps({name: _value_out(value) for name, value in facts.items()}, ensure_ascii=False)


def read_facts(text: str) -> dict[str, Value]:
    """What `write_facts` wrote."""
    return {name: _value_in(value) for name, value in json.loads(text).items()}


def _value_out(value: Value) -> dict[str, Any]:
    return {
        "state": value.state,
        "one": _out(value.one),
        "many": [_out(one) for one in value.many],
        "rows": [{name: _out(one) for name, one in row.items()} for row in value.rows],
        "cell": value.cell,
        "shown": value.shown,
        "worst": value.worst,
        "others": list(value.others),
        "through": value.through,
    }


def _value_in(stored: Mapping[str, Any]) -> Value:
    return Value(
        state=stored["state"],
        one=_in(stored["one"]),
        many=tuple(_in(one) for one in stored["many"]),
        rows=tuple({name: _in(one) for name, one in row.items()} for row in stored["rows"]),
        cell=stored["cell"],
        shown=stored["shown"],
        worst=stored["worst"],
        others=tuple(stored.get("others", ())),  # what was stored before there were ambiguous facts has neither
        through=stored.get("through", ""),
    )


def _out(one: One) -> object:
    """JSON knows no days, no times and no exact decimals: they become a pair of kind and text."""
    if isinstance(one, Decimal):
        return ["decimal", str(one)]
    if isinstance(one, date):
        return ["date", one.isoformat()]
    if isinstance(one, timedelta):
        return ["time", str(round(one.total_seconds()))]
    return one


def _in(stored: Any) -> One:
    if isinstance(stored, list):
        kind, text = stored
        if kind == "time":
            return timedelta(seconds=int(text))
        return Decimal(text) if kind == "decimal" else date.fromisoformat(text)
    return cast(One, stored)
