"""What can't be done with single files: since when, why, how often it was tried and when it is tried again.

One trouble a place. It is a memory of tries, not pending work: whatever is to be done is planned anew from what lies
where, and a trouble only says that it isn't tried again before its time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from syncd.model import Place, Side, Stage
from syncd.store.columns import bound, text
from syncd.store.database import Row, Store

_COLUMNS: Final = (
    "operator, side, owner, stage, path, work, kind, detail, file, name, document, period, since, tries, next_at, told"
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One file that waits because it can't be read, put, moved or taken away.

    Attributes:
        operator: whose round meets it.
        owner: the operator in whose folder `place` lies.
        work: what was tried, as `mirror.hindered` names it; another work at the same place is tried at once.
        kind: see `errors.ItemTrouble`.
        detail: one line for administrators.
        file: the tracked file; 0: none yet.
        name: the file's own name, without marks.
        since, next_at: seconds since the epoch. `next_at`: it isn't tried before then.
        tries: how often it was tried in vain.
        told: people heard of it in chat.
    """

    operator: str
    side: Side
    owner: str
    place: Place
    work: str
    kind: str
    detail: str
    file: int
    name: str
    document: str | None
    period: str | None
    since: float
    tries: int
    next_at: float
    told: bool = False


class Troubles:
    """All troubles of a ward."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, operator: str) -> tuple[Trouble, ...]:
        """Those of one operator, oldest first."""
        return self._found("WHERE operator = ?", (operator,))

    def all(self) -> tuple[Trouble, ...]:
        """Those of all operators, oldest first."""
        return self._found("", ())

    def put(self, trouble: Trouble) -> None:
        """Keeps it, in place of what was known of that place."""
        self._store.execute(
            f"INSERT OR REPLACE INTO troubles ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                trouble.operator,
                trouble.side.value,
                trouble.owner,
                *_place_out(trouble.place),
                trouble.work,
                trouble.kind,
                trouble.detail,
                trouble.file,
                bound(trouble.name),
                trouble.document,
                trouble.period,
                trouble.since,
                trouble.tries,
                trouble.next_at,
                int(trouble.told),
            ),
        )

    def drop(self, trouble: Trouble) -> None:
        """It is over."""
        self._store.execute(
            "DELETE FROM troubles WHERE operator = ? AND side = ? AND owner = ? AND stage = ? AND path = ?",
            (trouble.operator, trouble.side.value, trouble.owner, *_place_out(trouble.place)),
        )

    def try_now(self, operator: str | None = None) -> None:
        """Whatever waits is tried again at the next round, however short ago it was tried; None: everybody's."""
        where, parameters = ("1", ()) if operator is None else ("operator = ?", (operator,))
        self._store.execute(f"UPDATE troubles SET next_at = 0 WHERE next_at > 0 AND {where}", parameters)

    def _found(self, where: str, parameters: Row) -> tuple[Trouble, ...]:
        rows = self._store.rows(
            f"SELECT {_COLUMNS} FROM troubles {where} ORDER BY since, side, stage, path", parameters
        )
        return tuple(_read(row) for row in rows)


def _place_out(place: Place) -> Row:
    return place.stage.value if place.stage else "", bound(place.path)


def _read(row: Row) -> Trouble:
    operator, side, owner, stage, path, work, kind, detail, file, name, *rest = row
    document, period, since, tries, next_at, told = rest
    place = Place(Stage(stage) if stage else None, text(path))
    return Trouble(
        operator, Side(side), owner, place, work, kind, detail, file, text(name), document, period, since, tries,
        next_at, bool(told),
    )  # fmt: skip
