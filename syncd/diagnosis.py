"""What an examination found: one line for each thing that was looked at. Plain data; nothing in it is secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Area = Literal[
    "program", "config", "rules", "state", "cloud", "intranet", "watcher", "clock", "chat", "scanner", "daemon"
]
State = Literal["ok", "warning", "fault"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at.

    Attributes:
        check: what was looked at, a word or two.
        state: `warning`: syncd works, but not as well as it could, or not for long; `fault`: something doesn't work.
        detail: what was found, one line.
        remedy: what to do about it; '' when there is nothing to do.
        about: the operator's id, where it concerns one alone.
    """

    area: Area
    check: str
    state: State
    detail: str
    remedy: str = ""
    about: str = ""


def ok(area: Area, check: str, detail: str, *, about: str = "") -> Diagnosis:
    """It is as it should be."""
    return Diagnosis(area, check, "ok", detail, "", about)


def warning(area: Area, check: str, detail: str, remedy: str, *, about: str = "") -> Diagnosis:
    """It works, and should be seen to."""
    return Diagnosis(area, check, "warning", detail, remedy, about)


def fault(area: Area, check: str, detail: str, remedy: str, *, about: str = "") -> Diagnosis:
    """It doesn't work."""
    return Diagnosis(area, check, "fault", detail, remedy, about)
