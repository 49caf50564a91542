"""`syncd pause`, `resume`, `release`: written into the state and into the history."""

from __future__ import annotations

import json

from tests.cli.test_status import hold
from tests.cli.ward import ENROLMENT, Ward


def outcomes(ward: Ward) -> list[tuple[str, str, str]]:
    lines = [json.loads(line) for line in ward.run("history", "--json").stdout.splitlines()]
    return [(line["operator"], line["outcome"], line["by"]) for line in lines]


def test_a_paused_operator_stands_still_and_goes_on(ward: Ward) -> None:
    assert ward.run("pause", "himawari").exit_code == 0
    ward.drop(ENROLMENT)
    ward.work()
    assert not ward.path("intranet", "inbox", ENROLMENT).exists()
    assert "`syncd resume`" not in ward.run("resume", "himawari").stdout
    ward.work()
    assert ward.path("intranet", "review", ENROLMENT).exists()
    assert outcomes(ward)[:2] == [("himawari", "paused", "staff"), ("himawari", "resumed", "staff")]
    assert ward.run("history", "verify").exit_code == 0


def test_everything(ward: Ward) -> None:
    assert ward.run("pause").exit_code == 0
    assert all(one["paused"] for one in ward.json("status")["operators"])
    result = ward.run("resume", "sakura")
    assert (result.exit_code, "everything is paused" in result.stderr) == (1, True)
    assert ward.run("resume").exit_code == 0
    assert not any(one["paused"] for one in ward.json("status")["operators"])


def test_twice_is_no_harm_and_no_record(ward: Ward) -> None:
    ward.run("pause", "himawari")
    assert ward.run("pause", "himawari").exit_code == 0
    ward.run("resume", "himawari")
    assert "was not paused" in ward.run("resume", "himawari").stdout
    assert ward.run("resume").stdout == "nothing was paused\n"
    assert len(outcomes(ward)) == 2


def test_release_ends_a_hold(ward: Ward) -> None:
    hold(ward, "sakura", "looks odd")
    result = ward.run("release", "sakura")
    assert (result.exit_code, result.stdout) == (0, "sakura is released\n")
    assert ward.run("status").exit_code == 0
    assert ward.run("release", "sakura").stdout == "sakura is not held\n"
    assert outcomes(ward) == [("sakura", "released", "staff")]


def test_an_operator_can_be_meant_by_name_and_a_wrong_one_is_refused(ward: Ward) -> None:
    assert ward.run("pause", "さくら保育園").stdout.startswith("sakura is paused")
    result = ward.run("release", "sakrua")
    assert (result.exit_code, "did you mean sakura?" in result.stderr) == (2, True)
