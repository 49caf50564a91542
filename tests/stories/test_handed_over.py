"""S20: a form that was sent in with another facility of the corporation is handed over to the one whose it is."""

from __future__ import annotations

import pytest

from tests.stories.forms import CHECKED, enrolment, saved_anew
from tests.stories.ward import ENROLMENT, NewWard, Ward

HIMAWARI, SAKURA = "himawari", "sakura"
FORM = saved_anew(enrolment(code="012"), D1="ひまわり保育園")


def of_one_corporation(ward: Ward, *corporations: str) -> Ward:
    text = ward.config_path.read_text(encoding="utf-8")
    for code, corporation in zip(("012", "013"), corporations, strict=True):
        text = text.replace(f"code: '{code}'", f"code: '{code}', corporation: {corporation}")
    ward.config_path.write_text(text, encoding="utf-8")
    return ward


@pytest.fixture
def ward(new_ward: NewWard) -> Ward:
    return of_one_corporation(new_ward(rules=CHECKED), "青空会", "青空会")


def held(ward: Ward, content: bytes = FORM, name: str = ENROLMENT) -> None:
    """It lies in the inbox of the wrong one, and both sides know that it waits."""
    ward.put(ward.cloud(f"inbox/{name}", SAKURA), content)
    assert ward.run() == 0
    assert list(ward.tree("intranet", SAKURA)) == [f"inbox/{name}"]
    ward.said()


def drag(ward: Ward, name: str = ENROLMENT, stage: str = "inbox") -> None:
    ward.drag(ward.intranet(f"inbox/{name}", SAKURA), ward.intranet(stage, HIMAWARI))
    assert ward.run() == 0


def test_s20_it_leaves_the_first_cloud_and_is_judged_in_the_second(ward: Ward) -> None:
    held(ward)
    drag(ward)
    assert ward.tree("cloud", SAKURA) == ward.tree("intranet", SAKURA) == {}
    for side in ("cloud", "intranet"):
        assert list(ward.tree(side, HIMAWARI)) == [f"review/{ENROLMENT}"]
    rooms = ward.rooms()
    assert "【提出先の振替え】さくら保育園" in rooms[SAKURA] and "ひまわり" not in rooms[SAKURA]
    assert "ひまわり保育園" in rooms[HIMAWARI] and "さくら" not in rooms[HIMAWARI]
    assert ward.moves(SAKURA)[-1] == ("inbox", None, "staff", "handed_over")
    assert ward.moves(HIMAWARI) == [(None, "inbox", "staff", "received"), ("inbox", "review", "syncd", "moved")]
    assert ward.kept_bytes(FORM)
    ward.quiet()


def test_s20_what_was_handed_over_is_the_second_ones_own(ward: Ward) -> None:
    held(ward)
    drag(ward)
    ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("corrections"))
    ward.put(ward.intranet("corrections/写し.xlsx"), FORM)
    assert ward.run() == 0
    assert set(ward.tree("cloud")) >= {f"corrections/{ENROLMENT}", "corrections/写し.xlsx"}


def test_s20_a_faulty_one_is_returned_to_the_second(ward: Ward) -> None:
    held(ward, saved_anew(enrolment(total=99, code="012"), D1="ひまわり保育園"))
    drag(ward)
    assert f"corrections/{ENROLMENT}" in ward.tree("cloud", HIMAWARI)
    assert ward.tree("cloud", SAKURA) == {}
    ward.quiet()


@pytest.mark.parametrize("corporations", [("青空会", "緑会"), ()])
def test_s11_of_another_corporation_it_is_put_back(new_ward: NewWard, corporations: tuple[str, ...]) -> None:
    ward = new_ward(rules=CHECKED)
    if corporations:
        of_one_corporation(ward, *corporations)
    held(ward)
    drag(ward)
    assert list(ward.tree("intranet", SAKURA)) == list(ward.tree("cloud", SAKURA)) == [f"inbox/{ENROLMENT}"]
    assert ward.tree("cloud", HIMAWARI) == ward.tree("intranet", HIMAWARI) == {}
    assert set(ward.rooms()) == {"staff"}
    ward.quiet()


@pytest.mark.parametrize("stage", ["review", "corrections", "confirmed", ""])
def test_s11_elsewhere_than_into_the_inbox_it_is_put_back(ward: Ward, stage: str) -> None:
    held(ward)
    drag(ward, stage=stage)
    assert list(ward.tree("intranet", SAKURA)) == list(ward.tree("cloud", SAKURA)) == [f"inbox/{ENROLMENT}"]
    assert ward.tree("cloud", HIMAWARI) == ward.tree("intranet", HIMAWARI) == {}
    assert set(ward.rooms()) == {"staff"}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (enrolment(code="012"), ENROLMENT),  # its code, nobody's name
        (FORM, "013_202610_在籍児童数報告書.xlsx"),  # the other's code in its name
        (saved_anew(enrolment(code="013"), D1="ひまわり保育園"), ENROLMENT),  # the other's code in its field
    ],
)
def test_s11_without_code_and_name_it_is_put_back(ward: Ward, content: bytes, name: str) -> None:
    held(ward, content, name)
    drag(ward, name)
    assert list(ward.tree("intranet", SAKURA)) == list(ward.tree("cloud", SAKURA)) == [f"inbox/{name}"]
    assert ward.tree("cloud", HIMAWARI) == ward.tree("intranet", HIMAWARI) == {}
    assert set(ward.rooms()) == {"staff"}


def test_s11_what_was_not_held_is_put_back(ward: Ward) -> None:
    ward.put(ward.cloud("inbox/何か.xlsx", SAKURA), FORM)  # its type is unknown, nobody said that it is another's
    assert ward.run() == 0
    ward.said()
    drag(ward, "何か.xlsx")
    assert list(ward.tree("cloud", SAKURA)) == ["inbox/何か.xlsx"]
    assert ward.tree("cloud", HIMAWARI) == {}


def test_s20_what_the_first_replaced_meanwhile_stays_there(ward: Ward) -> None:
    held(ward)
    changed = saved_anew(FORM, E1="changed by the first")
    ward.drag(ward.intranet(f"inbox/{ENROLMENT}", SAKURA), ward.intranet("inbox", HIMAWARI))
    ward.put(ward.cloud(f"inbox/{ENROLMENT}", SAKURA), changed)
    assert ward.run() == 0
    assert ward.kept_bytes(FORM) and ward.kept_bytes(changed)
    assert [path.read_bytes() for path in ward.cloud("inbox", SAKURA).iterdir()] == [changed]
    assert list(ward.tree("intranet", SAKURA)) == [f"inbox/{ENROLMENT}"]
    assert ward.tree("cloud", HIMAWARI) == ward.tree("intranet", HIMAWARI)
    ward.said()
    ward.quiet()
