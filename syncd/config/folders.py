"""Which folders there can be: names that both sides hold, nothing twice, nothing inside what it must be apart from.

Owns the rules about folder names and places. Follows links to see where a path really leads; makes and changes none.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Literal

from syncd import names

OWN_FOLDER: Final = ".syncd"
PROGRESS_PAGE: Final = "進捗状況.html"
PROGRESS_WORKBOOK: Final = "進捗状況.xlsx"
OPERATOR_PAGE: Final = "提出状況.pdf"
_RESERVED: Final = frozenset(names.fold(name) for name in (OWN_FOLDER, PROGRESS_PAGE, PROGRESS_WORKBOOK, OPERATOR_PAGE))
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_FOLDER_ID: Final = re.compile(r"[0-9]+")


def fault_of_name(name: str) -> str | None:
    """Why a folder can't have this name; None: it can."""
    composed = unicodedata.normalize("NFC", name)
    if not name:
        return "is empty"
    if "/" in name:
        return "has a / in it; it is one folder, not a path"
    if "\\" in name:
        return "has a \\ in it; folders are parted by /"
    if names.fold(name) in _RESERVED:
        return "is a name that syncd needs for itself"
    if names.ignored(name):
        return "is a name that syncd takes for a temporary or hidden file"
    if names.to_intranet(composed) != composed:
        return "can't be a name in Windows (< > : \" | ? *, CON, a space or dot at the end …) or looks like a mark"
    return None


def fault_of_path(path: str) -> str | None:
    """Why a folder below a root can't have this path; None: it can."""
    if path.startswith("/"):
        return "begins with /; it is a path below the root"
    for part in path.split("/"):
        if part in {".", ".."}:
            return f"has {part} in it; it must stay below the root"
        if fault := fault_of_name(part):
            return fault if part or not path else "has an empty part (//, or / at the end)"
    return None


def fault_of_template(template: str, placeholders: Sequence[str]) -> str | None:
    """Why a subfolder template can't be; '' is none at all and fine."""
    unknown = [name for name in _PLACEHOLDER.findall(template) if name not in placeholders]
    if unknown:
        known = " and ".join(f"{{{name}}}" for name in placeholders)
        return f"has a placeholder that there isn't; there are {known}"
    filled = _PLACEHOLDER.sub("2026", template)
    if "{" in filled or "}" in filled:
        return "has a { or } that belongs to no placeholder"
    return fault_of_path(filled) if template else None


def folded(path: str) -> tuple[str, ...]:
    """The parts of a path below a root; equal for paths that Windows or a cloud take for the same."""
    return tuple(names.fold(part) for part in path.split("/"))


def is_folder_id(path: str) -> bool:
    """Whether an operator's folder in Box is named by its id and not by a path: it is nothing but digits 0–9."""
    return _FOLDER_ID.fullmatch(path) is not None


def fault_of_folder_id(identifier: str, root: str) -> str | None:
    """Why an operator's folder in Box can't have this id; None: it can. `root`: the id under which all of them lie."""
    if identifier in {"0", root}:
        return "is cloud.root itself; an operator has a folder of its own below it"
    return "is nothing but digits, and no Box folder id begins with 0" if identifier.startswith("0") else None


def overlap(one: Path, other: Path) -> Literal["the same", "inside", "around"] | None:
    """Where the first really lies as seen from the other; None: apart."""
    first, second = Path(os.path.realpath(one)), Path(os.path.realpath(other))
    if first == second:
        return "the same"
    if first.is_relative_to(second):
        return "inside"
    return "around" if second.is_relative_to(first) else None


def repeated(texts: Iterable[str]) -> dict[int, int]:
    """For each text that was there before (letter case and composition don't count): its position → the first one's."""
    first: dict[str, int] = {}
    again: dict[int, int] = {}
    for position, text in enumerate(texts):
        earlier = first.setdefault(names.fold(text), position)
        if earlier != position:
            again[position] = earlier
    return again
