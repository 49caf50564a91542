"""What the rules said of each file, with the facts it rests on; what was scanned; which edits change nothing.

Owns these three tables. The facts serve the checks that look at other documents and earlier months; the findings serve
`why`, the notes and the pages. It judges nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from syncd.forms.fact import CellChange
from syncd.model import Finding, Judged, TrackedFile
from syncd.store.database import Row, Store

_COLUMNS: Final = "file, operator, document, period, sha1, state, rule, findings, facts, at"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was said of one file the last time; `facts` as `forms.stored` writes them."""

    file: int
    document: str | None
    period: str | None
    sha1: str
    state: str
    rule: str
    findings: tuple[Finding, ...]
    facts: str
    at: float


class Judgements:
    """The table of judgements, and what scanner and comparison found once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # ── judgements ──

    def judged(self, rows: Sequence[tuple[Judged, TrackedFile]], at: float) -> None:
        """Records judgements; call it inside the move's transaction, with the files' real ids."""
        self._store.execute_many(
            f"INSERT OR REPLACE INTO judgements ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    file.id, file.operator, file.document, file.period, one.sha1, one.state, one.rule,
                    json.dumps(msgspec.to_builtins(one.findings), ensure_ascii=False), one.facts, at,
                )
                for one, file in rows
            ],
        )  # fmt: skip

    def judgement(self, file: int) -> Judgement | None:
        """The last one of a file."""
        row = self._store.row(f"SELECT {_COLUMNS} FROM judgements WHERE file = ?", (file,))
        return _judgement(row) if row else None

    def accepted_judgements(self, operator: str, periods: Iterable[str]) -> tuple[Judgement, ...]:
        """Those of an operator's documents in review and confirmed for these periods, the oldest first."""
        wanted = tuple(periods)
        marks = ", ".join("?" * len(wanted))
        columns = ", ".join(f"judgements.{name}" for name in _COLUMNS.split(", "))
        rows = self._store.rows(
            f"SELECT {columns} FROM judgements JOIN files ON files.id = judgements.file WHERE judgements.operator = ?"
            f" AND files.closed_at IS NULL AND judgements.period IN ({marks})"
            " AND coalesce(files.intranet_stage, files.cloud_stage) IN ('review', 'confirmed')"
            " AND files.role = 'document' ORDER BY judgements.at, judgements.file",
            (operator, *wanted),
        )
        return tuple(_judgement(row) for row in rows)

    def returned(self) -> tuple[Judgement, ...]:
        """Those of files that were sent back and are still there."""
        columns = ", ".join(f"judgements.{name}" for name in _COLUMNS.split(", "))
        rows = self._store.rows(
            f"SELECT {columns} FROM judgements JOIN files ON files.id = judgements.file"
            " WHERE files.closed_at IS NULL AND judgements.state = 'return'"
        )
        return tuple(_judgement(row) for row in rows)

    def forget_judgements(self) -> None:
        """Those of files of which no bytes are kept any more go, too: facts are personal information."""
        self._store.execute(
            "DELETE FROM judgements WHERE sha1 NOT IN (SELECT sha1 FROM versions WHERE gone_at IS NULL)"
            " AND file NOT IN (SELECT id FROM files WHERE closed_at IS NULL)"
        )

    # ── scanned once ──

    def was_clean(self, sha1: str) -> bool:
        """Whether the scanner called these bytes clean, not long ago."""
        return self._store.row("SELECT 1 FROM scans WHERE sha1 = ?", (sha1,)) is not None

    def keep_clean(self, sha1: str, at: float) -> None:
        """The scanner called them clean."""
        self._store.execute("INSERT OR REPLACE INTO scans VALUES (?, ?)", (sha1, at))

    def forget_scans(self, before: float) -> None:
        """What was clean then may be known as infected by now."""
        self._store.execute("DELETE FROM scans WHERE at < ?", (before,))

    # ── compared once ──

    def compared(self, old: str, new: str) -> tuple[bool, tuple[CellChange, ...] | None]:
        """Whether these two contents were compared, and what differs (None: they can't be compared)."""
        row = self._store.row("SELECT changes FROM comparisons WHERE old = ? AND new = ?", (old, new))
        if row is None:
            return False, None
        return True, None if row[0] is None else msgspec.convert(json.loads(row[0]), tuple[CellChange, ...])

    def keep_comparison(self, old: str, new: str, changes: tuple[CellChange, ...] | None) -> None:
        written = None if changes is None else json.dumps(msgspec.to_builtins(changes), ensure_ascii=False)
        self._store.execute("INSERT OR REPLACE INTO comparisons VALUES (?, ?, ?)", (old, new, written))

    def forget_comparisons(self) -> None:
        """Those of bytes that are kept no longer."""
        self._store.execute(
            "DELETE FROM comparisons WHERE new NOT IN (SELECT sha1 FROM versions WHERE gone_at IS NULL)"
        )


def cells_of_returned(judgements: Iterable[Judgement]) -> dict[int, tuple[str, ...]]:
    """Where faults were found, by file."""
    return {
        one.file: tuple(cell for finding in one.findings if finding.result == "return" for cell in finding.cells)
        for one in judgements
    }


def _judgement(row: Row) -> Judgement:
    file, _, document, period, sha1, state, rule, findings, facts, at = row
    return Judgement(
        file, document, period, sha1, state, rule, msgspec.convert(json.loads(findings), tuple[Finding, ...]), facts, at
    )
