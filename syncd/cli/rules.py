"""`syncd rules`: what is wrong with the rules, said before they are in force."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from syncd.cli.opening import config, config_option
from syncd.cli.shown import say, shown

if TYPE_CHECKING:
    from syncd.config import Config
    from syncd.rulebook import Rulebook


@click.group(short_help="What is wrong with the rules.")
@config_option
def rules() -> None:
    """Looks at the rules: one YAML file for each document type, and _workflow.yaml.

    \b
    Example: syncd rules check
    """


@rules.command()
@config_option
def check() -> None:
    """Names all faults with file and line, and what is worth a second look.

    Exit status 2 when there is a fault; a running daemon then keeps the rules that are in force.

    \b
    Example: syncd rules check -c /etc/syncd/config.yaml
    """
    from syncd import packaged
    from syncd.rulebook import load

    settings = config(warn=True)
    found = load(settings.rules, packaged.rules_folder())
    for warning in _warnings(settings, found):
        click.echo(f"warning: {shown(warning)}", err=True)
    own = any((settings.rules / f"_workflow.{ending}").is_file() for ending in ("yaml", "yml"))
    table = "its own _workflow.yaml" if own else "the _workflow.yaml that comes with syncd"
    say(f"{settings.rules}: {len(found.rules)} document types, no fault; moves follow {table}")


def _warnings(settings: Config, found: Rulebook) -> list[str]:
    """What can be meant so, but probably isn't."""
    if not found.rules:
        return [f"{settings.rules}: there is no rule: every file stays in inbox until a person moves it"]
    kinds = {operator.kind for operator in settings.operators}
    warnings = []
    for rule in found.rules.values():
        if rule.required is None:
            continue
        asked = set(rule.required.kinds)
        if asked and not asked & kinds:
            who = ", ".join(sorted(asked))
            warnings.append(f"{rule.place}: {rule.title} is required of {who}, but no operator is of that kind")
    return warnings
