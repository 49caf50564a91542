"""S1, S4, S5, S6, S16: staff confirm, are kept from confirming their own edits, reopen, and change their mind."""

from __future__ import annotations

import unicodedata

import pytest

from tests.stories.operator_steps import CONFIRMED, CORRECTIONS, REVIEW, confirm, give_back, offer, since
from tests.stories.staff_steps import ARRIVAL, both, rounds, told
from tests.stories.ward import ENROLMENT, INVOICE, RULES, SAKURA_ENROLMENT, NewWard, Ward

STAGES = "stages: {inbox: 1_提出, review: 2_確認中, corrections: 3_修正・確認依頼, confirmed: 4_確認済}\n"


# ── S1 ──


def test_s1_dragged_to_confirmed_is_confirmed_in_the_cloud(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    text = told(ward, himawari="【確認済み】ひまわり保育園2026年10月分")["himawari"]
    assert "在籍児童数報告書" in text and ENROLMENT not in text
    last = ward.history()[-1]
    assert (last["from"], last["to"], last["by"], last["outcome"]) == ("review", "confirmed", "staff", "moved")
    assert (last["document"], last["period"], last["file"]) == ("enrolment", "2026-10", ENROLMENT)
    assert last["actor"] and last["rule"]
    ward.quiet()


@pytest.mark.parametrize(
    "name",
    [
        "012_R7.10_在籍児童数報告書 最終 (2).xlsx",
        unicodedata.normalize("NFD", "012_202610_証憑 ガス料金.pdf"),
        "写真.JPG",
        "拡張子なし",
        "2026年度/10月/012_202610_在籍児童数報告書.xls",
        "a:b?.xlsx",
    ],
)
def test_s1_whatever_the_file_is_called(ward: Ward, name: str) -> None:
    ward.put(ward.cloud(f"inbox/{name}"), "v1")
    ward.run()
    [shown] = ward.tree("intranet")
    if shown.startswith("inbox/"):
        ward.drag(ward.intranet(shown), ward.intranet(shown.replace("inbox/", "review/")))
        ward.run()
        shown = shown.replace("inbox/", "review/")
    ward.said()
    ward.drag(ward.intranet(shown), ward.intranet(shown.replace("review/", "confirmed/")))
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"confirmed/{name}": "v1"}
    assert ward.tree("intranet") == {shown.replace("review/", "confirmed/"): "v1"}
    told(ward, himawari="【確認済み】")
    ward.quiet()


def test_s1_in_stage_folders_with_other_names(new_ward: NewWard) -> None:
    ward = new_ward(stages=STAGES)
    ward.put(ward.cloud(f"1_提出/{ENROLMENT}"), "v1")
    ward.run()
    ward.said()
    ward.drag(ward.intranet(f"2_確認中/{ENROLMENT}"), ward.intranet("4_確認済"))
    assert ward.run() == 0
    both(ward, {f"4_確認済/{ENROLMENT}": "v1"})
    told(ward, himawari="【確認済み】")
    ward.quiet()


def test_s1_a_folder_of_files_is_one_message(ward: Ward) -> None:
    for name, content in ((ENROLMENT, "e1"), (INVOICE, "i1"), ("012_202610_証憑_ガス.pdf", "g1")):
        ward.put(ward.cloud(f"inbox/十月/{name}"), content)
    ward.run()
    ward.said()
    ward.drag(ward.intranet("review/十月"), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(
        ward,
        {
            f"confirmed/十月/{ENROLMENT}": "e1",
            f"confirmed/十月/{INVOICE}": "i1",
            "confirmed/十月/012_202610_証憑_ガス.pdf": "g1",
        },
    )
    text = told(ward, himawari="【確認済み】")["himawari"]
    assert all(title in text for title in ("在籍児童数報告書", "運営費請求書", "証憑"))
    assert since(ward, 3 * ARRIVAL) == [("review", "confirmed", "staff", "moved")] * 3
    ward.quiet()


def test_s1_two_operators_hear_of_their_own_files_only(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    ward.drag(ward.intranet(f"review/{SAKURA_ENROLMENT}", "sakura"), ward.intranet("confirmed", "sakura"))
    assert ward.run() == 0
    texts = told(ward, himawari="【確認済み】ひまわり", sakura="【確認済み】さくら")
    assert "さくら" not in texts["himawari"] and "ひまわり" not in texts["sakura"]
    ward.quiet()


def test_s1_goes_where_confirmed_subfolder_says(new_ward: NewWard) -> None:
    ward = new_ward(settings="confirmed_subfolder: '{fiscal_year}/{period}'\n")
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {f"confirmed/2026/2026-10/{ENROLMENT}": "v1"})
    ward.quiet()


def test_s1_confirms_the_old_bytes_when_the_operator_replaced_them_meanwhile(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(REVIEW), "v2")
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {CONFIRMED: "v1", REVIEW: "v2"}
    intranet = ward.tree("intranet")
    assert intranet.pop(CONFIRMED) == "v1"
    assert list(intranet.values()) == ["v2"] and all(place.startswith("review/") for place in intranet)
    assert ("review", "confirmed", "staff", "moved") in since(ward, ARRIVAL)
    ward.quiet()


def test_s1_beats_the_operators_own_move(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.cloud(REVIEW), ward.cloud("corrections"))
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    assert since(ward, ARRIVAL) == [
        ("review", "corrections", "operator", "refused"),
        ("review", "confirmed", "staff", "moved"),
    ]
    ward.quiet()


def test_s1_beats_the_operators_deletion(ward: Ward) -> None:
    ward.arrive()
    ward.cloud(REVIEW).unlink()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    ward.quiet()


def test_s1_forbidden_by_the_rule_is_put_back(new_ward: NewWard) -> None:
    rules = dict(RULES)
    rules["enrolment.yaml"] += "moves:\n  - {from: review, to: confirmed, by: staff, allow: false}\n"
    ward = new_ward(rules=rules)
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    told(ward, staff="【元の場所に戻しました】")
    assert since(ward, ARRIVAL) == [("review", "confirmed", "staff", "refused")]
    ward.quiet()


@pytest.mark.parametrize("target", ["inbox", ""])
def test_staff_drag_that_no_line_allows_is_put_back(ward: Ward, target: str) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet(target))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    told(ward, staff="【元の場所に戻しました】")
    assert since(ward, ARRIVAL) == [("review", target or None, "staff", "refused")]
    assert ward.history()[-1]["reason"]
    ward.quiet()


# ── S4 ──


@pytest.mark.parametrize("looked_between", [False, True])
def test_s4_edited_file_dragged_to_confirmed_is_put_back(ward: Ward, looked_between: bool) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "v1 by the ward")
    if looked_between:
        ward.run()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {REVIEW: "v1 by the ward"}
    text = told(ward, staff="【元の場所に戻しました】")["staff"]
    assert "「corrections」" in text
    records = since(ward, ARRIVAL)
    assert sorted(records, key=str) == [
        ("review", "confirmed", "staff", "refused"),
        ("review", "review", "staff", "edited"),
    ]
    assert ward.kept("v1 by the ward") and ward.kept("v1")
    ward.quiet()


def test_s4_put_back_then_offered_through_corrections(ward: Ward) -> None:
    ward.arrive()
    ward.save_like_excel(ward.intranet(REVIEW), "v1 by the ward")
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    ward.run()
    ward.said()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1 by the ward"})
    told(ward, himawari="【修正案の確認】")
    ward.quiet()


def test_s4_an_edit_undone_by_hand_is_no_edit(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "v1 by the ward")
    ward.run()
    ward.put(ward.intranet(REVIEW), "v1")
    ward.run()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    assert ward.kept("v1 by the ward")
    ward.quiet()


ACCEPTING = {
    "document": "ward_edits: accept\n",
    "line": (
        "moves:\n  - {from: review, to: confirmed, by: staff, tell: [operator], message: confirmed,"
        " ward_edits: accept}\n"
    ),
}


@pytest.mark.parametrize("level", ACCEPTING)
def test_s4_ward_edits_accept_confirms_the_wards_bytes(new_ward: NewWard, level: str) -> None:
    rules = dict(RULES)
    rules["enrolment.yaml"] += ACCEPTING[level]
    ward = new_ward(rules=rules)
    ward.arrive()
    ward.arrive(INVOICE, "i1")
    for place in (REVIEW, f"review/{INVOICE}"):
        ward.put(ward.intranet(place), "by the ward")
        ward.drag(ward.intranet(place), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {CONFIRMED: "by the ward", f"review/{INVOICE}": "i1"}
    assert ward.tree("intranet") == {CONFIRMED: "by the ward", f"review/{INVOICE}": "by the ward"}
    told(ward, himawari="【確認済み】", staff="【元の場所に戻しました】")
    assert ward.kept("v1") and ward.kept("by the ward")
    ward.quiet()


# ── S5 ──


def test_s5_dragged_from_confirmed_to_review_is_reopened(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.drag(ward.intranet(CONFIRMED), ward.intranet("review"))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    told(ward, himawari="【確認済みの取消し】", staff="【確認済みの取消し】")
    assert since(ward, ARRIVAL + 1) == [("confirmed", "review", "staff", "moved")]
    ward.quiet()
    confirm(ward)
    both(ward, {CONFIRMED: "v1"})


def test_s5_is_refused_while_a_newer_version_is_in_review(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.arrive(content="v2")
    before = ward.tree("intranet")
    ward.drag(ward.intranet(CONFIRMED), ward.intranet(f"review/古い_{ENROLMENT}"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {CONFIRMED: "v1", REVIEW: "v2"}
    assert ward.tree("intranet") == before
    assert "新しい版" in told(ward, staff="【元の場所に戻しました】")["staff"]
    assert since(ward, 0)[-1] == ("confirmed", "review", "staff", "refused")
    ward.quiet()


def test_s5_of_what_was_agreed_keeps_the_agreed_bytes(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    ward.run()
    ward.drag(ward.intranet(CONFIRMED), ward.intranet("review"))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1 by the ward"})
    assert ward.kept("v1")
    ward.said()
    confirm(ward)
    both(ward, {CONFIRMED: "v1 by the ward"})
    ward.quiet()


def test_confirmed_to_corrections_is_put_back(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.drag(ward.intranet(CONFIRMED), ward.intranet("corrections"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    told(ward, staff="【元の場所に戻しました】")
    assert since(ward, ARRIVAL + 1) == [("confirmed", "corrections", "staff", "refused")]
    ward.quiet()


# ── S6 ──


@pytest.mark.parametrize(
    ("stage", "edited"),
    [("confirmed", False), ("corrections", False), ("corrections", True)],  # edited to confirmed is refused (S4)
)
def test_s6_dragged_back_in_time_was_never_said(ward: Ward, stage: str, edited: bool) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    content = "v1 by the ward" if edited else "v1"
    if edited:
        ward.put(ward.intranet(REVIEW), content)
        ward.run()
    before = len(ward.history())
    ward.drag(ward.intranet(REVIEW), ward.intranet(stage))
    rounds(ward)
    assert f"{stage}/{ENROLMENT}" in ward.tree("cloud")
    ward.drag(ward.intranet(f"{stage}/{ENROLMENT}"), ward.intranet("review"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {REVIEW: content}
    told(ward)
    assert since(ward, before) == [("review", stage, "staff", "moved"), (stage, "review", "staff", "moved")]
    ward.quiet()
    told(ward)


def test_s6_also_after_the_batch_while_the_notice_waits_for_a_note(ward: Ward) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    assert ward.run() == 0
    told(ward)
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("review"))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    told(ward)
    ward.quiet()


def test_s6_with_a_note_leaves_no_word_and_no_note(ward: Ward) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "v1 by the ward")
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    rounds(ward)
    ward.put(ward.intranet("corrections/理由.txt"), "合計が違います")
    rounds(ward)
    assert ward.tree("cloud") == {CORRECTIONS: "v1 by the ward", "corrections/理由.txt": "合計が違います"}
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("review"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    told(ward)
    assert ward.kept("合計が違います") and ward.kept("v1 by the ward")
    ward.quiet()


def test_s6_there_and_back_and_there_again_is_said_once(ward: Ward) -> None:
    ward.arrive()
    for target in ("confirmed", "review", "confirmed"):
        [place] = ward.tree("intranet")
        ward.drag(ward.intranet(place), ward.intranet(target))
        rounds(ward)
    ward.run()
    both(ward, {CONFIRMED: "v1"})
    told(ward, himawari="【確認済み】")
    assert len(since(ward, ARRIVAL)) == 3
    ward.quiet()


def test_s6_reopened_and_closed_again_in_time_is_not_said(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.drag(ward.intranet(CONFIRMED), ward.intranet("review"))
    rounds(ward)
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    told(ward)
    ward.quiet()


def test_s6_too_late_both_are_said(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.drag(ward.intranet(CONFIRMED), ward.intranet("review"))
    ward.run()
    told(ward, himawari="【確認済みの取消し】", staff="【確認済みの取消し】")
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    ward.run()
    told(ward, himawari="【確認済み】")


def test_s6_there_and_back_before_syncd_looks_is_nothing(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    ward.drag(ward.intranet(CONFIRMED), ward.intranet("review"))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    assert since(ward, ARRIVAL) == []
    told(ward)
    ward.quiet()


# ── S16 ──


def test_s16_offered_file_is_confirmed_by_staff(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    before = len(ward.history())
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1 by the ward"})
    told(ward, himawari="【確認済み】", staff="【了承】")
    assert since(ward, before) == [("corrections", "confirmed", "staff", "moved")]
    assert ward.kept("v1")
    ward.quiet()


def test_s16_the_note_leaves_with_the_file(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    ward.put(ward.intranet("corrections/理由.txt"), "合計を直しました")
    ward.run()
    ward.said()
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1 by the ward"})
    assert ward.kept("合計を直しました")
    ward.quiet()


def test_s16_returned_file_without_a_note_is_put_back(ward: Ward) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.run()
    before = len(ward.history())
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1"})
    assert "理由.txt" in told(ward, staff="【元の場所に戻しました】")["staff"]
    assert since(ward, before) == [("corrections", "confirmed", "staff", "refused")]
    ward.quiet()


@pytest.mark.parametrize("note_too", [False, True])
def test_s16_returned_file_with_a_note_is_confirmed(ward: Ward, note_too: bool) -> None:
    ward.arrive()
    give_back(ward)
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    if note_too:
        ward.drag(ward.intranet(f"{CORRECTIONS}.txt"), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    told(ward, himawari="【確認済み】", staff="【確認済み】")
    assert ward.kept("8行目が違います")
    ward.quiet()


def test_s16_returned_file_and_the_older_note_of_its_batch_dragged_together(ward: Ward) -> None:
    config = ward.config_path.read_text(encoding="utf-8")
    ward.write_config(text=config.replace("batch_seconds: 0.1", "batch_seconds: 30"))
    ward.arrive(INVOICE, "i1")
    ward.arrive()
    ward.put(ward.intranet("corrections/理由.txt"), "どちらも違います")
    ward.drag(ward.intranet(f"review/{INVOICE}"), ward.intranet("corrections"))
    rounds(ward)
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.run()
    ward.said()
    for name in (INVOICE, ENROLMENT, "理由.txt"):
        ward.drag(ward.intranet(f"corrections/{name}"), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {f"confirmed/{INVOICE}": "i1", CONFIRMED: "v1"})
    ward.quiet()


def test_s16_offered_file_edited_once_more_on_the_way_is_offered_again(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    ward.put(ward.intranet(CORRECTIONS), "second thoughts")
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "second thoughts"})
    told(ward, himawari="【修正案の確認】", staff="【元の場所に戻しました】")
    assert ward.kept("v1 by the ward")
    ward.quiet()
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    ward.run()
    both(ward, {CONFIRMED: "second thoughts"})


@pytest.mark.parametrize("offered", [False, True])
def test_s16_back_to_review_gives_the_cloud_the_operators_bytes_again(ward: Ward, offered: bool) -> None:
    ward.arrive()
    if offered:
        offer(ward)
    else:
        give_back(ward)
    before = len(ward.history())
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("review"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {REVIEW: "v1 by the ward" if offered else "v1"}
    told(ward, himawari="【修正依頼の取消し】")
    assert since(ward, before) == [("corrections", "review", "staff", "moved")]
    ward.quiet()


def test_s16_taken_back_then_confirmed_needs_the_offer_again(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("review"))
    ward.run()
    ward.said()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("intranet") == {REVIEW: "v1 by the ward"}
    told(ward, staff="【元の場所に戻しました】")
    offer(ward, content="v1 by the ward, again")
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    ward.run()
    both(ward, {CONFIRMED: "v1 by the ward, again"})


def test_s16_beats_the_operators_agreement_of_the_same_moment(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    before = len(ward.history())
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("review"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ("corrections", "confirmed", "operator", "refused") in since(ward, before)
    ward.quiet()


def test_s16_both_confirm_at_once_is_one_confirmation(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    before = len(ward.history())
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1 by the ward"})
    assert [record[3] for record in since(ward, before)] == ["moved"]
    ward.quiet()
