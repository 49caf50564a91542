"""Whether everything that syncd needs is in place: one file for each thing that is looked at; changes nothing.

A check hands out `Diagnosis`es (`syncd.diagnosis`) and is bounded in time. `box` leads to what the cloud's own room
looks at. A new check is a function in a file here, and its line in `examine`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from syncd.clock import Clock, SystemClock
from syncd.config import BoxCloud, Config, FolderCloud
from syncd.diagnosis import Area, Diagnosis, fault, ok, warning
from syncd.errors import SyncdError
from syncd.examination import chat, disk, program, samba, scanner, shares, state, times, watcher
from syncd.examination.box import BoxChecks
from syncd.examination.knowledge import NOTHING, Known, known_of
from syncd.examination.rules import rules
from syncd.model import Side
from syncd.patience import TooSlow, within
from syncd.store import Store
from syncd.store.claim import claimant

__all__ = ["examine", "exit_status"]

SECONDS: Final = 10.0


def examine(config: Config, clock: Clock | None = None) -> Iterator[Diagnosis]:
    """Everything, area by area; what can't be looked at is a fault, and the rest goes on."""
    clock = clock or SystemClock()
    yield from looked("program", "versions", program.versions)
    yield from _config(config)
    yield from looked("rules", "check", lambda: rules(config))
    yield from looked("state", "folder", lambda: state.folder(config))
    if config.state.is_dir():
        yield from looked("state", "space", lambda: [disk.space("state", config.state)])
    known = NOTHING
    try:
        with closing(Store(config.state, read_only=True)) as store:
            if config.state.is_dir():  # else that was said already
                yield from looked("state", "database", lambda: state.database(config, store))
            known = known_of(store, config, clock)
    except SyncdError as error:
        yield fault("state", "database", error.message, error.remedy)
    yield from _outside(config, clock, known)
    yield from _daemon(config)


def exit_status(found: Iterable[Diagnosis]) -> int:
    """3 something is held, else 2 the rules are wrong, else 1 there is a fault, else 0."""
    faults = [each for each in found if each.state == "fault"]
    if any((each.area, each.check) == ("state", "holds") for each in faults):
        return 3
    return 2 if any(each.area == "rules" for each in faults) else 1 if faults else 0


def looked(area: Area, check: str, work: Callable[[], Iterable[Diagnosis]]) -> list[Diagnosis]:
    """What a check finds; a check that fails or doesn't end is a fault itself."""
    try:
        return within(SECONDS, lambda: list(work()))
    except TooSlow as error:
        return [
            fault(area, check, error.message, "see that what lies there answers: a share whose server is gone hangs")
        ]
    except SyncdError as error:
        return [fault(area, check, error.message, error.remedy)]
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return [fault(area, check, f"{place}{error.strerror or error}", "let this account read and write there")]


def _config(config: Config) -> Iterator[Diagnosis]:
    count = len(config.operators)
    yield ok("config", "read", f"{config.file}: {count} {'operator' if count == 1 else 'operators'}, no fault")
    for problem in config.warnings:
        yield warning("config", "read", f"{problem.place}: {problem.message}", problem.remedy)


def _outside(config: Config, clock: Clock, known: Known) -> Iterator[Diagnosis]:
    """Both sides, and what depends on them."""
    box = BoxChecks(config, config.cloud, clock, known) if isinstance(config.cloud, BoxCloud) else None
    roots: dict[Side, Path] = {Side.INTRANET: config.intranet.root}
    if isinstance(config.cloud, FolderCloud):
        roots = {Side.CLOUD: config.cloud.root, **roots}
    if box is not None:
        yield from box.cloud()
    good: dict[Side, Path] = {}
    for side, root in roots.items():
        work = partial(shares.share, side, root, config, known)
        found = looked(shares.area_of(side), "root", work)
        yield from found
        if not any(each.check == "root" and each.state == "fault" for each in found) and shares.may_be_tried(root):
            good[side] = root
    yield from looked("intranet", "samba", lambda: samba.samba(config))
    yield from _tried(config, clock, good)
    if box is not None:
        yield from box.clock()
    yield from looked("chat", "addresses", lambda: chat.chat(config, known))
    yield from examine_scanner(config, clock)


def _tried(config: Config, clock: Clock, good: dict[Side, Path]) -> Iterator[Diagnosis]:
    """What is tried out in `.syncd` of roots that are marked."""
    if good:
        yield from looked("watcher", "events", lambda: watcher.watcher(config, good))
    else:
        yield warning("watcher", "events", "not tried: no root is in place", "see above")
    yield times.zone(config, clock)
    yield from looked("clock", "shares", lambda: times.shares(good))


def examine_scanner(config: Config, clock: Clock) -> Iterator[Diagnosis]:
    found = looked("scanner", "scanner", lambda: scanner.scanner(config, clock))
    yield from found
    if config.scanner is not None and not any(each.state == "fault" for each in found):
        clamd = config.scanner
        yield from looked("scanner", "size", lambda: [scanner.size(clamd)])


def _daemon(config: Config) -> Iterator[Diagnosis]:
    process = claimant(config.state)
    if process is None:
        yield warning("daemon", "daemon", "syncd is not running", "systemctl start syncd, or `syncd run`")
    else:
        yield ok("daemon", "daemon", f"syncd is running (process {process or 'unknown'})")
