"""The state folder: whose it is, where it lies, and what its database says of itself. Writes nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from syncd.config import Config, FolderCloud
from syncd.diagnosis import Diagnosis, fault, ok, warning
from syncd.examination.access import account, may_work_in
from syncd.store import Store
from syncd.store.database import VERSION
from syncd.store.head import find
from syncd.store.history import History
from syncd.store.holds import EVERYTHING, Holds
from syncd.tree.mounts import is_remote
from syncd.world import HEAD_ON_INTRANET


def folder(config: Config) -> Iterator[Diagnosis]:
    """Whether it is there, closed to others, and where a database can lie. Raises OSError."""
    state = config.state
    if not state.is_dir():
        yield fault(
            "state", "folder", f"{state} is not there", "`syncd init` makes it, and all folders of the operators"
        )
        return
    found = state.stat()
    if not may_work_in(state):
        yield fault("state", "folder", f"{state} can't be written by {account()}", _as_owner(found.st_uid))
    elif found.st_mode & 0o077:
        said = f"{state} is open to others (mode {found.st_mode & 0o777:04o})"
        yield warning("state", "folder", said, f"chmod 700 {state}")
    else:
        yield ok("state", "folder", f"{state}, closed to others")
    if found.st_uid != os.geteuid():
        said = f"it is {account(found.st_uid)}'s; what may be read and written is told here for {account()}"
        yield warning("state", "account", said, _as_owner(found.st_uid))
    yield _place(config)


def _place(config: Config) -> Diagnosis:
    trees = [config.intranet.root, *([config.cloud.root] if isinstance(config.cloud, FolderCloud) else [])]
    around = next((tree for tree in trees if _lies_in(config.state, tree)), None)
    if around is not None:
        return fault("state", "place", f"it lies inside {around}, where people move and delete", "put `state:` outside")
    if is_remote(config.state):
        said = f"{config.state} is on a mounted share, where the database can't be kept whole"
        return fault("state", "place", said, "put `state:` on a local disk")
    return ok("state", "place", "on a local disk, outside both trees")


def _lies_in(state: Path, tree: Path) -> bool:
    """By what the folders are, so that bind mounts and links show, too."""
    if not tree.is_dir():
        return False
    return any(each.is_dir() and each.samefile(tree) for each in (state, *state.parents))


def database(config: Config, store: Store) -> Iterator[Diagnosis]:
    """What a database that could be opened says."""
    if not store.exists:
        yield fault("state", "database", "there is none yet", "`syncd init` makes it")
        return
    yield ok("state", "database", f"{store.path.name} can be read, schema {VERSION}")
    yield from _history(config, store)
    yield from _stopped(store)


def _history(config: Config, store: Store) -> Iterator[Diagnosis]:
    """The head only; the daemon may be writing, so one that is a little behind is no fault."""
    heads = [
        find(place, None) for place in (store.folder / "history-head.json", config.intranet.root / HEAD_ON_INTRANET)
    ]
    last = History(store).head()
    if last is None and all(found.head is None for found in heads):
        yield ok("state", "history", "empty so far")
        return
    verify = "`syncd history verify` walks the whole chain"
    good = True
    for found in heads:
        head = found.head
        if head is None:
            good = False
            said = f"{found.place}: the head of the history is {found.state}"
            own = found.place.parent == store.folder
            make = fault if own or found.state == "broken" else warning
            yield make("state", "history", said, f"{verify}; `syncd run` writes the head anew")
        elif last is None or head.seq > last.seq:
            good = False
            ends = last.seq if last else 0
            said = f"the history ends with record {ends}, but {found.place} knows record {head.seq}"
            yield fault("state", "history", said, "put back a newer backup, or `syncd run`: it pairs all files anew")
        elif head.seq == last.seq and head.chain != last.chain:
            good = False
            yield fault("state", "history", f"record {head.seq} is not the one that {found.place} knows", verify)
    if good and last is not None:
        yield ok("state", "history", f"{last.seq} records, the heads outside agree; {verify}")


def _stopped(store: Store) -> Iterator[Diagnosis]:
    holds = Holds(store)
    for hold in holds.holds():
        who = hold.operator or "everything"
        remedy = f"look what happened and put it right, then `syncd release {who}`"
        yield fault("state", "holds", f"{who} is held: {hold.reason}", remedy, about=hold.operator)
    paused = sorted(each or "everything" for each in holds.paused())
    if paused:
        remedy = "`syncd resume`" if EVERYTHING in holds.paused() else f"`syncd resume {paused[0]}`"
        yield warning("state", "pauses", f"paused: {', '.join(paused)}", f"{remedy} goes on")
    if not holds.holds() and not paused:
        yield ok("state", "holds", "nothing is held or paused")


def _as_owner(uid: int) -> str:
    return f"run it as {account(uid)}: sudo -u {account(uid)} syncd doctor"
