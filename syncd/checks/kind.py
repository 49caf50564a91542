"""Is it what its extension says, and does its document type take that?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from syncd.checks.paper import Paper
from syncd.forms.fact import FileKind
from syncd.model import Finding

_TEXT: Final = frozenset[FileKind]({"csv", "text", "xml", "other"})
"""Text has no first bytes to be known by, so anything may be text that is not known to be something else."""
KINDS: Final[Mapping[str, frozenset[FileKind]]] = {
    **{each: frozenset([each]) for each in ("xlsx", "xlsm", "xls", "xlsb", "ods", "pdf", "png", "gif", "zip")},
    **{each: frozenset([each]) for each in ("docx", "doc", "pptx")},
    **dict.fromkeys(("jpg", "jpeg"), frozenset[FileKind](["jpg"])),
    **dict.fromkeys(("tif", "tiff"), frozenset[FileKind](["tif"])),
    **dict.fromkeys(("heic", "heif"), frozenset[FileKind](["heic"])),
    **dict.fromkeys(("csv", "txt"), _TEXT),
}
"""What a file of that extension may really be; other extensions are not accepted at all."""


def kind(paper: Paper) -> Finding:
    """A PDF called .xlsx opens nowhere; a web page called .xls is an old system's export, and can't be read.

    Asked only of files that a rule wants to know something of; an answer 該当なし may be anything. What has a password
    can't be told, and goes back for that.
    """
    real, extension = paper.reading.kind, paper.extension
    values = {"kind": real, "extension": extension}
    if not paper.asked or paper.nil or real == "empty" or paper.reading.trouble == "encrypted":
        return Finding("kind", "passed", values=values)
    shown = f".{extension}" if extension else paper.words("拡張子なし", "no extension")
    if extension not in KINDS:
        return Finding("kind", "return", paper.reason("unknown_kind"), found=shown, values=values)
    if real not in KINDS[extension]:
        said = paper.reason("kind")
        return Finding("kind", "return", said, found=_called(paper, real), expected=shown, values=values)
    accepted = paper.rule.extensions if paper.rule else frozenset[str]()
    if accepted and not any(real in KINDS.get(each, ()) for each in accepted):
        expected = paper.words("、", ", ").join(f".{each}" for each in sorted(accepted))
        said = paper.reason("not_accepted")
        return Finding("kind", "return", said, found=shown, expected=expected, values=values)
    return Finding("kind", "passed", values=values)


def _called(paper: Paper, real: FileKind) -> str:
    """What it really is, as people say it."""
    named = {"html": ("Webページ", "a web page"), "text": ("テキスト", "text"), "other": ("不明な形式", "unknown")}
    return paper.words(*named[real]) if real in named else real
