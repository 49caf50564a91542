"""Can a program read what the rule wants to know of it?"""

from __future__ import annotations

from typing import Final

from syncd.checks.kind import kind
from syncd.checks.paper import WORKBOOKS, Paper
from syncd.forms.fact import FileKind
from syncd.model import Finding

_READ: Final = WORKBOOKS | frozenset[FileKind](("pdf", "docx"))


def scan(paper: Paper) -> Finding:
    """Of a picture or a kind that is not read nothing is said to be missing: a person of the ward looks."""
    reading = paper.reading
    values = {"kind": reading.kind}
    if paper.rule is None or not paper.rule.facts or paper.nil or paper.evidence or reading.trouble:
        return Finding("scan", "passed", values=values)
    if reading.kind == "empty" or kind(paper).result != "passed":
        return Finding("scan", "passed", values=values)
    if reading.scan and not reading.text:
        return picture(paper)
    if reading.kind in _READ:
        return Finding("scan", "passed", values=values)
    return Finding("not_read", "hold", paper.reason("not_read"), values=values)  # chat looks up the reason by this name


def picture(paper: Paper) -> Finding:
    """What stands in it only a person sees."""
    return Finding("scan", "hold", paper.reason("scan"), values={"kind": paper.reading.kind})
