"""The pages that people look at, kept fresh: the ward's in the intranet root, each operator's in its cloud folder.

A page is written only when what it shows is another. An operator's page lies among that operator's own files: it is
known by what was written there, is never taken for something that the operator sent, and comes back when it is moved
or deleted. What somebody put there under its name or saved over it goes the way of any file before the page is placed.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from syncd.config.folders import OPERATOR_PAGE, OWN_FOLDER, PROGRESS_PAGE, PROGRESS_WORKBOOK
from syncd.contract import Tree
from syncd.errors import Busy, Changed, ItemTrouble, NameTaken, SyncdError
from syncd.model import Layout, Look, Operator, Place, Side, Sighting
from syncd.outstanding import lines_now
from syncd.owner_mark import THE_WARD
from syncd.reports.fingerprint import fingerprint
from syncd.reports.view import OneOperator, Ward
from syncd.world import World

LOG = logging.getLogger("syncd")
_PLACE: Final = Place(None, OPERATOR_PAGE)
_MADE_BY_SYNCD: Final = b"/Creator (syncd)"
_LARGEST: Final = 1 << 20
"""Bytes of a page; it is a few kB."""


@dataclass(frozen=True, slots=True)
class _Page:
    """The operator's page as it was put down last; `before` is the SHA-1 of the one it took the place of."""

    identity: str = ""
    sha1: str = ""
    before: str = ""
    shows: str = ""


def without_page(world: World, operator: Operator, look: Look) -> Look:
    """The look without syncd's own page, wherever the operator has put it."""
    if look.side is not Side.CLOUD:
        return look
    page = _known(world, operator) or _found_again(world, operator, look)
    return replace(look, sightings=tuple(one for one in look.sightings if not _is_page(one, page)))


def _found_again(world: World, operator: Operator, look: Look) -> _Page:
    """After a lost database: what lies where the page was and says of itself that syncd made it."""
    for one in look.sightings:
        if one.place != _PLACE or one.sha1 is None or not world.versions.has(one.sha1):
            continue
        with world.versions.path(one.sha1).open("rb") as content:
            ours = _MADE_BY_SYNCD in content.read(_LARGEST)
        if ours:
            page = _Page(one.identity, one.sha1)
            _keep(world, operator, page)
            return page
    return _Page()


def publish(world: World) -> bool:
    """Writes every page that shows something else by now; True when all of them are as they should be."""
    if not world.config.pages:
        return True
    ward = Ward(world.config.operators, lines_now(world), world.config.stages, world.local_now(), world.config.language)
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
    if world.ledger.setting("page:") == shows and all((root / name).is_file() for name in pages):
        return True
    from syncd.reports.page import progress_page
    from syncd.reports.workbook import progress_workbook

    try:
        world.reach()
        for name, make in zip(pages, (progress_page, progress_workbook), strict=True):
            staged = root / OWN_FOLDER / f"page-{os.getpid()}"
            content = make(ward)
            staged.write_bytes(content)
            sha1 = hashlib.sha1(content, usedforsecurity=False).hexdigest()
            world.ledger.belongs(sha1, THE_WARD, "made", world.clock.now())
            staged.replace(root / name)
    except (OSError, SyncdError) as error:
        LOG.warning("%s can't be written: %s", root / PROGRESS_PAGE, error)
        return False
    world.ledger.set_setting("page:", shows)
    return True


# ── an operator's ──


def _publish_operator(world: World, one: OneOperator) -> bool:
    operator = one.operator
    page, shows = _known(world, operator) or _Page(), fingerprint(one)
    memory = world.ledger.memory(operator.id, Side.CLOUD)
    seen = memory.get(_PLACE)
    in_place = seen is not None and bool(page.sha1) and (seen.identity, seen.sha1) == (page.identity, page.sha1)
    if (page.shows == shows and in_place) or world.stopped(operator.id):
        return True
    if not world.ledger.folders(operator.id, Side.CLOUD):
        return False  # its folders were not made yet
    lock = world.lock(operator.id)
    if not lock.acquire(blocking=False):
        return False
    try:
        world.reach()
        _put_down(world, one, page, memory, shows)
    except (Busy, Changed, NameTaken, SyncdError, OSError) as error:
        LOG.info("%s: the page waits: %s", operator.id, error)
        return False
    finally:
        lock.release()
    return True


def _put_down(world: World, one: OneOperator, page: _Page, memory: Mapping[Place, Sighting], shows: str) -> None:
    from syncd.reports.status import status_pdf

    operator = one.operator
    tree, layout = world.cloud, world.layout(operator.id, Side.CLOUD)
    sha1, size = world.versions.put(status_pdf(one))
    seen = memory.get(_PLACE)
    if seen is not None and not _is_page(seen, page) and seen.sha1 != sha1:
        raise NameTaken(f"{OPERATOR_PAGE} is a file of the operator's")
    world.ledger.belongs(sha1, operator.id, "made", world.clock.now())
    # Written down first: should syncd be killed now, the next look knows the page by its bytes.
    _keep(world, operator, replace(page, sha1=sha1, before=page.sha1))
    staged = tree.prepare(world.versions.path(sha1), sha1, size)
    try:
        if seen is None:
            put = tree.place(layout, _PLACE, staged)
        else:
            put = tree.replace(layout, _PLACE, seen.identity, seen.etag, staged)
    except (Busy, Changed, ItemTrouble, NameTaken):
        tree.discard(staged)
        raise
    world.ledger.remember(operator.id, Side.CLOUD, (replace(put, sha1=sha1, waits=None),))
    _keep(world, operator, _Page(put.identity, sha1, page.sha1, shows))
    _clear_strays(tree, layout, page, memory)


def _clear_strays(tree: Tree, layout: Layout, page: _Page, memory: Mapping[Place, Sighting]) -> None:
    """The page that the operator dragged elsewhere: a new one lies in its place."""
    for place, sighting in memory.items():
        if place != _PLACE and _is_page(sighting, page):
            tree.remove(layout, place, sighting.identity, sighting.etag, purge=False)


def _is_page(sighting: Sighting, page: _Page) -> bool:
    """It has the bytes that syncd put down, and is that file or lies in its place.

    A file system gives an identity again, and what an operator saves over the page is the operator's.
    """
    if sighting.sha1 is None or sighting.sha1 not in (page.sha1, page.before):
        return False
    return sighting.place == _PLACE or (bool(page.identity) and sighting.identity == page.identity)


def _known(world: World, operator: Operator) -> _Page | None:
    stored = world.ledger.setting(f"page:{operator.id}")
    return _Page(**json.loads(stored)) if stored else None


def _keep(world: World, operator: Operator, page: _Page) -> None:
    if world.store.read_only:
        return
    values = {"identity": page.identity, "sha1": page.sha1, "before": page.before, "shows": page.shows}
    world.ledger.set_setting(f"page:{operator.id}", json.dumps(values))
