"""One file that can't be read, put, moved or taken away waits by itself; all else goes on, and people hear why."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from syncd.cli import syncd
from syncd.journey import round_for
from tests.stories.staff_steps import both
from tests.stories.ward import ENROLMENT, INVOICE, Ward

NOBODY = 65534
BAD = "012_202610_証憑 1.pdf"
GOOD = "012_202610_証憑 2.pdf"


def troubles(ward: Ward) -> list[dict[str, Any]]:
    """What `syncd status --json` says of files that wait."""
    answer = CliRunner().invoke(syncd, ["status", "--json", "-c", str(ward.config_path)])
    found: list[dict[str, Any]] = json.loads(answer.stdout)["troubles"]
    return found


def why(ward: Ward, path: str) -> str:
    return CliRunner().invoke(syncd, ["why", path, "-c", str(ward.config_path)]).stdout


def until_told(ward: Ward) -> str:
    """Runs until people hear of a file that waits; what staff hear."""
    for _ in range(4):
        ward.run()
        said = ward.said("staff")
        if any("処理できないファイル" in text for text in said):
            return "\n".join(said)
    raise AssertionError("nobody was told")


@contextmanager
def as_nobody(ward: Ward) -> Iterator[None]:
    """syncd runs under an account that file modes bind; the trees are its own."""
    if os.geteuid() != 0:
        yield
        return
    for path in [ward.folder, *ward.folder.rglob("*")]:
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    parents = [path for path in ward.folder.parents if path.stat().st_mode & 0o5 != 0o5]
    for path in parents:
        path.chmod(path.stat().st_mode | 0o5)
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


def test_a_folder_in_the_way_of_a_drag_stops_only_that(ward: Ward) -> None:
    ward.put(ward.cloud(f"inbox/{BAD}"), "bad")
    ward.arrive(GOOD, "good")
    ward.cloud(f"confirmed/{BAD}").mkdir()
    ward.drag(ward.intranet(f"review/{BAD}"), ward.intranet("confirmed"))
    ward.drag(ward.intranet(f"review/{GOOD}"), ward.intranet("confirmed"))
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "later")
    ward.run()
    assert ward.tree("cloud") == {
        f"confirmed/{GOOD}": "good",
        f"review/{BAD}": "bad",
        f"review/{ENROLMENT}": "later",
    }
    (trouble,) = troubles(ward)
    assert f"confirmed/{BAD}" in trouble["place"]
    assert "folder of the same name" in trouble["reason"]
    assert "Rename that folder" in trouble["next"]
    assert "folder of the same name" in why(ward, str(ward.intranet(f"confirmed/{BAD}")))
    assert "証憑（confirmed）: 移す先に同じ名前のフォルダーがあります。" in until_told(ward)
    ward.cloud(f"confirmed/{BAD}").rmdir()
    ward.run()
    assert troubles(ward) == []
    assert ward.tree("cloud") == ward.tree("intranet")
    assert any("処理を再開しました" in text for text in ward.said("staff"))
    assert not [record for record in ward.history() if record["outcome"] in ("withdrawn", "refused")]
    ward.quiet()


def test_a_drag_taken_back_waits_for_nothing(ward: Ward) -> None:
    ward.arrive(BAD, "bad")
    ward.cloud(f"confirmed/{BAD}").mkdir()
    ward.drag(ward.intranet(f"review/{BAD}"), ward.intranet("confirmed"))
    ward.run()
    assert len(troubles(ward)) == 1
    ward.drag(ward.intranet(f"confirmed/{BAD}"), ward.intranet("review"))
    ward.run()
    assert troubles(ward) == []
    both(ward, {f"review/{BAD}": "bad"})


@pytest.mark.parametrize("stage", ["inbox", "review"])
def test_a_stage_folder_that_cannot_be_written(new_ward: Any, stage: str) -> None:
    ward = new_ward()
    ward.arrive(GOOD, "good")
    closed = ward.intranet(stage)
    with as_nobody(ward):
        closed.chmod(0o555)
        ward.put(ward.cloud(f"inbox/{BAD}"), "bad")
        ward.drag(ward.cloud(f"review/{GOOD}"), ward.cloud("confirmed"))  # O7: it is put back
        ward.run()
        (trouble,) = troubles(ward)
        assert stage in trouble["place"] and BAD in trouble["place"]
        assert "can't be written" in trouble["reason"]
        assert "can't be written" in why(ward, f"{ward.operators['himawari'][0]}/inbox/{BAD}")
        assert ward.tree("cloud")[f"review/{GOOD}"] == "good"
        assert "フォルダーに書き込めません" in until_told(ward)
        closed.chmod(0o755)
        ward.run()
        assert troubles(ward) == []
        both(ward, {f"review/{BAD}": "bad", f"review/{GOOD}": "good"})


def test_a_file_that_cannot_be_read(new_ward: Any) -> None:
    ward = new_ward()
    ward.arrive(GOOD, "good")
    with as_nobody(ward):
        bad = ward.intranet(f"corrections/{BAD}")
        ward.put(bad, "from the ward")
        bad.chmod(0)
        ward.drag(ward.intranet(f"review/{GOOD}"), ward.intranet("confirmed"))
        ward.put(ward.cloud(f"inbox/{INVOICE}"), "later")
        ward.run()
        (trouble,) = troubles(ward)
        assert trouble["place"].endswith(f"corrections/{BAD}")
        both_but(ward, bad, {f"confirmed/{GOOD}": "good", f"review/{INVOICE}": "later"})
        assert "読み取れません（権限がないか" in until_told(ward)
        bad.chmod(0o644)
        ward.run()
        assert troubles(ward) == []
        assert ward.tree("cloud")[f"corrections/{BAD}"] == "from the ward"


@pytest.mark.parametrize("mode", [0, 0o444], ids=["can't be listed", "its files can't be looked at"])
def test_a_subfolder_that_cannot_be_looked_into(new_ward: Any, mode: int) -> None:
    ward = new_ward()
    ward.put(ward.cloud(f"inbox/10月/{BAD}"), "bad")
    ward.arrive(GOOD, "good")
    closed = ward.intranet("review/10月")
    with as_nobody(ward):
        closed.chmod(mode)
        ward.drag(ward.intranet(f"review/{GOOD}"), ward.intranet("confirmed"))
        ward.put(ward.cloud(f"inbox/{INVOICE}"), "later")
        for _ in range(3):
            ward.run()
        (trouble,) = troubles(ward)
        assert "review/10月" in trouble["place"] and "can't be read" in trouble["reason"]
        wanted = {f"confirmed/{GOOD}": "good", f"review/{INVOICE}": "later", f"review/10月/{BAD}": "bad"}
        assert ward.tree("cloud") == wanted
        closed.chmod(0o755)
        ward.run()
        assert troubles(ward) == []
        both(ward, wanted)
        assert not [record for record in ward.history() if record["outcome"] in ("withdrawn", "refused")]


def both_but(ward: Ward, unreadable: Path, tree: dict[str, str]) -> None:
    """Both sides are so, but for a file on the intranet that nobody can read."""
    unreadable.chmod(0o644)
    found = ward.tree("intranet")
    unreadable.chmod(0)
    found.pop(str(unreadable.relative_to(ward.intranet(""))))
    assert found == tree
    assert ward.tree("cloud") == tree


def test_a_drag_of_a_file_that_the_operator_has_open_is_shown_until_it_is_closed(ward: Ward) -> None:
    ward.arrive(BAD, "bad")
    if ward.box:
        hands = ward.box.hands
        hands.lock(f"cloud/{ward.operators['himawari'][0]}/review/{BAD}")
        wanted = "It is locked in Box."
    else:
        ward.put(ward.cloud(f"review/~${BAD}"), "owner")
        wanted = "It is open, so it can't be moved."
    ward.drag(ward.intranet(f"review/{BAD}"), ward.intranet("confirmed"))
    ward.run()
    (trouble,) = troubles(ward)
    assert wanted in trouble["reason"] and BAD in trouble["place"]
    ward.drag(ward.intranet(f"confirmed/{BAD}"), ward.intranet("review"))
    ward.run()
    assert troubles(ward) == []


def test_the_page_of_the_ward_shows_what_waits_and_the_operators_page_does_not(new_ward: Any) -> None:
    ward = new_ward(pages=True)
    ward.arrive(BAD, "bad")
    ward.cloud(f"confirmed/{BAD}").mkdir()
    ward.drag(ward.intranet(f"review/{BAD}"), ward.intranet("confirmed"))
    ward.run()
    page = (ward.root("intranet") / "進捗状況.html").read_text(encoding="utf-8")
    assert "処理できないファイル" in page
    assert f"クラウド / confirmed / {BAD}" in page
    assert "そのフォルダーの名前を変えるか、別の場所へ移してください。" in page
    ward.cloud(f"confirmed/{BAD}").rmdir()
    ward.run()
    assert "処理できないファイル" not in (ward.root("intranet") / "進捗状況.html").read_text(encoding="utf-8")


@contextmanager
def immutable(path: Path) -> Iterator[None]:
    """Nobody can move, change or delete the file, root neither."""
    if shutil.which("chattr") is None or subprocess.run(["chattr", "+i", path], capture_output=True).returncode:
        pytest.skip("this file system has no immutable files")
    try:
        yield
    finally:
        subprocess.run(["chattr", "-i", path], check=True)


def begun_and_stuck(ward: Ward) -> Path:
    """A rule that comes later takes a file to review: in the cloud it is done, on the intranet it can't be."""
    rule = ward.folder / "rules" / "evidence.yaml"
    text = rule.read_text(encoding="utf-8")
    rule.unlink()
    ward.put(ward.cloud(f"inbox/{BAD}"), "bad")
    ward.arrive(INVOICE, "good")
    assert ward.intranet(f"inbox/{BAD}").exists()
    rule.write_text(text, encoding="utf-8")
    return ward.intranet(f"inbox/{BAD}")


def test_a_move_that_has_begun_and_is_stuck_holds_up_nothing_else(ward: Ward) -> None:
    file = begun_and_stuck(ward)
    with immutable(file):
        ward.run()
        assert ward.tree("cloud") == {f"review/{BAD}": "bad", f"review/{INVOICE}": "good"}
        (trouble,) = troubles(ward)
        assert "protected" in trouble["reason"] and trouble["place"].endswith(f"inbox/{BAD}")
        ward.drag(ward.intranet(f"review/{INVOICE}"), ward.intranet("confirmed"))
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "later")
        ward.put(ward.intranet(f"corrections/{GOOD}"), "from the ward")
        for _ in range(3):
            ward.run()
        assert ward.tree("cloud") == {
            f"review/{BAD}": "bad",
            f"confirmed/{INVOICE}": "good",
            f"review/{ENROLMENT}": "later",
            f"corrections/{GOOD}": "from the ward",
        }
        assert "保護されていて動かせません" in "\n".join(ward.said("staff"))
        assert {record["outcome"] for record in ward.history()} <= {"received", "unknown", "moved", "offered"}
    ward.run()
    assert troubles(ward) == []
    assert ward.tree("cloud") == ward.tree("intranet")
    ward.quiet()


def test_a_file_on_which_something_is_mounted(ward: Ward) -> None:
    ward.arrive(BAD, "bad")
    ward.arrive(GOOD, "good")
    file = ward.intranet(f"review/{BAD}")
    if os.geteuid() != 0 or subprocess.run(["mount", "--bind", file, file], capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        ward.put(ward.cloud(f"review/{BAD}"), "bad, again")  # O9: it goes in the old one's place
        ward.drag(ward.intranet(f"review/{GOOD}"), ward.intranet("confirmed"))
        for _ in range(3):
            ward.run()
        (trouble,) = troubles(ward)
        assert trouble["place"].startswith("intranet") and BAD in trouble["place"]
        assert sorted(ward.tree("cloud").values()) == ["bad, again", "good"]
        assert ward.cloud(f"confirmed/{GOOD}").exists()
    finally:
        subprocess.run(["umount", file], check=True)
    ward.run()
    assert troubles(ward) == []
    assert sorted(ward.tree("intranet").values()) == ["bad, again", "good"]


@pytest.mark.folder_only
def test_what_staff_save_is_kept_though_the_way_to_end_a_move_is_barred(ward: Ward) -> None:
    file = begun_and_stuck(ward)
    temporary = ward.root("intranet") / ".syncd" / "tmp"
    with immutable(file):
        ward.run()
        ward.put(ward.intranet(f"corrections/{GOOD}"), "from the ward")
        temporary.rename(temporary.with_name("away"))
        temporary.write_text("in its place", encoding="utf-8")
        for _ in range(20):  # until it is quiet
            ward.run()
            if ward.kept("from the ward"):
                break
        assert ward.kept("from the ward")
        assert f"corrections/{GOOD}" not in ward.tree("cloud")
    temporary.unlink()
    temporary.with_name("away").rename(temporary)
    ward.run()
    assert ward.tree("cloud") == ward.tree("intranet")


def test_what_is_due_but_cannot_be_tried_is_not_hurried(ward: Ward) -> None:
    ward.arrive(BAD, "bad")
    ward.cloud(f"confirmed/{BAD}").mkdir()
    ward.drag(ward.intranet(f"review/{BAD}"), ward.intranet("confirmed"))
    ward.run()
    ward.put(ward.intranet(f"confirmed/~${BAD}"), "owner")  # somebody opens it: nothing is planned with it
    with ward.world() as world:
        operator = world.config.operator("himawari")
        assert operator is not None
        world.troubles.try_now()
        world.cloud.catch_up()
        result = round_for(world, operator)
        assert result.next_try is not None and result.next_try > world.clock.now() + 30


def test_a_restart_does_not_try_again_before_its_time(ward: Ward) -> None:
    ward.arrive(BAD, "bad")
    ward.cloud(f"confirmed/{BAD}").mkdir()
    ward.drag(ward.intranet(f"review/{BAD}"), ward.intranet("confirmed"))
    with ward.world() as world:
        operator = world.config.operator("himawari")
        assert operator is not None
        world.cloud.catch_up()
        round_for(world, operator)
        (before,) = world.troubles.all()
    with ward.world() as world:
        world.cloud.catch_up()
        for _ in range(3):
            round_for(world, operator)
        (after,) = world.troubles.all()
    assert after == before


@pytest.mark.folder_only
@pytest.mark.parametrize("side", ["cloud", "intranet"])
def test_a_file_that_goes_into_a_folder_of_its_own_name_and_out_again(ward: Ward, side: str) -> None:
    ward.arrive(GOOD, "good")
    file = (ward.cloud if side == "cloud" else ward.intranet)(f"review/{GOOD}")
    aside = file.with_name("hold")
    file.rename(aside)
    file.mkdir()
    aside.rename(file / GOOD)
    ward.run()
    both(ward, {f"review/{GOOD}/{GOOD}": "good"})
    (file / GOOD).rename(aside)
    file.rmdir()
    aside.rename(file)
    ward.run()
    both(ward, {f"review/{GOOD}": "good"})
    assert troubles(ward) == []
    ward.quiet()
