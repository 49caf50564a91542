"""Patterns for file names: literal text, `*`, `?`, `_` and the placeholders {facility}, {period}, {title}.

Owns what a pattern means and whether a name fits it, in time that grows with the name's length only: the walk keeps,
for each piece of the pattern, the places in the name that it can have reached. Refuses regular expressions.

Names and literal text are compared after NFKC and case folding; kinds of dashes don't differ. `_` in a pattern stands
for one or more of `_`, `-` and space. A name whose period could be read in two ways fits with both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from syncd.rulebook.period import Spelled

PLACEHOLDERS: Final = ("facility", "period", "title")

_PIECES: Final = re.compile(r"\{(?P<placeholder>[^{}]*)\}|(?P<sign>[*?_])|(?P<text>[^{*?_]+)|(?P<stray>\{)")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))
_EXTENSION: Final = re.compile(r"\.(?=[0-9]*[a-z])[a-z0-9]{1,8}$")

Kind = Literal["text", "separator", "any", "one", "facility", "period"]


@dataclass(frozen=True, slots=True)
class Piece:
    """One element of a pattern; `text` is normalised, `raw` as it was written (kind `text` only)."""

    kind: Kind
    text: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Fit:
    """A name fits a pattern; `periods` are the values {period} can have (two at most: more than one is too many)."""

    periods: tuple[str, ...]


Reached = dict[int, tuple[str, ...]]
"""Places in the name that a piece can end at, with the periods read on the way there (at most two)."""


def normalised(text: str) -> str:
    """Text as names are compared: NFKC, case folded, without invisible characters, one kind of dash."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c for c in folded if unicodedata.category(c) != "Cf").translate(_DASHES)


def split_extension(name: str) -> tuple[str, str]:
    """Stem and extension (without dot; '' for none) of a normalised name; `R7.10` has none."""
    found = _EXTENSION.search(name)
    stem, extension = (name[: found.start()], name[found.start() + 1 :]) if found else (name, "")
    return stem.strip(" _-"), extension


def pieces(pattern: str, title: str) -> tuple[Piece, ...]:
    """A pattern's pieces. Unknown placeholders and stray braces must have been refused (`stray`)."""
    found: list[Piece] = []
    for match in _PIECES.finditer(unicodedata.normalize("NFC", pattern)):
        if match["text"] or match["placeholder"] == "title":
            raw = match["text"] or title
            found.append(Piece("text", normalised(raw), raw))
        elif match["sign"]:
            kinds: dict[str, Kind] = {"*": "any", "?": "one", "_": "separator"}
            found.append(Piece(kinds[match["sign"]]))
        elif match["placeholder"] == "facility":
            found.append(Piece("facility"))
        elif match["placeholder"] == "period":
            found.append(Piece("period"))
    return tuple(piece for piece in found if piece.kind != "text" or piece.text)


def stray(pattern: str) -> tuple[tuple[str, ...], bool]:
    """The placeholders of a pattern, in order, and whether a brace is left over."""
    names = tuple(m["placeholder"] for m in _PIECES.finditer(pattern) if m["placeholder"] is not None)
    rest = re.sub(r"\{[^{}]*\}", "", pattern)
    return names, "{" in rest or "}" in rest


def fit(pattern: tuple[Piece, ...], stem: str, code: str | None, periods: tuple[Spelled, ...]) -> Fit | None:
    """Whether a normalised stem fits. `code` is what {facility} must be, normalised; None: any letters or digits."""
    reached: Reached = {0: ()}
    for piece in pattern:
        if piece.kind == "text":
            reached = _after_text(reached, stem, piece.text)
        elif piece.kind == "any":
            reached = _merged(reached, _after_run(reached, stem, _anything))
        elif piece.kind == "one":
            reached = {place + 1: read for place, read in reached.items() if place < len(stem)}
        elif piece.kind == "separator":
            reached = _after_run(reached, stem, _is_separator)
        elif piece.kind == "period":
            reached = _after_period(reached, periods)
        elif code is None:
            reached = _after_run(reached, stem, str.isalnum)
        else:
            reached = _after_code(reached, stem, code)
        if not reached:
            return None
    return Fit(tuple(sorted(reached[len(stem)]))) if len(stem) in reached else None


def _after_text(reached: Reached, stem: str, text: str) -> Reached:
    return {place + len(text): read for place, read in reached.items() if stem.startswith(text, place)}


def _after_code(reached: Reached, stem: str, code: str) -> Reached:
    """As text, but 012 is not found within 1012 or 0123."""
    found = {}
    for end, read in _after_text(reached, stem, code).items():
        start = end - len(code)
        joined_before = start > 0 and _same_kind(stem[start - 1], stem[start])
        joined_after = end < len(stem) and _same_kind(stem[end - 1], stem[end])
        if not joined_before and not joined_after:
            found[end] = read
    return found


def _after_period(reached: Reached, periods: tuple[Spelled, ...]) -> Reached:
    found: Reached = {}
    for period in periods:
        if period.start in reached:
            for end in period.ends:
                found[end] = _both(found.get(end, ()), (period.value,))
    return found


def _after_run(reached: Reached, stem: str, accepts: Callable[[str], bool]) -> Reached:
    """One or more characters that are accepted; one pass from left to right, whatever was reached."""
    found: Reached = {}
    running: tuple[str, ...] | None = None
    for place, character in enumerate(stem):
        here = reached.get(place)
        if here is not None:
            running = here if running is None else _both(running, here)
        if not accepts(character):
            running = None
        elif running is not None:
            found[place + 1] = running
    return found


def _merged(first: Reached, second: Reached) -> Reached:
    return second | {place: _both(read, second.get(place, ())) for place, read in first.items()}


def _both(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    """Two periods are enough to know that there is more than one; a bound keeps the walk linear."""
    return first if first == second else tuple(dict.fromkeys(first + second))[:2]


def _anything(character: str) -> bool:
    return True


def _is_separator(character: str) -> bool:
    return character in "_-" or character.isspace()


def _same_kind(left: str, right: str) -> bool:
    return (left.isdigit() and right.isdigit()) or (left.isascii() and left.isalpha() and "a" <= right <= "z")
