"""What an adversary found who played gestures with documents that check themselves: each finding stays as a story."""

from __future__ import annotations

import time

import pytest

from syncd.config import load
from tests.stories import forms
from tests.stories.forms import CHECKED, enrolment, invoice, saved_anew, with_macros, with_password, zipped
from tests.stories.ward import CHANGES, ENROLMENT, NewWard, Ward

NOTE = f"理由_{ENROLMENT}.txt"
MARKED = "012_202610_在籍児童数報告書（指摘）.xlsx"
REVIEW = f"review/{ENROLMENT}"
WRONG = enrolment((3, 4, 5), total=13)
LONG = ("012_202610_在籍" + "あ" * 100).encode()[:246].decode(errors="ignore") + ".xlsx"


@pytest.fixture
def ward(new_ward: NewWard) -> Ward:
    return new_ward(rules=CHECKED)


def send(ward: Ward, content: bytes, name: str = ENROLMENT) -> None:
    ward.put(ward.cloud(f"inbox/{name}"), content)
    assert ward.run() == 0


def last(ward: Ward) -> tuple[object, ...]:
    row = ward.history()[-1]
    return row["from"], row["to"], row["by"], row["outcome"]


# ── never 9: nothing passes unseen ──


def test_o9_a_wrong_form_over_the_one_in_review_comes_back_and_review_keeps_its_own(ward: Ward) -> None:
    right = enrolment()
    send(ward, right)
    ward.put(ward.cloud(REVIEW), WRONG)
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert sorted(ward.tree(side)) == sorted(
            [REVIEW, *(f"corrections/{name}" for name in (ENROLMENT, MARKED, NOTE))]
        )
    assert ward.cloud(REVIEW).read_bytes() == ward.intranet(REVIEW).read_bytes() == right
    ward.quiet()


def test_o9_macros_over_the_one_in_review_go_into_quarantine(ward: Ward) -> None:
    right = enrolment()
    send(ward, right)
    ward.put(ward.cloud(REVIEW), with_macros(enrolment((1, 2, 3))))
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [REVIEW]
    assert ward.cloud(REVIEW).read_bytes() == ward.intranet(REVIEW).read_bytes() == right
    assert ward.history()[-1]["outcome"] == "quarantined"
    ward.quiet()


def test_what_has_a_password_waits_for_nobody_to_accept_it_without_a_type(ward: Ward) -> None:
    send(ward, with_password(), "ひみつ.xlsx")
    assert ward.tree("cloud") == ward.tree("intranet") == {}
    assert ward.history()[-1]["outcome"] == "quarantined"
    ward.quiet()


def test_s16_what_nobody_could_read_doesnt_pass_by_way_of_corrections(ward: Ward) -> None:
    send(ward, enrolment()[:900])
    assert "「review」へは移せません" in ward.rooms()["staff"]
    ward.drag(ward.intranet(f"inbox/{ENROLMENT}"), ward.intranet("corrections"))
    assert ward.run() == 0
    ward.drag(ward.intranet(f"corrections/{ENROLMENT}"), ward.intranet("review"))
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [f"corrections/{ENROLMENT}"]
    assert last(ward) == ("corrections", "review", "staff", "refused")
    time.sleep(0.4)  # the notice of the return waits for a note that doesn't come
    assert ward.run() == 0
    ward.quiet()


def test_s17_a_copy_of_what_nobody_could_read_is_not_offered(ward: Ward) -> None:
    send(ward, enrolment()[:900])
    ward.copy(ward.intranet(f"inbox/{ENROLMENT}"), ward.intranet("corrections/別名.xlsx"))
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [f"inbox/{ENROLMENT}"]
    assert last(ward) == ("inbox", "corrections", "staff", "refused")
    ward.quiet()


@pytest.mark.parametrize("name", ["まとめ", "012_202610_証憑", "012_202610_証憑.pdf"])
def test_a_bundle_by_another_name_is_opened(ward: Ward, name: str) -> None:
    send(ward, zipped({"a.xlsx": with_macros(enrolment()), ENROLMENT: enrolment()}), name)
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [REVIEW]
    assert "quarantined" in [row["outcome"] for row in ward.history()]
    ward.quiet()


def test_a_table_that_lets_operators_into_review_lets_nothing_unread_pass(new_ward: NewWard) -> None:
    line = "moves:\n  - {from: inbox, to: review, by: operator}\n"
    ward = new_ward(rules={**CHECKED, "enrolment.yaml": CHECKED["enrolment.yaml"] + line})
    send(ward, enrolment()[:900])
    ward.drag(ward.cloud(f"inbox/{ENROLMENT}"), ward.cloud("review"))
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [f"inbox/{ENROLMENT}"]
    ward.quiet()


def test_another_config_has_what_waits_looked_at_anew(ward: Ward) -> None:
    send(ward, enrolment(code="099"))
    assert list(ward.tree("cloud")) == [f"inbox/{ENROLMENT}"]
    with ward.world() as world:
        world.examined["anything",] = None  # type: ignore[assignment]  # what was found by the config of before
        world.adopt(load(ward.config_path))
        assert not world.examined


# ── names ──


def test_o1_a_long_name_comes_back_with_all_that_lies_beside_it(ward: Ward) -> None:
    send(ward, WRONG, LONG)
    for side in ("cloud", "intranet"):
        tree = ward.tree(side)
        assert len(tree) == 3 and f"corrections/{LONG}" in tree
        assert sum(name.startswith("corrections/理由_") for name in tree) == 1
    ward.quiet()
    send(ward, enrolment(), LONG)
    assert list(ward.tree("cloud")) == [f"review/{LONG}"]
    ward.quiet()


def test_o1_members_with_long_and_with_programs_names(ward: Ward) -> None:
    members = {"あ" * 150 + ".pdf": b"%PDF-1.4", "~$x.xlsx": b"owner", ".hidden": b"h", "x.tmp": b"t"}
    send(ward, zipped(members), "まとめ.zip")
    (name,) = ward.tree("cloud")
    assert name.startswith("inbox/あああ") and name.endswith(".pdf") and name in ward.tree("intranet")
    assert "withdrawn" not in [row["outcome"] for row in ward.history()]
    ward.quiet()


def test_o4_a_marked_copy_that_lost_its_marks_loses_its_mark_in_the_name(ward: Ward) -> None:
    send(ward, WRONG)
    send(ward, enrolment(), MARKED)
    assert list(ward.tree("cloud")) == [REVIEW]
    ward.quiet()


# ── what lies beside a returned file ──


def test_s13_staff_save_the_marked_copy(ward: Ward) -> None:
    send(ward, WRONG)
    copy = ward.intranet(f"corrections/{MARKED}")
    copy.write_bytes(saved_anew(copy.read_bytes(), A9="ここも"))
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert sorted(ward.tree(side)) == sorted(f"corrections/{name}" for name in (ENROLMENT, MARKED, NOTE))
    assert ward.cloud(f"corrections/{MARKED}").read_bytes() == copy.read_bytes()
    ward.quiet()


def test_s13_staff_save_the_marked_copy_while_the_operator_corrects_it(ward: Ward) -> None:
    send(ward, WRONG)
    ours, theirs = ward.intranet(f"corrections/{MARKED}"), ward.cloud(f"corrections/{MARKED}")
    by_staff = saved_anew(ours.read_bytes(), A9="ここも")
    ours.write_bytes(by_staff)
    theirs.write_bytes(saved_anew(theirs.read_bytes(), B6=12))
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == [REVIEW]
    assert ward.kept_bytes(by_staff)
    ward.quiet()


def test_d4_what_lies_beside_a_file_is_that_files_again(ward: Ward) -> None:
    bill, listed = forms.INVOICE, f"{CHANGES}012_202610_運営費請求書.txt"
    send(ward, WRONG)
    send(ward, invoice(5), bill)
    desk = ward.intranet(f"review/{bill}")
    desk.write_bytes(saved_anew(desk.read_bytes(), B2=6))
    ward.drag(desk, ward.intranet("corrections"))
    assert ward.run() == 0
    before = ward.tree("cloud", lists=True)
    ward.lose_database()
    assert ward.run() == 0
    assert ward.tree("cloud", lists=True).keys() == ward.tree("intranet", lists=True).keys() == before.keys()
    ward.quiet()
    send(ward, enrolment())
    left = sorted([REVIEW, f"corrections/{bill}", f"corrections/{listed}"])
    assert sorted(ward.tree("cloud", lists=True)) == left, "note and marked copy leave with their own file"
    ward.quiet()


# ── what a form is compared with ──


def test_a_withdrawn_form_is_compared_with_no_more(ward: Ward) -> None:
    send(ward, enrolment((3, 4, 5)))
    ward.cloud(REVIEW).unlink()
    assert ward.run() == 0
    send(ward, invoice(13), forms.INVOICE)
    assert f"review/{forms.INVOICE}" in ward.tree("cloud")


# ── an operator's page ──


def test_never_1_what_an_operator_saves_over_its_page_is_taken_to_inbox(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED, pages=True)
    assert ward.run() == 0 and ward.run() == 0
    page = ward.cloud("提出状況.pdf")
    shown = page.read_bytes()
    ward.put(page, "the operator's own")
    for _ in range(3):
        assert ward.run() == 0
    assert ward.tree("intranet") == {"inbox/提出状況.pdf": "the operator's own"}
    assert page.read_bytes()[:5] == shown[:5] == b"%PDF-"
    ward.quiet()


# ── staff at once ──


def test_s17_copied_just_after_saving_is_one_gesture(ward: Ward) -> None:
    sent = enrolment()
    send(ward, sent)
    ward.said()
    desk = ward.intranet(REVIEW)
    desk.write_bytes(saved_anew(sent))
    ward.copy(desk, ward.intranet("confirmed"))
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [f"confirmed/{ENROLMENT}"]
    assert "staff" not in ward.rooms(), "it was no file of staff's own"
    ward.quiet()


def test_s19_a_short_title_doesnt_stand_in_an_extension(ward: Ward) -> None:
    ward.put(ward.intranet("corrections/依頼_x.txt"), "")
    assert ward.run() == 0
    send(ward, enrolment())
    ward.drag(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert "corrections/依頼_x.txt" in ward.tree("cloud")
