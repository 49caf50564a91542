"""Where things were last seen, across operators; what becomes of it when an operator's id or the database changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from syncd.model import By, Move, Place, Side, Sighting
from syncd.store.belongings import FORMER
from syncd.store.columns import SIGHTING, bound, move_in, move_out, sighting_in
from syncd.store.database import Store

# Tables whose rows belong to an operator; history and notices keep the id under which they were written.
_OWNED = (
    "files", "sightings", "absences", "folders", "intents", "quarantine", "remarks", "pauses", "tellings", "judgements",
    "troubles",
    "belongings", "alike",
)  # fmt: skip
_SETTINGS = ("pair anew:{}", "page:{}", "first seen:{}", "folder names:cloud:{}", "folder names:intranet:{}")


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
        if not place.path:
            where, bounds = "1", list[str | bytes]()
        else:  # "0" is the character after "/"; a name that is no text lies there as bytes, which sort apart
            whole, raw = bound(place.path), place.path.encode("utf-8", "surrogatepass")
            where = "(path = ? OR (path >= ? AND path < ?) OR (path >= ? AND path < ?))"
            bounds = [whole, bound(f"{place.path}/"), bound(f"{place.path}0"), raw + b"/", raw + b"0"]
        row = self._store.row(
            f"SELECT 1 FROM sightings WHERE operator = ? AND side = ? AND stage = ? AND {where} LIMIT 1",
            (operator, side.value, place.stage.value if place.stage else "", *bounds),
        )
        return row is not None

    def seen_elsewhere(self, identity: str, operator: str) -> list[Sighting]:
        """What other operators' intranet folders show under that identity."""
        rows = self._store.rows(
            f"SELECT {SIGHTING} FROM sightings WHERE side = ? AND identity = ? AND operator != ?",
            (Side.INTRANET.value, identity, operator),
        )
        return [sighting_in(Side.INTRANET, row) for row in rows]

    def unquiet_elsewhere(self, operator: str) -> list[Sighting]:
        """What is still being put into other operators' intranet folders."""
        rows = self._store.rows(
            f"SELECT {SIGHTING} FROM sightings WHERE side = ? AND operator != ? AND waits = 'not quiet'",
            (Side.INTRANET.value, operator),
        )
        return [sighting_in(Side.INTRANET, row) for row in rows]

    def lost_since(self, operator: str, by: By, since: float, but_for: str = "") -> int:
        """How many files left the operator's folders altogether by that hand since then (withdrawn or deleted).

        Args:
            but_for: the reason with which the history says that a file was only taken elsewhere.
        """
        rows = self._store.rows(
            'SELECT at FROM history WHERE operator = ? AND "by" = ? AND "to" IS NULL AND "from" IS NOT NULL'
            " AND outcome IN ('withdrawn', 'refused') AND (reason != ? OR ? = '') ORDER BY seq DESC LIMIT 1000",
            (operator, by.value, but_for, but_for),
        )
        moment = datetime.fromtimestamp(since, UTC)
        return sum(datetime.fromisoformat(row[0]) >= moment for row in rows)

    def forget_files(self, at: float) -> None:
        """All that was believed of the trees; files are paired anew. Versions, history and notices stay."""
        with self._store.transaction():
            self._store.execute("UPDATE files SET closed_at = ? WHERE closed_at IS NULL", (at,))
            for table in ("sightings", "absences", "intents", "folders", "troubles"):
                self._store.execute(f"DELETE FROM {table}")

    def rename_operator(self, old: str, new: str) -> None:
        """The same nursery under another id: all that is known, held, under way or yet to be said goes along.

        Where rows of an earlier operator with the new id are in the way, they give way; of bytes that are kept, none
        is forgotten. The history keeps the id under which it was written.
        """
        with self._store.transaction():
            self._rename_in_moves(old, new)
            self._rename_versions(old, new)
            self._rename_holds(old, new)
            for table in _OWNED:
                self._store.execute(f"UPDATE OR REPLACE {table} SET operator = ? WHERE operator = ?", (new, old))
            self._store.execute("UPDATE OR REPLACE troubles SET owner = ? WHERE owner = ?", (new, old))
            for key in _SETTINGS:
                row = self._store.row("SELECT value FROM settings WHERE key = ?", (key.format(old),))
                if row is not None:
                    self._store.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key.format(new), row[0]))
                    self._store.execute("DELETE FROM settings WHERE key = ?", (key.format(old),))
            self._rename_marks(old, new)
            for table, room in (("tellings", ""), ("tellings", "staff:"), ("notices", ""), ("notices", "staff:")):
                self._store.execute(f"UPDATE {table} SET room = ? WHERE room = ?", (f"{room}{new}", f"{room}{old}"))

    def _rename_marks(self, old: str, new: str) -> None:
        """What was made for the operator under its old id bears the old mark."""
        row = self._store.row("SELECT value FROM settings WHERE key = ?", (FORMER + old,))
        former = "\n".join((*(row[0].split("\n") if row else ()), old))
        self._store.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (FORMER + new, former))
        self._store.execute("DELETE FROM settings WHERE key = ?", (FORMER + old,))

    def _rename_in_moves(self, old: str, new: str) -> None:
        """Moves under way are written down with their operator; those of other operators may name it, too."""
        for number, stored in self._store.rows("SELECT id, move FROM intents"):
            move = move_in(stored)
            renamed = _renamed(move, old, new)
            if renamed != move:
                self._store.execute("UPDATE intents SET move = ? WHERE id = ?", (move_out(renamed), number))

    def _rename_versions(self, old: str, new: str) -> None:
        """Bytes that are kept under both ids are one version, gone only if both are."""
        same = "FROM versions one WHERE one.operator = ? AND one.line = versions.line AND one.sha1 = versions.sha1"
        self._store.execute(
            f"UPDATE versions SET used_at = max(used_at, (SELECT one.used_at {same})),"
            f" gone_at = CASE WHEN (SELECT one.gone_at {same}) IS NULL THEN NULL ELSE gone_at END"
            f" WHERE operator = ? AND EXISTS (SELECT 1 {same})",
            (old, old, new, old),
        )
        self._store.execute("UPDATE OR IGNORE versions SET operator = ? WHERE operator = ?", (new, old))
        self._store.execute("DELETE FROM versions WHERE operator = ?", (old,))

    def _rename_holds(self, old: str, new: str) -> None:
        """An operator is held once, for all reasons."""
        active = "operator = ? AND released_at IS NULL"
        held = self._store.row(f"SELECT reason FROM holds WHERE {active}", (old,))
        if held and self._store.execute(f"UPDATE holds SET reason = reason || '; ' || ? WHERE {active}", (*held, new)):
            self._store.execute(f"UPDATE holds SET released_at = at WHERE {active}", (old,))
        self._store.execute("UPDATE holds SET operator = ? WHERE operator = ?", (new, old))


def _renamed(move: Move, old: str, new: str) -> Move:
    """The move with the operator's new id wherever it names the old one."""

    def named(operator: str) -> str:
        return new if operator == old else operator

    return replace(
        move,
        operator=named(move.operator),
        effects=tuple(replace(one, operator=named(one.operator)) for one in move.effects),
        after=tuple(replace(one, operator=named(one.operator)) for one in move.after),
        records=tuple(replace(one, operator=named(one.operator)) for one in move.records),
        tellings=tuple(replace(one, operator=named(one.operator)) for one in move.tellings),
        quarantined=tuple(replace(one, operator=named(one.operator)) for one in move.quarantined),
    )
