"""`syncd notices`: what was said, what failed, and trying again; never an address."""

from __future__ import annotations

from tests.cli.ward import ENROLMENT, Ward

NAMES = ["id", "room", "text", "state", "attempts", "error", "moves"]


def test_what_was_said(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    found = ward.json("notices")
    assert all(list(one) == NAMES for one in found)
    assert {(one["room"], one["state"], one["attempts"]) for one in found} == {
        ("himawari", "sent", 1),
        ("staff", "sent", 1),
    }
    text = ward.run("notices").stdout
    assert "himawari" in text and "【受領】" in text
    assert "spool://" not in text


def test_nothing_yet(ward: Ward) -> None:
    assert ward.run("notices").stdout == "nothing was said yet\n"
    assert ward.json("notices") == []


def test_what_could_not_be_said_is_tried_again(ward: Ward) -> None:
    (ward.folder / "chat").write_text("in the way")  # so that no room's folder can be made
    ward.drop(ENROLMENT)
    ward.work()
    assert {one["state"] for one in ward.json("notices")} <= {"waiting", "failed"}
    assert ward.json("notices")[0]["error"]
    (ward.folder / "chat").unlink()
    result = ward.run("notices", "retry")
    assert result.exit_code == 0
    ward.work()
    sent = [one for one in ward.json("notices") if one["room"] == "himawari"]
    assert {one["state"] for one in sent} == {"sent"}
