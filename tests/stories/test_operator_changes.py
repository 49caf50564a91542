"""What an operator deletes, changes in place and renames: O8, O9, O10."""

from __future__ import annotations

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
from tests.stories.ward import ENROLMENT, INVOICE, Ward

WITHDRAWN = "012_202610_在籍児童数報告書（取下げ）.xlsx"
SECOND = "012_202610_在籍児童数報告書（再提出 2）.xlsx"

# ── O8 ──


def test_o8_deleted_in_inbox_is_withdrawn(ward: Ward) -> None:
    ward.arrive("在籍.xlsx", "v1")
    before = len(ward.moves())
    ward.cloud("inbox/在籍.xlsx").unlink()
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {}
    assert ward.kept("v1")
    assert since(ward, before) == [("inbox", None, "operator", "withdrawn")]
    assert ward.said() == []
    ward.quiet()
    ward.put(ward.cloud(INBOX), "v1")  # and sent under its right name
    round_off(ward)
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1"}


@pytest.mark.parametrize("state", ["review", "returned", "offered"])
def test_o8_deleted_in_review_or_corrections_the_intranet_keeps_it(ward: Ward, state: str) -> None:
    ward.arrive()
    if state == "returned":
        give_back(ward)
    elif state == "offered":
        offer(ward)
    stage = "review" if state == "review" else "corrections"
    content = "v1 by the ward" if state == "offered" else "v1"
    before = len(ward.moves())
    ward.cloud(f"{stage}/{ENROLMENT}").unlink()
    assert ward.run() == 0
    assert ward.tree("cloud") == {}
    assert ward.tree("intranet") == {f"{stage}/{WITHDRAWN}": content}
    assert since(ward, before) == [(stage, None, "operator", "withdrawn")]
    rooms = ward.rooms()
    assert rooms.keys() == {"staff"} and "取下げ" in rooms["staff"]
    assert ward.kept("v1")
    ward.quiet()


def test_o8_a_staff_edit_is_what_stays(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "v1 by the ward")
    round_off(ward)
    ward.cloud(REVIEW).unlink()
    round_off(ward)
    assert ward.tree("intranet") == {f"review/{WITHDRAWN}": "v1 by the ward"}
    assert ward.kept("v1")
    ward.quiet()


def test_o8_resubmitted_version_deleted(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(INBOX), "v2")
    round_off(ward)
    ward.cloud(REVIEW).unlink()
    round_off(ward)
    (shown,) = ward.tree("intranet")
    assert "（取下げ）" in shown and ward.tree("intranet")[shown] == "v2"
    assert ward.kept("v1")
    ward.quiet()


def test_o8_withdrawn_then_sent_again(ward: Ward) -> None:
    ward.arrive()
    ward.cloud(REVIEW).unlink()
    round_off(ward)
    ward.put(ward.cloud(INBOX), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert ward.tree("intranet") == {f"review/{SECOND}": "v2"}
    assert ward.kept("v1")
    assert ward.rooms().keys() == {"himawari", "staff"}
    ward.quiet()


def test_o8_withdrawn_then_the_same_bytes_again_are_no_repetition(ward: Ward) -> None:
    ward.arrive()
    ward.cloud(REVIEW).unlink()
    round_off(ward)
    ward.put(ward.cloud(INBOX), "v1")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {f"review/{SECOND}": "v1"}
    assert "受領済み" not in ward.rooms()["himawari"]
    ward.quiet()


def test_o8_withdrawn_dragged_to_confirmed_is_put_back_and_to_corrections_goes_up_anew(ward: Ward) -> None:
    ward.arrive()
    ward.cloud(REVIEW).unlink()
    round_off(ward)
    ward.drag(ward.intranet(f"review/{WITHDRAWN}"), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {} and ward.tree("intranet") == {f"review/{WITHDRAWN}": "v1"}
    assert ward.rooms().keys() == {"staff"}
    ward.quiet()
    ward.drag(ward.intranet(f"review/{WITHDRAWN}"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), "よいですか")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CORRECTIONS: "v1", "corrections/理由.txt": "よいですか"}
    assert ward.rooms().keys() == {"himawari"}
    ward.quiet()


def test_o8_deleted_in_confirmed_is_put_back_and_staff_are_told(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    before = len(ward.moves())
    ward.cloud(CONFIRMED).unlink()
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v1"}
    assert since(ward, before) == [("confirmed", None, "operator", "refused")]
    assert "staff" in ward.rooms()
    ward.quiet()


def test_o8_several_files_and_a_note_at_once(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.arrive(INVOICE, "i1")
    give_back(ward, INVOICE)
    ward.arrive("012_202610_証憑.pdf", "e1")
    for place in ward.tree("cloud"):
        ward.cloud(place).unlink()
    assert ward.run() == 0
    assert ward.tree("cloud") == {CONFIRMED: "v1"}
    assert ward.tree("intranet") == {
        CONFIRMED: "v1",
        "corrections/012_202610_運営費請求書（取下げ）.pdf": "i1",
        "review/012_202610_証憑（取下げ）.pdf": "e1",
    }
    rooms = ward.rooms()
    assert "理由" not in rooms.get("himawari", "")
    assert ward.kept("8行目が違います")
    ward.quiet()


def test_o8_a_deleted_note_comes_back(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    tree = ward.tree("cloud")
    ward.cloud(NOTE).unlink()
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == tree
    assert ward.rooms().keys() == {"himawari"}
    ward.quiet()


def test_o8_deleted_while_staff_confirm(ward: Ward) -> None:
    ward.arrive()
    ward.cloud(REVIEW).unlink()
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v1"}
    ward.quiet()


def test_o8_in_a_subfolder_whose_name_is_mapped(ward: Ward) -> None:
    ward.arrive(f"a:b/{ENROLMENT}")
    ward.cloud(f"review/a:b/{ENROLMENT}").unlink()
    round_off(ward)
    assert ward.tree("intranet") == {f"review/a﹪3A﹪b/{WITHDRAWN}": "v1"}
    ward.quiet()


@pytest.mark.parametrize("stage", ["review", "confirmed"])
@pytest.mark.parametrize("name", [ENROLMENT, "012_202610_在籍児童数報告書_v2.xlsx"])
@pytest.mark.parametrize("content", ["v1", "v2"])
def test_o8_deleted_and_sent_again_in_the_same_moment(ward: Ward, stage: str, name: str, content: str) -> None:
    ward.arrive()
    if stage == "confirmed":
        confirm(ward)
    ward.cloud(f"{stage}/{ENROLMENT}").unlink()
    ward.put(ward.cloud(f"inbox/{name}"), content)
    assert ward.run() == 0
    cloud, intranet = ward.tree("cloud"), ward.tree("intranet")
    if stage == "confirmed":
        assert cloud.pop(CONFIRMED) == "v1" and intranet.pop(CONFIRMED) == "v1"
    if (stage, content) == ("confirmed", "v1"):
        assert cloud == intranet == {}
    else:
        assert list(cloud.values()) == list(intranet.values()) == [content]
        assert all(place.startswith("review/") for place in (*cloud, *intranet))
    assert ward.kept("v1")
    ward.quiet()


# ── O9 ──


@pytest.mark.parametrize("excel", [True, False])
def test_o9_changed_in_review_counts_as_sent_again(ward: Ward, excel: bool) -> None:
    ward.arrive()
    before = len(ward.moves())
    (ward.save_like_excel if excel else ward.put)(ward.cloud(REVIEW), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert ward.tree("intranet") == {f"review/{SECOND}": "v2"}
    assert ward.kept("v1")
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari", "staff"} and "2回目" in rooms["staff"]
    assert since(ward, before) == [
        (None, "inbox", "operator", "received"),
        ("review", None, "syncd", "superseded"),
        ("inbox", "review", "syncd", "moved"),
    ]
    ward.quiet()
    ward.put(ward.cloud(REVIEW), "v3")
    assert ward.run() == 0
    assert ward.tree("intranet") == {"review/012_202610_在籍児童数報告書（再提出 3）.xlsx": "v3"}
    confirm(ward, shown="012_202610_在籍児童数報告書（再提出 3）.xlsx")
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v3"}
    ward.quiet()


def test_o9_changed_in_review_while_staff_have_their_own_edit(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "v1 by the ward")
    round_off(ward)
    ward.put(ward.cloud(REVIEW), "v2")
    assert ward.run() == 0
    intranet = ward.tree("intranet")
    assert ward.tree("cloud") == {REVIEW: "v2"}
    assert intranet.pop(f"review/{SECOND}") == "v2"
    ((edited, content),) = intranet.items()
    assert "（職員編集 " in edited and content == "v1 by the ward"
    assert ward.kept("v1")
    ward.quiet()


def test_o9_changed_renamed_and_taken_to_a_subfolder_in_review(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.cloud(REVIEW), ward.cloud("review/a:b/012_202610_在籍児童数報告書 訂正.xlsx"))
    ward.put(ward.cloud("review/a:b/012_202610_在籍児童数報告書 訂正.xlsx"), "v2")
    round_off(ward)
    assert ward.tree("cloud") == {"review/a:b/012_202610_在籍児童数報告書 訂正.xlsx": "v2"}
    assert ward.tree("intranet") == {"review/a﹪3A﹪b/012_202610_在籍児童数報告書 訂正（再提出 2）.xlsx": "v2"}
    assert ward.kept("v1")
    ward.quiet()


def test_o9_emptied_in_review_gets_its_bytes_back(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(REVIEW), "")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {REVIEW: "v1"}
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari"} and "中身のない" in rooms["himawari"]
    ward.quiet()


def test_o9_emptied_in_corrections_gets_its_bytes_back(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    before = ward.tree("cloud")
    ward.put(ward.cloud(CORRECTIONS), "")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == before
    assert before[CORRECTIONS] == "v1" and NOTE in before
    rooms = ward.rooms()
    assert rooms.keys() == {"himawari"} and "中身のない" in rooms["himawari"]
    ward.quiet()


@pytest.mark.parametrize("excel", [True, False])
@pytest.mark.parametrize("content", ["v2", ""])
def test_o9_changed_in_confirmed_gets_the_confirmed_bytes_back(ward: Ward, excel: bool, content: str) -> None:
    ward.arrive()
    confirm(ward)
    before = len(ward.moves())
    (ward.save_like_excel if excel else ward.put)(ward.cloud(CONFIRMED), content)
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v1"}
    assert ward.kept(content)
    assert since(ward, before) == [("confirmed", "confirmed", "operator", "refused")]
    rooms = ward.rooms()
    assert "確認済み書類の変更" in rooms["staff"]
    ward.quiet()


def test_o9_changed_and_renamed_in_confirmed(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.drag(ward.cloud(CONFIRMED), ward.cloud("confirmed/別名.xlsx"))
    ward.put(ward.cloud("confirmed/別名.xlsx"), "v2")
    assert ward.run() == 0
    # another name and other bytes: nothing says that it is the same file
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v1", "inbox/別名.xlsx": "v2"}
    assert "staff" in ward.rooms()
    ward.quiet()


def test_o9_a_changed_note_comes_back(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    tree = ward.tree("cloud")
    ward.put(ward.cloud(NOTE), "返事です")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == tree
    assert ward.kept("返事です")
    assert ward.rooms().keys() == {"himawari"}
    ward.quiet()


def test_o9_old_name_taken_by_new_bytes_while_the_confirmed_file_was_moved_away(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.drag(ward.cloud(CONFIRMED), ward.cloud("review"))
    ward.put(ward.cloud(CONFIRMED), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {CONFIRMED: "v1", REVIEW: "v2"}
    rooms = ward.rooms()
    assert "戻しました" in rooms["himawari"] and "2回目" in rooms["staff"]
    ward.quiet()


def test_o9_only_the_time_of_a_file_changed(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)
    ward.put(ward.cloud(CONFIRMED), "v1")
    before = len(ward.moves())
    assert ward.run() == 0
    assert since(ward, before) == [] and ward.said() == []
    ward.quiet()


# ── O10 ──


@pytest.mark.parametrize("stage", ["review", "returned", "offered", "confirmed"])
@pytest.mark.parametrize(
    "name", ["012_202610_在籍児童数報告書 新.xlsx", "10月/012_202610_在籍児童数報告書.xlsx", "全く別の名.xlsx"]
)
def test_o10_a_new_name_is_followed(ward: Ward, stage: str, name: str) -> None:
    ward.arrive()
    if stage == "returned":
        give_back(ward)
    elif stage == "offered":
        offer(ward)
    elif stage == "confirmed":
        confirm(ward)
    folder = "corrections" if stage in ("returned", "offered") else stage
    before = len(ward.moves())
    ward.drag(ward.cloud(f"{folder}/{ENROLMENT}"), ward.cloud(f"{folder}/{name}"))
    assert ward.run() == 0
    content = "v1 by the ward" if stage == "offered" else "v1"
    assert ward.tree("cloud")[f"{folder}/{name}"] == content
    assert ward.tree("intranet") == ward.tree("cloud")
    assert since(ward, before) == [(folder, folder, "operator", "renamed")]
    assert ward.history()[-1]["document"] == "enrolment"
    assert ward.said() == []
    ward.quiet()


def test_o10_the_mark_stays(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud(INBOX), "v2")
    round_off(ward)
    ward.drag(ward.cloud(REVIEW), ward.cloud("review/012_202610_在籍児童数報告書 新.xlsx"))
    round_off(ward)
    assert ward.tree("intranet") == {"review/012_202610_在籍児童数報告書 新（再提出 2）.xlsx": "v2"}
    ward.quiet()


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("012_202610_在籍児童数報告書ab.xlsx", "012_202610_在籍児童数報告書AB.xlsx"),
        ("012_202610_在籍児童数報告書ガ.xlsx", unicodedata.normalize("NFD", "012_202610_在籍児童数報告書ガ.xlsx")),
    ],
)
def test_o10_only_letter_case_or_composition_changes(ward: Ward, first: str, then: str) -> None:
    ward.arrive(first)
    ward.drag(ward.cloud(f"review/{first}"), ward.cloud(f"review/{then}"))
    round_off(ward)
    assert ward.tree("cloud") == {f"review/{then}": "v1"}
    assert ward.tree("intranet") == {f"review/{unicodedata.normalize('NFC', then)}": "v1"}
    ward.quiet()


def test_o10_two_files_swap_their_names(ward: Ward) -> None:
    one, two = "012_202610_証憑1.pdf", "012_202610_証憑2.pdf"
    ward.arrive(one, "a")
    ward.arrive(two, "b")
    ward.cloud(f"review/{one}").rename(ward.cloud("review/x"))
    ward.cloud(f"review/{two}").rename(ward.cloud(f"review/{one}"))
    ward.cloud("review/x").rename(ward.cloud(f"review/{two}"))
    round_off(ward)
    assert ward.tree("cloud") == {f"review/{one}": "b", f"review/{two}": "a"}
    intranet = ward.tree("intranet")
    assert sorted(intranet.values()) == ["a", "b"]
    assert ward.kept("a") and ward.kept("b")
    ward.quiet()


def test_o10_a_renamed_subfolder_takes_its_files_along(ward: Ward) -> None:
    ward.arrive(f"a/{ENROLMENT}")
    ward.arrive(f"a/{INVOICE}", "i1")
    ward.cloud("review/a").rename(ward.cloud("review/b:c"))
    round_off(ward)
    assert ward.tree("cloud") == {f"review/b:c/{ENROLMENT}": "v1", f"review/b:c/{INVOICE}": "i1"}
    assert ward.tree("intranet") == {f"review/b﹪3A﹪c/{ENROLMENT}": "v1", f"review/b﹪3A﹪c/{INVOICE}": "i1"}
    ward.quiet()
    ward.drag(ward.intranet(f"review/b﹪3A﹪c/{ENROLMENT}"), ward.intranet(f"confirmed/b﹪3A﹪c/{ENROLMENT}"))
    round_off(ward)
    assert ward.tree("cloud")[f"confirmed/b:c/{ENROLMENT}"] == "v1"
    assert ward.tree("intranet")[f"confirmed/b﹪3A﹪c/{ENROLMENT}"] == "v1"
    ward.quiet()


def test_o10_both_rename_at_once(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.cloud(REVIEW), ward.cloud("review/012_202610_在籍児童数報告書 事業者.xlsx"))
    ward.drag(ward.intranet(REVIEW), ward.intranet("review/012_202610_在籍児童数報告書 職員.xlsx"))
    round_off(ward)
    assert ward.tree("cloud") == ward.tree("intranet")
    assert list(ward.tree("cloud").values()) == ["v1"]
    ward.quiet()
