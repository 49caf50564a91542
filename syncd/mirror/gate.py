"""Never past inbox unseen: what scanner and checks could not look into goes no further, whoever drags it."""

from __future__ import annotations

from typing import Final

from syncd.mirror.situation import Situation
from syncd.model import Stage, TrackedFile

UNSEEN: Final = frozenset({"unreadable", "too_big", "too_slow", "unscanned"})
"""Checks that say that nobody could look into a file, and that waiting won't help: it may only be sent back."""


def why_not_past(situation: Situation, file: TrackedFile, sha1: str | None, target: Stage | None) -> str:
    """Why a person can't take the file with these bytes from where it lies to `target`; '' when nothing is against it.

    A key of REASONS. What the ward made of a file itself (other bytes than the operator's) is not asked about.
    """
    verdict = situation.verdicts.get(file.id)
    if verdict is None:
        return ""
    if verdict.state == "quarantine" or (verdict.state == "wait" and file.stage is Stage.INBOX):
        return "not_checked"
    unseen = any(finding.check in UNSEEN for finding in verdict.findings)
    passes = target is not Stage.CORRECTIONS and (file.stage is Stage.INBOX or sha1 == file.submitted)
    return "unseen" if unseen and passes else ""
