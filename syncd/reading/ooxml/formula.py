"""When two formulas are the same: however programs spell them, and wherever a shared one is filled in to.

`canonical` writes references relative to the cell that holds the formula, so that a formula that Excel stores once for
a whole column equals the one that LibreOffice writes into each cell. Nothing is ever calculated.
"""

from __future__ import annotations

import re
from typing import Final

from syncd.forms.grid import column_letters

LONGEST: Final = 8_192
"""Characters in a formula; Excel allows no more."""

_TOKEN: Final = re.compile(
    r"""(?P<text>"(?:[^"]|"")*")
    |(?P<sheet>'(?:[^']|'')*'!)
    |(?P<space>\s+)
    |(?P<boolean>(?<![\w.])(?:TRUE|FALSE)(?:\(\s*\))?(?![\w.(]))
    |(?P<prefix>(?<![\w.])(?:_xlfn\.|_xlws\.|_xludf\.)+)
    |(?P<cell>(?<![\w.])(?P<fixed_column>\$?)(?P<column>[A-Z]{1,3})(?P<fixed_row>\$?)(?P<row>[0-9]{1,7})(?![\w.(!]))
    |(?P<columns>(?<![\w.$:])(?P<from_column>\$?[A-Z]{1,3}):(?P<to_column>\$?[A-Z]{1,3})(?![\w.(!$]))
    |(?P<rows>(?<![\w.$:])(?P<from_row>\$?[0-9]{1,7}):(?P<to_row>\$?[0-9]{1,7})(?![\w.(!$]))
    |(?P<number>(?<![\w.])[0-9]*\.?[0-9]+(?:E[+-]?[0-9]+)?(?![\w]))
    |(?P<word>[\w.\\?]+)
    |(?P<sign>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_SIMPLE_SHEET: Final = re.compile(r"'([^\W\d][\w.]*)'!")


def canonical(formula: str, row: int, column: int) -> str:
    """Equal for formulas that mean the same in their cells; `row` and `column` from 1, the formula without `=`."""
    return "".join(_same(match, row, column) for match in _TOKEN.finditer(formula[:LONGEST]))


def _same(match: re.Match[str], row: int, column: int) -> str:
    token = match.group()
    match match.lastgroup:
        case "text":
            return token
        case "space" | "prefix":
            return ""
        case "sheet":
            return (_SIMPLE_SHEET.sub(r"\1!", token)).upper()
        case "boolean":
            return token.upper().partition("(")[0]
        case "number":
            return f"{float(token):.15g}"
        case "cell":
            return _row(match["fixed_row"] + match["row"], row) + _column(_fixed_column(match), column)
        case "columns":
            return f"{_column(match['from_column'], column)}:{_column(match['to_column'], column)}"
        case "rows":
            return f"{_row(match['from_row'], row)}:{_row(match['to_row'], row)}"
    return token.upper()


def _fixed_column(match: re.Match[str]) -> str:
    return match["fixed_column"] + match["column"]


def _row(given: str, row: int) -> str:
    return f"R{given[1:]}" if given[0] == "$" else f"R[{int(given) - row}]"


def _column(given: str, column: int) -> str:
    number = column_number(given.lstrip("$"))
    return f"C{number}" if given[0] == "$" else f"C[{number - column}]"


def filled(formula: str, rows: int, columns: int) -> str:
    """A formula as it reads `rows` further down and `columns` further right."""
    return "".join(_moved(match, rows, columns) for match in _TOKEN.finditer(formula[:LONGEST]))


def _moved(match: re.Match[str], rows: int, columns: int) -> str:
    match match.lastgroup:
        case "cell":
            return _moved_column(_fixed_column(match), columns) + _moved_row(match["fixed_row"] + match["row"], rows)
        case "columns":
            return f"{_moved_column(match['from_column'], columns)}:{_moved_column(match['to_column'], columns)}"
        case "rows":
            return f"{_moved_row(match['from_row'], rows)}:{_moved_row(match['to_row'], rows)}"
    return match.group()


def _moved_row(given: str, rows: int) -> str:
    return given if given[0] == "$" else str(max(1, int(given) + rows))


def _moved_column(given: str, columns: int) -> str:
    return given if given[0] == "$" else column_letters(max(1, column_number(given) + columns))


def column_number(letters: str) -> int:
    """A → 1, AA → 27; the letters of an address, in any case."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
