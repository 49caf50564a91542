"""Reads `facts:` of a rule: what syncd has to know of a form, and where it stands.

Owns the keys of a fact; which of them go together: `fitting`. Refuses names that an expression could not use.
"""

from __future__ import annotations

import keyword
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal, cast

from syncd.forms.fact import Column, Fact, Kind, Path
from syncd.forms.labels import label_key
from syncd.forms.ranges import MOST_CELLS, area_of, size_of, spot_of
from syncd.rulebook.fitting import check_together
from syncd.yamltext import Node, Reader, shown

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
_MOST_STEPS: Final = 50
_MOST_RECORD: Final = 5
_MOST_DEEP: Final = 4


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
    areas, labels = _areas(reader), _labels(reader)
    kind, many = _kind(reader, bool(areas))
    if columns and reader.has("as"):
        reader.problem(f"{reader.where}.as has no meaning for a table", "give each column its own `as`", "as")
    reader.know("as")
    where = cast('Literal["any", "right", "below"]', reader.word("where", ("any", "right", "below"), "any"))
    sheets = reader.texts("sheet", single=True) if reader.has("sheet") else ()
    reader.know("sheet")
    single = len(areas) == 1 and "!" not in areas[0] and len(sheets) < 2
    column_of_row, heading = _column_of_row(reader), _heading(reader)
    fact = Fact(
        name, kind, labels, where, "" if len(sheets) > 1 else "".join(sheets), _cell(reader),
        areas[0] if single else "", columns, _until(reader), reader.boolean("optional", False), line, column, many,
        right=_number(reader, "right"), below=_number(reader, "below"), row=_labels(reader, "row"),
        heading=heading or column_of_row, prefer_cell=reader.word("prefer", ("label", "cell"), "label") == "cell",
        areas=() if single else _on_sheets(areas, sheets), nth=_number(reader, "nth"),
        rows=_number(reader, "rows", 1), skip=_labels(reader, "skip"), blank=_words(reader),
    )  # fmt: skip
    check_together(reader, fact, sheets)
    reader.finish()
    return fact


def _number(reader: Reader, key: str, otherwise: int = 0) -> int:
    most = _MOST_RECORD if key == "rows" else _MOST_STEPS
    number = reader.integer(key, otherwise, least=1, most=most) if reader.has(key) else otherwise
    reader.know(key)
    return number


def _words(reader: Reader) -> tuple[str, ...]:
    """What means blank; such a word may be a mere sign."""
    words = reader.texts("blank", single=True) if reader.has("blank") else ()
    reader.know("blank")
    return words


def _column_of_row(reader: Reader) -> Path:
    """`column: 金額`, of any of several names."""
    column = _labels(reader, "column")
    return (column,) if column else ()


def _heading(reader: Reader) -> Path:
    """`heading: [前月, 人数]`, the outermost first, each of several names."""
    if not reader.has("heading"):
        reader.know("heading")
        return ()
    node = reader.node("heading")
    parts = node.value if node is not None and isinstance(node.value, list) else None
    reader.know("heading")
    if parts is None:
        return (_labels(reader, "heading"),)
    found = [_names(reader, part) for part in parts]
    if not 1 <= len(found) <= _MOST_DEEP:
        reader.problem(f"{reader.where}.heading names {len(found)} headings", f"name 1 to {_MOST_DEEP}", "heading")
    return tuple(names for names in found if names)


def _names(reader: Reader, node: Node) -> tuple[str, ...]:
    """What one of several headings may be called."""
    nodes = node.value if isinstance(node.value, list) else [node]
    texts = tuple(each.value if isinstance(each.value, str) else each.raw for each in nodes)
    if not texts or not all(label_key(text) for text in texts):
        reader.problem(f"{reader.where}.heading must be the words that stand there", "e.g. [前月, 人数]", node=node)
        return ()
    return texts


def _kind(reader: Reader, area: bool) -> tuple[Kind, bool]:
    """The kind of the value or values, and whether there are many; a range always has many."""
    if not reader.has("as"):
        reader.know("as")
        return "text", area
    word = reader.word("as", (*ONE, *MANY))
    if area and word in ONE:
        plural = _PLURAL[ONE[word]]
        reader.problem(f"{reader.where}.as can't be {shown(word)} for a range", f"write {plural}", "as")
    return MANY.get(word) or ONE.get(word, "text"), word in MANY or area


def _labels(reader: Reader, key: str = "label") -> tuple[str, ...]:
    labels = reader.texts(key, single=True) if reader.has(key) else ()
    reader.know(key)
    for label in labels:
        if not label_key(label):
            reader.problem(
                f"the label {shown(label)} is nothing but decoration", "write the words that stand there", key
            )
    return labels


def _areas(reader: Reader) -> tuple[str, ...]:
    """The ranges, in capitals; a sheet's name before its `!` as it is written."""
    texts = reader.texts("range", single=True) if reader.has("range") else ()
    reader.know("range")
    found = []
    for text in texts:
        sheet, mark, ref = text.strip().rpartition("!")
        area = area_of(ref)
        if area is None or (mark and not all(sheet.split(":"))) or sheet.count(":") > 1:
            remedy = "e.g. C8:C13, 4月!C8:C13, or 4月:6月!C8:C8 on every sheet from one to the other"
            reader.problem(f"{reader.where}.range must be two addresses", remedy if mark else "e.g. C8:C13", "range")
        elif size_of(area) > MOST_CELLS:
            reader.problem(f"{reader.where}.range has more than {MOST_CELLS:,} cells", "name a smaller range", "range")
        else:
            found.append(f"{sheet.strip()}{mark}{ref.strip().upper()}")
    return tuple(found)


def _on_sheets(areas: tuple[str, ...], sheets: tuple[str, ...]) -> tuple[str, ...]:
    """Each range with its sheet: its own, or each of those named under `sheet`."""
    if not sheets or any("!" in area for area in areas):
        return areas
    return tuple(f"{sheet}!{area}" for sheet in sheets for area in areas)


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
        found.append(_column(name, column))
        column.finish()
    _told_apart(table, found)
    return tuple(found)


def _column(name: str, column: Reader) -> Column:
    heading = _heading(column)
    labels, kind = _labels(column), cast("Kind", column.word("as", tuple(ONE), "text"))
    if not column.has("label") and not heading:
        column.problem(f"{column.where}.label is missing", "write the column's heading")
    elif column.has("label") and column.has("heading"):
        column.problem(f"{column.where} has label and heading", "keep one of them", "heading")
    optional, row = column.boolean("optional", False), _number(column, "row")
    return Column(name, labels or (heading[-1] if heading else ()), kind, optional, heading, row, _words(column))


def _told_apart(table: Reader, columns: Sequence[Column]) -> None:
    """Two columns have different headings, or stand in different rows of a record."""
    known: dict[tuple[object, int], str] = {}
    for column in columns:
        key = (tuple(tuple(label_key(name) for name in names) for names in column.path), column.row)
        if key in known and any(column.path):
            message = f"{table.where}.{column.name} has the same heading as {known[key]}"
            table.problem(message, "name its group's heading, too: heading: [前月, 人数]", column.name)
        known.setdefault(key, column.name)
