"""Reads `facts:` of a rule: what syncd has to know of a form, and where it stands.

Owns the keys of a fact and which of them go together. Refuses names that an expression could not use.
"""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal, cast

from syncd.forms.fact import Column, Fact, Kind
from syncd.forms.labels import label_key
from syncd.forms.ranges import MOST_CELLS, area_of, size_of, spot_of
from syncd.yamltext import Reader, shown

RESERVED: Final = ("operator", "period", "previous", "cell", "left", "right", "found", "expected")
"""Words that mean something else in expressions and in `say`."""
ONE: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "text": "text",
        "int": "int",
        "number": "number",
        "amount": "amount",
        "date": "date",
        "time": "time",
        "duration": "duration",
        "yes_no": "yes_no",
    }
)
MANY: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "texts": "text",
        "ints": "int",
        "numbers": "number",
        "amounts": "amount",
        "dates": "date",
        "times": "time",
        "durations": "duration",
        "yes_nos": "yes_no",
    }
)
_PLURAL: Final = {kind: plural for plural, kind in MANY.items()}
_MOST_NAME: Final = 40
_MOST_COLUMNS: Final = 30


def read_facts(reader: Reader) -> tuple[Fact, ...]:
    """The facts of a rule; faults go to the reader's problems."""
    if not reader.has("facts"):
        reader.know("facts")
        return ()
    facts = reader.group("facts")
    found = []
    for name in facts.given():
        node = facts.node(name)
        if node is not None and not isinstance(node.value, dict):
            facts.problem(f"facts.{name} must be a group of keys", "write e.g. {label: 合計, as: int}", node=node)
        elif node is not None and _named(facts, name, "fact"):
            found.append(_fact(name, Reader(node, facts.problems, f"facts.{name}"), facts.spot(name)))
    return tuple(found)


def _named(reader: Reader, name: str, what: str) -> bool:
    """Whether a fact or column may be called so."""
    plain = unicodedata.normalize("NFKC", name)
    if not name.isidentifier() or plain != name or name.startswith("_") or len(name) > _MOST_NAME:
        message = f"{shown(name)} can't be the name of a {what}"
        reader.problem(message, "letters, digits and _ without spaces, e.g. total or 合計", name)
    elif keyword.iskeyword(name) or name in RESERVED:
        reader.problem(f"{shown(name)} means something else in checks", f"e.g. {name}_", name)
    else:
        return True
    return False


def _fact(name: str, reader: Reader, spot: tuple[int, int]) -> Fact:
    line, column = spot
    columns = _columns(reader)
    area, labels = _area(reader), _labels(reader)
    kind, many = _kind(reader, area)
    if columns and reader.has("as"):
        reader.problem(f"{reader.where}.as has no meaning for a table", "give each column its own `as`", "as")
    reader.know("as")
    where = cast('Literal["any", "right", "below"]', reader.word("where", ("any", "right", "below"), "any"))
    fact = Fact(
        name, kind, labels, where, reader.text("sheet", ""), _cell(reader), area, columns, _until(reader),
        reader.boolean("optional", False), line, column, many,
    )  # fmt: skip
    _fit_together(reader, fact)
    reader.finish()
    return fact


def _kind(reader: Reader, area: str) -> tuple[Kind, bool]:
    """The kind of the value or values, and whether there are many; a range always has many."""
    if not reader.has("as"):
        reader.know("as")
        return "text", bool(area)
    word = reader.word("as", (*ONE, *MANY))
    if area and word in ONE:
        plural = _PLURAL[ONE[word]]
        reader.problem(f"{reader.where}.as can't be {shown(word)} for a range", f"write {plural}", "as")
    return MANY.get(word) or ONE.get(word, "text"), word in MANY or bool(area)


def _labels(reader: Reader, key: str = "label") -> tuple[str, ...]:
    labels = reader.texts(key, single=True) if reader.has(key) else ()
    reader.know(key)
    for label in labels:
        if not label_key(label):
            reader.problem(
                f"the label {shown(label)} is nothing but decoration", "write the words that stand there", key
            )
    return labels


def _area(reader: Reader) -> str:
    if not reader.has("range"):
        reader.know("range")
        return ""
    text = reader.text("range")
    area = area_of(text)
    if area is None and text:
        reader.problem(f"{reader.where}.range must be two addresses", "e.g. C8:C13", "range")
    elif area is not None and size_of(area) > MOST_CELLS:
        reader.problem(f"{reader.where}.range has more than {MOST_CELLS:,} cells", "name a smaller range", "range")
    return text.strip().upper() if area is not None else ""


def _cell(reader: Reader) -> str:
    if not reader.has("cell"):
        reader.know("cell")
        return ""
    text = reader.text("cell")
    if text and spot_of(text) is None:
        remedy = "write `range:` for many cells" if area_of(text) else "e.g. C14"
        reader.problem(f"{reader.where}.cell must be one address", remedy, "cell")
    return text.strip().upper()


def _until(reader: Reader) -> str:
    until = reader.text("until", "")
    if until and not label_key(until):
        reader.problem(
            f"the label {shown(until)} is nothing but decoration", "write the words that stand there", "until"
        )
    return until


def _columns(reader: Reader) -> tuple[Column, ...]:
    if not reader.has("table"):
        reader.know("table")
        return ()
    table = reader.group("table")
    found = []
    names = table.given()
    if len(names) > _MOST_COLUMNS or (isinstance(table.node_here.value, dict) and not names):
        reader.problem(f"{reader.where}.table has {len(names)} columns", f"name 1 to {_MOST_COLUMNS}", "table")
    for name in names[:_MOST_COLUMNS]:
        node = table.node(name)
        if node is None or not _named(table, name, "column"):
            continue
        if not isinstance(node.value, dict):
            found.append(Column(name, _labels(table, name), "text"))
            if node.value is None:
                table.problem(f"{table.where}.{name} has no heading", "write e.g. 児童氏名", name)
            continue
        column = Reader(node, table.problems, f"{table.where}.{name}")
        labels, kind = _labels(column), cast("Kind", column.word("as", tuple(ONE), "text"))
        if not column.has("label"):
            column.problem(f"{column.where}.label is missing", "write the column's heading")
        found.append(Column(name, labels, kind, column.boolean("optional", False)))
        column.finish()
    return tuple(found)


def _fit_together(reader: Reader, fact: Fact) -> None:
    """What can't stand beside each other, and what is missing."""
    given = [key for key in ("label", "range", "table") if reader.has(key)]
    if len(given) > 1:
        reader.problem(f"{reader.where} has {' and '.join(given)}", "keep one of them", given[1])
    elif not given and not reader.has("cell") and not reader.unknown():
        reader.problem(f"{reader.where} says nowhere where it stands", "add label, cell, range or table")
    if reader.has("cell") and (fact.many or reader.has("table")):
        reader.problem(f"{reader.where}.cell is for a single value", "remove it, or write `range:`", "cell")
    if reader.has("where") and given != ["label"]:
        reader.problem(f"{reader.where}.where is the side of a label, and there is none", "remove it", "where")
    if reader.has("until") and not reader.has("table") and not (reader.has("label") and fact.many):
        remedy = "it is for tables and for many values below a label: remove it"
        reader.problem(f"{reader.where}.until has nothing to end", remedy, "until")
