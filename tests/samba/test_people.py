"""Whose doing it was: each record names the person, though all files are one account's, by events and by poll."""

from __future__ import annotations

import os
import random
from collections import defaultdict
from pathlib import Path

import pytest

from tests.samba.conftest import NewShared, on_share
from tests.samba.server import Person, Samba
from tests.stories.daemons import until, working
from tests.stories.ward import Ward

DRAGS = int(os.environ.get("SYNCD_DRAGS", "60"))
FILES = 15
NEXT = {"review": ("corrections", "confirmed"), "corrections": ("review",), "confirmed": ("review",)}
"""Where staff may drag an unedited file that is nobody's answer yet."""
WAIT = 60.0


def people_of(ward: Ward) -> dict[str, list[tuple[str, str, str]]]:
    """By file: from, to and actor of each move of staff's, refused or not."""
    told = defaultdict(list)
    for row in ward.history():
        if row["by"] == "staff" and row["outcome"] in ("moved", "refused"):
            told[row["file"]].append((row["from"], row["to"], row["actor"]))
    return dict(told)


def told(ward: Ward, moves: int) -> None:
    """Waits until so many are recorded."""
    until(lambda: sum(map(len, people_of(ward).values())) >= moves, WAIT)


@pytest.mark.parametrize("watch", ["events", "poll"])
def test_every_drag_is_its_persons(shared: NewShared, staff: tuple[Person, Person], watch: str) -> None:
    chance = random.Random(f"drags {watch}")
    ward = shared(watch)
    names = [f"012_202610_証憑_{number:02}.pdf" for number in range(FILES)]
    for name in names:
        ward.put(ward.cloud(f"inbox/{name}"), name)
    assert ward.run() == 0
    where = dict.fromkeys(names, "review")
    expected: dict[str, list[tuple[str, str, str]]] = {name: [] for name in names}
    drags = 0
    with working(ward):
        while drags < DRAGS / 2:
            for name in chance.sample(names, FILES - 3):
                start, target, person = where[name], chance.choice(NEXT[where[name]]), chance.choice(staff)
                assert person.rename(on_share(ward, f"{start}/{name}"), on_share(ward, f"{target}/{name}")) == ""
                # without a note a returned file can't be confirmed nor its agreement be said by staff
                where[name] = target
                expected[name].append((start, target, person.name))
                drags += 1
            told(ward, drags)
    assert people_of(ward) == {name: moves for name, moves in expected.items() if moves}


def test_who_uploaded_overwrote_copied_renamed_and_deleted(
    shared: NewShared, staff: tuple[Person, Person], tmp_path: Path
) -> None:
    one, other = staff
    ward = shared()
    ward.arrive("012_202610_証憑_1.pdf", "v1")
    ward.arrive("012_202610_証憑_2.pdf", "v1")
    (tmp_path / "new").write_text("new")
    (tmp_path / "edited").write_text("edited")

    def last(outcome: str) -> str:
        rows = [row for row in ward.history() if row["by"] == "staff" and row["outcome"] == outcome]
        return str(rows[-1]["actor"]) if rows else ""

    with working(ward):
        one.put(tmp_path / "new", on_share(ward, "corrections/012_202610_証憑_3.pdf"))
        until(lambda: {row["actor"] for row in ward.history() if row["file"].endswith("_3.pdf")} == {one.name}, WAIT)
        assert ward.cloud("corrections/012_202610_証憑_3.pdf").exists()
        other.put(tmp_path / "edited", on_share(ward, "review/012_202610_証憑_1.pdf"))
        until(lambda: last("edited") == other.name, WAIT)
        one.copy(on_share(ward, "review/012_202610_証憑_2.pdf"), on_share(ward, "confirmed/012_202610_証憑_2.pdf"))
        until(lambda: last("moved") == one.name, WAIT)
        other.delete(on_share(ward, "confirmed/012_202610_証憑_2.pdf"))
        until(lambda: last("refused") == other.name, WAIT)
        until(lambda: ward.intranet("confirmed/012_202610_証憑_2.pdf").exists(), WAIT)
        one.delete(on_share(ward, "corrections/012_202610_証憑_3.pdf"))
        until(lambda: last("withdrawn") == one.name, WAIT)
        until(lambda: not ward.cloud("corrections/012_202610_証憑_3.pdf").exists(), WAIT)


def test_a_folder_that_is_dragged_names_its_person_for_each_file(
    shared: NewShared, staff: tuple[Person, Person]
) -> None:
    ward, other = shared(), staff[1]
    names = [f"10月分/012_202610_証憑_{number}.pdf" for number in range(3)]
    for name in names:
        ward.put(ward.cloud(f"inbox/{name}"), name)
    assert ward.run() == 0
    with working(ward):
        other.rename(on_share(ward, "review/10月分"), on_share(ward, "confirmed/10月分"))
        until(lambda: len(ward.tree("cloud")) == 3 and all(path.startswith("confirmed") for path in ward.tree("cloud")))
    assert {row["actor"] for row in ward.history() if row["to"] == "confirmed"} == {other.name}


def test_what_was_done_while_syncd_was_away_and_after_a_new_log_began(
    samba: Samba, shared: NewShared, staff: tuple[Person, Person]
) -> None:
    ward, (one, other) = shared(), staff
    for number in (1, 2):
        ward.arrive(f"012_202610_証憑_{number}.pdf", f"v{number}")
    other.rename(on_share(ward, "review/012_202610_証憑_1.pdf"), on_share(ward, "confirmed/012_202610_証憑_1.pdf"))
    assert ward.run() == 0
    assert ward.history()[-1]["actor"] == other.name
    with working(ward):
        samba.rotate()
        one.rename(on_share(ward, "review/012_202610_証憑_2.pdf"), on_share(ward, "confirmed/012_202610_証憑_2.pdf"))
        until(lambda: (last := ward.history()[-1])["to"] == "confirmed" and last["actor"] == one.name, WAIT)


def test_a_local_move_is_the_owners(shared: NewShared) -> None:
    ward = shared()
    ward.arrive("012_202610_証憑_1.pdf", "v1")
    ward.drag(ward.intranet("review/012_202610_証憑_1.pdf"), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.history()[-1]["actor"] == "root"
