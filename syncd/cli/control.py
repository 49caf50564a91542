"""`syncd pause`, `resume`, `release`: stop and go, written into the state; a running daemon sees it within seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from syncd.cli.opening import complete_operators, config, config_option, history_of, require_operator
from syncd.cli.shown import say

if TYPE_CHECKING:
    from syncd.config import Config
    from syncd.store.history import History
    from syncd.store.holds import Holds

_ID = click.argument("operator", metavar="[ID]", required=False, shell_complete=complete_operators)


@click.command(short_help="Stop work, of one operator or all.")
@_ID
@config_option
def pause(operator: str | None) -> None:
    """Stops work for the operator ID, or for everybody.

    Nothing is moved, sent in or put back until `syncd resume`; nothing is lost meanwhile.

    \b
    Example: syncd pause himawari
    """
    settings = config()
    chosen = require_operator(settings, operator) if operator else None
    with _changing(settings) as state:
        done = state.holds.pause(chosen)
        if done:
            state.record(chosen or "", "paused", "")
    what = chosen or "everything"
    command = f"syncd resume {chosen or ''}".strip()
    say(f"{what} is paused; `{command}` goes on" if done else f"{what} was paused")


@click.command(short_help="Go on with it.")
@_ID
@config_option
def resume(operator: str | None) -> None:
    """Goes on with the operator ID, or with everything that is paused.

    \b
    Example: syncd resume himawari
    """
    settings = config()
    chosen = require_operator(settings, operator) if operator else None
    with _changing(settings) as state:
        done = state.holds.resume(chosen)
        if done:
            state.record(chosen or "", "resumed", "")
        still = chosen is not None and "" in state.holds.paused()
    if still:
        raise click.ClickException("everything is paused — `syncd resume` without an id goes on with everybody")
    what = chosen or "everything"
    say(f"{what} goes on" if done else f"{what} was not paused" if chosen else "nothing was paused")


@click.command(short_help="End a hold.")
@click.argument("operator", metavar="ID", shell_complete=complete_operators)
@config_option
def release(operator: str) -> None:
    """Ends the hold of the operator ID, after a person has looked.

    What has vanished until now counts from here on as taken away on purpose. `syncd status` says why it was held.

    \b
    Example: syncd release himawari
    """
    settings = config()
    with _changing(settings) as state:
        held = {hold.operator: hold.reason for hold in state.holds.holds()}
        chosen = operator if operator in held else require_operator(settings, operator)
        done = state.holds.release(chosen, time.time())
        if done:
            state.record(chosen, "released", f"was held: {held[chosen]}")
    say(f"{chosen} is released" if done else f"{chosen} is not held")


@dataclass(frozen=True, slots=True)
class _State:
    """The state, open for one change and its line in the history."""

    holds: Holds
    history: History

    def record(self, operator: str, outcome: str, reason: str) -> None:
        """Who stopped or released what is part of the history, too."""
        import getpass

        from syncd.model import By, Record

        try:
            actor = getpass.getuser()
        except (KeyError, OSError):
            actor = ""
        line = Record(operator, None, None, "", None, None, By.STAFF, actor, "", reason, outcome, None)
        self.history.append([line], time.time())


@contextmanager
def _changing(settings: Config) -> Iterator[_State]:
    from syncd.store import Store
    from syncd.store.holds import Holds

    store = Store(settings.state)
    try:
        history = history_of(settings, store)
        with store.transaction():
            yield _State(Holds(store), history)
    finally:
        store.close()
