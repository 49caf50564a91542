"""Documents that check themselves: what is right goes on, what is wrong comes back with its reasons, all by itself."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from tests.stories import forms
from tests.stories.forms import CHECKED, enrolment, invoice, saved_anew, zipped
from tests.stories.ward import ENROLMENT, NewWard

NOTE = f"理由_{ENROLMENT}.txt"
MARKED = "012_202610_在籍児童数報告書（指摘）.xlsx"
CHANGES = "変更箇所_012_202610_在籍児童数報告書.txt"


def test_o1_a_right_form_goes_to_review_and_its_history_names_the_rule_as_it_was(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), enrolment())
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [f"review/{ENROLMENT}"]
    moved = ward.history()[-1]
    assert (moved["from"], moved["to"], moved["outcome"]) == ("inbox", "review", "moved")
    rule, _, version = moved["rule"].partition("@")
    assert rule.startswith("enrolment.yaml:") and len(version) >= 7
    ward.quiet()


def test_o1_a_wrong_form_comes_back_with_a_note_and_a_marked_copy(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    wrong = enrolment((3, 4, 5), total=13)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), wrong)
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert sorted(ward.tree(side)) == sorted(f"corrections/{name}" for name in (ENROLMENT, MARKED, NOTE))
    assert ward.cloud(f"corrections/{ENROLMENT}").read_bytes() == wrong, "the original is untouched"
    note = ward.cloud(f"corrections/{NOTE}").read_bytes().decode()
    assert "年齢別の計12人と合計13人が一致しません" in note and "様式!B3:B5、B6" in note and "ひまわり保育園" in note
    assert note == ward.intranet(f"corrections/{NOTE}").read_bytes().decode()
    book = load_workbook(io.BytesIO(ward.cloud(f"corrections/{MARKED}").read_bytes()))
    commented = {cell.coordinate for row in book.active.iter_rows() for cell in row if cell.comment}  # type: ignore[union-attr]
    assert "B6" in commented
    (text,) = ward.said("himawari")
    assert "在籍児童数報告書" in text and "様式!B" in text and "13" not in text.replace("B3:B5", "")
    ward.quiet()


def test_o4_a_corrected_marked_copy_is_taken_without_its_marks(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), enrolment((3, 4, 5), total=13))
    assert ward.run() == 0
    copy = ward.cloud(f"corrections/{MARKED}")
    copy.write_bytes(saved_anew(copy.read_bytes(), B6=12))
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [f"review/{ENROLMENT}"]
    book = load_workbook(io.BytesIO(ward.cloud(f"review/{ENROLMENT}").read_bytes()))
    sheet = book.active
    assert sheet is not None and sheet["B6"].value == 12
    assert not any(cell.comment for row in sheet.iter_rows() for cell in row)
    ward.quiet()


def test_o4_a_copy_with_marks_put_into_inbox_is_the_same_document(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), enrolment((3, 4, 5), total=13))
    assert ward.run() == 0
    corrected = saved_anew(ward.cloud(f"corrections/{MARKED}").read_bytes(), B6=12)
    ward.put(ward.cloud(f"inbox/{MARKED}"), corrected)
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [f"review/{ENROLMENT}"]
    ward.quiet()


def test_o4_sent_again_rightly_note_and_copy_leave(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), enrolment((3, 4, 5), total=13))
    assert ward.run() == 0
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), enrolment((3, 4, 6)))
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [f"review/{ENROLMENT}"]
    ward.quiet()


def test_o1_a_warning_goes_to_review_and_only_staff_are_told(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), enrolment((30, 40, 50)))
    assert ward.run() == 0
    assert list(ward.tree("intranet")) == [f"review/{ENROLMENT}"]
    rooms = ward.rooms()
    assert "要確認" in rooms["staff"] and "様式!B6" in rooms["staff"] and "要確認" not in rooms["himawari"]


def test_the_months_documents_are_compared_whichever_comes_first(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), enrolment((3, 4, 5)))
    assert ward.run() == 0
    ward.put(ward.cloud(f"inbox/{forms.INVOICE}"), invoice(13))
    assert ward.run() == 0
    note = ward.tree("cloud")[f"corrections/理由_{forms.INVOICE}.txt"]
    assert "児童数が一致しません" in note
    ward.put(ward.cloud(f"inbox/{forms.INVOICE}"), invoice(12))
    assert ward.run() == 0
    assert f"review/{forms.INVOICE}" in ward.tree("cloud")

    # the other way round, for sakura
    bill = forms.INVOICE.replace("012", "013", 1)
    count = ENROLMENT.replace("012", "013", 1)
    ward.put(ward.cloud(f"inbox/{bill}", "sakura"), invoice(13))
    assert ward.run() == 0
    assert f"review/{bill}" in ward.tree("cloud", "sakura"), "nothing to compare it with yet"
    ward.put(ward.cloud(f"inbox/{count}", "sakura"), enrolment((3, 4, 5), code="013"))
    assert ward.run() == 0
    assert "児童数が一致しません" in ward.tree("cloud", "sakura")[f"corrections/理由_{count}.txt"]
    ward.quiet()


def test_the_month_before_is_compared_with(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ward.put(ward.cloud(f"inbox/{ENROLMENT.replace('202610', '202609')}"), enrolment((3, 4, 5)))
    assert ward.run() == 0
    ward.said()
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), enrolment((13, 14, 15)))
    assert ward.run() == 0
    assert "要確認" in ward.rooms()["staff"]


def test_o1_another_facilitys_form_is_held_and_nobody_named(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    for name, content in (
        (ENROLMENT.replace("012", "013", 1), enrolment(code="013")),  # by its name
        (ENROLMENT.replace("202610", "202611"), enrolment(code="013")),  # by what stands in it
    ):
        ward.put(ward.cloud(f"inbox/{name}"), content)
        assert ward.run() == 0
        assert f"inbox/{name}" in ward.tree("cloud") and f"inbox/{name}" in ward.tree("intranet")
        rooms = ward.rooms()
        assert "施設番号がフォルダーと一致しません" in rooms["himawari"]
        assert "確認待ち" in rooms["staff"]
        assert not any(word in rooms["himawari"] for word in ("013", "さくら"))
        ward.quiet()
    # a person of the ward looked: it is this facility's after all
    name = ENROLMENT.replace("202610", "202611")
    ward.drag(ward.intranet(f"inbox/{name}"), ward.intranet(f"review/{name}"))
    assert ward.run() == 0
    assert f"review/{name}" in ward.tree("cloud")
    assert ward.history()[-1]["by"] == "staff" and ward.history()[-1]["outcome"] == "moved"
    ward.quiet()


def test_never_9_what_could_not_be_read_passes_no_drag(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), enrolment()[:900])
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == [f"inbox/{ENROLMENT}"]
    assert "確認待ち" in ward.rooms()["staff"]
    ward.drag(ward.intranet(f"inbox/{ENROLMENT}"), ward.intranet(f"review/{ENROLMENT}"))
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == [f"inbox/{ENROLMENT}"]
    assert ward.history()[-1]["outcome"] == "refused"
    ward.said()
    ward.drag(ward.intranet(f"inbox/{ENROLMENT}"), ward.intranet(f"corrections/{ENROLMENT}"))
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == [f"corrections/{ENROLMENT}"], "sending it back is always possible"
    ward.quiet()


def test_o1_what_has_a_password_or_macros_goes_into_quarantine(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), forms.with_password())
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {}
    rooms = ward.rooms()
    assert all("パスワードを外して" in rooms[room] for room in ("himawari", "staff"))
    ward.put(ward.cloud("inbox/012_202611_在籍.xlsx"), forms.with_macros(enrolment()))
    assert ward.run() == 0
    assert "012_202611" not in "".join([*ward.tree("cloud"), *ward.tree("intranet")])
    rooms = ward.rooms()
    assert all("マクロなしの形式" in rooms[room] for room in ("himawari", "staff"))
    assert ward.history()[-1]["outcome"] == "quarantined"
    there = sorted(path.name for path in (ward.folder / "state/quarantine").iterdir())
    assert there == [f"1_{ENROLMENT}", "2_012_202611_在籍.xlsx"]
    ward.quiet()


def test_o1_a_bundle_is_opened_and_each_file_goes_its_own_way(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    wrong = "012_202611_在籍児童数報告書.xlsx"
    bundle = zipped({ENROLMENT: enrolment(), wrong: enrolment(total=1), "メモ.bin": b"?"}, "cp932")
    ward.put(ward.cloud("inbox/10月分.zip"), bundle)
    assert ward.run() == 0
    tree = ward.tree("cloud")
    assert f"review/{ENROLMENT}" in tree and f"corrections/{wrong}" in tree and "inbox/メモ.bin" in tree
    assert not any(name.endswith(".zip") for name in (*tree, *ward.tree("intranet")))
    unpacked = next(row for row in ward.history() if row["outcome"] == "unpacked")
    assert unpacked["file"] == "10月分.zip"
    assert ward.kept_bytes(bundle), "the bundle can be had back"
    assert ward.sql("SELECT DISTINCT bundle FROM files WHERE bundle != ''") == [("10月分.zip",)]
    ward.quiet()


def test_o1_evidence_in_a_bundle_belongs_to_what_the_bundle_is_called_after(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ward.put(
        ward.cloud("inbox/012_202610_証憑.zip"), zipped({"写真1.jpg": b"\xff\xd8\xff1", "写真2.jpg": b"\xff\xd8\xff2"})
    )
    assert ward.run() == 0
    assert sorted(ward.tree("cloud")) == ["review/写真1.jpg", "review/写真2.jpg"]
    assert set(ward.sql("SELECT document, period FROM files WHERE closed_at IS NULL")) == {("evidence", "2026-10")}
    ward.quiet()


def test_s2_what_the_ward_changed_is_listed_cell_by_cell(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    sent = enrolment((3, 4, 5))
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), sent)
    assert ward.run() == 0
    ward.said()
    desk = ward.intranet(f"review/{ENROLMENT}")
    desk.write_bytes(saved_anew(sent, B3=4, B6=13))
    ward.drag(desk, ward.intranet(f"corrections/{ENROLMENT}"))
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert sorted(ward.tree(side, lists=True)) == sorted(f"corrections/{name}" for name in (ENROLMENT, CHANGES))
    listed = ward.tree("cloud", lists=True)[f"corrections/{CHANGES}"]
    assert "様式!B3：3 → 4" in listed and "様式!B6：12 → 13" in listed
    (text,) = ward.said("himawari")
    assert "修正案" in text and "B3" in text and "B6" in text and "13" not in text
    ward.quiet()
    ward.drag(ward.cloud(f"corrections/{ENROLMENT}"), ward.cloud(f"confirmed/{ENROLMENT}"))
    assert ward.run() == 0
    assert list(ward.tree("cloud", lists=True)) == [f"confirmed/{ENROLMENT}"]
    assert list(ward.tree("intranet", lists=True)) == [f"confirmed/{ENROLMENT}"]
    ward.quiet()


def test_s2_only_saved_anew_it_is_a_return_of_what_the_operator_sent(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    sent = enrolment()
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), sent)
    assert ward.run() == 0
    desk = ward.intranet(f"review/{ENROLMENT}")
    desk.write_bytes(saved_anew(sent))
    ward.drag(desk, ward.intranet(f"corrections/{ENROLMENT}"))
    assert ward.run() == 0
    for side in (ward.cloud, ward.intranet):
        assert side(f"corrections/{ENROLMENT}").read_bytes() == sent
    ward.drag(ward.cloud(f"corrections/{ENROLMENT}"), ward.cloud(f"confirmed/{ENROLMENT}"))
    assert ward.run() == 0
    assert f"corrections/{ENROLMENT}" in ward.tree("cloud"), "what came back has to be corrected"


def test_s4_only_saved_anew_it_is_confirmed_as_the_operator_sent_it(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    sent = enrolment()
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), sent)
    assert ward.run() == 0
    desk = ward.intranet(f"review/{ENROLMENT}")
    anew = saved_anew(sent)
    desk.write_bytes(anew)
    ward.drag(desk, ward.intranet(f"confirmed/{ENROLMENT}"))
    assert ward.run() == 0
    for side in (ward.cloud, ward.intranet):
        assert side(f"confirmed/{ENROLMENT}").read_bytes() == sent
    assert ward.kept_bytes(anew), "what staff saved can be had back"
    ward.quiet()


def test_s19_a_request_is_told_answered_and_closed(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ask = "依頼_避難訓練の記録.txt"
    ward.put(ward.intranet(f"corrections/{ask}"), "")
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == [f"corrections/{ask}"]
    assert "避難訓練の記録" in ward.rooms()["himawari"]
    ward.quiet()
    ward.put(ward.cloud("inbox/避難訓練の記録_10月.pdf"), "v1")
    assert ward.run() == 0
    assert "review/避難訓練の記録_10月.pdf" in ward.tree("cloud")
    ward.said()
    ward.drag(ward.intranet("review/避難訓練の記録_10月.pdf"), ward.intranet("confirmed/避難訓練の記録_10月.pdf"))
    assert ward.run() == 0
    assert list(ward.tree("cloud")) == list(ward.tree("intranet")) == ["confirmed/避難訓練の記録_10月.pdf"]
    ward.quiet()


def test_s19_staff_take_a_request_back(new_ward: NewWard) -> None:
    ward = new_ward(rules=CHECKED)
    ask = "依頼_避難訓練の記録.txt"
    ward.put(ward.intranet(f"corrections/{ask}"), "11月中にお願いします。")
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"corrections/{ask}": "11月中にお願いします。"}
    ward.said()
    ward.intranet(f"corrections/{ask}").unlink()
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {}
    assert "取下げ" in ward.rooms()["himawari"]
    ward.quiet()
