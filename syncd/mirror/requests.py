"""S19: `依頼_<title>.txt` in corrections asks the operator for something that is on no checklist.

The file itself is the request: it travels like a note, and is taken away when staff confirm what was asked for or take
it away themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from syncd import names
from syncd.mirror.draft import Draft, content_of, folder_of, placement_of
from syncd.mirror.situation import Situation, asked_for
from syncd.model import REQUEST, By, Move, Role, Side, Sighting, Stage, TrackedFile

_NAME: Final = re.compile(r"依頼[_\- ]*(?P<title>[^_\- ].*?)\.txt")


def title_in(name: str) -> str | None:
    """What a file of that name asks for; None: it is no request."""
    found = _NAME.fullmatch(unicodedata.normalize("NFKC", names.without_marks(name)).strip())
    return found["title"].strip()[:60] if found else None


def ask(situation: Situation, sighting: Sighting) -> Move:
    """The request goes up beside what else lies in corrections; the operator is told what is asked for."""
    draft = Draft(situation, "S19", By.STAFF, sighting.actor)
    name = names.to_cloud(names.from_intranet(sighting.place.name))
    content = content_of(sighting) if sighting.size else draft.text("")
    new = draft.new_id()
    target = draft.free(Side.CLOUD, Stage.CORRECTIONS, folder_of(sighting), name)
    row = TrackedFile(
        id=new,
        line=new,
        operator=situation.operator.id,
        role=Role.REQUEST,
        name=target.name,
        document=f"{REQUEST}{title_in(sighting.place.name)}",
        period=None,
        cloud=draft.place(new, Side.CLOUD, target, content),
        intranet=placement_of(sighting),
        submitted=None,
        brought_by=By.STAFF,
        arrived_at=situation.came_at(sighting),
        entered_at=situation.now,
    )
    draft.row(row)
    draft.keep(new, Side.INTRANET, row.name, content, "staff")
    draft.record(row, "requested", None, Stage.CORRECTIONS, sha1=content.sha1)
    draft.tell("operator", "request", row, None, Stage.CORRECTIONS)
    return draft.finish()


def fulfil(draft: Draft, file: TrackedFile) -> None:
    """What was asked for is confirmed: the request leaves both sides."""
    for request in _asking_for(draft.situation, file):
        for side in Side:
            draft.remove(request.id, side, draft.now(request, side))
        draft.close(request)
        draft.record(request, "request_closed", Stage.CORRECTIONS, None)


def _asking_for(situation: Situation, file: TrackedFile) -> Iterator[TrackedFile]:
    for request in situation.requests():
        if request.document == file.document or asked_for(request, file.name):
            yield request


def renamed(note: TrackedFile, name: str) -> TrackedFile:
    """A request under another name asks for something else."""
    title = title_in(name) if note.role is Role.REQUEST else None
    return replace(note, document=f"{REQUEST}{title}") if title else note
