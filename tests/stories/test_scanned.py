"""The virus gate: nothing leaves inbox before a real clamd has called it clean."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from syncd.scanning import eicar
from tests.scanning.clamd import RunningClamd, running_clamd
from tests.stories.forms import CHECKED, zipped
from tests.stories.ward import ENROLMENT, NewWard, Ward

UNTYPED = "会議の記録.pdf"


@pytest.fixture(scope="module")
def clamd() -> Iterator[RunningClamd]:
    with tempfile.TemporaryDirectory() as folder, running_clamd(Path(folder)) as running:
        yield running


def scanned_by(clamd: RunningClamd, timeout: float = 20.0) -> str:
    return f"scanner: {{socket: {clamd.socket}, timeout_seconds: {timeout}}}\n"


def test_o1_a_clean_file_goes_on_an_infected_one_into_quarantine(new_ward: NewWard, clamd: RunningClamd) -> None:
    ward = new_ward(settings=scanned_by(clamd))
    ward.arrive()
    assert f"review/{ENROLMENT}" in ward.tree("cloud")
    infected = "012_202611_在籍児童数報告書.xlsx"
    ward.put(ward.cloud(f"inbox/{infected}"), eicar())
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [f"review/{ENROLMENT}"]
    rooms = ward.rooms()
    assert all("ウイルスの疑いで隔離しました" in rooms[room] for room in ("himawari", "staff"))
    (quarantined,) = (ward.folder / "state/quarantine").iterdir()
    assert quarantined.read_bytes() == eicar()
    assert ward.history()[-1]["outcome"] == "quarantined"
    quarantined.unlink()  # as if syncd had been killed before it lay there
    ward.quiet()
    assert quarantined.read_bytes() == eicar()


@pytest.mark.parametrize("stage", ["inbox", "corrections"])
def test_s7_s8_what_staff_put_in_is_scanned_before_it_goes_up(new_ward: NewWard, tmp_path: Path, stage: str) -> None:
    socket = tmp_path / "clamd.ctl"
    ward = new_ward(settings=f"scanner: {{socket: {socket}}}\n")
    infected = "012_202611_在籍児童数報告書.xlsx"
    ward.put(ward.intranet(f"{stage}/{ENROLMENT}"), "v1")
    ward.put(ward.intranet(f"{stage}/{infected}"), eicar())
    assert ward.run() == 0
    assert ward.tree("cloud") == {} and set(ward.rooms()) <= {"administrators"}
    with running_clamd(tmp_path / "clamd") as clamd:
        socket.symlink_to(clamd.socket)
        assert ward.run() == 0
    assert [Path(place).name for place in ward.tree("cloud")] == [ENROLMENT]
    assert f"{stage}/{infected}" in ward.tree("intranet")
    rooms = ward.rooms()
    assert "ウイルスの疑い" in rooms["staff"] and "ウイルス" not in rooms.get("himawari", "")
    with ward.world(read_only=True) as world:
        assert [(one.kind, one.place.path) for one in world.troubles.of("himawari")] == [("infected", infected)]
    ward.intranet(f"{stage}/{infected}").unlink()
    assert ward.run() in (0, 1)
    with ward.world(read_only=True) as world:
        assert world.troubles.of("himawari") == ()


def test_an_infected_file_in_a_bundle_takes_the_bundle_along(new_ward: NewWard, clamd: RunningClamd) -> None:
    ward = new_ward(rules=CHECKED, settings=scanned_by(clamd))
    ward.put(ward.cloud("inbox/まとめ.zip"), zipped({"a.txt": b"harmless", "b.txt": eicar()}))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {}
    assert ward.history()[-1]["outcome"] == "quarantined"
    ward.quiet()


def test_never_9_while_the_scanner_is_away_files_wait_whoever_drags_them(new_ward: NewWard, tmp_path: Path) -> None:
    socket = tmp_path / "clamd.ctl"  # leads to the one that runs, once one does
    ward = new_ward(settings=f"scanner: {{socket: {socket}}}\n")
    for name in (ENROLMENT, UNTYPED):
        ward.put(ward.cloud(f"inbox/{name}"), "v1")
    assert ward.run() == 0
    waiting = [f"inbox/{name}" for name in (ENROLMENT, UNTYPED)]
    assert sorted(ward.tree("cloud")) == sorted(ward.tree("intranet")) == sorted(waiting)
    assert _scanner(ward)["reachable"] is False and _scanner(ward)["waiting"] == 2
    for name in (ENROLMENT, UNTYPED):  # S15 for the one without a type; nobody may help the other either
        ward.drag(ward.intranet(f"inbox/{name}"), ward.intranet(f"review/{name}"))
    assert ward.run() == 0
    assert sorted(ward.tree("cloud")) == sorted(ward.tree("intranet")) == sorted(waiting)
    refused = [row for row in ward.history() if row["outcome"] == "refused"]
    assert len(refused) == 2 and all("scanner" in row["reason"] for row in refused)
    assert "検査がまだ終わっていません" in ward.rooms()["staff"]

    with running_clamd(tmp_path / "clamd") as clamd:
        socket.symlink_to(clamd.socket)
        assert ward.run() == 0
        assert f"review/{ENROLMENT}" in ward.tree("cloud")
        assert _scanner(ward) == {**_scanner(ward), "reachable": True, "waiting": 0}
        ward.drag(ward.intranet(f"inbox/{UNTYPED}"), ward.intranet(f"review/{UNTYPED}"))
        assert ward.run() == 0
        assert f"review/{UNTYPED}" in ward.tree("cloud"), "S15, now that it is scanned"
        ward.quiet()


def test_s7_what_staff_send_is_scanned_too(new_ward: NewWard, clamd: RunningClamd) -> None:
    ward = new_ward(settings=scanned_by(clamd))
    ward.put(ward.intranet("corrections/見本.pdf"), "harmless")
    ward.put(ward.intranet("corrections/おまけ.pdf"), eicar())
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == ["corrections/見本.pdf"]
    assert "ウイルスの疑い" in ward.rooms()["staff"]
    ward.quiet()
    ward.intranet("corrections/おまけ.pdf").unlink()
    ward.quiet()


def test_a_scanner_that_hangs_holds_up_nobodys_other_work(new_ward: NewWard, clamd: RunningClamd) -> None:
    ward = new_ward(settings=scanned_by(clamd, timeout=0.5))
    ward.arrive()
    clamd.stop()
    try:
        for month in ("202611", "202612", "202701"):
            ward.put(ward.cloud(f"inbox/012_{month}_在籍児童数報告書.xlsx"), month)
        ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet(f"confirmed/{ENROLMENT}"))
        assert ward.run() == 0
        assert f"confirmed/{ENROLMENT}" in ward.tree("cloud")
        assert sum(name.startswith("inbox/") for name in ward.tree("cloud")) == 3
    finally:
        clamd.go_on()
    assert ward.run() == 0
    assert sum(name.startswith("review/") for name in ward.tree("cloud")) == 3


def _scanner(ward: Ward) -> dict[str, object]:
    from syncd.store.freshness import read_scanner

    seen = read_scanner(ward.folder / "state")
    return {"reachable": seen.reachable, "waiting": sum(seen.waiting.values())}
