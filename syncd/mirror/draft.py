"""One move in the making: gathers effects, rows, records and tellings until the plan for it is whole.

A draft is mutable and lives within one planning function; what leaves it (`finish`) is a frozen `Move`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from syncd import names
from syncd.mirror.reasons import REASONS
from syncd.mirror.situation import Situation
from syncd.model import (
    Audience,
    By,
    Effect,
    Judged,
    Kept,
    Move,
    Origin,
    Place,
    Placement,
    Quarantined,
    Record,
    Retraction,
    Side,
    Sighting,
    Stage,
    Telling,
    TrackedFile,
)
from syncd.owner_mark import signed

OTHER_NAMES = 100
"""How many names are tried before a move is left for later."""


LINE_END = "\r\n"
"""Of texts that syncd writes, as `rulebook.letters` has it."""


class NotNow(Exception):
    """The move touches a file that isn't quiet yet; the next look plans it again."""


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes by their SHA-1 (hex) and length."""

    sha1: str
    size: int


def content_of(file: Sighting | Placement) -> Content:
    assert file.sha1 is not None
    return Content(file.sha1, file.size)


def placement_of(sighting: Sighting) -> Placement:
    assert sighting.sha1 is not None
    return Placement(sighting.place, sighting.identity, sighting.etag, sighting.size, sighting.sha1)


def folder_of(intranet: Sighting | Placement) -> str:
    """The subfolder of an intranet file as the cloud spells it; '' for none."""
    folder = intranet.place.folder
    return "/".join(names.to_cloud(part) for part in folder.split("/")) if folder else ""


class Draft:
    """A move in the making for `situation`."""

    def __init__(self, situation: Situation, gesture: str, by: By, actor: str = "") -> None:
        self.situation = situation
        self.gesture = gesture
        self.by = by
        self.actor = actor
        self._effects: list[Effect] = []
        self._after: dict[int, TrackedFile] = {}
        self._closes: list[int] = []
        self._records: list[Record] = []
        self._tellings: list[Telling] = []
        self._kept: list[Kept] = []
        self._quarantined: list[Quarantined] = []
        self._texts: list[str] = []
        self._remarks: list[str] = []
        self._noted: list[int] = []
        self._retracted: list[Retraction] = []
        self._judged: list[Judged] = []
        self._taken: dict[Side, set[tuple[Stage | None, str]]] = {}
        self._next_new = -1

    def finish(self) -> Move:
        return Move(
            gesture=self.gesture,
            operator=self.situation.operator.id,
            effects=tuple(self._effects),
            after=tuple(self._after.values()),
            closes=tuple(self._closes),
            records=tuple(self._records),
            tellings=tuple(self._tellings),
            kept=tuple(self._kept),
            quarantined=tuple(self._quarantined),
            texts=tuple(self._texts),
            remarks=tuple(self._remarks),
            noted=tuple(self._noted),
            retracted=tuple(self._retracted),
            judged=tuple(self._judged),
        )

    # -- rows

    def new_id(self) -> int:
        self._next_new -= 1
        return self._next_new + 1

    def row(self, file: TrackedFile) -> None:
        """The file as it is to be afterwards."""
        self._after[file.id] = file

    def close(self, file: TrackedFile) -> None:
        """The file leaves the workflow; its bytes stay as versions."""
        self._after.pop(file.id, None)
        self._closes.append(file.id)

    def planned(self, file: TrackedFile) -> TrackedFile:
        """The row as this draft has it so far."""
        return self._after.get(file.id, file)

    # -- effects

    def place(self, file_id: int, side: Side, target: Place, content: Content, operator: str = "") -> Placement:
        self._effects.append(
            Effect("place", side, file_id, target=target, sha1=content.sha1, size=content.size, operator=operator)
        )
        self._occupy(side, target)
        return Placement(target, "", "", content.size, content.sha1)

    def bring(
        self, file_id: int, side: Side, now: Sighting | Placement | None, target: Place, content: Content
    ) -> Placement:
        """Whatever it takes so that the file lies at `target` with `content`: place it, move it, replace its bytes."""
        if now is None:
            return self.place(file_id, side, target, content)
        if now.place != target:
            self._effects.append(
                Effect("move", side, file_id, now.place, target, now.identity, now.etag, before=now.sha1 or "")
            )
            self._vacate(side, now.place)
            self._occupy(side, target)
        if now.sha1 != content.sha1:
            self._effects.append(
                Effect(
                    "replace",
                    side,
                    file_id,
                    target=target,
                    identity=now.identity,
                    etag=now.etag,
                    sha1=content.sha1,
                    size=content.size,
                    before=now.sha1 or "",
                )
            )
        return Placement(target, now.identity, now.etag, content.size, content.sha1)

    def remove(
        self, file_id: int, side: Side, now: Sighting | Placement | None, purge: bool = False, operator: str = ""
    ) -> None:
        """Takes the file away on one side, if it is there; its bytes are kept already."""
        if now is not None:
            self._effects.append(
                Effect(
                    "remove",
                    side,
                    file_id,
                    source=now.place,
                    identity=now.identity,
                    etag=now.etag,
                    sha1=now.sha1 or "",
                    purge=purge,
                    operator=operator,
                    before=now.sha1 or "",
                )
            )
            if not operator:
                self._vacate(side, now.place)

    # -- where there is room

    def free(
        self,
        side: Side,
        stage: Stage | None,
        folder: str,
        name: str,
        itself: Sighting | Placement | None = None,
        mark: str = "",
    ) -> Place:
        """A place for `name` (without marks) on that side where nothing else lies; as near to the name as can be.

        `folder` is spelled as in the cloud (`folder_of` for what was seen on the intranet).
        """
        if side is Side.INTRANET and folder:
            folder = "/".join(names.to_intranet(part) for part in folder.split("/"))
        for choice in _on_the_intranet(name, mark) if side is Side.INTRANET else _in_the_cloud(name):
            place = Place(stage, f"{folder}/{choice}" if folder else choice)
            if itself is not None and _key(place) == _key(itself.place):  # only letter case or composition changes
                return place
            if not self.is_taken(side, place, self._file_seen_as(side, itself)):
                return place
        raise NotNow(f"no free name for {name}")

    def is_taken(self, side: Side, place: Place, by_others_than: int = 0) -> bool:
        """Whether a file lies there, or one other than `by_others_than` may have to be put back there."""
        return _key(place) in self._taken_on(side) or self._reserved_on(side, place, by_others_than)

    def _reserved_on(self, side: Side, place: Place, file_id: int) -> bool:
        key = _key(place)
        return any(
            other != file_id and change.kind != "same" and _key(change.before.place) == key
            for other, change in self.situation.on(side).changes.items()
        )

    def _file_seen_as(self, side: Side, itself: Sighting | Placement | None) -> int:
        """The tracked file that this sighting is; 0 for none. What is kept free for itself is free for it."""
        changes = self.situation.on(side).changes.items() if itself is not None else ()
        return next((file_id for file_id, change in changes if change.after is itself), 0)

    def _taken_on(self, side: Side) -> set[tuple[Stage | None, str]]:
        if side not in self._taken:
            recognition = self.situation.on(side)
            seen = [change.after for change in recognition.changes.values() if change.after is not None]
            self._taken[side] = {_key(item.place) for item in (*seen, *recognition.strangers)}
        return self._taken[side]

    def _occupy(self, side: Side, place: Place) -> None:
        self._taken_on(side).add(_key(place))

    def _vacate(self, side: Side, place: Place) -> None:
        self._taken_on(side).discard(_key(place))

    # -- where files are now

    def now(self, file: TrackedFile, side: Side) -> Sighting | Placement | None:
        """Where the file lies just now on that side; raises NotNow while that is unclear."""
        change = self.situation.change(file.id, side)
        if change is None:
            return None
        if change.kind == "waiting":
            raise NotNow(f"{file.name} is not quiet")
        return change.after

    # -- what is said of it

    def record(
        self,
        file: TrackedFile,
        outcome: str,
        from_stage: Stage | None,
        to_stage: Stage | None,
        *,
        reason: str = "",
        rule: str = "",
        sha1: str | None = None,
        by: By | None = None,
        actor: str | None = None,
        operator: str | None = None,
    ) -> None:
        """One line of the history; `reason` is a key of REASONS or plain words."""
        self._records.append(
            Record(
                operator=operator or self.situation.operator.id,
                document=file.document,
                period=file.period,
                file=file.name,
                from_stage=from_stage,
                to_stage=to_stage,
                by=by or self.by,
                actor=self.actor if actor is None else actor,
                rule=rule,
                reason=REASONS.get(reason, reason),
                outcome=outcome,
                sha1=sha1,
            )
        )

    def tell(
        self,
        audience: Audience,
        message: str,
        file: TrackedFile,
        from_stage: Stage | None = None,
        to_stage: Stage | None = None,
        *,
        undoes: bool = False,
        waits_for_note: bool = False,
        operator: str | None = None,
        **values: str,
    ) -> None:
        if to_stage is Stage.CORRECTIONS:
            values.setdefault("day", self.situation.answer_by.isoformat())
        self._tellings.append(
            Telling(
                audience,
                message,
                operator or self.situation.operator.id,
                file.id,
                file.document,
                file.period,
                file.name,
                from_stage,
                to_stage,
                undoes,
                waits_for_note,
                values,
            )
        )

    def keep(self, file_id: int, side: Side, name: str, content: Content, origin: Origin) -> None:
        """The bytes are a version of that file from now on."""
        self._kept.append(Kept(file_id, content.sha1, content.size, side, name, origin))

    def quarantine(self, name: str, content: Content, reason: str) -> None:
        self._quarantined.append(
            Quarantined(self.situation.operator.id, name, content.sha1, content.size, REASONS.get(reason, reason))
        )

    def remark(self, key: str) -> None:
        """Said once, never again: about files that nobody tracks."""
        self._remarks.append(key)

    def noted(self, *files: int) -> None:
        """These files have their note now: what waited for it may be said."""
        self._noted.extend(files)

    def retract(self, file_id: int, sha1: str, last: bool) -> None:
        """A note of that file is no more: what is unsaid doesn't speak of it."""
        self._retracted.append(Retraction(file_id, sha1, last))

    def judged(self, judged: Judged) -> None:
        """What the rules said of the file is kept for `why`, the notes and other documents' checks."""
        self._judged.append(judged)

    def text(self, text: str) -> Content:
        """Bytes that syncd writes itself: they bear the mark of the operator for whom they are."""
        text = signed(text, self.situation.operator.id, self.situation.language, LINE_END)
        self._texts.append(text)
        raw = text.encode()
        return Content(hashlib.sha1(raw, usedforsecurity=False).hexdigest(), len(raw))

    # -- common endings

    def changed(self, file: TrackedFile, **fields: object) -> TrackedFile:
        """The row with other fields, taken into the draft."""
        row = replace(self.planned(file), **fields)  # type: ignore[arg-type]  # fields are checked by the dataclass
        self.row(row)
        return row


def _on_the_intranet(name: str, mark: str) -> Iterator[str]:
    """Names under which a file may lie on the intranet, the best first."""

    def marked(choice: str) -> str:
        return names.with_mark(choice, mark) if mark else choice

    yield marked(names.to_intranet(name))
    yield marked(names.twin(name))
    for number in range(2, OTHER_NAMES):
        yield marked(names.with_mark(names.to_intranet(name), names.same_name(number)))


def _in_the_cloud(name: str) -> Iterator[str]:
    """Names under which a file may lie in the cloud, the best first."""
    yield name
    pure = PurePosixPath(name)
    for number in range(2, OTHER_NAMES):
        numbered = f"{pure.stem} ({number}){pure.suffix}"
        yield numbered if len(numbered.encode()) <= names.LIMIT else _numbered_within(name, number)


def _numbered_within(name: str, number: int) -> str:
    """The same for a name that has no room left for a number."""
    stem, extension = names.split(name)
    ending = f" ({number}){extension}"
    return stem.encode()[: names.LIMIT - len(ending.encode())].decode("utf-8", "ignore").rstrip(" .") + ending


def _key(place: Place) -> tuple[Stage | None, str]:
    return place.stage, "/".join(names.fold(part) for part in place.path.split("/"))
