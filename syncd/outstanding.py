"""What is expected of whom just now, by what syncd knows: the checklist's lines, for reminders, pages and commands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Final

from syncd.rulebook.checklist import UNSENT, ChecklistLine, lines_for, open_lines
from syncd.rulebook.period import before, current, last_day
from syncd.rulebook.standing import Known, waiting_for
from syncd.rulebook.wording import Words
from syncd.store.judgements import cells_of_returned
from syncd.store.ledger import Ledger

if TYPE_CHECKING:
    from syncd.world import World

MONTHS_SHOWN: Final = 12
"""How many months the progress page goes back."""


def known_by(ledger: Ledger, unscanned: Mapping[str, int], zone: tzinfo) -> Known:
    """What syncd knows of the operators' documents.

    Args:
        unscanned: how many files of each operator wait for the scanner.
        zone: the ward's.
    """
    files = ledger.all_live()
    return Known(
        files,
        waiting_for(files, [operator for operator, count in unscanned.items() if count]),
        ledger.first_arrivals(),
        cells_of_returned(ledger.returned()),
        {operator: datetime.fromtimestamp(at, zone).date() for operator, at in ledger.first_seen().items()},
    )


def lines_now(world: World) -> tuple[ChecklistLine, ...]:
    """What people look at: all that is open, and every document of the last months, each once."""
    now, rules, operators = world.local_now(), world.rules, world.config.operators
    facts = known(world)
    begin = {operator.id: current("month", facts.since.get(operator.id, now.date())) for operator in operators}
    found = {_key(line): line for line in open_lines(operators, rules, facts, now)}
    month, earliest = current("month", now.date()), min(begin.values(), default="")
    for file in facts.files:
        if file.period is not None:
            earliest = min(earliest, current("month", last_day(file.period)))
    for _ in range(MONTHS_SHOWN):
        if month < earliest:
            break
        for line in lines_for(month, operators, rules, facts, now):
            if month >= begin[line.operator] or line.state not in UNSENT:
                found.setdefault(_key(line), line)
        month = before(month)
    return tuple(found.values())


def words(world: World) -> Words:
    """What messages are made with; what is still missing is asked when one is made."""

    def missing(operator: str, period: str) -> str:
        """What is due by the end of this month, and was not before the operator was asked for anything."""
        facts, now = known(world), world.local_now()
        begin = facts.since.get(operator, now.date()).replace(day=1)
        end = last_day(current("month", now.date()))
        lines = lines_for(period, world.config.operators, world.rules, facts, now, only=(operator,))
        unsent = (line for line in lines if line.state in UNSENT and line.due is not None and not line.closed)
        return _listed([line for line in unsent if line.due and begin <= line.due <= end], world.config.language)

    return replace(world.words, missing=missing)


def _listed(lines: list[ChecklistLine], language: str) -> str:
    """Documents with their days, for chat."""
    if language == "ja":
        return "、".join(f"{line.title} {line.due.month}月{line.due.day}日まで" for line in lines if line.due)
    return ", ".join(f"{line.title} by {line.due.isoformat()}" for line in lines if line.due)


def known(world: World) -> Known:
    """The same for a ward whose state is open."""
    return known_by(world.ledger, world.freshness.scanner.waiting, world.config.zone)


def _key(line: ChecklistLine) -> tuple[str, str, str]:
    return line.operator, line.document, line.period
