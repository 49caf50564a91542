"""Where things were last seen, across operators, and what becomes of it when an operator's id or the database changes."""

from __future__ import annotations

from datetime import UTC, datetime

from syncd.model import By, Place, Side, Sighting
from syncd.store.columns import SIGHTING, bound, sighting_in
from syncd.store.database import Store

# Tables whose rows belong to an operator; history and notices keep the id under which they were written.
_OWNED = ("files", "sightings", "absences", "folders", "intents", "versions", "quarantine", "remarks")


class Whereabouts:
    """Questions that one operator's rows can't answer, or that need one row only."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def remembered(self, operator: str, side: Side, place: Place) -> Sighting | None:
        """What the last look saw at one place."""
        row = self._store.row(
            f"SELECT {SIGHTING} FROM sightings WHERE operator = ? AND side = ? AND stage = ? AND path = ?",
            (operator, side.value, place.stage.value if place.stage else "", bound(place.path)),
        )
        return sighting_in(side, row) if row else None

    def remembers(self, operator: str, side: Side, place: Place) -> bool:
        """Whether the last look saw anything at a place or below it."""
        if place.path and self.remembered(operator, side, place) is not None:
            return True
        rows = self._store.rows(
            "SELECT path FROM sightings WHERE operator = ? AND side = ? AND stage = ?",
            (operator, side.value, place.stage.value if place.stage else ""),
        )
        below = bound(f"{place.path}/")
        return any(not place.path or row[0][: len(below)] == below for row in rows)

    def seen_elsewhere(self, identity: str, operator: str) -> list[Sighting]:
        """What other operators' intranet folders show under that identity."""
        rows = self._store.rows(
            f"SELECT {SIGHTING} FROM sightings WHERE side = ? AND identity = ? AND operator != ?",
            (Side.INTRANET.value, identity, operator),
        )
        return [sighting_in(Side.INTRANET, row) for row in rows]

    def lost_since(self, operator: str, by: By, since: float) -> int:
        """How many files left the operator's folders altogether by that hand since then (withdrawn or deleted)."""
        rows = self._store.rows(
            'SELECT at FROM history WHERE operator = ? AND "by" = ? AND "to" IS NULL AND "from" IS NOT NULL'
            " AND outcome IN ('withdrawn', 'refused') ORDER BY seq DESC LIMIT 1000",
            (operator, by.value),
        )
        moment = datetime.fromtimestamp(since, UTC)
        return sum(datetime.fromisoformat(row[0]) >= moment for row in rows)

    def forget_files(self, at: float) -> None:
        """All that was believed of the trees; files are paired anew. Versions, history and notices stay."""
        with self._store.transaction():
            self._store.execute("UPDATE files SET closed_at = ? WHERE closed_at IS NULL", (at,))
            for table in ("sightings", "absences", "intents", "folders"):
                self._store.execute(f"DELETE FROM {table}")

    def rename_operator(self, old: str, new: str) -> None:
        """The same nursery under another id."""
        with self._store.transaction():
            for table in _OWNED:
                self._store.execute(f"UPDATE {table} SET operator = ? WHERE operator = ?", (new, old))
            self._store.execute("UPDATE tellings SET operator = ? WHERE operator = ? AND notice IS NULL", (new, old))
