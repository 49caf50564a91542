"""What an operator moves, O6 and O7, and what other lines of the workflow make of it."""

from __future__ import annotations

import pytest

from syncd.packaged import rules_folder
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
from tests.stories.ward import ENROLMENT, INVOICE, RULES, NewWard, Ward

SUBFOLDER = "confirmed_subfolder: '{fiscal_year}/{period}'\n"


def with_moves(new_ward: NewWard, *moves: str, settings: str = "") -> Ward:
    """A ward whose rule for enrolment has lines of its own."""
    own = "moves:\n" + "".join(f"  - {{{move}}}\n" for move in moves)
    rules = {**RULES, "enrolment.yaml": RULES["enrolment.yaml"] + own}
    return new_ward(rules=rules, settings=settings)


# ── O6 ──


def test_o6_offered_file_moved_to_confirmed_is_agreed_to(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    before = len(ward.moves())
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v1 by the ward"}
    assert ward.kept("v1")
    rooms = ward.rooms()
    assert rooms.keys() == {"staff"} and "了承" in rooms["staff"]
    assert since(ward, before) == [("corrections", "confirmed", "operator", "moved")]
    ward.quiet()


def test_o6_the_note_leaves(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    ward.put(ward.intranet(NOTE), "8行目を直しました")
    round_off(ward)
    assert ward.tree("cloud")[NOTE] == "8行目を直しました"
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v1 by the ward"}
    assert ward.kept("8行目を直しました")
    ward.quiet()


def test_o6_a_file_that_the_ward_made_itself(ward: Ward) -> None:
    ward.put(ward.intranet(CORRECTIONS), "drawn up by the ward")
    round_off(ward)
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "drawn up by the ward"}
    assert ward.rooms().keys() == {"staff"}
    ward.quiet()


def test_o6_renamed_on_the_way(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed/了承済/012_202610_在籍児童数報告書_了承.xlsx"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {
        "confirmed/了承済/012_202610_在籍児童数報告書_了承.xlsx": "v1 by the ward"
    }  # fmt: skip
    ward.quiet()


def test_o6_into_the_configured_subfolder(new_ward: NewWard) -> None:
    ward = new_ward(settings=SUBFOLDER)
    ward.arrive()
    offer(ward)
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    round_off(ward)
    place = f"confirmed/2026/2026-10/{ENROLMENT}"
    assert ward.tree("cloud") == ward.tree("intranet") == {place: "v1 by the ward"}
    ward.quiet()


def test_o6_returned_file_is_put_back(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    before, tree = len(ward.moves()), ward.tree("cloud")
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == tree
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari"} and "戻しました" in rooms["himawari"] and "「inbox」" in rooms["himawari"]
    assert since(ward, before) == [("corrections", "confirmed", "operator", "refused")]
    assert ward.history()[-1]["reason"]
    ward.quiet()


@pytest.mark.parametrize("state", ["offered", "returned"])
def test_o6_changed_and_moved_to_confirmed_is_no_agreement(ward: Ward, state: str) -> None:
    ward.arrive()
    if state == "offered":
        offer(ward)
    else:
        give_back(ward)
    before = len(ward.moves())
    ward.put(ward.cloud(CORRECTIONS), "v2 by the operator")
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v2 by the operator"}
    assert ("corrections", "confirmed", "operator", "refused") in since(ward, before)
    assert ("corrections", "confirmed", "operator", "moved") not in since(ward, before)
    assert ward.kept("v1") and (state == "returned" or ward.kept("v1 by the ward"))
    ward.quiet()


def test_o6_agreement_to_bytes_that_staff_have_since_changed_is_put_back(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    before = len(ward.moves())
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    ward.save_like_excel(ward.intranet(CORRECTIONS), "second thoughts")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CORRECTIONS: "second thoughts"}
    assert ward.kept("v1 by the ward") and ward.kept("v1")
    assert ("corrections", "confirmed", "operator", "refused") in since(ward, before)
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari"} and "新しい修正案" in rooms["himawari"]
    ward.quiet()
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    round_off(ward)
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "second thoughts"}


def test_o6_over_the_confirmed_file_of_the_same_name(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.put(ward.cloud(INBOX), "v2")
    round_off(ward)
    offer(ward, content="v2 by the ward")
    ward.replace(ward.cloud(CORRECTIONS), ward.cloud(CONFIRMED))
    assert ward.run() == 0
    assert ward.tree("cloud") == {CONFIRMED: "v2 by the ward"}
    assert ward.tree("intranet") == {
        CONFIRMED: "v2 by the ward",
        "confirmed/012_202610_在籍児童数報告書（旧版 1）.xlsx": "v1",
    }
    rooms = ward.rooms()
    assert rooms.keys() == {"staff"} and "了承" in rooms["staff"] and "戻しました" not in rooms["staff"]
    assert ward.kept("v1") and ward.kept("v2")
    ward.quiet()


def test_o6_both_confirm_at_the_same_time(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    before = len(ward.moves())
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v1 by the ward"}
    assert not any(outcome == "refused" for *_, outcome in since(ward, before))
    ward.quiet()


# ── O7 ──


def test_o7_other_moves_are_put_back_and_told(ward: Ward) -> None:
    starts = {
        "inbox": ["review", "corrections", "confirmed"],
        "review": ["inbox", "corrections", "confirmed", ""],
        "corrections": ["review"],
        "confirmed": ["inbox", "review", "corrections", ""],
    }
    invoice, other = "012_202610_証憑.pdf", "何か.xlsx"
    ward.arrive()
    confirm(ward)
    ward.arrive(other, "?")
    ward.arrive(INVOICE, "i1")
    give_back(ward, INVOICE)
    ward.arrive(invoice, "e1")
    files = {"inbox": other, "review": invoice, "corrections": INVOICE, "confirmed": ENROLMENT}
    tree = ward.tree("cloud")
    assert tree == ward.tree("intranet")
    for start, targets in starts.items():
        for target in targets:
            before = len(ward.moves())
            ward.drag(ward.cloud(f"{start}/{files[start]}"), ward.cloud(f"{target}/{files[start]}".lstrip("/")))
            assert ward.run() == 0
            assert ward.tree("cloud") == ward.tree("intranet") == tree, (start, target)
            rooms = ward.rooms()
            assert rooms.keys() == {"himawari"}, (start, target)
            assert "元の場所に戻しました" in rooms["himawari"] and "「inbox」" in rooms["himawari"]
            assert since(ward, before) == [(start, target or None, "operator", "refused")]
            assert ward.history()[-1]["reason"]
    ward.quiet()


def test_o7_moved_and_edited_in_review_counts_as_sent_again(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.cloud(REVIEW), ward.cloud("confirmed"))
    ward.put(ward.cloud(CONFIRMED), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert ward.tree("intranet") == {"review/012_202610_在籍児童数報告書（再提出 2）.xlsx": "v2"}
    assert ward.kept("v1")
    ward.quiet()


def test_o7_confirmed_file_moved_to_inbox_and_edited(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.drag(ward.cloud(CONFIRMED), ward.cloud("inbox"))
    ward.put(ward.cloud(INBOX), "v2")
    assert ward.run() == 0
    # the move is put back, and new bytes in inbox are sent again
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v1", REVIEW: "v2"}
    rooms = ward.rooms()
    assert "戻しました" in rooms["himawari"] and "2回目" in rooms["staff"]
    ward.quiet()


def test_o7_moved_over_the_confirmed_file_both_come_back(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.put(ward.cloud(INBOX), "v2")
    round_off(ward)
    ward.replace(ward.cloud(REVIEW), ward.cloud(CONFIRMED))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v1", REVIEW: "v2"}
    ward.quiet()


def test_o7_a_whole_subfolder_is_put_back_file_by_file(ward: Ward) -> None:
    ward.arrive(f"10月/{ENROLMENT}")
    ward.arrive(f"10月/{INVOICE}", "i1")
    tree = ward.tree("cloud")
    ward.cloud("review/10月").rename(ward.cloud("confirmed/10月"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == tree
    assert ward.rooms().keys() == {"himawari"}
    ward.quiet()


def test_o7_again_and_again(ward: Ward) -> None:
    ward.arrive()
    for _ in range(3):
        ward.drag(ward.cloud(REVIEW), ward.cloud("confirmed"))
        assert ward.run() == 0
        assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1"}
    assert [outcome for *_, outcome in ward.moves()].count("refused") == 3
    ward.quiet()


def test_o7_a_new_file_took_the_old_place(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.cloud(REVIEW), ward.cloud(f"confirmed/{ENROLMENT}"))
    ward.put(ward.cloud(REVIEW), "v2")
    assert ward.run() == 0
    assert list(ward.tree("cloud").values()) == ["v2"] == list(ward.tree("intranet").values())
    assert all(place.startswith("review/") for place in ward.tree("cloud"))
    assert ward.kept("v1")
    ward.quiet()


def test_o7_notes_are_the_wards(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    tree = ward.tree("cloud")
    for target in ("confirmed", "inbox", "review"):
        ward.drag(ward.cloud(NOTE), ward.cloud(target))
        assert ward.run() == 0
        assert ward.tree("cloud") == ward.tree("intranet") == tree
        assert ward.rooms().keys() == {"himawari"}
    ward.quiet()


# ── other lines ──


def test_a_line_of_the_rule_lets_the_operator_take_a_file_back_from_review(new_ward: NewWard) -> None:
    ward = with_moves(new_ward, "from: review, to: inbox, by: operator, tell: [staff], message: withdrawn")
    ward.arrive()
    ward.arrive(INVOICE, "i1")
    before = len(ward.moves())
    ward.drag(ward.cloud(REVIEW), ward.cloud("inbox"))
    ward.drag(ward.cloud(f"review/{INVOICE}"), ward.cloud("inbox"))  # no such line for invoices
    assert ward.run() == 0
    moves = since(ward, before)
    assert ("review", "inbox", "operator", "moved") in moves and ("review", "inbox", "operator", "refused") in moves
    assert ward.tree("cloud") == {REVIEW: "v1", f"review/{INVOICE}": "i1"}
    rooms = ward.rooms()
    assert "取下げ" in rooms["staff"] and "戻しました" in rooms["himawari"]
    ward.quiet()


def test_that_line_and_a_staff_edit_of_what_was_in_review(new_ward: NewWard) -> None:
    ward = with_moves(new_ward, "from: review, to: inbox, by: operator")
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "v1 by the ward")
    round_off(ward)
    ward.drag(ward.cloud(REVIEW), ward.cloud("inbox"))
    ward.put(ward.cloud(INBOX), "v2")
    round_off(ward)
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert sorted(ward.tree("intranet").values()) == ["v1 by the ward", "v2"]
    assert ward.kept("v1")
    ward.quiet()


def test_a_line_that_forbids_agreeing(new_ward: NewWard) -> None:
    ward = with_moves(new_ward, "from: corrections, to: confirmed, by: operator, allow: false")
    ward.arrive()
    offer(ward)
    before = len(ward.moves())
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CORRECTIONS: "v1 by the ward"}
    assert since(ward, before) == [("corrections", "confirmed", "operator", "refused")]
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari"} and "手順にない" in rooms["himawari"]
    ward.quiet()


@pytest.mark.parametrize("gesture", ["edit", "move"])
def test_a_line_that_forbids_correcting_in_place(new_ward: NewWard, gesture: str) -> None:
    ward = with_moves(new_ward, "from: corrections, to: inbox, by: operator, allow: false")
    ward.arrive()
    give_back(ward)
    tree = ward.tree("cloud")
    if gesture == "edit":
        ward.put(ward.cloud(CORRECTIONS), "v2")
    else:
        ward.drag(ward.cloud(CORRECTIONS), ward.cloud("inbox"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == tree
    assert gesture == "move" or ward.kept("v2")
    assert ward.rooms().keys() == {"himawari"}
    ward.quiet()


def test_a_line_that_forbids_the_rules_to_accept(new_ward: NewWard) -> None:
    ward = with_moves(new_ward, "from: inbox, to: review, by: syncd, allow: false")
    ward.put(ward.cloud(INBOX), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {INBOX: "v1"}
    assert ward.moves()[-1] == ("inbox", "review", "syncd", "refused")
    assert ward.rooms().keys() == {"staff"}
    ward.quiet()


def test_lines_that_let_the_operator_reopen_and_confirm(new_ward: NewWard) -> None:
    ward = with_moves(
        new_ward,
        "from: confirmed, to: review, by: operator, tell: [staff], message: reopened",
        "from: review, to: confirmed, by: operator, tell: [staff], message: agreed",
        settings=SUBFOLDER,
    )
    ward.arrive()
    ward.drag(ward.cloud(REVIEW), ward.cloud("confirmed"))
    assert ward.run() == 0
    place = f"confirmed/2026/2026-10/{ENROLMENT}"
    assert ward.tree("cloud") == ward.tree("intranet") == {place: "v1"}
    assert "了承" in ward.rooms()["staff"]
    ward.drag(ward.cloud(place), ward.cloud("review"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1"}
    assert "取消し" in ward.rooms()["staff"]
    ward.quiet()


def test_reopening_beside_a_newer_one_in_review_is_refused(new_ward: NewWard) -> None:
    ward = with_moves(new_ward, "from: confirmed, to: review, by: operator, tell: [staff], message: reopened")
    ward.arrive()
    confirm(ward)
    ward.put(ward.cloud(INBOX), "v2")
    round_off(ward)
    ward.drag(ward.cloud(CONFIRMED), ward.cloud("review/sub/x.xlsx"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v1", REVIEW: "v2"}
    assert "新しい版" in ward.rooms()["himawari"]
    ward.quiet()


def test_without_the_line_the_move_back_to_inbox_is_refused(new_ward: NewWard) -> None:
    text = (rules_folder() / "_workflow.yaml").read_text(encoding="utf-8")
    line = "  - {from: corrections, to: inbox, by: operator}\n"
    assert line in text
    ward = new_ward(rules={**RULES, "_workflow.yaml": text.replace(line, "")})
    ward.arrive()
    give_back(ward)
    tree = ward.tree("cloud")
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("inbox"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == tree
    assert ward.rooms().keys() == {"himawari"}
    ward.put(ward.cloud(INBOX), "v2")  # a new file is no move
    round_off(ward)
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v2"}
    ward.quiet()
