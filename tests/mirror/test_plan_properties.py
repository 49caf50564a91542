"""The planner on random trees: it ends, both sides agree, nothing unseen is touched, and a second plan is empty."""

from __future__ import annotations

import os
from collections.abc import Callable

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from syncd import names
from syncd.model import By, Place, Role, Side, Stage
from tests.mirror.paper_ward import PaperWard, places

RUNS = int(os.environ.get("SYNCD_PLANNER_RUNS", "6000"))
NAMES = ("012_202610_在籍児童数報告書.xlsx", "012_202610_在籍児童数報告書_v2.xlsx", "写真.jpg", "理由.txt")
PLACES = places(NAMES)
Gesture = tuple[str, Side, int, int]

gestures = st.tuples(
    st.sampled_from(("put", "put", "save", "drag", "drag", "drag", "delete", "copy", "settle")),
    st.sampled_from(list(Side)),
    st.integers(0, 15),
    st.integers(0, 15),
)
quick = settings(
    max_examples=RUNS, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def play(ward: PaperWard, gesture: Gesture, step: int) -> None:
    """One thing that somebody does; impossible ones are skipped."""
    kind, side, one, other = gesture
    tree = ward.trees[side]
    if kind == "settle":
        ward.settle()
    elif kind == "put":
        ward.put(side, PLACES[one % len(PLACES)], f"bytes {step if other % 3 else other}")
    elif tree:
        source = sorted(tree)[one % len(tree)]
        target = Place(list(Stage)[other % 4], source.path)
        if kind == "save":
            ward.save(side, source, f"bytes {step}")
        elif kind == "delete":
            ward.delete(side, source)
        elif target not in tree:
            if kind == "drag":
                ward.drag(side, source, target)
            else:
                ward.put(side, target, tree[source].sha1)


def agreed(ward: PaperWard) -> None:
    """Both sides agree but for what may differ: desk copies, staff's own and withdrawn files."""
    cloud = {place: paper.sha1 for place, paper in ward.trees[Side.CLOUD].items()}
    for file in ward.files.values():
        if file.cloud is not None:
            assert cloud.pop(file.cloud.place) == file.cloud.sha1
        if file.intranet is not None:
            assert ward.trees[Side.INTRANET][file.intranet.place].sha1 == file.intranet.sha1
        if file.role in (Role.DOCUMENT, Role.NOTE):
            assert file.cloud is not None and file.intranet is not None, f"{file.name} is on one side only"
            assert file.cloud.place.stage == file.intranet.place.stage, f"{file.name} is in two stages"
            if file.intranet.place.stage in (Stage.CORRECTIONS, Stage.CONFIRMED):
                assert file.cloud.sha1 == file.intranet.sha1, f"{file.name} differs in {file.stage}"
        else:
            assert file.cloud is None, f"{file.role} {file.name} is in the cloud"
    assert not cloud, f"the cloud has files that nobody tracks: {list(cloud)}"


def whatever_people_do(half: int) -> Callable[[], None]:
    """Half of the runs, from a seed of its own: the two halves run side by side."""

    @seed(half)
    @settings(quick, max_examples=RUNS // 2)
    @given(st.lists(gestures, max_size=8))
    def the_plan_ends_and_both_sides_agree(done: list[Gesture]) -> None:
        ward = PaperWard()
        for step, gesture in enumerate(done):
            play(ward, gesture, step)
        ward.settle()
        agreed(ward)
        assert ward.planned() == ()

    return the_plan_ends_and_both_sides_agree


test_whatever_people_do_the_plan_ends_and_both_sides_agree = whatever_people_do(1)
test_whatever_people_do_the_plan_ends_and_both_sides_agree_other_half = whatever_people_do(2)


@settings(quick, max_examples=max(RUNS // 10, 100))
@given(st.lists(gestures, max_size=10))
def test_marks_never_reach_the_cloud_and_every_move_has_one_record(done: list[Gesture]) -> None:
    ward = PaperWard()
    for step, gesture in enumerate(done):
        play(ward, gesture, step)
    ward.settle()
    assert not any(names.marks(place.path) for place in ward.trees[Side.CLOUD])
    for move in ward.moves:
        crossings = [record for record in move.records if record.outcome == "moved"]
        assert len(crossings) <= 1, f"{move.gesture} is recorded as {len(crossings)} moves"
        if any(effect.kind == "move" and effect.side is Side.CLOUD for effect in move.effects):
            assert move.records, f"{move.gesture} moves without a record"


@settings(quick, max_examples=max(RUNS // 10, 100))
@given(st.lists(st.tuples(st.sampled_from(list(Side)), st.integers(0, 15), st.integers(0, 5)), max_size=6))
def test_without_a_base_nothing_is_deleted(laid: list[tuple[Side, int, int]]) -> None:
    ward = PaperWard()
    for side, place, content in laid:
        ward.put(side, PLACES[place], f"bytes {content}")
    before = {paper.sha1 for tree in ward.trees.values() for paper in tree.values()}
    for move in ward.planned():
        for effect in move.effects:
            assert effect.kind != "remove", f"{move.gesture} removes a file nobody knows"
            assert effect.kind != "replace", f"{move.gesture} overwrites a file nobody knows"
        ward.carry_out(move)
    assert before <= {paper.sha1 for tree in ward.trees.values() for paper in tree.values()}


@settings(quick, max_examples=max(RUNS // 20, 100))
@given(st.integers(0, 3), st.integers(0, 3), st.booleans())
def test_staffs_drag_beats_the_operators_move(mine: int, theirs: int, edited: bool) -> None:
    ward = PaperWard()
    ward.put(Side.CLOUD, Place(Stage.INBOX, NAMES[0]), "v1")
    ward.settle()
    here = Place(Stage.REVIEW, NAMES[0])
    targets = [Place(stage, NAMES[0]) for stage in Stage]
    if targets[mine] != here:
        ward.drag(Side.INTRANET, here, targets[mine])
    if targets[theirs] != here:
        ward.drag(Side.CLOUD, here, targets[theirs])
    if edited:
        ward.put(Side.INTRANET, targets[mine], "edited")
    ward.settle()
    agreed(ward)
    (file,) = (file for file in ward.files.values() if file.role is Role.DOCUMENT)
    allowed = targets[mine].stage in (Stage.CONFIRMED, Stage.CORRECTIONS)
    if allowed and not (edited and targets[mine].stage is Stage.CONFIRMED):
        assert file.stage == targets[mine].stage
    else:
        assert file.stage is Stage.REVIEW
    assert all(record.by is not By.OPERATOR or record.outcome in ("received", "refused") for record in ward.records)
