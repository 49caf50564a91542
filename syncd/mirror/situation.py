"""All that planning may know about one operator at one moment, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from syncd import names
from syncd.mirror.recognise import Recognition
from syncd.model import Change, Operator, Place, Role, Side, Stage, TrackedFile
from syncd.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Situation:
    """One operator, both sides, just looked at.

    Attributes:
        now: seconds since the epoch; `local`: the same moment in the ward's time zone.
        foreign: places of intranet strangers whose bytes came from another operator → that operator's id.
        strayed: places of intranet strangers that are another operator's tracked file itself.
        remarks: what was already said once about files that nobody tracks.
        path_room: UTF-16 units that a path below a stage may have for Windows to open it.
        pairing_anew: the database was lost: what lies on both sides is paired before anything is concluded.
    """

    operator: Operator
    now: float
    local: datetime
    files: Mapping[int, TrackedFile]
    cloud: Recognition
    intranet: Recognition
    rules: Rulebook
    batch_seconds: float = 20.0
    note_wait_seconds: float = 600.0
    confirmed_subfolder: str = ""
    foreign: Mapping[Place, str] = field(default_factory=dict)
    strayed: Mapping[Place, TrackedFile] = field(default_factory=dict)
    remarks: frozenset[str] = frozenset()
    path_room: int = 259
    pairing_anew: bool = False

    def on(self, side: Side) -> Recognition:
        return self.cloud if side is Side.CLOUD else self.intranet

    def change(self, file_id: int, side: Side) -> Change | None:
        return self.on(side).changes.get(file_id)

    def settled(self, file_id: int) -> bool:
        """Nothing is happening to the file on either side just now."""
        changes = (self.change(file_id, side) for side in Side)
        return all(change is None or change.kind == "same" for change in changes)

    def documents(self, *stages: Stage) -> Iterator[TrackedFile]:
        for file in self.files.values():
            if file.role is Role.DOCUMENT and file.stage in stages:
                yield file

    def notes_of(self, file_id: int) -> Iterator[TrackedFile]:
        for file in self.files.values():
            if file.role is Role.NOTE and file_id in file.note_for:
                yield file

    def same_document(self, one: TrackedFile, other: TrackedFile) -> bool:
        """Type and period agree; without a known type, or where many files make a document, the names do."""
        if one.document and other.document and not self.rules.many(one.document):
            return (one.document, one.period) == (other.document, other.period)
        if one.document != other.document and one.document and other.document:
            return False
        return names.same_document_key(one.name) == names.same_document_key(other.name)
