"""What Box's no about a single file means: which kind of trouble it is (`syncd.reports.troubles.KINDS`). Pure."""

from __future__ import annotations

from typing import Final, Literal

from syncd.clouds.box.way import POLICY

Doing = Literal["reads", "puts", "moves", "takes away"]
NAMES: Final = frozenset({"item_name_invalid", "item_name_too_long"})


def kind_of(doing: Doing, status: int, code: str) -> str:
    """The kind of trouble of a refusal that is the file's alone."""
    if doing == "takes away":
        return "undeletable"
    if code in POLICY:
        return "policy"
    if code in NAMES:
        return "name_refused"
    if code == "file_size_limit_exceeded" or status == 413:
        return "too_large"
    if status == 409:
        return "name_reserved"
    return "refused"
