"""The seal on an operator's page, by which it is known as syncd's own whatever else was lost: pure, about bytes.

Owns what tells a page as it was made from one that broke off and from one that somebody saved anew (an annotation,
say), which is that person's file. No database has to be asked, so nothing that fails while a page is put down matters.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, Literal

_MADE_BY: Final = re.compile(rb"(%PDF-1\.\d\n%[^\n]{1,8}) ReportLab Generated PDF document [^\n]*\n")
_OURS: Final = b" syncd's page, kept fresh by syncd"
_START: Final = b"%PDF-1.4\n%\x93\x8c\x8b\x9e" + _OURS
_HEAD: Final = re.compile(rb"%PDF-1\.\d\n%[^\n]{1,8}" + re.escape(_OURS))
_SEAL: Final = re.compile(rb"%syncd page ([0-9a-f]{64})\n\Z")
_CREATOR: Final = b"/Creator (syncd)"
_END: Final = b"%%EOF"
HEAD: Final = 128
"""Bytes at the beginning by which nearly everything else is told apart."""
_TAIL: Final = 2048
"""Bytes at the end among which a PDF has to end."""


def sealed(pdf: bytes) -> bytes:
    """The page with its seal: a comment at the beginning, as long as the one that was there, and one at the end."""
    found = _MADE_BY.match(pdf)
    if found is not None:
        room = found.end() - found.end(1) - 1
        pdf = found.group(1) + _OURS.ljust(room)[:room] + b"\n" + pdf[found.end() :]
    pdf = pdf if pdf.endswith(b"\n") else pdf + b"\n"
    return pdf + b"%syncd page " + _digest(pdf) + b"\n"


def may_be_page(begin: bytes) -> bool:
    """Whether it is worth looking at all of a content that begins so (`HEAD` bytes of it, or all there is)."""
    short = _START.startswith(begin) or not begin.strip(b"\0")
    return short or _HEAD.match(begin) is not None or _MADE_BY.match(begin) is not None


def page_in(content: bytes) -> Literal["whole", "torn", ""]:
    """Whether these bytes are a page of syncd's, as it was made or as far as it was written; '' for all others."""
    seal = _SEAL.search(content[-_TAIL:])
    if seal is not None and _digest(content[: content.rindex(b"%syncd page ")]) == seal.group(1):
        return "whole"
    if not content.strip(b"\0"):
        return "torn"
    ended = _END in content[-_TAIL:]
    if _HEAD.match(content):
        return "torn" if not ended or _breaks_off(content) else ""
    if _MADE_BY.match(content) and _CREATOR in content and content.count(_END) <= 1:
        return "whole" if ended else "torn"  # by an earlier syncd, which had no seal
    return "torn" if _START.startswith(content) else ""


def _breaks_off(content: bytes) -> bool:
    """Whether it ends where the seal has to come, or within it; who saves anew writes more, or all of it otherwise."""
    rest = content[content.rindex(_END) + len(_END) :].strip(b"\n")
    return content.count(_END) == 1 and (b"%syncd page ".startswith(rest) or rest.startswith(b"%syncd page "))


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(b"syncd page\n" + content).hexdigest().encode("ascii")
