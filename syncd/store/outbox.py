"""What is still to be said: tellings, written in the same transaction as the move they tell of, and made into notices.

Owns which room hears of what, how long a room's batch gathers, what waits for a note, and that a gesture taken back in
time was never said. It sends nothing (`deliveries` keeps what became of each notice) and knows no address.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from syncd.model import Audience, NoticeState, Retraction, Stage, Telling
from syncd.rulebook.compose import Words, compose
from syncd.store.database import Store
from syncd.store.deliveries import Deliveries
from syncd.store.tellings import COLUMNS, Waiting, batch, kept_words, plain, waiting, without_note

ROOM_FAILING: Final = "room_failing"
NOTE_ADDED: Final = "note_added"
NOTE: Final = "note"
REFUSALS: Final = frozenset({"put_back", "confirmed_changed"})
"""What was refused stays to be said, whatever becomes of the file."""


class Outbox:
    """Tellings that wait, and the notices made of them.

    Args:
        batch_seconds: how long a room's oldest telling waits for others.
        note_wait_seconds: how long a returned file's telling waits for a note.
        own_staff: ids of operators that have a staff room of their own.
    """

    def __init__(
        self,
        store: Store,
        *,
        batch_seconds: float = 20.0,
        note_wait_seconds: float = 600.0,
        own_staff: frozenset[str] = frozenset(),
    ) -> None:
        self._store = store
        self.deliveries: Final = Deliveries(store)
        self.configure(batch_seconds=batch_seconds, note_wait_seconds=note_wait_seconds, own_staff=own_staff)

    def configure(self, *, batch_seconds: float, note_wait_seconds: float, own_staff: frozenset[str]) -> None:
        """Takes over a changed configuration; what waits already keeps its time."""
        self._batch_seconds = batch_seconds
        self._note_wait_seconds = note_wait_seconds
        self._own_staff = own_staff

    # ── writing ──

    def room(self, audience: Audience, operator: str) -> str:
        """The room in which that audience hears of that operator."""
        if audience == "operator":
            return operator
        if audience == "staff" and operator in self._own_staff:
            return f"staff:{operator}"
        return audience

    def add(self, tellings: Sequence[Telling], seqs: Sequence[int], now: float) -> None:
        """Adds what one move has to say; call it inside the move's transaction.

        Args:
            seqs: the move's history records; the first one is the reference number in texts.

        A telling that `undoes` an unsent one about the same file takes that away in every room, and isn't said itself,
        except where the first was said already.
        """
        with self._store.transaction():
            undone = [self._take_back(telling) for telling in tellings if telling.undoes]
            for telling in tellings:
                room = self.room(telling.audience, telling.operator)
                if telling.undoes and any(undone) and not self._was_said(room, telling):
                    continue
                if not self._renewed(room, telling, seqs, now):
                    self._insert(room, telling, seqs, now)

    def _insert(self, room: str, telling: Telling, seqs: Sequence[int], now: float) -> None:
        wait = self._batch_seconds + (self._note_wait_seconds if telling.waits_for_note else 0.0)
        self._store.insert(
            "INSERT INTO tellings (room, audience, operator, message, file, document, period, name, from_stage,"
            " to_stage, words, seq, created_at, not_before) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                room,
                telling.audience,
                telling.operator,
                telling.message,
                telling.file,
                telling.document,
                telling.period,
                plain(telling.name),
                telling.from_stage,
                telling.to_stage,
                kept_words(telling.values, seqs, telling.waits_for_note),
                seqs[0] if seqs else None,
                now,
                now + wait,
            ),
        )

    def _take_back(self, telling: Telling) -> bool:
        """Removes unsent tellings of the opposite move of the same file; True when there were any."""
        removed = self._store.execute(
            "DELETE FROM tellings"
            " WHERE notice IS NULL AND file = ? AND file != 0 AND from_stage IS ? AND to_stage IS ?",
            (telling.file, telling.to_stage, telling.from_stage),
        )
        if removed:  # what was done with the file in between goes along
            for row in self._unsent("AND file = ? AND from_stage IS to_stage", (telling.file,)):
                if row.item.telling.to_stage is telling.from_stage and row.item.telling.message not in REFUSALS:
                    self._store.execute("DELETE FROM tellings WHERE id = ?", (row.item.id,))
        return removed > 0

    def _renewed(self, room: str, telling: Telling, seqs: Sequence[int], now: float) -> bool:
        """News of a file that stays in its stage, while its coming there is still unsaid: one word is enough.

        False: it has to be said by itself.
        """
        if telling.from_stage is None or telling.from_stage is not telling.to_stage:
            return False
        if telling.message in REFUSALS | {NOTE_ADDED}:
            return False
        unsaid = [row for row in self._coming(telling.file, telling.to_stage) if row.room == room]
        if not unsaid:
            return False
        row = unsaid[-1]
        values = {**row.item.telling.values, **telling.values}
        self._store.execute("UPDATE tellings SET message = ? WHERE id = ?", (telling.message, row.item.id))
        self._reword(replace(row, seqs=(*row.seqs, *seqs)), values, waits=telling.waits_for_note, due=now)
        return True

    def _coming(self, file: int, stage: Stage | None) -> list[Waiting]:
        """What is unsaid about a file's coming into a stage, or being there."""
        rows = self._unsent("AND file = ? AND file != 0 AND audience = 'operator' AND to_stage IS ?", (file, stage))
        return [row for row in rows if row.item.telling.message not in REFUSALS | {NOTE_ADDED}]

    def _was_said(self, room: str, telling: Telling) -> bool:
        """Whether the last thing said in that room about the file is the move that this telling undoes."""
        last = self._store.row(
            "SELECT from_stage, to_stage FROM tellings WHERE room = ? AND file = ? AND notice IS NOT NULL"
            " ORDER BY id DESC LIMIT 1",
            (room, telling.file),
        )
        return last is not None and last == (telling.to_stage, telling.from_stage)

    def note_arrived(self, files: Iterable[int], now: float, values: Mapping[str, str]) -> int:
        """Whatever is unsaid about these files in corrections tells of their notes, too, and need not wait for one.

        Args:
            values: further words for their texts, e.g. the notes' text (`note`).

        Returns:
            how many tellings that were; 0: what there was to say has been said, and a note is a word of its own.
        """
        told = 0
        with self._store.transaction():
            for file in files:
                for row in self._coming(file, Stage.CORRECTIONS):
                    self._reword(row, {**_without_note_text(row), **values}, waits=False, due=now)
                    told += 1
        return told

    def retract(self, notes: Iterable[Retraction]) -> None:
        """Notes that are no more: nothing that is still unsaid speaks of them."""
        with self._store.transaction():
            for note in notes:
                for row in self._unsent("AND file = ? AND message = ?", (note.file, NOTE_ADDED)):
                    if row.item.telling.values.get("of") == note.sha1:
                        self._store.execute("DELETE FROM tellings WHERE id = ?", (row.item.id,))
                for row in self._coming(note.file, Stage.CORRECTIONS) if note.last else ():
                    self._reword(row, _without_note_text(row), waits=row.item.telling.message == "returned", due=None)

    def _reword(self, row: Waiting, values: Mapping[str, str], *, waits: bool, due: float | None) -> None:
        """Other words for what is unsaid. `due`: it may go then, or when its batch does; None: as if it were new."""
        note_wait = self._note_wait_seconds if waits else 0.0
        not_before = "created_at + ?" if due is None else "min(not_before, max(created_at + ?, ?))"
        wait: tuple[float, ...] = (self._batch_seconds + note_wait,) if due is None else (self._batch_seconds, due)
        self._store.execute(
            f"UPDATE tellings SET words = ?, not_before = {not_before} WHERE id = ?",
            (kept_words(values, row.seqs, waits), *wait, row.item.id),
        )

    def tell_failing(self, room: str, detail: str, now: float) -> bool:
        """Tells the administrators that a room can't be reached: once, until it could be reached again.

        False: it is their own room, or they were told.
        """
        if room == "administrators":
            return False
        shown = shown_room(room)
        operator = room.removeprefix("staff:") if room != "staff" else ""
        with self._store.transaction():
            told = self._store.row(
                "SELECT created_at FROM tellings WHERE message = ? AND operator = ? AND name = ?"
                " ORDER BY id DESC LIMIT 1",
                (ROOM_FAILING, operator, shown),
            )
            if told and told[0] >= self.deliveries.last_sent_at(room):
                return False
            values = {"detail": detail, "place": shown}
            telling = Telling("administrators", ROOM_FAILING, operator, 0, None, None, shown, None, None, values=values)
            self._insert("administrators", telling, (), now)
        return True

    # ── reading ──

    def is_told(self, file: int, message: str) -> bool:
        """Whether that message about that file was said or waits to be."""
        found = self._store.row("SELECT 1 FROM tellings WHERE file = ? AND message = ? LIMIT 1", (file, message))
        return found is not None

    def next_batch_at(self) -> float | None:
        """When the next batch is due, or the next wait for a note ends; None: nothing waits."""
        row = self._store.row("SELECT min(not_before) FROM tellings WHERE notice IS NULL")
        return row[0] if row else None

    def counts(self) -> dict[str, int]:
        """For `status`: how many messages wait (also those yet to be made) and how many failed."""
        unsent = self._store.row("SELECT count(*) FROM tellings WHERE notice IS NULL") or (0,)
        waiting, failed = self.deliveries.counts()
        return {"waiting": waiting + int(unsent[0]), "failed": failed}

    def listing(self, words: Words) -> list[dict[str, object]]:
        """For `notices --json`: every notice, then each telling that is yet to become one, with its future text."""
        with self._store.transaction():
            notices, rows = self.deliveries.all(), self._unsent()
        listed: list[dict[str, object]] = [
            {
                "id": notice.id,
                "room": shown_room(notice.room),
                "text": notice.text,
                "state": "waiting" if notice.state == "sending" else notice.state,
                "attempts": notice.attempts,
                "error": notice.error,
                "moves": list(notice.moves),
            }
            for notice in notices
        ]
        for row in rows:
            item = without_note(row).item if row.waits else row.item
            text = "\n".join(text.text for text in compose([item], words))
            moves = list(row.seqs)
            future = {"id": f"t{item.id}", "room": shown_room(row.room), "text": text, "state": "waiting"}
            listed.append({**future, "attempts": 0, "error": "", "moves": moves})
        return listed

    def _unsent(self, further: str = "", parameters: Sequence[object] = ()) -> list[Waiting]:
        sql = f"SELECT {COLUMNS} FROM tellings WHERE notice IS NULL {further} ORDER BY id"
        return [waiting(row) for row in self._store.rows(sql, parameters)]

    def _rooms(self) -> dict[str, list[Waiting]]:
        rooms: dict[str, list[Waiting]] = {}
        for row in self._unsent():
            rooms.setdefault(row.room, []).append(row)
        return rooms

    # ── making notices ──

    def make_notices(
        self,
        now: float,
        words: Words,
        *,
        addressed: Callable[[str], bool],
        quiet: Callable[[str], bool] = lambda room: False,
        at_once: bool = False,
    ) -> int:
        """Makes notices of every room's due batch, in one transaction; returns how many.

        Args:
            addressed: whether a room has any address; what is said in others is kept, not sent.
            quiet: rooms whose batches go on gathering.
            at_once: don't wait for batches to be old enough (what waits for a note still waits).
        """
        due = self.next_batch_at()
        if due is None or (due > now and not at_once):
            return 0
        made = 0
        with self._store.transaction():
            for room, rows in self._rooms().items():
                if quiet(room):
                    continue
                ready = [row for row in rows if row.not_before <= now or (at_once and not row.waits)]
                if ready:
                    state: NoticeState = "waiting" if addressed(room) else "unaddressed"
                    made += self._make(room, batch(rows, now), words, state, now)
        return made

    def forget_fate(self, now: float, words: Words) -> int:
        """After the database came back older than the history's outside head: all that waits may have been said.

        It is listed as unknown and never sent; returns how many notices that are.
        """
        with self._store.transaction():
            made = sum(self._make(room, rows, words, "unknown", now) for room, rows in self._rooms().items())
            return made + self.deliveries.forget_fate()

    def _make(self, room: str, rows: Sequence[Waiting], words: Words, state: NoticeState, now: float) -> int:
        said = [without_note(row) if row.waits else row for row in rows]
        seqs = {row.item.id: row.seqs for row in said}
        texts = compose([row.item for row in said], words)
        for text in texts:
            moves = sorted({seq for item in text.items for seq in seqs[item]})
            notice = self._store.insert(
                "INSERT INTO notices (room, text, state, created_at, dedupe_key, moves) VALUES (?, ?, ?, ?, ?, ?)",
                (room, text.text, state, now, uuid.uuid4().hex, json.dumps(moves)),
            )
            self._store.execute_many(
                "UPDATE tellings SET notice = ? WHERE id = ?", [(notice, item) for item in text.items]
            )
        self._store.execute_many(
            "UPDATE tellings SET message = ? WHERE id = ?",
            [(row.item.telling.message, row.item.id) for row, was in zip(said, rows, strict=True) if was.waits],
        )
        return len(texts)


def _without_note_text(row: Waiting) -> dict[str, str]:
    return {key: value for key, value in row.item.telling.values.items() if key != NOTE}


def shown_room(room: str) -> str:
    """The room's name for people: a staff room of one operator's own is `staff`, too."""
    return "staff" if room.startswith("staff:") else room
