"""`syncd init`: the folders of all operators on both sides and the root markers."""

from __future__ import annotations

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
    from syncd.model import Side
    from syncd.world import World

    settings = config(warn=True)
    failed = False
    with World(settings) as world:
        world.store.lock_daemon()
        world.require_own_roots()
        made: list[str] = []
        for side in Side:
            tree = world.tree(side)
            was_there = tree.mounted() is not None
            if world.mark(side):
                made.append(f"{side}: marked {tree.title}" if was_there else f"{side}: made and marked {tree.title}")
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
    tree, layout = world.tree(side), world.layout(operator.id, side)
    known = world.ledger.folders(operator.id, side)
    there = tree.folder_identity(layout.folder) is not None
    missing = tree.look(layout, {}).missing_stages if there else frozenset(layout.stages)
    found = tree.ensure(layout, known)
    if not found.deleted:  # else the daemon has to see that they were gone: their files are to be put back
        world.ledger.set_folders(operator.id, side, found.identities)
    lines = [f"{side}: put back {each}" for each in found.put_back]
    folder = f"{tree.title}/{layout.folder}"
    if not there and not found.put_back:
        return [f"{side}: made {folder} with its {len(layout.stages)} folders"]
    made = [] if found.put_back else [stage for stage in layout.stages if stage in missing]
    return [*lines, *(f"{side}: made {folder}/{layout.stages[stage]}" for stage in made)]
