"""The mark of whose it is as a property of the document: programs that save the workbook anew carry it along."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from syncd.owner_mark import PROPERTY
from syncd.reading.ooxml.outline import Edit, Node, appended, inside, outline
from syncd.reading.ooxml.revision import Revision

_PART: Final = "docProps/custom.xml"
_NAMESPACE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VALUES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
"""The id that every custom property bears."""
_NONE: Final = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties xmlns="{_NAMESPACE}"/>'.encode()
_FIRST: Final = 2


def owned(revision: Revision, mark: str) -> None:
    """Gives the workbook the mark."""
    part = _part(revision)
    xml = revision.read(part) if part else _NONE
    nodes = outline(xml)
    taken = {int(pid) for node in nodes if (pid := node.attribute("pid")).isdecimal()}
    number = max(taken, default=_FIRST - 1) + 1
    new = (
        f'<property xmlns="{_NAMESPACE}" fmtid="{_FORMAT}" pid="{number}" name="{PROPERTY}">'
        f'<vt:lpwstr xmlns:vt="{_VALUES}">{escape(mark)}</vt:lpwstr></property>'
    )
    if not part:
        part = _PART if _PART not in revision else revision.unused("docProps/custom{}.xml")
        revision.write(part, xml)
        revision.relate("", _RELATION, part)
        revision.declare(_TYPE, part=part)
    revision.edit(part, appended(xml, nodes[0], new.encode()))


def disowned(revision: Revision) -> None:
    """Takes the mark off again, and the part with it where nothing else is in it."""
    part = _part(revision)
    if not part:
        return
    xml = revision.read(part)
    nodes = outline(xml)
    properties = [node for node in inside(nodes, nodes[0]) if node.name == "property"]
    ours: list[Node] = [node for node in properties if node.attribute("name") == PROPERTY]
    if ours and len(ours) == len(properties):
        revision.remove(part, "")
    elif ours:
        revision.edit(part, *(Edit(node.start, node.end) for node in ours))


def _part(revision: Revision) -> str:
    return next(iter(revision.package.related("", "custom-properties")), "")
