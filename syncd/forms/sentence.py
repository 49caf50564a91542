"""What a failed check says, in Japanese or English: the rule's own text filled in, or a plain sentence.

Says what stands in each cell, and of one cell alone what should stand there, where nothing but that cell can be wrong.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from syncd.forms.labels import one_line
from syncd.forms.language import Expression, dotted
from syncd.forms.saying import MOST_CELLS, fill, joined_cells, month_shown, shown
from syncd.forms.things import Many, Nothing, Table, Thing

if TYPE_CHECKING:
    from syncd.forms.evaluation import Compared

_NAMES: Final = re.compile(r"'[^']*'|\"[^\"]*\"|(?<![\w.])[^\W\d]\w*(?:\.\w+)*(?!\w)(?!\()")
_PERIOD: Final[Mapping[str, tuple[str, str]]] = {
    "period.first": ("対象期間の初日", "the first day of the period"),
    "period.last": ("対象期間の末日", "the last day of the period"),
    "period.fiscal_first": ("年度の初日", "the first day of the fiscal year"),
    "operator.name": ("施設名", "the facility's name"),
    "operator.kind": ("施設の種別", "the facility's kind"),
    "operator.code": ("施設番号", "the facility's code"),
}

_SENTENCES: Final[Mapping[type[ast.cmpop], tuple[str, str]]] = {
    ast.Eq: ("{left}が{right}と一致しません", "{left} is not equal to {right}"),
    ast.NotEq: ("{left}が{right}と同じです", "{left} is equal to {right}"),
    ast.Lt: ("{left}は{right}より小さくなければなりません", "{left} must be less than {right}"),
    ast.LtE: ("{left}は{right}以下でなければなりません", "{left} must be at most {right}"),
    ast.Gt: ("{left}は{right}より大きくなければなりません", "{left} must be more than {right}"),
    ast.GtE: ("{left}は{right}以上でなければなりません", "{left} must be at least {right}"),
    ast.In: ("{left}は{right}のいずれかでなければなりません", "{left} must be one of {right}"),
    ast.NotIn: ("{left}は{right}であってはなりません", "{left} must be none of {right}"),
}
_DAY_SENTENCES: Final[Mapping[type[ast.cmpop], tuple[str, str]]] = {
    ast.Lt: ("{left}は{right}より前でなければなりません", "{left} must be before {right}"),
    ast.LtE: ("{left}は{right}以前でなければなりません", "{left} must not be after {right}"),
    ast.Gt: ("{left}は{right}より後でなければなりません", "{left} must be after {right}"),
    ast.GtE: ("{left}は{right}以後でなければなりません", "{left} must not be before {right}"),
}
_DAY_SIGNS: Final[Mapping[type[ast.cmpop], tuple[str, str]]] = {
    ast.Lt: ("{}より前", "before {}"),
    ast.LtE: ("{}以前", "not after {}"),
    ast.Gt: ("{}より後", "after {}"),
    ast.GtE: ("{}以後", "not before {}"),
}
_SIGNS: Final[Mapping[type[ast.cmpop], tuple[str, str]]] = {
    ast.NotEq: ("{}以外", "not {}"),
    ast.Lt: ("{}未満", "less than {}"),
    ast.LtE: ("{}以下", "at most {}"),
    ast.Gt: ("{}超", "more than {}"),
    ast.GtE: ("{}以上", "at least {}"),
    ast.In: ("{}のいずれか", "one of {}"),
    ast.NotIn: ("{}以外", "none of {}"),
}


_TURNED: Final[Mapping[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Eq: ast.Eq, ast.NotEq: ast.NotEq, ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE,
}  # fmt: skip
"""What a sign says when its sides are exchanged."""


@dataclass(frozen=True, slots=True)
class Operand:
    """A value that a check compares, as it stands in a form.

    Attributes:
        name: in the expression; `label`: what the form calls it, '' for nothing.
        cell: its address, with the document's title where that is another; '' for nowhere.
        shown: as it reads.
        home: it stands in the form that the note goes with.
    """

    name: str
    label: str
    cell: str
    shown: str
    home: bool


@dataclass(frozen=True, slots=True)
class Failed:
    """A check that failed, for a whole form or for one row of it, with the words for its text.

    Attributes:
        compared, calls: what was compared and what functions gave, see `Outcome`.
        operands: what it compares. words: shown values by name. row: those of the row. labels: what forms call them.
        money: the names that are amounts.
        cells: where to look; `stands`: what stands in each cell that was compared; `private`: which of them hold
            personal information.
        more: so many rows fail besides those that were told one by one; then nothing else is said.
    """

    expression: Expression
    compared: tuple[Compared, ...]
    calls: Mapping[str, Thing]
    operands: tuple[Operand, ...]
    words: Mapping[str, str]
    row: Mapping[str, str]
    labels: Mapping[str, str]
    money: frozenset[str]
    cells: tuple[str, ...]
    stands: Mapping[str, str]
    private: tuple[str, ...]
    facility: str
    period: str | None
    language: str
    more: int = 0

    def say(self, say: str) -> str:
        """The rule's text, or one made from the expression."""
        if self.more:
            cells = joined_cells(self.cells, self.language)
            if self.language == "ja":
                return f"同じ検査に合わない行がほかに{self.more}行あります（{cells}）。"
            return f"the same doesn't hold for {self.more} more rows ({cells})."
        if not say:
            return self._sentence()
        words = {"facility": self.facility, "month": month_shown(self.period, self.language), **self.words}
        words |= {name: self._shown(thing, self.expression.tree) for name, thing in self.calls.items()}
        words["cell"] = joined_cells(dict.fromkeys(each.cell for each in self.operands if each.cell), self.language)
        if compared := self._comparison() or next(iter(self.compared), None):
            words["left"] = self._shown(compared.left, compared.left_node)
            words["right"] = self._shown(compared.right, compared.right_node)
        return fill(say, words)

    def found_and_expected(self) -> tuple[str, str]:
        """What stands in a cell, as it stands, and what should; ('', '') where that can't be said of one cell alone.

        Only a cell that is compared with what stands in no form (a number, a day of the period) can be wrong by itself.
        """
        compared = None if self.more else self._comparison()
        if compared is None or self._ways()[id(compared.left_node)] != "and":
            return "", ""
        sign, found, expected = type(compared.sign), compared.left, compared.right
        node, other = compared.left_node, compared.right_node
        if self._operands_of(node) or sign not in _TURNED:
            pass
        else:
            sign, found, expected, node, other = _TURNED[sign], expected, found, other, node
        alone = isinstance(node, ast.Name | ast.Attribute) and not isinstance(found, Many | Nothing | Table)
        operands = self._operands_of(node)
        if not alone or self._operands_of(other) or not operands or not operands[0].home or not operands[0].cell:
            return "", ""
        pattern = (_DAY_SIGNS if _is_day(expected) else {}).get(sign) or _SIGNS.get(sign)
        said = self._shown(expected, node)
        return self._shown(found, node), pattern[self.language != "ja"].format(said) if pattern else said

    def _comparison(self) -> Compared | None:
        """The outermost comparison that failed and for which the whole did, if there is one."""
        ways = self._ways()
        failed = [one for one in self.compared if not one.held and id(one.left_node) in ways]
        strict = [one for one in failed if ways[id(one.left_node)] == "and"]
        several = len(strict) > 1 and bool(self.row)
        chosen = sorted(strict or failed, key=lambda one: one.depth)
        return chosen[0] if chosen and not several and (strict or len(failed) == 1) else None

    def _ways(self) -> dict[int, str]:
        """The comparisons whose failing makes the whole fail (`and`), or could (`or`), by their left sides."""
        found: dict[int, str] = {}
        waiting: list[tuple[ast.expr, str]] = [(self.expression.tree, "and")]
        while waiting:
            node, way = waiting.pop()
            match node:
                case ast.Compare():
                    found |= {id(side): way for side in (node.left, *node.comparators[:-1])}
                case ast.BoolOp():
                    way = way if isinstance(node.op, ast.And) else "or"
                    waiting += [(each, way) for each in node.values]
                case ast.IfExp():
                    waiting += [(node.body, way), (node.orelse, way)]
                case ast.Call(func=ast.Name(id="all")):
                    waiting += [(each, way) for each in node.args]
        return found

    def _sentence(self) -> str:
        japanese = self.language == "ja"
        compared = self._comparison()
        if compared is None:
            text = self._in_words(self.expression.text)
            said = f"「{text}」が成り立ちません" if japanese else f"this doesn't hold: {text}"
        else:
            sign = type(compared.sign)
            sentences = _DAY_SENTENCES if _is_day(compared.right) and sign in _DAY_SENTENCES else _SENTENCES
            left, right = (
                self._named(compared.left, compared.left_node),
                self._named(compared.right, compared.right_node),
            )
            said = sentences[sign][not japanese].format(left=left, right=right)
        at = self._listed() if compared is None or self._computed(compared) else self._places()
        return said + ("" if not at else f"（{at}）" if japanese else f" ({at})") + ("。" if japanese else ".")

    def _computed(self, compared: Compared) -> bool:
        """A side is made of cells, so that what it gives stands in none of them; or the cells are in two documents."""
        sides = (compared.left_node, compared.right_node)
        made = any(self._operands_of(side) and not isinstance(side, ast.Name | ast.Attribute) for side in sides)
        return made or any(not each.home for each in self.operands)

    def _places(self) -> str:
        return joined_cells(dict.fromkeys(each.cell for each in self.operands if each.cell), self.language)

    def _listed(self) -> str:
        """All operands with their cells and what stands there."""
        japanese = self.language == "ja"
        parts, sheet = [], ""
        for each in [each for each in self.operands if each.cell][:MOST_CELLS]:
            before, mark, spot = each.cell.rpartition("!")
            cell = spot if mark and before == sheet else each.cell
            sheet = before
            label = f"{each.label} " if each.label and each.label not in each.cell else ""
            parts.append(f"{one_line(label, 40)}{' ' if label else ''}{cell}{'：' if japanese else ': '}{each.shown}")
        return ("／" if japanese else "; ").join(parts)

    def _operands_of(self, node: ast.expr) -> list[Operand]:
        names = _names_in(node)
        return [each for each in self.operands if each.name in names]

    def _named(self, thing: Thing, node: ast.expr) -> str:
        """The source of one side with its value; a bare number or text says itself."""
        value = self._shown(thing, node)
        if isinstance(node, ast.Constant | ast.List | ast.Tuple):
            return value
        source = self._in_words(ast.get_source_segment(self.expression.text, node) or "")
        return f"{source}（{value}）" if self.language == "ja" else f"{source} ({value})"

    def _in_words(self, source: str) -> str:
        """A part of the expression with the labels of the form in the place of names."""
        labels = {name: label[self.language != "ja"] for name, label in _PERIOD.items()} | dict(self.labels)
        return one_line(_NAMES.sub(lambda found: labels.get(found.group(), found.group()), source), 120)

    def _shown(self, thing: Thing, node: ast.expr) -> str:
        return shown(thing, self.language, bool(_names_in(node) & self.money))


def _names_in(node: ast.expr) -> set[str]:
    return {dotted(part) or "" for part in ast.walk(node) if isinstance(part, ast.Name | ast.Attribute)}


def _is_day(thing: Thing) -> bool:
    items = thing.items if isinstance(thing, Many) else (thing,)
    return any(isinstance(item, date) for item in items)
