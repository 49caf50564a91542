"""Makes words from outside (file names, reasons, anything a person typed) safe to say in any chat.

Owns what may take effect in a chat: mentions, links, markup, line breaks, invisible and direction-changing
characters. It replaces such characters by full-width look-alikes, so that a person still reads the same; it does not
decide what may be said. The templates themselves are trusted and never pass through here.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# What means something to Slack, Teams, Mattermost, Rocket.Chat, Discord, LINE or to Markdown and HTML.
_LOOK_ALIKES: Final = str.maketrans(
    {
        "@": "＠",
        "<": "＜",
        ">": "＞",
        "&": "＆",
        "[": "［",
        "]": "］",
        "*": "＊",
        "`": "｀",
        "~": "～",
        "|": "｜",
        "\\": "＼",
        "#": "＃",
    }
)
_INVISIBLE: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_DROPPED: Final = frozenset({"Cf", "Cs", "Co", "Cn"})
_SPACES: Final = frozenset({"Cc", "Zl", "Zp", "Zs"})
_DOCUMENT_ENDINGS: Final = re.compile(
    r"xls[xmb]?|ods|[ct]sv|pdf|docx?|odt|pptx?|txt|jpe?g|png|gif|bmp|tiff?|heic|zip|lzh|ya?ml|json|html?|tmp|bak",
    re.IGNORECASE,
)

_SCHEME: Final = re.compile(r"(?<![^\W_])([A-Za-z][A-Za-z0-9+.-]*):(?=//|[^\s:0-9０-９]*[＠?=%/]|\+?[0-9]{6})")
_SLASHES: Final = re.compile(r"//+")
_HOST_DOT: Final = re.compile(r"(?<=\w)\.(?=(?P<label>[A-Za-z][A-Za-z0-9-]*)(?P<after>[/?]?))")
_EMOJI: Final = re.compile(r":(?=[0-9_+-]*[A-Za-z][A-Za-z0-9_+-]*:)")
_EMPHASIS: Final = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
_STACKED: Final = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})"
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_GAPS: Final = re.compile(r" {2,}")


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if character == "\u3000":
        return character
    if category in _SPACES:
        return " "
    if category in _DROPPED or character in _INVISIBLE or 0xFE00 <= ord(character) <= 0xFE0F:
        return ""
    return character


def _host_dot(match: re.Match[str]) -> str:
    """A dot that a chat would take for one in a host name; the one before a document's ending stays."""
    begins_www = match.string[: match.start()].lower().endswith("www")
    if _DOCUMENT_ENDINGS.fullmatch(match["label"]) and not match["after"] and not begins_www:
        return "."
    return "．"


def harmless(text: str, most: int = 120) -> str:
    """The text in one line of at most `most` characters, without anything that a chat would act upon."""
    plain = "".join(map(_visible, unicodedata.normalize("NFC", text[: most * 8])))
    plain = plain.translate(_LOOK_ALIKES)
    plain = _SCHEME.sub(r"\1：", plain)
    plain = _SLASHES.sub(lambda match: "／" * len(match[0]), plain)
    plain = _HOST_DOT.sub(_host_dot, plain)
    plain = _EMOJI.sub("：", plain)
    plain = _EMPHASIS.sub(lambda match: "＿" * len(match[0]), plain)
    plain = _STACKED.sub(r"\1", plain)
    plain = _GAPS.sub(" ", plain).strip()
    return plain if len(plain) <= most else plain[: most - 1].rstrip() + "…"
