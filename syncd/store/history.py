"""The append-only, hash-chained record of who moved what, when and why.

Each record's `chain` is SHA-256 over the chain before it and the record itself, so that an edit, a removal, an
insertion or a swap breaks it; the head outside the database shows a shortened or lost one. It only ever appends:
nothing here edits or removes a record, whatever its age.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any, Final

from syncd.errors import SyncdError
from syncd.model import By, Record
from syncd.store.chain import GENESIS, NAMES, RESTARTED, Restart, Verdict, Walk, chained, restart_in
from syncd.store.columns import printable
from syncd.store.database import Row, Store
from syncd.store.head import Found, Head, find, key_of, write

COLUMNS: Final = ", ".join(f'"{name}"' for name in NAMES)
TRIGGERS: Final = {"history_no_update", "history_no_delete", "history_appends"}
PAGE: Final = 2_000
MOST: Final = 50  # problems that are worth listing one by one


class History:
    """The history in one database.

    Args:
        store: where it lies.
        zone: the zone its times are written in.
        places: where else the head is kept (another disk, the intranet root's `.syncd`); the state folder always has
            it. A place whose folder is not there is skipped, and `verify` says so.
        key: file with the key that signs the head. It proves that a head is syncd's own; keep it where those who
            can write the state folder can't read it, else it proves nothing.
    """

    def __init__(self, store: Store, zone: tzinfo = UTC, places: Sequence[Path] = (), key: Path | None = None) -> None:
        self._store = store
        self._zone = zone
        self._places = (store.folder / "history-head.json", *places)
        self._key = key_of(key) if key else None
        self._at_hand = False  # lost() was asked and answered no
        if not store.read_only:
            self.publish()  # a crash may have come between a commit and its head

    # ── reading ──

    def rows(self, operator: str | None = None, since: float | None = None) -> Iterator[Mapping[str, Any]]:
        """The records, oldest first, under the names of `NAMES`; `since`: not older than that (seconds)."""
        for row in self._read(operator):
            if since is None or datetime.fromisoformat(row[1]).timestamp() >= since:
                yield dict(zip(NAMES, row, strict=True))

    def _read(self, operator: str | None = None) -> Iterator[Row]:
        where = "seq > ?" if operator is None else "seq > ? AND operator = ?"
        also = () if operator is None else (operator,)
        # rowid order, not the index's: what was inserted out of order must show
        query = f"SELECT {COLUMNS} FROM history WHERE {where} ORDER BY seq LIMIT {PAGE}"
        after = -(2**63)
        while page := self._store.rows(query, (after, *also)):
            yield from page
            after = page[-1][0]

    def head(self) -> Head | None:
        """The last record in the database."""
        row = self._store.row("SELECT seq, chain, at FROM history ORDER BY seq DESC LIMIT 1")
        return Head(*row) if row else None

    def verify(self) -> Verdict:
        """Walks the whole chain and compares its end with every head outside the database."""
        outside = list(self._outside())  # before the records: a daemon may append meanwhile
        walk = Walk()
        with self._store.transaction() if self._store.read_only else nullcontext():
            walk.along(self._read())
            walk.problems += [f"the database's guard {name} was removed" for name in sorted(self._unguarded())]
            for found in outside:
                self._compare(found, walk)
        problems = tuple(walk.problems)
        if len(problems) > MOST:
            problems = (*problems[:MOST], f"and {len(problems) - MOST} more")
        return Verdict(not problems, problems, tuple(walk.warnings), walk.records)

    def _unguarded(self) -> set[str]:
        return TRIGGERS - {row[0] for row in self._store.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")}

    def _compare(self, found: Found, walk: Walk) -> None:
        """Adds to `walk` what the head at one place says against the records."""
        place, head = found.place, found.head
        if head is None:
            own = place == self._places[0]
            if found.state == "broken" or (own and walk.records):
                walk.problems.append(f"{place}: the head of the history is {found.state}")
            elif walk.records:
                walk.warnings.append(f"{place}: no head of the history could be read here ({found.state})")
        elif found.state not in self._credible:
            walk.problems.append(f"{place}: the head of the history is {found.state}; it can't be relied on")
        elif head.seq > walk.seq:
            walk.problems.append(f"the history ends with record {walk.seq}, but {place} knows record {head.seq}")
        elif not self._agrees(head):
            walk.problems.append(f"record {head.seq} is not the one that {place} knows")
        elif head.seq < walk.seq:
            now = find(place, self._key).head
            if now is None or now.seq < walk.seq:
                walk.warnings.append(f"{place}: knows the history up to record {head.seq} of {walk.seq} only")

    # ── writing ──

    def append(self, records: Sequence[Record], at: float) -> tuple[int, ...]:
        """Adds records within the caller's transaction; returns their numbers.

        Raises:
            SyncdError: the database is behind its outside head; `restart` first.
        """
        if not records:
            return ()
        if not self._at_hand and (lost := self.lost()):
            raise SyncdError(
                f"{self._store.path}: the database ends before record {lost.seq} of the history",
                "start `syncd run`; it pairs the files anew and goes on from there",
            )
        self._at_hand = True
        with self._store.transaction():
            last = self.head()
            seq, chain = (last.seq, last.chain) if last else (0, GENESIS)
            return self._chain(records, seq, chain, at)

    def restart(self, head: Head, at: float) -> int:
        """Goes on after an outside head that is newer than the database, and documents the gap; returns the number."""
        last = self.head()
        seq, chain = (last.seq, last.chain) if last else (0, GENESIS)
        record = Record(
            operator="",
            document=None,
            period=None,
            file="",
            from_stage=None,
            to_stage=None,
            by=By.SYNCD,
            actor="",
            rule=Restart(head.seq, head.chain, seq, chain).rule(),
            reason=f"the database was lost or older than its history; records {seq + 1} to {head.seq} are not in it",
            outcome=RESTARTED,
            sha1=None,
        )
        with self._store.transaction():
            self._at_hand = True
            return self._chain([record], head.seq, head.chain, at)[0]

    def write_in(self, zone: tzinfo) -> None:
        """Times of further records are written in that zone; those before stay as they are."""
        self._zone = zone

    def _chain(self, records: Sequence[Record], seq: int, chain: str, at: float) -> tuple[int, ...]:
        moment = datetime.fromtimestamp(at, self._zone).isoformat(timespec="milliseconds")
        rows: list[Row] = []
        for record in records:
            seq += 1
            row = (seq, moment, *_columns(record), "")
            chain = chained(chain, row)
            rows.append((*row[:-1], chain))
        marks = ", ".join("?" * len(NAMES))
        self._store.execute_many(f"INSERT INTO history ({COLUMNS}) VALUES ({marks})", rows)
        self._store.after_commit(self.publish)
        return tuple(row[0] for row in rows)

    # ── the head outside ──

    def lost(self) -> Head | None:
        """The newest outside head, if the database doesn't reach it: files have to be paired anew. Else None."""
        last = self.head()
        heads = [found.head for found in self._outside() if found.head and found.state in self._credible]
        newest = max(heads, key=lambda head: head.seq, default=None)
        return newest if newest and newest.seq > (last.seq if last else 0) else None

    @property
    def _credible(self) -> tuple[str, ...]:
        return ("good",) if self._key is None or self._signed_before() else ("good", "unsigned")

    def _signed_before(self) -> bool:
        return self._store.row("SELECT 1 FROM settings WHERE key = 'history signed'") is not None

    def _outside(self) -> Iterator[Found]:
        return (find(place, self._key) for place in self._places)

    def publish(self) -> None:
        """Writes the head to its places; where a head lies that contradicts the database, it stays as evidence.

        Never fails: what it tells of is recorded already, and `verify` says which head is behind.
        """
        with suppress(SyncdError):
            self._publish()

    def _publish(self) -> None:
        last = self.head()
        if last is None:
            return
        credible = self._credible
        for found in self._outside():
            if found.state == "unreachable" or (found.head == last and found.state == "good"):
                continue
            if found.head is not None and not (found.state in credible and self._agrees(found.head)):
                continue
            with suppress(OSError):
                write(found.place, last, self._key)
        if self._key is not None and not self._signed_before():
            self._store.execute("INSERT OR IGNORE INTO settings (key, value) VALUES ('history signed', 'yes')")

    def _agrees(self, head: Head) -> bool:
        """Whether the database's history runs through that head."""
        row = self._store.row("SELECT chain FROM history WHERE seq = ?", (head.seq,))
        if row is not None:
            return bool(row[0] == head.chain)
        row = self._store.row("SELECT rule, outcome FROM history WHERE seq = ?", (head.seq + 1,))
        restart = restart_in(*row) if row else None
        return restart is not None and (restart.seq, restart.chain) == (head.seq, head.chain)


def _columns(record: Record) -> Row:
    """A record as the columns between `at` and `chain`."""
    return (
        record.operator,
        record.document,
        record.period,
        printable(record.file),
        record.from_stage.value if record.from_stage else None,
        record.to_stage.value if record.to_stage else None,
        record.by.value,
        printable(record.actor),
        printable(record.rule),
        printable(record.reason),
        record.outcome,
        record.sha1,
    )
