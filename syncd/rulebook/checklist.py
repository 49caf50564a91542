"""The checklist: which documents are expected of whom for which period, and how far each has come.

Pure. Owns what is expected and since when; refuses to remind (that is `reminders`) and to look at files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import inf
from typing import Final, Literal

from syncd.model import REQUEST, Operator, TrackedFile
from syncd.rulebook.book import Rulebook
from syncd.rulebook.dossier import Dossier
from syncd.rulebook.period import current, last_day
from syncd.rulebook.slots import Slot, end_of, slots_followed, slots_of
from syncd.rulebook.standing import MISSING, Known, standing

LineState = Literal["missing", "inbox", "review", "corrections", "confirmed", "withdrawn", "not applicable"]
Original = Literal["", "awaited", "received"]

DONE: Final[tuple[LineState, ...]] = ("confirmed", "not applicable")
UNSENT: Final[tuple[LineState, ...]] = ("missing", "withdrawn")


@dataclass(frozen=True, slots=True)
class ChecklistLine:
    """One expected document: operator × type × period.

    Attributes:
        operator, document, title, period: whose, which type (or `request:<title>` for what staff asked for), for when.
        due: the business day on which it is due; None while no day can be set (it waits for the others).
        state: how far it has come; withdrawn counts as missing, but a copy is still there.
        late: it is, or came, after its due day.
        waiting: it lies in inbox because nobody could look at it yet: `scanner`, or `person` (確認待ち).
        offered: it lies in corrections for the operator to agree to, not to correct.
        original: of the sealed paper: asked for and not here yet, or received.
        arrived_at, since: when it was last sent in, when it entered its stage; seconds since the epoch.
        submissions: how often it was sent in.
        cells: where faults were found, for what was returned, e.g. `在籍!C14`.
        files: how many files it has (types of which many files are one document).
        closed: its period is closed: it is shown, but nobody is asked for it any more.
        asked_at: when it was asked for, where that is no matter of the calendar: what waited for the others, the
            sealed original, a request of staff; seconds since the epoch.
    """

    operator: str
    document: str
    title: str
    period: str
    due: date | None
    state: LineState
    late: bool
    waiting: Literal["", "scanner", "person"] = ""
    offered: bool = False
    original: Original = ""
    arrived_at: float | None = None
    since: float | None = None
    submissions: int = 0
    cells: tuple[str, ...] = ()
    files: int = 0
    closed: bool = False
    asked_at: float | None = None

    @property
    def done(self) -> bool:
        """Nobody has to do anything about it."""
        return self.state in DONE and self.original != "awaited"


def lines_for(
    period: str,
    operators: Sequence[Operator],
    rules: Rulebook,
    known: Known,
    now: datetime,
    *,
    only: Collection[str] | None = None,
) -> tuple[ChecklistLine, ...]:
    """Every document that is expected for a period, whatever its state.

    Args:
        period: as `period` spells it. A month also has the quarter's and year's documents that are due in it (before
            rolling; those without a due day when their period ends in it), and what staff asked for in it.
        operators: all of them: facilities of one corporation answer for each other.
        now: in the ward's time zone.
        only: ids of the operators whose lines are wanted; None: all.
    """
    slots = slots_of(period, rules, now)
    desk = _Desk(operators, rules, known, now)
    return tuple(
        line
        for operator in _wanted(operators, only)
        for line in (
            *desk.lines(operator, [slot for slot in slots if slot.required.asks(operator)]),
            *(line for line in desk.requests(operator) if line.period == period),
        )
    )


def open_lines(
    operators: Sequence[Operator],
    rules: Rulebook,
    known: Known,
    now: datetime,
    *,
    only: Collection[str] | None = None,
) -> tuple[ChecklistLine, ...]:
    """What people have to do with now: all of this month, and what was due earlier and isn't done or closed.

    This month's are those that are due in it or are for it. What isn't there counts only if it was due in or after the
    month of the operator's `known.since`; what staff asked for is there until they have it.
    """
    slots = slots_followed(rules, now)
    desk = _Desk(operators, rules, known, now)
    month = current("month", now.date())
    found: list[ChecklistLine] = []
    for operator in _wanted(operators, only):
        own, begin = desk.own_slots(operator, slots), desk.first_month(operator)
        for line, slot in zip(desk.lines(operator, own), own, strict=True):
            this = slot.month == month or line.period == month
            earlier = slot.month < month and not line.done and not line.closed
            if this or (earlier and (begin <= slot.month or line.state not in UNSENT)):
                found.append(line)
        found.extend(desk.requests(operator))
    return tuple(found)


def followed_lines(
    operators: Sequence[Operator],
    rules: Rulebook,
    known: Known,
    now: datetime,
    *,
    only: Collection[str] | None = None,
) -> tuple[ChecklistLine, ...]:
    """Every document of every period that has begun (or is asked for already) and isn't closed: for reminders.

    Whole periods, done or not, from the month of the operator's `known.since` on.
    """
    slots = [slot for slot in slots_followed(rules, now) if not slot.closed]
    desk = _Desk(operators, rules, known, now)
    return tuple(
        line
        for operator in _wanted(operators, only)
        for line in (*desk.lines(operator, desk.own_slots(operator, slots)), *desk.requests(operator))
    )


class _Desk:
    """All files of all operators, sorted, and the lines that follow from them."""

    def __init__(self, operators: Sequence[Operator], rules: Rulebook, known: Known, now: datetime) -> None:
        self._rules, self._known, self._now = rules, known, now
        self._moment = now.timestamp()
        self._dossier = Dossier(operators, rules, known, now)

    def first_month(self, operator: Operator) -> str:
        """From which month on the operator is asked for documents; nothing known: from this one."""
        return current("month", self._known.since.get(operator.id, self._now.date()))

    def own_slots(self, operator: Operator, slots: Sequence[Slot]) -> list[Slot]:
        """What is expected of the operator: from its first month on, or the first that it sent anything for.

        What waits until all else of its period is done isn't asked for where some of that was never asked for.
        """
        first = self.first_month(operator)
        begin = min(first, self._dossier.first_month(operator) or "9999-12")
        return [
            slot
            for slot in slots
            if slot.last_month >= begin
            and slot.required.asks(operator)
            and not (
                slot.waits and current("month", last_day(slot.period)) < first and not self._has_file(operator, slot)
            )
        ]

    def _has_file(self, operator: Operator, slot: Slot) -> bool:
        return bool(self._dossier.files(operator, slot))

    def lines(self, operator: Operator, slots: Sequence[Slot]) -> list[ChecklistLine]:
        """A line for each of these slots, which are the operator's, in their order."""
        found: dict[int, ChecklistLine] = {}
        others: dict[str, list[ChecklistLine]] = {}
        for place, slot in enumerate(slots):
            if not slot.waits:
                found[place] = self._line(operator, slot, slot.due, slot.over)
                others.setdefault(slot.period, []).append(found[place])
        for place, slot in enumerate(slots):
            if slot.waits:
                found[place] = self._after_others(operator, slot, others.get(slot.period, ()))
        return [found[place] for place in range(len(slots))]

    def requests(self, operator: Operator) -> Iterator[ChecklistLine]:
        """What staff ask the operator for beside the rules (S19), until they have it."""
        for request in self._dossier.requests(operator):
            document = request.document or REQUEST
            came = standing(self._dossier.answers(request), self._known, _never)
            asked = request.entered_at
            period = current("month", self._day(asked))
            title = document.removeprefix(REQUEST)
            since = asked if came.since is None else came.since
            yield ChecklistLine(
                operator.id, document, title, period, None, came.state, False, came.waiting, came.offered, "",
                came.arrived_at, since, came.submissions, came.cells, came.files, asked_at=asked,
            )  # fmt: skip

    def _line(
        self, operator: Operator, slot: Slot, due: date | None, over: float, asked: float | None = None
    ) -> ChecklistLine:
        """One line. `over`: when the due day ends; `asked`: when what waits for the others was asked for."""
        files = self._dossier.files(operator, slot)
        came = standing(files, self._known, self._dossier.is_nil) if files else MISSING
        received = self._dossier.receipt(operator, slot) if slot.rule.original else None
        if received is not None and came.state in UNSENT:  # it came on paper alone, and staff have recorded it
            at = received.arrived_at
            came = replace(came, state="confirmed", first_at=at, arrived_at=at, since=received.entered_at)
        original: Original = "" if received is None else "received"
        if slot.rule.original and received is None and (asked is not None or not slot.waits):
            awaited = came.state == "confirmed" or (slot.waits and came.state in UNSENT)
            original = "awaited" if awaited else ""
            asked = max(asked or 0.0, came.since or 0.0) if came.state == "confirmed" else asked
        late = (self._moment if came.first_at is None else came.first_at) >= over
        if original == "awaited" and slot.waits:
            late = late or self._moment >= over
        return ChecklistLine(
            operator.id, slot.rule.document, slot.rule.title, slot.period, due, came.state, late, came.waiting,
            came.offered, original, came.arrived_at, came.since, came.submissions, came.cells, came.files, slot.closed,
            asked,
        )  # fmt: skip

    def _after_others(self, operator: Operator, slot: Slot, others: Sequence[ChecklistLine]) -> ChecklistLine:
        """The line of a document that is asked for when all others of its period are done."""
        if not others or not all(other.state in DONE for other in others):
            return self._line(operator, slot, None, inf)
        asked = max(other.since or 0.0 for other in others)
        due = slot.due_after(self._day(asked), self._rules.calendar)
        return self._line(operator, slot, due, end_of(due, self._now), asked)

    def _day(self, at: float) -> date:
        return datetime.fromtimestamp(at, self._now.tzinfo).date()


def _wanted(operators: Sequence[Operator], only: Collection[str] | None) -> Sequence[Operator]:
    return operators if only is None else [operator for operator in operators if operator.id in only]


def _never(_: TrackedFile) -> bool:
    return False
