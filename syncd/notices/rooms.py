"""Which addresses a room has. They are secrets: nothing here can be printed by accident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from syncd.model import Operator


@dataclass(frozen=True, slots=True)
class Rooms:
    """Rooms ('administrators', 'staff', 'staff:<operator id>', an operator's id) and their apprise URLs."""

    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of_ward(
        cls, operators: Iterable[Operator], staff: Iterable[str] = (), administrators: Iterable[str] = ()
    ) -> Rooms:
        """The rooms that the configuration names."""
        rooms = {"staff": tuple(staff), "administrators": tuple(administrators)}
        for operator in operators:
            rooms[operator.id] = operator.chat
            rooms[f"staff:{operator.id}"] = operator.staff_chat
        return cls(rooms)

    def of(self, room: str) -> tuple[str, ...]:
        """The room's addresses, each once; a staff room of one operator's own without any is the common one."""
        found = self.addresses.get(room, ())
        if not found and room.startswith("staff:"):
            found = self.addresses.get("staff", ())
        return tuple(dict.fromkeys(found))

    def has(self, room: str) -> bool:
        """Whether anybody can be told there."""
        return bool(self.of(room))
