"""How fresh each side is, and whether the scanner answers: a small file beside the database.

Not in it, because a look that finds nothing new writes no row. It is a report to people, not a memory: lost or broken,
it is simply written anew.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from syncd.model import Side

PAUSE: Final = 3.0
"""Seconds between two writes at least."""


@dataclass(frozen=True, slots=True)
class SideSeen:
    """What is known of one side.

    Attributes:
        seen_at: the last complete look at any operator, seconds since the epoch; None: never.
        reachable: None: not tried yet. `why`: why it isn't.
        operators: the last complete look at each operator.
    """

    seen_at: float | None
    reachable: bool | None
    why: str
    operators: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ScannerSeen:
    """What is known of the virus scanner.

    Attributes:
        reachable: None: not asked yet. `why`: why it isn't.
        waiting: how many files wait for it, by operator; none: 0.
    """

    reachable: bool | None = None
    why: str = ""
    waiting: Mapping[str, int] = field(default_factory=dict)


class Freshness:
    """When the daemon last saw what; written to `seen.json` at most every few seconds.

    Args:
        folder: the state folder.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "seen.json"
        self._guard = threading.Lock()
        self._sides: dict[Side, SideSeen] = dict(read(folder))
        self._scanner = read_scanner(folder)
        self._unseen: dict[Side, dict[str, str]] = {side: {} for side in Side}
        self._written = float("-inf")
        self._changed = False

    def saw(self, side: Side, operator: str, at: float) -> None:
        """A look at one operator's folder was complete."""
        with self._guard:
            before, unseen = self._sides[side], self._unseen[side]
            unseen.pop(operator, None)
            unseen.pop("", None)
            why = next(iter(unseen.values()), "")
            self._sides[side] = SideSeen(at, not unseen, why, {**before.operators, operator: at})
            self._note()

    def unreachable(self, side: Side, why: str, operator: str = "") -> None:
        """The side, or what is one operator's there, can't be seen whole just now."""
        with self._guard:
            before = self._sides[side]
            self._unseen[side][operator] = why
            self._sides[side] = SideSeen(before.seen_at, False, why, before.operators)
            self._note(at_once=before.reachable is not False)

    def scanner_away(self, why: str) -> None:
        """The virus scanner can't be asked just now."""
        self._scanner_is(replace(self._scanner, reachable=False, why=why))

    def scanner_back(self) -> None:
        """The virus scanner gave an answer."""
        self._scanner_is(replace(self._scanner, reachable=True, why=""))

    def scanner_waits(self, operator: str, files: int) -> None:
        """So many files of an operator wait in inbox for the scanner."""
        with self._guard:
            others = {one: count for one, count in self._scanner.waiting.items() if one != operator}
            waiting = {**others, operator: files} if files else others
            if waiting != self._scanner.waiting:
                self._scanner = replace(self._scanner, waiting=waiting)
                self._note()

    def _scanner_is(self, seen: ScannerSeen) -> None:
        with self._guard:
            turned = seen.reachable is not self._scanner.reachable
            if turned or seen.why != self._scanner.why:
                self._scanner = replace(seen, waiting=self._scanner.waiting)
                self._note(at_once=turned)

    def why_unseen(self, side: Side, operator: str) -> str:
        """Why an operator's folder can't be seen whole just now; '' when it can, or nobody has looked yet."""
        with self._guard:
            unseen = self._unseen[side]
            return unseen.get(operator) or unseen.get("", "")

    @property
    def scanner(self) -> ScannerSeen:
        """What is known of the virus scanner."""
        return self._scanner

    def seen_at(self, side: Side, operator: str | None = None) -> float | None:
        """The last complete look at an operator, or at anything on that side; None: never."""
        seen = self._sides[side]
        return seen.seen_at if operator is None else seen.operators.get(operator)

    def flush(self) -> None:
        """Writes what isn't written yet (before the daemon ends)."""
        with self._guard:
            if self._changed:
                self._write()

    def _note(self, at_once: bool = False) -> None:
        self._changed = True
        if at_once or time.monotonic() - self._written >= PAUSE:
            self._write()

    def _write(self) -> None:
        content: dict[str, object] = {
            side.value: {
                "seen_at": seen.seen_at,
                "reachable": seen.reachable,
                "why": seen.why,
                "operators": dict(seen.operators),
            }
            for side, seen in self._sides.items()
        }
        scanner = self._scanner
        content["scanner"] = {
            "reachable": scanner.reachable,
            "why": scanner.why,
            "waiting": dict(scanner.waiting),
        }
        temporary = self._file.with_name(f".seen.{os.getpid()}")
        with suppress(OSError):  # a report that can't be written stops no work; the database says what the disk lacks
            temporary.write_text(json.dumps(content))
            temporary.replace(self._file)
        self._written, self._changed = time.monotonic(), False


def read(folder: Path) -> Mapping[Side, SideSeen]:
    """What the daemon last wrote to `seen.json`; sides it never saw are there, too."""
    try:
        content = json.loads((folder / "seen.json").read_bytes())
        return {side: _side(content.get(side.value, {})) for side in Side}
    except (OSError, ValueError, AttributeError, TypeError):
        return {side: _side({}) for side in Side}


def read_scanner(folder: Path) -> ScannerSeen:
    """What the daemon last wrote of the scanner."""
    try:
        entry = json.loads((folder / "seen.json").read_bytes())["scanner"]
        reachable = entry["reachable"]
        return ScannerSeen(
            reachable=reachable if isinstance(reachable, bool) else None,
            why=str(entry["why"]),
            waiting={str(one): int(count) for one, count in entry["waiting"].items()},
        )
    except (OSError, ValueError, AttributeError, TypeError, LookupError):
        return ScannerSeen()


def _side(entry: Mapping[str, object]) -> SideSeen:
    at, reachable, operators = entry.get("seen_at"), entry.get("reachable"), entry.get("operators")
    return SideSeen(
        seen_at=float(at) if isinstance(at, int | float) else None,
        reachable=reachable if isinstance(reachable, bool) else None,
        why=str(entry.get("why", "")),
        operators={str(one): float(when) for one, when in operators.items()} if isinstance(operators, dict) else {},
    )
