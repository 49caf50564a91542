"""`syncd demo`: a small ward, played through the real daemon."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="A small ward to watch.")
@click.argument("folder", metavar="[DIR]", type=click.Path(file_okay=False, path_type=Path), default=Path("demo"))
@click.option("--box", is_flag=True, help="The cloud is Box, simulated on this computer; from a clone only.")
@click.option(
    "--language",
    type=click.Choice(["ja", "en"]),
    help="Of narration and chat; default: as the terminal's, chat in Japanese.",
)
def demo(folder: Path, box: bool, language: str | None) -> int:
    """Builds a small ward in DIR and plays a month of work with it through the real daemon.

    Three nurseries, their cloud folders, the ward's intranet folders and the chat rooms are made in DIR (default:
    ./demo); every message appears as it is sent. DIR has to be empty or an earlier demo, which is made anew.

    \b
    Example: syncd demo /tmp/ward --language en
    """
    from syncd.demo import play

    return play(folder, language, box)
