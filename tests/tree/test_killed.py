"""Killed before any of its system calls, an effect can be repeated, or swept up after, and no byte is lost."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from syncd.errors import SyncdError
from syncd.model import Place, Prepared, Sighting, Stage
from tests.tree.conftest import Instant
from tests.tree.yard import Yard, made

A = Place(Stage.INBOX, "sub/a.pdf")
B = Place(Stage.REVIEW, "2026/b.pdf")

Effect = Callable[[Yard, Sighting, Prepared], object]

EFFECTS: dict[str, tuple[Effect, dict[str, bytes]]] = {
    "place": (
        lambda yard, seen, staged: yard.tree.place(yard.layout, B, staged),
        {"inbox/sub/a.pdf": b"seen", "review/2026/b.pdf": b"ours"},
    ),
    "replace": (
        lambda yard, seen, staged: yard.tree.replace(yard.layout, A, seen.identity, seen.etag, staged),
        {"inbox/sub/a.pdf": b"ours"},
    ),
    "move": (
        lambda yard, seen, staged: yard.tree.move(yard.layout, A, B, seen.identity),
        {"review/2026/b.pdf": b"seen"},
    ),
    "move into a folder of its name": (
        lambda yard, seen, staged: yard.tree.move(yard.layout, A, Place(A.stage, f"{A.path}/a.pdf"), seen.identity),
        {"inbox/sub/a.pdf/a.pdf": b"seen"},
    ),
    "move out of a folder whose name it takes": (
        lambda yard, seen, staged: yard.tree.move(yard.layout, A, Place(A.stage, "sub"), seen.identity),
        {"inbox/sub": b"seen"},
    ),
    "remove": (
        lambda yard, seen, staged: yard.tree.remove(yard.layout, A, seen.identity, seen.etag, purge=False),
        {},
    ),
}


@pytest.fixture
def memory_disk() -> Iterator[Path]:
    """Thousands of fsyncs, of which none matters here."""
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None) as folder:
        yield Path(folder)


def killed_at(point: int, act: Callable[[], object], listening: list[Instant], edit: Callable[[], object]) -> bool:
    """Acts in a process that edits, then dies, right before its call number `point`; False: it had fewer.

    Opening a folder only to reach what is in it changes nothing and isn't counted.
    """
    child = os.fork()
    if child == 0:
        calls = 0

        def count(event: str, arguments: tuple[Any, ...]) -> None:
            nonlocal calls
            if event.startswith("os.") or (event == "open" and not arguments[2] & os.O_PATH):
                calls += 1
                if calls == point:
                    listening.clear()
                    edit()
                    os.kill(os.getpid(), signal.SIGKILL)

        listening.append(count)
        with suppress(BaseException):
            act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def begun(base: Path, modern: bool) -> tuple[Yard, Sighting, Prepared]:
    base.mkdir()
    yard = made(base, modern)
    yard.put("inbox/sub/a.pdf", b"seen")
    return yard, yard.sighted("inbox/sub/a.pdf"), yard.prepared()


@pytest.mark.parametrize("modern", [True, False], ids=["modern", "older"])
@pytest.mark.parametrize("name", EFFECTS)
def test_repeating_an_effect_finishes_it(memory_disk: Path, listening: list[Instant], name: str, modern: bool) -> None:
    effect, expected = EFFECTS[name]
    points = 0
    going = True
    while going:
        points += 1
        yard, seen, staged = begun(memory_disk / str(points), modern)
        going = killed_at(points, partial(effect, yard, seen, staged), listening, lambda: None)
        there = yard.contents().values()
        assert set(there) <= {b"seen", b"ours"}, "somebody could read half a file"
        if modern:
            assert len(there) == len(set(there)), "a file in two places"
        yard.tree.sweep(frozenset({staged.token}))
        effect(yard, seen, staged)
        effect(yard, seen, staged)
        assert yard.contents() == expected, points
        yard.tree.sweep(frozenset())
        assert yard.own() == []
        assert yard.contents() == expected
    assert points > 5


SAVED = b"SAVED in the last instant"


def save_in_place(yard: Yard, place: Place) -> None:
    """As a text editor: into the file that has the name now, if any."""
    path = yard.home / str(place.stage) / place.path
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_WRONLY)
        os.write(descriptor, SAVED)
        os.close(descriptor)
        (yard.base / "saved").touch()


def save_by_rename(yard: Yard, place: Place) -> None:
    """As Excel: a new file takes the name."""
    path = yard.home / str(place.stage) / place.path
    if path.exists():
        path.with_name("x.tmp").write_bytes(SAVED)
        path.with_name("x.tmp").replace(path)
        (yard.base / "saved").touch()


@pytest.mark.parametrize(
    ("save", "modern"),
    [(save_in_place, True), (save_by_rename, True), (save_in_place, False)],
    ids=["in place", "by rename", "in place, older"],
)
@pytest.mark.parametrize(("name", "place"), [("place", B), ("replace", A), ("move", A), ("move", B), ("remove", A)])
def test_bytes_saved_in_the_instant_of_the_kill_survive(
    memory_disk: Path,
    listening: list[Instant],
    name: str,
    place: Place,
    save: Callable[[Yard, Place], None],
    modern: bool,
) -> None:
    """Whether the effect is then repeated or given up."""
    effect, _ = EFFECTS[name]
    points = saves = 0
    going = True
    while going:
        points += 1
        again = points % 2 == 0
        yard, seen, staged = begun(memory_disk / str(points), modern)
        going = killed_at(points, partial(effect, yard, seen, staged), listening, partial(save, yard, place))
        yard.tree.sweep(frozenset({staged.token}) if again else frozenset())
        if again:
            with suppress(SyncdError):
                effect(yard, seen, staged)
            yard.tree.discard(staged)
        yard.tree.sweep(frozenset())
        if (yard.base / "saved").exists():
            saves += 1
            assert SAVED in yard.contents().values(), (points, again)
    assert saves


@pytest.mark.parametrize("modern", [True, False], ids=["modern", "older"])
def test_staging_killed_leaves_nothing_after_a_sweep(memory_disk: Path, listening: list[Instant], modern: bool) -> None:
    points = 0
    going = True
    while going:
        points += 1
        (memory_disk / str(points)).mkdir()
        yard = made(memory_disk / str(points), modern)
        going = killed_at(points, yard.prepared, listening, lambda: None)
        assert yard.contents() == {}
        yard.tree.sweep(frozenset())
        assert yard.own() == []


def test_what_cannot_go_back_yet_waits_for_its_folder(tmp_path: Path) -> None:
    yard, seen, _ = begun(tmp_path / "ward", True)
    out = yard.root / ".syncd/tmp" / f"out-removed~{seen.etag}" / yard.layout.folder / "inbox/sub"
    out.mkdir(parents=True)
    (yard.home / "inbox/sub/a.pdf").rename(out / "a.pdf")
    (out / "a.pdf").write_bytes(b"never seen")
    yard.home.rename(yard.root / "renamed")
    yard.tree.sweep(frozenset())
    assert (out / "a.pdf").read_bytes() == b"never seen"
    (yard.root / "renamed").rename(yard.home)
    yard.put("inbox/sub/a.pdf", b"newer")
    yard.tree.sweep(frozenset())
    assert yard.contents() == {"inbox/sub/a.pdf": b"newer", "inbox/sub/a (1).pdf": b"never seen"}
    assert yard.own() == []
