"""What the rules do with files that wait in inbox: on to review, back through corrections, or ask about them."""

from __future__ import annotations

from dataclasses import replace

from syncd import names
from syncd.mirror import bundles, returning
from syncd.mirror.draft import Draft, NotNow, content_of
from syncd.mirror.examined import Examined
from syncd.mirror.gate import UNSEEN
from syncd.mirror.meeting import CHECK, waits_for_choice
from syncd.mirror.passage import already_received, facts, label, make_room, say
from syncd.mirror.situation import Situation
from syncd.model import By, Decision, Finding, Judged, Move, Role, Side, Stage, TrackedFile
from syncd.rulebook import Candidate, Match, decide
from syncd.rulebook.decide import MISPLACED

UNMATCHED = "unmatched"
"""Told of a file whose two sides differ since they were met: a person has yet to say which is right."""


def waiting(situation: Situation) -> list[TrackedFile]:
    """The files in inbox on which nothing is happening, the oldest first."""
    files = [
        file
        for file in situation.documents(Stage.INBOX)
        if file.cloud is not None and file.intranet is not None and situation.settled(file.id)
        and file.cloud.place.stage is Stage.INBOX
        and not (UNMATCHED in file.told and file.cloud.sha1 != file.intranet.sha1)
    ]  # fmt: skip
    return sorted(files, key=lambda file: (file.arrived_at, file.id))


def judge(situation: Situation, file: TrackedFile, examined: Examined) -> Move | None:
    """The move that the rules make of one waiting file; None when there is nothing (new) to do or to say."""
    match = situation.match(file.name, file.bundle)
    if match.state == "unknown" and file.untyped:  # staff accepted it without a type; it was only sent again
        match = Match((Candidate("", None),))
    findings = examined.findings
    if waits_for_choice(situation, file):
        said = situation.rules.messages[f"reason_{CHECK}"][situation.language]
        findings = (*findings, Finding(CHECK, "hold", said))
    decision = decide(match, findings)
    typed = replace(file, document=decision.document, period=decision.period)
    try:
        if decision.state == "quarantine":
            return bundles.quarantine(situation, file, decision)
        if decision.state != "wait" and examined.members:
            return bundles.unpack(situation, file, examined.members)
        if decision.state not in ("accept", "return"):
            return _ask(situation, file, decision, examined)
        submitted = examined.cleaned.sha1 if examined.cleaned else file.submitted or ""
        known = already_received(situation, typed, submitted)
        if known is not None:
            return _received_before(situation, typed, known)
        target = Stage.REVIEW if decision.state == "accept" else Stage.CORRECTIONS
        return _pass_on(situation, typed, decision, target, examined)
    except NotNow:
        return None


def _received_before(situation: Situation, file: TrackedFile, known: TrackedFile) -> Move:
    """O12, found out only here: two copies came at once, or the right name came later than the bytes."""
    by = file.brought_by
    draft = Draft(situation, "O12", by)
    assert file.cloud is not None
    content = content_of(file.cloud)
    for side in Side:
        draft.remove(file.id, side, draft.now(file, side))
    draft.close(file)
    draft.keep(known.id, Side.CLOUD, file.name, content, "operator" if by is By.OPERATOR else "staff")
    draft.record(known, "already_received", Stage.INBOX, None, reason="already_received", sha1=content.sha1)
    if by is By.OPERATOR:
        draft.tell("operator", "already_received", known, None, Stage.INBOX)
    else:
        draft.tell("staff", "put_back", known, None, Stage.INBOX, reason="already_received")
    return draft.finish()


def _pass_on(
    situation: Situation, file: TrackedFile, decision: Decision, target: Stage, examined: Examined
) -> Move | None:
    assert file.intranet is not None
    known = facts(situation, file, file.intranet.sha1)
    line = situation.rules.workflow(file.document).line(Stage.INBOX, target, By.SYNCD, known)
    if line is None or not line.allow:
        return _once(situation, file, f"refused:{file.name}", "refused", target)
    draft = Draft(situation, "O1", By.SYNCD, "syncd")
    draft.row(file)
    cloud_now, intranet_now = draft.now(file, Side.CLOUD), draft.now(file, Side.INTRANET)
    assert cloud_now is not None and intranet_now is not None
    replaces = any(  # also one that was withdrawn: staff may have it before them
        other.id != file.id and other.stage is Stage.REVIEW and situation.same_document(file, other)
        for other in situation.files.values()
        if other.role in (Role.DOCUMENT, Role.WITHDRAWN)
    )  # fmt: skip
    submission = max(make_room(draft, file, target) + 1, file.submission)
    folder = cloud_now.place.folder
    place = draft.free(Side.CLOUD, target, folder, names.without_findings(file.name), cloud_now)
    cloud = draft.bring(file.id, Side.CLOUD, cloud_now, place, examined.cleaned or content_of(cloud_now))
    mark = names.resubmitted(submission) if replaces and target is Stage.REVIEW else ""
    wanted = draft.free(Side.INTRANET, target, folder, place.name, intranet_now, mark)
    own = content_of(intranet_now)
    if examined.cleaned and own.sha1 == file.submitted:  # else staff have changed it here, and theirs stays
        own = examined.cleaned
    intranet = draft.bring(file.id, Side.INTRANET, intranet_now, wanted, own)
    row = replace(
        file, line=_line(situation, file), name=place.name, cloud=cloud, intranet=intranet, submission=submission,
        entered_at=situation.now, told=(), offered=None,
        submitted=examined.cleaned.sha1 if examined.cleaned else file.submitted,
    )  # fmt: skip
    draft.row(row)
    if examined.cleaned:
        draft.keep(file.id, Side.CLOUD, place.name, examined.cleaned, "operator")
    reason = "; ".join(decision.reasons)
    draft.record(
        row, "moved", Stage.INBOX, target, rule=decision.rule or label(line), reason=reason, sha1=row.submitted
    )
    draft.judged(_judged(row, decision, examined))
    if target is Stage.CORRECTIONS:
        returning.explain(draft, row, decision.findings, examined.marked)
        say(draft, line, row, Stage.INBOX, target, place=returning.in_chat(situation, decision))
        return draft.finish()
    if decision.findings:
        draft.tell("staff", "warned", row, Stage.INBOX, target, place=returning.in_chat(situation, decision))
    instead = {"staff": "resubmitted"} if submission > 1 else None
    say(draft, line, row, Stage.INBOX, target, instead=instead, n=str(submission))
    return draft.finish()


def _judged(file: TrackedFile, decision: Decision, examined: Examined) -> Judged:
    return Judged(file.id, file.submitted or "", decision.state, decision.rule, examined.findings, examined.facts)


def _line(situation: Situation, file: TrackedFile) -> int:
    """The succession that the file belongs to: that of the same document's earlier files."""
    same = [
        other.line
        for other in situation.files.values()
        if other.role in (Role.DOCUMENT, Role.OLD, Role.WITHDRAWN) and situation.same_document(file, other)
    ]
    return min([file.line, *same])


def _ask(situation: Situation, file: TrackedFile, decision: Decision, examined: Examined) -> Move | None:
    if decision.state == "wait":
        return None
    if decision.state == "hold":
        return _hold(situation, file, decision, examined)
    return _once(situation, file, f"{decision.state}:{file.name}", decision.state, Stage.INBOX)


def _hold(situation: Situation, file: TrackedFile, decision: Decision, examined: Examined) -> Move | None:
    """Something that a person of the ward has to look at: said once, the file stays where it is."""
    checks = ",".join(sorted({finding.check for finding in decision.findings}))
    key = f"misplaced:{file.name}" if checks == MISPLACED else f"hold:{file.name}:{checks}:{file.submitted}"
    if key in file.told:
        return None
    draft = Draft(situation, "O1", By.SYNCD, "syncd")
    row = replace(file, told=(*file.told, key))
    draft.row(row)
    draft.record(
        row, "waits_for_person", Stage.INBOX, Stage.INBOX, rule=decision.rule, reason="; ".join(decision.reasons),
        sha1=file.submitted,
    )  # fmt: skip
    draft.judged(_judged(row, decision, examined))
    reason, place = returning.reason(situation, decision), returning.in_chat(situation, decision)
    told = replace(row, document=decision.document, period=decision.period)
    unseen = all(finding.check in UNSEEN for finding in decision.findings)
    to_staff = "document_unseen" if unseen else "document_held"
    draft.tell("staff", to_staff, told, None, Stage.INBOX, reason=reason, place=place)
    draft.tell("operator", "document_held_operator", told, None, Stage.INBOX, reason=reason, place=place)
    return draft.finish()


def _once(situation: Situation, file: TrackedFile, key: str, outcome: str, target: Stage) -> Move | None:
    """Says once that the file stays where it is, and why."""
    if key in file.told:
        return None
    draft = Draft(situation, "O1", By.SYNCD, "syncd")
    row = replace(file, told=(*file.told, key))
    draft.row(row)
    reason = "not_allowed" if outcome == "refused" else f"the document type is {outcome}"
    draft.record(row, outcome, Stage.INBOX, target, reason=reason, sha1=file.submitted)
    if outcome == "refused":
        draft.tell("staff", "put_back", row, Stage.INBOX, target, reason="not_allowed")
        return draft.finish()
    example = situation.rules.example(None, situation.operator, situation.local.date())
    for audience in ("operator", "staff"):
        draft.tell(audience, outcome, row, None, Stage.INBOX, example=example)
    for other in situation.documents(Stage.CORRECTIONS):
        if outcome == "unknown" and other.document is None and situation.same_document(file, other):
            make_room(draft, file, Stage.CORRECTIONS)
            break
    return draft.finish()
