"""What doesn't stay as it came: a zip bundle, whose files go their own ways, and what must not stay at all."""

from __future__ import annotations

from collections.abc import Sequence

from syncd.mirror.draft import Draft, content_of
from syncd.mirror.examined import Member
from syncd.mirror.situation import Situation
from syncd.model import By, Decision, Move, Role, Side, Stage, TrackedFile

_MESSAGES = {"infected": "infected", "macros": "macro", "encrypted": "password"}
"""What people are told, by the check that found something."""


def unpack(situation: Situation, file: TrackedFile, members: Sequence[Member]) -> Move:
    """Each file of a bundle arrives as a file of its own that remembers the bundle; the bundle becomes a version."""
    draft = Draft(situation, "O1", By.SYNCD, "syncd")
    cloud_now, intranet_now = draft.now(file, Side.CLOUD), draft.now(file, Side.INTRANET)
    assert cloud_now is not None and intranet_now is not None
    folder = cloud_now.place.folder
    for member in members:
        new = draft.new_id()
        target = draft.free(Side.CLOUD, Stage.INBOX, folder, member.name)
        cloud = draft.place(new, Side.CLOUD, target, member.content)
        here = draft.free(Side.INTRANET, Stage.INBOX, folder, target.name)
        document, period = situation.type_of(target.name, file.name)
        row = TrackedFile(
            id=new,
            line=new,
            operator=file.operator,
            role=Role.DOCUMENT,
            name=target.name,
            document=document,
            period=period,
            cloud=cloud,
            intranet=draft.place(new, Side.INTRANET, here, member.content),
            submitted=member.content.sha1,
            brought_by=file.brought_by,
            arrived_at=file.arrived_at,
            entered_at=situation.now,
            bundle=file.name,
        )
        draft.row(row)
        brought = Side.INTRANET if file.brought_by is By.STAFF else Side.CLOUD
        draft.keep(new, brought, row.name, member.content, "operator")
        draft.record(row, "received", None, Stage.INBOX, reason=f"from {file.name}", sha1=member.content.sha1)
    for side, now in ((Side.CLOUD, cloud_now), (Side.INTRANET, intranet_now)):
        draft.remove(file.id, side, now)
    draft.close(file)
    draft.record(file, "unpacked", Stage.INBOX, None, reason=f"{len(members)} files", sha1=file.submitted)
    return draft.finish()


def quarantine(situation: Situation, file: TrackedFile, decision: Decision) -> Move:
    """A file that may do harm leaves both sides; its bytes lie in the state folder, out of everybody's reach."""
    draft = Draft(situation, "O1", By.SYNCD, "syncd")
    cloud_now, intranet_now = draft.now(file, Side.CLOUD), draft.now(file, Side.INTRANET)
    assert cloud_now is not None
    reason = "; ".join(decision.reasons)
    draft.quarantine(file.name, content_of(cloud_now), reason)
    for side, now in ((Side.CLOUD, cloud_now), (Side.INTRANET, intranet_now)):
        draft.remove(file.id, side, now)
    draft.close(file)
    draft.record(file, "quarantined", Stage.INBOX, None, rule=decision.rule, reason=reason, sha1=file.submitted)
    checks = [finding.check for finding in decision.findings]
    message = next((_MESSAGES[check] for check in checks if check in _MESSAGES), "quarantined")
    for audience in ("operator", "staff"):
        draft.tell(audience, message, file, Stage.INBOX, None)
    return draft.finish()
