"""A side that is a directory: its root and marker, and every operator's folders in it. Changes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from syncd.config import Config
from syncd.diagnosis import Area, Diagnosis, fault, ok, warning
from syncd.examination import disk
from syncd.examination.access import account, may_work_in
from syncd.examination.knowledge import Known
from syncd.model import Operator, Side
from syncd.tree import marker
from syncd.tree.confine import Beneath, joined
from syncd.tree.folders import same_folder


def area_of(side: Side) -> Area:
    return "cloud" if side is Side.CLOUD else "intranet"


def may_be_tried(root: Path) -> bool:
    """Whether syncd's own folder is there, so that nothing has to be made for a file in it, by whoever runs this."""
    return (root / marker.TEMPORARY).is_dir()


def share(side: Side, root: Path, config: Config, known: Known) -> Iterator[Diagnosis]:
    """All that is to be said of it; a root that is wrong says enough. Raises SyncdError, OSError."""
    area = area_of(side)
    found = _root(side, root, known)
    yield found
    if found.state == "fault":
        return
    yield disk.space(area, root)
    with Beneath(root) as beneath:
        for operator in config.operators:
            yield from _operator(side, root, beneath, config, operator, known)


def _root(side: Side, root: Path, known: Known) -> Diagnosis:
    area, mount = area_of(side), "mount the share, or put the right path into config.yaml"
    if not root.is_dir():
        remedy = mount if known.marker(side) else "mount the share, or `syncd init` makes it"
        return fault(area, "root", f"{root} is not there", remedy)
    with Beneath(root) as beneath:
        with beneath.folder("", os.O_RDONLY) as top, os.scandir(top) as entries:
            next(entries, None)  # a stale share opens, but can't be listed
        there = marker.read(beneath, side.value)
    expected = known.marker(side)
    if there is None:
        remedy = f"{mount}; nothing is made while the state knows files" if expected else "`syncd init` marks it"
        return fault(area, "root", f"{root} has no root marker", remedy)
    if expected is not None and there != expected:
        return fault(area, "root", f"{root} is marked as another state's", mount)
    if not may_work_in(root):
        return fault(area, "root", f"{root} can't be written by {account()}", "let it read and write there")
    said = "marked as this state's" if expected else "marked; the state doesn't know it yet"
    return ok(area, "root", f"{root}, {said}")


def _operator(
    side: Side, root: Path, beneath: Beneath, config: Config, operator: Operator, known: Known
) -> Iterator[Diagnosis]:
    area, layout, identities = area_of(side), config.layout(operator, side), known.of(operator.id, side)
    paths = {"": layout.folder, **{stage.value: joined(layout.folder, name) for stage, name in layout.stages.items()}}
    found = {key: beneath.stat(path) for key, path in paths.items()}
    there = {key: beneath.identity_of_folder(path) for key, path in paths.items()}
    top = beneath.stat("")
    missing = [key for key, identity in there.items() if identity is None]
    others = [key for key, one in there.items() if one and key in identities and not same_folder(one, identities[key])]
    apart = [key for key, one in found.items() if one and top and one.st_dev != top.st_dev]
    closed = [key for key, one in there.items() if one and not may_work_in(root / paths[key])]

    def named(keys: list[str]) -> str:
        return f"{operator.id}: {', '.join(paths[key] for key in keys)}"

    def wrong(what: str, remedy: str) -> Diagnosis:
        return fault(area, "folders", what, remedy, about=operator.id)

    if missing:
        obstacle = [key for key in missing if found[key] is not None]
        remedy = "take away what lies there" if obstacle else "`syncd init` makes it, or `syncd run` puts it back"
        yield wrong(f"{named(missing[:1] if '' in missing else missing)} is not there", remedy)
    if apart:
        said = f"{named(apart)} lies on another file system than {root}; nothing can be moved there"
        yield wrong(said, "mount the whole tree as one file system")
    if closed:
        yield wrong(f"{named(closed)} can't be written by {account()}", "let it read and write there")
    if others:
        said = f"{named(others)} is another folder than the one that the state knows"
        remedy = (
            "restored from a backup, all is well; else look where the old one is, before `syncd run` takes this one"
        )
        yield warning(area, "folders", said, remedy, about=operator.id)
    if not (missing or apart or closed or others):
        yield ok(
            area, "folders", f"{operator.id}: {layout.folder} and its {len(layout.stages)} folders", about=operator.id
        )
