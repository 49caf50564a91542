"""`syncd init`: the folders of all operators on both sides and the root markers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from syncd.cli.opening import config, config_option
from syncd.cli.shown import say, shown
from syncd.errors import SyncdError

if TYPE_CHECKING:
    from syncd.model import Operator, Side
    from syncd.world import World


@click.command(short_help="Make all folders on both sides.")
@config_option
def init() -> int:
    """Makes all folders on both sides, and marks both roots.

    Never harms what exists; a second run finds nothing to do. Where the state knows files but a root has no marker
    (a share that isn't mounted), nothing is made.

    \b
    Example: syncd init -c /etc/syncd/config.yaml
    """
    from syncd.hints import root_of
    from syncd.model import Side
    from syncd.world import World

    settings = config(warn=True)
    failed = False
    with World(settings) as world:
        world.store.lock_daemon()
        made: list[str] = []
        for side in Side:
            root = root_of(settings, side)
            was_there = root.is_dir()
            if world.mark(side):
                made.append(f"{side}: marked {root}" if was_there else f"{side}: made and marked {root}")
        for operator in settings.operators:
            for side in Side:
                try:
                    made += _folders(world, operator, side)
                except SyncdError as error:
                    failed = True
                    click.echo(f"syncd: {operator.id}: {shown(str(error))}", err=True)
    for line in made:
        say(shown(line))
    if not made and not failed:
        say(f"nothing to do: all folders of {len(settings.operators)} operators are there")
    return 1 if failed else 0


def _folders(world: World, operator: Operator, side: Side) -> list[str]:
    """Makes what is missing and says so."""
    from syncd.hints import root_of

    layout = world.layout(operator.id, side)
    folder = root_of(world.config, side) / layout.folder
    missing = [path for path in (folder, *(folder / name for name in layout.stages.values())) if not path.is_dir()]
    known = world.ledger.folders(operator.id, side)
    found = world.tree(side).ensure(layout, known)
    if not found.deleted:  # else the daemon has to see that they were gone: their files are to be put back
        world.ledger.set_folders(operator.id, side, found.identities)
    lines = [f"{side}: put back {each}" for each in found.put_back]
    if folder in missing:
        return [*lines, f"{side}: made {folder} with its {len(layout.stages)} folders"]
    return [*lines, *(f"{side}: made {path}" for path in missing if not found.put_back and Path(path).is_dir())]
