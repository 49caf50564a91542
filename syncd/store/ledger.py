"""What syncd knows of every file, and the moves under way: committed before their effects, settled with their outcome.

Settling is one transaction: files, history, tellings, kept bytes and the intent's end are recorded together or not at
all. It plans nothing and touches neither tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from syncd.errors import SyncdError
from syncd.model import Move, Prepared, Sighting, Stage, Telling, TrackedFile
from syncd.store.belongings import Belongings
from syncd.store.columns import (
    FILE,
    bound,
    done_in,
    done_out,
    file_in,
    file_out,
    move_in,
    move_out,
    prepared_in,
    prepared_out,
    text,
)
from syncd.store.database import Row, Store
from syncd.store.history import History
from syncd.store.holds import Holds
from syncd.store.judgements import Judgements
from syncd.store.kept import KeptBytes
from syncd.store.observations import Observations
from syncd.store.whereabouts import Whereabouts

Tell = Callable[[Sequence[Telling], Sequence[int], float], None]
"""Takes tellings (with real file ids), the numbers of the move's history records and the time, in the transaction."""

_MARKS: Final = ", ".join("?" * (FILE.count(",") + 1))
_RENEW: Final = ", ".join(f"{name} = excluded.{name}" for name in FILE.split(", ")[1:])
FIRST_SEEN: Final = "first seen:"
UPSERT: Final = (
    f"INSERT INTO files ({FILE}) VALUES ({_MARKS}) ON CONFLICT (id) DO UPDATE SET {_RENEW}, closed_at = NULL"
)


@dataclass(frozen=True, slots=True)
class Intent:
    """A move under way.

    Attributes:
        prepared: the staged bytes by the index of their effect.
        done: what came of its first effects, where it is known: nothing for one that took a file away or left it.
    """

    id: int
    move: Move
    prepared: Mapping[int, Prepared]
    at: float
    done: tuple[Sighting | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling recorded.

    Attributes:
        files: real id of each file that the plan had given an id < 0.
        seqs: numbers of the history's records.
        quarantined: numbers of what went into quarantine, in the move's order.
    """

    files: Mapping[int, int]
    seqs: tuple[int, ...]
    quarantined: tuple[int, ...]


class Ledger(Observations, KeptBytes, Belongings, Holds, Judgements, Whereabouts):
    """Everything that syncd knows, in one database.

    Args:
        tell: hands tellings to the outbox; without it a move that tells something can't be settled.
    """

    def __init__(self, store: Store, history: History, tell: Tell | None = None) -> None:
        super().__init__(store)
        self._history = history
        self._tell = tell

    # ── files ──

    def known(self, operator: str) -> tuple[TrackedFile, ...]:
        """The operator's files that are in the workflow, in the order of their ids."""
        return self._files("closed_at IS NULL AND operator = ?", (operator,))

    def all_live(self) -> tuple[TrackedFile, ...]:
        """All operators' files that are in the workflow, in the order of their ids."""
        return self._files("closed_at IS NULL", ())

    def first_arrivals(self) -> dict[int, float]:
        """When each succession of files that is in the workflow was first sent in, by the id of its line."""
        rows = self._store.rows(
            "SELECT line, min(arrived_at) FROM files WHERE role IN ('document', 'old', 'withdrawn') AND line IN"
            " (SELECT line FROM files WHERE closed_at IS NULL) GROUP BY line"
        )
        return {int(line): float(at) for line, at in rows}

    def first_seen(self) -> dict[str, float]:
        """Since when each operator is known: as `see` kept it, or since its first file."""
        rows = self._store.rows("SELECT operator, min(entered_at) FROM files GROUP BY operator")
        found = {text(operator): float(at) for operator, at in rows}
        begin = len(FIRST_SEEN)
        kept = self._store.rows("SELECT key, value FROM settings WHERE substr(key, 1, ?) = ?", (begin, FIRST_SEEN))
        for key, value in kept:
            found[key[begin:]] = min(float(value), found.get(key[begin:], float("inf")))
        return found

    def see(self, operator: str, at: float) -> None:
        """Keeps when an operator was first looked at; later calls change nothing."""
        if self.setting(f"{FIRST_SEEN}{operator}") is None:
            self.set_setting(f"{FIRST_SEEN}{operator}", str(at))

    def file(self, file_id: int) -> TrackedFile | None:
        """A file, closed or not."""
        return next(iter(self._files("id = ?", (file_id,))), None)

    def is_closed(self, file_id: int) -> bool:
        """Whether the file has left the workflow (or was never recorded)."""
        return self._store.row("SELECT 1 FROM files WHERE id = ? AND closed_at IS NULL", (file_id,)) is None

    def operators(self) -> frozenset[str]:
        """Operators of whom syncd knows files."""
        return frozenset(row[0] for row in self._store.rows("SELECT DISTINCT operator FROM files"))

    def owner_of(self, identity: str, operator: str) -> TrackedFile | None:
        """A live file of *another* operator that has this identity on the intranet."""
        where = "closed_at IS NULL AND intranet_identity = ? AND operator != ?"
        return next(iter(self._files(where, (identity, operator))), None)

    def find_file(self, operator: str, stage: Stage | None, path: str) -> tuple[TrackedFile, ...]:
        """Files that lie, or last lay, at `path` in a stage on either side, or bear that name; live ones first."""
        stage_column, name = stage.value if stage else "", bound(path.rpartition("/")[2])
        where = (
            "operator = ? AND ((cloud_stage = ? AND cloud_path = ?) OR (intranet_stage = ? AND intranet_path = ?)"
            " OR (name = ? AND ? IN (cloud_stage, intranet_stage)))"
        )
        place = (stage_column, bound(path))
        return self._files(where, (operator, *place, *place, name, stage_column), "closed_at IS NOT NULL, id DESC")

    def counts(self) -> dict[str, dict[Stage, int]]:
        """How many documents each operator has in each stage, where the ward has them, else where the cloud has."""
        rows = self._store.rows(
            """SELECT operator, CASE WHEN intranet_path IS NULL THEN cloud_stage ELSE intranet_stage END AS stage,
            count(*) FROM files WHERE closed_at IS NULL AND role = 'document' GROUP BY 1, 2"""
        )
        found: dict[str, dict[Stage, int]] = {}
        for operator, stage, count in rows:
            if stage:
                found.setdefault(operator, dict.fromkeys(Stage, 0))[Stage(stage)] = count
        return found

    def remarks(self, operator: str) -> frozenset[str]:
        """What was already said once about files that nobody tracks."""
        rows = self._store.rows("SELECT key FROM remarks WHERE operator = ?", (operator,))
        return frozenset(text(row[0]) for row in rows)

    def _files(self, where: str, parameters: Row, order: str = "id") -> tuple[TrackedFile, ...]:
        rows = self._store.rows(f"SELECT {FILE} FROM files WHERE {where} ORDER BY {order}", parameters)
        return tuple(file_in(row) for row in rows)

    # ── moves ──

    def open_intent(self, move: Move, prepared: Mapping[int, Prepared], at: float) -> int:
        """Commits that a move is about to happen; returns the intent's id."""
        return self._store.insert(
            "INSERT INTO intents (operator, move, prepared, at) VALUES (?, ?, ?, ?)",
            (move.operator, move_out(move), prepared_out(prepared), at),
        )

    def open_intents(self, operator: str | None = None) -> list[Intent]:
        """Moves without an outcome, oldest first."""
        where, parameters = ("1", ()) if operator is None else ("operator = ?", (operator,))
        sql = f"SELECT id, move, prepared, at, progress FROM intents WHERE {where} ORDER BY id"
        return [
            Intent(number, move_in(move), prepared_in(prepared), at, done_in(progress))
            for number, move, prepared, at, progress in self._store.rows(sql, parameters)
        ]

    def got_as_far_as(self, intent_id: int, done: Sequence[Sighting | None]) -> None:
        """Keeps what came of a move's first effects, which needn't be done again; see `Intent.done`."""
        self._store.execute("UPDATE intents SET progress = ? WHERE id = ?", (done_out(done), intent_id))

    def abandon_intent(self, intent_id: int) -> None:
        """The move did not happen and will not."""
        self._store.execute("DELETE FROM intents WHERE id = ?", (intent_id,))

    def settle_intent(self, intent_id: int | None, move: Move, at: float) -> Settled:
        """Records a move's outcome, all of it in one transaction.

        Args:
            intent_id: None for a move that had no effects and so no intent.
            move: with identities and etags as the effects left them.

        Raises:
            SyncdError: the disk refuses, or the intent was settled before; nothing is recorded.
        """
        with self._store.transaction():
            if intent_id is not None and not self._store.execute("DELETE FROM intents WHERE id = ?", (intent_id,)):
                raise SyncdError(f"move {intent_id} of {move.operator} was settled already", "look again")
            files = self._real_ids(move)
            self._record_files(move, files, at)
            self.keep([replace(one, file=files.get(one.file, one.file)) for one in move.kept], at)
            self._close([files.get(one, one) for one in move.closes], at)
            self._record_judgements(move, files, at)
            quarantined = self.quarantine(move.quarantined, at)
            self._store.execute_many(
                "INSERT OR IGNORE INTO remarks (operator, key) VALUES (?, ?)",
                [(move.operator, bound(key)) for key in move.remarks],
            )
            seqs = self._history.append(move.records, at)
            self._hand_over([replace(one, file=files.get(one.file, one.file)) for one in move.tellings], seqs, at)
        return Settled(files, seqs, quarantined)

    def _hand_over(self, tellings: Sequence[Telling], seqs: Sequence[int], at: float) -> None:
        if not tellings:
            return
        if self._tell is None:
            raise RuntimeError("a move tells something, but this ledger has no outbox")
        self._tell(tellings, seqs, at)

    def _real_ids(self, move: Move) -> dict[int, int]:
        row = self._store.row("SELECT coalesce(max(id), 0) FROM files")  # rows are never deleted, so ids never return
        last: int = row[0] if row else 0
        planned = dict.fromkeys(file.id for file in move.after if file.id < 0)
        return {file_id: last + count for count, file_id in enumerate(planned, 1)}

    def _record_files(self, move: Move, files: Mapping[int, int], at: float) -> None:
        for planned in move.after:
            own = files.get(planned.id, planned.id)
            file = replace(
                planned,
                id=own,
                line=files.get(planned.line, planned.line) if planned.line else own,
                note_for=tuple(files.get(one, one) for one in planned.note_for),
            )
            before = self.file(own)
            self._store.execute(UPSERT, file_out(file))
            if before is not None:
                if before.line != file.line:  # it turned out to be another document's: what is kept of it goes along
                    self.carry_over(file.operator, own, before.line, file.line)
                self.put_out_of_use(file.operator, file.line, _bytes_of(before) - _bytes_of(file), at)

    def _record_judgements(self, move: Move, files: Mapping[int, int], at: float) -> None:
        rows = ((one, self.file(files.get(one.file, one.file))) for one in move.judged)
        self.judged([(one, file) for one, file in rows if file is not None], at)

    def _close(self, ids: Iterable[int], at: float) -> None:
        for file_id in ids:
            before = self.file(file_id)
            if before is None:
                raise ValueError(f"file {file_id} is to be closed, but was never recorded")
            self._store.execute("UPDATE files SET closed_at = ? WHERE id = ? AND closed_at IS NULL", (at, file_id))
            self._store.execute("DELETE FROM absences WHERE file = ?", (file_id,))
            self.put_out_of_use(before.operator, before.line, _bytes_of(before), at)

    # ── bytes ──

    def referenced(self) -> frozenset[str]:
        """SHA-1 of all bytes that must not be purged: versions, quarantine, live files, sightings, moves under way."""
        held = {
            row[0]
            for row in self._store.rows(
                "SELECT sha1 FROM versions WHERE gone_at IS NULL UNION SELECT sha1 FROM quarantine"
                " WHERE gone_at IS NULL UNION SELECT sha1 FROM sightings WHERE sha1 IS NOT NULL"
            )
        }
        for intent in self.open_intents():
            move = intent.move
            held.update(effect.sha1 for effect in move.effects if effect.sha1)
            held.update(one.sha1 for one in move.kept)
            held.update(one.sha1 for one in move.quarantined)
            held.update(sha1 for file in move.after for sha1 in _bytes_of(file))
        return self.current() | held


def _bytes_of(file: TrackedFile) -> set[str]:
    placed = [placement.sha1 for placement in (file.cloud, file.intranet) if placement]
    return {one for one in (*placed, file.submitted, file.offered) if one}
