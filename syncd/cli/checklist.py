"""`syncd checklist`: every expected document and how far it has come, read from the state beside a running daemon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from syncd.cli.opening import complete_operators, config, config_option, ledger_of, look_at_store, require_operator
from syncd.cli.shown import iso, say, say_json, table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from syncd.config import Config
    from syncd.rulebook.checklist import ChecklistLine
    from syncd.rulebook.standing import Known

_HEAD = ("operator", "document", "period", "due", "state", "")


@click.command(short_help="What is missing, and how far the rest has come.")
@click.option("--period", metavar="P", help="A month (2026-10), quarter (2026-Q3) or fiscal year (2026).")
@click.option("--operator", metavar="ID", shell_complete=complete_operators, help="Only this operator.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@config_option
def checklist(period: str | None, operator: str | None, as_json: bool) -> None:
    """Each document that is expected: missing, inbox, review, corrections, confirmed, withdrawn or not applicable.

    Without --period: all of this month, and what was due earlier and is neither confirmed nor closed. A month also
    lists the quarter's and year's documents that are due in it.

    \b
    Example: syncd checklist --period 2026-10 --operator himawari
    """
    from datetime import datetime

    settings = config()
    now = datetime.now(settings.zone)
    wanted = None if operator is None else (require_operator(settings, operator),)
    asked = None if period is None else _period(period, now)
    lines = _lines(settings, now, asked, wanted)
    if as_json:
        say_json([_entry(line, settings.zone) for line in lines])
    elif lines:
        say(table(_HEAD, [_row(line) for line in lines]))
    else:
        say("Nothing is expected." if asked is None else f"Nothing is expected for {asked}.")


def _period(written: str, now: datetime) -> str:
    """The period that is meant, however it is spelled. Raises UsageError."""
    from syncd.rulebook.naming import normalised
    from syncd.rulebook.period import named

    found = named(normalised(written).strip(), now.date())
    if found is None:
        raise click.UsageError(
            f"no period {written[:40]!r}; write a month like 2026-10, a quarter like 2026-Q3 or a fiscal year like 2026"
        )
    return found


def _lines(settings: Config, now: datetime, period: str | None, only: Sequence[str] | None) -> Sequence[ChecklistLine]:
    from syncd.rulebook.checklist import lines_for, open_lines
    from syncd.store.rules_in_force import load_in_force

    rules, _ = load_in_force(settings.rules, settings.state)
    known = _known(settings)
    if period is None:
        return open_lines(settings.operators, rules, known, now, only=only)
    return lines_for(period, settings.operators, rules, known, now, only=only)


def _known(settings: Config) -> Known:
    from syncd.outstanding import known_by
    from syncd.store import freshness

    store = look_at_store(settings)
    try:
        with store.transaction():
            return known_by(ledger_of(store), freshness.read_scanner(settings.state).waiting, settings.zone)
    finally:
        store.close()


def _entry(line: ChecklistLine, zone: tzinfo) -> dict[str, Any]:
    return {
        "operator": line.operator,
        "document": line.document,
        "title": line.title,
        "period": line.period,
        "due": line.due.isoformat() if line.due else None,
        "state": line.state,
        "late": line.late,
        "waiting": line.waiting,
        "offered": line.offered,
        "original": line.original,
        "arrived_at": iso(line.arrived_at, zone),
        "since": iso(line.since, zone),
        "submissions": line.submissions,
        "files": line.files,
        "cells": list(line.cells),
        "closed": line.closed,
    }


def _row(line: ChecklistLine) -> tuple[str, ...]:
    due = line.due.isoformat() if line.due else ""
    return line.operator, line.title, line.period, due, line.state, ", ".join(_remarks(line))


def _remarks(line: ChecklistLine) -> list[str]:
    remarks = ["LATE"] if line.late else []
    remarks += [f"waits for a {line.waiting}"] if line.waiting == "person" else []
    remarks += ["waits for the scanner"] if line.waiting == "scanner" else []
    remarks += ["to be agreed to"] if line.offered else []
    remarks += [f"sealed original {line.original}"] if line.original else []
    return remarks + (["closed"] if line.closed else [])
