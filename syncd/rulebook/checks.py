"""Reads `checks:` and `examples:` of a rule.

Owns the keys of a check and of an example. Expressions are taken apart here, so that a rule with a fault in one is
never in force; what other rules must have for them is `names`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Final, Literal, cast, get_args

from syncd.forms import saying
from syncd.forms.check import KEYS, OPERATOR, Argument, Bounds, Check, Key, Otherwise
from syncd.forms.fact import Fact, Kind
from syncd.forms.language import BadExpression, Expression, compile_expression
from syncd.forms.months import PARTS, is_period
from syncd.yamltext import Node, Reader, shown, suggestion

Expect = Literal["review", "corrections", "hold", "quarantine"]

_ELSE: Final[Mapping[Key, Otherwise]] = {"facility": "hold", "facility_code": "hold"}
_FACT_KINDS: Final[Mapping[Key, tuple[Kind, ...]]] = {
    "facility": ("text",),
    "facility_code": ("text", "int"),
    "period": ("date", "text"),
}
_SIZE: Final = re.compile(r"([0-9]{1,6})\s*(k|m|g)i?b", re.IGNORECASE)
_FACTORS: Final = {"k": 1024, "m": 1024**2, "g": 1024**3}
_MOST_CHECKS: Final = 200
_MOST_SAY: Final = 1_000


@dataclass(frozen=True, slots=True)
class Sender:
    """The operator that an example is thought to come from; '' where it doesn't matter."""

    name: str = ""
    kind: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A sample file and what has to come of it.

    Attributes:
        file: below the rules folder, with /.
        expect: the stage it goes to, or hold or quarantine.
        says: texts that some reason has to contain.
        period: the document's; '' : what the name says.
        name: the file name it arrives with; '' : its own.
        sender: who sends it.
        previous: a sample that is last period's document; '' for none.
        documents: samples of other documents of the period, by document id.
    """

    file: str
    expect: Expect
    says: tuple[str, ...] = ()
    period: str = ""
    name: str = ""
    sender: Sender = Sender()
    previous: str = ""
    documents: tuple[tuple[str, str], ...] = ()
    line: int = 0
    column: int = 0


def read_checks(reader: Reader, facts: Sequence[Fact]) -> tuple[Check, ...]:
    """The checks of a rule with these facts; faults go to the reader's problems."""
    groups = reader.groups("checks")
    if len(groups) > _MOST_CHECKS:
        reader.problem(f"there are more than {_MOST_CHECKS} checks", "make two documents of it", "checks")
    own = {fact.name: fact for fact in facts}
    found: list[Check] = []
    for group in groups[:_MOST_CHECKS]:
        check = _check(group, own)
        group.finish()
        if check is None:
            continue
        if not group.has("id") and check.key == "that":
            check = replace(check, id=_free_id({other.id for other in found}))
        if check.id in (other.id for other in found):
            group.problem(f"another check is called {shown(check.id)} as well", "give this one an `id:` of its own")
        found.append(check)
    return tuple(found)


def _free_id(taken: set[str]) -> str:
    """What an expression without a name is known by: that, that 2, that 3 …"""
    return next(id_ for number in count(1) if (id_ := f"that {number}" if number > 1 else "that") not in taken)


def read_examples(reader: Reader) -> tuple[Example, ...]:
    """The examples of a rule."""
    return tuple(_example(group) for group in reader.groups("examples"))


def _check(group: Reader, own: Mapping[str, Fact]) -> Check | None:
    if _cut_by_comma(group):
        return None
    keys = [key for key in KEYS if key in group.given()]
    group.know("id", "else", "say", *(KEYS if not keys else keys[:1]))
    if len(keys) != 1:
        unknown = set(group.given()) - {"id", "else", "say", *KEYS}
        if keys:
            group.problem(f"a check does one thing, not {' and '.join(keys)}", "make two checks of it", keys[1])
            group.know(*keys)
        elif not unknown and isinstance(group.node_here.value, dict):
            group.problem("the check says nothing to check", f"add one of: {', '.join(KEYS)}")
        return None
    key = keys[0]
    node = group.node(key)
    if node is None or node.value is None:
        group.problem(f"{group.where}.{key} has no value", f"write it behind `{key}:`", key)
        return None
    expression = _expression(group, node, own) if key == "that" else None
    argument = None if key == "that" else _ARGUMENTS[key](group, key, node, own)
    if expression is None and argument is None:
        group.know("id", "else", "say")
        return None
    identity = group.text("id", key)
    otherwise = cast("Otherwise", group.word("else", get_args(Otherwise), _ELSE.get(key, "return")))
    say = group.text("say", "")
    _placeholders(group, key, say, expression, own)
    used = {root for root in expression.roots if root in own} if expression else set()
    used |= {each.partition(".")[0] for each in saying.PLACEHOLDER.findall(say)} & set(own)
    facts = tuple(fact for name, fact in own.items() if name in used)
    line, column = node.line, node.column
    return Check(identity, key, expression, argument, otherwise, say, facts, node.file, line, column, node.as_written)


def _cut_by_comma(group: Reader) -> bool:
    """In `{that: days(a, b) > 3}` YAML ends the value at the comma and takes the rest for a key: said as what it is."""
    known = ("id", "else", "say", *KEYS)
    rests = [key for key in group.given() if key not in known and not key.isidentifier() and not group.has(key)]
    if rests:
        remedy = "put the whole text in quotes: that: '…'"
        group.problem("within { } a comma ends the text before it", remedy, rests[0])
        group.know(*known, *rests)
    return bool(rests)


def _expression(group: Reader, node: Node, own: Mapping[str, Fact]) -> Expression | None:
    """The expression, if the rule's own names in it are right."""
    where = f"{group.where}.that"
    if not isinstance(node.value, str):
        group.problem(f"{where} must be an expression", "write e.g. sum(ages) == total", node=node)
        return None
    try:
        expression = compile_expression(node.value)
    except BadExpression as fault:
        group.problem(f"{where}: {fault.message}", fault.remedy, node=node, offset=fault.offset)
        return None
    faults = [(name, *wrong) for name in expression.names if (wrong := _own_name(name, own)) is not None]
    for name, message, remedy in faults:
        group.problem(f"{where}: {message}", remedy, node=node, offset=expression.offset(name))
    return None if faults else expression


def _own_name(name: str, own: Mapping[str, Fact]) -> tuple[str, str] | None:
    """What is wrong with a name that the rule itself must know."""
    root, *rest = name.split(".")
    if root in own:
        fact = own[root]
        if not rest:
            return None
        if not fact.table:
            return f"{root} is no table, so there is no {name}", f"write {root}"
        return _column(name, fact, rest[0]) if len(rest) == 1 else (f"there is no {name}", f"write {root}.{rest[0]}")
    for word, parts, bare in (("operator", OPERATOR, False), ("period", PARTS, True)):
        if root == word:
            if (len(rest) == 1 and rest[0] in parts) or (bare and not rest):
                return None
            known = [f"{word}.{part}" for part in parts]
            return f"there is no {name}", suggestion(name, known)
    if root == "previous":
        return ("previous stands for last period's document", "write previous.total") if not rest else None
    if rest:
        return None  # another document: `names` looks
    return f"there is no fact {shown(root)}", suggestion(root, list(own))


def _column(name: str, fact: Fact, column: str) -> tuple[str, str] | None:
    columns = [each.name for each in fact.columns]
    return None if column in columns else (f"there is no column {name}", suggestion(column, columns))


# built-in checks


def _size(group: Reader, key: Key, node: Node, own: Mapping[str, Fact]) -> Argument:
    found = _SIZE.fullmatch(node.raw.strip())
    if found is None or not int(found[1]):
        group.problem(f"{group.where}.size must be a size", "write e.g. 20 MB or 500 kB", node=node)
        return None
    return Bounds(0, int(found[1]) * _FACTORS[found[2].lower()])


def _pages(group: Reader, key: Key, node: Node, own: Mapping[str, Fact]) -> Argument:
    if isinstance(node.value, dict):
        bounds = group.group(key)
        least, given = bounds.integer("least", 1, least=1, most=10_000), bounds.has("most")
        most = bounds.integer("most", 10_000, least=1, most=10_000)
        bounds.know("most")
        bounds.finish()
        if given and most < least:
            bounds.problem(f"{bounds.where}: at most {most} is less than at least {least}", "exchange them", "most")
        return Bounds(least, most if given else None)
    number = group.integer(key, least=1, most=10_000)
    return Bounds(number, number)


def _image(group: Reader, key: Key, node: Node, own: Mapping[str, Fact]) -> Argument:
    return Bounds(group.integer(key, least=1, most=100))


def _texts(group: Reader, key: Key, node: Node, own: Mapping[str, Fact]) -> Argument:
    texts = group.texts(key, single=True)
    if not texts and isinstance(node.value, list) and not node.value:
        group.problem(f"{group.where}.{key} is empty", "name at least one", node=node)
    return texts or None


def _fact_name(group: Reader, key: Key, node: Node, own: Mapping[str, Fact]) -> Argument:
    name = group.text(key)
    if not name:
        return None
    fact = own.get(name)
    kinds = _FACT_KINDS[key]
    if fact is None:
        group.problem(f"{group.where}.{key}: there is no fact {shown(name)}", suggestion(name, list(own)), node=node)
    elif fact.many or fact.table or fact.kind not in kinds:
        remedy = f"read it `as: {kinds[0]}`"
        group.problem(f"{group.where}.{key}: {name} is no single {' or '.join(kinds)}", remedy, node=node)
    else:
        return name
    return None


_ARGUMENTS: Final = {
    "size": _size,
    "pages": _pages,
    "image": _image,
    "sheets": _texts,
    "text": _texts,
    "facility": _fact_name,
    "facility_code": _fact_name,
    "period": _fact_name,
}


def _placeholders(group: Reader, key: Key, say: str, expression: Expression | None, own: Mapping[str, Fact]) -> None:
    """Every {word} of a text must have a value."""
    if not say:
        return
    node = group.node("say")
    if len(say) > _MOST_SAY:
        group.problem(f"{group.where}.say has more than {_MOST_SAY} characters", "shorten it", node=node)
    known = _words(key, expression, own)
    for match in saying.PLACEHOLDER.finditer(say):
        word = match[1].strip()
        if word not in known:
            message = f"{group.where}.say: there is no placeholder {{{match[1][:40]}}} here"
            group.problem(message, suggestion(word, known), node=node, offset=match.start())
    rest = saying.PLACEHOLDER.sub("", say)
    if "{" in rest or "}" in rest:
        group.problem(f"{group.where}.say has a brace without its partner", "close it, or remove it", node=node)


def _words(key: Key, expression: Expression | None, own: Mapping[str, Fact]) -> list[str]:
    if expression is None:
        # What a form says of another facility must not be told, not even by a text of the ward's.
        found = () if key in ("facility", "facility_code") else ("found", "expected")
        return [word for word in saying.BUILT_IN_WORDS if word not in ("found", "expected")] + list(found)
    words = {*saying.WORDS, *own, *expression.names, *expression.functions}
    words |= {f"{name}.{column.name}" for name, fact in own.items() for column in fact.columns}
    return sorted(words | set(saying.SIDES if expression.compares else ()))


# examples


def _example(group: Reader) -> Example:
    expect = cast("Expect", group.word("expect", get_args(Expect)) or "review")
    period = group.text("period", "", digits=True)
    if period and not is_period(period):
        group.problem(f"{group.where}.period can't be {shown(period)}", "write e.g. 2026-10, 2026-Q3 or 2026", "period")
    sender = Sender()
    if group.has("operator"):
        operator = group.group("operator")
        sender = Sender(operator.text("name", ""), operator.text("kind", ""), operator.text("code", "", digits=True))
        operator.finish()
    others = group.group("documents") if group.has("documents") else None
    documents = tuple((name, _sample(others, name)) for name in others.given()) if others else ()
    line, column = group.node_here.line, group.node_here.column
    found = Example(
        _sample(group, "file"), expect, group.texts("says", single=True), period, group.text("name", ""), sender,
        _sample(group, "previous") if group.has("previous") else "", documents, line, column,
    )  # fmt: skip
    group.know("previous", "operator", "documents")
    group.finish()
    return found


def _sample(group: Reader, key: str) -> str:
    """A file below the rules folder."""
    text = group.text(key)
    path = text.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or ":" in path:
        group.problem(f"{group.where}.{key} must lie in the rules folder", "e.g. samples/ok.xlsx", key)
    return path
