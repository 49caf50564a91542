"""`syncd doctor`: is everything that syncd needs in place."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from syncd.cli.opening import config, config_option
from syncd.cli.shown import say, say_json, shown

if TYPE_CHECKING:
    from syncd.diagnosis import Diagnosis

_STATES = {"ok": "ok", "warning": "warning", "fault": "FAULT"}
_FOR_ALL = "{count} operators: as it should be"


@click.command(short_help="Is everything in place.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@config_option
def doctor(as_json: bool) -> int:
    """Looks at config, rules, state, both sides, watcher, clock, chat and scanner, and says what is wrong.

    Each line is ok, warning or FAULT, and says what to do. Nothing is changed, moved or sent; a file may be made for a
    moment in .syncd of a tree. Run it as the user of the daemon.

    Exit status: 3 something is held, else 2 the configuration or the rules are wrong, else 1 a FAULT, else 0.

    \b
    Example: sudo -u syncd syncd doctor -c /etc/syncd/config.yaml
    """
    settings = config()
    from syncd.examination import examine, exit_status

    found: list[Diagnosis] = []
    for area, group in groupby(examine(settings), key=lambda each: each.area):
        lines = list(group)
        found += lines
        if not as_json:
            _print(area, lines)
    if as_json:
        say_json([_row(each) for each in found])
    else:
        _print_end(found)
    return exit_status(found)


def _row(found: Diagnosis) -> dict[str, str]:
    return {
        "area": found.area,
        "check": f"{found.check} {found.about}".rstrip(),
        "state": found.state,
        "detail": found.detail,
        "remedy": found.remedy,
    }


def _print(area: str, lines: list[Diagnosis]) -> None:
    say(area)
    wide = max(len(each.check) for each in lines)
    for state, check, said in _together(lines):
        say(f"  {_STATES[state]:<7}  {check:<{wide}}  {shown(said)}")


def _together(lines: list[Diagnosis]) -> list[tuple[str, str, str]]:
    """State, check and text; what is as it should be for many operators is one line."""
    told: list[tuple[str, str, str]] = []
    for check in dict.fromkeys(each.check for each in lines):
        of_check = [each for each in lines if each.check == check]
        fine = [each for each in of_check if each.state == "ok" and each.about]
        if len(fine) > 1:
            told.append(("ok", check, _FOR_ALL.format(count=len(fine))))
        told += [
            (each.state, check, f"{each.detail} — {each.remedy}" if each.remedy else each.detail)
            for each in of_check
            if len(fine) < 2 or each not in fine
        ]
    return told


def _print_end(found: list[Diagnosis]) -> None:
    faults = sum(each.state == "fault" for each in found)
    warnings = sum(each.state == "warning" for each in found)
    words = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in ((faults, "FAULT"), (warnings, "warning"))]
    say()
    say(f"{', '.join(words)} in {len(found)} checks" if faults or warnings else "everything is in place")
