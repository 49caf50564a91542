"""Asking people again: what is missing, unanswered or not here yet (D1, D5). Says it, and keeps that it was said."""

from __future__ import annotations

from datetime import date
from typing import Final

from syncd.execution import record
from syncd.model import By, Move, Record, Side
from syncd.outstanding import known
from syncd.rulebook.checklist import followed_lines
from syncd.rulebook.reminders import Reminder, due_reminders
from syncd.world import World

NEWS: Final = frozenset({"all_confirmed", "sealed_original_off"})
"""What asks nobody for anything, so that it is no reminder to be counted."""


def remind(world: World, *, settled_seconds: float) -> int:
    """Says what is due to be said now; returns how much it was. Nothing is said twice, and nothing caught up.

    Args:
        settled_seconds: how long something must have been confirmed before anything follows from it (S6).
    """
    now = world.local_now()
    if not world.rules.calendar.in_office_hours(now):
        return 0
    operators = [operator.id for operator in world.config.operators]
    facts = known(world)
    due = due_reminders(
        followed_lines(world.config.operators, world.rules, facts, now),
        world.rules,
        now,
        {operator: _asked_from(facts.since.get(operator, now.date())) for operator in operators},
        frozenset[str]().union(*(world.ledger.remarks(operator) for operator in operators)),
        language=world.config.language,
        unseen=_unseen(world),
        settled_seconds=settled_seconds,
    )
    with world.store.transaction():
        for reminder in due:
            record(world, None, _move(reminder), {})
    return len(due)


def _move(reminder: Reminder) -> Move:
    telling = reminder.telling()
    said = Record(
        reminder.operator, reminder.document, reminder.period, "", None, None, By.SYNCD, "syncd", "",
        f"{reminder.audience}: {reminder.message}", "reminded", None,
    )  # fmt: skip
    return Move(
        "D1",
        reminder.operator,
        records=() if telling is None or telling.message in NEWS else (said,),
        tellings=(telling,) if telling else (),
        remarks=reminder.keys,
    )


def _asked_from(first: date) -> date:
    """What is listed as late in the first month is asked for, too, on the days on which anything is."""
    return first.replace(day=1)


def _unseen(world: World) -> frozenset[str]:
    """Operators of whom something can't be seen just now, or with whom a person has to deal first."""
    found = set(world.stopped_operators())
    for operator in world.config.operators:
        if any(world.freshness.why_unseen(side, operator.id) for side in Side):
            found.add(operator.id)
    return frozenset(found)
