"""What an operator sends: O1, O2, O10 in inbox, O11, O12."""

from __future__ import annotations

import unicodedata

import pytest

from tests.stories.operator_steps import CONFIRMED, CORRECTIONS, INBOX, REVIEW, confirm, give_back, offer, since
from tests.stories.ward import ENROLMENT, INVOICE, RULES, NewWard, Ward

ACCEPTED = [(None, "inbox", "operator", "received"), ("inbox", "review", "syncd", "moved")]


# ── O1 ──


def test_o1_file_in_inbox_is_accepted_to_review_on_both_sides(ward: Ward) -> None:
    ward.put(ward.cloud(INBOX), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1"}
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari", "staff"}
    assert "受領" in rooms["himawari"] and "在籍児童数報告書" in rooms["himawari"]
    assert "到着" in rooms["staff"] and "ひまわり保育園" in rooms["staff"] and "2026年10月" in rooms["staff"]
    assert ENROLMENT not in rooms["staff"] + rooms["himawari"]
    assert ward.moves() == ACCEPTED
    first, second = ward.history()
    assert (first["document"], first["period"], first["file"]) == ("enrolment", "2026-10", ENROLMENT)
    assert first["sha1"] == second["sha1"] and second["rule"]
    ward.quiet()


@pytest.mark.parametrize("place", [ENROLMENT, f"10月分/{ENROLMENT}"])
def test_o1_loose_file_counts_as_one_in_inbox(ward: Ward, place: str) -> None:
    ward.put(ward.cloud(place), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"review/{place}": "v1"}
    assert ward.moves() == ACCEPTED
    assert ward.rooms().keys() == {"himawari", "staff"}
    ward.quiet()


def test_o1_subfolders_in_inbox_are_kept(ward: Ward) -> None:
    ward.put(ward.cloud(f"inbox/10月/本園/{ENROLMENT}"), "v1")
    ward.put(ward.cloud(f"inbox/10月/{INVOICE}"), "i1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {
        f"review/10月/本園/{ENROLMENT}": "v1",
        f"review/10月/{INVOICE}": "i1",
    }  # fmt: skip
    ward.quiet()


@pytest.mark.parametrize(
    "name",
    [
        "012_令和8年10月_在籍児童数報告書.xls",
        "０１２_R8.10_在籍児童数報告書.xlsx",
        "012_2026-10_在籍児童数報告書 本園 (1).XLSX",
        "012_202610_在籍児童数報告書_最終.pdf",
        unicodedata.normalize("NFD", "012_202610_在籍児童数報告書（ぶんえん）.xlsx"),
    ],
)
def test_o1_other_spellings_of_a_right_name(ward: Ward, name: str) -> None:
    ward.put(ward.cloud(f"inbox/{name}"), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"review/{name}": "v1"}
    assert ward.tree("intranet") == {f"review/{unicodedata.normalize('NFC', name)}": "v1"}
    assert [(row["document"], row["period"]) for row in ward.history()] == [("enrolment", "2026-10")] * 2
    ward.quiet()


def test_o1_names_that_windows_cannot_hold_are_mapped(ward: Ward) -> None:
    ward.put(ward.cloud("inbox/a:b/012_202610_在籍児童数報告書 10:30?.xlsx"), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == {"review/a:b/012_202610_在籍児童数報告書 10:30?.xlsx": "v1"}
    assert ward.tree("intranet") == {"review/a﹪3A﹪b/012_202610_在籍児童数報告書 10﹪3A﹪30﹪3F﹪.xlsx": "v1"}
    ward.quiet()


@pytest.mark.parametrize(
    "name", ["スキャン0001.pdf", "Book1.xlsx", "新しいテキスト ドキュメント.txt", "README", "理由.txt"]
)
def test_o1_unknown_type_stays_in_inbox_and_both_are_told_with_an_example(ward: Ward, name: str) -> None:
    ward.put(ward.cloud(f"inbox/{name}"), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"inbox/{name}": "v1"}
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari", "staff"}
    for text in rooms.values():
        assert "書類の種類が分かりません" in text and "012_2026" in text and name not in text
    assert ward.moves() == [(None, "inbox", "operator", "received"), ("inbox", "inbox", "syncd", "unknown")]
    ward.quiet()


def test_o1_ambiguous_type_stays_in_inbox_and_both_are_told(new_ward: NewWard) -> None:
    second = RULES["enrolment.yaml"].replace("document: enrolment", "document: second")
    rules = {**RULES, "second.yaml": second.replace("title: 在籍児童数報告書", "title: 在籍表")}
    ward = new_ward(rules=rules)
    ward.put(ward.cloud(INBOX), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {INBOX: "v1"}
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari", "staff"}
    assert all("二通り" in text for text in rooms.values())
    ward.quiet()


def test_o1_name_of_another_facility_is_of_unknown_type(ward: Ward) -> None:
    ward.put(ward.cloud(f"inbox/{ENROLMENT.replace('012', '013')}"), "v1")
    assert ward.run() == 0
    assert list(ward.tree("intranet")) == [f"inbox/{ENROLMENT.replace('012', '013')}"]
    assert ward.rooms().keys() == {"himawari", "staff"}
    assert ward.tree("cloud", "sakura") == ward.tree("intranet", "sakura") == {}
    ward.quiet()


def test_o1_renamed_stage_folders(new_ward: NewWard) -> None:
    stages = "stages: {inbox: 1_提出, review: 2_確認中, corrections: 3_修正・確認依頼, confirmed: 4_確認済}\n"
    ward = new_ward(stages=stages)
    ward.put(ward.cloud(f"1_提出/{ENROLMENT}"), "v1")
    ward.put(ward.cloud("1_提出/何か.xlsx"), "?")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {
        f"2_確認中/{ENROLMENT}": "v1",
        "1_提出/何か.xlsx": "?",
    }  # fmt: skip
    assert "「2_確認中」" in ward.rooms()["staff"]
    assert ward.moves()[0] == (None, "inbox", "operator", "received")
    ward.quiet()


def test_o1_several_files_at_once_are_one_message_a_room(ward: Ward) -> None:
    ward.put(ward.cloud(INBOX), "v1")
    ward.put(ward.cloud(f"inbox/{INVOICE}"), "i1")
    for number in range(1, 4):
        ward.put(ward.cloud(f"inbox/012_202610_証憑{number}.jpg"), f"e{number}")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {
        REVIEW: "v1",
        f"review/{INVOICE}": "i1",
        **{f"review/012_202610_証憑{number}.jpg": f"e{number}" for number in range(1, 4)},
    }  # fmt: skip
    said = ward.said()
    assert len(said) == 2
    assert all("在籍児童数報告書" in text and "運営費請求書" in text and "証憑（3件）" in text for text in said)
    ward.quiet()


def test_o1_temporary_files_of_programs_never_travel(ward: Ward) -> None:
    for name in ("~$012.xlsx", ".DS_Store", "Thumbs.db", "x.xlsx.crdownload", "y.tmp"):
        ward.put(ward.cloud(f"inbox/{name}"), "x")
    assert ward.run() == 0
    assert ward.tree("intranet") == {} and ward.moves() == [] and ward.said() == []
    ward.quiet()


def test_o1_names_that_differ_in_composition_only(ward: Ward) -> None:
    name = "012_202610_証憑ガ.pdf"
    ward.put(ward.cloud(f"inbox/{name}"), "one")
    ward.put(ward.cloud(f"inbox/{unicodedata.normalize('NFD', name)}"), "two")
    assert ward.run() == 0
    cloud, intranet = ward.tree("cloud"), ward.tree("intranet")
    assert len(cloud) == len(intranet) == 1  # the same document sent twice: the later one is there
    assert next(iter(cloud.values())) == next(iter(intranet.values()))
    assert ward.kept("two") and (ward.kept("one") or ward.box)  # Box itself makes a version of one
    ward.quiet()


# ── O2 and O10 in inbox ──


@pytest.mark.parametrize("in_place", [True, False])
def test_o2_replaced_in_inbox_the_new_content_counts(ward: Ward, in_place: bool) -> None:
    place = "inbox/スキャン0001.pdf"
    ward.arrive("スキャン0001.pdf", "first")
    if in_place:
        ward.put(ward.cloud(place), "second")
    else:
        ward.save_like_excel(ward.cloud(place), "second")
    before = len(ward.moves())
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {place: "second"}
    assert ward.kept("first")
    assert since(ward, before) == [("inbox", "inbox", "operator", "replaced")]
    assert ward.said() == []  # that its type is unknown was said already
    ward.quiet()


def test_o2_replaced_again_and_again_before_syncd_looks(ward: Ward) -> None:
    for content in ("a", "b", "c"):
        ward.put(ward.cloud(INBOX), content)
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "c"}
    assert ward.moves() == ACCEPTED
    ward.quiet()


def test_o2_replaced_and_rightly_named_at_once(ward: Ward) -> None:
    ward.arrive("在籍.xlsx", "first")
    ward.put(ward.cloud("inbox/在籍.xlsx"), "second")
    ward.drag(ward.cloud("inbox/在籍.xlsx"), ward.cloud(INBOX))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "second"}
    assert ward.kept("first")
    assert ward.rooms().keys() == {"himawari", "staff"}
    ward.quiet()


def test_o10_renamed_in_inbox_the_type_is_looked_for_again(ward: Ward) -> None:
    ward.arrive("在籍.xlsx", "v1")
    before = len(ward.moves())
    ward.drag(ward.cloud("inbox/在籍.xlsx"), ward.cloud(INBOX))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1"}
    assert since(ward, before) == [("inbox", "inbox", "operator", "renamed"), ("inbox", "review", "syncd", "moved")]
    rooms = ward.rooms()
    assert "受領" in rooms["himawari"] and "到着" in rooms["staff"]
    ward.quiet()


def test_o10_renamed_in_inbox_to_another_unknown_name_is_said_again(ward: Ward) -> None:
    ward.arrive("在籍.xlsx", "v1")
    ward.drag(ward.cloud("inbox/在籍.xlsx"), ward.cloud("inbox/sub/10月の在籍.xlsx"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {"inbox/sub/10月の在籍.xlsx": "v1"}
    assert ward.rooms().keys() == {"himawari", "staff"}
    ward.quiet()


# ── O11 ──


@pytest.mark.parametrize("stage", ["review", "corrections", "confirmed"])
@pytest.mark.parametrize("folder", ["", "10月/"])
def test_o11_new_file_in_another_stage_goes_through_inbox_and_the_operator_is_told(
    ward: Ward, stage: str, folder: str
) -> None:
    ward.put(ward.cloud(f"{stage}/{folder}{ENROLMENT}"), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"review/{folder}{ENROLMENT}": "v1"}
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari", "staff"}
    assert "提出フォルダーへ移しました" in rooms["himawari"] and "受領" in rooms["himawari"]
    assert "提出フォルダー" not in rooms["staff"] and "到着" in rooms["staff"]
    assert ward.moves() == ACCEPTED
    ward.quiet()


def test_o11_unknown_type_put_into_confirmed_waits_in_inbox(ward: Ward) -> None:
    ward.put(ward.cloud("confirmed/メモ.docx"), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {"inbox/メモ.docx": "v1"}
    assert ward.rooms().keys() == {"himawari", "staff"}
    ward.quiet()


def test_o11_name_in_use_in_inbox_gets_another(ward: Ward) -> None:
    ward.arrive("メモ.docx", "one")
    ward.put(ward.cloud("review/メモ.docx"), "two")
    assert ward.run() == 0
    assert ward.tree("cloud") == {"inbox/メモ.docx": "one", "inbox/メモ (2).docx": "two"}
    assert sorted(ward.tree("intranet").values()) == ["one", "two"]
    ward.quiet()


@pytest.mark.parametrize("stage", ["inbox", "review", "corrections", "confirmed"])
def test_o11_same_name_and_bytes_on_both_sides_at_first_sight_are_one_file_where_it_is(ward: Ward, stage: str) -> None:
    ward.put(ward.cloud(f"{stage}/{ENROLMENT}"), "v1")
    ward.put(ward.intranet(f"{stage}/{ENROLMENT}"), "v1")
    assert ward.run() == 0
    stays = "review" if stage == "inbox" else stage
    assert ward.tree("cloud") == ward.tree("intranet") == {f"{stays}/{ENROLMENT}": "v1"}
    assert all("移しました" not in text for text in ward.said())
    ward.quiet()


# ── O12 ──


@pytest.mark.parametrize(
    "name", [ENROLMENT, "012_202610_在籍児童数報告書 (1).xlsx", "012_R8.10_在籍児童数報告書_最終.xlsx"]
)
@pytest.mark.parametrize("stage", ["review", "confirmed"])
def test_o12_bytes_that_are_there_already(ward: Ward, name: str, stage: str) -> None:
    ward.arrive()
    if stage == "confirmed":
        confirm(ward)
    before = len(ward.moves())
    ward.put(ward.cloud(f"inbox/{name}"), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"{stage}/{ENROLMENT}": "v1"}
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari"} and "受領済み" in rooms["himawari"]
    assert since(ward, before) == [(None, "inbox", "operator", "already_received")]
    ward.quiet()


def test_o12_put_directly_into_confirmed(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(CONFIRMED), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1"}
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari"} and "受領済み" in rooms["himawari"]
    ward.quiet()


def test_o12_two_copies_dropped_at_once_are_one_submission(ward: Ward) -> None:
    ward.put(ward.cloud(INBOX), "v1")
    ward.put(ward.cloud("inbox/012_202610_在籍児童数報告書 - コピー.xlsx"), "v1")
    assert ward.run() == 0
    cloud = ward.tree("cloud")
    assert list(cloud.values()) == ["v1"] and ward.tree("intranet") == cloud
    rooms = ward.rooms()
    assert "再提出" not in rooms["staff"] and "受領済み" in rooms["himawari"]
    assert all("再提出" not in name for name in ward.tree("intranet"))
    ward.quiet()


def test_o12_named_rightly_only_afterwards(ward: Ward) -> None:
    ward.arrive()
    ward.arrive("在籍.xlsx", "v1")
    ward.drag(ward.cloud("inbox/在籍.xlsx"), ward.cloud("inbox/012_202610_在籍児童数報告書_再送.xlsx"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1"}
    assert ward.rooms().keys() == {"himawari"}
    ward.quiet()


def test_o12_the_same_bytes_for_another_document_are_another_document(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud("inbox/012_202611_在籍児童数報告書.xlsx"), "v1")
    ward.put(ward.cloud("inbox/012_202610_証憑1.pdf"), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {
        REVIEW: "v1",
        "review/012_202611_在籍児童数報告書.xlsx": "v1",
        "review/012_202610_証憑1.pdf": "v1",
    }  # fmt: skip
    ward.quiet()


def test_o12_evidence_of_another_name_with_the_same_bytes_is_another_file(ward: Ward) -> None:
    ward.arrive("012_202610_証憑1.pdf", "e")
    ward.put(ward.cloud("inbox/012_202610_証憑2.pdf"), "e")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {
        "review/012_202610_証憑1.pdf": "e",
        "review/012_202610_証憑2.pdf": "e",
    }  # fmt: skip
    ward.quiet()


def test_o12_staff_edited_their_copy_but_the_cloud_has_the_bytes(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "v1 edited")
    ward.run()
    ward.put(ward.cloud(INBOX), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"} and ward.tree("intranet") == {REVIEW: "v1 edited"}
    assert ward.rooms().keys() == {"himawari"}
    ward.quiet()


def test_o12_does_not_hold_for_what_lies_in_corrections(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    ward.put(ward.cloud(INBOX), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1"}
    assert ward.rooms().keys() == {"himawari", "staff"}
    ward.quiet()


def test_o12_the_offered_bytes_sent_in_are_the_operators_now(ward: Ward) -> None:
    ward.arrive()
    offer(ward, content="better")
    ward.put(ward.cloud(INBOX), "better")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "better"}
    assert CORRECTIONS not in ward.tree("cloud") and ward.kept("v1")
    ward.quiet()
