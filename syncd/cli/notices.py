"""`syncd notices`: what was said in chat, what waits, what failed and why."""

from __future__ import annotations

import click

from syncd.cli.opening import config, config_option, look_at_world
from syncd.cli.shown import cut, say, say_json, shown, table


@click.group(invoke_without_command=True, short_help="What chat was told.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@config_option
@click.pass_context
def notices(ctx: click.Context, as_json: bool) -> None:
    """What was sent, what waits, what failed and why.

    \b
    Examples: syncd notices
              syncd notices --json
              syncd notices retry
    """
    if ctx.invoked_subcommand is not None:
        return
    with look_at_world(config()) as world:
        listed = world.outbox.listing(world.words)
    if as_json:
        say_json(listed)
        return
    if not listed:
        say("nothing was said yet")
        return
    rows = []
    for one in listed:
        text = cut(shown(" ".join(str(one["text"]).split())), 70)
        error = f"  ({one['error']})" if one["error"] else ""
        rows.append((one["id"], one["room"], one["state"], one["attempts"], f"{text}{error}"))
    say(table(("id", "room", "state", "tries", "text"), rows, right=frozenset({0, 3})))


@notices.command()
@config_option
def retry() -> None:
    """Lets everything that failed wait again, and tries at once what waits.

    A running daemon sends it within seconds; else the next `syncd run` does.

    \b
    Example: syncd notices retry
    """
    from syncd.store import Store
    from syncd.store.outbox import Outbox

    store = Store(config().state)
    try:
        outbox = Outbox(store)
        failed = outbox.deliveries.retry()
        waiting = outbox.counts()["waiting"]
    finally:
        store.close()
    say(f"{failed} failed notices wait again; {waiting} wait in all" if failed else f"none had failed; {waiting} wait")
