"""S11: what belongs to one operator never reaches another, however staff drag, copy or save it."""

from __future__ import annotations

import time

import pytest

from tests.stories.operator_steps import CORRECTIONS, REVIEW, confirm, offer
from tests.stories.staff_steps import Save, both, rounds, told
from tests.stories.ward import ENROLMENT, RULES, SAKURA_ENROLMENT, NewWard, Ward

STAGES = ("inbox", "review", "corrections", "confirmed", "")
OPERATORS = (("himawari", "sakura"), ("sakura", "himawari"))
NAMES = {"himawari": ENROLMENT, "sakura": SAKURA_ENROLMENT}
TITLES = {"himawari": "ひまわり", "sakura": "さくら"}
SECRET = "children of the one"


def never_reached(ward: Ward, other: str, *contents: str) -> None:
    """No byte of it is in the other's folders, and its room heard nothing of it."""
    for side in ("cloud", "intranet"):
        assert not set(contents) & set(ward.tree(side, other).values())


def in_quarantine(ward: Ward) -> list[str]:
    with ward.world(read_only=True) as world:
        return [world.versions.read(one.sha1).decode() for one in world.ledger.quarantined()]


@pytest.mark.parametrize(("one", "other"), OPERATORS)
@pytest.mark.parametrize("target", STAGES)
def test_s11_a_dragged_file_goes_back(ward: Ward, one: str, other: str, target: str) -> None:
    ward.arrive(NAMES[one], SECRET, one)
    before = len(ward.history(other))
    ward.drag(ward.intranet(f"review/{NAMES[one]}", one), ward.intranet(target, other))
    assert ward.run() == 0
    both(ward, {f"review/{NAMES[one]}": SECRET}, one)
    never_reached(ward, other, SECRET)
    assert ward.tree("cloud", other) == {} and ward.tree("intranet", other) == {}
    text = told(ward, staff="【元の場所に戻しました】")["staff"]
    assert TITLES[one] in text and TITLES[other] not in text
    assert ward.moves(one)[-1][2:] == ("staff", "refused")
    assert ward.history(one)[-1]["reason"] == "the file belongs to another operator"
    assert len(ward.history(other)) == before
    ward.quiet()


@pytest.mark.parametrize("stage", ["inbox", "corrections", "offered", "confirmed"])
def test_s11_dragged_from_any_stage_it_goes_back(ward: Ward, stage: str) -> None:
    name = "何か.jpg" if stage == "inbox" else ENROLMENT
    ward.put(ward.cloud(f"inbox/{name}"), SECRET)
    ward.run()
    if stage == "confirmed":
        confirm(ward)
    elif stage == "offered":
        offer(ward, content="by the ward")
    elif stage == "corrections":
        ward.drag(ward.intranet(REVIEW), ward.intranet("corrections"))
        ward.put(ward.intranet("corrections/理由.txt"), "why")
        ward.run()
    ward.said()
    tree = ward.tree("intranet")
    folder = "corrections" if stage == "offered" else stage
    ward.drag(ward.intranet(f"{folder}/{name}"), ward.intranet("corrections", "sakura"))
    assert ward.run() == 0
    both(ward, tree)
    both(ward, {}, "sakura")
    told(ward, staff="【元の場所に戻しました】")
    ward.quiet()


def test_s11_a_whole_subfolder_goes_back(ward: Ward) -> None:
    ward.put(ward.cloud(f"inbox/十月/{ENROLMENT}"), SECRET)
    ward.put(ward.cloud("inbox/十月/012_202610_証憑.pdf"), "evidence")
    ward.run()
    ward.said()
    ward.drag(ward.intranet("review/十月"), ward.intranet("corrections", "sakura"))
    assert ward.run() == 0
    both(ward, {f"review/十月/{ENROLMENT}": SECRET, "review/十月/012_202610_証憑.pdf": "evidence"})
    both(ward, {}, "sakura")
    ward.quiet()


@pytest.mark.parametrize(("one", "other"), OPERATORS)
@pytest.mark.parametrize("looked_between", [False, True])
@pytest.mark.parametrize("save", [Ward.put, Ward.save_like_excel])
def test_s11_dragged_with_an_edit(ward: Ward, one: str, other: str, looked_between: bool, save: Save) -> None:
    ward.arrive(NAMES[one], SECRET, one)
    save(ward.intranet(f"review/{NAMES[one]}", one), "the ward's edit of it")
    if looked_between:
        ward.run()
    ward.drag(ward.intranet(f"review/{NAMES[one]}", one), ward.intranet("corrections", other))
    assert ward.run() == 0
    assert ward.tree("cloud", one) == {f"review/{NAMES[one]}": SECRET}
    # saved by Excel it is another inode with other bytes: only its name tells, so it goes where no harm is done
    lost = save is Ward.save_like_excel and not looked_between
    edit = SECRET if lost else "the ward's edit of it"
    assert ward.tree("intranet", one) == {f"review/{NAMES[one]}": edit}
    assert in_quarantine(ward) == (["the ward's edit of it"] if lost else [])
    both(ward, {}, other)
    assert ward.kept("the ward's edit of it")
    assert set(ward.rooms()) == {"staff"}
    ward.quiet()


@pytest.mark.parametrize(("one", "other"), OPERATORS)
@pytest.mark.parametrize("target", STAGES)
def test_s11_a_copy_goes_into_quarantine(ward: Ward, one: str, other: str, target: str) -> None:
    ward.arrive(NAMES[one], SECRET, one)
    ward.copy(ward.intranet(f"review/{NAMES[one]}", one), ward.intranet(f"{target}/別名.xlsx".lstrip("/"), other))
    assert ward.run() == 0
    both(ward, {f"review/{NAMES[one]}": SECRET}, one)
    both(ward, {}, other)
    text = told(ward, staff=f"【別施設のファイル】{TITLES[other]}")["staff"]
    assert TITLES[one] not in text and "別名" not in text
    assert in_quarantine(ward) == [SECRET] and ward.kept(SECRET)
    assert ward.moves(other) == [(target or None, None, "staff", "quarantined")]
    ward.quiet()


@pytest.mark.parametrize(("one", "other"), OPERATORS)
@pytest.mark.parametrize("looked_between", [False, True])
@pytest.mark.parametrize("save", [Ward.put, Ward.save_like_excel])
def test_s11_a_copy_of_the_wards_edit_goes_into_quarantine(
    ward: Ward, one: str, other: str, looked_between: bool, save: Save
) -> None:
    ward.arrive(NAMES[one], SECRET, one)
    save(ward.intranet(f"review/{NAMES[one]}", one), "the ward's edit of it")
    if looked_between:
        ward.run()
    ward.copy(ward.intranet(f"review/{NAMES[one]}", one), ward.intranet(f"corrections/{NAMES[other]}", other))
    assert ward.run() == 0
    both(ward, {}, other)
    told(ward, staff="【別施設のファイル】")
    assert in_quarantine(ward) == ["the ward's edit of it"]
    ward.quiet()


def test_s11_a_copy_of_a_version_long_gone(ward: Ward) -> None:
    ward.arrive(content=SECRET)
    (ward.folder / "desktop.xlsx").write_text(SECRET)
    ward.arrive(content="v2")
    ward.copy(ward.folder / "desktop.xlsx", ward.intranet("corrections/控え.xlsx", "sakura"))
    assert ward.run() == 0
    both(ward, {}, "sakura")
    told(ward, staff="【別施設のファイル】")
    ward.quiet()


def test_s11_what_came_by_post_for_one_is_not_the_others(ward: Ward) -> None:
    ward.put(ward.intranet(f"inbox/{ENROLMENT}"), SECRET)
    ward.run()
    ward.said()
    ward.copy(ward.intranet(REVIEW), ward.intranet("corrections", "sakura"))
    assert ward.run() == 0
    both(ward, {}, "sakura")
    assert in_quarantine(ward) == [SECRET]
    ward.quiet()


@pytest.mark.parametrize(("one", "other"), OPERATORS)
def test_s11_a_copy_over_the_others_own_file(new_ward: NewWard, one: str, other: str) -> None:
    """Explorer asks whether to replace the file of the same name, and somebody says yes."""
    rules = {**RULES, "enrolment.yaml": RULES["enrolment.yaml"].replace("{facility}_", "")}
    ward = new_ward(rules=rules)
    name = "202610_在籍児童数報告書.xlsx"
    ward.arrive(name, SECRET, one)
    ward.arrive(name, "the other's", other)
    ward.copy(ward.intranet(f"review/{name}", one), ward.intranet(f"review/{name}", other))
    assert ward.run() == 0
    both(ward, {f"review/{name}": SECRET}, one)
    both(ward, {f"review/{name}": "the other's"}, other)
    assert set(ward.rooms()) == {"staff"}
    assert in_quarantine(ward) == [SECRET]
    ward.quiet()


@pytest.mark.parametrize(("one", "other"), OPERATORS)
def test_s11_a_drag_over_the_others_own_file(new_ward: NewWard, one: str, other: str) -> None:
    rules = {**RULES, "enrolment.yaml": RULES["enrolment.yaml"].replace("{facility}_", "")}
    ward = new_ward(rules=rules)
    name = "202610_在籍児童数報告書.xlsx"
    ward.arrive(name, SECRET, one)
    ward.arrive(name, "the other's", other)
    ward.intranet(f"review/{name}", one).replace(ward.intranet(f"review/{name}", other))
    assert ward.run() == 0
    both(ward, {f"review/{name}": SECRET}, one)
    both(ward, {f"review/{name}": "the other's"}, other)
    assert set(ward.rooms()) == {"staff"}
    ward.quiet()


@pytest.mark.parametrize(("one", "other"), OPERATORS)
def test_s11_copied_over_and_dragged_on_to_corrections(new_ward: NewWard, one: str, other: str) -> None:
    rules = {**RULES, "enrolment.yaml": RULES["enrolment.yaml"].replace("{facility}_", "")}
    ward = new_ward(rules=rules)
    name = "202610_在籍児童数報告書.xlsx"
    ward.arrive(name, SECRET, one)
    ward.arrive(name, "the other's", other)
    ward.copy(ward.intranet(f"review/{name}", one), ward.intranet(f"review/{name}", other))
    ward.drag(ward.intranet(f"review/{name}", other), ward.intranet("corrections", other))
    assert ward.run() == 0
    assert SECRET not in ward.tree("cloud", other).values()
    assert "the other's" in ward.tree("cloud", other).values()
    assert in_quarantine(ward) == [SECRET]
    ward.quiet()


def test_s11_an_empty_tracked_file_goes_back(ward: Ward) -> None:
    name = "012_202610_該当なし_在籍児童数報告書.txt"
    ward.put(ward.cloud(f"inbox/{name}"), "")
    ward.run()
    ward.said()
    [place] = ward.tree("intranet")
    ward.drag(ward.intranet(place), ward.intranet("corrections", "sakura"))
    assert ward.run() == 0
    assert list(ward.tree("intranet")) == [place]
    both(ward, {}, "sakura")
    ward.quiet()


def test_s11_a_file_under_an_unnamed_name_goes_back(ward: Ward) -> None:
    ward.put(ward.cloud("inbox/Book1.xlsx"), SECRET)
    ward.run()
    ward.said()
    ward.drag(ward.intranet("inbox/Book1.xlsx"), ward.intranet("corrections", "sakura"))
    assert ward.run() == 0
    both(ward, {"inbox/Book1.xlsx": SECRET})
    both(ward, {}, "sakura")
    ward.quiet()


# ── what is no leak ──


def test_s11_what_staff_made_for_several_is_no_leak(ward: Ward) -> None:
    for operator in ("himawari", "sakura"):
        ward.put(ward.intranet("corrections/お知らせ.docx", operator), "to all")
    assert ward.run() == 0
    both(ward, {"corrections/お知らせ.docx": "to all"})
    both(ward, {"corrections/お知らせ.docx": "to all"}, "sakura")
    told(ward, himawari="【修正案の確認】", sakura="【修正案の確認】")
    ward.quiet()


def test_s11_nor_when_one_of_them_sent_it_back_meanwhile(ward: Ward) -> None:
    ward.put(ward.intranet("corrections/お知らせ.docx"), "to all")
    ward.run()
    ward.drag(ward.cloud("corrections/お知らせ.docx"), ward.cloud("confirmed"))
    ward.put(ward.cloud("inbox/写し.docx"), "to all")
    ward.run()
    ward.said()
    ward.put(ward.intranet("corrections/お知らせ.docx", "sakura"), "to all")
    assert ward.run() == 0
    both(ward, {"corrections/お知らせ.docx": "to all"}, "sakura")


def test_s11_an_own_file_copied_to_another_operator_is_no_leak(ward: Ward) -> None:
    ward.put(ward.intranet("review/ひな形.docx"), "a template of the ward's")
    ward.run()
    ward.copy(ward.intranet("review/ひな形.docx"), ward.intranet("corrections", "sakura"))
    assert ward.run() == 0
    both(ward, {"corrections/ひな形.docx": "a template of the ward's"}, "sakura")


def test_s11_a_blank_form_is_no_leak(ward: Ward) -> None:
    ward.put(ward.folder / "rules/forms/在籍児童数報告書.xlsx", "blank")
    ward.arrive(content="blank")
    ward.put(ward.intranet("corrections/様式.xlsx", "sakura"), "blank")
    assert ward.run() == 0
    both(ward, {"corrections/様式.xlsx": "blank"}, "sakura")
    told(ward, sakura="【修正案の確認】")
    ward.quiet()


def test_s11_bytes_that_both_operators_sent_are_no_leak(ward: Ward) -> None:
    ward.arrive(content="the same")
    ward.arrive(SAKURA_ENROLMENT, "the same", "sakura")
    ward.copy(ward.intranet(f"review/{SAKURA_ENROLMENT}", "sakura"), ward.intranet("corrections", "sakura"))
    assert ward.run() == 0
    both(ward, {f"corrections/{SAKURA_ENROLMENT}": "the same"}, "sakura")
    ward.said()
    ward.put(ward.intranet("corrections/控え.xlsx"), "the same")
    assert ward.run() == 0
    assert in_quarantine(ward) == []


def test_s11_an_empty_file_is_no_leak(ward: Ward) -> None:
    ward.put(ward.cloud("inbox/012_202610_該当なし_在籍児童数報告書.txt"), "")
    ward.run()
    ward.said()
    ward.put(ward.intranet("review/空.txt", "sakura"), "")
    assert ward.run() == 0
    assert ward.tree("intranet", "sakura") == {"review/空.txt": ""}
    told(ward)
    assert in_quarantine(ward) == []


def test_s11_the_same_note_for_several_is_no_leak(ward: Ward) -> None:
    ward.arrive()
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    for operator, name in NAMES.items():
        ward.drag(ward.intranet(f"review/{name}", operator), ward.intranet("corrections", operator))
        ward.put(ward.intranet("corrections/理由.txt", operator), "合計が違います")
    assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", "corrections/理由.txt": "合計が違います"})
    both(ward, {f"corrections/{SAKURA_ENROLMENT}": "s1", "corrections/理由.txt": "合計が違います"}, "sakura")
    told(ward, himawari="【修正のお願い】", sakura="【修正のお願い】")
    ward.quiet()


@pytest.mark.parametrize(
    "text", ["直してください", "合計が違います。確認をお願いします。", "押印がありません", "B3とB4を見てください"]
)
def test_s11_a_sentence_that_staff_write_to_one_after_another_is_no_leak(ward: Ward, text: str) -> None:
    """On another day, typed anew or copied: it tells nothing of the first."""
    ward.arrive()
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    for operator, name in NAMES.items():
        ward.drag(ward.intranet(f"review/{name}", operator), ward.intranet("corrections", operator))
        ward.put(ward.intranet("corrections/理由.txt", operator), text)
        assert ward.run() == 0
        time.sleep(0.2)  # the batch of the first is over: what matters is that the second is no part of it
        assert ward.run() == 0
    both(ward, {CORRECTIONS: "v1", "corrections/理由.txt": text})
    both(ward, {f"corrections/{SAKURA_ENROLMENT}": "s1", "corrections/理由.txt": text}, "sakura")
    assert in_quarantine(ward) == []


@pytest.mark.parametrize("told_of", ["ひまわり保育園", "himawari", "花子", "山田太郎", "鈴木さん"])
def test_s11_a_note_that_tells_of_one_operator_goes_to_no_other(new_ward: NewWard, told_of: str) -> None:
    """It names the nursery, or repeats what stands in its papers alone."""
    ward = new_ward(rules=RULES)
    names = {operator: name.replace(".xlsx", ".csv") for operator, name in NAMES.items()}
    ward.put(ward.cloud(f"inbox/{names['himawari']}"), "児童,花子,山田太郎\n合計,3\n")
    ward.put(ward.cloud(f"inbox/{names['sakura']}", "sakura"), "児童,桜\n合計,5\n")
    assert ward.run() == 0
    text = f"{told_of}の合計を直してください"
    for operator, name in names.items():
        ward.drag(ward.intranet(f"review/{name}", operator), ward.intranet("corrections", operator))
        ward.put(ward.intranet("corrections/理由.txt", operator), text)
        assert ward.run() == 0
        time.sleep(0.2)
        assert ward.run() == 0
    assert ward.cloud("corrections/理由.txt").read_bytes().decode() == text
    assert text not in ward.tree("cloud", "sakura").values()
    assert not any(told_of in said for room, said in ward.rooms().items() if room == "sakura")


@pytest.mark.parametrize("name", ["理由.txt", "連絡.txt", "依頼_名簿.txt"])
def test_s11_a_text_that_names_another_nursery_does_not_travel(ward: Ward, name: str) -> None:
    """Whoever wrote it, and though nobody has seen it before: it waits, and staff are told."""
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    ward.drag(ward.intranet(f"review/{SAKURA_ENROLMENT}", "sakura"), ward.intranet("corrections", "sakura"))
    ward.put(ward.intranet(f"corrections/{name}", "sakura"), "ひまわり保育園の分が混ざっています")
    ward.run()
    assert list(ward.tree("cloud", "sakura")) == [f"corrections/{SAKURA_ENROLMENT}"]
    assert "ひまわり" not in ward.rooms().get("sakura", "")
    ward.put(ward.intranet(f"corrections/{name}", "sakura"), "さくら保育園以外の分が混ざっています")
    ward.run()
    assert any(one.startswith(f"corrections/{name[:2]}") for one in ward.tree("cloud", "sakura"))


def test_s11_both_directions_at_once(ward: Ward) -> None:
    ward.arrive(content=SECRET)
    ward.arrive(SAKURA_ENROLMENT, "s1", "sakura")
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections", "sakura"))
    ward.drag(ward.intranet(f"review/{SAKURA_ENROLMENT}", "sakura"), ward.intranet("corrections"))
    assert ward.run() == 0
    both(ward, {REVIEW: SECRET})
    both(ward, {f"review/{SAKURA_ENROLMENT}": "s1"}, "sakura")
    assert set(ward.rooms()) == {"staff"}
    ward.quiet()


def test_s11_seen_first_by_whichever_operator(ward: Ward) -> None:
    """The owner's rounds may come first, several of them: it is missed there, and found nowhere yet."""
    ward.arrive(content=SECRET)
    ward.drag(ward.intranet(REVIEW), ward.intranet("corrections", "sakura"))
    rounds(ward, only="himawari")
    assert ward.run() == 0
    assert SECRET in ward.tree("intranet").values()
    both(ward, {}, "sakura")
    assert set(ward.rooms()) == {"staff"}
    ward.quiet()
