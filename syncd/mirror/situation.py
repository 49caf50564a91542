"""All that planning may know about one operator at one moment, as data."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from syncd import names
from syncd.forms.fact import CellChange
from syncd.mirror.hindered import Hindered
from syncd.mirror.recognise import Recognition
from syncd.mirror.whose import Stopped
from syncd.model import REQUEST, Change, Decision, Operator, Place, Role, Side, Sighting, Stage, TrackedFile
from syncd.rulebook import Candidate, Match, Rulebook


def asked_for(request: TrackedFile, name: str) -> bool:
    """Whether a file of that name is what a request asks for: its title stands in the name."""
    title = (request.document or "").removeprefix(REQUEST)
    return bool(title) and names.fold(_plain(title)) in names.fold(_plain(names.split(name)[0]))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class Situation:
    """One operator, both sides, just looked at.

    Attributes:
        now: seconds since the epoch; `local`: the same moment in the ward's time zone.
        foreign: places of intranet strangers that are known to be another's, or to hold something that is → why.
        handed: places of those of `strayed` that bear this operator's code and name, and may be handed over (S20).
        misnamed: places of files that staff gave a name that speaks of another operator.
        strayed: places of intranet strangers that are another operator's tracked file itself.
        remarks: what was already said once about files that nobody tracks.
        path_room: UTF-16 units that a path below a stage may have for Windows to open it.
        pairing_anew: the database was lost: what lies on both sides is paired before anything is concluded.
        language: of what staff and operators read; stages: the folder names that they see.
        seen_before: when the cloud was last looked at whole before this look, seconds since the epoch.
        verdicts: what the rules say of files that staff drag out of inbox before anybody looked, by file id.
        compared: what differs between two contents (old SHA-1, new SHA-1); empty: only how it is stored.
        hindered: what can't be done just now, and what is under way.
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
    foreign: Mapping[Place, Stopped] = field(default_factory=dict)
    handed: frozenset[Place] = frozenset()
    misnamed: frozenset[Place] = frozenset()
    strayed: Mapping[Place, TrackedFile] = field(default_factory=dict)
    remarks: frozenset[str] = frozenset()
    path_room: int = 259
    pairing_anew: bool = False
    language: str = "ja"
    stages: Mapping[Stage, str] = field(default_factory=dict)
    seen_before: float = 0.0
    verdicts: Mapping[int, Decision] = field(default_factory=dict)
    compared: Mapping[tuple[str, str], tuple[CellChange, ...]] = field(default_factory=dict)
    hindered: Hindered = field(default_factory=Hindered)

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

    def match(self, name: str, bundle: str = "") -> Match:
        """Which document a file of that name is when this operator sends it now; what staff asked for is one, too."""
        found = self.rules.match(name, self.operator, self.local.date(), bundle)
        if found.candidates:
            return found
        asked = [request for request in self.requests() if asked_for(request, name)]
        candidates = tuple(Candidate(request.document or "", None) for request in asked[:1])
        return Match(candidates, found.why) if candidates else found

    def requests(self) -> Iterator[TrackedFile]:
        """What staff ask this operator for beside the checklist (S19)."""
        for file in self.files.values():
            if file.role is Role.REQUEST:
                yield file

    def type_of(self, name: str, bundle: str = "") -> tuple[str | None, str | None]:
        """Document and period by the name; both None while it is unknown, ambiguous or another facility's."""
        found = self.match(name, bundle)
        if found.state != "one":
            return None, None
        return found.candidates[0].document, found.candidates[0].period

    @property
    def answer_by(self) -> date:
        """By when the operator is to answer what is put into corrections now."""
        calendar = self.rules.calendar
        return calendar.add_business_days(self.local.date(), calendar.remind.answer_days)

    def folder(self, stage: Stage) -> str:
        """What people see that a stage is called."""
        return self.stages.get(stage, stage.value)

    def words(self, japanese: str, english: str) -> str:
        """The one that people read."""
        return japanese if self.language == "ja" else english

    def came_at(self, sighting: Sighting) -> float:
        """When a file was put there: a copy keeps the time of its last change, but it wasn't there at the last look."""
        return min(self.now, max(sighting.modified_at, self.seen_before))

    def edited(self, file: TrackedFile, sha1: str | None) -> bool:
        """Whether these bytes say something else than the operator's; another way to store the same is no edit."""
        return sha1 != file.submitted and not self.harmless(file, sha1)

    def harmless(self, file: TrackedFile, sha1: str | None) -> bool:
        """Other bytes than the operator's that say the same: saved anew, recalculated, formatted."""
        return self.compared.get((file.submitted or "", sha1 or "")) == ()

    def same_document(self, one: TrackedFile, other: TrackedFile) -> bool:
        """Type and period agree; without a known type, or where many files make a document, the names do."""
        if one.document and other.document and not self.rules.many(one.document):
            return (one.document, one.period) == (other.document, other.period)
        if one.document != other.document and one.document and other.document:
            return False
        return names.same_document_key(one.name) == names.same_document_key(other.name)
