"""Which keys of a fact go together, and what is missing beside one: said with the nearest right way to write it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from syncd.forms.fact import Fact
from syncd.yamltext import Reader

_PLACES: Final = ("label", "range", "table", "row", "heading")
"""What says where a fact stands; one of them, or row and heading."""
_GOES_WITH: Final[Mapping[str, tuple[tuple[str, ...], str]]] = MappingProxyType(
    {
        "column": (("row",), "add `row:`, or write `heading:` for the values below it"),
        "right": (("label",), "name the label that it is counted from"),
        "below": (("label",), "name the label that it is counted from"),
        "prefer": (("label",), "it chooses between `label:` and `cell:`: give both"),
        "nth": (("table", "row", "heading", "label"), "remove it"),
        "rows": (("table",), "it is for the records of a table: remove it"),
        "skip": (("table", "heading", "label"), "it is for tables and many values: remove it"),
    }
)


def check_together(reader: Reader, fact: Fact, sheets: tuple[str, ...]) -> None:
    """Faults go to the reader's problems."""
    given = [key for key in _PLACES if reader.has(key)]
    given = given if given != ["row", "heading"] else ["row"]
    _place(reader, fact, given)
    if len(given) > 1:
        return
    for key, (partners, remedy) in _GOES_WITH.items():
        if reader.has(key) and not any(reader.has(partner) for partner in partners):
            reader.problem(f"{reader.where}.{key} goes with {' or '.join(partners)}, and there is none", remedy, key)
    _label(reader, fact, given)
    _many(reader, fact, given)
    _sheets(reader, fact, sheets)


def _place(reader: Reader, fact: Fact, given: list[str]) -> None:
    where = reader.where
    if len(given) > 1:
        reader.problem(f"{where} has {' and '.join(given)}", "keep one of them", given[1])
    elif not given and not reader.has("cell") and not reader.has("column") and not reader.unknown():
        reader.problem(f"{where} says nowhere where it stands", "add label, cell, range, table, row or heading")
    elif given == ["row"] and not fact.heading and not (reader.has("column") or reader.unknown()):
        reader.problem(f"{where}.row needs a column", "add `column:` with the column's heading", "row")
    if reader.has("column") and reader.has("heading"):
        reader.problem(f"{where} has column and heading", "keep one of them", "heading")


def _label(reader: Reader, fact: Fact, given: list[str]) -> None:
    where, steps = reader.where, "right" if fact.right else "below"
    if reader.has("where") and given != ["label"]:
        reader.problem(f"{where}.where is the side of a label, and there is none", "remove it", "where")
    if given == ["label"] and (fact.right or fact.below):
        if fact.many:
            remedy = "write one fact for each, or `where:` for all on that side"
            reader.problem(f"{where}.{steps} counts to one cell, and `as` says many values", remedy, steps)
        if fact.right and fact.below:
            reader.problem(f"{where} has right and below", "keep one of them", "below")
        if reader.has("where"):
            reader.problem(f"{where}.where says less than {steps}", "remove it", "where")
        if reader.has("cell"):
            reader.problem(f"{where}.cell has no meaning beside {steps}", "remove it", "cell")
    if reader.has("prefer") and given == ["label"] and not reader.has("cell"):
        reader.problem(f"{where}.prefer chooses between label and cell", "add `cell:`, or remove it", "prefer")
    if reader.has("nth") and given == ["label"] and reader.has("cell"):
        reader.problem(f"{where}.cell has no meaning beside nth", "remove it", "cell")


def _many(reader: Reader, fact: Fact, given: list[str]) -> None:
    where = reader.where
    if reader.has("cell") and (fact.many or given not in ([], ["label"])):
        reader.problem(f"{where}.cell is for a single value", "remove it, or write `range:`", "cell")
    if fact.row and fact.many:
        reader.problem(
            f"{where} is one value, where a row meets a column", "write `as:` without the s at its end", "as"
        )
    if reader.has("skip") and given in (["label"], ["heading"]) and not fact.many:
        reader.problem(f"{where}.skip has nothing to pass over", "it is for tables and many values: remove it", "skip")
    if reader.has("until") and not reader.has("table") and not (fact.many and (fact.labels or fact.heading)):
        remedy = "it is for tables and for many values below a label: remove it"
        reader.problem(f"{where}.until has nothing to end", remedy, "until")
    for column in fact.columns:
        if column.row > fact.rows:
            message = f"{where}.table.{column.name}.row is {column.row}, but a record has {fact.rows} row"
            reader.problem(message + "s" * (fact.rows > 1), "say how many it has: rows: 2", "table")


def _sheets(reader: Reader, fact: Fact, sheets: tuple[str, ...]) -> None:
    where = reader.where
    if len(sheets) > 1 and not reader.has("range"):
        reader.problem(f"{where}.sheet names several sheets", "name one, or write a range", "sheet")
    ranges = reader.texts("range", single=True) if reader.has("range") else ()
    if sheets and any("!" in each for each in ranges):
        reader.problem(f"{where} names sheets twice", "name them in `sheet:` or in `range:`", "sheet")
