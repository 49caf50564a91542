"""Where a check failed: in which rows, and what stands in each cell that it compared.

Owns which cells a finding names. A cell of the form itself is marked and says its own value; one of another document is
named with that document's title. Refuses to say which of several cells is wrong: nobody knows that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from syncd.forms import saying
from syncd.forms.fact import Fact, One, Value
from syncd.forms.labels import is_about
from syncd.forms.language import Expression
from syncd.forms.sentence import Failed, Operand
from syncd.forms.things import Many, Nothing, Thing

if TYPE_CHECKING:
    from syncd.forms.check import Surroundings
    from syncd.forms.evaluation import Compared, Outcome

MOST_ROWS: Final = 100
"""So many rows of a check that failed are told one by one."""
_PREVIOUS: Final = ("前回の{}", "the last {}")
_OF: Final = ("{}の{}", "{}: {}")

Row = tuple[str, int]
"""A row by the name of its table ('' for the cells of ranges, which go together by their number) and number from 0."""


@dataclass(frozen=True, slots=True)
class Forms:
    """The form that was checked, and those that it was compared with.

    Attributes:
        facts, own: what stands in it, and what its rule calls it.
        said: what the names of the expression stand for, as it reads.
        home: see `evaluate`.
    """

    facts: Mapping[str, Value]
    own: Mapping[str, Fact]
    around: Surroundings
    said: Mapping[str, str]
    home: str = ""

    def value(self, root: str, rest: Sequence[str]) -> tuple[Value | None, str, str]:
        """The value of a name, the column of it that is meant, and whose it is: '' for the form's own."""
        if root in self.own or root in self.facts:
            return self.facts.get(root), rest[0] if rest else "", ""
        others = self.around.previous if root == "previous" else self.around.documents.get(root)
        if others is None or not rest:
            return None, "", root
        return others.get(rest[0]), rest[1] if len(rest) > 1 else "", root

    def title(self, owner: str) -> str:
        """What a document is called whose cells can't be looked up in the form at hand; '' for that form itself."""
        english = self.around.language != "ja"
        document = self.around.document
        if owner == "previous":
            return _PREVIOUS[english].format(self.around.titles.get(document, document))
        if owner == self.home:
            return ""
        return self.around.titles.get(owner or document, owner or document)

    def labels(self, names: Sequence[str]) -> dict[str, str]:
        """What forms call the facts and columns with these names."""
        found = {}
        for name in names:
            root, *rest = name.split(".")
            _, _, owner = self.value(root, rest)
            label = self.label(name, owner)
            title = self.title(owner) if owner or self.home else ""
            if label:
                found[name] = _OF[self.around.language != "ja"].format(title, label) if title else label
        return found

    def label(self, name: str, owner: str) -> str:
        """What its form calls a fact or column."""
        if owner not in ("", "previous"):
            return self.around.labels.get(name, "")
        root, _, column = name.removeprefix("previous.").partition(".")
        return _label(self.own, root, column)


def failures(expression: Expression, outcome: Outcome, forms: Forms) -> Iterator[Failed]:
    """What there is to say of a check that failed: one for each row, or one for the whole."""
    rows: dict[Row, None] = {}
    for address in outcome.failing:
        row = _row(address, expression.names, forms)
        if row is not None:
            rows.setdefault(row)
    if not rows:
        yield _failed(expression, outcome.compared, outcome.calls, forms, None)
        return
    every = list(rows)
    for row in every[:MOST_ROWS]:
        compared = tuple(at for one in outcome.compared if (at := _at(one, row, expression.names, forms)) is not None)
        yield _failed(expression, compared, outcome.calls, forms, row)
    if len(every) > MOST_ROWS:
        rest = set(every[MOST_ROWS:])
        cells = tuple(cell for cell in dict.fromkeys(outcome.failing) if _row(cell, expression.names, forms) in rest)
        whole = _failed(expression, (), outcome.calls, forms, None)
        yield replace(whole, cells=cells, stands={}, more=len(rest))


def _failed(
    expression: Expression, compared: tuple[Compared, ...], calls: Mapping[str, Thing], forms: Forms, row: Row | None
) -> Failed:
    operands = tuple(operand for name in expression.names if (operand := _operand(name, forms, row)) is not None)
    stands = {operand.cell: operand.shown for operand in operands if operand.cell}
    marked = [each for each in operands if each.home and each.cell and (row is None or _is_of(each.name, row, forms))]
    around, names = forms.around, (*expression.names, *_every_name(forms.own))
    return Failed(
        expression=expression,
        compared=compared,
        calls=calls,
        operands=operands,
        words={**_words(forms, names, row), **{each.name: each.shown for each in operands}},
        row={each.name: each.shown for each in operands} if row is not None else {},
        labels=forms.labels(expression.names),
        money=frozenset(name for name in expression.names if is_money(name, forms.own)),
        cells=tuple(dict.fromkeys(cell for each in marked for cell in _ranges(each.cell))),
        stands=stands,
        private=tuple(each.cell for each in operands if each.cell and is_about(each.label, around.personal)),
        facility=around.operator.name,
        period=around.period,
        language=around.language,
    )


def _operand(name: str, forms: Forms, row: Row | None) -> Operand | None:
    """What that name stands for; None for what stands in no form, such as `period.first`."""
    root, *rest = name.split(".")
    value, column, owner = forms.value(root, rest)
    if value is None or value.state in ("missing", "ambiguous"):
        return None
    title, own = forms.title(owner), not owner
    prefix = f"{title} " if title and (owner or forms.home) else ""
    cell, thing = _cell(value, column, row if own and row is not None and _is_of(name, row, forms) else None)
    money = own and is_money(name, forms.own)
    shown = saying.shown(thing, forms.around.language, money)
    label = forms.label(name, owner)
    home = owner == forms.home
    return Operand(name, label, f"{prefix}{cell}".strip() if cell or prefix else "", shown, home)


def _cell(value: Value, column: str, row: Row | None) -> tuple[str, Thing]:
    """Where it stands and what: of a row its cell, of a column or range all."""
    sheet, mark, area = value.cell.rpartition("!")
    if column and value.rows:
        columns = list(value.rows[0])
        if column not in columns:
            return "", Nothing(column, "absent")
        first, count = columns.index(column), len(columns)
        items = tuple(each.get(column) for each in value.rows)
        places = value.places[first::count] if len(value.places) == count * len(value.rows) else ()
    else:
        items, places = value.many, value.places if len(value.places) == len(value.many) else ()
    if not items and not column:
        return value.cell, Nothing("", "blank") if value.one is None else value.one
    if row is not None and row[1] < len(items):
        one = items[row[1]]
        return (_whole(f"{sheet}{mark}", places[row[1]]) if places else value.cell), _or_nothing(one)
    given = [place for place in places if place]
    if not column or not given or area.endswith("ページ"):
        return value.cell, Many(items)
    whole = f"{given[0]}:{given[-1]}" if given[0] != given[-1] else given[0]
    return f"{sheet}{mark}{whole}", Many(items)


def _whole(sheet: str, place: str) -> str:
    """An address with its sheet."""
    return place if "!" in place else f"{sheet}{place}"


def _ranges(cell: str) -> list[str]:
    """A place on several sheets as one on each."""
    return cell.split("、") if cell.count("!") > 1 else [cell]


def _or_nothing(one: One) -> Thing:
    return Nothing("", "blank") if one is None else one


def _row(address: str, names: Sequence[str], forms: Forms) -> Row | None:
    """Which row an address is in: of a table of the form, or of its ranges."""
    sheet, _, spot = address.rpartition("!")
    for root in dict.fromkeys(name.partition(".")[0] for name in names):
        value = forms.facts.get(root)
        if value is None:
            continue
        place = address if address in value.places else spot  # with its sheet where there are several
        if place not in value.places or (place == spot and value.cell.rpartition("!")[0] != sheet):
            continue
        number = value.places.index(place)
        return (root, number // len(value.rows[0])) if value.rows else ("", number)
    return None


def _is_of(name: str, row: Row, forms: Forms) -> bool:
    """The name has a value in that row."""
    root, _, column = name.partition(".")
    value = forms.facts.get(root)
    if value is None:
        return False
    return (root == row[0] and bool(column)) if value.rows else (row[0] == "" and len(value.many) > row[1])


def _at(compared: Compared, row: Row, names: Sequence[str], forms: Forms) -> Compared | None:
    """A comparison as it was made in that row; None where it didn't fail there."""
    if compared.held:
        return None
    numbers = [number for number, place in enumerate(compared.places) if _row(place, names, forms) == row]
    if not compared.places:
        return compared
    if not numbers:
        return None
    sides = (
        _or_nothing(side.items[numbers[0]])
        if isinstance(side, Many) and len(side.items) == len(compared.places)
        else side
        for side in (compared.left, compared.right)
    )
    left, right = sides
    return replace(compared, left=left, right=right)


def _words(forms: Forms, names: Sequence[str], row: Row | None) -> dict[str, str]:
    """What `{…}` may name, as it reads: facts, columns, and in a row what stands in that row."""
    words = dict(forms.said)
    for name in dict.fromkeys(names):
        root, *rest = name.split(".")
        value, column, owner = forms.value(root, rest)
        if value is None:
            continue
        if value.rows and not column and not owner:
            words[name] = saying.shown_rows(len(value.rows), forms.around.language)
            continue
        if value.state not in ("found", "blank") and not value.rows:
            words[name] = saying.shown(Nothing(name, value.state), forms.around.language)
            continue
        in_row = row if row is not None and not owner and _is_of(name, row, forms) else None
        words[name] = saying.shown(_cell(value, column, in_row)[1], forms.around.language, is_money(name, forms.own))
    return words


def _every_name(own: Mapping[str, Fact]) -> Iterator[str]:
    for name, fact in own.items():
        yield name
        yield from (f"{name}.{column.name}" for column in fact.columns)


def _label(own: Mapping[str, Fact], root: str, column: str) -> str:
    fact = own.get(root)
    if fact is None:
        return ""
    if column:
        return next((each.labels[0] for each in fact.columns if each.name == column and each.labels), "")
    return fact.title if not fact.table else ""


def is_money(name: str, own: Mapping[str, Fact]) -> bool:
    """The name is an amount of the form's own."""
    root, _, column = name.partition(".")
    fact = own.get(root)
    if fact is None:
        return False
    return fact.kind == "amount" or any(each.name == column and each.kind == "amount" for each in fact.columns)
