"""What each line of `_workflow.yaml` allows is allowed by that line alone: without it refused, with a new one done."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from syncd import packaged
from tests.stories.forms import CHECKED, enrolment
from tests.stories.operator_steps import confirm, give_back, offer
from tests.stories.staff_steps import both
from tests.stories.ward import ENROLMENT, RULES, NewWard, Ward

TEXT = (packaged.rules_folder() / "_workflow.yaml").read_text(encoding="utf-8")
LINES = [line for line in TEXT.splitlines() if line.startswith("  - {from: ")]
UNTYPED = "分からない書類.xlsx"
Gesture = Callable[[Ward], None]


def ward_with(new_ward: NewWard, table: str) -> Ward:
    return new_ward(rules={**RULES, "_workflow.yaml": table})


def arrived(ward: Ward) -> None:
    ward.arrive()


def untyped(ward: Ward) -> None:
    ward.arrive(UNTYPED)


def held(ward: Ward) -> None:
    """Another facility's code stands in the form: a person has to look."""
    ward.put(ward.folder / "rules" / "enrolment.yaml", CHECKED["enrolment.yaml"])
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), enrolment(code="013"))
    assert ward.run() == 0
    ward.said()


def confirmed(ward: Ward) -> None:
    ward.arrive()
    confirm(ward)


def offered(ward: Ward) -> None:
    ward.arrive()
    offer(ward)


def returned(ward: Ward) -> None:
    ward.arrive()
    give_back(ward)


def nothing(ward: Ward) -> None:
    ward.run()


def by_staff(source: str, target: str, name: str = ENROLMENT, content: str = "") -> Gesture:
    """Staff drag it, with `content` after an edit."""

    def gesture(ward: Ward) -> None:
        if content:
            ward.put(ward.intranet(f"{source}/{name}"), content)
        ward.drag(ward.intranet(f"{source}/{name}"), ward.intranet(target))

    return gesture


def by_operator(source: str, target: str) -> Gesture:
    def gesture(ward: Ward) -> None:
        ward.drag(ward.cloud(f"{source}/{ENROLMENT}"), ward.cloud(target))

    return gesture


def sent(content: str) -> Gesture:
    def gesture(ward: Ward) -> None:
        ward.put(ward.cloud(f"inbox/{ENROLMENT}"), content)

    return gesture


@dataclass(frozen=True)
class Case:
    """A line of the table and the gesture that it alone allows.

    Attributes:
        before: brings a file to where the gesture begins.
        done: the history's (from, to, by) of the move.
        name: of the file.
    """

    before: Gesture
    gesture: Gesture
    done: tuple[str, str, str]
    name: str = ENROLMENT


CASES = {
    "{from: inbox, to: review, by: syncd,": Case(nothing, sent("v1"), ("inbox", "review", "syncd")),
    "{from: inbox, to: corrections, by: syncd,": Case(nothing, sent(""), ("inbox", "corrections", "syncd")),
    "{from: review, to: confirmed, by: staff,": Case(
        arrived, by_staff("review", "confirmed"), ("review", "confirmed", "staff")
    ),
    "{from: review, to: corrections, by: staff, when: edited,": Case(
        arrived, by_staff("review", "corrections", content="ours"), ("review", "corrections", "staff")
    ),
    "{from: review, to: corrections, by: staff, when: unedited,": Case(
        arrived, by_staff("review", "corrections"), ("review", "corrections", "staff")
    ),
    "{from: confirmed, to: review, by: staff,": Case(
        confirmed, by_staff("confirmed", "review"), ("confirmed", "review", "staff")
    ),
    "{from: corrections, to: confirmed, by: staff, when: offered,": Case(
        offered, by_staff("corrections", "confirmed"), ("corrections", "confirmed", "staff")
    ),
    "{from: corrections, to: confirmed, by: staff, when: [returned, with_note],": Case(
        returned, by_staff("corrections", "confirmed"), ("corrections", "confirmed", "staff")
    ),
    "{from: corrections, to: review, by: staff,": Case(
        returned, by_staff("corrections", "review"), ("corrections", "review", "staff")
    ),
    "{from: inbox, to: review, by: staff, when: untyped,": Case(
        untyped, by_staff("inbox", "review", UNTYPED), ("inbox", "review", "staff"), UNTYPED
    ),
    "{from: inbox, to: corrections, by: staff, when: [untyped, edited],": Case(
        untyped, by_staff("inbox", "corrections", UNTYPED, "ours"), ("inbox", "corrections", "staff"), UNTYPED
    ),
    "{from: inbox, to: corrections, by: staff, when: [untyped, unedited],": Case(
        untyped, by_staff("inbox", "corrections", UNTYPED), ("inbox", "corrections", "staff"), UNTYPED
    ),
    "{from: inbox, to: review, by: staff, when: held,": Case(
        held, by_staff("inbox", "review"), ("inbox", "review", "staff")
    ),
    "{from: inbox, to: corrections, by: staff, when: held,": Case(
        held, by_staff("inbox", "corrections"), ("inbox", "corrections", "staff")
    ),
    "{from: corrections, to: confirmed, by: operator, when: offered,": Case(
        offered, by_operator("corrections", "confirmed"), ("corrections", "confirmed", "operator")
    ),
    "{from: corrections, to: inbox, by: operator}": Case(
        offered, by_operator("corrections", "inbox"), ("corrections", "inbox", "operator")
    ),
}


def test_every_line_of_the_table_has_its_case() -> None:
    assert len(LINES) == len(CASES)
    for beginning in CASES:
        assert len([line for line in LINES if line.strip(" -").startswith(beginning)]) == 1, beginning


@pytest.mark.parametrize("beginning", CASES)
def test_with_the_packaged_table_in_the_wards_own_folder_the_gesture_is_done(new_ward: NewWard, beginning: str) -> None:
    ward, case = ward_with(new_ward, TEXT), CASES[beginning]
    case.before(ward)
    case.gesture(ward)
    assert ward.run() == 0
    assert (*case.done, "moved") in ward.moves()
    assert "refused" not in {row["outcome"] for row in ward.history()}


@pytest.mark.parametrize("beginning", CASES)
def test_without_its_line_a_gesture_is_refused_and_nothing_is_lost(new_ward: NewWard, beginning: str) -> None:
    ward, case = ward_with(new_ward, TEXT), CASES[beginning]
    case.before(ward)
    table = "\n".join(line for line in TEXT.splitlines() if not line.strip(" -").startswith(beginning))
    ward.put(ward.folder / "rules" / "_workflow.yaml", table)
    ward.run()
    ward.said()
    before, start = ward.tree("cloud"), len(ward.history())
    case.gesture(ward)
    assert ward.run() == 0
    after = ward.moves()[start:]
    from_stage, to_stage, by = case.done
    assert (*case.done, "refused") in after and (*case.done, "moved") not in after
    assert [row["reason"] for row in ward.history() if row["outcome"] == "refused"] != [""]
    rooms = ward.rooms()
    if by == "syncd":
        content = "v1" if to_stage == "review" else ""
        both(ward, {f"inbox/{ENROLMENT}": content})
        assert "staff" in rooms
    else:
        assert ward.tree("cloud") == before
        assert {name for name in ward.tree("intranet") if case.name in name} >= {f"{from_stage}/{case.name}"}
        assert "元の場所に戻しました" in rooms["staff" if by == "staff" else "himawari"]
        assert set(rooms) == {"staff" if by == "staff" else "himawari"}
    ward.quiet()


NEW = {
    "staff take what is confirmed to corrections": (
        "{from: confirmed, to: corrections, by: staff, tell: [operator], message: returned}",
        Case(confirmed, by_staff("confirmed", "corrections"), ("confirmed", "corrections", "staff")),
    ),
    "staff take what is confirmed to inbox": (
        "{from: confirmed, to: inbox, by: staff, tell: [operator], message: taken_back}",
        Case(confirmed, by_staff("confirmed", "inbox"), ("confirmed", "inbox", "staff")),
    ),
    "staff accept a typed file themselves": (
        "{from: inbox, to: confirmed, by: staff, when: untyped, tell: [operator], message: confirmed}",
        Case(untyped, by_staff("inbox", "confirmed", UNTYPED), ("inbox", "confirmed", "staff"), UNTYPED),
    ),
    "the operator takes it back from review": (
        "{from: review, to: inbox, by: operator, tell: [staff], message: withdrawn}",
        Case(arrived, by_operator("review", "inbox"), ("review", "inbox", "operator")),
    ),
    "the operator takes back the request": (
        "{from: corrections, to: review, by: operator, when: offered, tell: [staff], message: agreed}",
        Case(offered, by_operator("corrections", "review"), ("corrections", "review", "operator")),
    ),
    "the operator reopens": (
        "{from: confirmed, to: review, by: operator, tell: [staff], message: reopened}",
        Case(confirmed, by_operator("confirmed", "review"), ("confirmed", "review", "operator")),
    ),
}


@pytest.mark.parametrize("what", NEW)
@pytest.mark.parametrize("where", ["table", "rule"])
def test_with_a_new_line_a_new_gesture_works_without_code(new_ward: NewWard, what: str, where: str) -> None:
    line, case = NEW[what]
    ward = ward_with(new_ward, TEXT)
    case.before(ward)
    refused = len(ward.history())
    case.gesture(ward)
    assert ward.run() == 0
    assert ward.moves()[refused:] == [(*case.done, "refused")]
    ward.said()
    if where == "table" or case.name == UNTYPED:
        ward.put(ward.folder / "rules" / "_workflow.yaml", TEXT.replace("\nmoves:\n", f"\nmoves:\n  - {line}\n"))
    else:
        rule = ward.folder / "rules" / "enrolment.yaml"
        ward.put(rule, rule.read_text(encoding="utf-8") + f"moves:\n  - {line}\n")
    ward.run()
    ward.said()
    start = len(ward.history())
    case.gesture(ward)
    assert ward.run() == 0
    assert ward.moves()[start] == (*case.done, "moved")
    target = "review" if case.done[1] == "inbox" else case.done[1]  # from inbox the rules take it on
    assert {name.split("/")[0] for name in ward.tree("cloud") if name.endswith(case.name)} == {target}
    assert ward.tree("cloud") == ward.tree("intranet")
    if case.done[1] == "corrections":
        time.sleep(0.4)  # the notice waits for a note that doesn't come
        ward.run()
    assert ward.rooms()
    ward.quiet()


def test_a_line_that_forbids_beats_a_later_one_that_allows(new_ward: NewWard) -> None:
    forbidding = "  - {from: review, to: confirmed, by: staff, when: typed, allow: false}\n"
    ward = ward_with(new_ward, TEXT.replace("\nmoves:\n", f"\nmoves:\n{forbidding}"))
    ward.arrive()
    by_staff("review", "confirmed")(ward)
    assert ward.run() == 0
    both(ward, {f"review/{ENROLMENT}": "v1"})
    assert ward.moves()[-1] == ("review", "confirmed", "staff", "refused")
    ward.said()
    ward.quiet()


def test_the_line_says_whom_it_tells_and_with_which_words(new_ward: NewWard) -> None:
    table = TEXT.replace(
        "{from: review, to: confirmed, by: staff, tell: [operator], message: confirmed, ward_edits: refuse}",
        "{from: review, to: confirmed, by: staff, tell: [operator, administrators],"
        " message: {operator: thanks, administrators: confirmed}}",
    )
    thanks = "  thanks: {ja: '【お礼】{施設}{月}分 {書類} ありがとうございました。', en: 'Thanks.'}\n"
    table = table.replace("\nmessages:\n", f"\nmessages:\n{thanks}")
    ward = ward_with(new_ward, table)
    ward.arrive()
    by_staff("review", "confirmed")(ward)
    assert ward.run() == 0
    rooms = ward.rooms()
    assert set(rooms) == {"himawari", "administrators"}
    assert rooms["himawari"] == "【お礼】ひまわり保育園2026年10月分 在籍児童数報告書 ありがとうございました。"
    assert "確認済み" in rooms["administrators"]
    ward.quiet()


def test_a_table_without_any_line_moves_nothing_and_loses_nothing(new_ward: NewWard) -> None:
    ward = ward_with(new_ward, "moves: []\n")
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v1")
    assert ward.run() == 0
    both(ward, {f"inbox/{ENROLMENT}": "v1"})
    for stage in ("review", "corrections", "confirmed"):
        by_staff("inbox", stage)(ward)
        assert ward.run() == 0
        by_operator("inbox", stage)(ward)
        assert ward.run() == 0
        both(ward, {f"inbox/{ENROLMENT}": "v1"})
    ward.said()
    ward.quiet()
