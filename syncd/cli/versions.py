"""`syncd versions` and `syncd recover`: what is kept of a file, and having it back."""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syncd.cli.locating import files_at, locate
from syncd.cli.opening import config, config_option, ledger_of, look_at_store
from syncd.cli.shown import iso, say, say_json, shown, size, table, when
from syncd.errors import SyncdError

if TYPE_CHECKING:
    from syncd.cli.locating import Located
    from syncd.config import Config
    from syncd.store.kept import Version
    from syncd.store.ledger import Ledger

_ORIGINS = {"operator": "sent by the operator", "edit": "edited by staff", "staff": "put in by staff", "syncd": "syncd"}
_CHUNK = 1 << 20


@click.command(short_help="What is kept of a file.")
@click.argument("path")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@config_option
def versions(path: str, as_json: bool) -> None:
    """Every content that is kept of the file at PATH, oldest first; PATH need not exist any more.

    PATH lies in either tree: absolute, relative to here, or relative to the cloud's or the intranet's root.

    \b
    Example: syncd versions 001_ひまわり保育園/confirmed/012_202610_在籍児童数報告書.xlsx
    """
    settings = config()
    found = [_described(settings, *each) for each in enumerate(_kept(settings, path), 1)]
    if as_json:
        say_json(found)
        return
    rows = [
        (one["version"], one["kept_at"][:19].replace("T", " "), size(one["size"]), _ORIGINS[one["origin"]],
         ", ".join(one["where"]) or "only kept", one["sha1"], one["name"])
        for one in found
    ]  # fmt: skip
    say(table(("no.", "kept since", "size", "origin", "lies in", "sha1", "name"), rows, right=frozenset({0, 2})))
    say(f"\nHave one back: syncd recover {shown(path)} NUMBER --to DIR")


@click.command(short_help="Have a kept version back.")
@click.argument("path")
@click.argument("version", required=False)
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Where the copy goes; default: here.",
)
@config_option
def recover(path: str, version: str | None, folder: Path) -> None:
    """Writes a copy of a kept version of the file at PATH.

    VERSION is a number of `syncd versions`, or the beginning of a SHA-1. Left out, it is the newest content that lies
    in no stage folder any more, else the newest. Nothing is ever overwritten: a number is added to the name.

    \b
    Example: syncd recover ひまわり保育園/review/012_202610_在籍児童数報告書.xlsx 2 --to /tmp
    """
    settings = config()
    kept = _kept(settings, path)
    number, (chosen, _) = _choose(kept, path, version)
    target = _write(settings, chosen, folder)
    say(f"version {number} of {when(chosen.at, settings.zone)}, {size(chosen.size)}, SHA-1 {chosen.sha1} verified:")
    say(str(target))


def _kept(settings: Config, path: str) -> list[tuple[Version, tuple[str, ...]]]:
    """What is kept of the file, oldest first, and where each content lies now. Raises SyncdError when there is none."""
    store = look_at_store(settings)
    try:
        with store.transaction():
            ledger = ledger_of(store)
            located = locate(settings, ledger, path)
            found = _of(ledger, located)
            if not found:
                raise SyncdError(f"{path}: syncd has kept nothing of this name", "see `syncd history`, or look for it")
            return [(version, _where(ledger, version)) for version in found]
    finally:
        store.close()


def _of(ledger: Ledger, located: Located) -> list[Version]:
    from syncd import names

    operator = located.operator.id
    lines = {file.line for file in files_at(ledger, located)}
    for name in {located.place.name, names.from_intranet(located.place.name)}:
        lines |= {version.line for version in ledger.versions_by_name(operator, name)}
    found = [version for line in lines for version in ledger.versions_of(operator, line)]
    return sorted(found, key=lambda version: version.id)


def _where(ledger: Ledger, version: Version) -> tuple[str, ...]:
    """The stages in which live files of its line hold these bytes."""
    from syncd.model import Side

    sides: dict[str, list[str]] = {}
    for file in ledger.known(version.operator):
        for side in Side:
            placed = file.on(side)
            if file.line == version.line and placed is not None and placed.sha1 == version.sha1:
                sides.setdefault(placed.place.stage or "loose", []).append(side.value)
    return tuple(f"{stage} ({' and '.join(sorted(set(found)))})" for stage, found in sides.items())


def _described(settings: Config, number: int, kept: tuple[Version, tuple[str, ...]]) -> dict[str, Any]:
    version, where = kept
    return {
        "version": number,
        "kept_at": iso(version.at, settings.zone),
        "size": version.size,
        "origin": version.origin,
        "sha1": version.sha1,
        "name": version.name,
        "where": list(where),
        "operator": version.operator,
    }


def _choose(
    kept: Sequence[tuple[Version, tuple[str, ...]]], path: str, wanted: str | None
) -> tuple[int, tuple[Version, tuple[str, ...]]]:
    numbered = list(enumerate(kept, 1))
    if wanted is None:
        return next((each for each in reversed(numbered) if not each[1][1]), numbered[-1])
    if wanted.isdecimal() and int(wanted) in range(1, len(kept) + 1):
        return numbered[int(wanted) - 1]
    matching = [each for each in numbered if each[1][0].sha1.startswith(wanted.lower())] if len(wanted) >= 4 else []
    if len({each[1][0].sha1 for each in matching}) == 1:
        return matching[-1]
    raise click.BadParameter(f"{path} has no version {wanted!r}; `syncd versions` lists 1 to {len(kept)}")


def _write(settings: Config, version: Version, folder: Path) -> Path:
    """A verified copy under a free name; it appears whole or not at all."""
    import hashlib

    from syncd import names
    from syncd.versions import Versions

    own = names.to_intranet(version.name)
    stem, extension = names.split(own)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f".{secrets.token_hex(8)}.tmp"
        try:
            digest = hashlib.sha1(usedforsecurity=False)
            with Versions(settings.state).open(version.sha1) as source, open(partial, "xb") as copy:
                while chunk := source.read(_CHUNK):
                    copy.write(chunk)
                    digest.update(chunk)
                copy.flush()
                os.fsync(copy.fileno())
            if digest.hexdigest() != version.sha1:
                raise SyncdError(f"version {version.sha1} changed while it was copied", "check the state's disk")
            for number in range(1, 10_000):
                target = folder / (own if number == 1 else f"{stem} ({number}){extension}")
                try:
                    os.link(partial, target)
                except FileExistsError:
                    continue
                return target
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise SyncdError(
            f"{folder}: the copy can't be written ({error.strerror or error})", "name another folder with --to"
        ) from error
    raise SyncdError(f"{folder}: all names like {own} are taken", "name another folder with --to")
