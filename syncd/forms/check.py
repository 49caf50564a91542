"""A check of a rule, and what comes of one that is an expression.

A check that needs something that isn't there is not asked: it passes and says so in its values. (That a fact which has
to be there is blank is a finding of its own: `missing`.) An expression that can't be computed with what stands in the
form is held for a person. Nothing that stands in a form raises an exception here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from types import MappingProxyType
from typing import Final, Literal, get_args

from syncd.forms import months, saying
from syncd.forms.fact import Fact, Value
from syncd.forms.failing import Forms, failures, is_money
from syncd.forms.language import Expression
from syncd.forms.missing import is_a_fault
from syncd.forms.things import Many, NoAnswer, NotAsked, Nothing, Table, Thing
from syncd.model import Finding, Operator

Key = Literal["that", "size", "pages", "sheets", "text", "image", "facility", "facility_code", "period"]
Otherwise = Literal["return", "warn", "hold"]

KEYS: Final[tuple[Key, ...]] = get_args(Key)
OPERATOR: Final = ("id", "name", "kind", "code")
"""What expressions may ask of the operator."""
_MISSING: Final = Value("missing")
_NO_FACTS: Final[Mapping[str, Value]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Bounds:
    """At least and at most so many bytes, pages or pictures; `most` None: no limit."""

    least: int = 0
    most: int | None = None

    def hold(self, number: int) -> bool:
        return self.least <= number and (self.most is None or number <= self.most)


Argument = Bounds | tuple[str, ...] | str | None


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a rule.

    Attributes:
        id: names it in findings; of a built-in one its key, unless the rule says otherwise.
        key: `that` for an expression, else the built-in check.
        expression: for `that`.
        argument: for the others. size, pages, image: Bounds; sheets, text: the names or texts; facility,
            facility_code, period: the name of a fact.
        otherwise: what follows when it fails.
        say: the reason with {placeholders}; '' for a text of syncd's own.
        facts: the form's own facts that the expression or `say` names.
        file, line, column: where it stands: of an expression its first character.
        as_written: the expression's characters can be counted from there.
    """

    id: str
    key: Key
    expression: Expression | None = None
    argument: Argument = None
    otherwise: Otherwise = "return"
    say: str = ""
    facts: tuple[Fact, ...] = ()
    file: str = ""
    line: int = 0
    column: int = 0
    as_written: bool = False

    @property
    def place(self) -> str:
        """File, without its folder, and line."""
        return f"{PurePath(self.file).name}:{self.line}"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a check may know besides its form.

    Attributes:
        period: of the document, `2026-10`; None while unknown.
        business_day: whether the ward is open on a day.
        previous: the facts of the same document in the period before; None: there is none.
        documents: the facts of the other documents of that period by document id, as far as they are here.
        language: of what is said, ja or en.
        document: the id of the check's own document.
        titles: of documents, by id. labels: what their forms call their facts and columns (`invoice.children`).
        personal: what the rule calls personal information.
    """

    operator: Operator
    period: str | None
    business_day: Callable[[date], bool]
    previous: Mapping[str, Value] | None = None
    documents: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    language: str = "ja"
    document: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    personal: tuple[str, ...] = ()


def evaluate(check: Check, facts: Mapping[str, Value], around: Surroundings, home: str = "") -> tuple[Finding, ...]:
    """What a check with an expression finds in a form with these facts. Never raises.

    One finding; of a check that fails for rows of a table one for each of them.

    Args:
        home: the document whose note will tell it, where that is another that this check compares with its own.
    """
    # simpleeval comes in only with a check that is really made.
    from syncd.forms.evaluation import compute

    assert check.expression is not None
    own = {fact.name: fact for fact in check.facts}
    names, language = check.expression.names, around.language

    def look(name: str) -> Thing:
        return _look(name, facts, own, around)

    values = {name: saying.shown(look(name), language, is_money(name, own)) for name in names}
    try:
        outcome = compute(check.expression, look, around.business_day)
    except NotAsked as not_asked:
        nothing = not_asked.nothing
        return (Finding(check.id, "passed", values=values | {nothing.name: saying.silent(nothing, language)}),)
    except NoAnswer as reason:
        unread = [name for name, fact in own.items() if is_a_fault(fact, facts.get(name, _MISSING))]
        if unread:  # the form goes back for that, and comes again
            nothing = Nothing(unread[0], facts.get(unread[0], _MISSING).state)
            return (Finding(check.id, "passed", values=values | {nothing.name: saying.silent(nothing, language)}),)
        said = saying.no_answer(check.id, check.place, reason, language)
        roots = dict.fromkeys(name.partition(".")[0] for name in names)
        cells = tuple(cell for root in roots if root in facts and (cell := facts[root].cell))
        return (Finding(check.id, "hold", said, cells if not home else (), values=values),)
    values |= {f"{name}()": saying.shown(thing, language) for name, thing in outcome.calls.items()}
    if outcome.holds:
        return (Finding(check.id, "passed", values=values),)
    return tuple(
        Finding(check.id, check.otherwise, each.say(check.say), each.cells, *each.found_and_expected(),
                {**values, **each.row}, each.stands, each.private)
        for each in failures(check.expression, outcome, Forms(facts, own, around, values, home))
    )  # fmt: skip


def _look(name: str, facts: Mapping[str, Value], own: Mapping[str, Fact], around: Surroundings) -> Thing:
    """The value of a dotted name; unknown ones are nothing, because a rule may be older than what it asks for."""
    root, *rest = name.split(".")
    if root in facts or root in own:
        fact = own.get(root)
        none = fact is not None and fact.optional and (fact.many or fact.table)
        return _thing(name, facts.get(root, Value("missing")), rest, none=none)
    if root == "operator" and len(rest) == 1 and rest[0] in OPERATOR:
        return getattr(around.operator, rest[0]) or Nothing(name, "blank")
    if root == "period":
        return _period(name, around.period, rest)
    document = around.previous if root == "previous" else around.documents.get(root)
    value = (document or _NO_FACTS).get(rest[0]) if rest else None
    return Nothing(name, "absent") if value is None else _thing(name, value, rest[1:], elsewhere=True)


def _period(name: str, period: str | None, rest: list[str]) -> Thing:
    if period is None or not months.is_period(period):
        return Nothing(name, "blank")
    if not rest:
        return period
    return months.part_of(period, rest[0]) if rest[0] in months.PARTS else Nothing(name, "absent")


def _thing(name: str, value: Value, rest: list[str], *, none: bool = False, elsewhere: bool = False) -> Thing:
    """A fact or a column of it, for expressions.

    `none`: blank means that there are none. `elsewhere`: it stands in another form, so it has no address here.
    """
    if value.rows and value.state in ("found", "blank"):
        return _column(name, value, rest[0], elsewhere) if rest else Table(name, len(value.rows))
    if value.state == "blank" and none:
        return Many(())
    if value.state != "found" or rest:
        return Nothing(name, "absent" if value.state == "found" else value.state)
    if value.many:
        return Many(value.many, () if elsewhere else _places(value, range(len(value.many))))
    return Nothing(name, "blank") if value.one is None else value.one


def _column(name: str, value: Value, column: str, elsewhere: bool) -> Thing:
    columns = list(value.rows[0])
    if column not in columns:
        return Nothing(name, "absent")
    first, count = columns.index(column), len(columns)
    spots = range(first, count * len(value.rows), count)
    return Many(tuple(row.get(column) for row in value.rows), () if elsewhere else _places(value, spots))


def _places(value: Value, numbers: range) -> tuple[str, ...]:
    """The addresses of some of the cells of a value, with the sheet; nothing where cells have none."""
    if any("!" in place for place in value.places):  # on several sheets
        return tuple(value.places[number] for number in numbers if number < len(value.places))
    sheet, mark, area = value.cell.rpartition("!")
    if len(value.places) <= max(numbers, default=-1) or not area or area.endswith(("ページ", "文書")):
        return ()
    return tuple(f"{sheet}{mark}{value.places[number]}" for number in numbers)
