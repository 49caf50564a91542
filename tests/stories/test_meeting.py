"""A ward's file and an operator's of one name that come in one look: neither supersedes the other, both are told."""

from __future__ import annotations

import time

import pytest

from tests.stories.operator_steps import offer
from tests.stories.ward import ENROLMENT, Ward

WARDS, OPERATORS = "made by the ward", "sent by the operator"


def texts(ward: Ward, side: str) -> dict[str, list[str]]:
    """Text → the stages in which it lies."""
    found: dict[str, list[str]] = {}
    for path, text in ward.tree(side).items():
        if not path.endswith(".txt"):
            found.setdefault(text, []).append(path.partition("/")[0])
    return found


QUIET_SECONDS = 0.3
"""Longer than `settle_seconds`: the first look shows both files whole, for only what one look shows has met."""


@pytest.mark.parametrize("stage", ["inbox", "corrections"])
def test_an_offered_file_and_one_that_was_sent_meanwhile_both_stay(ward: Ward, stage: str) -> None:
    ward.put(ward.intranet(f"corrections/{ENROLMENT}"), WARDS)
    ward.put(ward.cloud(f"{stage}/{ENROLMENT}"), OPERATORS)
    time.sleep(QUIET_SECONDS)
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert texts(ward, side) == {WARDS: ["corrections"], OPERATORS: ["review"]}
    told = ward.rooms()
    assert "修正案" in told["himawari"] and "受け取りました" in told["himawari"]
    assert "届きました" in told["staff"]
    ward.quiet()
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "the answer")  # now the operator has seen both
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert texts(ward, side) == {"the answer": ["review"]}
    assert ward.kept(WARDS) and ward.kept(OPERATORS)


def test_what_came_by_post_and_what_was_sent_at_once_wait_for_a_choice(ward: Ward) -> None:
    ward.put(ward.intranet(f"inbox/{ENROLMENT}"), WARDS)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), OPERATORS)
    time.sleep(QUIET_SECONDS)
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert texts(ward, side) == {WARDS: ["inbox"], OPERATORS: ["inbox"]}
    told = ward.rooms()
    assert "同時に届きました" in told["staff"] and "同時に届きました" in told["himawari"]
    ward.quiet()
    chosen = next(path for path, text in ward.tree("intranet").items() if text == OPERATORS)
    ward.drag(ward.intranet(chosen), ward.intranet("review"))
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert texts(ward, side) == {WARDS: ["inbox"], OPERATORS: ["review"]}
    ward.said()
    ward.quiet()
    ward.intranet(next(path for path, text in ward.tree("intranet").items() if text == WARDS)).unlink()
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert texts(ward, side) == {OPERATORS: ["review"]}
    ward.said()
    ward.quiet()


def test_the_other_one_goes_on_when_one_is_taken_back(ward: Ward) -> None:
    ward.put(ward.intranet(f"inbox/{ENROLMENT}"), WARDS)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), OPERATORS)
    time.sleep(QUIET_SECONDS)
    assert ward.run() == 0
    ward.intranet(next(path for path, text in ward.tree("intranet").items() if text == WARDS)).unlink()
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert texts(ward, side) == {OPERATORS: ["review"]}
    ward.quiet()


def test_the_same_bytes_are_one_file(ward: Ward) -> None:
    ward.put(ward.intranet(f"inbox/{ENROLMENT}"), OPERATORS)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), OPERATORS)
    time.sleep(QUIET_SECONDS)
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert texts(ward, side) == {OPERATORS: ["review"]}


def test_an_answer_still_takes_the_place_of_what_it_answers(ward: Ward) -> None:
    ward.arrive(content="v1")
    offer(ward)
    ward.put(ward.cloud(f"inbox/{ENROLMENT}"), "v2")
    assert ward.run() == 0
    for side in ("cloud", "intranet"):
        assert texts(ward, side) == {"v2": ["review"]}
