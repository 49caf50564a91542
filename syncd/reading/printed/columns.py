"""Words that stand free become lines and columns.

A column is told by where its words begin, end or have their middle. Headings that begin where a column begins stand
over numbers that end where it ends: such neighbours, which never share a line, are one column.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable, Sequence
from typing import Final

from syncd.reading.printed.marks import Word

_SAME_LINE: Final = 0.45
_NEAR: Final = 2.5
"""Points by which edges of a column may differ."""
_OVERLAP: Final = 0.6
_FAR: Final = 3
"""Lines over which words that overlap are taken for one column."""
_MOST_LOOKS: Final = 400
_HEADING: Final = 2
"""Lines of a heading."""
_DIGITS: Final = frozenset("0123456789０１２３４５６７８９")
_NUMERIC: Final = _DIGITS | frozenset("¥￥\\△▲()（）,.，．円人名件%％ +−-")

Row = list[Word]


def is_numeric(text: str) -> bool:
    """Whether a text is a number, perhaps with its unit."""
    return not _DIGITS.isdisjoint(text) and _NUMERIC.issuperset(text)


def rows_of(words: Iterable[Word]) -> list[Row]:
    """Words by lines, from the top; in each from the left."""
    rows: list[Row] = []
    for word in sorted(words, key=lambda word: (word.base, word.box.left)):
        if rows and abs(rows[-1][0].base - word.base) <= _SAME_LINE * max(rows[-1][0].em, word.em):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.box.left) for row in rows]


def columns_of(rows: Sequence[Row]) -> tuple[list[list[int]], int]:
    """Of each word the number of its column, from 0; how many there are."""
    places = [(number, at) for number, row in enumerate(rows) for at in range(len(row))]
    words = [rows[number][at] for number, at in places]
    groups = _Groups(rows, places)
    for one, other in _pairs(words, [number for number, _ in places]):
        groups.join(one, other)
    order = _under_headings(groups.ordered(words), groups, words, [number for number, _ in places])
    number = {group: at for at, together in enumerate(order) for group in together}
    of_word = {place: number[groups.of(at)] for at, place in enumerate(places)}
    return [[of_word[line, at] for at in range(len(row))] for line, row in enumerate(rows)], len(order)


def _pairs(words: list[Word], lines: list[int]) -> Iterable[tuple[int, int]]:
    """Words of different lines that may stand in one column, the surest first."""
    found: list[tuple[float, int, int]] = []
    for edges in zip(*((word.box.left, word.box.right, word.box.middle[0]) for word in words), strict=True):
        order = sorted(range(len(words)), key=edges.__getitem__)
        for one, other in itertools.pairwise(order):
            apart = abs(edges[one] - edges[other])
            if apart <= _NEAR:
                found.append((apart, one, other))
    begins: dict[int, list[int]] = {}
    for at, line in enumerate(lines):
        begins.setdefault(line, []).append(at)
    for at, word in enumerate(words):
        for line in range(lines[at] + 1, lines[at] + 1 + _FAR):
            for other in begins.get(line, ()):
                below = words[other]
                shared = min(word.box.right, below.box.right) - max(word.box.left, below.box.left)
                small = max(min(word.box.width, below.box.width), 0.1)
                large = max(word.box.width, below.box.width)
                if shared >= _OVERLAP * small and large <= 8 * max(word.em, below.em):
                    apart = abs(word.box.middle[0] - below.box.middle[0])
                    found.append((_NEAR + 1 + line - lines[at] + apart, at, other))
    found.sort()
    return ((one, other) for _, one, other in found)


class _Groups:
    """Words that are one column. What stands left of what in a line orders them; a join never breaks that order."""

    def __init__(self, rows: Sequence[Row], places: list[tuple[int, int]]) -> None:
        self._parent = list(range(len(places)))
        self._after: list[set[int]] = [set() for _ in places]
        self.members: list[list[int]] = [[at] for at in range(len(places))]
        for at, (_, column) in enumerate(places):
            if column + 1 < len(rows[places[at][0]]):
                self._after[at].add(at + 1)  # places follow the lines

    def of(self, at: int) -> int:
        while self._parent[at] != at:
            self._parent[at] = self._parent[self._parent[at]]
            at = self._parent[at]
        return at

    def after(self, group: int) -> set[int]:
        """The groups that stand directly right of it in some line."""
        found = {self.of(each) for each in self._after[group]}
        self._after[group] = found
        return found

    def join(self, one: int, other: int) -> None:
        """Makes them one column, unless one stands left of the other."""
        one, other = self.of(one), self.of(other)
        if one == other or self.leads(one, other) or self.leads(other, one):
            return
        self._parent[other] = one
        self._after[one] |= self._after[other]
        self.members[one] += self.members[other]

    def leads(self, begin: int, end: int) -> bool:
        """Whether the one stands left of the other, directly or by way of others; also when that takes too long."""
        waiting, seen = [begin], {begin}
        while waiting:
            for each in self.after(waiting.pop()):
                if each == end or len(seen) > _MOST_LOOKS:
                    return True
                if each not in seen:
                    seen.add(each)
                    waiting.append(each)
        return False

    def ordered(self, words: list[Word]) -> list[int]:
        """The groups from left to right."""
        groups = [at for at in range(len(words)) if self.of(at) == at]
        before = dict.fromkeys(groups, 0)
        for group in groups:
            for each in self.after(group):
                before[each] += 1
        left = {group: min(words[at].box.left for at in self.members[group]) for group in groups}
        ready = [(left[group], group) for group in groups if not before[group]]
        heapq.heapify(ready)
        found = []
        while ready:
            _, group = heapq.heappop(ready)
            found.append(group)
            for each in self.after(group):
                before[each] -= 1
                if not before[each]:
                    heapq.heappush(ready, (left[each], each))
        return found


def _under_headings(order: list[int], groups: _Groups, words: list[Word], lines: list[int]) -> list[list[int]]:
    """Which groups are one column: a heading and its right neighbour that stands below it, most words first.

    Of texts the heading may also stand to the right: in the middle over what begins at the left.
    """
    size = [len(groups.members[group]) for group in order]
    first = [min(lines[at] for at in groups.members[group]) for group in order]
    last = [max(lines[at] for at in groups.members[group]) for group in order]
    numeric = [any(is_numeric(words[at].text) for at in groups.members[group]) for group in order]
    pairs = range(len(order) - 1)
    below = [size[at] <= _HEADING and last[at] < first[at + 1] for at in pairs]
    above = [size[at + 1] == 1 and last[at + 1] < first[at] and not numeric[at] for at in pairs]
    can = [(below[at] or above[at]) and not groups.leads(*order[at : at + 2]) for at in pairs]
    best: list[tuple[int, int]] = [(0, 0)] * (len(order) + 2)  # pairs of words, and where it goes on
    for at in range(len(order) - 1, -1, -1):
        best[at] = (best[at + 1][0], at + 1)
        if at + 1 < len(order) and can[at]:
            together = 2 * size[at] * size[at + 1] + below[at] + best[at + 2][0]
            if together >= best[at][0]:
                best[at] = (together, at + 2)
    found, at = [], 0
    while at < len(order):
        then = best[at][1]
        found.append(order[at:then])
        at = then
    return found
