"""Which of several words in one text is marked: `☑有 □無`, `有・○無`, `（有）・無`, `昭・○平・令`.

A mark belongs to the word that it touches, or stands nearer to; where boxes are printed for every word, to the word of
its box; brackets around one word mark it. Refuses what leaves two readings (`Unclear`) and texts that are no choice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

T = TypeVar("T")

CROSSES: Final = "×x✗✘✕✖☓"
MARKS: Final = "☑✓✔✅■●◉◎☒⊠レ"
CIRCLES: Final = "○◯〇"
EMPTY: Final = "□☐▢"
_FILLED: Final = "●◉◎■"
_SIGN: Final = (
    rf"\([{MARKS}{CIRCLES}{CROSSES}]\)|\[[{MARKS}{CIRCLES}{CROSSES}]\]|[{MARKS}{CIRCLES}✗✘✕✖☓×]|[{EMPTY}]|\( ?\)|\[ ?\]"
)
_BETWEEN: Final = r"[・/、,|;:]|又は|または|もしくは|or"
_OPEN, _CLOSE = "([{<【「『〔〈《", ")]}>】」』〕〉》"
_ENCLOSED: Final = re.compile("([\u3280-\u32bf])")
_CIRCLED: Final = re.compile("(.)[\u20dd-\u20e0]")
_MOST: Final = 80


class Unclear(ValueError):
    """It can be read in two ways which word is marked."""


@dataclass(frozen=True, slots=True)
class _Token:
    what: Literal["word", "sign", "between", "space"]
    text: str
    enclosed: bool = False


def chosen(text: str, words: Mapping[str, T]) -> T | None:
    """The meaning of the one word that is marked; None: none is. Raises Unclear, and ValueError for what is no choice.

    `words` are squeezed.
    """
    tokens = _tokens(text, words)
    named = [token for token in tokens if token.what == "word"]
    if not named or (len(named) > 1 and len({words[token.text] for token in named}) < len(named)):
        raise ValueError("no choice")
    on = _marked(tokens, named)
    if len(on) > 1:
        raise ValueError("two are marked")
    return words[on[0].text] if on else None


def is_choice(text: str, words: Mapping[str, object], least: int = 2) -> bool:
    """The text names at least so many of the words, with marks perhaps, and nothing else."""
    try:
        tokens = _tokens(text, words)
    except ValueError:
        return False
    return len({words[token.text] for token in tokens if token.what == "word"}) >= least


def _tokens(text: str, words: Iterable[str]) -> list[_Token]:
    plain = _ENCLOSED.sub(r"〔\1〕", _CIRCLED.sub(r"〔\1〕", text[:_MOST]))
    plain = " ".join(unicodedata.normalize("NFKC", plain.replace("\n", "・")).casefold().split())
    if plain[:1] in _OPEN and plain[-1:] in _CLOSE and not set(plain[1:-1]) & set(_OPEN + _CLOSE):
        plain = plain[1:-1]
    word = "|".join(re.escape(each) for each in sorted(words, key=len, reverse=True))
    pattern = re.compile(
        rf"(?P<enclosed>[{re.escape(_OPEN)}] ?(?P<inner>{word}) ?[{re.escape(_CLOSE)}])|(?P<sign>{_SIGN})"
        rf"|(?P<word>{word})|(?P<between>{_BETWEEN})|(?P<space> )"
    )
    tokens: list[_Token] = []
    at = 0
    while at < len(plain):
        found = pattern.match(plain, at)
        if found is None:
            raise ValueError("no choice")
        at = found.end()
        if found["inner"]:
            tokens.append(_Token("word", found["inner"], enclosed=True))
        elif found["word"]:
            tokens.append(_Token("word", found["word"]))
        elif found["sign"]:
            tokens.append(_Token("sign", found["sign"].strip("()[] ")))
        else:
            tokens.append(_Token("between" if found["between"] else "space", ""))
    return tokens


def _marked(tokens: list[_Token], named: list[_Token]) -> list[_Token]:
    """The words that are marked."""
    signs = [token for token in tokens if token.what == "sign"]
    enclosed = [token for token in named if token.enclosed]
    if not signs:
        if len(enclosed) > 1:
            raise Unclear("the brackets may be printed")
        return enclosed
    if enclosed:
        raise Unclear("brackets and signs")
    if len(signs) == len(named):
        pairs = _pairs([token for token in tokens if token.what in ("word", "sign")])
        if len(named) > 1 and all(sign.text in CIRCLES and sign.text for sign in signs):
            return []  # buttons, of which none is filled
    elif len(signs) == 1 and signs[0].text and signs[0].text not in EMPTY + CROSSES:
        pairs = [(_nearest(tokens, tokens.index(signs[0])), signs[0])]
    else:
        raise Unclear("not each word has a box")
    return [word for word, sign in pairs if _is_on(sign, signs)]


def _pairs(order: list[_Token]) -> list[tuple[_Token, _Token]]:
    """Each word with its sign, which stand all before their words or all behind them."""
    first, second = order[::2], order[1::2]
    if {token.what for token in first} == {"sign"} and {token.what for token in second} == {"word"}:
        return list(zip(second, first, strict=True))
    if {token.what for token in first} == {"word"} and {token.what for token in second} == {"sign"}:
        return list(zip(first, second, strict=True))
    raise Unclear("signs and words don't alternate")


def _nearest(tokens: list[_Token], at: int) -> _Token:
    """The word that a lone mark stands nearer to."""
    before, after = _distance(tokens[:at][::-1]), _distance(tokens[at + 1 :])
    if before[0] == after[0]:
        raise Unclear("the mark stands between two words")
    found = min(before, after, key=lambda each: each[0])[1]
    assert found is not None
    return found


def _distance(way: list[_Token]) -> tuple[int, _Token | None]:
    """How far the next word is: what stands between counts more than a space."""
    far = 0
    for token in way:
        if token.what == "word":
            return far, token
        far += 100 if token.what == "between" else 1
    return 10_000, None


def _is_on(sign: _Token, signs: list[_Token]) -> bool:
    if not sign.text or sign.text in EMPTY + CROSSES:
        return False
    return sign.text not in CIRCLES or not any(each.text and each.text in _FILLED for each in signs)
