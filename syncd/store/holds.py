"""What stands still and why, and the few settings that outlive a restart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from syncd.store.database import Store

EVERYTHING: Final = ""
"""The operator id that means all of them."""


@dataclass(frozen=True, slots=True)
class Hold:
    """syncd has stopped an operator (`EVERYTHING`: all) because something needs a person."""

    operator: str
    reason: str
    at: float


class Holds:
    """Holds, pauses, settings."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def hold(self, operator: str, reason: str, at: float) -> bool:
        """Stops an operator until a person has looked; False: it was held already (the first reason stays)."""
        if any(one.operator == operator for one in self.holds()):
            return False
        sql = "INSERT OR IGNORE INTO holds (operator, reason, at) VALUES (?, ?, ?)"
        return self._store.execute(sql, (operator, reason, at)) > 0

    def holds(self) -> tuple[Hold, ...]:
        """What is held now, oldest first."""
        rows = self._store.rows("SELECT operator, reason, at FROM holds WHERE released_at IS NULL ORDER BY id")
        return tuple(Hold(*row) for row in rows)

    def release(self, operator: str, at: float) -> bool:
        """Ends a hold; False: there was none."""
        sql = "UPDATE holds SET released_at = ? WHERE operator = ? AND released_at IS NULL"
        return self._store.execute(sql, (at, operator)) > 0

    def released_at(self, operator: str) -> float | None:
        """When a person last ended a hold of this operator (or of everything): what vanished before counts no more."""
        row = self._store.row("SELECT max(released_at) FROM holds WHERE operator IN (?, ?)", (operator, EVERYTHING))
        return row[0] if row else None

    def pause(self, operator: str | None = None) -> bool:
        """Pauses an operator, or everything; False: it was paused already."""
        return self._store.execute("INSERT OR IGNORE INTO pauses VALUES (?)", (operator or EVERYTHING,)) > 0

    def resume(self, operator: str | None = None) -> bool:
        """Goes on with an operator; without one, with everything that is paused. False: nothing was."""
        if operator is None:
            return self._store.execute("DELETE FROM pauses") > 0
        return self._store.execute("DELETE FROM pauses WHERE operator = ?", (operator,)) > 0

    def paused(self) -> frozenset[str]:
        """Operators that are paused; `EVERYTHING` among them: all."""
        return frozenset(row[0] for row in self._store.rows("SELECT operator FROM pauses"))

    def setting(self, key: str) -> str | None:
        """A setting, None if it was never made."""
        row = self._store.row("SELECT value FROM settings WHERE key = ?", (key,))
        return row[0] if row else None

    def set_setting(self, key: str, value: str | None) -> None:
        """Makes a setting, or with None takes it away; writes only a difference."""
        if self.setting(key) == value:
            return
        if value is None:
            self._store.execute("DELETE FROM settings WHERE key = ?", (key,))
        else:
            self._store.execute("INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)", (key, value))
