"""What the state knows that the trees are held against; read once, nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from syncd.calls_forecast import since
from syncd.clock import Clock
from syncd.config import Config
from syncd.model import Side
from syncd.store import Store
from syncd.store.cloud_items import CloudItems
from syncd.store.history import History
from syncd.store.ledger import Ledger
from syncd.store.outbox import Outbox


@dataclass(frozen=True, slots=True)
class Known:
    """Attributes:
    markers: the id of each side's root marker.
    folders: (operator, side) → '' and stages → identity.
    calls: to the cloud, by day and kind.
    notices_failed: how many were given up.
    """

    markers: Mapping[Side, str | None] = field(default_factory=dict)
    folders: Mapping[tuple[str, Side], Mapping[str, str]] = field(default_factory=dict)
    calls: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    notices_failed: int = 0

    def marker(self, side: Side) -> str | None:
        return self.markers.get(side)

    def of(self, operator: str, side: Side) -> Mapping[str, str]:
        """The identities of an operator's folders there."""
        return self.folders.get((operator, side), {})


NOTHING = Known()


def known_of(store: Store, config: Config, clock: Clock) -> Known:
    """What a state that can be read knows. Raises SyncdError."""
    ledger = Ledger(store, History(store))
    today = datetime.fromtimestamp(clock.now(), config.zone).date()
    with store.transaction():
        return Known(
            markers={side: ledger.setting(f"marker:{side}") for side in Side},
            folders={
                (operator.id, side): ledger.folders(operator.id, side) for operator in config.operators for side in Side
            },
            calls=CloudItems(store).calls_since(since(today).isoformat()),
            notices_failed=Outbox(store).counts()["failed"],
        )
