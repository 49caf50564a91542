"""Checking what was read: one `Reader` for each group of keys, all faults into one list.

Owns what a fault says: the key, what it must be, the nearest right name. Knows no key itself. Quotes only keys and
words from a fixed list, never another value: it could be a secret.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from syncd.errors import Problem
from syncd.yamltext.reading import Node, shown

MOST_NAMED: Final = 16
"""How many known words a remedy lists; more help nobody."""


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word that was most likely meant, if any is near.

    That is one of the same letters in another order, else the one that begins so, else the most similar.
    """
    plain = {unicodedata.normalize("NFKC", each).casefold().strip(): each for each in known}
    asked = unicodedata.normalize("NFKC", word[:60]).casefold().strip()
    turned = [each for each in plain if sorted(each) == sorted(asked)]
    if len(turned) == 1:
        return plain[turned[0]]
    longer = [each for each in plain if len(asked) > 2 and each.startswith(asked)]
    if len(longer) == 1:
        return plain[longer[0]]
    found = difflib.get_close_matches(asked, list(plain), n=1, cutoff=0.5)
    return plain[found[0]] if found else None


def suggestion(word: str, known: Collection[str]) -> str:
    """A remedy for an unknown word: the nearest known one, or all of them."""
    near = nearest(word, known)
    if near is not None:
        return f"did you mean {shown(near)}?"
    named = sorted(known)[:MOST_NAMED]
    more = " …" if len(known) > MOST_NAMED else ""
    return f"known here: {', '.join(named)}{more}" if known else "remove it"


_HOW: Final = {
    "text": "put it in quotes",
    "a list": "write [a, b], or lines that begin with `- `",
    "a group of keys": "write `key: value` in lines of its own, indented",
    "a whole number": "write digits, e.g. 5",
    "a number": "write digits, e.g. 0.5",
}


_KINDS: Final = {
    dict: "a group of keys",
    list: "a list",
    str: "text",
    bool: "true/false",
    int: "a number",
    float: "a number with decimals",
}
_WRITTEN_OTHERWISE: Final = re.compile(r"[+＋]?\d+")


class Required:
    """Stands for "has no default: the key must be given"."""


REQUIRED: Final = Required()


class Reader:
    """Reads the keys of one group; faults go to `problems`, and reading goes on with a harmless value.

    The keys asked for (and `know`n) are the known ones: `finish` reports every other key.

    Args:
        node: a dict, or nothing at all (then every required key is missing).
        problems: shared by all readers of a file or folder.
        where: the keys that lead here, for messages; '' at the top.
    """

    def __init__(self, node: Node, problems: list[Problem], where: str = "") -> None:
        self.node_here = node
        self.problems = problems
        self.where = where
        self._known: dict[str, None] = {}
        self._missing: dict[str, Problem] = {}
        self._values: dict[str, Node] = {}
        if isinstance(node.value, dict):
            self._values = node.value
        elif node.value is not None:
            self._wrong(node, self.where or "the file", "a group of keys")

    # the plain kinds

    def text(self, key: str, default: str | Required = REQUIRED, *, empty: bool = False, digits: bool = False) -> str:
        """Text. `empty` allows ''; `digits` takes an unquoted number (12) for the text it is written as."""
        node = self._value(key, default)
        if node is not None:
            found = self._text(node, self._name(key), empty=empty, digits=digits)
            if found is not None:
                return found
        return "" if isinstance(default, Required) else default

    def optional_text(self, key: str, *, digits: bool = False) -> str | None:
        """Text, or None when the key is not given (or given without a value)."""
        self.know(key)
        return self.text(key, digits=digits) if self.has(key) else None

    def word(self, key: str, allowed: Collection[str], default: str | Required = REQUIRED) -> str:
        """One of the allowed words; after a fault the default, or ''."""
        fallback = "" if isinstance(default, Required) else default
        node = self._value(key, default)
        if node is None:
            return fallback
        return self.one_of(node, allowed, self._name(key)) or fallback

    def boolean(self, key: str, default: bool | Required = REQUIRED) -> bool:
        """true or false."""
        node = self._value(key, default)
        if node is not None:
            if isinstance(node.value, bool):
                return node.value
            self._wrong(node, self._name(key), "true or false")
        return False if isinstance(default, Required) else default

    def integer(
        self, key: str, default: int | Required = REQUIRED, *, least: int | None = None, most: int | None = None
    ) -> int:
        """A whole number within the bounds; after a fault the default, or `least`, or 0."""
        node = self._value(key, default)
        if node is not None:
            if isinstance(node.value, int) and not isinstance(node.value, bool):
                if self._within(node, self._name(key), node.value, least, most):
                    return node.value
            else:
                self._wrong(node, self._name(key), "a whole number")
        return (least or 0) if isinstance(default, Required) else default

    def number(
        self, key: str, default: float | Required = REQUIRED, *, least: float | None = None, most: float | None = None
    ) -> float:
        """A number, fractions allowed, within the bounds; after a fault the default, or `least`, or 0."""
        node = self._value(key, default)
        if node is not None:
            if isinstance(node.value, int | float) and not isinstance(node.value, bool):
                if self._within(node, self._name(key), node.value, least, most):
                    return float(node.value)
            else:
                self._wrong(node, self._name(key), "a number")
        return (least or 0.0) if isinstance(default, Required) else default

    # groups and lists

    def group(self, key: str, *, required: bool = False) -> Reader:
        """A reader of the keys below `key`; of nothing when it isn't given. The caller `finish`es it."""
        node = self._value(key, REQUIRED if required else "")
        line, column = self.spot(key)
        return Reader(node or Node(None, self.node_here.file, line, column=column), self.problems, self._name(key))

    def groups(self, key: str, *, required: bool = False) -> tuple[Reader, ...]:
        """A reader for each item of a list of groups. The caller `finish`es each."""
        return tuple(Reader(node, self.problems, self._name(key)) for node in self.items(key, required=required))

    def items(self, key: str, *, required: bool = False, single: bool = False) -> tuple[Node, ...]:
        """The nodes of a list; `single` takes a lone value for a list of one."""
        node = self._value(key, REQUIRED if required else "")
        if node is None:
            return ()
        if isinstance(node.value, list):
            return tuple(node.value)
        if single and not isinstance(node.value, dict):
            return (node,)
        self._wrong(node, self._name(key), "a list")
        return ()

    def texts(self, key: str, *, required: bool = False, single: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        found = (self._text(node, self._name(key)) for node in self.items(key, required=required, single=single))
        return tuple(text for text in found if text is not None)

    def words(
        self, key: str, allowed: Collection[str], *, required: bool = False, single: bool = False
    ) -> tuple[str, ...]:
        """A list of allowed words."""
        items = self.items(key, required=required, single=single)
        return tuple(word for node in items if (word := self.one_of(node, allowed, self._name(key))))

    def integers(self, key: str, *, least: int | None = None, most: int | None = None) -> tuple[int, ...]:
        """A list of whole numbers within the bounds."""
        found = []
        for node in self.items(key):
            if not isinstance(node.value, int) or isinstance(node.value, bool):
                self._wrong(node, self._name(key), "a whole number")
            elif self._within(node, self._name(key), node.value, least, most):
                found.append(node.value)
        return tuple(found)

    # the rest

    def has(self, key: str) -> bool:
        """The key is there and has a value."""
        return key in self._values and self._values[key].value is not None

    def node(self, key: str) -> Node | None:
        """The value as it was read, for keys that may be of several kinds; None: not given. Marks the key known."""
        self._known[key] = None
        return self._values.get(key)

    def line(self, key: str) -> int:
        """Where the key stands, or the group when the key isn't there."""
        return self.spot(key)[0]

    def spot(self, key: str) -> tuple[int, int]:
        """Line and column of the key, or of the group when the key isn't there."""
        here = self.node_here
        return here.key_lines.get(key, here.line), here.key_columns.get(key, here.column)

    def given(self) -> tuple[str, ...]:
        """All keys that are there, in their order."""
        return tuple(self._values)

    def unknown(self) -> tuple[str, ...]:
        """The keys that are there, but that nobody has asked for so far."""
        return tuple(key for key in self._values if key not in self._known)

    def know(self, *keys: str) -> None:
        """These keys are right, though nobody asks for them here."""
        self._known.update(dict.fromkeys(keys))

    def finish(self, elsewhere: Mapping[str, str] = MappingProxyType({})) -> None:
        """Reports every key that nobody asked for, with the nearest right one.

        Args:
            elsewhere: keys that are right below another key, which it names.

        A key that is missing because it is misspelled is one fault, not two.
        """
        for key in self.unknown():
            meant = nearest(key, list(self._known))
            if meant in self._missing:
                self._withdraw(self._missing.pop(meant))
            right = f"it belongs below `{elsewhere[key]}:`" if key in elsewhere else ""
            remedy = right or suggestion(key, list(self._known))
            self.problem(f"unknown key {shown(key)}{self._place()}", remedy, key)

    def problem(
        self, message: str, remedy: str = "", key: str | None = None, node: Node | None = None, offset: int = 0
    ) -> None:
        """Reports a fault at the node (at its text's character `offset`), else the key, else the group."""
        at = node or self.node_here
        line, column = self.spot(key) if node is None and key is not None else (at.line, at.column_at(offset))
        self.problems.append(Problem(self.node_here.file, line, message, remedy, column))

    def one_of(self, node: Node, allowed: Collection[str], name: str) -> str | None:
        """The node's allowed word; None after a fault."""
        if isinstance(node.value, str) and node.value in allowed:
            return node.value
        if isinstance(node.value, dict | list):
            self._wrong(node, name, "one word")
        else:
            self.problem(f"{name} can't be {shown(node.raw)}", suggestion(node.raw, allowed), node=node)
        return None

    def _value(self, key: str, default: object) -> Node | None:
        """The key's node if it has a value; a required key without one is a fault."""
        self._known[key] = None
        node = self._values.get(key)
        if node is not None and node.value is not None:
            return node
        if isinstance(default, Required) and (self.node_here.value is None or isinstance(self.node_here.value, dict)):
            missing = "has no value" if node is not None else "is missing"
            self.problem(f"{self._name(key)} {missing}", f"add `{key}:` with its value", key)
            if node is None:
                self._missing[key] = self.problems[-1]
        return None

    def _withdraw(self, problem: Problem) -> None:
        self.problems[:] = [each for each in self.problems if each is not problem]

    def _text(self, node: Node, name: str, *, empty: bool = False, digits: bool = False) -> str | None:
        if isinstance(node.value, str):
            if node.value.strip() or empty:
                return node.value
            self.problem(f"{name} is empty", "give it a value", node=node)
        elif digits and isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.raw
        else:
            self._wrong(node, name, "text")
        return None

    def _within(self, node: Node, name: str, value: float, least: float | None, most: float | None) -> bool:
        if (least is None or value >= least) and (most is None or value <= most):
            return True
        limits = (("at least", least), ("at most", most))
        bounds = " and ".join(f"{word} {limit}" for word, limit in limits if limit is not None)
        self.problem(f"{name} can't be {node.raw}", f"it must be {bounds}", node=node)
        return False

    def _wrong(self, node: Node, name: str, expected: str) -> None:
        kind = _KINDS.get(type(node.value), "empty")
        remedy = _HOW.get(expected, f"write {expected}")
        if expected.endswith("number") and _WRITTEN_OTHERWISE.fullmatch(node.raw.strip()):
            remedy = "write half-width digits without + or 0 before them, e.g. 5"
        if expected == "text" and kind == "a list":
            remedy = "write one text"
        self.problem(f"{name} must be {expected}, not {kind}", remedy, node=node)

    def _name(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key

    def _place(self) -> str:
        return f" in {self.where}" if self.where else ""
