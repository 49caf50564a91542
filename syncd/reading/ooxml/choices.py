"""What may be entered into cells (data validation), told so that equal rules read equal.

Owns the normal form: of a rule only what it allows counts, not its prompts; of its cells only which they are, however
many ranges they are written as.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from syncd.forms.grid import column_letters
from syncd.reading.ooxml.formula import canonical
from syncd.reading.ooxml.values import WIDTH, row_and_column, spot_of

_TWO_BOUNDS: Final = frozenset({"between", "notBetween"})
_MOST_COLUMNS: Final = 50_000
_LAST_ROW: Final = 1_048_576


def condition(given: Mapping[str, str], first: str, second: str, area: str) -> str:
    """A rule as a text, such as `list "有,無"` or `whole between 0 100`; '' when everything is allowed.

    Args:
        given: the rule's attributes.
        first, second: its formulas.
        area: the cells it is for, which references in its formulas are relative to.
    """
    kind = given.get("type", "none")
    if kind == "none":
        return ""
    (row, column) = _corner(area)
    parts = [kind, canonical(first, row, column)]
    if kind not in ("list", "custom"):
        operator = given.get("operator", "between")
        parts.insert(1, operator)
        if operator in _TWO_BOUNDS:
            parts.append(canonical(second, row, column))
    return " ".join(parts)


def _corner(area: str) -> tuple[int, int]:
    first = area.split()[0] if area.split() else "A1"
    try:
        return row_and_column(spot_of(first.partition(":")[0]))
    except ValueError:
        return 1, 1


def joined(areas: Iterable[str]) -> str:
    """Which cells some ranges cover, written in one way only: `B20 B22:B25` and `B22:B25 B20` are the same."""
    ranges = [each for area in areas for each in area.split()]
    rows: dict[int, list[tuple[int, int]]] = {}
    for each in ranges:
        try:
            top, left, bottom, right = _rectangle(each)
        except ValueError:
            return " ".join(sorted(set(ranges)))
        if len(rows) + right - left > _MOST_COLUMNS:
            return " ".join(sorted(set(ranges)))
        for column in range(left, right + 1):
            rows.setdefault(column, []).append((top, bottom))
    return " ".join(_written(rows))


def _rectangle(area: str) -> tuple[int, int, int, int]:
    """Top, left, bottom, right from 1; whole columns and rows as well. Raises ValueError."""
    first, _, last = area.replace("$", "").partition(":")
    if first.isalpha() and (last or first).isalpha():
        first, last = f"{first}1", f"{last or first}{_LAST_ROW}"
    elif first.isdecimal():
        first, last = f"A{first}", f"{column_letters(WIDTH)}{last or first}"
    (top, left), (bottom, right) = row_and_column(spot_of(first)), row_and_column(spot_of(last or first))
    return min(top, bottom), min(left, right), max(top, bottom), max(left, right)


def _written(rows: Mapping[int, list[tuple[int, int]]]) -> list[str]:
    """Columns beside each other that have the same rows are one range."""
    found: list[str] = []
    left = right = 0
    spans: list[tuple[int, int]] = []
    for column in [*sorted(rows), 0]:
        merged = _merged(rows[column]) if column else []
        if spans and column == right + 1 and merged == spans:
            right = column
            continue
        found += [_name(left, top, right, bottom) for top, bottom in spans]
        left = right = column
        spans = merged
    return found


def _name(left: int, top: int, right: int, bottom: int) -> str:
    first, last = f"{column_letters(left)}{top}", f"{column_letters(right)}{bottom}"
    return first if first == last else f"{first}:{last}"


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for top, bottom in sorted(spans):
        if merged and top <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], bottom))
        else:
            merged.append((top, bottom))
    return merged
