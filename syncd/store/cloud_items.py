"""What a cloud with ids remembers: its tree, how far its events were followed, and how many calls it has cost.

On a read-only store (commands that only look) everything that is written goes into a copy of one's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Final

from syncd.contract import CloudItem
from syncd.names import fold
from syncd.store.columns import bound, text
from syncd.store.database import Row, Store

_ITEM: Final = (
    "id, folder, parent, name, etag, sequence, size, sha1, modified_at, actor, own, locked_until, listed, gone, "
    "learned_at"
)
_MARKS: Final = ", ".join("?" * (_ITEM.count(",") + 2))


class CloudItems:
    """Fulfils `contract.CloudMemory` in the state's database."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._copied = not store.read_only or not store.exists

    def item(self, item_id: str) -> CloudItem | None:
        """See `contract.CloudMemory.item`."""
        row = self._store.row(f"SELECT {_ITEM} FROM cloud_items WHERE id = ?", (item_id,))
        return _item(row) if row else None

    def children(self, parent: str) -> tuple[CloudItem, ...]:
        """See `contract.CloudMemory.children`."""
        rows = self._store.rows(f"SELECT {_ITEM} FROM cloud_items WHERE parent = ? AND gone = 0", (parent,))
        return tuple(sorted((_item(row) for row in rows), key=lambda item: (item.name, item.id)))

    def named(self, parent: str, name: str) -> tuple[CloudItem, ...]:
        """See `contract.CloudMemory.named`."""
        rows = self._store.rows(
            f"SELECT {_ITEM} FROM cloud_items WHERE parent = ? AND folded = ? AND gone = 0 ORDER BY id",
            (parent, bound(fold(name))),
        )
        return tuple(_item(row) for row in rows)

    def put(self, items: Iterable[CloudItem]) -> None:
        """See `contract.CloudMemory.put`."""
        self._own_copy()
        self._store.execute_many(
            f"INSERT OR REPLACE INTO cloud_items ({_ITEM}, folded) VALUES ({_MARKS})", [_row(item) for item in items]
        )

    def unlist(self) -> None:
        """See `contract.CloudMemory.unlist`."""
        self._own_copy()
        self._store.execute("UPDATE cloud_items SET listed = 0 WHERE listed != 0")

    def forget_gone(self, before: float) -> None:
        """See `contract.CloudMemory.forget_gone`."""
        self._own_copy()
        self._store.execute("DELETE FROM cloud_items WHERE gone != 0 AND learned_at < ?", (before,))

    def value(self, key: str) -> str | None:
        """See `contract.CloudMemory.value`."""
        row = self._store.row("SELECT value FROM cloud_values WHERE key = ?", (key,))
        return row[0] if row else None

    def set_value(self, key: str, value: str | None) -> None:
        """See `contract.CloudMemory.set_value`."""
        if self.value(key) == value:
            return
        self._own_copy()
        if value is None:
            self._store.execute("DELETE FROM cloud_values WHERE key = ?", (key,))
        else:
            self._store.execute("INSERT OR REPLACE INTO cloud_values VALUES (?, ?)", (key, value))

    def transaction(self) -> AbstractContextManager[None]:
        """See `contract.CloudMemory.transaction`."""
        return self._store.transaction()

    def add_calls(self, day: str, calls: Mapping[str, int]) -> None:
        """See `contract.CloudMemory.add_calls`. A read-only store counts nothing."""
        if self._store.read_only:
            return
        self._store.execute_many(
            "INSERT INTO cloud_calls (day, kind, calls) VALUES (?, ?, ?)"
            " ON CONFLICT (day, kind) DO UPDATE SET calls = calls + excluded.calls",
            [(day, kind, count) for kind, count in calls.items()],
        )

    def calls_since(self, day: str) -> dict[str, dict[str, int]]:
        """Calls by day and kind, from that day on."""
        found: dict[str, dict[str, int]] = {}
        for one, kind, count in self._store.rows(
            "SELECT day, kind, calls FROM cloud_calls WHERE day >= ? ORDER BY day, kind", (day,)
        ):
            found.setdefault(one, {})[kind] = count
        return found

    def forget_calls(self, before: str) -> None:
        """Removes what was counted before that day."""
        if self._store.row("SELECT 1 FROM cloud_calls WHERE day < ?", (before,)) is not None:
            self._store.execute("DELETE FROM cloud_calls WHERE day < ?", (before,))

    def _own_copy(self) -> None:
        """Commands that only look write into temporary tables, which hide the real ones from this connection."""
        if self._copied:
            return
        self._copied = True
        for table in ("cloud_items", "cloud_values"):
            self._store.execute(f"CREATE TEMP TABLE {table} AS SELECT * FROM main.{table}")
        self._store.execute("CREATE UNIQUE INDEX temp.own_items ON cloud_items (id)")
        self._store.execute("CREATE INDEX temp.own_parents ON cloud_items (parent, folded)")
        self._store.execute("CREATE UNIQUE INDEX temp.own_values ON cloud_values (key)")


def _row(item: CloudItem) -> Row:
    return (
        item.id, item.folder, item.parent, bound(item.name), item.etag, item.sequence, item.size, item.sha1,
        item.modified_at, item.actor, item.own, item.locked_until, item.listed, item.gone, item.learned_at,
        bound(fold(item.name)),
    )  # fmt: skip


def _item(row: Row) -> CloudItem:
    item_id, folder, parent, name, etag, sequence, size, sha1, modified_at, actor, own, locked, listed, gone, at = row
    return CloudItem(
        item_id, bool(folder), parent, text(name), etag, sequence, size, sha1, modified_at, actor, bool(own), locked,
        bool(listed), bool(gone), at,
    )  # fmt: skip
