"""S2, S3, S7: staff edit, offer, return, and put files of their own making into corrections."""

from __future__ import annotations

import time
import unicodedata

import pytest

from syncd.model import Side
from tests.stories.operator_steps import CONFIRMED, CORRECTIONS, REVIEW, give_back, offer, since
from tests.stories.staff_steps import ARRIVAL, Save, both, rounds, told
from tests.stories.ward import ENROLMENT, INVOICE, SAKURA_ENROLMENT, Ward

OURS = "012_202610_証憑_区作成.xlsx"


# ── S2 ──


@pytest.mark.parametrize("save", [Ward.put, Ward.save_like_excel])
@pytest.mark.parametrize("looked_between", [False, True])
def test_s2_edited_is_a_new_version_of_the_same_cloud_file(ward: Ward, save: Save, looked_between: bool) -> None:
    ward.arrive()
    with ward.world() as world:
        [known] = world.ledger.known("himawari")
    save(ward.intranet(REVIEW), "v1 by the ward")
    if looked_between:
        ward.run()
    before = len(ward.history())
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1 by the ward"})
    text = told(ward, himawari="【修正案の確認】ひまわり保育園2026年10月分")["himawari"]
    assert "「corrections」" in text and "「confirmed」" in text and ENROLMENT not in text
    assert ("review", "corrections", "staff", "moved") in since(ward, before)
    with ward.world() as world:
        [file] = world.ledger.known("himawari")
        assert (file.id, file.submitted) == (known.id, known.submitted)
        assert file.intranet is not None and file.offered == file.intranet.sha1
    assert ward.kept("v1")
    ward.quiet()


def test_s2_unedited_with_a_note_is_returned(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), "8行目が違います")
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", "corrections/理由.txt": "8行目が違います"})
    text = told(ward, himawari="【修正のお願い】ひまわり保育園2026年10月分")["himawari"]
    assert "「inbox」" in text and "8行目" not in text and "担当者から" not in text
    assert since(ward, ARRIVAL) == [
        ("review", "corrections", "staff", "moved"),
        (None, "corrections", "staff", "note"),
    ]
    ward.quiet()


def test_s2_unedited_the_note_first(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet("corrections/理由.txt"), "8行目が違います")
    ward.run()
    assert ward.tree("cloud") == {REVIEW: "v1"}
    told(ward)
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", "corrections/理由.txt": "8行目が違います"})
    told(ward, himawari="【修正のお願い】")
    ward.quiet()


def test_s2_unedited_the_note_a_little_later_is_waited_for(ward: Ward) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1"})
    told(ward)
    ward.put(ward.intranet(f"corrections/{ENROLMENT}.txt"), "8行目が違います")
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", f"corrections/{ENROLMENT}.txt": "8行目が違います"})
    text = told(ward, himawari="【修正のお願い】")["himawari"]
    assert "担当者から" not in text
    ward.quiet()


def test_s2_unedited_without_a_note_is_told_when_the_wait_is_over(ward: Ward) -> None:
    ward.write_config(note_wait="1.5")
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    assert ward.run() == 0
    told(ward)
    time.sleep(1.7)
    assert ward.run() == 0
    assert "担当者からご連絡します" in told(ward, himawari="【修正のお願い】")["himawari"]
    ward.quiet()
    ward.put(ward.intranet("corrections/理由.txt"), "遅くなりました")
    assert ward.run() == 0
    told(ward, himawari="【補足】")
    ward.quiet()


def test_s2_edited_with_a_note_is_one_word(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "v1 by the ward")
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), "合計を直しました")
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1 by the ward", "corrections/理由.txt": "合計を直しました"})
    told(ward, himawari="【修正案の確認】")
    ward.quiet()


def test_s2_one_edited_one_not(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(INVOICE, "i1")
    ward.put(ward.intranet(REVIEW), "v1 by the ward")
    for name in (ENROLMENT, INVOICE):
        ward.drag(ward.intranet(f"review/{name}"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由_請求書.txt"), "金額が違います")
    assert ward.run() == 0
    both(
        ward,
        {
            CORRECTIONS: "v1 by the ward",
            f"corrections/{INVOICE}": "i1",
            "corrections/理由_請求書.txt": "金額が違います",
        },
    )
    text = ward.rooms()["himawari"]
    assert text.count("【修正案の確認】") == 1 and text.count("【修正のお願い】") == 1 and text.count("【") == 2
    ward.quiet()


def test_s2_in_a_subfolder(ward: Ward) -> None:
    ward.put(ward.cloud(f"inbox/十月 分/{ENROLMENT}"), "v1")
    ward.run()
    ward.said()
    ward.put(ward.intranet(f"review/十月 分/{ENROLMENT}"), "v1 by the ward")
    ward.drag(ward.intranet("review/十月 分"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/十月 分/理由.txt"), "直しました")
    assert ward.run() == 0
    both(
        ward,
        {f"corrections/十月 分/{ENROLMENT}": "v1 by the ward", "corrections/十月 分/理由.txt": "直しました"},
    )
    told(ward, himawari="【修正案の確認】")
    ward.quiet()


def test_s2_renamed_while_dragged(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections/012_202610_在籍児童数報告書_要修正.xlsx"))
    ward.put(ward.intranet("corrections/理由.txt"), "x")
    assert ward.run() == 0
    both(ward, {"corrections/012_202610_在籍児童数報告書_要修正.xlsx": "v1", "corrections/理由.txt": "x"})
    told(ward, himawari="【修正のお願い】")
    ward.quiet()


def test_s2_edited_and_moved_in_one_save_as(ward: Ward) -> None:
    """Who is who (3): gone from review, and an unknown file of its name in corrections: moved and edited."""
    ward.arrive()
    ward.intranet(REVIEW).unlink()
    ward.put(ward.intranet(CORRECTIONS), "v1 by the ward")
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1 by the ward"})
    told(ward, himawari="【修正案の確認】")
    assert since(ward, ARRIVAL) == [("review", "corrections", "staff", "moved")]
    ward.quiet()


def test_s2_sends_the_operators_newer_bytes_the_whole_way(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "v1 by the ward")
    ward.put(ward.cloud(REVIEW), "v2")
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    assert ward.run() == 0
    assert "v2" in ward.tree("cloud").values() and "v2" in ward.tree("intranet").values()
    assert ward.kept("v1") and ward.kept("v1 by the ward") and ward.kept("v2")
    ward.quiet()


def test_s2_again_after_the_operator_sent_a_new_version(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    ward.arrive(content="v2")
    [shown] = ward.tree("intranet")
    assert shown == "review/012_202610_在籍児童数報告書.xlsx" or "再提出" in shown
    ward.drag(ward.intranet(shown), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), "まだ違います")
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v2", "corrections/理由.txt": "まだ違います"})
    told(ward, himawari="【修正のお願い】")
    ward.quiet()


# ── S3 ──


def test_s3_every_saved_edit_is_kept_and_the_cloud_keeps_what_was_sent(ward: Ward) -> None:
    ward.arrive()
    for count in range(1, 4):
        save = ward.save_like_excel if count % 2 else ward.put
        save(ward.intranet(REVIEW), f"edit {count}")
        assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {REVIEW: "edit 3"}
    told(ward)
    assert all(ward.kept(content) for content in ("v1", "edit 1", "edit 2", "edit 3"))
    assert since(ward, ARRIVAL) == [("review", "review", "staff", "edited")] * 3
    with ward.world(read_only=True) as world:
        [file] = world.ledger.known("himawari")
        versions = world.ledger.versions_of("himawari", file.line)
        assert [one.origin for one in versions] == ["operator", "edit", "edit", "edit"]
    ward.quiet()


def test_s3_then_a_rename_is_followed_by_name_only(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "edit")
    ward.run()
    ward.drag(ward.intranet(REVIEW), ward.intranet("review/012_202610_在籍児童数報告書_確認.xlsx"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {"review/012_202610_在籍児童数報告書_確認.xlsx": "v1"}
    assert ward.tree("intranet") == {"review/012_202610_在籍児童数報告書_確認.xlsx": "edit"}
    assert ward.kept("v1") and ward.kept("edit")
    ward.quiet()


def test_s3_with_a_rename_in_one_look_is_another_file(ward: Ward) -> None:
    """Who is who (4): neither name nor bytes are the file's, so it is gone and a file of staff's own is there."""
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "edit")
    ward.drag(ward.intranet(REVIEW), ward.intranet("review/計算用.xlsx"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {REVIEW: "v1", "review/計算用.xlsx": "edit"}
    told(ward, staff="【元の場所に戻しました】")
    ward.quiet()


def test_s3_of_two_operators_stays_with_each(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    ward.put(ward.intranet(REVIEW), "h edit")
    ward.put(ward.intranet(f"review/{SAKURA_ENROLMENT}", "sakura"), "s edit")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("cloud", "sakura") == {f"review/{SAKURA_ENROLMENT}": "s1"}
    told(ward)
    ward.quiet()


def test_an_edit_of_what_is_confirmed_is_put_right_and_kept(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    ward.run()
    ward.said()
    ward.save_like_excel(ward.intranet(CONFIRMED), "too late")
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    assert ward.kept("too late")
    told(ward, staff="【元の場所に戻しました】")
    ward.quiet()


# ── S7 ──


@pytest.mark.parametrize(
    "name",
    [
        OURS,
        "お願い.docx",
        "十月/区作成 一覧(1).xlsx",
        unicodedata.normalize("NFD", "がぎぐげご.pdf"),
        "名前だけ",
    ],
)
def test_s7_new_file_in_corrections_is_offered(ward: Ward, name: str) -> None:
    ward.put(ward.intranet(f"corrections/{name}"), "by the ward")
    assert ward.run() == 0
    assert list(ward.tree("cloud").values()) == ["by the ward"]
    assert {unicodedata.normalize("NFC", place) for place in ward.tree("cloud")} == {
        unicodedata.normalize("NFC", f"corrections/{name}")
    }
    assert ward.tree("intranet") == {f"corrections/{name}": "by the ward"}
    text = told(ward, himawari="【修正案の確認】ひまわり保育園")["himawari"]
    assert "お願い.docx" not in text and "区作成" not in text
    assert ward.moves() == [(None, "corrections", "staff", "received")]
    assert ward.kept("by the ward")
    ward.quiet()


def test_s7_agreed_by_the_operator(ward: Ward) -> None:
    ward.put(ward.intranet(f"corrections/{OURS}"), "by the ward")
    ward.run()
    ward.said()
    ward.drag(ward.cloud(f"corrections/{OURS}"), ward.cloud("confirmed"))
    assert ward.run() == 0
    both(ward, {f"confirmed/{OURS}": "by the ward"})
    told(ward, staff="【了承】")
    ward.quiet()


def test_s7_edited_afterwards_is_offered_anew(ward: Ward) -> None:
    ward.put(ward.intranet(f"corrections/{OURS}"), "by the ward")
    ward.run()
    ward.said()
    ward.save_like_excel(ward.intranet(f"corrections/{OURS}"), "better")
    assert ward.run() == 0
    both(ward, {f"corrections/{OURS}": "better"})
    told(ward, himawari="【修正案の確認】")
    assert ward.kept("by the ward") and ward.kept("better")
    ward.quiet()


def test_s7_edited_before_the_notice_went_out_is_one_notice(ward: Ward) -> None:
    ward.put(ward.intranet(f"corrections/{OURS}"), "by the ward")
    rounds(ward)
    ward.put(ward.intranet(f"corrections/{OURS}"), "better")
    assert ward.run() == 0
    both(ward, {f"corrections/{OURS}": "better"})
    told(ward, himawari="【修正案の確認】")


def test_s7_taken_to_review_is_the_wards_own_and_not_confirmed_unasked(ward: Ward) -> None:
    ward.put(ward.intranet(f"corrections/{OURS}"), "by the ward")
    ward.run()
    ward.said()
    ward.drag(ward.intranet(f"corrections/{OURS}"), ward.intranet("review"))
    ward.run()
    both(ward, {f"review/{OURS}": "by the ward"})
    ward.said()
    ward.drag(ward.intranet(f"review/{OURS}"), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {f"review/{OURS}": "by the ward"})
    told(ward, staff="【元の場所に戻しました】")
    ward.quiet()


def test_s7_several_and_two_operators(ward: Ward) -> None:
    ward.put(ward.intranet(f"corrections/{OURS}"), "a")
    ward.put(ward.intranet("corrections/別紙.pdf"), "b")
    ward.put(ward.intranet("corrections/別紙.pdf", "sakura"), "c")
    assert ward.run() == 0
    both(ward, {f"corrections/{OURS}": "a", "corrections/別紙.pdf": "b"})
    both(ward, {"corrections/別紙.pdf": "c"}, "sakura")
    rooms = ward.rooms()
    assert set(rooms) == {"himawari", "sakura"}
    ward.quiet()


def test_s2_returned_then_edited_in_corrections_becomes_the_offer(ward: Ward) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.run()
    ward.said()
    ward.put(ward.intranet(CORRECTIONS), "v1 by the ward")
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1 by the ward"})
    told(ward, himawari="【修正案の確認】")
    with ward.world(read_only=True) as world:
        [file] = world.ledger.known("himawari")
        placed = file.on(Side.CLOUD)
        assert placed is not None and file.offered == placed.sha1
    ward.quiet()


def test_an_offer_is_replaced_by_a_newer_one_before_the_operators_agreement(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    before = len(ward.history())
    ward.put(ward.intranet(CORRECTIONS), "newer")
    ward.drag(ward.cloud(CORRECTIONS), ward.cloud("confirmed"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "newer"})
    text = ward.rooms()["himawari"]
    assert "【元の場所に戻しました】" in text and "新しい修正案" in text and "【修正案の確認】" in text
    assert ("corrections", "confirmed", "operator", "refused") in since(ward, before)
    assert ward.kept("v1 by the ward")
    ward.quiet()
