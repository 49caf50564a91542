"""Files met for the first time on both sides at once: after a lost database (D4), or copied there by hand (O11).

Nothing is deleted and nothing overwritten here: what is the same becomes one file, what differs is left as it lies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syncd import names
from syncd.mirror import requests
from syncd.mirror.draft import Draft, content_of, placement_of
from syncd.mirror.judge import UNMATCHED
from syncd.mirror.recognise import EMPTY_SHA1
from syncd.mirror.situation import Situation
from syncd.model import REQUEST, By, Move, Origin, Place, Role, Side, Sighting, Stage, TrackedFile

Pair = tuple[Sighting, Sighting]
_CUT = "﹪~"
"""In names that had to be cut: only their hash says whose they are."""


def pairs(situation: Situation) -> list[Pair]:
    """The (cloud, intranet) strangers that are one file each.

    At ordinary times only what agrees in stage, name and bytes, or may turn out to once both are quiet. After a lost
    database: by stage and name, then by stage and bytes, then by name or bytes in whatever stage.
    """
    cloud = [sighting for sighting in situation.cloud.strangers if sighting.place.stage is not None]
    intranet = [
        _perhaps_empty(sighting, cloud)
        for sighting in situation.intranet.strangers
        if sighting.place.stage is not None and not _is_kept_copy(sighting)
    ]
    found: list[Pair] = []
    tests = [_same_file, _perhaps_same_file]
    if situation.pairing_anew:
        tests = [_same_file, _same_place, _same_bytes_in_stage, _same_name_anywhere, _same_bytes_anywhere]
    index = _Index(intranet)
    paired: set[int] = set()
    for test in tests:
        for theirs in cloud:
            for mine in index.near(theirs) if id(theirs) not in paired else ():
                if id(mine) not in paired and test(theirs, mine):
                    found.append((theirs, mine))
                    paired |= {id(theirs), id(mine)}
                    break
    return found


def _perhaps_empty(mine: Sighting, cloud: Sequence[Sighting]) -> Sighting:
    """An empty file is no save under way when the cloud has it, too."""
    if mine.waits == "empty" and any(theirs.size == 0 and _same_place(theirs, mine) for theirs in cloud):
        return replace(mine, waits=None, sha1=EMPTY_SHA1)
    return mine


def is_too_early(situation: Situation) -> bool:
    """After a lost database: whether a file may yet turn out, by its bytes, to be the counterpart of a single one."""
    strangers = (*situation.cloud.strangers, *situation.intranet.strangers)
    return situation.pairing_anew and any(sighting.waits == "not quiet" for sighting in strangers)


class _Index:
    """Intranet strangers by what may make them a cloud file's counterpart, so that thousands are matched in no time."""

    def __init__(self, strangers: Sequence[Sighting]) -> None:
        self._order = {id(mine): number for number, mine in enumerate(strangers)}
        self._found: dict[str, list[Sighting]] = {}
        for mine in strangers:
            bare = names.without_marks(mine.place.name)
            for key in {_CUT if _CUT in bare else f"name {bare}", f"sha1 {mine.sha1}"}:
                self._found.setdefault(key, []).append(mine)

    def near(self, theirs: Sighting) -> list[Sighting]:
        """Those with a name that stands for the same, or the same bytes; in the order in which they came."""
        name = theirs.place.name
        keys = {f"name {names.to_intranet(name)}", f"name {names.twin(name)}", f"sha1 {theirs.sha1}", _CUT}
        near = {id(mine): mine for key in keys for mine in self._found.get(key, ())}
        return sorted(near.values(), key=lambda mine: self._order[id(mine)])


def _same_place(theirs: Sighting, mine: Sighting) -> bool:
    folder = "/".join(names.to_intranet(part) for part in theirs.place.folder.split("/")) if theirs.place.folder else ""
    return (
        theirs.place.stage == mine.place.stage
        and folder == mine.place.folder
        and names.belongs(mine.place.name, theirs.place.name)
    )


def _same_file(theirs: Sighting, mine: Sighting) -> bool:
    if not _same_place(theirs, mine):
        return False
    if "not quiet" in (theirs.waits, mine.waits):  # both were just put there: whether they are one shows shortly
        return theirs.size == mine.size
    return theirs.sha1 is not None and theirs.sha1 == mine.sha1


def _perhaps_same_file(theirs: Sighting, mine: Sighting) -> bool:
    """One of them is still being written: whether they are one file shows when it is quiet."""
    return _same_place(theirs, mine) and "not quiet" in (theirs.waits, mine.waits)


def _is_kept_copy(mine: Sighting) -> bool:
    """What only the intranet ever has: its marks say that it has no counterpart."""
    marks = "".join(names.marks(mine.place.name))
    return any(word in marks for word in ("旧版", "取下げ", "職員編集"))


def _same_bytes_in_stage(theirs: Sighting, mine: Sighting) -> bool:
    return theirs.place.stage == mine.place.stage and _same_bytes_anywhere(theirs, mine)


def _same_name_anywhere(theirs: Sighting, mine: Sighting) -> bool:
    return names.belongs(mine.place.name, theirs.place.name)


def _same_bytes_anywhere(theirs: Sighting, mine: Sighting) -> bool:
    return theirs.size > 0 and theirs.sha1 is not None and theirs.sha1 == mine.sha1


def pair(situation: Situation, theirs: Sighting, mine: Sighting) -> Move:
    """One file where it is; unequal bytes in review are a desk copy (S3), elsewhere staff are told."""
    draft = Draft(situation, "pair", By.SYNCD, "syncd")
    row = _row(draft, theirs.place, theirs)
    row = replace(row, cloud=placement_of(theirs), intranet=placement_of(mine), submitted=theirs.sha1)
    row = _as_what_it_is(row, theirs.place.stage)
    draft.row(row)
    stage = mine.place.stage
    draft.keep(row.id, Side.CLOUD, row.name, content_of(theirs), _written_by(row))
    if mine.sha1 != theirs.sha1:
        draft.keep(row.id, Side.INTRANET, row.name, content_of(mine), "edit")
    draft.record(row, "paired", theirs.place.stage, stage, sha1=theirs.sha1)
    elsewhere = theirs.place.stage != stage
    if elsewhere or (mine.sha1 != theirs.sha1 and stage is not Stage.REVIEW):
        draft.changed(row, told=(UNMATCHED,))
        equal = mine.sha1 == theirs.sha1
        draft.tell("staff", "in_two_stages" if equal else "unmatched", row, theirs.place.stage, stage)
    return draft.finish()


def _as_what_it_is(row: TrackedFile, stage: Stage | None) -> TrackedFile:
    """What its name says that it is in corrections: a note, what syncd itself made, a request; else a document."""
    if stage is not Stage.CORRECTIONS:
        return row
    ours = replace(row, submitted=None, document=None, period=None, untyped=False)
    if names.fold(row.name).startswith("理由"):
        return replace(ours, role=Role.NOTE, brought_by=By.STAFF)
    if names.is_companion(row.name):
        return replace(ours, role=Role.NOTE, brought_by=By.SYNCD)
    title = requests.title_in(row.name)
    if title is not None:
        return replace(ours, role=Role.REQUEST, document=f"{REQUEST}{title}", brought_by=By.STAFF)
    return row


def _written_by(row: TrackedFile) -> Origin:
    """Whose its bytes are: the ward's own may lie in several operators' folders."""
    if row.role is Role.DOCUMENT:
        return "operator"
    return "syncd" if row.brought_by is By.SYNCD else "staff"


def restore(situation: Situation, theirs: Sighting) -> Move:
    """After a lost database: what only the cloud has in a later stage comes to the intranet again."""
    draft = Draft(situation, "pair", By.SYNCD, "syncd")
    row = _row(draft, theirs.place, theirs)
    form = names.without_findings(row.name) if theirs.place.stage is Stage.CORRECTIONS else row.name
    mark = names.FINDINGS if form != row.name else ""
    target = draft.free(Side.INTRANET, theirs.place.stage, theirs.place.folder, form, mark=mark)
    intranet = draft.place(row.id, Side.INTRANET, target, content_of(theirs))
    row = replace(row, cloud=placement_of(theirs), intranet=intranet, submitted=theirs.sha1)
    row = _as_what_it_is(row, theirs.place.stage)
    draft.row(row)
    draft.keep(row.id, Side.CLOUD, row.name, content_of(theirs), _written_by(row))
    draft.record(row, "restored", None, theirs.place.stage, sha1=theirs.sha1)
    return draft.finish()


def kept_copy(situation: Situation, mine: Sighting) -> Move | None:
    """After a lost database: marked files that only the intranet ever has are known by their marks."""
    marks = "".join(names.marks(mine.place.name))
    if "旧版" in marks and mine.place.stage is Stage.CONFIRMED:
        role = Role.OLD
    elif "取下げ" in marks and mine.place.stage is not Stage.INBOX:
        role = Role.WITHDRAWN
    else:
        return None
    draft = Draft(situation, "pair", By.SYNCD, "syncd")
    row = _row(draft, Place(mine.place.stage, names.from_intranet(mine.place.name)), mine)
    draft.row(replace(row, role=role, intranet=placement_of(mine), submitted=mine.sha1))
    draft.keep(row.id, Side.INTRANET, row.name, content_of(mine), "operator")
    draft.record(row, "paired", None, mine.place.stage, sha1=mine.sha1)
    return draft.finish()


def _row(draft: Draft, place: Place, sighting: Sighting) -> TrackedFile:
    situation, new = draft.situation, draft.new_id()
    document, period = situation.type_of(place.name)
    state = situation.match(place.name).state
    return TrackedFile(
        id=new,
        line=new,
        operator=situation.operator.id,
        role=Role.DOCUMENT,
        name=place.name,
        document=document,
        period=period,
        cloud=None,
        intranet=None,
        submitted=None,
        arrived_at=sighting.modified_at,
        entered_at=situation.now,
        # what people were told before the database was lost isn't told again
        told=(f"{state}:{place.name}",) if document is None and place.stage is Stage.INBOX else (),
        untyped=document is None and place.stage is not Stage.INBOX,
    )
