"""Which parts of an expression have a value for each row, and whether these rows go together.

Known before any form comes: the columns of one table do, those of two tables don't, and a filter that leaves rows out
makes rows of its own. Refuses to guess where only the form can tell (values below two labels): `evaluation` counts
them.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Final

from syncd.forms.fact import Fact
from syncd.forms.language import Expression, dotted
from syncd.forms.ranges import area_of

Facts = Mapping[str, Fact]

_ONE_OF_MANY: Final = frozenset(("sum", "mean", "count", "distinct", "len", "min", "max", "any", "all"))
_SOME: Final = "some values"
"""As many as the form has."""
_WRITTEN: Final = "written values"
_SOME_REMEDY: Final = "compare what was made of each with sum(…), or put all(…) around each"


class Misfit(Exception):
    """Rows that don't go together; `remedy` is what to write instead."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


def misfit(expression: Expression, own: Facts, others: Mapping[str, Facts]) -> tuple[str, str] | None:
    """What can't be computed row by row, and what to write instead; None when everything can."""
    try:
        _Shapes(own, others).of(expression.tree)
    except Misfit as found:
        return found.message, found.remedy
    return None


class _Shapes:
    """The rows of each part: None for a single value, else which rows."""

    def __init__(self, own: Facts, others: Mapping[str, Facts]) -> None:
        self._own, self._others = own, others

    def of(self, node: ast.expr) -> str | None:
        match node:
            case ast.Name() | ast.Attribute():
                return self._named(dotted(node) or "")
            case ast.Call():
                return self._call(node)
            case ast.Compare():
                return self._compared(node)
            case ast.BinOp():
                return _together(node, [self.of(node.left), self.of(node.right)])
            case ast.BoolOp():
                return _together(node, [self.of(part) for part in node.values])
            case ast.IfExp():
                return _together(node, [self.of(part) for part in (node.test, node.body, node.orelse)])
            case ast.UnaryOp():
                return self.of(node.operand)
            case ast.List() | ast.Tuple():
                return _WRITTEN
        return None

    def _named(self, name: str) -> str | None:
        root, *rest = name.split(".")
        if root in self._own:
            return _shape(self._own[root], rest, "")
        if root in ("operator", "period") or not rest:
            return None
        facts = self._own if root == "previous" else self._others.get(root, {})
        return _shape(facts[rest[0]], rest[1:], f"{root}.") if rest[0] in facts else None

    def _call(self, node: ast.Call) -> str | None:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        shapes = [self.of(part) for part in node.args]
        if name == "only":
            return _chosen(node, shapes)
        if name in _ONE_OF_MANY:
            return None
        rows = _together(node, shapes)
        return _SOME if name == "weekly_max" else rows

    def _compared(self, node: ast.Compare) -> str | None:
        left = self.of(node.left)
        found = [left]
        for sign, part in zip(node.ops, node.comparators, strict=True):
            right = self.of(part)
            if not isinstance(sign, ast.In | ast.NotIn):  # one of many: the others' rows don't matter
                found.append(right)
        rows = _together(node, found)
        for part in (node.left, *node.comparators):
            _not_of_all(part, rows, self)
        return rows


def _shape(fact: Fact, rest: Sequence[str], before: str) -> str | None:
    if fact.table:
        return f"the table {before}{fact.name}" if rest else None
    if fact.area and (area := area_of(fact.area)) is not None:
        return f"{area.bottom - area.top + 1} × {area.right - area.left + 1} cells"
    return _SOME if fact.many else None


def _together(node: ast.expr, shapes: Sequence[str | None]) -> str | None:
    """The rows of what is made of these row by row."""
    rows = [shape for shape in dict.fromkeys(shapes) if shape is not None]
    known = [shape for shape in rows if shape not in (_SOME, _WRITTEN)]
    for first in known:
        for second in known:
            if first != second and not _may_be_as_many(first, second):
                raise Misfit(f"{_short(node)}: {first} and {second} can't be gone through together", _SOME_REMEDY)
    return known[0] if known else rows[0] if rows else None


def _may_be_as_many(first: str, second: str) -> bool:
    """Tables of two forms, and ranges in which cells are merged, may have as many rows."""
    if first.endswith(" cells") and second.endswith(" cells"):
        return bool(set(first.split()[:3:2]) & set(second.split()[:3:2]))
    tables = [shape.removeprefix("the table ") for shape in (first, second) if shape.startswith("the table ")]
    return len(tables) == 2 and _form(tables[0]) != _form(tables[1])


def _form(table: str) -> str:
    return table.rpartition(".")[0]


def _chosen(node: ast.Call, shapes: Sequence[str | None]) -> str:
    for part, shape in zip(node.args, shapes, strict=True):
        if shape is None and part is node.args[0]:
            raise Misfit(
                f"only(): {_short(part)} is a single value", "write e.g. only(lines.amount, lines.kind == 'A')"
            )
        if shape is None:
            message = f"only(): {_short(part)} is the same for every row"
            raise Misfit(message, "compare a column of the same table, or write `… if … else …`")
    rows = _together(node, shapes)
    return f"those of {rows} for which {', '.join(_short(part) for part in node.args[1:])}"


def _not_of_all(node: ast.expr, rows: str | None, shapes: _Shapes) -> None:
    """`lines.total == sum(lines.a, lines.b)`: the right side is one number of all rows, a row's sum was meant."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or rows in (None, _SOME, _WRITTEN):
        return
    columns = [part for part in node.args if shapes.of(part) == rows]
    if node.func.id in ("sum", "min", "max", "mean") and len(columns) > 1:
        message = f"{_short(node)} is one value of all rows, and is compared with each row"
        adding = " + ".join(_short(part) for part in columns)
        remedy = f"write {adding}" if node.func.id == "sum" else "compare each column by itself"
        raise Misfit(message, remedy)


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else text[:59] + "…"
