"""What is wrong with a text that is no YAML, in the words of those who write it, whatever the parser calls it."""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from syncd.errors import Problem

_SAYS: Final = (
    ("values are not allowed", "a colon makes no sense here", "check the indentation; put text with ': ' in quotes"),
    ("start any token", "text begins with a sign that means something in YAML", "put it in quotes"),
    ("expected ',' or", "a bracket [ or { is not closed as expected", "check commas and brackets"),
    ("expected key", "this line doesn't fit the lines above", "check its indentation, and that quotes are closed"),
    ("expected '-'", "this line doesn't fit the list above", "check its indentation"),
    ("expected ':'", "a key without ': ' after it", "write `key: value`, with a space after the colon"),
    ("end of stream", "a quotation mark is not closed", "close it"),
    ("node content", "a bracket [ or { is not closed as expected", "check commas and brackets"),
    ("whitespace or line break", "text begins with !", "put it in quotes"),
    ("escape", 'a backslash in "…" must be doubled', "write \\\\ or use '…'"),
    ("alphabetic or numeric", "text begins with * or &", "put it in quotes"),
)


def _began_elsewhere(error: Any, text: str) -> bool:
    """Where a quotation, a bracket or a key begins says more than where the reader gave up on it."""
    began, mark = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    wrong = str(getattr(error, "problem", "") or "")
    if began is None or mark is None:
        return False
    if "end of stream" in wrong or "expected ':'" in wrong:
        return True
    lines = [*text.splitlines(), ""]
    opened = lines[began.line] if began.line < len(lines) else ""
    outdented = began.line < mark.line and mark.column <= len(opened) - len(opened.lstrip())
    return "expected ',' or" in wrong and outdented


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """What the parser could not read, said so that a person can mend it; where it began rather than where it ended."""
    wrong = str(getattr(error, "problem", "") or "")
    mark = getattr(error, "problem_mark", None)
    if _began_elsewhere(error, text):
        mark = getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 0
    lines = [*text.splitlines(), ""]
    content = lines[line - 1] if 0 < line <= len(lines) else ""
    message, remedy = next(((says, do) for sign, says, do in _SAYS if sign in wrong), (wrong or "it can't be read", ""))
    if mark is not None and content[mark.column : mark.column + 1] == "\t":
        message, remedy = "a tab stands where spaces belong", "replace tabs by spaces"
    elif any("：" in each and ": " not in each for each in lines[max(0, line - 2) : line]):
        remedy = "write a half-width colon and a space (': '), not ："
    elif re.search(r":\s+[{]", content):
        remedy = "put text that begins with { in quotes"
    column = mark.column + 1 if mark else 0
    return Problem(file, line, f"is no valid YAML: {message}", remedy or "compare it with the example", column)
