"""S8, S9, S14, S15, S17, S18: files that staff put in, keep for themselves, are still making, accept, or copy."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from syncd.journey import round_for
from tests.stories.operator_steps import CONFIRMED, CORRECTIONS, INBOX, REVIEW, confirm, give_back, offer, since
from tests.stories.staff_steps import ARRIVAL, Save, both, rounds, told
from tests.stories.ward import ENROLMENT, INVOICE, NewWard, Ward

UNKNOWN = "メモ 写真(1).jpg"


# ── S8 ──


def test_s8_what_came_by_post_goes_up_and_is_handled(ward: Ward) -> None:
    ward.put(ward.intranet(INBOX), "by post")
    assert ward.run() == 0
    both(ward, {REVIEW: "by post"})
    told(ward, himawari="【受領】", staff="【到着】")
    assert ward.moves() == [(None, "inbox", "staff", "received"), ("inbox", "review", "syncd", "moved")]
    assert ward.kept("by post")
    ward.quiet()
    confirm(ward)
    both(ward, {CONFIRMED: "by post"})


def test_s8_of_unknown_type_waits_in_inbox(ward: Ward) -> None:
    ward.put(ward.intranet(f"inbox/郵送/{UNKNOWN}"), "by post")
    assert ward.run() == 0
    both(ward, {f"inbox/郵送/{UNKNOWN}": "by post"})
    rooms = ward.rooms()
    assert "【書類の種類が分かりません】" in rooms["staff"] and UNKNOWN not in str(rooms)
    ward.quiet()


def test_s8_again_while_one_is_in_review(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(INBOX), "by post")
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "by post"}
    [shown] = ward.tree("intranet")
    assert "（再提出 2）" in shown
    assert ward.kept("v1")
    assert "【再提出】" in ward.rooms()["staff"]
    ward.quiet()


def test_s8_the_same_bytes_again_are_known(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(INBOX), "v1")
    assert ward.run() == 0
    both(ward, {REVIEW: "v1"})
    assert set(ward.rooms()) == {"staff"}
    assert since(ward, ARRIVAL) == [(None, "inbox", "staff", "already_received")]
    ward.quiet()


# ── S9 ──


@pytest.mark.parametrize("place", ["review/計算.xlsx", "計算.xlsx", "資料/計算.xlsx", f"review/作業/{ENROLMENT}"])
def test_s9_a_file_of_staffs_own_is_left_alone(ward: Ward, place: str) -> None:
    ward.put(ward.intranet(place), "ours")
    assert ward.run() == 0
    assert ward.tree("cloud") == {}
    assert ward.tree("intranet") == {place: "ours"}
    told(ward)
    assert ward.moves() == []
    ward.quiet()


@pytest.mark.parametrize("save", [Ward.put, Ward.save_like_excel])
def test_s9_in_confirmed_staff_are_told_once(ward: Ward, save: Save) -> None:
    ward.put(ward.intranet("confirmed/一覧.xlsx"), "ours")
    assert ward.run() == 0
    assert ward.tree("cloud") == {}
    assert "一覧" not in told(ward, staff="【記録に含まれないファイル】")["staff"]
    ward.quiet()
    save(ward.intranet("confirmed/一覧.xlsx"), "ours, edited")
    ward.run()
    ward.drag(ward.intranet("confirmed/一覧.xlsx"), ward.intranet("confirmed/一覧表.xlsx"))
    ward.run()
    save(ward.intranet("confirmed/一覧表.xlsx"), "ours, edited again")
    ward.run()
    assert ward.tree("intranet") == {"confirmed/一覧表.xlsx": "ours, edited again"}
    told(ward)
    ward.quiet()
    ward.put(ward.intranet("confirmed/別の一覧.xlsx"), "another")
    ward.run()
    told(ward, staff="【記録に含まれないファイル】")


def test_s9_moved_to_corrections_it_is_offered(ward: Ward) -> None:
    ward.put(ward.intranet("review/証憑の作り方.docx"), "ours")
    ward.run()
    ward.drag(ward.intranet("review/証憑の作り方.docx"), ward.intranet("corrections"))
    assert ward.run() == 0
    both(ward, {"corrections/証憑の作り方.docx": "ours"})
    told(ward, himawari="【修正案の確認】")
    ward.quiet()


def test_s9_deleted_or_edited_nobody_minds(ward: Ward) -> None:
    ward.put(ward.intranet("review/計算.xlsx"), "ours")
    ward.run()
    ward.put(ward.intranet("review/計算.xlsx"), "ours 2")
    ward.run()
    ward.intranet("review/計算.xlsx").unlink()
    assert ward.run() == 0
    assert ward.tree("intranet") == {} and ward.moves() == []
    told(ward)


# ── S14 ──


def test_s14_excel_saves_are_one_change_one_version_one_notice(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
    rounds(ward)
    owner = ward.intranet(f"corrections/~${ENROLMENT}")
    ward.put(owner, "somebody")
    ward.save_like_excel(ward.intranet(CORRECTIONS), "by the ward")
    rounds(ward, patience=0.5)
    assert ward.tree("cloud") == {CORRECTIONS: "v1"}
    owner.unlink()
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "by the ward"})
    told(ward, himawari="【修正案の確認】")
    with ward.world(read_only=True) as world:
        [file] = world.ledger.known("himawari")
        assert len(world.ledger.versions_of("himawari", file.line)) == 2
    ward.quiet()


def test_s14_every_step_of_an_excel_save_may_be_seen(ward: Ward) -> None:
    ward.arrive()
    path = ward.intranet(REVIEW)
    ward.put(path.with_name("5A3B2C10"), "edited")
    rounds(ward, patience=0.2)
    path.rename(path.with_name("6B4C3D21.tmp"))
    with ward.world() as world:
        for operator in world.config.operators:
            round_for(world, operator)
    path.with_name("5A3B2C10").rename(path)
    path.with_name("6B4C3D21.tmp").unlink()
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {REVIEW: "edited"}
    assert since(ward, ARRIVAL) == [("review", "review", "staff", "edited")]
    told(ward)
    ward.quiet()


def test_s14_only_the_open_file_is_waited_for(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(INVOICE, "i1")
    ward.put(ward.intranet(f"confirmed/~${ENROLMENT}"), "somebody")
    for name in (ENROLMENT, INVOICE):
        ward.drag(ward.intranet(f"review/{name}"), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1", f"confirmed/{INVOICE}": "i1"}
    assert "運営費請求書" in told(ward, himawari="【確認済み】")["himawari"]
    ward.intranet(f"confirmed/~${ENROLMENT}").unlink()
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1", f"confirmed/{INVOICE}": "i1"})
    told(ward, himawari="【確認済み】")
    ward.quiet()


@pytest.mark.parametrize("stage", ["inbox", "corrections"])
@pytest.mark.parametrize(
    "name",
    [
        "新規 Microsoft Excel ワークシート.xlsx",
        "新しいテキスト ドキュメント.txt",
        "新しい Microsoft Word 文書.docx",
        "New Microsoft Excel Worksheet.xlsx",
        "Book1.xlsx",
    ],
)
@pytest.mark.parametrize("content", ["", "begun"])
def test_s14_empty_and_unnamed_files_never_travel(ward: Ward, stage: str, name: str, content: str) -> None:
    ward.put(ward.intranet(f"{stage}/{name}"), content)
    assert ward.run() == 0
    assert ward.tree("cloud") == {}
    told(ward)
    assert ward.moves() == []
    target = ward.intranet(f"{stage}/012_202610_証憑_新規.xlsx")
    ward.drag(ward.intranet(f"{stage}/{name}"), target)
    ward.put(target, "written")
    assert ward.run() == 0
    assert list(ward.tree("cloud").values()) == ["written"]
    assert len(ward.rooms()["himawari"].splitlines()) == 1
    ward.quiet()


def test_s14_a_file_that_grows_never_travels_half(ward: Ward) -> None:
    path = ward.intranet("corrections/大きな資料.xlsx")
    path.parent.mkdir(exist_ok=True)
    for part in range(4):
        with path.open("ab") as file:
            file.write(b"x" * 1000)
            file.flush()
            rounds(ward, patience=0.2)
            assert ward.tree("cloud") == {}, part
    assert ward.run() == 0
    assert ward.tree("cloud") == {"corrections/大きな資料.xlsx": "x" * 4000}
    told(ward, himawari="【修正案の確認】")
    ward.quiet()


@pytest.mark.parametrize("stage", ["inbox", "corrections"])
def test_s14_a_file_that_another_process_writes_is_waited_for(ward: Ward, stage: str) -> None:
    """The size stands still for long, but the writer isn't done: size and time prove nothing, `closed` does."""
    path = ward.intranet(f"{stage}/{ENROLMENT}")
    script = (
        "import sys; file = open(sys.argv[1], 'wb'); file.write(b'half'); file.flush();"
        "print(flush=True); input(); file.write(b' and half')"
    )
    writer = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None and writer.stdin is not None
    writer.stdout.readline()
    time.sleep(0.2)
    ward.put(ward.intranet(f"{stage}/012_202610_証憑_別.pdf"), "meanwhile")
    assert ward.run() == 0
    assert list(ward.tree("cloud").values()) == ["meanwhile"]
    assert not ward.kept("half")
    writer.communicate("\n")
    assert ward.run() == 0
    assert sorted(ward.tree("cloud").values()) == ["half and half", "meanwhile"]
    assert not ward.kept("half")
    ward.quiet()


def test_s14_a_tracked_file_being_written_over_slowly(ward: Ward) -> None:
    ward.arrive()
    offer(ward)
    with ward.intranet(CORRECTIONS).open("r+b") as file:
        file.truncate()
        file.write(b"new ha")
        file.flush()
        ward.run()
        assert ward.tree("cloud") == {CORRECTIONS: "v1 by the ward"}
        file.write(b"lf")
    ward.run()
    both(ward, {CORRECTIONS: "new half"})
    told(ward, himawari="【修正案の確認】")
    assert not ward.kept("new ha")
    ward.quiet()


def test_s14_a_drag_of_a_file_that_is_open_for_writing_waits(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "edit")
    ward.run()
    with ward.intranet(REVIEW).open("r+b") as file:
        ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
        file.write(b"edit, saved at last")
        file.flush()
        ward.run()
        assert ward.tree("cloud") == {REVIEW: "v1"}
    ward.run()
    both(ward, {CORRECTIONS: "edit, saved at last"})
    told(ward, himawari="【修正案の確認】")
    ward.quiet()


# ── S15 ──


@pytest.mark.parametrize("target", ["review", "corrections"])
def test_s15_unknown_type_is_accepted_by_a_drag(ward: Ward, target: str) -> None:
    ward.write_config(note_wait="60")
    ward.put(ward.cloud(f"inbox/{UNKNOWN}"), "v1")
    ward.run()
    both(ward, {f"inbox/{UNKNOWN}": "v1"})
    ward.said()
    before = len(ward.history())
    ward.drag(ward.intranet(f"inbox/{UNKNOWN}"), ward.intranet(target))
    if target == "corrections":
        ward.put(ward.intranet("corrections/理由.txt"), "何の書類ですか")
    assert ward.run() == 0
    files = {f"{target}/{UNKNOWN}": "v1"}
    both(ward, files if target == "review" else {**files, "corrections/理由.txt": "何の書類ですか"})
    text = told(ward, himawari="【受領】" if target == "review" else "【修正のお願い】")["himawari"]
    assert UNKNOWN not in text
    assert since(ward, before)[0] == ("inbox", target, "staff", "moved")
    ward.quiet()


def test_s15_then_confirmed(ward: Ward) -> None:
    ward.put(ward.cloud(f"inbox/{UNKNOWN}"), "v1")
    ward.run()
    for target in ("review", "confirmed"):
        [place] = ward.tree("intranet")
        ward.drag(ward.intranet(place), ward.intranet(target))
        ward.run()
    both(ward, {f"confirmed/{UNKNOWN}": "v1"})
    ward.quiet()


def test_s15_edited_and_offered(ward: Ward) -> None:
    ward.put(ward.cloud(f"inbox/{UNKNOWN}"), "v1")
    ward.run()
    ward.said()
    ward.put(ward.intranet(f"inbox/{UNKNOWN}"), "by the ward")
    ward.drag(ward.intranet(f"inbox/{UNKNOWN}"), ward.intranet("corrections"))
    assert ward.run() == 0
    both(ward, {f"corrections/{UNKNOWN}": "by the ward"})
    told(ward, himawari="【修正案の確認】")
    assert ward.kept("v1")
    ward.quiet()


def test_s15_straight_to_confirmed_is_refused(ward: Ward) -> None:
    ward.put(ward.cloud(f"inbox/{UNKNOWN}"), "v1")
    ward.run()
    ward.said()
    before = len(ward.history())
    ward.drag(ward.intranet(f"inbox/{UNKNOWN}"), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {f"inbox/{UNKNOWN}": "v1"})
    assert "「review」" in told(ward, staff="【元の場所に戻しました】")["staff"]
    assert since(ward, before) == [("inbox", "confirmed", "staff", "refused")]
    ward.quiet()


# ── S17 ──

COPIES = [ENROLMENT, ENROLMENT.replace(".xlsx", " - コピー.xlsx"), ENROLMENT.replace(".xlsx", " (2).xlsx")]


@pytest.mark.parametrize("name", COPIES)
def test_s17_a_copy_counts_as_the_drag(ward: Ward, name: str) -> None:
    ward.arrive()
    ward.copy(ward.intranet(REVIEW), ward.intranet(f"confirmed/{name}"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    told(ward, himawari="【確認済み】")
    assert since(ward, ARRIVAL) == [("review", "confirmed", "staff", "moved")]
    assert ward.kept("v1")
    ward.quiet()


def test_s17_to_corrections_edited_or_not(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "by the ward")
    ward.run()
    ward.copy(ward.intranet(REVIEW), ward.intranet("corrections"))
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "by the ward"})
    told(ward, himawari="【修正案の確認】")
    ward.copy(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "by the ward"})
    told(ward, himawari="【確認済み】", staff="【了承】")
    ward.quiet()


def test_s17_where_the_drag_is_refused_the_copy_is_staffs_own(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(REVIEW), "by the ward")
    ward.run()
    ward.copy(ward.intranet(REVIEW), ward.intranet("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {REVIEW: "by the ward", CONFIRMED: "by the ward"}
    told(ward, staff="【記録に含まれないファイル】")
    ward.quiet()


def test_s17_in_the_same_stage_or_loose_it_is_staffs_own(ward: Ward) -> None:
    ward.arrive()
    ward.copy(ward.intranet(REVIEW), ward.intranet("review/" + COPIES[1]))
    ward.copy(ward.intranet(REVIEW), ward.intranet(ENROLMENT))
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {REVIEW: "v1", f"review/{COPIES[1]}": "v1", ENROLMENT: "v1"}
    told(ward)
    ward.quiet()


def test_s17_under_another_name_it_is_staffs_own(ward: Ward) -> None:
    ward.arrive()
    ward.copy(ward.intranet(REVIEW), ward.intranet("confirmed/控え.xlsx"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {REVIEW: "v1"}
    assert ward.tree("intranet") == {REVIEW: "v1", "confirmed/控え.xlsx": "v1"}
    told(ward, staff="【記録に含まれないファイル】")
    ward.quiet()


def test_s17_several_at_once(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(INVOICE, "i1")
    for name in (ENROLMENT, INVOICE):
        ward.copy(ward.intranet(f"review/{name}"), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1", f"confirmed/{INVOICE}": "i1"})
    told(ward, himawari="【確認済み】")
    ward.quiet()


def test_s17_of_a_returned_file_with_its_note(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)
    ward.copy(ward.intranet(CORRECTIONS), ward.intranet("confirmed"))
    assert ward.run() == 0
    both(ward, {CONFIRMED: "v1"})
    ward.quiet()


# ── S18 ──


@pytest.mark.parametrize(
    "name", ["原本受領.txt", "原本受領_交付申請書.pdf", "原本受領2026-11-05.xlsx", "2026/原本受領.txt"]
)
@pytest.mark.parametrize("content", ["", "11月5日受領"])
def test_s18_a_receipt_is_recorded_and_stays(ward: Ward, name: str, content: str) -> None:
    ward.put(ward.intranet(f"confirmed/{name}"), content)
    assert ward.run() == 0
    assert ward.tree("cloud") == {}
    assert ward.tree("intranet") == {f"confirmed/{name}": content}
    assert ward.moves() == [(None, "confirmed", "staff", "original_received")]
    told(ward)
    ward.quiet()
    ward.intranet(f"confirmed/{name}").unlink()
    assert ward.run() == 0
    assert ward.tree("intranet") == {}
    assert ward.moves()[1:] == [("confirmed", None, "staff", "withdrawn")]
    ward.quiet()


def test_s18_for_each_operator_by_itself(new_ward: NewWard) -> None:
    ward = new_ward()
    ward.put(ward.intranet("confirmed/原本受領.txt", "sakura"), "received")
    assert ward.run() == 0
    assert ward.moves("himawari") == [] and len(ward.moves("sakura")) == 1
