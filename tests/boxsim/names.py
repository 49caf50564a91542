"""What a name may be, and when two are the same: case-insensitively, after composing, across files and folders."""

from __future__ import annotations

import unicodedata
from typing import Final

from tests.boxsim.wire import Refused, bad

LONGEST: Final = 255
"""Characters."""


def folded(name: str) -> str:
    """What has to be unique within a folder."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def accepted(name: object, strips: str = "") -> str:
    """The name as Box will keep it, without the characters that it strips silently. Raises Refused."""
    if not isinstance(name, str):
        raise bad("'name' is required", "item_name_invalid")
    kept = "".join(character for character in name if character not in strips)
    if not kept or kept in {".", ".."} or kept != kept.rstrip(" ") or any(map(_unwelcome, kept)):
        raise Refused(400, "item_name_invalid", "Item name invalid")
    if len(kept) > LONGEST:
        raise Refused(400, "item_name_too_long", "Item name too long")
    return kept


def _unwelcome(character: str) -> bool:
    return character in "/\\" or ord(character) < 32 or ord(character) == 127
