"""What lies beside a file in corrections: why it came back, a copy with the places marked, what the ward changed.

And what chat may say of the same: places and counts. The texts themselves are `rulebook.letters`'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from syncd import names
from syncd.forms.fact import CellChange
from syncd.mirror import notes
from syncd.mirror.draft import Content, Draft
from syncd.mirror.situation import Situation
from syncd.model import By, Decision, Finding, Side, Stage, TrackedFile
from syncd.rulebook.letters import cells_in_chat, changed_cells, changes_note, returned_note


def explain(draft: Draft, file: TrackedFile, findings: Sequence[Finding], marked: Content | None) -> None:
    """Why the file comes back, in words and, for a workbook, in a marked copy; both leave with the file."""
    situation = draft.situation
    copy = names.marked_copy(file.name) if marked is not None else ""
    text = returned_note(
        situation.operator.name,
        _title(situation, file),
        file.period,
        findings,
        language=situation.language,
        inbox=situation.folder(Stage.INBOX),
        file=file.name,
        marked=copy,
    )
    notes.beside(draft, file, names.note_for(file.name), draft.text(text))
    if marked is not None:
        notes.beside(draft, file, copy, marked)


def list_changes(draft: Draft, file: TrackedFile, changes: Sequence[CellChange]) -> None:
    """What the ward changed in the operator's form, cell by cell."""
    situation = draft.situation
    text = changes_note(
        situation.operator.name,
        _title(situation, file),
        file.period,
        changes,
        language=situation.language,
        confirmed=situation.folder(Stage.CONFIRMED),
        inbox=situation.folder(Stage.INBOX),
        file=file.name,
    )
    notes.beside(draft, file, names.list_of_changes(file.name), draft.text(text))


def drop_list(draft: Draft, file: TrackedFile) -> None:
    """The list of an earlier correction is no longer true."""
    for note in draft.situation.notes_of(file.id):
        if note.brought_by is By.SYNCD and note.name == names.list_of_changes(file.name):
            for side in Side:
                draft.remove(note.id, side, draft.now(note, side))
            draft.close(note)


def in_chat(situation: Situation, decision: Decision) -> str:
    """Where something was found; '' when that can't be said by a place."""
    findings = decision.findings
    cells = [cell for finding in findings for cell in finding.cells]
    if not cells:
        return situation.words(f"{len(findings)}件", f"{len(findings)}") if decision.state == "return" else ""
    return cells_in_chat(cells, situation.language, len(findings))


def changes_in_chat(situation: Situation, changes: Sequence[CellChange]) -> str:
    """Where the ward changed something."""
    cells, count = changed_cells(changes)
    return cells_in_chat(cells, situation.language, count)


def reason(situation: Situation, decision: Decision) -> str:
    """The key of the reason that chat gives for a hold: the check's own, if it has one, else that one has to look."""
    checks = (finding.check for finding in decision.findings)
    return next((check for check in checks if f"reason_{check}" in situation.rules.messages), "held")


def _title(situation: Situation, file: TrackedFile) -> str:
    return situation.rules.title(file.document) or file.name
