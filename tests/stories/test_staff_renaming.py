"""S12: what staff rename or move within a stage is followed in the cloud, and may be another document by its name."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from tests.stories.operator_steps import CONFIRMED, CORRECTIONS, REVIEW, confirm, give_back, offer, since
from tests.stories.staff_steps import ARRIVAL, both, told
from tests.stories.ward import ENROLMENT, INVOICE, Ward

NOVEMBER = "012_202611_在籍児童数報告書.xlsx"


def the_file(ward: Ward) -> Any:
    with ward.world(read_only=True) as world:
        [file] = world.ledger.known("himawari")
        return file


@pytest.mark.parametrize(
    ("name", "document", "period"),
    [
        (NOVEMBER, "enrolment", "2026-11"),
        ("012_202610_運営費請求書.xlsx", "invoice", "2026-10"),
        ("メモ.xlsx", None, None),
        ("012_202610_在籍児童数報告書.XLSX", "enrolment", "2026-10"),
        ("012_202610_在籍児童数報告書 再 確認.xlsx", "enrolment", "2026-10"),
        (unicodedata.normalize("NFD", "がぎぐ.xlsx"), None, None),
    ],
)
def test_s12_in_review_the_type_is_looked_for_again(ward: Ward, name: str, document: str, period: str) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet(f"review/{name}"))
    assert ward.run() == 0
    nfc = {unicodedata.normalize("NFC", place): content for place, content in ward.tree("cloud").items()}
    if name.casefold() == ENROLMENT.casefold():  # for Windows it is the same name
        assert nfc in ({REVIEW: "v1"}, {f"review/{name}": "v1"})
    else:
        assert nfc == {unicodedata.normalize("NFC", f"review/{name}"): "v1"}
        assert since(ward, ARRIVAL) == [("review", "review", "staff", "renamed")]
    assert ward.tree("intranet") == {f"review/{name}": "v1"}
    told(ward)
    file = the_file(ward)
    assert (file.document, file.period) == (document, period)
    ward.quiet()
    ward.drag(ward.intranet(f"review/{name}"), ward.intranet("confirmed"))
    ward.run()
    assert [place.split("/")[0] for place in ward.tree("cloud")] == ["confirmed"]


def test_s12_in_inbox_a_right_name_sends_it_on(ward: Ward) -> None:
    ward.put(ward.cloud("inbox/無題の写真.xlsx"), "v1")
    ward.run()
    ward.said()
    ward.drag(ward.intranet("inbox/無題の写真.xlsx"), ward.intranet(f"inbox/{ENROLMENT}"))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    told(ward, himawari="【受領】", staff="【到着】")
    ward.quiet()


def test_s12_in_inbox_another_wrong_name_is_told_again(ward: Ward) -> None:
    ward.put(ward.cloud("inbox/何か.xlsx"), "v1")
    ward.run()
    ward.said()
    ward.drag(ward.intranet("inbox/何か.xlsx"), ward.intranet("inbox/別の何か.xlsx"))
    assert ward.run() == 0
    both(ward, {"inbox/別の何か.xlsx": "v1"})
    assert "【書類の種類が分かりません】" in ward.rooms()["himawari"]
    ward.quiet()


@pytest.mark.parametrize("stage", ["corrections", "offered", "confirmed"])
def test_s12_in_later_stages_only_the_name_changes(ward: Ward, stage: str) -> None:
    ward.arrive()
    before = the_file(ward)
    if stage == "confirmed":
        confirm(ward)
    elif stage == "corrections":
        give_back(ward)
    else:
        offer(ward)
    folder = "corrections" if stage == "offered" else stage
    expected = ward.tree("cloud")
    expected[f"{folder}/メモ.xlsx"] = expected.pop(f"{folder}/{ENROLMENT}")
    count = len(ward.history())
    ward.drag(ward.intranet(f"{folder}/{ENROLMENT}"), ward.intranet(f"{folder}/メモ.xlsx"))
    assert ward.run() == 0
    both(ward, expected)
    told(ward)
    assert since(ward, count) == [(folder, folder, "staff", "renamed")]
    with ward.world(read_only=True) as world:
        after = next(file for file in world.ledger.known("himawari") if file.id == before.id)
    assert (after.document, after.period) == (before.document, before.period)
    ward.quiet()


def test_s12_a_folder_renamed_moves_its_files(ward: Ward) -> None:
    for name, content in ((ENROLMENT, "v1"), (INVOICE, "i1")):
        ward.put(ward.cloud(f"inbox/十月/{name}"), content)
    ward.run()
    ward.said()
    ward.drag(ward.intranet("review/十月"), ward.intranet("review/2026年10月 分"))
    assert ward.run() == 0
    both(ward, {f"review/2026年10月 分/{ENROLMENT}": "v1", f"review/2026年10月 分/{INVOICE}": "i1"})
    assert not ward.cloud("review/十月").exists()
    told(ward)
    ward.quiet()


def test_s12_into_and_out_of_a_subfolder(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet(f"review/後で/{ENROLMENT}"))
    ward.run()
    both(ward, {f"review/後で/{ENROLMENT}": "v1"})
    ward.drag(ward.intranet(f"review/後で/{ENROLMENT}"), ward.intranet("review"))
    ward.run()
    both(ward, {REVIEW: "v1"})
    told(ward)
    ward.quiet()


def test_s12_a_desk_copy_is_renamed_and_stays_one(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "edit")
    ward.run()
    ward.drag(ward.intranet(REVIEW), ward.intranet(f"review/{NOVEMBER}"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"review/{NOVEMBER}": "v1"}
    assert ward.tree("intranet") == {f"review/{NOVEMBER}": "edit"}
    ward.quiet()


def test_s12_two_files_swap_their_names(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(NOVEMBER, "n1")
    ward.drag(ward.intranet(REVIEW), ward.intranet("review/temporary.xlsx"))
    ward.drag(ward.intranet(f"review/{NOVEMBER}"), ward.intranet(REVIEW))
    ward.drag(ward.intranet("review/temporary.xlsx"), ward.intranet(f"review/{NOVEMBER}"))
    assert ward.run() == 0
    assert ward.tree("intranet") == {REVIEW: "n1", f"review/{NOVEMBER}": "v1"}
    ward.run()
    assert sorted(ward.tree("cloud").values()) == ["n1", "v1"]
    assert ward.kept("v1") and ward.kept("n1")
    ward.quiet()


def test_s12_to_a_name_that_is_taken_in_the_cloud(ward: Ward) -> None:
    ward.put(ward.cloud(f"review/{NOVEMBER}"), "")
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet(f"review/{NOVEMBER}"))
    assert ward.run() == 0
    assert "v1" in ward.tree("cloud").values() and "v1" in ward.tree("intranet").values()
    ward.quiet()


def test_s12_both_sides_rename(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.cloud(REVIEW), ward.cloud("review/operator.xlsx"))
    ward.drag(ward.intranet(REVIEW), ward.intranet("review/staff.xlsx"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet")
    assert list(ward.tree("cloud").values()) == ["v1"]
    ward.quiet()


def test_s12_the_mark_taken_off_changes_nothing_in_the_cloud(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(content="v2")
    [shown] = ward.tree("intranet")
    ward.drag(ward.intranet(shown), ward.intranet(REVIEW))
    assert ward.run() == 0
    both(ward, {REVIEW: "v2"})
    told(ward)
    ward.quiet()


def test_s12_renamed_and_dragged_at_once(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed/2026/確認済.xlsx"))
    assert ward.run() == 0
    both(ward, {"confirmed/2026/確認済.xlsx": "v1"})
    assert since(ward, ARRIVAL) == [("review", "confirmed", "staff", "moved")]
    ward.quiet()


def test_s12_with_a_note_the_note_stays_beside_it(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("corrections/別名.xlsx"))
    ward.run()
    both(ward, {"corrections/別名.xlsx": "v1", f"{CORRECTIONS}.txt": "8行目が違います"})
    ward.drag(ward.intranet("corrections/別名.xlsx"), ward.intranet("review"))
    ward.run()
    both(ward, {"review/別名.xlsx": "v1"})
    ward.quiet()


def test_s12_of_confirmed_is_followed(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.drag(ward.intranet(CONFIRMED), ward.intranet(f"confirmed/2026/{ENROLMENT}"))
    assert ward.run() == 0
    both(ward, {f"confirmed/2026/{ENROLMENT}": "v1"})
    told(ward)
    ward.quiet()
