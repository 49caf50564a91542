"""How names of files are written as text: every name that a file system can hold, reversibly.

Linux takes any bytes for a name; text that is stored, sent or printed has to be Unicode. A byte that is no UTF-8
(a Shift_JIS name out of an archive) is spelled with Unicode's tag characters: U+E0001 and two tag digits. They are
format characters, so the mapping of names for the intranet makes something visible and harmless of them.
Refuses to judge names: what a side can hold is the business of `syncd.names`.
"""

from __future__ import annotations

import re

from syncd.errors import SyncdError

_TAG = "\U000e0001"
_DIGITS = {digit: chr(0xE0000 + ord(digit)) for digit in "0123456789ABCDEF"}
_PLAIN = {tag: digit for digit, tag in _DIGITS.items()}
_TO_SPELL = re.compile(f"[\udc80-\udcff{_TAG}]")
# The first digit is 8 or more: what is spelled is never ASCII, so no `/` or NUL can be smuggled in.
_SPELLED = re.compile(f"{_TAG}([{''.join(_DIGITS[digit] for digit in '89ABCDEF')}])([{''.join(_DIGITS.values())}])")


def spell(name: str) -> str:
    """The text for a name as Python's `os` functions give it (surrogates for bytes that are no UTF-8)."""
    if name.isascii():
        return name
    return _TO_SPELL.sub(_as_tags, name)


def encode(path: str) -> bytes:
    """The bytes that the file system knows by this text. Raises SyncdError for text that is no name at all."""
    try:
        if path.isascii():
            return path.encode()
        return _SPELLED.sub(_as_byte, path).encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise SyncdError(f"{path!r} can't be a file name", "rename it where it comes from") from None


def _as_tags(match: re.Match[str]) -> str:
    raw = match.group().encode("utf-8", "surrogateescape")
    return "".join(_TAG + _DIGITS[digits[0]] + _DIGITS[digits[1]] for digits in (f"{byte:02X}" for byte in raw))


def _as_byte(match: re.Match[str]) -> str:
    return chr(0xDC00 + int(_PLAIN[match.group(1)] + _PLAIN[match.group(2)], 16))
