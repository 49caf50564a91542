"""Which bytes are kept for which file, whose they were, and when they may go. The bytes themselves lie elsewhere.

A version's row outlives its bytes: retention takes the bytes, but a copy that turns up in another operator's folder
years later is still recognised by its SHA-1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from syncd.model import Kept, Origin, Quarantined, Side
from syncd.store.columns import bound, text
from syncd.store.database import Row, Store

DAY: Final = 86_400.0
VERSION: Final = "id, operator, line, file, sha1, size, side, name, origin, at, used_at"


@dataclass(frozen=True, slots=True)
class Version:
    """Bytes that are kept of a file.

    Attributes:
        origin: whose they were when they were first seen here.
        at: when they were first kept; `used_at`: when they were last in use (placed, or kept again).
    """

    id: int
    operator: str
    line: int
    file: int
    sha1: str
    size: int
    side: Side
    name: str
    origin: Origin
    at: float
    used_at: float


@dataclass(frozen=True, slots=True)
class InQuarantine:
    """Bytes that were taken out of a folder, under the number that people use for them."""

    number: int
    operator: str
    name: str
    sha1: str
    size: int
    reason: str
    at: float


@dataclass(frozen=True, slots=True)
class Expired:
    """What retention has let go; bytes that nothing refers to any more may now be removed."""

    versions: tuple[Version, ...]
    quarantined: tuple[InQuarantine, ...]


def expired(versions: Iterable[Version], current: AbstractSet[str], now: float, days: float) -> tuple[Version, ...]:
    """Versions that were not in use for more than `days` days; `current` bytes are in use, whatever their age."""
    return tuple(one for one in versions if one.sha1 not in current and now - one.used_at > days * DAY)


class KeptBytes:
    """Versions and quarantine."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, kept: Sequence[Kept], at: float) -> None:
        """Records kept bytes under the line of their file; whose they are is what was said of them first."""
        for one in kept:
            owner = self._store.row("SELECT operator, line FROM files WHERE id = ?", (one.file,))
            if owner is None:
                raise ValueError(f"bytes are kept for file {one.file}, which was never recorded")
            columns = (*owner, one.file, one.sha1, one.size, one.side.value, bound(one.name), one.origin, at, at)
            self._store.execute(
                """INSERT INTO versions (operator, line, file, sha1, size, side, name, origin, at, used_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (operator, line, sha1)
                DO UPDATE SET used_at = max(used_at, excluded.used_at), gone_at = NULL""",
                columns,
            )

    def put_out_of_use(self, operator: str, line: int, sha1s: Iterable[str], at: float) -> None:
        """Bytes left the stage folders: from now on their retention counts."""
        self._store.execute_many(
            "UPDATE versions SET used_at = max(used_at, ?) WHERE operator = ? AND line = ? AND sha1 = ?",
            [(at, operator, line, one) for one in sha1s],
        )

    def carry_over(self, operator: str, file: int, line: int, to_line: int) -> None:
        """A file joins another line: its versions go with it, but for bytes that are kept there already."""
        self._store.execute(
            "UPDATE OR IGNORE versions SET line = ? WHERE operator = ? AND file = ? AND line = ?",
            (to_line, operator, file, line),
        )

    def versions_of(self, operator: str, line: int) -> tuple[Version, ...]:
        """What is kept of a file and of those it succeeded, oldest first."""
        return self._versions("operator = ? AND line = ?", (operator, line))

    def versions_by_name(self, operator: str, name: str) -> tuple[Version, ...]:
        """What is kept under a name, also of files that are closed, oldest first."""
        return self._versions("operator = ? AND name = ?", (operator, bound(name)))

    def _versions(self, where: str, parameters: Row) -> tuple[Version, ...]:
        sql = f"SELECT {VERSION} FROM versions WHERE gone_at IS NULL AND {where} ORDER BY id"
        return tuple(_version(row) for row in self._store.rows(sql, parameters))

    def quarantine(self, rows: Sequence[Quarantined], at: float) -> tuple[int, ...]:
        """Records bytes that were taken out of a folder; returns their numbers."""
        return tuple(
            self._store.insert(
                "INSERT INTO quarantine (operator, name, sha1, size, reason, at) VALUES (?, ?, ?, ?, ?, ?)",
                (one.operator, bound(one.name), one.sha1, one.size, one.reason, at),
            )
            for one in rows
        )

    def quarantined(self, before: float | None = None) -> tuple[InQuarantine, ...]:
        """What lies in quarantine, oldest first; `before`: only what came before that time."""
        rows = self._store.rows(
            "SELECT number, operator, name, sha1, size, reason, at FROM quarantine"
            " WHERE gone_at IS NULL ORDER BY number"
        )
        return tuple(
            InQuarantine(number, operator, text(name), *rest)
            for number, operator, name, *rest in rows
            if before is None or rest[-1] < before
        )

    def current(self) -> frozenset[str]:
        """SHA-1 of all bytes that live files are, were handed in as, or are offered as."""
        columns = ("cloud_sha1", "intranet_sha1", "submitted", "offered")
        each = " UNION ".join(f"SELECT {one} FROM files WHERE closed_at IS NULL" for one in columns)
        return frozenset(row[0] for row in self._store.rows(each) if row[0])

    def expire(self, now: float, versions_days: float, quarantine_days: float) -> Expired:
        """Lets go what the administrator's retention no longer keeps. The history is never shortened."""
        with self._store.transaction():
            gone = expired(self._versions("1", ()), self.current(), now, versions_days)
            out = self.quarantined(before=now - quarantine_days * DAY)
            if gone:
                ids = [(now, one.id) for one in gone]
                self._store.execute_many("UPDATE versions SET gone_at = ? WHERE id = ?", ids)
            if out:
                numbers = [(now, one.number) for one in out]
                self._store.execute_many("UPDATE quarantine SET gone_at = ? WHERE number = ?", numbers)
        return Expired(gone, out)


def _version(row: Row) -> Version:
    number, operator, line, file, digest, size, side, name, origin, at, used_at = row
    return Version(number, operator, line, file, digest, size, Side(side), text(name), origin, at, used_at)
