"""Which names mean the same document: letter case, width and the marks of a further version don't count."""

from __future__ import annotations

import functools
import re
import unicodedata

from syncd.names.mapping import NAMES_AT_HAND, from_intranet, split

_SEPARATORS = r"[\s_\-‐－–]"
_FURTHER = (
    r"修正(?:版|済み?|後)?|訂正(?:版|済み?|後)?|改訂版?|改定版|最終(?:版|稿)?|最新版?|完成版|決定版|"
    r"再提出版?|再送版?|再修正版?|差し?替え?版?|更新版|コピー|のコピー"
)
_FURTHER_LATIN = r"copy|final|fixed|revised|corrected|resubmitted|resubmission|updated"
_OPEN, _CLOSE = r"[（(\[［【〔「]", r"[）)\]］】〕」]"
_OURS = r"(?:再提出|旧版|同名)\s*\d+|職員編集\s*\d{4}-\d{2}-\d{2}\s*\d{4}|取下げ|指摘"
_VERSION_AT_END = re.compile(
    rf"(?:[（(]\s*(?:{_OURS})\s*[）)]"
    r"|[（(]\s*\d{1,2}\s*[）)]"
    rf"|{_OPEN}\s*(?:{_FURTHER}|{_FURTHER_LATIN})\s*\d{{0,2}}\s*{_CLOSE}"
    rf"|(?:{_FURTHER})\s*\d{{0,2}}"
    rf"|{_SEPARATORS}(?:{_FURTHER_LATIN})\s*\d{{0,2}}"
    r"|(?<![A-Za-zＡ-Ｚａ-ｚ])(?:v|ｖ|ver|ｖｅｒ|rev)[.．]?\s*\d{1,3}(?:[.．]\d{1,2})?"
    r"|第\s*\d{1,2}\s*版)$",
    re.IGNORECASE,
)
_VERSION_AT_START = re.compile(
    rf"^(?:コピー\s*[～〜~\-]\s*|copy\s+of\s+|{_OPEN}\s*(?:{_FURTHER})\s*\d{{0,2}}\s*{_CLOSE}"
    rf"|(?:{_FURTHER})\s*\d{{0,2}}{_SEPARATORS}+)",
    re.IGNORECASE,
)
_LOOSE_END = re.compile(rf"{_SEPARATORS}+$")


def strip_version_marks(stem: str) -> str:
    """A name without extension, without what only says that it is a further version: (1), コピー, 修正版, 最終, _v2 …

    Takes any width and both sides' names. A number of one or two digits in round brackets at the end always counts
    as Explorer's, so `第3回(2)` is `第3回`. A name that consists of nothing else stays as it is.
    """
    while True:
        for pattern in (_VERSION_AT_END, _VERSION_AT_START):
            if found := pattern.search(stem):
                rest = stem[: found.start()] if pattern is _VERSION_AT_END else stem[found.end() :]
                rest = _LOOSE_END.sub("", rest).lstrip() if pattern is _VERSION_AT_END else rest.lstrip()
                if rest:
                    stem = rest
                    break
        else:
            return stem


@functools.lru_cache(maxsize=NAMES_AT_HAND)  # every file is compared with every other of its operator
def same_document_key(name: str) -> str:
    """Equal for names of the same document where no rule says better: width, case and version marks don't count."""
    stem, extension = split(from_intranet(name))
    visible = "".join(c for c in wide(stem) if unicodedata.category(c) != "Cf")
    return wide(strip_version_marks(visible) + extension)


def wide(text: str) -> str:
    """Equal for texts that differ in width and letter case only."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
