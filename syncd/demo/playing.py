"""Plays the month in a ward of its own: makes it, starts syncd on each of the story's days, and says where to look."""

from __future__ import annotations

import locale
import os
import time
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

import click

from syncd.demo.box import require_clone, require_stopped, simulated_box
from syncd.demo.chat import Chat
from syncd.demo.days import TOKYO, Days, Language, heading, story_days
from syncd.demo.farewell import calls, farewell, invited
from syncd.demo.hands import FolderHands
from syncd.demo.month import MONTH
from syncd.demo.player import Player
from syncd.demo.processes import daemon, syncd
from syncd.demo.ward import FOLDER_CLOUD, Ward


def play(folder: Path, language: Language | str | None = None, in_box: bool = False) -> int:
    """Makes the ward in `folder` and plays the month; 0 when all went as told. Raises SyncdError.

    `in_box`: the nurseries' folders lie in a simulated Box.
    """
    from syncd.rulebook import load

    spoken: Language = "en" if language == "en" else "ja"
    narration: Language = spoken if language else _of_terminal()
    started = time.monotonic()
    ward = Ward(folder)
    if in_box:
        require_clone()
    require_stopped(ward)
    ward.make()
    rules = load(ward.folder / "rules", ward.folder / "rules")
    days, chat = story_days(rules, datetime.now(TOKYO).date()), Chat(ward, rules, spoken)
    with simulated_box(ward) if in_box else nullcontext() as simulated:
        ward.configure(spoken, simulated.config if simulated else FOLDER_CLOUD)
        syncd(ward, "init")
        nurseries = simulated.invite() if simulated else None
        if nurseries:
            invited(nurseries, narration)
        _play(ward, Player(ward, nurseries or FolderHands(ward.folder / "cloud"), chat, days, narration), chat, days)
    syncd(ward, "history", "verify")
    if simulated:
        calls(ward, narration)
    farewell(ward, days, narration, time.monotonic() - started, chat.count, simulated)
    return 0


def _play(ward: Ward, player: Player, chat: Chat, days: Days) -> None:
    """One scene after the other; a scene on another day begins with another daemon, that of this day."""
    day = ""
    with daemon(ward) as office:
        player.alive = office.alive
        for number, scene in enumerate(MONTH, 1):
            if scene.day != day:
                chat.rest()
                chat.new_day()
                day, moment = scene.day, days.at(scene.day)
                click.echo(click.style(f"\n── {heading(moment, player.language)} ──", bold=True))
                office.turn_to(moment)
            player.scene(number, scene)
        chat.rest()


def _of_terminal() -> Language:
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or locale.getlocale()[0]
    return "ja" if (name or "").lower().startswith("ja") else "en"
