"""Another account's files: no lease tells whether they are open, so they are used once closed, or when they have stood.

These run as root, which may become others; a file of root's is another's for whom has become nobody.
"""

from __future__ import annotations

import io
import os
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from syncd.clouds.folder import FolderCloud
from syncd.errors import Busy, Changed
from syncd.model import Place, Stage
from syncd.tree.mounts import Mounts
from syncd.tree.openness import written
from syncd.tree.standing import STANDS, STANDS_OPEN
from syncd.tree.watch import EventWatch
from tests.stories.daemons import until
from tests.tree.yard import Yard, made

NOBODY = 65534
SETTLE = 2.0
RUNS = int(os.environ.get("SYNCD_WRITERS", "60"))
WHOLE = b"first half " * 300 + b"second half " * 300
PATH = "001_ひまわり/corrections/a.csv"
PLACE = Place(Stage.CORRECTIONS, "a.csv")


@contextmanager
def as_nobody() -> Iterator[None]:
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def yard() -> Iterator[Yard]:
    if os.geteuid() != 0:
        if os.environ.get("CI"):
            pytest.fail("only root can become another account")
        pytest.skip("only root can become another account")
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        base.chmod(0o755)
        os.chown(base, NOBODY, NOBODY)
        with as_nobody():
            yard = made(base)
        yield yard


def taken(yard: Yard) -> bytes | None:
    """What one look, and the reading that follows it, makes of the file; None: it has to wait."""
    with as_nobody():
        seen = next((each for each in yard.look().sightings if each.place == PLACE), None)
        if seen is None or seen.waits is not None:
            return None
        sink = io.BytesIO()
        try:
            yard.tree.read(yard.layout, seen, sink)
        except (Changed, Busy):
            return None
        return sink.getvalue()


def after(yard: Yard, seconds: float) -> bytes | None:
    yard.clock.wall += seconds
    yard.clock.ticks += seconds
    return taken(yard)


def test_no_lease_on_what_belongs_to_another(yard: Yard) -> None:
    file = yard.put("corrections/a.csv", WHOLE)
    with as_nobody(), file.open("rb") as reading:
        assert written(reading.fileno()) is None
    with file.open("rb") as reading:
        assert written(reading.fileno()) is False


def test_ones_own_files_wait_no_longer_than_ever(yard: Yard) -> None:
    file = yard.put("corrections/a.csv", WHOLE)
    os.chown(file, NOBODY, NOBODY)
    assert taken(yard) == WHOLE


def test_anothers_file_is_read_twice_that_far_apart(yard: Yard) -> None:
    yard.put("corrections/a.csv", WHOLE)
    assert taken(yard) is None
    reads = yard.tree.counts.reads
    assert after(yard, STANDS * SETTLE - 0.1) is None
    assert yard.tree.counts.reads == reads
    assert after(yard, 0.2) == WHOLE


def test_what_changed_in_between_begins_anew_though_size_and_time_are_the_same(yard: Yard) -> None:
    file = yard.put("corrections/a.csv", WHOLE)
    assert taken(yard) is None
    times = file.stat()
    file.write_bytes(WHOLE[::-1])
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert after(yard, STANDS * SETTLE + 0.1) is None
    assert after(yard, STANDS * SETTLE + 0.1) == WHOLE[::-1]


def test_a_known_file_that_was_only_moved_is_whole(yard: Yard) -> None:
    yard.put("review/a.csv", WHOLE)
    known = yard.read_all_of("review/a.csv", WHOLE)
    (yard.home / "review/a.csv").rename(yard.home / "corrections/a.csv")
    with as_nobody():
        seen = yard.sighted("corrections/a.csv", known)
        sink = io.BytesIO()
        yard.tree.read(yard.layout, seen, sink)
    assert sink.getvalue() == WHOLE


def test_the_cloud_side_is_no_different(yard: Yard) -> None:
    yard.put("corrections/a.csv", WHOLE)
    yard.tree = FolderCloud(yard.root, SETTLE, yard.clock)
    assert taken(yard) is None
    assert after(yard, STANDS * SETTLE) == WHOLE


def test_on_a_mounted_share_ones_own_files_have_to_stand_too(yard: Yard) -> None:
    """Neither lease nor closing tells of other computers."""
    file = yard.put("corrections/a.csv", WHOLE)
    os.chown(file, NOBODY, NOBODY)
    device = file.stat().st_dev
    listed = yard.base / "mountinfo"
    listed.write_text(
        f"36 35 {os.major(device)}:{os.minor(device)} / /srv/a\\040b rw,noatime shared:1 - cifs //server/share rw\n"
    )
    yard.tree._scan.standing.mounts = Mounts(listed)
    assert taken(yard) is None
    assert after(yard, STANDS * SETTLE - 0.1) is None
    assert after(yard, 0.2) == WHOLE


# --- what the kernel tells of closings -------------------------------------------------------------------------------


@pytest.fixture
def watched(yard: Yard) -> Iterator[Yard]:
    with as_nobody():
        watch = yard.tree.watch("events", lambda path: None, lambda: None)
    assert isinstance(watch, EventWatch)
    watch.start()
    yield yard
    watch.stop()


def test_a_closing_that_was_told_is_enough(watched: Yard) -> None:
    file = watched.put("corrections/a.csv", WHOLE)
    closings = watched.tree._scan.standing.closings
    until(lambda: closings.is_closed(PATH, file.stat()))
    assert taken(watched) == WHOLE


def test_its_time_may_be_set_back_after_the_closing(watched: Yard) -> None:
    file = watched.put("corrections/a.csv", WHOLE)
    closings = watched.tree._scan.standing.closings
    until(lambda: closings.is_closed(PATH, file.stat()))
    os.utime(file, (1, 1))
    assert taken(watched) == WHOLE


def test_what_was_not_closed_waits_much_longer_but_not_for_ever(watched: Yard) -> None:
    with (watched.home / "corrections/a.csv").open("wb", buffering=0) as writing:
        writing.write(WHOLE[:1000])
        assert taken(watched) is None
        assert after(watched, STANDS * SETTLE + 1) is None
        assert after(watched, (STANDS_OPEN - STANDS) * SETTLE - 2) is None
        writing.write(WHOLE[1000:])
    until(lambda: taken(watched) == WHOLE)
    with (watched.home / "corrections/a.csv").open("ab", buffering=0) as writing:
        writing.write(b"more")
        assert taken(watched) is None
        assert after(watched, STANDS_OPEN * SETTLE + 1) == WHOLE + b"more"


def test_closings_that_may_have_been_missed_mean_nothing(watched: Yard) -> None:
    closings = watched.tree._scan.standing.closings
    with (watched.home / "corrections/a.csv").open("wb", buffering=0) as writing:
        writing.write(WHOLE)
        closings.missed()
        assert taken(watched) is None
        assert after(watched, STANDS * SETTLE + 1) == WHOLE


# --- any writer, at any pace -----------------------------------------------------------------------------------------

Writer = Callable[[int], None]


def append(file: int) -> None:
    """As most programs write."""


def truncate(file: int) -> None:
    """Full size from the first byte, and sparse."""
    os.ftruncate(file, len(WHOLE))


def allocate(file: int) -> None:
    """Full size, with blocks."""
    os.posix_fallocate(file, 0, len(WHOLE))


def old_time(file: int) -> None:
    """Its time is the source's, from the start."""
    os.utime(file, (1, 1))


@pytest.mark.parametrize("events", [False, True], ids=["unwatched", "watched"])
@pytest.mark.parametrize("begins", [append, truncate, allocate, old_time])
def test_no_half_of_what_another_writes_is_ever_taken(yard: Yard, begins: Writer, events: bool) -> None:
    """While a writer has it open and pauses for less than the time that files stand, nothing is read as whole."""
    longest = (STANDS_OPEN if events else STANDS) * SETTLE
    with as_nobody():
        watch = yard.tree.watch("events" if events else "poll", lambda path: None, lambda: None)
    if events:
        watch.start()
    try:
        for seed in range(RUNS):
            _one_writer(yard, begins, longest, random.Random(f"{begins.__name__} {events} {seed}"))
    finally:
        watch.stop()


def _one_writer(yard: Yard, begins: Writer, longest: float, chance: random.Random) -> None:
    file = yard.home / "corrections/a.csv"
    temporary = yard.home / "corrections/A1B2C3.tmp"
    renamed = chance.random() < 0.3
    descriptor = os.open(temporary if renamed else file, os.O_WRONLY | os.O_CREAT, 0o644)
    begins(descriptor)
    at = 0
    while at < len(WHOLE):
        if renamed and temporary.exists() and chance.random() < 0.5:
            temporary.rename(file)
        room = longest - 0.1
        while room > 0.2 and chance.random() < 0.8:  # looks, as often as they like, until it writes on
            pause = chance.uniform(0.1, room)
            room -= pause
            assert after(yard, pause) is None, f"{at} of {len(WHOLE)} bytes"
        some = chance.choice([1, 100, 1000, 4000])
        os.pwrite(descriptor, WHOLE[at : at + some], at)
        at += some
        if begins is old_time:
            os.utime(descriptor, (1, 1))
    if temporary.exists():
        temporary.rename(file)
    assert after(yard, chance.uniform(0, longest - 0.1)) is None
    os.close(descriptor)
    assert any(after(yard, STANDS_OPEN * SETTLE) == WHOLE for _ in range(3))
    file.unlink()
