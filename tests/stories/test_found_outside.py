"""What somebody who knew only the folders and commands once found: each finding stays as a story."""

from __future__ import annotations

import time

from tests.stories.daemons import until, working
from tests.stories.ward import ENROLMENT, INVOICE, Ward

RENAMED = "012_令和8年10月_在籍児童数報告書.xlsx"


def test_s17_copy_and_a_rename_by_the_operator_at_once(ward: Ward) -> None:
    ward.arrive()
    ward.copy(ward.intranet(f"review/{ENROLMENT}"), ward.intranet(f"corrections/{ENROLMENT}"))
    ward.drag(ward.cloud(f"review/{ENROLMENT}"), ward.cloud(f"review/{RENAMED}"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"corrections/{RENAMED}": "v1"}
    ward.quiet()


def test_s17_copy_to_confirmed_while_the_operator_sends_other_bytes(ward: Ward) -> None:
    ward.arrive()
    ward.copy(ward.intranet(f"review/{ENROLMENT}"), ward.intranet(f"confirmed/{ENROLMENT}"))
    ward.put(ward.cloud(f"review/{ENROLMENT}"), "v2")
    assert ward.run() == 0
    expected = {f"confirmed/{ENROLMENT}": "v1", f"review/{ENROLMENT}": "v2"}
    assert ward.tree("cloud") == ward.tree("intranet") == expected
    ward.quiet()


def test_s17_copy_to_confirmed_while_the_operator_deletes(ward: Ward) -> None:
    ward.arrive()
    ward.copy(ward.intranet(f"review/{ENROLMENT}"), ward.intranet(f"confirmed/{ENROLMENT}"))
    ward.cloud(f"review/{ENROLMENT}").unlink()
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"confirmed/{ENROLMENT}": "v1"}
    ward.quiet()


def test_s17_copy_takes_back_what_the_operator_agrees_to_at_once(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.intranet(f"review/{ENROLMENT}"), "ward")
    ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("corrections"))
    assert ward.run() == 0
    ward.copy(ward.intranet(f"corrections/{ENROLMENT}"), ward.intranet(f"review/{ENROLMENT}"))
    ward.drag(ward.cloud(f"corrections/{ENROLMENT}"), ward.cloud("confirmed"))
    assert ward.run() == 0
    assert ward.tree("cloud") == {f"review/{ENROLMENT}": "v1"}
    assert ward.tree("intranet") == {f"review/{ENROLMENT}": "ward"}
    assert ward.moves()[-2:] == [
        ("corrections", "confirmed", "operator", "refused"),
        ("corrections", "review", "staff", "moved"),
    ]
    ward.quiet()


def test_s12_renamed_while_the_operator_deletes_what_is_confirmed(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("confirmed"))
    assert ward.run() == 0
    ward.drag(ward.intranet(f"confirmed/{ENROLMENT}"), ward.intranet(f"confirmed/{RENAMED}"))
    ward.cloud(f"confirmed/{ENROLMENT}").unlink()
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"confirmed/{RENAMED}": "v1"}
    ward.quiet()


def test_o10_renamed_while_staff_edit_in_corrections(ward: Ward) -> None:
    ward.arrive()
    ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("corrections"))
    assert ward.run() == 0
    ward.put(ward.intranet(f"corrections/{ENROLMENT}"), "ward")
    ward.drag(ward.cloud(f"corrections/{ENROLMENT}"), ward.cloud(f"corrections/{RENAMED}"))
    assert ward.run() == 0
    assert ward.tree("cloud") == ward.tree("intranet") == {f"corrections/{RENAMED}": "ward"}
    assert ("corrections", "corrections", "operator", "renamed") in ward.moves()
    ward.quiet()


def test_d4_empty_files_are_paired(ward: Ward) -> None:
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "")
    ward.put(ward.cloud("inbox/zero"), "")
    assert ward.run() == 0
    before = ward.tree("cloud"), ward.tree("intranet")
    ward.said()
    ward.lose_database()
    assert ward.run() == 0
    assert (ward.tree("cloud"), ward.tree("intranet")) == before
    assert not ward.rooms().get("himawari")
    ward.quiet()


def test_d4_nobody_is_told_again_of_notes_and_unknown_files(ward: Ward) -> None:
    ward.arrive()
    ward.put(ward.cloud("inbox/写真.jpg"), "photo")
    ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/理由.txt"), "合計が違います")
    assert ward.run() == 0
    ward.said()
    ward.lose_database()
    assert ward.run() == 0
    assert not ward.rooms().get("himawari")
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v2")
    assert ward.run() == 0
    assert ward.tree("cloud") == {"inbox/写真.jpg": "photo", f"review/{ENROLMENT}": "v2"}
    ward.quiet()


def test_s14_a_slow_save_with_an_owner_file_is_no_deletion(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(INVOICE, "bill")
    path = ward.intranet(f"review/{ENROLMENT}")
    with working(ward):
        owner, new, old = path.with_name(f"~${ENROLMENT}"), path.with_name("5A3B2C10"), path.with_name("6B4C3D21.tmp")
        owner.write_text("staff")
        new.write_text("edited")
        path.rename(old)
        time.sleep(0.5)  # ten times the time after which a file counts as quiet
        new.rename(path)
        old.unlink()
        owner.unlink()
        until(lambda: ("review", "review", "staff", "edited") in ward.moves())
    assert ward.moves()[-1] == ("review", "review", "staff", "edited")
    assert not any(outcome == "refused" for *_, outcome in ward.moves())
