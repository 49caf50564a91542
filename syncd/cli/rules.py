"""`syncd rules`: what is wrong with the rules, said before they are in force; help for those who write them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncd.cli.examples import test
from syncd.cli.opening import config, config_option
from syncd.cli.replay import replay
from syncd.cli.shown import say, say_json, shown

if TYPE_CHECKING:
    from syncd.errors import Problem


@click.group(short_help="What is wrong with the rules; try them out.")
@config_option
def rules() -> None:
    """Looks at the rules: one YAML file for each document type, _workflow.yaml and _calendar.yaml.

    \b
    Right as they stand?             syncd rules check
    Do their examples come out?      syncd rules test
    What would change this month?    syncd rules replay
    Help while writing, in editors:  syncd rules schema
    """


@rules.command()
@click.option("--rules", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Another folder, e.g. a draft.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@config_option
def check(folder: Path | None, as_json: bool) -> None:
    """Names all faults with file, line and column, and what is worth a second look.

    Exit status 2 when there is a fault; a running daemon then keeps the rules that are in force.

    \b
    Example: syncd rules check -c /etc/syncd/config.yaml
    """
    from datetime import datetime

    from syncd import packaged
    from syncd.errors import Misconfigured
    from syncd.rulebook import load
    from syncd.rulebook.doubts import doubts

    settings = config(warn=not as_json)
    place = folder or settings.rules
    try:
        found = load(place, packaged.rules_folder())
    except Misconfigured as faults:
        if as_json:
            say_json({"faults": [_entry(problem) for problem in faults.problems], "warnings": []})
            raise click.exceptions.Exit(2) from None
        raise
    warnings = doubts(found, settings.operators, datetime.now(settings.zone).date())
    if as_json:
        say_json({"faults": [], "warnings": [_entry(problem) for problem in warnings]})
        return
    for warning in warnings:
        click.echo(f"warning: {shown(str(warning))}", err=True)
    if not found.rules:
        click.echo(f"warning: {place}: there is no rule: every file stays in inbox until a person moves it", err=True)
    own = any((place / f"_workflow.{ending}").is_file() for ending in ("yaml", "yml"))
    table = "its own _workflow.yaml" if own else "the _workflow.yaml that comes with syncd"
    say(f"{place}: {len(found.rules)} document types, no fault; moves follow {table}; version {found.version}")


def _entry(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
        "remedy": problem.remedy,
    }


@rules.command()
@click.option("--workflow", "which", flag_value="workflow", help="That of _workflow.yaml.")
@click.option("--calendar", "which", flag_value="calendar", help="That of _calendar.yaml.")
@config_option
def schema(which: str | None) -> None:
    """Prints the JSON Schema of a rule file, with which an editor completes, explains and checks.

    For VS Code with the YAML extension (and others with yaml-language-server): write it beside the rules, and make
    this the first line of each rule file:

    \b
    # yaml-language-server: $schema=./rule.schema.json

    \b
    Example: syncd rules schema > rules/rule.schema.json
    """
    from syncd.rulebook.schema import calendar_schema, rule_schema, workflow_schema

    found = {"workflow": workflow_schema, "calendar": calendar_schema}.get(which or "", rule_schema)
    say_json(found())


for command in (test, replay):
    rules.add_command(command)
