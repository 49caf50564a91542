"""What only Box does, or does otherwise than a directory, and what stories of it cost in calls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from syncd.cli import syncd
from tests.boxsim import Simulator
from tests.stories.box_ward import Box, BoxPath, BoxRoot
from tests.stories.daemons import rescan_every, settled, until, working
from tests.stories.operator_steps import CONFIRMED, INBOX, REVIEW, confirm, round_off
from tests.stories.staff_steps import both
from tests.stories.test_disasters import command
from tests.stories.ward import SAKURA_ENROLMENT, ChatServer, Ward

FAR_AWAY = 3_000


@pytest.fixture
def own_box() -> Iterator[Box]:
    """A Box of the story's own, which may break down."""
    made = Box()
    yield made
    made.close()


@pytest.fixture
def ward(tmp_path: Path, chat: ChatServer, own_box: Box) -> Ward:
    return Ward(tmp_path / "ward", chat, box=own_box.root())


def of(ward: Ward) -> tuple[BoxRoot, Simulator]:
    assert ward.box is not None
    return ward.box, ward.box.box.sim


def trashed(path: Path) -> str:
    """Deletes a folder with all that is in it; its id, by which it can be restored."""
    assert isinstance(path, BoxPath) and path.identity is not None
    identity = path.identity
    path.remove_all()
    return identity


# ── folders ──


def test_an_operators_folder_that_was_deleted_is_a_hold_until_a_person_restored_it(ward: Ward) -> None:
    ward.arrive()
    root, _ = of(ward)
    history = len(ward.history())
    folder = trashed(ward.cloud(""))
    ward.put(ward.cloud(f"inbox/{SAKURA_ENROLMENT}", "sakura"), "s1")
    assert ward.run() == 3
    assert ward.tree("intranet") == {REVIEW: "v1"}
    assert not ward.cloud("").exists(), "a new one would be nobody's: the nursery is invited to the old one"
    assert [row["outcome"] for row in ward.history()[history:]] == ["held"]
    rooms = ward.rooms()
    assert "trash" in rooms["administrators"] and "release himawari" in rooms["administrators"]
    assert ward.tree("intranet", "sakura") == {f"review/{SAKURA_ENROLMENT}": "s1"}, "the others go on"
    assert ward.run() == 3
    assert ward.rooms() == {}, "said once"
    root.hands.restore(folder)
    assert command(ward, "release", "himawari").returncode == 0
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    assert not {"withdrawn", "restored", "refused"} & {row["outcome"] for row in ward.history()}
    ward.said()
    ward.quiet()


def test_an_operators_folder_deleted_on_both_sides_comes_back_once_a_person_restored_it_in_box(ward: Ward) -> None:
    ward.arrive()
    root, _ = of(ward)
    ward.put(ward.intranet(REVIEW), "v1, a desk copy")
    round_off(ward)
    folder = trashed(ward.cloud(""))
    trash = ward.folder / "trash"
    ward.intranet("").rename(trash)
    assert ward.run() == 3
    root.hands.restore(folder)
    assert command(ward, "release", "himawari").returncode == 0
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {REVIEW: "v1, a desk copy"}
    ward.said()
    ward.quiet()


def test_a_stage_folder_that_was_deleted_comes_back_from_the_trash_with_its_versions(ward: Ward) -> None:
    ward.arrive()
    before = ward.cloud(REVIEW).identity  # type: ignore[attr-defined]
    folder = trashed(ward.cloud("review"))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    assert ward.cloud("review").identity == folder  # type: ignore[attr-defined]
    assert ward.cloud(REVIEW).identity == before, "the same file, with its versions and comments"  # type: ignore[attr-defined]
    assert set(ward.rooms()) == {"staff"}
    ward.quiet()


def test_a_stage_folder_that_was_deleted_for_good_is_made_anew_and_filled(ward: Ward) -> None:
    ward.arrive()
    root, _ = of(ward)
    root.hands.purge(trashed(ward.cloud("review")))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    assert ward.moves()[-1] == (None, "review", "syncd", "restored")
    ward.said()
    ward.quiet()


# ── locks ──


def test_a_file_that_somebody_has_locked_is_waited_for_and_only_that_file(ward: Ward) -> None:
    ward.arrive()
    root, _ = of(ward)
    place = f"cloud/ひまわり保育園/{REVIEW}"
    root.hands.lock(place)
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    ward.put(ward.cloud("inbox/012_202610_証憑.pdf"), "e1")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1", "review/012_202610_証憑.pdf": "e1"}
    ward.said()
    root.hands.unlock(place)
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1", "review/012_202610_証憑.pdf": "e1"})
    assert "確認が終わりました" in ward.rooms()["himawari"]
    ward.quiet()


# ── Box that can't be reached ──


def test_d3_a_running_daemon_waits_for_box_and_goes_on_when_it_is_back(ward: Ward) -> None:
    ward.arrive()
    _, sim = of(ward)
    with working(ward):
        sim.faults.seeded(1, 1.0, ["500"])
        ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
        until(lambda: "接続できません" in "".join(text for _, text in ward.chat.posts[ward._read :]), 120)
        sim.faults.clear()
        until(ward.cloud(CONFIRMED).exists, 40)
    both(ward, {CONFIRMED: "v1"})


# ── what it costs ──


def test_a_drop_costs_its_download_its_move_and_little_else(ward: Ward) -> None:
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    rescan_every(ward, FAR_AWAY)
    _, sim = of(ward)
    with working(ward) as daemon:
        sim.calls.clear()
        ward.put(ward.cloud(INBOX), "v1")
        until(ward.intranet(REVIEW).exists)
        settled(daemon)
        calls = dict(sim.calls)
    events = calls.pop("GET /events", 0)
    assert {name: count for name, count in calls.items() if "/" in name} == {  # the other hosts are not the API
        "GET /files/:id/content": 1,
        "PUT /files/:id": 1,
    }
    assert events <= 6, events
    both(ward, {REVIEW: "v1"})


def test_while_people_rest_box_is_not_asked_anything(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    _, sim = of(ward)
    with working(ward) as daemon:  # it looks at everything every 2 seconds
        settled(daemon, 1.0)
        sim.calls.clear()
        rounds = daemon.rounds
        until(lambda: daemon.rounds >= rounds + 4)
        assert dict(sim.calls) == {}


@pytest.mark.parametrize("words", [("init",), ("run", "--once")], ids=" ".join)
def test_a_second_ward_on_a_folder_of_box_is_refused(ward: Ward, words: tuple[str, ...]) -> None:
    """Another state, another intranet, the same root in Box: nothing is touched; the first goes on."""
    ward.arrive(content="v1")
    text = ward.config_path.read_text(encoding="utf-8")
    other = ward.folder / "second.yaml"
    other.write_text(text.replace("./state", "./state2").replace("./intranet", "./intranet2"), encoding="utf-8")
    before = ward.tree("cloud"), ward.tree("intranet"), ward.history(None)
    refused = CliRunner().invoke(syncd, [*words, "-c", str(other)])
    assert refused.exit_code == 2, refused.output
    assert "is another ward's" in refused.stderr
    assert (ward.tree("cloud"), ward.tree("intranet"), ward.history(None)) == before
    ward.said()
    ward.quiet()
