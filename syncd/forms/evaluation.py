"""Computes a checked expression with the values of a form, on top of simpleeval.

simpleeval walks the tree, calls and dispatches; everything that touches a value is ours: names are looked up in data
only, numbers are whole or Decimal, every operation knows many values and none. Keeps what calls and comparisons gave,
for the text that a check says.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal, localcontext
from typing import Final, cast

from simpleeval import SimpleEval  # type: ignore[import-untyped]  # it comes without types

from syncd.forms import clock
from syncd.forms.fact import One
from syncd.forms.functions import functions
from syncd.forms.language import Expression, dotted
from syncd.forms.operators import OPERATORS
from syncd.forms.things import Many, NoAnswer, NotAsked, Nothing, Thing, WrongTogether, clash, spread

_CONTEXT: Final = Context(prec=40)


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison as it was made; `depth` below the whole expression.

    Of many values those for which it failed, and `places`, where these stand.
    """

    sign: ast.cmpop
    left_node: ast.expr
    right_node: ast.expr
    left: Thing
    right: Thing
    held: bool
    depth: int
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an expression gave.

    Attributes:
        holds: whether it is true, of many values for each.
        calls: function → what its first call gave.
        compared: all comparisons that were made.
        failing: the addresses of those of many values for which it is false.
    """

    holds: bool
    calls: dict[str, Thing]
    compared: tuple[Compared, ...]
    failing: tuple[str, ...]


def compute(
    expression: Expression, look: Callable[[str], Thing], business_day: Callable[[date], bool], *, whole: bool = False
) -> Outcome:
    """What the expression gives; `look` has the value of a dotted name.

    `whole` computes both sides of and, or and if, too. Raises NotAsked, NoAnswer.
    """
    evaluator = _Evaluator(look, business_day, whole)
    try:
        with localcontext(_CONTEXT):
            found = evaluator.run(expression)
    except (ArithmeticError, ValueError, TypeError, LookupError, RecursionError) as error:
        raise NoAnswer(f"計算できません（{type(error).__name__}）", f"it can't be computed ({error})") from error
    return Outcome(found, evaluator.first_calls(), tuple(evaluator.compared), tuple(evaluator.failing))


class _Evaluator(SimpleEval):  # type: ignore[misc]  # simpleeval comes without types
    """One computation."""

    def __init__(self, look: Callable[[str], Thing], business_day: Callable[[date], bool], whole: bool) -> None:
        # simpleeval's own start is left out: it fills tables that are replaced here, and touches the warnings of all
        # threads. Nothing but these forms is dispatched.
        self.operators = OPERATORS
        self.functions = functions(business_day) | {"all": self._all}
        self.names: dict[str, Thing] = {}
        self.allowed_attrs = None
        self.nodes = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._name,
            ast.UnaryOp: self._eval_unaryop,
            ast.BinOp: self._eval_binop,
            ast.BoolOp: self._boolean,
            ast.Compare: self._compare,
            ast.IfExp: self._choice,
            ast.Call: self._call,
            ast.List: self._list,
            ast.Tuple: self._list,
            ast.Subscript: self._subscript,
        }
        self._look = look
        self._whole = whole
        self._depth = 0
        self._calls: dict[tuple[int, str], Thing] = {}
        self.compared: list[Compared] = []
        self.failing: list[str] = []

    def run(self, expression: Expression) -> bool:
        return self._truth(self._value(expression.tree))

    def first_calls(self) -> dict[str, Thing]:
        """Of each function the call that stands first in the expression."""
        found: dict[str, Thing] = {}
        for (_, name), thing in sorted(self._calls.items(), key=lambda item: item[0]):
            found.setdefault(name, thing)
        return found

    def _value(self, node: ast.expr) -> Thing:
        self._depth += 1
        try:
            return cast("Thing", self._eval(node))
        finally:
            self._depth -= 1

    def _truth(self, thing: Thing) -> bool:
        """A yes/no; many of them: whether none is no."""
        if not isinstance(thing, Nothing | Many | bool):
            raise WrongTogether("はい／いいえになる式ではありません", "it gives no yes or no: a comparison is missing")
        return self._all(thing) is True

    def _all(self, *things: Thing) -> Thing:
        held = True
        for thing in things:
            if isinstance(thing, Nothing):
                raise NotAsked(thing)
            items: tuple[One, ...] = thing.items if isinstance(thing, Many) else (cast("One", thing),)
            for number, item in enumerate(items):
                if item is not None and not isinstance(item, bool):
                    raise clash("all", item)
                if item is False:
                    held = False
                    if isinstance(thing, Many) and thing.places:
                        self.failing.append(thing.places[number])
        return held

    def _constant(self, node: ast.Constant) -> Thing:
        value = node.value
        return Decimal(repr(value)) if isinstance(value, float) else cast("Thing", value)

    def _name(self, node: ast.Name | ast.Attribute) -> Thing:
        return self._look(dotted(node) or "")

    def _boolean(self, node: ast.BoolOp) -> Thing:
        """Single yes/no values one after the other, no further than needed; many values each with each.

        A blank one doesn't matter where the others decide: no and blank is no, yes or blank is yes.
        """
        ends = isinstance(node.op, ast.Or)
        found: Thing = not ends
        for part in node.values:
            thing = self._value(part)
            if not isinstance(thing, Many):
                thing = self._truth(thing)
            found = thing if found is (not ends) else _joined(ends, found, thing)
            if found is ends and not self._whole:
                break
        return found

    def _choice(self, node: ast.IfExp) -> Thing:
        asked = self._value(node.test)
        if isinstance(asked, Many):
            return _each_its_own(asked, self._value(node.body), self._value(node.orelse))
        test = self._truth(asked)
        if self._whole:
            self._value(node.orelse if test else node.body)
        return self._value(node.body if test else node.orelse)

    def _compare(self, node: ast.Compare) -> Thing:
        depth, left_node = self._depth, node.left
        left, found = self._value(left_node), cast("Thing", True)
        for sign, right_node in zip(node.ops, node.comparators, strict=True):
            right = self._value(right_node)
            left, right = _fitted(left, left_node, right), _fitted(right, right_node, left)
            held = OPERATORS[type(sign)](left, right)
            holds = held is True or (isinstance(held, Many) and False not in held.items)
            sides = (left, right) if holds else (_failing(left, held), _failing(right, held))
            self.compared.append(Compared(sign, left_node, right_node, *sides, holds, depth, _failing_places(held)))
            found = held if found is True else spread(_both, found, held)
            if found is False and not self._whole:
                break
            left, left_node = right, right_node
        return found

    def _call(self, node: ast.Call) -> Thing:
        before = self._depth
        self._depth += 1
        try:
            found = cast("Thing", self._eval_call(node))
        finally:
            self._depth = before
        if isinstance(node.func, ast.Name):
            self._calls[node.col_offset, node.func.id] = found
        return found

    def _list(self, node: ast.List | ast.Tuple) -> Thing:
        things = [self._value(part) for part in node.elts]
        for thing in things:
            if isinstance(thing, Nothing) and thing.why not in ("blank", "missing"):
                raise NotAsked(thing)
            if isinstance(thing, Many):
                raise clash("[ ]", thing)
        return Many(tuple(None if isinstance(thing, Nothing) else cast("One", thing) for thing in things))

    def _subscript(self, node: ast.Subscript) -> Thing:
        thing, index = self._value(node.value), self._value(node.slice)
        if isinstance(thing, Nothing):
            raise NotAsked(thing)
        if not isinstance(thing, Many) or not isinstance(index, int):
            raise clash("[ ]", thing)
        name = f"{dotted(node.value)}[{index}]"
        if not -len(thing.items) <= index < len(thing.items):
            count = len(thing.items)
            raise NoAnswer(f"{name} はありません（値は{count}個）", f"there is no {name}, only {count} values")
        found = thing.items[index]
        return Nothing(name, "blank") if found is None else found


def _fitted(thing: Thing, node: ast.expr, other: Thing) -> Thing:
    """A quoted text that is compared with a day or a time, as that: '2026-10-01', ['7:30', '8:00']."""
    parts = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if len(texts) != len(parts) or not texts:
        return thing
    items = [item for item in other.items if item is not None] if isinstance(other, Many) else [other]
    if not items or not isinstance(items[0], date | timedelta):
        return thing
    found = [_read(text, items[0]) for text in texts]
    return Many(tuple(found)) if isinstance(thing, Many) else found[0]


def _read(text: str, like: object) -> date | timedelta:
    try:
        if isinstance(like, date):
            return clock.written_day(text)
        try:
            return clock.written_duration(text)
        except ValueError:
            return clock.written_time(text)
    except ValueError:
        what, example = ("day", "2026-10-01") if isinstance(like, date) else ("time", "7:30")
        raise WrongTogether(
            f"「{text}」は{'日付' if what == 'day' else '時間'}ではありません",
            f"{text!r} is no {what}",
            f"write e.g. '{example}'",
        ) from None


def _each_its_own(asked: Many, body: Thing, orelse: Thing) -> Thing:
    """`A if rows.x == 1 else B`: row by row."""
    return spread(_chosen, asked, body, orelse)


def _chosen(asked: One, body: One, orelse: One) -> One:
    if not isinstance(asked, bool):
        raise clash("if", asked)
    return body if asked else orelse


def _joined(ends: bool, left: Thing, right: Thing) -> Thing:
    """and (`ends` False) or or (True) of many values with each other or with a single one."""
    many = [thing for thing in (left, right) if isinstance(thing, Many)]
    length = len(many[0].items)
    if any(len(thing.items) != length for thing in many):
        return spread(_either if ends else _both, left, right)  # says that they are not as many
    columns = [thing.items if isinstance(thing, Many) else (cast("One", thing),) * length for thing in (left, right)]
    places = next((thing.places for thing in many if thing.places), ())
    return Many(tuple(_decided(ends, *pair) for pair in zip(*columns, strict=True)), places)


def _decided(ends: bool, left: One, right: One) -> One:
    for one in (left, right):
        if one is not None and not isinstance(one, bool):
            raise clash("or" if ends else "and", one)
    if ends in (left, right):
        return ends
    return None if None in (left, right) else not ends


def _failing(side: Thing, held: Thing) -> Thing:
    """Of one side's many values those for which the comparison doesn't hold."""
    if not isinstance(side, Many) or not isinstance(held, Many) or len(side.items) != len(held.items):
        return side
    return Many(tuple(item for item, holds in zip(side.items, held.items, strict=True) if holds is False))


def _failing_places(held: Thing) -> tuple[str, ...]:
    if not isinstance(held, Many) or len(held.places) != len(held.items):
        return ()
    return tuple(place for place, holds in zip(held.places, held.items, strict=True) if holds is False)


def _both(left: One, right: One) -> One:
    if not isinstance(left, bool) or not isinstance(right, bool):
        raise clash("and", left, right)
    return left and right


def _either(left: One, right: One) -> One:
    if not isinstance(left, bool) or not isinstance(right, bool):
        raise clash("or", left, right)
    return left or right
