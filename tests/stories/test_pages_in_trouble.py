"""syncd's own pages are never taken for a nursery's, whatever failed while they were written; torn ones are remade."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syncd.reports.seal import page_in
from tests.stories.box_ward import folder_only
from tests.stories.ward import ENROLMENT, INVOICE, NewWard, Ward

pytestmark = folder_only("what happens to the bytes of a file in a folder")

OWN = "提出状況.pdf"
WARDS_PAGES = ("進捗状況.html", "進捗状況.xlsx")


@pytest.fixture
def ward(new_ward: NewWard) -> Ward:
    ward = new_ward(pages=True)
    ward.arrive(content="v1")
    return ward


def only_in_its_place(ward: Ward) -> None:
    """Every operator has its page once, whole, and nobody heard of it."""
    for operator in ward.operators:
        found = [path for path in ward.cloud("", operator).rglob("*.pdf") if "提出状況" in path.name]
        assert found == [ward.cloud(OWN, operator)]
        assert page_in(found[0].read_bytes()) == "whole"
        assert [path for path in ward.intranet("", operator).rglob("*") if "提出状況" in path.name] == []
    assert [row for row in ward.history(None) if "提出状況" in row["file"]] == []
    assert not any("種類が分かりません" in text or "提出状況" in text for text in ward.said())


def older_state(ward: Ward) -> None:
    """The state is what it was before the page changed."""
    shutil.rmtree(ward.folder / "state")
    shutil.copytree(ward.folder / "before", ward.folder / "state")


def lost_state(ward: Ward) -> None:
    ward.lose_database()


def page_forgotten(ward: Ward) -> None:
    ward.sql("DELETE FROM settings WHERE key LIKE 'page:%'")


def page_mistaken(ward: Ward) -> None:
    """Killed, or out of room, between what was written down and what was put down, again and again."""
    wrong = json.dumps({"identity": "1", "sha1": "a" * 40, "before": "b" * 40, "shows": ""})
    ward.sql(f"UPDATE settings SET value = '{wrong}' WHERE key LIKE 'page:%' AND key != 'page:'")


@pytest.mark.parametrize("then", ["stays", "dragged to inbox"])
@pytest.mark.parametrize("trouble", [older_state, lost_state, page_forgotten, page_mistaken])
def test_a_page_that_the_state_does_not_know_is_syncds_all_the_same(
    ward: Ward, trouble: Callable[[Ward], None], then: str
) -> None:
    shutil.copytree(ward.folder / "state", ward.folder / "before")
    ward.put(ward.cloud(f"inbox/{INVOICE}"), "v1")
    assert ward.run() == 0
    ward.said()
    trouble(ward)
    if then == "dragged to inbox":
        ward.drag(ward.cloud(OWN), ward.cloud("inbox"))
    for _ in range(2):
        assert ward.run() == 0
    only_in_its_place(ward)
    assert ward.tree("cloud")[f"review/{INVOICE}"] == "v1"


@pytest.mark.parametrize("how", ["empty", "nothing but zeros", "its first half", "all but its end", "a few bytes"])
def test_a_torn_page_is_written_anew(ward: Ward, how: str) -> None:
    whole = ward.cloud(OWN).read_bytes()
    torn = {
        "empty": b"", "nothing but zeros": bytes(len(whole)), "its first half": whole[: len(whole) // 2],
        "all but its end": whole[:-3], "a few bytes": whole[:7],
    }[how]  # fmt: skip
    ward.put(ward.cloud(OWN), torn)
    assert ward.run() == 0
    only_in_its_place(ward)
    ward.quiet()


@pytest.mark.parametrize("name", WARDS_PAGES)
def test_a_torn_page_of_the_wards_is_written_anew(ward: Ward, name: str) -> None:
    page = ward.root("intranet") / name
    whole = page.read_bytes()
    for torn in (b"", whole[: len(whole) // 2], bytes(len(whole))):
        page.write_bytes(torn)
        assert ward.run() == 0
        assert len(page.read_bytes()) >= len(whole) - 16
    assert [each.name for each in (ward.root("intranet") / ".syncd").iterdir() if each.name.startswith("page")] == []


def test_what_the_operator_saves_over_the_page_is_the_operators(ward: Ward) -> None:
    note = ward.cloud(OWN).read_bytes() + b"9 0 obj\n<< /Type /Annot >>\nendobj\nstartxref\n9\n%%EOF\n"
    ward.put(ward.cloud(OWN), note)
    assert ward.run() == 0
    assert ward.kept_bytes(note)
    assert ward.cloud(f"inbox/{OWN}").read_bytes() == note
    assert page_in(ward.cloud(OWN).read_bytes()) == "whole"


# ── no room ──


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little room, for one of the trees."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize("left", [0, 4096, 12_288, 20_480])
@pytest.mark.parametrize("side", ["cloud", "intranet"])
def test_pages_outlast_a_disk_that_is_full_for_a_while(new_ward: NewWard, small: Path, side: str, left: int) -> None:
    ward = new_ward(pages=True)
    root = ward.root(side)
    shutil.copytree(root, small, symlinks=True, dirs_exist_ok=True)
    shutil.rmtree(root)
    root.symlink_to(small)
    with ward.world() as world:  # the folders are others now
        for operator in world.config.operators:
            from syncd.model import Side

            world.ledger.set_folders(operator.id, Side(side), {})
    ward.arrive(content="v1")
    filler = small / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
        file.truncate(max(0, file.tell() - left))
    os.rename(ward.intranet(f"review/{ENROLMENT}"), ward.intranet(f"confirmed/{ENROLMENT}"))
    for _ in range(3):
        ward.run()
    filler.unlink()
    for _ in range(2):
        assert ward.run() == 0
    only_in_its_place(ward)
    assert ward.tree("cloud")[f"confirmed/{ENROLMENT}"] == ward.tree("intranet")[f"confirmed/{ENROLMENT}"] == "v1"
    for name in WARDS_PAGES:
        assert (ward.root("intranet") / name).stat().st_size > 1000
