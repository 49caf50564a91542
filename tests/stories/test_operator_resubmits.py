"""What an operator sends again: O3 while it is in review, O4 from corrections, O5 after it was confirmed."""

from __future__ import annotations

import re
import unicodedata

import pytest

from tests.stories.operator_steps import (
    CONFIRMED,
    CORRECTIONS,
    INBOX,
    NOTE,
    REVIEW,
    confirm,
    give_back,
    offer,
    round_off,
    since,
)
from tests.stories.ward import ENROLMENT, Ward

SECOND = "012_202610_在籍児童数報告書（再提出 2）.xlsx"
THIRD = "012_202610_在籍児童数報告書（再提出 3）.xlsx"
V2 = "012_202610_在籍児童数報告書_v2.xlsx"


# ── O3 ──


def test_o3_new_file_takes_the_place_of_the_one_in_review(ward: Ward) -> None:
    ward.arrive()
    before = len(ward.moves())
    ward.put(ward.cloud(INBOX), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert ward.tree("intranet") == {f"review/{SECOND}": "v2"}
    assert ward.kept("v1")
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari", "staff"}
    assert "再提出" in rooms["staff"] and "2回目" in rooms["staff"] and "到着" not in rooms["staff"]
    assert "受領" in rooms["himawari"]
    moves = since(ward, before)
    assert (None, "inbox", "operator", "received") in moves and ("inbox", "review", "syncd", "moved") in moves
    assert not any(outcome == "refused" for *_, outcome in moves)
    ward.quiet()


@pytest.mark.parametrize(
    "name",
    [
        V2,
        "012_202610_在籍児童数報告書 (1).xlsx",
        "012_202610_在籍児童数報告書 - コピー.xlsx",
        "012_202610_在籍児童数報告書修正版.xls",
        "０１２＿令和８年１０月＿在籍児童数報告書最終.pdf",
        unicodedata.normalize("NFD", "012_202610_在籍児童数報告書_差替え版ガ.xlsx"),
    ],
)
def test_o3_another_name_of_the_same_document(ward: Ward, name: str) -> None:
    ward.arrive()
    ward.put(ward.cloud(f"inbox/{name}"), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"review/{name}": "v2"}
    assert list(ward.tree("intranet").values()) == ["v2"]
    (shown,) = ward.tree("intranet")
    assert "（再提出 2）" in shown
    assert ward.kept("v1")
    ward.quiet()


def test_o3_version_after_version_and_then_confirmed_without_the_mark(ward: Ward) -> None:
    ward.arrive()
    for count, name in ((2, ENROLMENT), (3, V2), (4, ENROLMENT)):
        ward.put(ward.cloud(f"inbox/{name}"), f"v{count}")
        assert ward.run() == 0
        assert f"{count}回目" in ward.rooms()["staff"]
    assert ward.tree("cloud") == {REVIEW: "v4"}
    (shown,) = ward.tree("intranet")
    assert "（再提出 4）" in shown
    ward.drag(ward.intranet(shown), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v4"}
    assert all(ward.kept(f"v{count}") for count in (1, 2, 3))
    ward.quiet()


def test_o3_three_versions_dropped_at_once_end_with_the_last_one(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(INBOX), "v2")
    ward.put(ward.cloud(f"inbox/{V2}"), "v3")
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"review/{V2}": "v3"}
    assert list(ward.tree("intranet").values()) == ["v3"]
    assert ward.kept("v1") and ward.kept("v2")
    ward.quiet()


def test_o3_a_staff_edit_of_the_old_one_stays_visible_beside_it(ward: Ward) -> None:
    ward.arrive()
    ward.save_like_excel(ward.intranet(REVIEW), "v1 by the ward")
    round_off(ward)
    ward.put(ward.cloud(INBOX), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v2"}
    intranet = ward.tree("intranet")
    assert intranet.pop(f"review/{SECOND}") == "v2"
    ((edited, content),) = intranet.items()
    assert content == "v1 by the ward"
    assert re.search(r"（職員編集 \d{4}-\d\d-\d\d \d{4}）\.xlsx$", edited)
    assert ward.kept("v1")
    ward.quiet()
    confirm(ward, shown=SECOND)  # and what is staff's own is never part of it
    assert ward.tree("cloud") == {CONFIRMED: "v2"}
    assert ward.tree("intranet") == {CONFIRMED: "v2", edited: "v1 by the ward"}
    ward.quiet()


def test_o3_staff_edit_and_new_version_at_the_same_time(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(INBOX), "v2")
    ward.save_like_excel(ward.intranet(REVIEW), "v1 by the ward")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert sorted(ward.tree("intranet").values()) == ["v1 by the ward", "v2"]
    ward.quiet()


def test_o3_staff_confirm_the_old_one_before_syncd_looks(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(INBOX), "v2")
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {CONFIRMED: "v1", REVIEW: "v2"}
    assert ward.tree("intranet")[CONFIRMED] == "v1"
    assert sorted(ward.tree("intranet").values()) == ["v1", "v2"]
    ward.quiet()


def test_o3_in_a_subfolder(ward: Ward) -> None:
    ward.arrive(f"10月/{ENROLMENT}")
    ward.put(ward.cloud(INBOX), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert ward.tree("intranet") == {f"review/{SECOND}": "v2"}
    ward.quiet()


def test_o3_evidence_of_one_name_again_and_of_another_beside_it(ward: Ward) -> None:
    ward.arrive("012_202610_証憑1.pdf", "a")
    ward.put(ward.cloud("inbox/012_202610_証憑1.pdf"), "b")
    ward.put(ward.cloud("inbox/012_202610_証憑2.pdf"), "c")
    assert ward.run() == 0
    assert ward.tree("cloud") == {"review/012_202610_証憑1.pdf": "b", "review/012_202610_証憑2.pdf": "c"}
    assert ward.tree("intranet") == {
        "review/012_202610_証憑1（再提出 2）.pdf": "b",
        "review/012_202610_証憑2.pdf": "c",
    }
    assert ward.kept("a")
    ward.quiet()


def test_o3_empty_new_version_is_returned_and_the_one_in_review_stays(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(INBOX), "")
    assert ward.run() == 0
    tree = {REVIEW: "v1", CORRECTIONS: ""}
    note = f"corrections/理由_{ENROLMENT}.txt"
    assert {k: v for k, v in ward.tree("cloud").items() if k != note} == tree
    assert ward.tree("cloud") == ward.tree("intranet") and note in ward.tree("cloud")
    assert ward.rooms().keys() == {"himawari"}
    ward.quiet()


# ── O4 ──


def test_o4_new_file_in_inbox_while_the_old_is_returned(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    before = len(ward.moves())
    ward.put(ward.cloud(INBOX), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v2"}
    assert ward.kept("v1") and ward.kept("8行目が違います")
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari", "staff"}
    assert "再提出" in rooms["staff"] and "2回目" in rooms["staff"]
    assert (None, "inbox", "operator", "received") in since(ward, before)
    ward.quiet()


@pytest.mark.parametrize("excel", [True, False])
@pytest.mark.parametrize("state", ["returned", "offered"])
def test_o4_edited_in_place_goes_the_whole_way_again(ward: Ward, excel: bool, state: str) -> None:
    ward.arrive()
    if state == "returned":
        give_back(ward)
    else:
        offer(ward)
    before = len(ward.moves())
    (ward.save_like_excel if excel else ward.put)(ward.cloud(CORRECTIONS), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v2"}
    assert ward.kept("v1") and (state == "returned" or ward.kept("v1 by the ward"))
    assert since(ward, before) == [
        ("corrections", "inbox", "operator", "moved"),
        ("inbox", "review", "syncd", "moved"),
    ]
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari", "staff"} and "2回目" in rooms["staff"]
    ward.quiet()


@pytest.mark.parametrize("edited", [True, False])
@pytest.mark.parametrize("target", ["inbox/", "inbox/10月/", ""])
@pytest.mark.parametrize("state", ["returned", "offered"])
def test_o4_moved_back_to_inbox(ward: Ward, edited: bool, target: str, state: str) -> None:
    ward.arrive()
    if state == "returned":
        give_back(ward)
    else:
        offer(ward)
    there = "v1" if state == "returned" else "v1 by the ward"
    before = len(ward.moves())
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud(f"{target}{ENROLMENT}"))
    if edited:
        ward.put(ward.cloud(f"{target}{ENROLMENT}"), "v2")
    assert ward.run() == 0
    place = f"review/{target.removeprefix('inbox/')}{ENROLMENT}"
    assert ward.tree("cloud") == ward.tree("intranet") == {place: "v2" if edited else there}
    assert ward.kept("v1") and ward.kept(there)
    assert since(ward, before) == [
        ("corrections", "inbox", "operator", "moved"),
        ("inbox", "review", "syncd", "moved"),
    ]
    assert ward.rooms().keys() == {"himawari", "staff"}
    ward.quiet()


def test_o4_renamed_moved_back_and_edited_at_once(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud(f"inbox/{V2}"))
    ward.put(ward.cloud(f"inbox/{V2}"), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"review/{V2}": "v2"} == ward.tree("intranet")
    assert ward.kept("v1")
    ward.quiet()


def test_o4_file_and_note_moved_back_together(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("inbox"))
    ward.drag(ward.cloud(NOTE), ward.cloud("inbox"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1"}
    assert "理由" not in ward.rooms()["himawari"]
    assert ward.kept("8行目が違います")
    ward.quiet()


def test_o4_a_note_for_two_files_leaves_with_the_last(ward: Ward) -> None:
    invoice = "012_202610_運営費請求書.pdf"
    ward.arrive()
    ward.arrive(invoice, "i1")
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.drag(ward.intranet(f"review/{invoice}"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), "両方とも")
    round_off(ward)
    assert ward.tree("cloud") == {CORRECTIONS: "v1", f"corrections/{invoice}": "i1", "corrections/理由.txt": "両方とも"}
    ward.put(ward.cloud(INBOX), "v2")
    round_off(ward)
    assert ward.tree("cloud") == ward.tree("intranet") == {
        REVIEW: "v2",
        f"corrections/{invoice}": "i1",
        "corrections/理由.txt": "両方とも",
    }  # fmt: skip
    ward.put(ward.cloud(f"corrections/{invoice}"), "i2")
    round_off(ward)
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v2", f"review/{invoice}": "i2"}
    assert ward.kept("両方とも")
    ward.quiet()


def test_o4_of_unknown_type(ward: Ward) -> None:
    ward.arrive("何か.xlsx", "v1")
    ward.drag(ward.intranet("inbox/何か.xlsx"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/何か.txt"), "名前を直してください")
    round_off(ward)
    assert ward.tree("cloud") == {"corrections/何か.xlsx": "v1", "corrections/何か.txt": "名前を直してください"}
    ward.put(ward.cloud("inbox/何か_修正版.xlsx"), "v2")
    round_off(ward)
    assert ward.tree("cloud") == ward.tree("intranet") == {"inbox/何か_修正版.xlsx": "v2"}
    assert ward.kept("v1") and ward.kept("名前を直してください")
    ward.quiet()


def test_o4_of_unknown_type_while_the_old_one_is_being_changed(ward: Ward) -> None:
    ward.arrive("何か.xlsx", "v1")
    ward.drag(ward.intranet("inbox/何か.xlsx"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/何か.txt"), "名前を直してください")
    round_off(ward)
    ward.put(ward.cloud("corrections/何か.xlsx"), "v2")
    ward.put(ward.cloud("inbox/何か(2).xlsx"), "v3")
    assert ward.run() == 0
    assert all(place.startswith("inbox/") for place in ward.tree("cloud"))
    assert ward.tree("cloud").keys() == ward.tree("intranet").keys()
    assert sorted(ward.tree("cloud").values()) == ["v2", "v3"] and ward.kept("v1")
    ward.quiet()


def test_o4_round_trips_count_on(ward: Ward) -> None:
    ward.arrive()
    for count in (2, 3, 4):
        give_back(ward, why=f"理由その{count}")
        ward.put(ward.cloud(INBOX if count % 2 else CORRECTIONS), f"v{count}")
        assert ward.run() == 0
        assert f"{count}回目" in ward.rooms()["staff"]
        assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: f"v{count}"}
    assert all(ward.kept(f"v{count}") for count in (1, 2, 3))
    ward.quiet()


def test_o4_staff_take_it_back_to_review_while_the_operator_edits(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("review"))
    ward.put(ward.cloud(CORRECTIONS), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert list(ward.tree("intranet").values()) == ["v2"]
    assert ward.kept("v1")
    ward.quiet()


# ── O5 ──


def test_o5_sent_again_after_it_was_confirmed(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    before = len(ward.moves())
    ward.put(ward.cloud(INBOX), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {CONFIRMED: "v1", REVIEW: "v2"}
    assert ward.tree("intranet")[CONFIRMED] == "v1"
    assert sorted(ward.tree("intranet").values()) == ["v1", "v2"]
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari", "staff"} and "再提出" in rooms["staff"] and "2回目" in rooms["staff"]
    assert since(ward, before)[:2] == [(None, "inbox", "operator", "received"), ("inbox", "review", "syncd", "moved")]
    ward.quiet()


def test_o5_confirmed_again_and_again_the_older_ones_stay_beside_it(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    old = "confirmed/012_202610_在籍児童数報告書（旧版 {}）.xlsx"
    for count in (2, 3):
        ward.put(ward.cloud(INBOX), f"v{count}")
        round_off(ward)
        (shown,) = [name for name in ward.tree("intranet") if name.startswith("review/")]
        confirm(ward, shown=shown.removeprefix("review/"))
        assert ward.tree("cloud") == {CONFIRMED: f"v{count}"}
    assert ward.tree("intranet") == {CONFIRMED: "v3", old.format(1): "v1", old.format(2): "v2"}
    assert ward.kept("v1") and ward.kept("v2")
    ward.quiet()


def test_o5_another_name_keeps_both_names(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.put(ward.cloud(f"inbox/{V2}"), "v2")
    round_off(ward)
    (shown,) = [name for name in ward.tree("intranet") if name.startswith("review/")]
    confirm(ward, V2, shown.removeprefix("review/"))
    assert ward.tree("cloud") == {f"confirmed/{V2}": "v2"}
    assert ward.tree("intranet") == {
        f"confirmed/{V2}": "v2",
        "confirmed/012_202610_在籍児童数報告書（旧版 1）.xlsx": "v1",
    }
    ward.quiet()


def test_o5_returned_and_corrected_before_it_replaces_the_confirmed_one(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.put(ward.cloud(INBOX), "v2")
    round_off(ward)
    (shown,) = [name for name in ward.tree("intranet") if name.startswith("review/")]
    ward.drag(ward.intranet(shown), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), "違います")
    round_off(ward)
    assert ward.tree("cloud") == {CONFIRMED: "v1", CORRECTIONS: "v2", "corrections/理由.txt": "違います"}
    ward.put(ward.cloud(CORRECTIONS), "v3")
    assert ward.run() == 0
    assert "3回目" in ward.rooms()["staff"]
    assert ward.tree("cloud") == {CONFIRMED: "v1", REVIEW: "v3"}
    (shown,) = [name for name in ward.tree("intranet") if name.startswith("review/")]
    confirm(ward, shown=shown.removeprefix("review/"))
    assert ward.tree("intranet") == {CONFIRMED: "v3", "confirmed/012_202610_在籍児童数報告書（旧版 1）.xlsx": "v1"}
    ward.quiet()


def test_o5_offered_and_agreed_replaces_the_confirmed_one(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.put(ward.cloud(INBOX), "v2")
    round_off(ward)
    (shown,) = [name for name in ward.tree("intranet") if name.startswith("review/")]
    ward.save_like_excel(ward.intranet(shown), "v2 by the ward")
    ward.drag(ward.intranet(shown), ward.intranet("corrections"))
    round_off(ward)
    assert ward.tree("cloud") == {CONFIRMED: "v1", CORRECTIONS: "v2 by the ward"}
    ward.put(ward.cloud(f"confirmed/agreed/{ENROLMENT}"), "")  # the operator makes room in a subfolder
    ward.cloud(f"confirmed/agreed/{ENROLMENT}").unlink()
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed/agreed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"confirmed/agreed/{ENROLMENT}": "v2 by the ward"}
    assert ward.tree("intranet") == {
        f"confirmed/agreed/{ENROLMENT}": "v2 by the ward",
        "confirmed/012_202610_在籍児童数報告書（旧版 1）.xlsx": "v1",
    }
    assert ward.rooms().keys() == {"staff"}
    ward.quiet()


def test_o5_twice_before_staff_looked(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    for count in (2, 3):
        ward.put(ward.cloud(INBOX), f"v{count}")
        round_off(ward)
    assert ward.tree("cloud") == {CONFIRMED: "v1", REVIEW: "v3"}
    assert ward.tree("intranet") == {CONFIRMED: "v1", f"review/{THIRD}": "v3"}
    assert ward.kept("v2")
    ward.quiet()
