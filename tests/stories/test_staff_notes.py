"""S13: notes travel with the files that they are about, as bytes, and are no documents."""

from __future__ import annotations

import hashlib

import pytest

from tests.stories.operator_steps import CORRECTIONS, REVIEW, give_back, since
from tests.stories.staff_steps import ARRIVAL, Save, both, give_back_bare, rounds, told
from tests.stories.ward import ENROLMENT, INVOICE, NewWard, Ward

WHY = "8行目の人数が違います"
STEM = ENROLMENT.removesuffix(".xlsx")


@pytest.mark.parametrize(
    "name",
    [
        "理由.txt",
        "理由１０月.txt",
        "理由 (2).TXT",
        f"{ENROLMENT}.txt",
        f"{STEM}.txt",
        f"{STEM}.TXT",
        f"理由_{STEM}.txt",
        f"理由_{ENROLMENT}.txt",
    ],
)
@pytest.mark.parametrize("when", ["before", "with", "after"])
def test_s13_a_note_goes_up_beside_its_file(ward: Ward, name: str, when: str) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    note = ward.intranet(f"corrections/{name}")
    if when == "before":
        ward.put(note, WHY)
        ward.run()
        assert ward.tree("cloud") == {REVIEW: "v1"}
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    if when == "after":
        ward.run()
    told(ward)
    if when != "before":
        ward.put(note, WHY)
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", f"corrections/{name}": WHY})
    text = told(ward, himawari="【修正のお願い】")["himawari"]
    assert "担当者から" not in text and WHY not in text
    assert sorted(since(ward, ARRIVAL), key=str) == [
        ("review", "corrections", "staff", "moved"),
        (None, "corrections", "staff", "note"),
    ]
    with ward.world(read_only=True) as world:
        assert sum(sum(stages.values()) for stages in world.ledger.counts().values()) == 1
    ward.quiet()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_s13_bytes_go_up_as_they_are(ward: Ward, encoding: str) -> None:
    ward.arrive()
    raw = f"{WHY}\r\n以上".encode(encoding)
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), raw)
    assert ward.run() == 0
    assert ward.cloud("corrections/理由.txt").read_bytes() == raw
    assert ward.intranet("corrections/理由.txt").read_bytes() == raw
    told(ward, himawari="【修正のお願い】")
    ward.quiet()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
@pytest.mark.parametrize("later", [False, True])
def test_s13_note_text_is_said_when_chat_allows_it(new_ward: NewWard, encoding: str, later: bool) -> None:
    ward = new_ward()
    text = ward.config_path.read_text(encoding="utf-8")
    ward.config_path.write_text(text.replace("chat: {", "chat: {note_text: true, "), encoding="utf-8")
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "v1 by the ward")
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    if later:
        ward.run()
        ward.said()
    ward.put(ward.intranet("corrections/理由.txt"), f"{WHY}\r\n以上".encode(encoding))
    assert ward.run() == 0
    assert WHY in told(ward, himawari="【補足】" if later else "【修正案の確認】")["himawari"]
    ward.quiet()


def test_s13_note_text_of_a_returned_file(new_ward: NewWard) -> None:
    ward = new_ward()
    text = ward.config_path.read_text(encoding="utf-8")
    ward.config_path.write_text(text.replace("chat: {", "chat: {note_text: true, "), encoding="utf-8")
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), WHY)
    assert ward.run() == 0
    assert WHY in told(ward, himawari="【修正のお願い】")["himawari"]
    ward.quiet()


def test_s13_one_note_for_a_batch_leaves_with_the_last_of_them(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(INVOICE, "i1")
    for name in (ENROLMENT, INVOICE):
        ward.drag(ward.intranet(f"review/{name}"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), WHY)
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", f"corrections/{INVOICE}": "i1", "corrections/理由.txt": WHY})
    text = told(ward, himawari="【修正のお願い】")["himawari"]
    assert "在籍児童数報告書" in text and "運営費請求書" in text
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("review"))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1", f"corrections/{INVOICE}": "i1", "corrections/理由.txt": WHY})
    ward.drag(ward.intranet(f"corrections/{INVOICE}"), ward.intranet("review"))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1", f"review/{INVOICE}": "i1"})
    assert ward.kept(WHY)
    ward.quiet()


def test_s13_the_note_of_a_new_batch_is_not_about_what_lay_there_before(ward: Ward) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    ward.arrive(INVOICE, "i1")
    give_back(ward)
    ward.drag(ward.intranet(f"review/{INVOICE}"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), "金額が違います")
    assert ward.run() == 0
    text = told(ward, himawari="【修正のお願い】")["himawari"]
    assert "運営費請求書" in text and "在籍児童数報告書" not in text
    ward.drag(ward.intranet(f"corrections/{INVOICE}"), ward.intranet("review"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", f"corrections/{ENROLMENT}.txt": "8行目が違います", f"review/{INVOICE}": "i1"})
    ward.quiet()


def test_s13_a_note_for_one_of_two_lets_the_other_wait(ward: Ward) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    ward.arrive(INVOICE, "i1")
    for name in (ENROLMENT, INVOICE):
        ward.drag(ward.intranet(f"review/{name}"), ward.intranet("corrections"))
    ward.put(ward.intranet(f"corrections/{STEM}.txt"), WHY)
    assert ward.run() == 0
    text = told(ward, himawari="【修正のお願い】")["himawari"]
    assert "在籍児童数報告書" in text and "運営費請求書" not in text


def test_s13_written_later_it_is_a_follow_up(ward: Ward) -> None:
    ward.arrive()
    give_back(ward, why="一つ目")
    before = len(ward.history())
    ward.put(ward.intranet("corrections/理由2.txt"), "二つ目")
    assert ward.run() == 0
    both(
        ward,
        {CORRECTIONS: "v1", f"corrections/{ENROLMENT}.txt": "一つ目", "corrections/理由2.txt": "二つ目"},
    )
    told(ward, himawari="【補足】")
    assert since(ward, before) == [(None, "corrections", "staff", "note")]
    ward.quiet()


@pytest.mark.parametrize("save", [Ward.put, Ward.save_like_excel])
def test_s13_an_edited_note_is_a_follow_up(ward: Ward, save: Save) -> None:
    ward.arrive()
    give_back(ward, why="一つ目")
    save(ward.intranet(f"{CORRECTIONS}.txt"), "書き直し")
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", f"{CORRECTIONS}.txt": "書き直し"})
    told(ward, himawari="【補足】")
    assert ward.kept("一つ目") and ward.kept("書き直し")
    ward.quiet()


def test_s13_a_renamed_note_is_followed_without_a_word(ward: Ward) -> None:
    ward.arrive()
    give_back(ward, why="一つ目")
    ward.drag(ward.intranet(f"{CORRECTIONS}.txt"), ward.intranet("corrections/理由_在籍.txt"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", "corrections/理由_在籍.txt": "一つ目"})
    told(ward)
    ward.quiet()


def test_s13_a_deleted_note_leaves_the_cloud(ward: Ward) -> None:
    ward.arrive()
    give_back(ward, why="間違えた理由")
    before = len(ward.history())
    ward.intranet(f"{CORRECTIONS}.txt").unlink()
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1"})
    told(ward)
    assert since(ward, before) == [("corrections", None, "staff", "withdrawn")]
    assert ward.kept("間違えた理由")
    ward.quiet()


def test_s13_a_note_for_nobody_waits(ward: Ward) -> None:
    ward.put(ward.intranet("corrections/理由.txt"), WHY)
    assert ward.run() == 0
    assert ward.tree("cloud") == {}
    told(ward)
    assert ward.moves() == []
    ward.quiet()


def test_s13_a_note_dragged_in_together_with_its_file_from_review(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(f"review/{STEM}.txt"), WHY)
    ward.run()
    assert ward.tree("cloud") == {REVIEW: "v1"}
    ward.said()
    for name in (ENROLMENT, f"{STEM}.txt"):
        ward.drag(ward.intranet(f"review/{name}"), ward.intranet("corrections"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", f"corrections/{STEM}.txt": WHY})
    told(ward, himawari="【修正のお願い】")
    ward.quiet()


def test_s13_a_note_by_stem_is_about_every_file_of_that_stem(ward: Ward) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    ward.put(ward.cloud("inbox/012_202610_証憑_ガス.pdf"), "g1")
    ward.put(ward.cloud("inbox/012_202610_証憑_ガス.jpg"), "g2")
    ward.run()
    ward.said()
    for name in ("012_202610_証憑_ガス.pdf", "012_202610_証憑_ガス.jpg"):
        ward.drag(ward.intranet(f"review/{name}"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/012_202610_証憑_ガス.txt"), WHY)
    assert ward.run() == 0
    told(ward, himawari="【修正のお願い】")
    with ward.world(read_only=True) as world:
        assert world.outbox.counts()["waiting"] == 0
    ward.quiet()


def test_s13_a_note_beside_an_offer_is_told_with_it(ward: Ward) -> None:
    ward.put(ward.intranet("corrections/012_202610_証憑_区作成.xlsx"), "by the ward")
    ward.put(ward.intranet("corrections/理由.txt"), "作り直しました")
    assert ward.run() == 0
    both(ward, {"corrections/012_202610_証憑_区作成.xlsx": "by the ward", "corrections/理由.txt": "作り直しました"})
    told(ward, himawari="【修正案の確認】")
    ward.quiet()


def test_s13_a_named_note_beside_an_offer_in_the_same_look(ward: Ward) -> None:
    ward.put(ward.intranet("corrections/区作成.xlsx"), "by the ward")
    ward.put(ward.intranet("corrections/区作成.txt"), "作り直しました")
    assert ward.run() == 0
    both(ward, {"corrections/区作成.xlsx": "by the ward", "corrections/区作成.txt": "作り直しました"})
    told(ward, himawari="【修正案の確認】")
    assert (None, "corrections", "staff", "note") in ward.moves()
    ward.quiet()


def test_s13_the_operator_corrects_and_the_note_is_gone(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert list(ward.tree("intranet").values()) == ["v2"]
    assert ward.kept("8行目が違います") and ward.kept("v1")
    ward.quiet()


def test_s13_a_note_edited_as_its_file_leaves_is_kept(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    ward.put(ward.intranet(f"{CORRECTIONS}.txt"), "書き直し中")
    ward.drag(ward.intranet(CORRECTIONS), ward.intranet("review"))
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    with ward.world(read_only=True) as world:
        kept = {row[0] for row in world.store.rows("SELECT sha1 FROM versions")}
    assert hashlib.sha1("書き直し中".encode()).hexdigest() in kept
    ward.quiet()


def test_s13_a_note_dragged_out_of_corrections_leaves_the_cloud(ward: Ward) -> None:
    ward.arrive()
    give_back(ward, why="間違えた理由")
    ward.drag(ward.intranet(f"{CORRECTIONS}.txt"), ward.intranet("review"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {CORRECTIONS: "v1"}
    assert ward.tree("intranet") == {CORRECTIONS: "v1", f"review/{ENROLMENT}.txt": "間違えた理由"}
    ward.quiet()


def test_s13_an_empty_note_waits_until_something_is_written(ward: Ward) -> None:
    ward.write_config(note_wait="60")
    ward.arrive()
    give_back_bare(ward)
    ward.put(ward.intranet("corrections/理由.txt"), "")
    ward.run()
    assert ward.tree("cloud") == {CORRECTIONS: "v1"}
    told(ward)
    ward.put(ward.intranet("corrections/理由.txt"), WHY)
    ward.run()
    both(ward, {CORRECTIONS: "v1", "corrections/理由.txt": WHY})
    told(ward, himawari="【修正のお願い】")


def test_s13_a_note_taken_back_in_time_was_never_said(ward: Ward) -> None:
    ward.arrive()
    give_back(ward, why="一つ目")
    ward.put(ward.intranet("corrections/理由2.txt"), "取り消す")
    rounds(ward)
    assert "corrections/理由2.txt" in ward.tree("cloud")
    ward.intranet("corrections/理由2.txt").unlink()
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", f"{CORRECTIONS}.txt": "一つ目"})
    told(ward)
    ward.quiet()


def test_s13_a_text_file_that_names_nothing_is_a_document(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet("corrections/お願い.txt"), "次の書類もお願いします")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1", "corrections/お願い.txt": "次の書類もお願いします"}
    told(ward, himawari="【修正案の確認】")
    ward.quiet()
