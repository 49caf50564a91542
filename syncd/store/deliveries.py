"""What became of each notice at each address of its room.

Owns states, attempts and errors. A room may have several addresses, each gets every notice once: what one has taken is
not repeated there when another fails. Addresses are secrets, so only a salted hash of them is kept here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

from syncd.model import Notice, NoticeState
from syncd.store.database import Row, Store

_COLUMNS: Final = "id, room, text, state, attempts, error, created_at, next_at, dedupe_key, moves"
_OPEN: Final = "state IN ('waiting', 'sending')"


@dataclass(frozen=True, slots=True)
class Pending:
    """A notice that one address has yet to take; `attempts` and `next_at` are that address's own."""

    notice: Notice
    attempts: int
    next_at: float


def _notice(row: Row) -> Notice:
    number, room, text, state, attempts, error, created_at, next_at, dedupe_key, moves = row
    return Notice(
        number,
        room,
        text,
        cast(NoticeState, state),
        attempts,
        error,
        created_at,
        next_at,
        dedupe_key or "",
        tuple(json.loads(moves)),
    )


def _address(room: str, url: str) -> str:
    return hashlib.sha256(f"{room}\n{url}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


class Deliveries:
    """The sending side of the outbox; every change is committed when its method returns."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # ── sending ──

    def recover(self) -> int:
        """After a start: what was being sent when syncd stopped is sent again; returns how many notices that are."""
        with self._store.transaction():
            self._store.execute("UPDATE deliveries SET state = 'waiting' WHERE state = 'sending'")
            return self._store.execute("UPDATE notices SET state = 'waiting' WHERE state = 'sending'")

    def rooms(self) -> tuple[str, ...]:
        """Rooms for which something waits."""
        return tuple(row[0] for row in self._store.rows(f"SELECT DISTINCT room FROM notices WHERE {_OPEN}"))

    def pending(self, room: str, url: str, most: int = 20) -> tuple[Pending, ...]:
        """The next `most` that this address of the room has yet to take, in its order."""
        columns = ", ".join(f"n.{column}" for column in _COLUMNS.split(", "))
        rows = self._store.rows(
            f"SELECT {columns}, coalesce(d.attempts, 0), coalesce(d.next_at, 0) FROM notices n"
            " LEFT JOIN deliveries d ON d.notice = n.id AND d.address = ?"
            " WHERE n.state IN ('waiting', 'sending') AND n.room = ?"
            " AND coalesce(d.state, 'waiting') IN ('waiting', 'sending') ORDER BY n.id LIMIT ?",
            (_address(room, url), room, most),
        )
        return tuple(Pending(_notice(row[:-2]), row[-2], row[-1]) for row in rows)

    def claim(self, notice: Notice, url: str) -> bool:
        """Commits that it is being sent; False when that has been settled meanwhile."""
        with self._store.transaction():
            taken = self._store.execute(
                f"UPDATE notices SET state = 'sending' WHERE id = ? AND {_OPEN}",
                (notice.id,),
            )
            if taken:
                self._store.execute(
                    "INSERT INTO deliveries (notice, address, state) VALUES (?, ?, 'sending')"
                    " ON CONFLICT (notice, address) DO UPDATE SET state = 'sending'",
                    (notice.id, _address(notice.room, url)),
                )
        return taken > 0

    def record(
        self,
        notice: Notice,
        url: str,
        urls: Sequence[str],
        state: Literal["waiting", "sent", "refused"],
        now: float,
        *,
        error: str = "",
        next_at: float = 0.0,
    ) -> None:
        """Commits what an attempt led to, and what that means for the notice.

        Args:
            urls: all present addresses of the room.
            next_at: with `waiting`: not to be tried before.
        """
        with self._store.transaction():
            self._store.execute(
                "UPDATE deliveries SET state = ?, attempts = attempts + 1, error = ?, next_at = ?"
                " WHERE notice = ? AND address = ?",
                (state, error, next_at, notice.id, _address(notice.room, url)),
            )
            self._sum_up(notice, urls, now)

    def settle(self, room: str, urls: Sequence[str], now: float) -> None:
        """Brings what waits in a room in line with its addresses, when they are others (none: nobody is to be told)."""
        with self._store.transaction():
            for notice in self._select(f"WHERE {_OPEN} AND room = ? ORDER BY id", (room,)):
                self._sum_up(notice, urls, now)

    def _sum_up(self, notice: Notice, urls: Sequence[str], now: float) -> None:
        """The notice's state follows from those of its room's addresses."""
        if not urls:
            self._store.execute("UPDATE notices SET state = 'unaddressed' WHERE id = ?", (notice.id,))
            return
        kept = {row[0]: row[1:] for row in self._store.rows(_DELIVERIES, (notice.id,))}
        found = [kept.get(_address(notice.room, url), ("waiting", 0, "", 0.0)) for url in urls]
        states = [state for state, *_ in found]
        open_at = [next_at for state, _, _, next_at in found if state in ("waiting", "sending")]
        state: NoticeState = "sent"
        if open_at:
            state = "sending" if "sending" in states else "waiting"
        elif "refused" in states:
            state = "failed"
        errors = [
            f"{number}/{len(urls)}: {error}" if len(urls) > 1 else error
            for number, (_, _, error, _) in enumerate(found, 1)
            if error
        ]
        attempts = max(attempts for _, attempts, _, _ in found)
        sent_at = now if state == "sent" else None
        self._store.execute(
            "UPDATE notices SET state = ?, attempts = ?, error = ?, next_at = ?, sent_at = ? WHERE id = ?",
            (state, attempts, " ".join(errors), min(open_at, default=0.0), sent_at, notice.id),
        )

    # ── looking ──

    def all(self) -> list[Notice]:
        """Every notice, oldest first."""
        return self._select("ORDER BY id", ())

    def counts(self) -> tuple[int, int]:
        """How many notices wait, how many failed."""
        row = self._store.row(
            f"SELECT count(*) FILTER (WHERE {_OPEN}), count(*) FILTER (WHERE state = 'failed') FROM notices"
        )
        return (row[0], row[1]) if row else (0, 0)

    def last_sent_at(self, room: str) -> float:
        """When something last reached every address of the room; 0.0: never."""
        row = self._store.row("SELECT max(sent_at) FROM notices WHERE room = ? AND state = 'sent'", (room,))
        return float(row[0] or 0.0) if row else 0.0

    # ── a person's decision ──

    def retry(self) -> int:
        """Lets everything that failed wait again, and what waits be tried at once; returns how many had failed."""
        with self._store.transaction():
            self._store.execute(
                "UPDATE deliveries SET state = 'waiting', attempts = 0, error = '', next_at = 0 WHERE state = 'refused'"
                " AND notice IN (SELECT id FROM notices WHERE state = 'failed')"
            )
            self._store.execute("UPDATE deliveries SET next_at = 0 WHERE state = 'waiting'")
            self._store.execute("UPDATE notices SET next_at = 0 WHERE state = 'waiting'")
            return self._store.execute(
                "UPDATE notices SET state = 'waiting', attempts = 0, error = '', next_at = 0 WHERE state = 'failed'"
            )

    def forget_fate(self) -> int:
        """What waits may have been said already: it is listed as unknown and never sent. Returns how many."""
        return self._store.execute(f"UPDATE notices SET state = 'unknown' WHERE {_OPEN}")

    def _select(self, further: str, parameters: Sequence[object]) -> list[Notice]:
        return [_notice(row) for row in self._store.rows(f"SELECT {_COLUMNS} FROM notices {further}", parameters)]


_DELIVERIES: Final = "SELECT address, state, attempts, error, next_at FROM deliveries WHERE notice = ?"
