"""One line of the checklist as it is shown: its state in people's terms, who is waited for, how many days are left.

Pure. Owns the classification and the order of urgency. Refuses to choose words and colours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from syncd.model import REQUEST, Operator
from syncd.reports.plain import plain
from syncd.rulebook.checklist import ChecklistLine

WaitsFor = Literal["operator", "staff", "system", "nobody"]
State = Literal[
    "missing", "later", "withdrawn", "processing", "scanner", "person", "review", "returned", "offered", "original",
    "confirmed", "not applicable",
]  # fmt: skip

SOON_DAYS: Final = 3
"""From how many days before the due day on they are counted instead of the day being named."""

_WAITS: Final[Mapping[State, WaitsFor]] = {
    "missing": "operator", "withdrawn": "operator", "returned": "operator", "offered": "operator",
    "original": "operator", "person": "staff", "review": "staff", "processing": "system", "scanner": "system",
    "later": "nobody", "confirmed": "nobody", "not applicable": "nobody",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A line as it is shown.

    Attributes:
        place: of its operator in the config; those that left it come after all others.
        facility, code, title: harmless to show; `code` is '' for none.
        column: its document type, or `request:` for all that staff asked for and that is on no checklist of the rules.
        late: it is overdue, and the operator is waited for.
        days: to the due day, where the operator is waited for; < 0: over. None: no day, or nobody counts.
    """

    line: ChecklistLine
    place: int
    facility: str
    code: str
    title: str
    column: str
    state: State
    waits_for: WaitsFor
    late: bool
    days: int | None

    @property
    def pressing(self) -> int | None:
        """The days, where they are shown instead of the due day: over, or nearly."""
        if self.days is None:
            return None
        return self.days if (self.days < 0 if self.late else 0 <= self.days <= SOON_DAYS) else None

    @property
    def done(self) -> bool:
        return self.state in ("confirmed", "not applicable")

    @property
    def asked_for(self) -> bool:
        """Staff asked for it."""
        return self.column == REQUEST


def entries_of(lines: Iterable[ChecklistLine], operators: Sequence[Operator], today: date) -> tuple[Entry, ...]:
    """The lines as they are shown, in the order of the config; an operator that left it is shown by its id."""
    known = {each.id: (place, facility_name(each), plain(each.code or "")) for place, each in enumerate(operators)}
    found = []
    for line in lines:
        place, facility, code = known.get(line.operator) or (len(operators), plain(line.operator) or "?", "")
        found.append(_entry(line, place, facility, code, today))
    return tuple(sorted(found, key=_order))


def facility_name(operator: Operator) -> str:
    """Its name as it may stand on a page; one that shows nothing is replaced by its id."""
    return plain(operator.name) or plain(operator.id) or "?"


def urgency(entry: Entry) -> tuple[object, ...]:
    """Orders what operators are waited for: late first, then what is due first; without a day last."""
    return not entry.late, entry.line.due or date.max, *_order(entry)


def waiting_longest(entry: Entry) -> tuple[object, ...]:
    """Orders what waits for the ward: what should have been there already first, then what has lain there longest."""
    since = entry.line.since if entry.line.since is not None else entry.line.arrived_at
    return not entry.line.late, since if since is not None else float("inf"), *_order(entry)


def _order(entry: Entry) -> tuple[object, ...]:
    line = entry.line
    return entry.place, line.operator, line.period, line.due or date.max, entry.title, line.document, line.state


def _entry(line: ChecklistLine, place: int, facility: str, code: str, today: date) -> Entry:
    state = _state(line)
    waits_for = _WAITS[state]
    if line.closed and waits_for == "operator":
        waits_for = "nobody"  # what already lies with the ward still has to be looked at
    counts = waits_for == "operator"
    days = (line.due - today).days if counts and line.due is not None else None
    title = plain(line.title) or plain(line.document.removeprefix(REQUEST)) or "?"
    column = REQUEST if line.document.startswith(REQUEST) else line.document
    return Entry(line, place, facility, code, title, column, state, waits_for, counts and line.late, days)


def _state(line: ChecklistLine) -> State:
    if line.state == "inbox":
        return line.waiting or "processing"
    if line.state == "corrections":
        return "offered" if line.offered else "returned"
    if line.state == "confirmed" and line.original == "awaited":
        return "original"
    # A request never has a day; everything else without one waits until the others are confirmed, or for nothing.
    if line.state == "missing" and line.due is None and not line.document.startswith(REQUEST):
        return "later"
    return line.state
