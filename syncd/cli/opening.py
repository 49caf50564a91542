"""Which configuration is meant, and opening what it names: `-c` before or after a command's own words.

Commands that only look open the state read-only: they never disturb a running daemon.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from syncd.cli.shown import shown

if TYPE_CHECKING:
    from syncd.config import Config
    from syncd.store import Store
    from syncd.store.history import History
    from syncd.store.ledger import Ledger
    from syncd.world import World

_KEY = "syncd.config"
_states: list[Path] = []  # of the command that is running; the daemon's threads see it, too

Command = TypeVar("Command", bound=Callable[..., Any])


def config_option(command: Command) -> Command:
    """`-c CONFIG`: the one nearest to the command's last word counts."""

    def remember(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is not None:
            ctx.meta[_KEY] = value

    return click.option(
        "-c",
        "--config",
        metavar="CONFIG",
        type=click.Path(),
        callback=remember,
        expose_value=False,
        help="The configuration; default: $SYNCD_CONFIG, ./config.yaml, /etc/syncd/config.yaml.",
    )(command)


def begin() -> None:
    """A new command line: nothing is known yet."""
    _states.clear()


def config_path() -> Path:
    """The config file that is meant. Raises Misconfigured."""
    from syncd.config import find_config

    return find_config(click.get_current_context().meta.get(_KEY))


def config(warn: bool = False) -> Config:
    """The configuration. Raises Misconfigured; `warn`: says what works but shouldn't stay so."""
    from syncd.config import load

    found = load(config_path())
    _states[:] = [found.state]
    for problem in found.warnings if warn else ():
        click.echo(f"warning: {shown(str(problem))}", err=True)
    return found


def error_log() -> Path | None:
    """Where the details of unforeseen errors go: into the state folder; None while that isn't known."""
    return next((state / "syncd-errors.log" for state in _states if state.is_dir()), None)


def where_details_are() -> str:
    """For the end of an error's line."""
    log = error_log()
    return f"the details are in {log}" if log is not None else "SYNCD_DEBUG=1 shows the details"


def look_at_store(config: Config) -> Store:
    """The state, read-only; before the first run an empty one stands in for it."""
    from syncd.store import Store

    return Store(config.state, read_only=True)


def ledger_of(store: Store) -> Ledger:
    """What syncd knows, for reading."""
    from syncd.store.history import History
    from syncd.store.ledger import Ledger

    return Ledger(store, History(store))


def history_of(config: Config, store: Store) -> History:
    """The history with all places of its outside head."""
    from syncd.store.history import History
    from syncd.world import HEAD_ON_INTRANET

    return History(store, config.zone, (config.intranet.root / HEAD_ON_INTRANET,))


def look_at_world(config: Config) -> World:
    """Everything a round needs, for looking only."""
    from syncd.world import World

    return World(config, read_only=True)


def require_operator(config: Config, operator: str) -> str:
    """The id, if the configuration has it. Raises UsageError that names the nearest one."""
    if config.operator(operator) is not None:
        return operator
    from difflib import get_close_matches

    ids = [each.id for each in config.operators]
    by_name = {each.name: each.id for each in config.operators}
    if operator in by_name:
        return by_name[operator]
    near = get_close_matches(operator, ids, 1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(ids[:20])}{' …' if len(ids) > 20 else ''}"
    raise click.UsageError(f"no operator {operator!r} in {config.file}; {hint}")


def complete_operators(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """The operators' ids, for the shell; nothing when the configuration can't be read."""
    from syncd.config import find_config, load
    from syncd.errors import SyncdError

    try:
        found = load(find_config(ctx.meta.get(_KEY)))
    except (SyncdError, OSError):
        return []
    return [each.id for each in found.operators if each.id.startswith(incomplete)]
