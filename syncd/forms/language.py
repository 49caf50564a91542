"""The language of checks: `sum(ages) == total and not given(reason)`.

Owns what may be written, and says of everything else what to write instead. An expression is compared with a short
list of allowed forms before anything is computed: names, dots in names, numbers, quoted text, + - * / // %,
comparisons, `and`/`or`/`not`/`in`/`if … else`, lists, `name[0]`, and calls of the functions that syncd has. Length,
depth and numbers are bounded; there are no loops, powers or attributes. What an expression means: `evaluation`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from syncd.errors import SyncdError
from syncd.forms import clock
from syncd.forms.signatures import FUNCTIONS
from syncd.yamltext.checking import suggestion

MOST_CHARACTERS: Final = 1_000
MOST_PARTS: Final = 300
MOST_DEPTH: Final = 30
_MOST_TEXT: Final = 200
_MOST_ITEMS: Final = 50
_MOST_DOTS: Final = 3

_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"")
_SIGNS: Final = {
    **dict(zip("（）［］，．：＝＜＞＋－＊／％", "()[],.:=<>+-*/%", strict=True)),
    "　": "a plain space",
    "×": "*",
    "÷": "/",
    "≦": "<=",
    "≧": ">=",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "−": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "「": "'",
    "」": "'",
    "、": ",",
}
_INSTEAD: Final = (
    (re.compile(r"&&?"), "and"),
    (re.compile(r"\|\|?"), "or"),
    (re.compile(r"<>"), "!="),
    (re.compile(r"=<"), "<="),
    (re.compile(r"=>"), ">="),
    (re.compile(r"!(?!=)"), "not"),
    (re.compile(r"===+"), "=="),
    (re.compile(r"(?<![=!<>])=(?!=)"), "=="),
)
_WRITTEN: Final = {"date": clock.written_day, "time": clock.written_time, "duration": clock.written_duration}
_LOOPS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
_ALLOWED: Final = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Name, ast.Attribute, ast.Constant,
    ast.List, ast.Tuple, ast.Subscript,
)  # fmt: skip
_OPERATORS: Final = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.UAdd, ast.USub, ast.Not, ast.And, ast.Or,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn,
)  # fmt: skip


class BadExpression(SyncdError):
    """An expression that can't be taken; `offset` is the character where, from 0."""

    def __init__(self, message: str, remedy: str, offset: int = 0) -> None:
        super().__init__(message, remedy)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression.

    Attributes:
        text: in one line.
        names: the dotted names in it, each once, in their order; `offsets` says where each is first.
        functions: those that it calls, each once, in the order of their first call.
        compares: it has a comparison, so that {left} and {right} mean something.
    """

    text: str
    names: tuple[str, ...]
    offsets: tuple[int, ...]
    functions: tuple[str, ...]
    compares: bool
    tree: ast.expr = field(repr=False, compare=False)

    @property
    def roots(self) -> frozenset[str]:
        """The names up to their first dot: facts, other documents, `operator`, `period`, `previous`."""
        return frozenset(name.partition(".")[0] for name in self.names)

    def offset(self, name: str) -> int:
        """Where the name is first."""
        return self.offsets[self.names.index(name)]


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """An expression that is safe to evaluate. Raises BadExpression."""
    line = " ".join(text.splitlines()) if "\n" in text or "\r" in text else text
    if not line.strip():
        raise BadExpression("the expression is empty", "write e.g. sum(ages) == total")
    if len(line) > MOST_CHARACTERS:
        raise BadExpression(f"the expression has more than {MOST_CHARACTERS} characters", "make two checks of it")
    skipped = len(line) - len(line.lstrip())
    try:
        tree = _parsed(line)
        walk = _Walk(line.strip())
        walk.look(tree, 1)
    except BadExpression as fault:
        fault.offset += skipped
        raise
    names = {dotted: at for at, dotted in sorted(((at, dotted) for dotted, at in walk.names.items()))}
    functions = [name for _, name in sorted((at, name) for name, at in walk.functions.items())]
    offsets = tuple(at + skipped for at in names.values())
    return Expression(line.strip(), tuple(names), offsets, tuple(functions), walk.compares, tree)


def dotted(node: ast.expr) -> str | None:
    """`enrolment.total` for the name that the node is; None for what is no name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None


def _parsed(line: str) -> ast.expr:
    source = line.strip()
    if "\\" in source:
        raise BadExpression("a backslash means nothing here", "remove it", source.index("\\"))
    masked = _QUOTED.sub(lambda quoted: "_" * len(quoted.group()), source)
    for sign, plain in _SIGNS.items():
        if sign in masked:
            raise BadExpression(f"{sign!r} is a full-width or printed sign", f"type {plain}", masked.index(sign))
    for pattern, word in _INSTEAD:
        if found := pattern.search(masked):
            wrong = masked[found.start() : found.end()]
            raise BadExpression(f"{wrong!r} means nothing here", f"write {word}", found.start())
    try:
        return ast.parse(source, mode="eval").body
    except SyntaxError as error:
        at = max(0, min((error.offset or 1) - 1, len(source)))
        reason = str(error.msg).partition(". Perhaps")[0]
        remedy = "check brackets, quotation marks and the words around it"
        raise BadExpression(f"the expression can't be read ({reason})", remedy, at) from None
    except (ValueError, MemoryError, RecursionError, OverflowError):
        raise BadExpression("the expression can't be read", "it is nested too deeply, or has a broken sign") from None


class _Walk:
    """Goes through an expression once: refuses what isn't allowed, notes names and functions."""

    def __init__(self, source: str) -> None:
        self.names: dict[str, int] = {}
        self.functions: dict[str, int] = {}
        self.compares = False
        self._bytes = source.encode("utf-8", "surrogatepass") if not source.isascii() else None
        self._parts = 0

    def look(self, node: ast.expr, depth: int) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS or depth > MOST_DEPTH:
            raise self._bad("the expression is too long or nested too deeply", "make two checks of it", node)
        if not isinstance(node, _ALLOWED):
            raise self._refused(node)
        self._operators(node)
        if isinstance(node, ast.Name | ast.Attribute):
            self._name(node)
            return
        if isinstance(node, ast.Constant):
            self._constant(node)
        elif isinstance(node, ast.Call):
            self._call(node)
        elif isinstance(node, ast.Subscript):
            self._subscript(node)
        elif isinstance(node, ast.List | ast.Tuple) and len(node.elts) > _MOST_ITEMS:
            raise self._bad(f"a list has more than {_MOST_ITEMS} items", "shorten it", node)
        self.compares = self.compares or isinstance(node, ast.Compare)
        for child in _children(node):
            self.look(child, depth + 1)

    def _name(self, node: ast.Name | ast.Attribute) -> None:
        name = dotted(node)
        if name is None:
            raise self._bad("a dot stands behind something that is no name", "dots are for enrolment.total", node)
        if any(part.startswith("_") for part in name.split(".")):
            raise self._bad(f"no name begins with _ ({name[:40]})", "write the name of a fact", node)
        if name.count(".") >= _MOST_DOTS:
            raise self._bad(f"{name[:60]} has too many dots", "write document.fact or document.table.column", node)
        self.names.setdefault(name, self._at(node))

    def _constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, str):
            if not value.strip():
                raise self._bad("an empty text is never found in a form", "write given(name) or not given(name)", node)
            if len(value) > _MOST_TEXT:
                raise self._bad(f"a text has more than {_MOST_TEXT} characters", "shorten it", node)
        elif value is None:
            raise self._bad("None means nothing here", "write given(name) or not given(name)", node)
        elif isinstance(value, bool):
            return
        elif not isinstance(value, int | float):
            raise self._bad("this is no number that forms have", "write digits, e.g. 1.2", node)
        elif not abs(value) < 10**15:
            raise self._bad("a number has more than 15 digits", "is it meant as text? Then put it in quotes", node)

    def _call(self, node: ast.Call) -> None:
        if not isinstance(node.func, ast.Name):
            raise self._bad("only a function can be called", f"known here: {', '.join(FUNCTIONS)}", node)
        name = node.func.id
        if name not in FUNCTIONS:
            raise self._bad(f"there is no function {name[:40]!r}", suggestion(name, FUNCTIONS), node)
        signature = FUNCTIONS[name]
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            raise self._bad(f"{name}() takes plain values only", f"write {signature.example}", node)
        if not signature.least <= len(node.args) <= signature.most:
            raise self._bad(f"{name}() can't be given {len(node.args)} values", f"write {signature.example}", node)
        self._written(name, node)
        self.functions.setdefault(name, self._at(node))

    def _written(self, name: str, node: ast.Call) -> None:
        """A day or time that is written out is one."""
        if name not in _WRITTEN:
            return
        if name == "date" and len(node.args) == 2:
            raise self._bad("date() can't be given 2 values", f"write {FUNCTIONS[name].example}", node)
        values = [part.value for part in node.args if isinstance(part, ast.Constant)]
        if len(values) == len(node.args):
            try:
                _WRITTEN[name](*values)
            except (ValueError, IndexError, OverflowError):
                shown = ", ".join(repr(value) for value in values)
                raise self._bad(f"there is no {name}({shown[:60]})", f"write {FUNCTIONS[name].example}", node) from None

    def _subscript(self, node: ast.Subscript) -> None:
        index = node.slice.operand if isinstance(node.slice, ast.UnaryOp) else node.slice
        number = isinstance(index, ast.Constant) and type(index.value) is int
        if not number or dotted(node.value) is None:
            raise self._bad("[ ] behind a name takes one number", "write e.g. ages[0] for the first", node)

    def _operators(self, node: ast.expr) -> None:
        for operator in _operators_of(node):
            if isinstance(operator, ast.Pow):
                raise self._bad("there are no powers here", "write x * x", node)
            if isinstance(operator, ast.Is | ast.IsNot):
                raise self._bad("`is` means nothing here", "write == or !=", node)
            if not isinstance(operator, _OPERATORS):
                raise self._bad("this sign means nothing here", "use + - * / // % and or not", node)

    def _refused(self, node: ast.expr) -> BadExpression:
        if isinstance(node, _LOOPS):
            remedy = "columns are compared row by row, e.g. all(children.age >= 0); only(values, conditions) chooses"
            return self._bad("loops can't be written here", remedy, node)
        if isinstance(node, ast.NamedExpr):
            return self._bad("`:=` means nothing here", "write == for “is equal to”", node)
        if isinstance(node, ast.JoinedStr):
            return self._bad("text can't be put together here", "do that in `say`", node)
        return self._bad("this can't be written here", "use names, numbers, texts, comparisons and functions", node)

    def _bad(self, message: str, remedy: str, node: ast.expr) -> BadExpression:
        return BadExpression(message, remedy, self._at(node))

    def _at(self, node: ast.expr) -> int:
        """The character where the node begins; Python counts bytes."""
        if self._bytes is None:
            return node.col_offset
        return len(self._bytes[: node.col_offset].decode("utf-8", "replace"))


def _children(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.Call):
        yield from node.args
    elif isinstance(node, ast.Subscript):
        yield node.value
    else:
        yield from (child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr))


def _operators_of(node: ast.expr) -> list[ast.AST]:
    if isinstance(node, ast.Compare):
        return list(node.ops)
    return [node.op] if isinstance(node, ast.BinOp | ast.UnaryOp | ast.BoolOp) else []
