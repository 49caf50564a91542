"""`text`: what must stand in it."""

from __future__ import annotations

from syncd.checks.kind import KINDS
from syncd.checks.outcome import failed, passed, unknown
from syncd.checks.paper import Paper
from syncd.forms.check import Check
from syncd.model import Finding

PICTURES = KINDS["jpg"] | KINDS["png"] | KINDS["gif"] | KINDS["tif"] | KINDS["heic"]


def text(paper: Paper, check: Check) -> Finding:
    """All the wanted texts; what is only a picture of text nobody can search, so a person has to look."""
    assert isinstance(check.argument, tuple)
    reading = paper.reading
    missing = [wanted for wanted in check.argument if wanted not in reading.texts]
    if not missing:
        return passed(check)
    if reading.kind in PICTURES or (reading.kind == "pdf" and not reading.text):
        return unknown(paper, check, "text_unknown")
    said = paper.words("、", ", ").join(f"「{each}」" if paper.language == "ja" else f'"{each}"' for each in missing)
    return failed(paper, check, "text", expected=said, values={"missing": said})
