"""`syncd rules replay`: what edited rules would have made of a month that is over."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncd.cli.opening import config, config_option, look_at_world
from syncd.cli.shown import say, say_json, shown
from syncd.errors import Misconfigured

if TYPE_CHECKING:
    from syncd.config import Config
    from syncd.replaying import Replayed
    from syncd.rulebook import Rulebook


@click.command()
@click.option("--period", "month", metavar="P", help="2026-10, 2026-Q3 or 2026; default: the last complete month.")
@click.option("--rules", "folder", metavar="DIR", type=click.Path(path_type=Path), help="The edited rules.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@config_option
def replay(month: str | None, folder: Path | None, as_json: bool) -> None:
    """Judges a month's files by edited rules, and shows what would have become of them. Changes nothing.

    The files are those that syncd still has; beside each stands what was said of it when it came, or what the rules
    in force say now. Copy the rules folder, edit the copy, and name it with --rules: a running daemon takes over what
    is saved in its own folder within seconds.

    \b
    Example: syncd rules replay --rules draft --period 2026-10
    """
    from syncd import packaged
    from syncd.replaying import last_month
    from syncd.replaying import replay as replayed
    from syncd.rulebook import load

    settings = config()
    edited = load(folder or settings.rules, packaged.rules_folder())
    with look_at_world(settings) as world:
        when = _period(month) if month else last_month(world.local_now().date())
        found = list(replayed(world, _in_force(settings, edited), edited, when))
    titles = {rule.document: rule.title for rule in edited.rules.values()}
    if as_json:
        say_json({"period": when, "version": edited.version, "files": [_entry(one) for one in found]})
        return
    for one in found:
        if one.changed or one.other_reasons:
            say(shown(_line(one, titles)))
    say(_summary(found, when))


def _period(text: str) -> str:
    from syncd.forms.months import is_period

    if not is_period(text):
        raise click.UsageError(f"{text!r} is no period; write e.g. 2026-10, 2026-Q3 or 2026")
    return text


def _in_force(settings: Config, edited: Rulebook) -> Rulebook:
    """The last good set that the daemon took over; before its first start the edited ones stand in."""
    from syncd import packaged
    from syncd.rulebook import load
    from syncd.store.rules_in_force import rules_folder

    folder = rules_folder(settings.state)
    try:
        return load(folder, packaged.rules_folder()) if folder is not None else edited
    except Misconfigured:  # an older version of syncd took them over
        return edited


def _line(one: Replayed, titles: dict[str, str]) -> str:
    document = one.after.document or one.before.document
    title = titles.get(document or "", one.file.name)
    when = one.after.period or one.before.period or "–"
    before, after = one.before.becomes, one.after.becomes
    reasons = "; ".join(one.after.reasons or one.before.reasons)
    head = f"{one.operator.name} {title} {when}"
    if one.other_reasons:
        return f"{head}: {before} as before, but for {reasons or 'no reason'}"
    if before == after:
        before, after = f"{before} as {one.before.document}", f"{after} as {one.after.document}"
    return f"{head}: {before} → {after}{f' ({reasons})' if reasons else ''}"


def _summary(found: list[Replayed], when: str) -> str:
    ways = Counter((one.before.becomes, one.after.becomes) for one in found if one.changed)
    parts = [f"{count} × {before} → {after}" for (before, after), count in ways.most_common()]
    other = sum(one.other_reasons for one in found)
    parts += [f"{other} with other reasons"] if other else []
    unchanged = sum(not one.changed and not one.other_reasons for one in found)
    return f"{when}: {len(found)} files, {', '.join([*parts, f'{unchanged} as before'])}; nothing was changed"


def _entry(one: Replayed) -> dict[str, Any]:
    return {
        "operator": one.operator.id,
        "document": one.after.document or one.before.document,
        "period": one.after.period or one.before.period,
        "file": one.file.name,
        "changed": one.changed,
        "before": {"becomes": one.before.becomes, "rule": one.before.rule, "reasons": list(one.before.reasons)},
        "after": {"becomes": one.after.becomes, "rule": one.after.rule, "reasons": list(one.after.reasons)},
    }
