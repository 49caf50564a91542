"""Tables drawn at random are read as they were written, or not at all where two readings are possible.

SYNCD_MADE_TABLES says how many of each kind (100 when left out).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from syncd.forms.check import Check, Surroundings, evaluate
from syncd.forms.fact import Value
from syncd.forms.language import compile_expression
from syncd.forms.locate import find
from syncd.reading.limits import Limits
from syncd.reading.workbook import grid
from tests.forms import made_tables
from tests.forms.made_tables import Made

COUNT = int(os.environ.get("SYNCD_MADE_TABLES", "100"))


def told(value: Value, made: Made, name: str) -> str:
    """What is wrong with a value, '' for nothing."""
    state = made.states.get(name, "found")
    if value.state != state:
        return f"{name}: {value.state} {value.worst or value.cell} {value.shown}, should be {state}"
    if state != "found":
        return ""
    if name in made.ones and value.one != made.ones[name]:
        return f"{name}: {value.one}, should be {made.ones[name]}"
    if name in made.many and value.many != made.many[name]:
        return f"{name}: {value.many}, should be {made.many[name]}"
    wanted = made.rows.get(name, ())
    if name in made.rows and [dict(row) for row in value.rows] != [
        {key: row.get(key) for key in value.rows[0]} for row in wanted
    ]:
        return f"{name}: {value.rows}, should be {wanted}"
    return ""


def faults(made: Made, found: Mapping[str, Value], around: Surroundings) -> list[str]:
    said = [told(found[fact.name], made, fact.name) for fact in made.facts]
    for text, holds in made.holds.items():
        check = Check(text, "that", compile_expression(text), facts=tuple(made.facts))
        results = {finding.result for finding in evaluate(check, found, around)}
        if results != {"passed" if holds else "return"}:
            said.append(f"{text}: {results}")
    return [each for each in said if each]


@pytest.mark.parametrize("make", [made_tables.one_table, made_tables.groups, made_tables.records, made_tables.singles])
def test_what_was_written_is_read(make: Callable[[random.Random], Made], tmp_path: Path, around: Surroundings) -> None:
    wrong = []
    for seed in range(COUNT):
        made = make(random.Random(seed))
        made.book.save(tmp_path / "form.xlsx")
        found = find(grid(tmp_path / "form.xlsx", Limits()), made.facts)
        wrong += [f"seed {seed} {made.did}: {each}" for each in faults(made, found, around)]
    assert not wrong, "\n".join(wrong[:20]) + f"\n{len(wrong)}"
