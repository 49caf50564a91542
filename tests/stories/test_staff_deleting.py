"""S10: what staff delete or drag out of the tree comes back, is withdrawn, or is taken back for good."""

from __future__ import annotations

import shutil

import pytest

from tests.stories.operator_steps import CONFIRMED, CORRECTIONS, REVIEW, confirm, give_back, offer, since
from tests.stories.staff_steps import ARRIVAL, both, rounds, told
from tests.stories.ward import ENROLMENT, INVOICE, Ward

OURS = "corrections/012_202610_証憑_区作成.xlsx"
UNKNOWN = "inbox/何か.jpg"


@pytest.mark.parametrize("how", ["deleted", "dragged out", "to the root"])
@pytest.mark.parametrize("stage", ["review", "corrections", "offered", "confirmed"])
def test_s10_a_tracked_file_comes_back(ward: Ward, stage: str, how: str) -> None:
    ward.arrive()
    if stage == "confirmed":
        confirm(ward)
    elif stage == "corrections":
        give_back(ward)
    elif stage == "offered":
        offer(ward)
    tree = ward.tree("cloud")
    before = len(ward.history())
    folder = "corrections" if stage == "offered" else stage
    path = ward.intranet(f"{folder}/{ENROLMENT}")
    if how == "deleted":
        path.unlink()
    else:
        path.rename(ward.folder / ("elsewhere.xlsx" if how == "dragged out" else f"intranet/{ENROLMENT}"))
    assert ward.run() == 0
    both(ward, tree)
    told(ward, staff="【元の場所に戻しました】")
    assert since(ward, before) == [(folder, None, "staff", "refused")]
    ward.quiet()


def test_s10_the_desk_copy_comes_back_with_its_edit(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "edited")
    ward.run()
    ward.intranet(REVIEW).unlink()
    assert ward.run() == 0
    assert ward.tree("intranet") == {REVIEW: "edited"}
    assert ward.tree("cloud") == {REVIEW: "v1"}
    told(ward, staff="【元の場所に戻しました】")
    ward.quiet()


def test_s10_a_subfolder_comes_back_with_its_files(ward: Ward) -> None:
    ward.put(ward.cloud(f"inbox/十月/{ENROLMENT}"), "v1")
    ward.put(ward.cloud(f"inbox/十月/{INVOICE}"), "i1")
    ward.run()
    ward.said()
    shutil.rmtree(ward.intranet("review/十月"))
    assert ward.run() == 0
    both(ward, {f"review/十月/{ENROLMENT}": "v1", f"review/十月/{INVOICE}": "i1"})
    told(ward, staff="【元の場所に戻しました】")
    ward.quiet()


def test_s10_in_inbox_it_is_withdrawn(ward: Ward) -> None:
    ward.put(ward.cloud(UNKNOWN), "v1")
    ward.run()
    ward.said()
    before = len(ward.history())
    ward.intranet(UNKNOWN).unlink()
    assert ward.run() == 0
    both(ward, {})
    told(ward, himawari="【取下げ】")
    assert since(ward, before) == [("inbox", None, "staff", "withdrawn")]
    assert ward.kept("v1")
    ward.quiet()


def test_s10_in_inbox_not_when_the_operator_replaced_it_meanwhile(ward: Ward) -> None:
    ward.put(ward.cloud(UNKNOWN), "v1")
    ward.run()
    ward.said()
    ward.intranet(UNKNOWN).unlink()
    ward.put(ward.cloud(UNKNOWN), "v2")
    assert ward.run() == 0
    both(ward, {UNKNOWN: "v2"})
    assert ward.kept("v1")
    ward.quiet()


@pytest.mark.parametrize("how", ["deleted", "dragged out"])
def test_s10_what_staff_put_in_by_mistake_is_gone_from_the_cloud(ward: Ward, how: str) -> None:
    ward.put(ward.intranet(OURS), "a mistake")
    ward.run()
    ward.said()
    both(ward, {OURS: "a mistake"})
    before = len(ward.history())
    if how == "deleted":
        ward.intranet(OURS).unlink()
    else:
        ward.intranet(OURS).rename(ward.folder / "elsewhere.xlsx")
    assert ward.run() == 0
    both(ward, {})
    told(ward, himawari="【取下げ】")
    assert since(ward, before) == [("corrections", None, "staff", "withdrawn")]
    assert ward.kept("a mistake")
    assert not [p for p in (ward.root("cloud")).rglob("*") if p.is_file() and b"a mistake" in p.read_bytes()]
    ward.quiet()


def test_s10_in_time_nobody_hears_of_the_mistake(ward: Ward) -> None:
    ward.put(ward.intranet(OURS), "a mistake")
    ward.put(ward.intranet("corrections/理由.txt"), "a mistaken reason")
    rounds(ward)
    assert len(ward.tree("cloud")) == 2
    ward.intranet(OURS).unlink()
    ward.intranet("corrections/理由.txt").unlink()
    assert ward.run() == 0
    both(ward, {})
    told(ward)
    assert [move[3] for move in ward.moves()] == ["received", "note", "withdrawn"]
    assert ward.kept("a mistake") and ward.kept("a mistaken reason")
    ward.quiet()


def test_s10_of_what_staff_put_in_its_note_leaves_too(ward: Ward) -> None:
    ward.put(ward.intranet(OURS), "a mistake")
    ward.put(ward.intranet("corrections/理由.txt"), "about the mistake")
    ward.run()
    ward.said()
    ward.intranet(OURS).unlink()
    assert ward.run() == 0
    both(ward, {})
    assert ward.kept("about the mistake")
    ward.quiet()


def test_s10_what_staff_put_in_and_took_to_review(ward: Ward) -> None:
    ward.put(ward.intranet(OURS), "a mistake")
    ward.run()
    ward.drag(ward.intranet(OURS), ward.intranet("review"))
    ward.run()
    ward.said()
    ward.intranet(OURS.replace("corrections", "review")).unlink()
    assert ward.run() == 0
    both(ward, {})
    assert ward.kept("a mistake")
    ward.quiet()


def test_s10_a_returned_file_and_its_note_deleted_together(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    ward.intranet(CORRECTIONS).unlink()
    ward.intranet(f"{CORRECTIONS}.txt").unlink()
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1"})
    told(ward, staff="【元の場所に戻しました】")
    ward.quiet()


def test_s10_a_note_taken_back_in_time_lets_the_notice_wait_again(ward: Ward) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), "a mistaken reason")
    rounds(ward)
    ward.intranet("corrections/理由.txt").unlink()
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1"})
    told(ward)
    ward.put(ward.intranet("corrections/理由.txt"), "the right reason")
    assert ward.run() == 0
    told(ward, himawari="【修正のお願い】")
    ward.quiet()


def test_s10_a_note_of_syncds_own_comes_back(ward: Ward) -> None:
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "")
    ward.run()
    tree = ward.tree("intranet")
    [note] = [place for place in tree if place.endswith(".txt")]
    ward.said()
    ward.intranet(note).unlink()
    assert ward.run() == 0
    both(ward, tree)
    told(ward, staff="【元の場所に戻しました】")
    ward.drag(ward.intranet(note), ward.intranet("review"))
    assert ward.run() == 0
    both(ward, tree)
    ward.quiet()


def test_s10_deleted_and_dragged_back_by_hand(ward: Ward) -> None:
    ward.arrive()
    ward.intranet(REVIEW).rename(ward.folder / "elsewhere.xlsx")
    ward.run()
    (ward.folder / "elsewhere.xlsx").replace(ward.intranet(REVIEW))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    assert since(ward, ARRIVAL) == [("review", None, "staff", "refused")]
    ward.quiet()


def test_s10_both_sides_delete_the_same_file(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.cloud(CONFIRMED).unlink()
    ward.intranet(CONFIRMED).unlink()
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    ward.quiet()


def test_s10_several_at_once_is_one_message(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(INVOICE, "i1")
    ward.intranet(REVIEW).unlink()
    ward.intranet(f"review/{INVOICE}").unlink()
    assert ward.run() == 0
    both(ward, {REVIEW: "v1", f"review/{INVOICE}": "i1"})
    told(ward, staff="【元の場所に戻しました】")
    ward.quiet()
