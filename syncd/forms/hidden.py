"""Rows or columns of a sheet that are hidden, as few ranges, however many there are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence


class Hidden:
    """Answers whether a row (or column) is hidden, and which comes next that isn't."""

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        joined: list[list[int]] = []
        for first, last in sorted(ranges):
            if joined and first <= joined[-1][1] + 1:
                joined[-1][1] = max(joined[-1][1], last)
            elif first <= last:
                joined.append([first, last])
        self._firsts = [first for first, _ in joined]
        self._lasts = [last for _, last in joined]

    def __bool__(self) -> bool:
        return bool(self._firsts)

    def __contains__(self, number: int) -> bool:
        at = bisect_right(self._firsts, number) - 1
        return at >= 0 and number <= self._lasts[at]

    def after(self, number: int) -> int:
        """The number itself, or the next one that isn't hidden."""
        at = bisect_right(self._firsts, number) - 1
        return self._lasts[at] + 1 if at >= 0 and number <= self._lasts[at] else number

    def before(self, number: int) -> int:
        """The number itself, or the last one before it that isn't hidden; 0 for none."""
        at = bisect_right(self._firsts, number) - 1
        return self._firsts[at] - 1 if at >= 0 and number <= self._lasts[at] else number

    def covers(self, first: int, last: int) -> bool:
        """All from the first to the last are hidden."""
        return self.after(first) > last
