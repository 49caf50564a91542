"""Content that changes though name, size and time don't, files that are touched, files that are emptied.

A kind is proved by all its combinations: where the file lies × which side × how its bytes are changed × whether its
time stamps are put back, with an oracle from the gesture tables. What a stamp alone tells is no change.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syncd.journey import round_for
from syncd.model import Side
from tests.stories.box_ward import folder_only
from tests.stories.operator_steps import confirm, give_back, offer, round_off
from tests.stories.ward import ENROLMENT, NewWard, Shifted, Ward

pytestmark = folder_only("Box has no time stamps that anybody could put back")

UNKNOWN = "在籍.xlsx"
OLD, NEW = "total,100", "total,999"
PLACES: dict[str, Callable[[Ward], str]] = {}


def place(step: Callable[[Ward], str]) -> Callable[[Ward], str]:
    PLACES[step.__name__] = step
    return step


@place
def inbox(ward: Ward) -> str:
    ward.arrive(UNKNOWN, OLD)
    return f"inbox/{UNKNOWN}"


@place
def review(ward: Ward) -> str:
    ward.arrive(content=OLD)
    return f"review/{ENROLMENT}"


@place
def returned(ward: Ward) -> str:
    ward.arrive(content=OLD)
    give_back(ward)
    return f"corrections/{ENROLMENT}"


@place
def offered(ward: Ward) -> str:
    ward.arrive(content="as sent,1")
    offer(ward, content=OLD)
    return f"corrections/{ENROLMENT}"


@place
def confirmed(ward: Ward) -> str:
    ward.arrive(content=OLD)
    confirm(ward)
    return f"confirmed/{ENROLMENT}"


# ── how bytes change ──


def over(path: Path, content: str) -> None:
    """Written into the file, as a program that opens it for both reading and writing does."""
    with path.open("r+b") as file:
        file.write(content.encode())


def cut_short(path: Path, content: str) -> None:
    with path.open("r+b") as file:
        file.write(content.encode())
        file.truncate()


def another(path: Path, content: str) -> None:
    """Another file takes its name, as editors save."""
    temporary = path.with_name("5A3B2C10.tmp")
    temporary.write_text(content, encoding="utf-8")
    temporary.replace(path)


EDITS = {"over": (over, NEW), "cut short": (cut_short, "total,9"), "another": (another, NEW)}


def changed(path: Path, how: str, stamps: bool) -> str:
    """Gives the file other bytes; with `stamps` its times are put back. Returns the new text."""
    edit, content = EDITS[how]
    before = path.stat()
    edit(path, content)
    if stamps:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    return content


def expected(side: str, where: str, place: str, new: str) -> tuple[dict[str, str], dict[str, str]]:
    """What lies in cloud and intranet afterwards, but for notes and lists of changes: S3, S7; O2, O4, O9."""
    review, again = f"review/{ENROLMENT}", f"review/{ENROLMENT.removesuffix('.xlsx')}（再提出 2）.xlsx"
    if where == "confirmed":
        return {place: OLD}, {place: OLD}
    if side == "intranet":
        return {place: new if "corrections" in place else OLD}, {place: new}
    if where == "inbox":
        return {place: new}, {place: new}
    if where == "review":
        return {review: new}, {again: new}
    return {review: new}, {review: new}


def documents(tree: Mapping[str, str]) -> dict[str, str]:
    """Without the notes, whose names end in `.txt`."""
    return {path: text for path, text in tree.items() if not path.endswith(".txt")}


@pytest.mark.parametrize("side", ["intranet", "cloud"])
@pytest.mark.parametrize("stamps", [True, False], ids=["stamps kept", "stamps new"])
@pytest.mark.parametrize("how", EDITS)
@pytest.mark.parametrize("where", PLACES)
def test_a_change_in_place_counts_whatever_its_stamps_say(
    ward: Ward, where: str, how: str, stamps: bool, side: str
) -> None:
    place = PLACES[where](ward)
    round_off(ward)
    new = changed(ward.root(side) / "ひまわり保育園" / place, how, stamps)
    assert ward.run() == 0
    assert (documents(ward.tree("cloud")), documents(ward.tree("intranet"))) == expected(side, where, place, new)
    assert ward.kept(OLD) and ward.kept(new)
    told = ward.rooms()
    if where == "confirmed":
        assert "staff" in told and ("himawari" in told) == (side == "cloud"), told
    ward.quiet()


@pytest.mark.parametrize("stamps", [True, False], ids=["stamps kept", "stamps new"])
def test_what_staff_saved_unseen_outlives_the_next_submission(ward: Ward, stamps: bool) -> None:
    place = review(ward)
    new = changed(ward.intranet(place), "over", stamps)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "total,555")
    round_off(ward)
    texts = documents(ward.tree("intranet"))
    assert sorted(texts.values()) == ["total,555", new], texts
    assert any("職員編集" in name for name, text in texts.items() if text == new)
    ward.quiet()


# ── what is only touched ──


def _rights(path: Path) -> None:
    path.chmod(0o640)


def _dos_attributes(path: Path) -> None:
    """As Samba stores what Explorer shows as hidden, read-only or archived."""
    try:
        os.setxattr(path, "user.DOSATTRIB", b"0x20")
    except OSError:
        pytest.skip("this file system keeps no attributes")


def _second_name(path: Path) -> None:
    """A backup by hard links, as rsnapshot makes them."""
    backup = path.parents[3] / "backup"
    backup.mkdir(exist_ok=True)
    os.link(path, backup / path.name)


def _time_and_back(path: Path) -> None:
    """A backup that sets the time of the last reading back."""
    before = path.stat()
    os.utime(path, ns=(0, 0))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _kept_files(ward: Ward) -> dict[str, tuple[int, int]]:
    found = ((path, path.stat()) for path in (ward.folder / "state" / "versions").rglob("*") if path.is_file())
    return {path.name: (stats.st_ino, stats.st_mtime_ns) for path, stats in found}


@pytest.mark.parametrize("side", ["intranet", "cloud"])
@pytest.mark.parametrize("touch", [_rights, _dos_attributes, _second_name, _time_and_back])
@pytest.mark.parametrize("where", PLACES)
def test_a_touched_file_is_read_once_and_nobody_hears_of_it(
    ward: Ward, where: str, touch: Callable[[Path], None], side: str
) -> None:
    place = PLACES[where](ward)
    round_off(ward)
    before, kept = ward.history(None), _kept_files(ward)
    touch(ward.root(side) / "ひまわり保育園" / place)
    trees = ward.tree("cloud"), ward.tree("intranet")
    assert ward.run() == 0
    assert (ward.tree("cloud"), ward.tree("intranet")) == trees
    assert ward.said() == [] and ward.history(None) == before
    assert _kept_files(ward) == kept, "what is kept already isn't written again"
    with ward.world() as world:
        operator = world.config.operator("himawari")
        assert operator is not None
        assert round_for(world, operator).moves == 0
        assert [world.tree(each).counts.reads for each in Side] == [0, 0]  # type: ignore[attr-defined]


# ── what is emptied ──


@pytest.mark.parametrize("stamps", [True, False], ids=["stamps kept", "stamps new"])
@pytest.mark.parametrize("side", ["intranet", "cloud"])
@pytest.mark.parametrize("where", PLACES)
def test_an_emptied_file_gets_its_content_back(ward: Ward, where: str, side: str, stamps: bool) -> None:
    place = PLACES[where](ward)
    round_off(ward)
    trees = ward.tree("cloud"), ward.tree("intranet")
    path = ward.root(side) / "ひまわり保育園" / place
    before = path.stat()
    path.write_bytes(b"")
    if stamps:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ward.run() == 0
    assert (ward.tree("cloud"), ward.tree("intranet")) == trees
    told = ward.rooms()
    assert "中身のない" in told["staff" if side == "intranet" else "himawari"]
    assert set(told) - {"staff", "himawari"} == set()
    assert ("staff" in told) == (side == "intranet" or where == "confirmed")
    ward.quiet()


@pytest.mark.parametrize(
    ("where", "target"),
    [
        ("inbox", "review"), ("inbox", "corrections"), ("review", "confirmed"), ("review", "corrections"),
        ("returned", "review"), ("offered", "confirmed"), ("confirmed", "review"),
    ],
)  # fmt: skip
def test_an_emptied_file_that_staff_drag_lies_in_one_stage(ward: Ward, where: str, target: str) -> None:
    place = PLACES[where](ward)
    round_off(ward)
    trees = ward.tree("cloud"), ward.tree("intranet")
    path = ward.intranet(place)
    path.write_bytes(b"")
    ward.drag(path, ward.intranet(target))
    assert ward.run() == 0
    assert (ward.tree("cloud"), ward.tree("intranet")) == trees
    assert "中身のない" in ward.rooms()["staff"]
    ward.quiet()


@pytest.mark.parametrize(
    ("where", "target"),
    [("inbox", "review"), ("review", "inbox"), ("returned", "inbox"), ("offered", "confirmed"), ("confirmed", "inbox")],
)
def test_an_emptied_file_that_the_operator_moves_comes_back_whole(ward: Ward, where: str, target: str) -> None:
    place = PLACES[where](ward)
    round_off(ward)
    trees = ward.tree("cloud"), ward.tree("intranet")
    path = ward.cloud(place)
    path.write_bytes(b"")
    ward.drag(path, ward.cloud(target))
    assert ward.run() == 0
    assert (ward.tree("cloud"), ward.tree("intranet")) == trees
    assert "中身のない" in ward.rooms()["himawari"]
    ward.quiet()


def test_a_file_that_an_editor_empties_first_is_waited_for(ward: Ward) -> None:
    place = review(ward)
    path = ward.intranet(place)
    with path.open("wb") as saving:
        assert ward.run() == 0
        saving.write(b"total,101")
    round_off(ward)
    assert ward.tree("intranet") == {place: "total,101"}
    assert ward.tree("cloud") == {place: OLD}


# ── what nothing tells of ──


def _unnoticed(ward: Ward, side: str, place: str, content: str) -> None:
    """Bytes that changed and left no trace: a disk's fault, a program that writes past the file system."""
    path = ward.root(side) / "ひまわり保育園" / place
    before = path.stat()
    path.write_text(content, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    name = place.partition("/")[2]
    stamp = path.stat().st_ctime_ns
    ward.sql(f"UPDATE sightings SET stamp = '{stamp}' WHERE side = '{side}' AND path = '{name}'")


@pytest.mark.parametrize("side", ["intranet", "cloud"])
def test_confirmed_bytes_that_changed_without_a_trace_are_found_and_put_right(new_ward: NewWard, side: str) -> None:
    ward = new_ward(settings="confirmed_rehash_days: 7\n")
    place = confirmed(ward)
    round_off(ward)
    _unnoticed(ward, side, place, NEW)
    assert ward.run() == 0
    assert (ward.root(side) / "ひまわり保育園" / place).read_text(encoding="utf-8") == NEW, "it isn't its day yet"
    ward.said()
    assert ward.run(at=datetime.now().astimezone() + timedelta(days=7.01)) == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {place: OLD}
    assert ward.kept(NEW)
    assert "staff" in ward.rooms()


@pytest.mark.parametrize("side", ["intranet", "cloud"])
def test_what_changed_without_a_trace_is_never_moved_or_replaced_unseen(ward: Ward, side: str) -> None:
    place = review(ward)
    round_off(ward)
    _unnoticed(ward, side, place, NEW)
    if side == "intranet":  # a newer one is about to take its place
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "total,555")
    else:  # staff confirm what they have seen
        ward.drag(ward.intranet(place), ward.intranet("confirmed"))
    round_off(ward)
    round_off(ward)
    assert ward.kept(NEW)
    texts = {*ward.tree("cloud").values(), *ward.tree("intranet").values()}
    assert NEW in texts, "what a person wrote lies where people see it"
    if side == "cloud":
        assert ward.tree("intranet")[f"confirmed/{ENROLMENT}"] == ward.tree("cloud")[f"confirmed/{ENROLMENT}"] == OLD


def test_confirmed_files_are_read_once_in_a_period_and_spread_over_it(new_ward: NewWard) -> None:
    ward = new_ward(settings="confirmed_rehash_days: 10\n")
    for number in range(40):
        ward.put(ward.cloud(f"inbox/012_202610_証憑 {number}.pdf"), f"evidence {number}")
    round_off(ward)
    for path in ward.intranet("review").iterdir():
        ward.drag(path, ward.intranet("confirmed"))
    round_off(ward)
    read = []
    for day in range(1, 11):
        with ward.world(clock=Shifted(day * 86_400.0)) as world:
            operator = world.config.operator("himawari")
            assert operator is not None and round_for(world, operator).moves == 0
            read.append(world.intranet.counts.reads)  # type: ignore[attr-defined]
    assert sum(read) == 40 and max(read) <= 12 and len([each for each in read if each]) >= 7, read


def test_what_staff_save_is_kept_while_the_cloud_is_away(ward: Ward) -> None:
    ward.arrive(content=OLD)
    give_back(ward)
    away = ward.root("cloud").rename(ward.folder / "unplugged")
    for content in ("first save", "second save"):
        ward.put(ward.intranet(f"corrections/{ENROLMENT}"), content)
        time.sleep(0.1)  # it has to be quiet when syncd looks, which is once a run while a side is away
        ward.run()
        assert ward.kept(content)
    away.rename(ward.root("cloud"))
    assert ward.run() == 0
    assert ward.tree("cloud")[f"corrections/{ENROLMENT}"] == "second save"
    with ward.world(read_only=True) as world:
        (file,) = (each for each in world.ledger.known("himawari") if each.name == ENROLMENT)
        versions = {each.sha1 for each in world.ledger.versions_of("himawari", file.line)}
    assert hashlib.sha1(b"first save").hexdigest() in versions, "and `syncd versions` shows it"
