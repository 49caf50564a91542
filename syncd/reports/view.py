"""The checklist as people look at it: for the whole ward, and for one operator.

Pure. Owns what stands in which list and matrix, and in which order. Refuses to choose words and colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from syncd.model import Operator, Stage
from syncd.reports.entry import Entry, State, entries_of, facility_name, urgency, waiting_longest
from syncd.reports.plain import plain
from syncd.rulebook.checklist import UNSENT, ChecklistLine
from syncd.rulebook.period import before, current

Language = Literal["ja", "en"]


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that can't be treated as it should just now, in people's words.

    Attributes:
        operator: id of whose it is. `place`: side, stage folder and path as people see them.
        reason, next: what is wrong; what to do.
        since: in the ward's time zone.
    """

    operator: str
    place: str
    reason: str
    next: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Ward:
    """What the ward's pages are made of.

    Attributes:
        waiting: files that wait by themselves because something is wrong with them, the oldest first.
        stages: the folder name of each stage, as people see it.
        made_at: the moment that the lines are true for, in the ward's time zone, which it has to carry.
    """

    operators: tuple[Operator, ...]
    lines: tuple[ChecklistLine, ...]
    stages: Mapping[Stage, str]
    made_at: datetime
    language: Language = "ja"
    waiting: tuple[WaitingFile, ...] = ()

    def each(self) -> Iterator[OneOperator]:
        """What each operator may see of it, in one walk over the lines."""
        theirs: dict[str, list[ChecklistLine]] = {}
        for line in self.lines:
            theirs.setdefault(line.operator, []).append(line)
        for operator in self.operators:
            lines = tuple(theirs.get(operator.id, ()))
            yield OneOperator(operator, lines, self.stages, self.made_at, self.language)

    def only(self, operator: Operator) -> OneOperator:
        """What one operator may see of it."""
        lines = tuple(line for line in self.lines if line.operator == operator.id)
        return OneOperator(operator, lines, self.stages, self.made_at, self.language)


@dataclass(frozen=True, slots=True)
class OneOperator:
    """What one operator's page is made of, as in `Ward`; lines of others are never shown on it."""

    operator: Operator
    lines: tuple[ChecklistLine, ...]
    stages: Mapping[Stage, str]
    made_at: datetime
    language: Language = "ja"


@dataclass(frozen=True, slots=True)
class Column:
    """A document type of a section; all that staff asked for stands in one, whose document is `request:`."""

    document: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """One operator in a section; a cell without an entry: nothing is expected."""

    facility: str
    code: str
    kind: str
    cells: tuple[tuple[Entry, ...], ...]
    late: bool


@dataclass(frozen=True, slots=True)
class Section:
    """One period: operators × documents; `open`: people look at it now."""

    period: str
    open: bool
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    done: int
    total: int
    late: int


@dataclass(frozen=True, slots=True)
class Group:
    """What one operator has still to send, none of it late."""

    facility: str
    code: str
    kind: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class WholeWard:
    """The ward at a glance. The lists go over all periods.

    Attributes:
        entries: all of them, in the order of the config.
        staff, system: what waits for the ward's people, and for syncd and its scanner.
        late, answers, ahead: what waits for operators: overdue; to be corrected, agreed to or posted; not yet due.
        kinds: of the operators, in their order.
    """

    ward: Ward
    entries: tuple[Entry, ...]
    sections: tuple[Section, ...]
    staff: tuple[Entry, ...]
    system: tuple[Entry, ...]
    late: tuple[Entry, ...]
    answers: tuple[Entry, ...]
    ahead: tuple[Group, ...]
    kinds: tuple[str, ...]

    @property
    def asked_of_operators(self) -> int:
        """For how many documents operators are waited for."""
        return len(self.late) + len(self.answers) + sum(len(group.entries) for group in self.ahead)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """One operator's page, urgent first: what to correct, agree to, send and post; what the ward has; what is over."""

    one: OneOperator
    facility: str
    returned: tuple[Entry, ...]
    offered: tuple[Entry, ...]
    unsent: tuple[Entry, ...]
    original: tuple[Entry, ...]
    checking: tuple[Entry, ...]
    later: tuple[Entry, ...]
    closed: tuple[Entry, ...]
    done: tuple[Entry, ...]


def whole(ward: Ward) -> WholeWard:
    """The view of the whole ward; operators that have lines but left the config come last."""
    today = day_of(ward.made_at)
    kinds = [plain(operator.kind) for operator in ward.operators]
    entries = entries_of(ward.lines, ward.operators, today)
    asked = sorted((entry for entry in entries if entry.waits_for == "operator"), key=urgency)
    ahead = [entry for entry in asked if not entry.late and entry.state in UNSENT]
    return WholeWard(
        ward,
        entries,
        _sections(entries, kinds, today),
        tuple(sorted((entry for entry in entries if entry.waits_for == "staff"), key=waiting_longest)),
        tuple(sorted((entry for entry in entries if entry.waits_for == "system"), key=waiting_longest)),
        tuple(entry for entry in asked if entry.late),
        tuple(entry for entry in asked if not entry.late and entry.state not in UNSENT),
        _groups(ahead, kinds),
        tuple(dict.fromkeys(filter(None, kinds))),
    )


def own(one: OneOperator) -> OwnPage:
    """The view of one operator; lines of any other are left out."""
    lines = [line for line in one.lines if line.operator == one.operator.id]
    entries = sorted(entries_of(lines, (one.operator,), day_of(one.made_at)), key=urgency)
    over = sorted(
        (entry for entry in entries if entry.waits_for == "nobody" and entry.state != "later"),
        key=lambda entry: entry.line.period,
        reverse=True,
    )

    def waiting(*states: State) -> tuple[Entry, ...]:
        return tuple(entry for entry in entries if entry.state in states and entry.waits_for != "nobody")

    return OwnPage(
        one,
        facility_name(one.operator),
        waiting("returned"),
        waiting("offered"),
        waiting("missing", "withdrawn"),
        waiting("original"),
        waiting("processing", "scanner", "person", "review"),
        tuple(entry for entry in entries if entry.state == "later" and not entry.line.closed),
        tuple(entry for entry in entries if entry.waits_for == "nobody" and entry.line.closed and not entry.done),
        tuple(entry for entry in over if entry.done),
    )


def day_of(moment: datetime) -> date:
    """The ward's day; ValueError for a moment without a time zone, whose days of arrival nobody could tell."""
    if moment.tzinfo is None:
        raise ValueError("made_at needs the ward's time zone")
    return moment.date()


def open_months(today: date) -> tuple[str, str]:
    """The months that people work on: this one and the one before, whose forms are due now."""
    this = current("month", today)
    return this, before(this)


# ── the months ──

_KINDS_OF_PERIOD: Final = (re.compile(r"\d{4}-\d{2}"), re.compile(r"\d{4}-Q\d"), re.compile(r"\d{4}"))


def _sections(entries: Sequence[Entry], kinds: Sequence[str], today: date) -> tuple[Section, ...]:
    """Months, then quarters, then years, the newest first."""
    by_period: dict[str, list[Entry]] = {}
    for entry in entries:
        by_period.setdefault(entry.line.period, []).append(entry)
    newest_first = sorted(sorted(by_period, reverse=True), key=_kind_of_period)
    opened = set(open_months(today)) & set(newest_first) or set(newest_first[:1])
    return tuple(_section(period, period in opened, by_period[period], kinds) for period in newest_first)


def _kind_of_period(period: str) -> int:
    kinds = (number for number, kind in enumerate(_KINDS_OF_PERIOD) if kind.fullmatch(period))
    return next(kinds, len(_KINDS_OF_PERIOD))


def _section(period: str, opened: bool, entries: Sequence[Entry], kinds: Sequence[str]) -> Section:
    columns = _columns(entries)
    place_of = {column.document: number for number, column in enumerate(columns)}
    by_operator: dict[str, list[tuple[Entry, ...]]] = {}
    for entry in entries:
        cells = by_operator.get(entry.line.operator)
        if cells is None:
            cells = by_operator[entry.line.operator] = [()] * len(columns)
        cells[place_of[entry.column]] += (entry,)
    rows = [_row(cells, kinds) for cells in by_operator.values()]
    rows.sort(key=lambda row: not row.late)  # stable: the order of the config within both
    done = sum(entry.waits_for == "nobody" and entry.state != "later" for entry in entries)
    return Section(period, opened, columns, tuple(rows), done, len(entries), sum(entry.late for entry in entries))


def _columns(entries: Sequence[Entry]) -> tuple[Column, ...]:
    """What is due first stands left; what staff asked for, right."""
    first: dict[str, tuple[bool, date, str]] = {}
    for entry in entries:
        asked_for = entry.asked_for
        rank = (asked_for, entry.line.due or date.max, "" if asked_for else entry.title)
        known = first.get(entry.column)
        if known is None or rank < known:
            first[entry.column] = rank
    return tuple(Column(each, first[each][2]) for each in sorted(first, key=lambda each: (first[each], each)))


def _row(cells: Sequence[tuple[Entry, ...]], kinds: Sequence[str]) -> Row:
    entries = [entry for cell in cells for entry in cell]
    first = entries[0]
    late = any(entry.late for entry in entries)
    return Row(first.facility, first.code, _kind(first, kinds), tuple(cells), late)


def _groups(entries: Sequence[Entry], kinds: Sequence[str]) -> tuple[Group, ...]:
    """By operator, whose first document is due first coming first."""
    by_operator: dict[str, list[Entry]] = {}
    for entry in entries:
        by_operator.setdefault(entry.line.operator, []).append(entry)
    return tuple(
        Group(those[0].facility, those[0].code, _kind(those[0], kinds), tuple(those)) for those in by_operator.values()
    )


def _kind(entry: Entry, kinds: Sequence[str]) -> str:
    return kinds[entry.place] if entry.place < len(kinds) else ""
