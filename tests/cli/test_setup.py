"""`syncd init`: makes what is missing, says so, and harms nothing."""

from __future__ import annotations

import shutil

from syncd.store import Store
from tests.cli.ward import ENROLMENT, Ward
from tests.samples import tiny


def test_makes_all_folders_and_both_markers(ward: Ward) -> None:
    for side in ("cloud", "intranet"):
        assert (ward.folder / side / ".syncd" / "marker").is_file()
        for operator in ("ひまわり保育園", "さくら保育園"):
            made = {path.name for path in (ward.folder / side / operator).iterdir()}
            assert made == {"inbox", "review", "corrections", "confirmed"}


def test_a_second_run_has_nothing_to_do_and_touches_nothing(ward: Ward) -> None:
    file = ward.drop(ENROLMENT)
    before = sorted((path, path.stat().st_mtime_ns) for path in (ward.folder / "cloud").rglob("*"))
    result = ward.run("init")
    assert (result.exit_code, result.stdout) == (0, "nothing to do: all folders of 2 operators are there\n")
    assert sorted((path, path.stat().st_mtime_ns) for path in (ward.folder / "cloud").rglob("*")) == before
    assert file.read_bytes() == tiny.workbook("content")


def test_says_what_it_made(ward: Ward) -> None:
    shutil.rmtree(ward.folder / "cloud" / "さくら保育園")
    (ward.folder / "intranet" / "さくら保育園" / "review").rmdir()
    text = ward.run("init").stdout
    assert text.splitlines() == [
        f"cloud: made {ward.folder}/cloud/さくら保育園 with its 4 folders",
        f"intranet: made {ward.folder}/intranet/さくら保育園/review",
    ]


def test_makes_no_new_marker_while_the_state_knows_files(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    assert ward.work().exit_code == 0
    shutil.move(ward.folder / "intranet", ward.folder / "elsewhere")  # the share is not mounted
    (ward.folder / "intranet").mkdir()
    result = ward.run("init")
    assert result.exit_code == 1
    assert "no root marker" in result.stderr and len(result.stderr.splitlines()) == 1
    assert not list((ward.folder / "intranet").iterdir())


def test_keeps_away_from_a_running_daemon(ward: Ward) -> None:
    store = Store(ward.folder / "state")
    try:
        store.lock_daemon()
        result = ward.run("init")
    finally:
        store.close()
    assert (result.exit_code, "another syncd" in result.stderr) == (1, True)
