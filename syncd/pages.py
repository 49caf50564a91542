"""The pages that people look at, kept fresh: the ward's in the intranet root, each operator's in its cloud folder.

A page is written only when what it shows is another, or when it is torn. An operator's page lies among that operator's
own files: it is known by its seal (`reports.seal`), whatever the database knows, is never taken for something that the
operator sent, and comes back when it is moved or deleted. What somebody put there under its name or saved over it goes
the way of any file before the page is placed.
"""

from __future__ import annotations

import functools
import hashlib
import json
import logging
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from syncd.config import BoxCloud
from syncd.config.folders import OPERATOR_PAGE, OWN_FOLDER, PROGRESS_PAGE, PROGRESS_WORKBOOK
from syncd.errors import Busy, Changed, ItemTrouble, NameTaken, SyncdError
from syncd.model import Look, Operator, Place, Side, Sighting
from syncd.outstanding import lines_now
from syncd.owner_mark import THE_WARD
from syncd.reports.fingerprint import fingerprint, things_to_do
from syncd.reports.seal import HEAD, may_be_page, page_in
from syncd.reports.view import OneOperator, Ward
from syncd.troubles import for_people
from syncd.world import World

LOG = logging.getLogger("syncd")
_PLACE: Final = Place(None, OPERATOR_PAGE)
_LARGEST: Final = 1 << 20
"""Bytes of a page; it is a few kB."""
_TAIL: Final = 1024
"""Bytes at its end by which a page is known to be whole."""


@dataclass(frozen=True, slots=True)
class _Page:
    """The operator's page as it was put down last.

    Attributes:
        before: the SHA-1 of the page that it took the place of.
        shows: the fingerprint of what it shows; `asks`: hashes of what it asks the operator to do.
        put_at: seconds since the epoch.
    """

    identity: str = ""
    sha1: str = ""
    before: str = ""
    shows: str = ""
    asks: tuple[str, ...] = ()
    put_at: float = 0.0


def without_page(world: World, operator: Operator, look: Look, tracked: Collection[str] = ()) -> Look:
    """The look without syncd's own page, wherever the operator has put it.

    Args:
        tracked: SHA-1s of what is known to be the operator's.
    """
    if look.side is not Side.CLOUD:
        return look
    page = _known(world, operator) or _Page()
    own = (one for one in look.sightings if one.sha1 in tracked or not _is_own(world, one, page))
    return replace(look, sightings=tuple(own))


def _is_own(world: World, sighting: Sighting, page: _Page) -> bool:
    """It is a page of syncd's: as the database knows it, or as it says itself; in its place also one that broke off."""
    if _is_page(sighting, page):
        return True
    if sighting.sha1 is None or sighting.size > _LARGEST or not sighting.place.name.lower().endswith(".pdf"):
        return False
    try:
        says = _says(world.versions.path(sighting.sha1))
    except OSError:
        return False
    return says == "whole" or (says == "torn" and sighting.place == _PLACE)


@functools.lru_cache(maxsize=1 << 18)
def _says(kept: Path) -> str:
    """What kept bytes say of themselves; they never change. Raises OSError."""
    with kept.open("rb") as content:
        begin = content.read(HEAD)
        return page_in(begin + content.read()) if may_be_page(begin) else ""


def publish(world: World) -> bool:
    """Writes every page that shows something else by now; True when all of them are as they should be."""
    if not world.config.pages:
        return True
    config = world.config
    lines, waiting = lines_now(world), for_people(world)
    ward = Ward(config.operators, lines, config.stages, world.local_now(), config.language, waiting)
    done = _publish_ward(world, ward)
    for one in ward.each():
        done = _publish_operator(world, one) and done
    return done


# ── the ward's ──


def _publish_ward(world: World, ward: Ward) -> bool:
    """Page and workbook in the intranet root."""
    root = world.config.intranet.root
    shows = fingerprint(ward)
    pages = (PROGRESS_PAGE, PROGRESS_WORKBOOK)
    if world.ledger.setting("page:") == shows and all(_is_whole(root / name) for name in pages):
        return True
    from syncd.reports.page import progress_page
    from syncd.reports.workbook import progress_workbook

    try:
        world.reach()
        for name, make in zip(pages, (progress_page, progress_workbook), strict=True):
            content = make(ward)
            sha1 = hashlib.sha1(content, usedforsecurity=False).hexdigest()
            world.ledger.made(sha1, THE_WARD, world.clock.now())
            _write(root, name, content)
    except (OSError, SyncdError) as error:
        LOG.warning("%s can't be written: %s", root / PROGRESS_PAGE, error)
        return False
    world.ledger.set_setting("page:", shows)
    return True


def _write(root: Path, name: str, content: bytes) -> None:
    """Whole or not at all, whenever the power goes or the disk is full. Raises OSError."""
    staged = root / OWN_FOLDER / f"page-{os.getpid()}"
    try:
        with staged.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        staged.replace(root / name)
    finally:
        staged.unlink(missing_ok=True)


def _is_whole(page: Path) -> bool:
    """Whether a page of the ward's ends as one ends; a torn one is written anew."""
    try:
        with page.open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - _TAIL))
            end = file.read(_TAIL)
    except OSError:
        return False
    return (b"</html>" if page.suffix == ".html" else b"PK\x05\x06") in end


# ── an operator's ──


def _publish_operator(world: World, one: OneOperator) -> bool:
    operator = one.operator
    page, shows = _known(world, operator) or _Page(), fingerprint(one)
    memory = world.ledger.memory(operator.id, Side.CLOUD)
    seen = memory.get(_PLACE)
    in_place = seen is not None and bool(page.sha1) and (seen.identity, seen.sha1) == (page.identity, page.sha1)
    strays = [each for each in memory.values() if each.place != _PLACE and _is_own(world, each, page)]
    good = in_place and (page.shows == shows or _may_wait(world, one, page))
    if (good and not strays) or world.stopped(operator.id):
        return True
    if not world.ledger.folders(operator.id, Side.CLOUD):
        return False  # its folders were not made yet
    lock = world.lock(operator.id)
    if not lock.acquire(blocking=False):
        return False
    try:
        world.reach()
        if not good:
            _put_down(world, one, page, seen, shows)
        for stray in strays:  # dragged elsewhere by the operator, or there since a database was older than it
            layout = world.layout(operator.id, Side.CLOUD)
            world.cloud.remove(layout, stray.place, stray.identity, stray.etag, purge=False, sha1=stray.sha1 or "")
    except (Busy, Changed, NameTaken, SyncdError, OSError) as error:
        LOG.info("%s: the page waits: %s", operator.id, error)
        return False
    finally:
        lock.release()
    return True


def _may_wait(world: World, one: OneOperator, page: _Page) -> bool:
    """Where each page put up costs a call, only what the operator has to do anew is worth one at once."""
    cloud = world.config.cloud
    seconds = cloud.page_seconds if isinstance(cloud, BoxCloud) else 0.0
    if not 0.0 <= world.clock.now() - page.put_at < seconds:
        return False
    return things_to_do(one) <= set(page.asks)


def _put_down(world: World, one: OneOperator, page: _Page, seen: Sighting | None, shows: str) -> None:
    operator = one.operator
    tree, layout = world.cloud, world.layout(operator.id, Side.CLOUD)
    sha1, size = _made(world, one, shows)
    if seen is not None and not _is_own(world, seen, page) and seen.sha1 != sha1:
        raise NameTaken(f"{OPERATOR_PAGE} is a file of the operator's")
    world.ledger.made(sha1, operator.id, world.clock.now())
    staged = tree.prepare(world.versions.path(sha1), sha1, size)
    try:
        if seen is None:
            put = tree.place(layout, _PLACE, staged)
        else:
            put = tree.replace(layout, _PLACE, seen.identity, seen.etag, staged, seen.sha1 or "")
    except (Busy, Changed, ItemTrouble, NameTaken):
        tree.discard(staged)
        raise
    world.ledger.remember(operator.id, Side.CLOUD, (replace(put, sha1=sha1, waits=None),))
    asks = tuple(sorted(things_to_do(one)))
    _keep(world, operator, _Page(put.identity, sha1, page.sha1, shows, asks, world.clock.now()))


def _made(world: World, one: OneOperator, shows: str) -> tuple[str, int]:
    """The page among the kept bytes; the same one as long as it can't be put down, so that they don't pile up."""
    from syncd.reports.status import status_pdf

    before = world.pages_made.get(one.operator.id)
    if before is None or before[0] != shows or not world.versions.has(before[1]):
        before = world.pages_made[one.operator.id] = (shows, *world.versions.put(status_pdf(one)))
    return before[1:]


def _is_page(sighting: Sighting, page: _Page) -> bool:
    """It has the bytes that syncd put down, and is that file or lies in its place.

    A file system gives an identity again, and what an operator saves over the page is the operator's.
    """
    if sighting.sha1 is None or sighting.sha1 not in (page.sha1, page.before):
        return False
    return sighting.place == _PLACE or (bool(page.identity) and sighting.identity == page.identity)


def _known(world: World, operator: Operator) -> _Page | None:
    stored = world.ledger.setting(f"page:{operator.id}")
    if not stored:
        return None
    values = json.loads(stored)
    return _Page(**{**values, "asks": tuple(values.get("asks", ()))})


def _keep(world: World, operator: Operator, page: _Page) -> None:
    if world.store.read_only:
        return
    world.ledger.set_setting(f"page:{operator.id}", json.dumps(asdict(page)))
