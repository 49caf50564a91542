"""Which file a person means by a path: in either tree, absolute, relative to here or to a root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from syncd.errors import SyncdError

if TYPE_CHECKING:
    from syncd.config import Config
    from syncd.model import Operator, Place, Side, TrackedFile
    from syncd.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Located:
    """A place in an operator's folder; `path` is where that would be on the disk (None: its side is no directory)."""

    side: Side
    operator: Operator
    place: Place
    path: Path | None


def locate(config: Config, ledger: Ledger, text: str) -> Located:
    """The file that is meant: what is there first, else what syncd knows. Raises SyncdError."""
    from syncd.hints import root_of
    from syncd.model import Side

    candidates = [found for side, within in _below_roots(config, text) if (found := _in_folder(config, side, within))]
    if not candidates:
        roots = " or ".join(str(root) for side in Side if (root := root_of(config, side)) is not None)
        raise SyncdError(f"{text}: lies in no operator's folder", f"name a file below {roots}")
    for found in candidates:
        if found.path is not None and found.path.is_file():
            return found
    for found in candidates:
        if files_at(ledger, found):
            return found
    if candidates[0].path is not None and candidates[0].path.is_dir():
        raise SyncdError(f"{text}: is a folder", "name a file in it")
    return candidates[0]


def is_there(ledger: Ledger, located: Located) -> bool:
    """Whether something lies there, as far as can be told without asking a cloud."""
    if located.path is not None:
        return located.path.exists()
    return ledger.remembered(located.operator.id, located.side, located.place) is not None


def files_at(ledger: Ledger, located: Located) -> tuple[TrackedFile, ...]:
    """Files that lie or last lay there, else those of its name in any stage; live ones first."""
    from syncd import names
    from syncd.model import Stage

    place, operator = located.place, located.operator.id
    found = ledger.find_file(operator, place.stage, place.path)
    if found:
        return found
    own = names.from_intranet(place.name)
    everywhere = {
        file.id: file
        for stage in (*Stage, None)
        for name in dict.fromkeys((place.name, own))
        for file in ledger.find_file(operator, stage, name)
    }
    return tuple(sorted(everywhere.values(), key=lambda file: (ledger.is_closed(file.id), -file.id)))


def _below_roots(config: Config, text: str) -> Iterator[tuple[Side, str]]:
    """The path relative to each root that it can be below."""
    from syncd.hints import root_of
    from syncd.model import Side

    here = Path(os.path.abspath(os.path.expanduser(text)))
    real = Path(os.path.realpath(here.parent)) / here.name
    below = False
    for side in Side:
        root = root_of(config, side)
        if root is None:
            continue
        for path, top in ((here, root), (real, Path(os.path.realpath(root)))):
            if path.is_relative_to(top):
                below = True
                yield side, str(path.relative_to(top))
                break
    if not below and not os.path.isabs(text):
        for side in Side:
            yield side, os.path.normpath(text)


def _in_folder(config: Config, side: Side, within: str) -> Located | None:
    from syncd.hints import place_of, root_of
    from syncd.tree.spelling import spell

    spelled = spell(within)
    for operator in config.operators:
        folder = operator.folder(side).strip("/")
        if spelled.startswith(folder + "/"):
            place = place_of(config, spelled[len(folder) + 1 :])
            if place.path:
                root = root_of(config, side)
                return Located(side, operator, place, None if root is None else root / within)
    return None
