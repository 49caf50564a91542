"""A package that is being changed: parts replaced, added and taken away, their relations and types kept in order."""

from __future__ import annotations

import posixpath
import zipfile
from itertools import chain
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from syncd.reading.ooxml.outline import Edit, Node, appended, edited, inside, outline
from syncd.reading.ooxml.package import Package, Unusable, relations_part

LARGEST: Final = 24 * 1024 * 1024
"""Bytes of a part that can be changed."""
LARGEST_WHOLE: Final = 256 * 1024 * 1024
CONTENT_TYPES: Final = "[Content_Types].xml"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_STRICT: Final = (
    (b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)
"""Namespaces as Office writes them, and as ISO 29500 Strict does."""
_NO_RELATIONS: Final = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_RELATIONS}"/>'.encode()
)


class Revision:
    """Changes to a package; the file itself stays as it is until `save` writes another one."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._changed: dict[str, bytes | None] = {}
        self._strict: bool | None = None

    @property
    def changed(self) -> bool:
        return bool(self._changed)

    def _spelt(self, part: str) -> str:
        """As the file writes it; relations may use other letter case."""
        return self.package.member(part).filename if part in self.package else part

    def __contains__(self, part: str) -> bool:
        part = self._spelt(part)
        return self._changed[part] is not None if part in self._changed else part in self.package

    def spelt(self, new: bytes) -> bytes:
        """New XML in the namespaces of this workbook, which are others where it is ISO's Strict."""
        if self._strict is None:
            self._strict = _STRICT[0][1] in self.package.read(self.package.workbook(), LARGEST)
        for usual, strict in _STRICT if self._strict else ():
            new = new.replace(usual, strict)
        return new

    def read(self, part: str) -> bytes:
        changed = self._changed.get(self._spelt(part))
        return self.package.read(part, LARGEST) if changed is None else changed

    def write(self, part: str, content: bytes) -> None:
        self._changed[self._spelt(part)] = content

    def edit(self, part: str, *edits: Edit | None) -> None:
        self.write(part, edited(self.read(part), [edit for edit in edits if edit is not None]))

    def unused(self, pattern: str) -> str:
        """The first name of a part that is free; `{}` in the pattern becomes a number."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    # --- relations and types ---

    def relate(self, part: str, kind: str, target: str) -> str:
        """Lets a part point to another; `kind` is the whole type. Returns the relation's id."""
        own = relations_part(part)
        xml = self.read(own) if own in self else _NO_RELATIONS
        nodes = outline(xml)
        taken = {node.attribute("Id") for node in nodes}
        id_ = next(f"rId{number}" for number in range(1, len(nodes) + 2) if f"rId{number}" not in taken)
        path = posixpath.relpath(target, posixpath.dirname(part))
        new = f'<Relationship xmlns="{_RELATIONS}" Id="{id_}" Type={quoteattr(kind)} Target={quoteattr(path)}/>'
        self.write(own, edited(xml, [appended(xml, nodes[0], self.spelt(new.encode()))]))
        return id_

    def declare(self, content_type: str, *, part: str = "", extension: str = "") -> None:
        """Says what a part, or every part with an extension, is."""
        xml = self.read(CONTENT_TYPES)
        nodes = outline(xml)
        if any(node.attribute("Extension").lower() == extension for node in nodes if extension):
            return
        what = f'Override xmlns="{_TYPES}" PartName={quoteattr("/" + part)}' if part else ""
        what = what or f'Default xmlns="{_TYPES}" Extension={quoteattr(extension)}'
        self.edit(CONTENT_TYPES, appended(xml, nodes[0], f"<{what} ContentType={quoteattr(content_type)}/>".encode()))

    def type_of(self, part: str) -> str:
        """The content type that is declared for a part by its name, else by its extension; '' for none."""
        nodes = outline(self.read(CONTENT_TYPES))
        extension = posixpath.splitext(part)[1].lstrip(".").lower()
        by_name = (node.attribute("ContentType") for node in nodes if _names(node, part))
        by_default = (
            node.attribute("ContentType")
            for node in nodes
            if node.name == "Default" and extension and node.attribute("Extension").lower() == extension
        )
        return next(chain(by_name, by_default), "")

    def remove(self, part: str, holder: str) -> None:
        """Takes a part away, with the relation of its holder to it and its type."""
        self._changed[self._spelt(part)] = None
        own = relations_part(holder)
        ids = {each.id for each in self.package.relations(holder) if each.target == part}
        xml = self.read(own)
        nodes = outline(xml)
        gone = [node for node in nodes[1:] if node.attribute("Id") in ids]
        if len(gone) == len(nodes) - 1:
            self._changed[self._spelt(own)] = None
        else:
            self.edit(own, *(Edit(node.start, node.end) for node in gone))
        extension = posixpath.splitext(part)[1].lstrip(".").lower()
        others = any(
            name.lower().endswith(f".{extension}") and name in self
            for name in self.package.parts
            if name != self._spelt(part)
        )
        nodes = outline(self.read(CONTENT_TYPES))
        self.edit(
            CONTENT_TYPES,
            *(
                Edit(node.start, node.end)
                for node in inside(nodes, nodes[0])
                if _names(node, part) or (not others and node.attribute("Extension").lower() == extension)
            ),
        )

    # --- the new file ---

    def save(self, into: Path) -> None:
        """Writes the changed package; what isn't changed is the same in it. Raises `Unusable`, OSError.

        A part that our own changes would have broken is never written.
        """
        for part, content in self._changed.items():
            # Excel's own drawings need not be well-formed.
            if content is not None and not part.lower().endswith(".vml"):
                outline(content, 1)
        if sum(self.package.member(part).file_size for part in self.package.parts) > LARGEST_WHOLE:
            raise Unusable("it is too large")
        left = dict(self._changed)
        try:
            with zipfile.ZipFile(into, "w") as archive:
                for part in self.package.parts:
                    before = self.package.member(part)
                    content = left.pop(part, b"")
                    if content is None:
                        continue
                    with archive.open(_entry(part, before), "w") as stream:
                        for piece in [content] if content else self.package.pieces(part):
                            stream.write(piece)
                for part, content in left.items():
                    if content is not None:
                        archive.writestr(_entry(part), content)
        except BaseException:
            into.unlink(missing_ok=True)
            raise


def _names(node: Node, part: str) -> bool:
    return node.attribute("PartName").lower() == f"/{part}".lower()


def _entry(part: str, before: zipfile.ZipInfo | None = None) -> zipfile.ZipInfo:
    """A member as it was, or a new one without a date of its own, so that the same marks are the same bytes."""
    entry = zipfile.ZipInfo(part, before.date_time if before else (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_STORED if before and not before.compress_type else zipfile.ZIP_DEFLATED
    if before:
        entry.external_attr, entry.create_system = before.external_attr, before.create_system
    return entry
