"""What people's hands do over SMB, one thing at a time: save, overwrite, rename by letter case, delete, copy slowly."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from tests.samba.conftest import NewShared, on_share
from tests.samba.server import Person
from tests.stories.daemons import settled, until, working
from tests.stories.ward import Ward

NAME = "012_202610_証憑_1.pdf"
WAIT = 60.0
MEGABYTE = 1_000_000


@pytest.fixture
def ward(shared: NewShared) -> Ward:
    return shared()


def text(path: Path) -> str:
    """What it says; '' while it isn't there: one move takes it away and puts the next one there."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def shown(ward: Ward, stage: str, side: str = "cloud") -> list[str]:
    root = ward.cloud(stage) if side == "cloud" else ward.intranet(stage)
    return sorted(path.name for path in root.iterdir() if path.suffix.lower() == ".pdf")


def test_a_rename_by_letter_case_alone_is_followed_in_the_cloud(ward: Ward, staff: tuple[Person, Person]) -> None:
    one, other = staff
    ward.arrive("012_202610_証憑_scan.pdf", "v1")
    with working(ward) as daemon:
        for person, before, after in (
            (one, "012_202610_証憑_scan.pdf", "012_202610_証憑_Scan.pdf"),
            (other, "012_202610_証憑_Scan.pdf", "012_202610_証憑_SCAN.PDF"),
        ):
            assert person.rename(on_share(ward, f"review/{before}"), on_share(ward, f"review/{after}")) == ""
            until(lambda: shown(ward, "review"), WAIT)
            until(lambda wanted=after: shown(ward, "review") == [wanted], WAIT)  # type: ignore[misc]
            assert shown(ward, "review", "intranet") == [after]
        settled(daemon)
    assert not any(row["outcome"] == "refused" for row in ward.history())
    ward.run()
    ward.quiet()


def test_an_overwritten_file_in_review_stays_staffs_until_it_is_offered(
    ward: Ward, staff: tuple[Person, Person], tmp_path: Path
) -> None:
    one, other = staff
    ward.arrive(NAME, "v1")
    (tmp_path / "edited").write_text("edited")
    with working(ward):
        one.put(tmp_path / "edited", on_share(ward, f"review/{NAME}"))
        until(lambda: any(row["outcome"] == "edited" for row in ward.history()), WAIT)
        assert ward.cloud(f"review/{NAME}").read_text() == "v1"
        other.rename(on_share(ward, f"review/{NAME}"), on_share(ward, f"corrections/{NAME}"))
        until(lambda: shown(ward, "corrections") == [NAME], WAIT)
        until(lambda: text(ward.cloud(f"corrections/{NAME}")) == "edited", WAIT)
    assert ward.kept("v1")


def test_what_is_deleted_over_smb_is_put_back_and_what_staff_brought_is_withdrawn(
    ward: Ward, staff: tuple[Person, Person], tmp_path: Path
) -> None:
    one, other = staff
    ward.arrive(NAME, "v1")
    (tmp_path / "new").write_text("new")
    with working(ward):
        one.delete(on_share(ward, f"review/{NAME}"))
        until(lambda: any(row["outcome"] == "refused" for row in ward.history()), WAIT)
        until(lambda: shown(ward, "review", "intranet") == [NAME], WAIT)
        other.put(tmp_path / "new", on_share(ward, "corrections/012_202610_証憑_2.pdf"))
        until(lambda: len(shown(ward, "corrections")) == 1, WAIT)
        other.delete(on_share(ward, "corrections/012_202610_証憑_2.pdf"))
        until(lambda: shown(ward, "corrections") == [], WAIT)
    assert ward.cloud(f"review/{NAME}").read_text() == "v1"


def test_a_slow_upload_travels_once_it_is_closed_and_only_it_is_waited_for(
    ward: Ward, staff: tuple[Person, Person], tmp_path: Path
) -> None:
    one, other = staff
    slow = "012_202610_証憑_2.pdf"
    (tmp_path / "new").write_text("new")
    with working(ward):
        with one.writing(on_share(ward, f"corrections/{slow}"), tmp_path / "pipe") as upload:
            for _ in range(20):
                os.write(upload, b"x" * MEGABYTE)
            until(lambda: ward.intranet(f"corrections/{slow}").exists(), WAIT)
            other.put(tmp_path / "new", on_share(ward, f"corrections/{NAME}"))
            until(lambda: shown(ward, "corrections") == [NAME], WAIT)
            time.sleep(1)  # it is quiet for twenty times as long as a file has to be
            assert shown(ward, "corrections") == [NAME]
            os.write(upload, b"end")
        until(lambda: shown(ward, "corrections") == [NAME, slow], WAIT)
    assert ward.cloud(f"corrections/{slow}").read_bytes() == b"x" * 20 * MEGABYTE + b"end"


def test_what_comes_again_while_staff_save_slowly_over_smb_loses_neither(
    ward: Ward, staff: tuple[Person, Person], tmp_path: Path
) -> None:
    name = "012_202610_運営費請求書.pdf"
    ward.arrive(name, "v1")
    with working(ward) as daemon:
        with staff[0].writing(on_share(ward, f"review/{name}"), tmp_path / "pipe") as upload:
            for _ in range(10):
                os.write(upload, b"x" * MEGABYTE)
            until(lambda: ward.intranet(f"review/{name}").stat().st_size != 2, WAIT)
            ward.put(ward.cloud(f"inbox/{name}"), "v2")
            until(lambda: ward.intranet(f"inbox/{name}").exists(), WAIT)
            time.sleep(1)
            assert ward.cloud(f"review/{name}").read_text() == "v1"
            os.write(upload, b"end")
        until(lambda: text(ward.cloud(f"review/{name}")) == "v2", WAIT)
        settled(daemon)
    review = {path: text for path, text in ward.tree("intranet").items() if path.startswith("review/")}
    assert review.pop("review/012_202610_運営費請求書（再提出 2）.pdf") == "v2"
    (edited,) = review
    assert "職員編集" in edited and review[edited] == "x" * 10 * MEGABYTE + "end"
