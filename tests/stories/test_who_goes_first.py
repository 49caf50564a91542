"""When several act before syncd looks: staff's gestures come first, then the operator's, each for what was seen."""

from __future__ import annotations

import time

import pytest

from syncd.examining import examine
from syncd.execution import carry_out
from syncd.looking import look
from syncd.mirror.plan import judgements, plan
from syncd.model import Move, Side
from syncd.world import World
from tests.stories.daemons import until
from tests.stories.operator_steps import confirm, give_back, offer
from tests.stories.staff_steps import both, rounds
from tests.stories.ward import ENROLMENT, INVOICE, Ward

IN = f"inbox/{ENROLMENT}"
REVIEW = f"review/{ENROLMENT}"
CORRECTIONS = f"corrections/{ENROLMENT}"
CONFIRMED = f"confirmed/{ENROLMENT}"


def since(ward: Ward, before: int) -> list[tuple[str | None, str | None, str, str]]:
    return ward.moves()[before:]


# ── staff's drag and the operator's move ──


@pytest.mark.parametrize("theirs", ["inbox", "corrections", "confirmed"])
def test_staffs_drag_beats_whatever_move_the_operator_makes(ward: Ward, theirs: str) -> None:
    ward.arrive()
    before = len(ward.moves())
    ward.drag(ward.cloud(REVIEW), ward.cloud(theirs))
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.put(ward.intranet(f"{CORRECTIONS}.txt"), "8行目")
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", f"{CORRECTIONS}.txt": "8行目"})
    moves = since(ward, before)
    assert ("review", "corrections", "staff", "moved") in moves
    assert (("review", theirs, "operator", "refused") in moves) is (theirs != "corrections")
    rooms = ward.rooms()
    assert set(rooms) == {"himawari"} and "修正のお願い" in rooms["himawari"]
    assert ("元の場所に戻しました" in rooms["himawari"]) is (theirs != "corrections")
    ward.quiet()


def test_staff_take_back_what_the_operator_agrees_to_at_the_same_time(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    before = len(ward.moves())
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("review"))
    assert ward.run() == 0
    assert ward.tree("intranet") == {REVIEW: "v1 by the ward"}
    assert ward.tree("cloud") == {REVIEW: "v1"}, "taken back: the cloud has what the operator sent"
    assert sorted(since(ward, before)) == [
        ("corrections", "confirmed", "operator", "refused"),
        ("corrections", "review", "staff", "moved"),
    ]
    rooms = ward.rooms()
    assert "修正依頼の取消し" in rooms["himawari"] and "元の場所に戻しました" in rooms["himawari"]
    ward.quiet()


def test_both_make_the_same_move_and_it_is_one(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    before = len(ward.moves())
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1 by the ward"})
    assert since(ward, before) == [("corrections", "confirmed", "staff", "moved")]
    ward.said()
    ward.quiet()


def test_the_operator_sends_back_what_staff_confirm_at_the_same_time(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("inbox"))
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1 by the ward"})
    assert "元の場所に戻しました" in ward.rooms()["himawari"]
    ward.quiet()


# ── agreement to bytes that are no longer the offer ──


@pytest.mark.parametrize("how", ["in place", "like Excel"])
def test_an_agreement_to_bytes_that_staff_have_since_changed_is_put_back_for_the_newer_ones(
    ward: Ward, how: str
) -> None:
    ward.arrive()
    offer(ward)
    before = len(ward.moves())
    if how == "in place":
        ward.put(ward.intranet(CORRECTIONS), "newer")
    else:
        ward.save_like_excel(ward.intranet(CORRECTIONS), "newer")
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "newer"})
    assert sorted(since(ward, before)) == [
        ("corrections", "confirmed", "operator", "refused"),
        ("corrections", "corrections", "staff", "offered"),
    ]
    rooms = ward.rooms()
    assert set(rooms) == {"himawari"} and "新しい修正案" in rooms["himawari"]
    assert ward.kept("v1") and ward.kept("v1 by the ward")
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "newer"})
    ward.said()
    ward.quiet()


def test_an_agreement_whose_file_the_operator_changed_on_the_way_is_none(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    ward.put(ward.cloud(CORRECTIONS), "v2 by the nursery")
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    assert ward.run() == 0
    assert not [name for side in ("cloud", "intranet") for name in ward.tree(side) if name.startswith("confirmed/")]
    assert "v2 by the nursery" in ward.tree("cloud").values(), "it goes the whole way again"
    assert ward.kept("v1 by the ward")
    ward.said()
    ward.quiet()


# ── staff confirm what was replaced meanwhile ──


@pytest.mark.parametrize("how", ["in place", "by rename"])
def test_confirming_a_file_that_was_replaced_meanwhile_confirms_the_old_bytes_and_reviews_the_new(
    ward: Ward, how: str
) -> None:
    ward.arrive()
    before = len(ward.moves())
    if how == "in place":
        ward.put(ward.cloud(REVIEW), "v2")
    else:
        ward.save_like_excel(ward.cloud(REVIEW), "v2")
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1", REVIEW: "v2"})
    assert since(ward, before) == [
        (None, "inbox", "operator", "received"),
        ("review", "confirmed", "staff", "moved"),
        ("inbox", "review", "syncd", "moved"),
    ]
    rooms = ward.rooms()
    assert "確認が終わりました" in rooms["himawari"] and "再提出" in rooms["staff"]
    ward.quiet()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {CONFIRMED: "v2"}
    assert ward.tree("intranet") == {CONFIRMED: "v2", "confirmed/012_202610_在籍児童数報告書（旧版 1）.xlsx": "v1"}
    ward.said()
    ward.quiet()


def test_confirming_while_a_new_version_lies_in_inbox_confirms_what_staff_saw(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(IN), "v2")
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1", REVIEW: "v2"})
    ward.said()
    ward.quiet()


def test_returning_a_file_that_was_replaced_meanwhile_returns_the_old_bytes_and_reviews_the_new(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(REVIEW), "v2")
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.put(ward.intranet(f"{CORRECTIONS}.txt"), "8行目")
    assert ward.run() == 0
    assert [text for name, text in ward.tree("intranet").items() if name.startswith("review/")] == ["v2"]
    assert [text for name, text in ward.tree("cloud").items() if name.startswith("review/")] == ["v2"]
    assert ward.kept("v1")
    ward.said()
    ward.quiet()


def test_staffs_drag_beats_the_operators_deletion(ward: Ward) -> None:
    ward.arrive()
    ward.cloud(REVIEW).unlink()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    ward.said()
    ward.quiet()


def test_staff_delete_what_the_operator_replaces_and_the_new_bytes_survive(ward: Ward) -> None:
    ward.put(ward.cloud("inbox/分からない.xlsx"), "v1")
    assert ward.run() == 0
    ward.put(ward.cloud("inbox/分からない.xlsx"), "v2")
    ward.intranet("inbox/分からない.xlsx").unlink()
    assert ward.run() == 0
    assert "v2" in ward.tree("cloud").values() and "v2" in ward.tree("intranet").values()
    assert ward.kept("v1")
    ward.said()
    ward.quiet()


def test_both_delete_and_both_are_right(ward: Ward) -> None:
    ward.put(ward.cloud("inbox/分からない.xlsx"), "v1")
    assert ward.run() == 0
    ward.cloud("inbox/分からない.xlsx").unlink()
    ward.intranet("inbox/分からない.xlsx").unlink()
    assert ward.run() == 0
    both(ward, {})
    assert [move[:2] for move in ward.moves() if move[3] == "withdrawn"] == [("inbox", None)]
    assert ward.kept("v1")
    ward.said()
    ward.quiet()


def test_both_edit_in_review_the_new_submission_counts_and_staffs_stays_visible(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(REVIEW), "v2")
    ward.put(ward.intranet(REVIEW), "v1 edited by staff")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v2"}
    intranet = ward.tree("intranet")
    (edit,) = [name for name in intranet if "職員編集" in name]
    assert intranet.pop(edit) == "v1 edited by staff"
    assert list(intranet.values()) == ["v2"] and "再提出 2" in next(iter(intranet))
    ward.said()
    ward.quiet()


def test_both_rename_and_staffs_name_counts(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.cloud(REVIEW), ward.cloud("review/012_202610_在籍児童数報告書_園.xlsx"))
    ward.drag(ward.intranet(REVIEW), ward.intranet("review/012_202610_在籍児童数報告書_区.xlsx"))
    assert ward.run() == 0
    both(ward, {"review/012_202610_在籍児童数報告書_区.xlsx": "v1"})
    ward.said()
    ward.quiet()


def test_two_files_two_gestures_each_in_its_own_right(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(INVOICE, "i1")
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    ward.put(ward.cloud(f"inbox/{INVOICE}"), "i2")
    ward.cloud(REVIEW).rename(ward.cloud(IN))
    assert ward.run() == 0
    assert ward.tree("cloud") == {CONFIRMED: "v1", f"review/{INVOICE}": "i2"}
    assert set(ward.tree("intranet").values()) == {"v1", "i2"}
    assert ward.kept("i1")
    ward.said()
    ward.quiet()


# ── between the look and the hand ──


def next_moves(world: World, judge: bool = False) -> tuple[Move, ...]:
    """What a round would carry out now, from a look that grows old."""
    operator = world.config.operator("himawari")
    assert operator is not None
    situation = look(world, operator, {}).situation
    return judgements(situation, lambda file: examine(world, operator, file)) if judge else plan(situation)


@pytest.mark.parametrize("who", ["operator", "staff"])
@pytest.mark.parametrize("what", ["replaced", "renamed", "deleted"])
def test_a_judgement_whose_file_changed_is_dropped_and_made_again(ward: Ward, who: str, what: str) -> None:
    ward.put(ward.cloud("inbox/分からない.xlsx"), "v1")
    assert ward.run() == 0
    ward.said()
    ward.drag(ward.cloud("inbox/分からない.xlsx"), ward.cloud(IN))
    here = ward.cloud if who == "operator" else ward.intranet
    with ward.world() as world:
        for move in next_moves(world):
            assert carry_out(world, move) == "done"
        (judgement,) = next_moves(world, judge=True)
        history = len(ward.history())
        if what == "replaced":
            ward.put(here(IN), "v2")
        elif what == "renamed":
            here(IN).rename(here(f"inbox/{INVOICE}"))
        else:
            here(IN).unlink()
        done = carry_out(world, judgement) == "done"
        assert done is (who == "staff"), "the cloud is looked at first; there nothing had changed"
        assert len(ward.history()) == history + done
    assert ward.run() == 0
    if what == "deleted" and who == "operator":
        both(ward, {})
    elif what == "renamed":
        both(ward, {f"review/{INVOICE}": "v1"})
    elif what == "replaced" and who == "operator":
        both(ward, {REVIEW: "v2"})
    else:
        assert ward.tree("cloud") == {REVIEW: "v1"}
        assert ward.tree("intranet") == {REVIEW: "v2" if what == "replaced" else "v1"}
    assert ward.kept("v1")
    ward.said()
    ward.quiet()


def test_what_staff_move_on_in_the_middle_of_a_move_is_two_moves(ward: Ward) -> None:
    ward.put(ward.cloud("inbox/分からない.xlsx"), "v1")
    assert ward.run() == 0
    ward.drag(ward.cloud("inbox/分からない.xlsx"), ward.cloud(IN))
    with ward.world() as world:
        for move in next_moves(world):
            assert carry_out(world, move) == "done"
        (judgement,) = next_moves(world, judge=True)
        before = len(ward.moves())
        ward.drag(ward.intranet(IN), ward.intranet("corrections"))
        assert carry_out(world, judgement) == "done"
    rounds(ward)
    both(ward, {CORRECTIONS: "v1"})
    assert since(ward, before) == [("inbox", "review", "syncd", "moved"), ("review", "corrections", "staff", "moved")]
    until(
        lambda: ward.run() == 0 and "【修正のお願い】" in "".join(ward.said("himawari")), 60
    )  # it waits for a note first
    ward.quiet()


@pytest.mark.parametrize("done", [0, 1, 2])
def test_an_interrupted_move_whose_file_a_person_has_since_moved_on_is_two_moves(ward: Ward, done: int) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    with ward.world() as world:
        (move,) = next_moves(world)
        world.ledger.open_intent(move, {}, world.clock.now())
        for effect in move.effects[:done]:
            assert effect.source is not None and effect.target is not None
            layout = world.layout("himawari", effect.side)
            world.tree(effect.side).move(layout, effect.source, effect.target, effect.identity)
    before = len(ward.moves())
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("review"))
    rounds(ward)
    both(ward, {REVIEW: "v1"})
    assert since(ward, before) == [
        ("review", "corrections", "staff", "moved"),
        ("corrections", "review", "staff", "moved"),
    ]
    ward.run()
    assert ward.rooms() == {}, "as if nothing had happened"
    ward.quiet()


def test_the_operator_moves_on_what_an_interrupted_move_had_placed(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.put(ward.intranet(f"{CORRECTIONS}.txt"), "8行目")
    time.sleep(0.1)  # so that the note is seen with its file
    with ward.world() as world:
        (move,) = next_moves(world)
        world.ledger.open_intent(move, {}, world.clock.now())
        (effect,) = [one for one in move.effects if one.side is Side.CLOUD]
        assert effect.source is not None and effect.target is not None
        layout = world.layout("himawari", effect.side)
        world.tree(effect.side).move(layout, effect.source, effect.target, effect.identity)
    before = len(ward.moves())
    ward.put(ward.cloud(CORRECTIONS), "v2")
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("inbox"))
    assert ward.run() == 0
    assert since(ward, before)[0] == ("review", "corrections", "staff", "moved")
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert list(ward.tree("intranet").values()) == ["v2"]
    assert ward.kept("v1") and ward.kept("8行目")
    ward.said()
    ward.quiet()


def test_confirmed_and_returned_files_side_by_side_keep_their_own_ways(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.put(ward.cloud(IN), "v2")
    assert ward.run() == 0
    (newer,) = [name for name, text in ward.tree("intranet").items() if text == "v2"]
    ward.drag(ward.intranet(newer), ward.intranet(CORRECTIONS))
    ward.put(ward.intranet(f"{CORRECTIONS}.txt"), "8行目")
    assert ward.run() == 0
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("review"))
    ward.drag(ward.intranet(CONFIRMED), ward.intranet("review"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet")
    assert set(ward.tree("cloud").values()) == {"v1", "v2", "8行目"}
    ward.said()
    ward.quiet()


def test_give_back_and_correction_cross_and_the_correction_counts(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    ward.put(ward.cloud(IN), "v2")
    ward.put(ward.intranet(f"{CORRECTIONS}.txt"), "8行目と9行目")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert list(ward.tree("intranet").values()) == ["v2"]
    assert ward.kept("v1") and ward.kept("8行目と9行目")
    ward.said()
    ward.quiet()
