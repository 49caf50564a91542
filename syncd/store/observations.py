"""What was last seen on each side: sightings, absences and the folders' identities. Never pending work.

Every writing call compares first and writes only what differs: when people rest, the database rests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syncd.model import Place, Side, Sighting
from syncd.store.columns import SIGHTING, bound, sighting_in, sighting_out
from syncd.store.database import Store


@dataclass(frozen=True, slots=True)
class Absence:
    """A tracked file that was not there: since when (seconds), and in how many complete looks in a row."""

    first_at: float
    looks: int


class Observations:
    """What was seen, by operator and side."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def memory(self, operator: str, side: Side) -> dict[Place, Sighting]:
        """What the last looks saw, so that bytes are read again only where something changed."""
        rows = self._store.rows(
            f"SELECT {SIGHTING} FROM sightings WHERE operator = ? AND side = ?", (operator, side.value)
        )
        sightings = (sighting_in(side, row) for row in rows)
        return {seen.place: seen for seen in sightings}

    def remember(self, operator: str, side: Side, seen: Iterable[Sighting], forget: Iterable[Place] = ()) -> None:
        """Keeps what was seen and forgets places; only what differs is written."""
        known = self.memory(operator, side)
        new = {one.place: one for one in seen if known.get(one.place) != one}
        gone = [place for place in forget if place in known and place not in new]
        if not new and not gone:
            return
        with self._store.transaction():
            self._store.execute_many(
                "DELETE FROM sightings WHERE operator = ? AND side = ? AND stage = ? AND path = ?",
                [(operator, side.value, place.stage.value if place.stage else "", bound(place.path)) for place in gone],
            )
            self._store.execute_many(
                f"INSERT OR REPLACE INTO sightings (operator, side, {SIGHTING}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                [(operator, side.value, *sighting_out(one)) for one in new.values()],
            )

    def absences(self, operator: str) -> dict[tuple[int, Side], Absence]:
        """Tracked files that were not there at the last looks."""
        rows = self._store.rows("SELECT file, side, first_at, looks FROM absences WHERE operator = ?", (operator,))
        return {(file, Side(side)): Absence(first_at, looks) for file, side, first_at, looks in rows}

    def set_absences(self, operator: str, absences: Mapping[tuple[int, Side], Absence]) -> None:
        """Replaces the operator's absences, if they differ."""
        if self.absences(operator) == dict(absences):
            return
        with self._store.transaction():
            self._store.execute("DELETE FROM absences WHERE operator = ?", (operator,))
            self._store.execute_many(
                "INSERT INTO absences (operator, file, side, first_at, looks) VALUES (?, ?, ?, ?, ?)",
                [(operator, file, side.value, one.first_at, one.looks) for (file, side), one in absences.items()],
            )

    def folders(self, operator: str, side: Side) -> dict[str, str]:
        """Identities of the operator's folder ('') and its stage folders."""
        rows = self._store.rows(
            "SELECT folder, identity FROM folders WHERE operator = ? AND side = ?", (operator, side.value)
        )
        return dict(rows)

    def set_folders(self, operator: str, side: Side, folders: Mapping[str, str]) -> None:
        """Replaces the identities, if they differ."""
        if self.folders(operator, side) == dict(folders):
            return
        with self._store.transaction():
            self._store.execute("DELETE FROM folders WHERE operator = ? AND side = ?", (operator, side.value))
            self._store.execute_many(
                "INSERT INTO folders (operator, side, folder, identity) VALUES (?, ?, ?, ?)",
                [(operator, side.value, str(folder), identity) for folder, identity in folders.items()],
            )
