"""`syncd history`: who moved what, when and why, and whether the record is whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

import click

from syncd.cli.opening import complete_operators, config, config_option, history_of, look_at_store, require_operator
from syncd.cli.shown import cut, say, shown, table

_AGO = re.compile(r"(\d{1,5})\s*(d|h|min|m|w)", re.IGNORECASE)
_UNITS = {"d": "days", "h": "hours", "m": "minutes", "min": "minutes", "w": "weeks"}


@click.group(invoke_without_command=True, short_help="Who moved what, when and why.")
@click.option(
    "--operator", metavar="ID", help="Only what happened to this operator.", shell_complete=complete_operators
)
@click.option("--since", metavar="T", help="A day, a time (in the ward's zone), or e.g. 7d, 12h, 30min ago.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, oldest first.")
@click.option("--csv", "as_csv", is_flag=True, help="Comma-separated, with a head line.")
@config_option
@click.pass_context
def history(ctx: click.Context, operator: str | None, since: str | None, as_json: bool, as_csv: bool) -> None:
    """Who moved what, when and why, oldest first.

    \b
    Examples: syncd history --operator himawari --since 7d
              syncd history --since 2026-10-01 --csv > october.csv
              syncd history verify
    """
    if ctx.invoked_subcommand is not None:
        return
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    settings = config()
    after = _moment(since, settings.zone) if since else None
    store = look_at_store(settings)
    try:
        records = history_of(settings, store)
        if operator and next(iter(records.rows(operator)), None) is None:  # a retired one still has its history
            operator = require_operator(settings, operator)
        rows = records.rows(operator, after)
        if as_json:
            _json(rows)
        elif as_csv:
            _csv(rows)
        else:
            _print(rows)
    finally:
        store.close()


@history.command()
@config_option
def verify() -> int:
    """Says whether the chain of records is whole and not behind its outside head.

    Exit status 1 when a record was changed, removed, put in, or is missing at the end.

    \b
    Example: syncd history verify
    """
    settings = config()
    store = look_at_store(settings)
    try:
        verdict = history_of(settings, store).verify()
    finally:
        store.close()
    for warning in verdict.warnings:
        click.echo(f"warning: {shown(warning)}", err=True)
    for problem in verdict.problems:
        click.echo(f"syncd: {shown(problem)}", err=True)
    if verdict.ok:
        say(f"the history is whole: {verdict.records} records")
        return 0
    say(f"the history is NOT whole: {len(verdict.problems)} faults in {verdict.records} records; keep the state folder")
    return 1


def _moment(text: str, zone: tzinfo) -> float:
    """When `--since` means, in seconds since the epoch."""
    now = datetime.now(zone)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    word = text.strip().casefold()
    if word in ("today", "yesterday"):
        return (midnight - timedelta(days=word == "yesterday")).timestamp()
    if found := _AGO.fullmatch(word):
        return (now - timedelta(**{_UNITS[found[2]]: int(found[1])})).timestamp()
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise click.BadParameter(
            f"{text!r} is no time; write 2026-10-01, 2026-10-01T09:00 or 7d", param_hint="--since"
        ) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def _json(rows: Iterable[Mapping[str, Any]]) -> None:
    import json

    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


def _csv(rows: Iterable[Mapping[str, Any]]) -> None:
    import csv
    import io

    from syncd.store.chain import NAMES

    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(NAMES)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in NAMES])
        click.echo(lines.getvalue(), nl=False)
        lines.seek(0)
        lines.truncate()
    click.echo(lines.getvalue(), nl=False)


def _cell(value: Any) -> Any:
    """Text that a spreadsheet would take for a formula is marked as text: operators choose file names."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _print(rows: Iterable[Mapping[str, Any]]) -> None:
    lines = [
        (
            row["seq"],
            row["at"][:19].replace("T", " "),
            row["operator"] or "–",
            cut(row["file"], 44),
            f"{row['from'] or '–'} → {row['to'] or '–'}",
            row["outcome"],
            f"{row['by']} {row['actor']}".strip() if row["actor"] != row["by"] else row["by"],
            row["reason"] or row["rule"],
        )
        for row in rows
    ]
    if not lines:
        say("nothing has happened yet")
        return
    say(table(("no.", "at", "operator", "file", "move", "outcome", "by", "why"), lines, right=frozenset({0})))
