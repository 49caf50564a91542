"""The demo's folder: made anew only where a demo was, and a configuration without a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncd.config import examine
from syncd.demo.month import MONTH
from syncd.demo.steps import Heard
from syncd.demo.ward import MADE_BY, NURSERIES, STAGES, Ward
from syncd.errors import SyncdError
from syncd.model import Stage
from syncd.packaged import rules_folder
from syncd.rulebook import load
from syncd.store import Store


def test_the_configuration_has_no_fault_and_no_warning(tmp_path: Path) -> None:
    ward = Ward(tmp_path / "ward")
    ward.make()
    ward.configure("ja")
    reading = examine(ward.config)
    assert (reading.problems, reading.warnings) == ((), ())
    assert reading.config is not None
    assert [operator.id for operator in reading.config.operators] == [nursery.id for nursery in NURSERIES]
    assert reading.config.stages == {Stage(stage): name for stage, name in STAGES.items()}


def test_a_demo_is_made_anew_and_leaves_nothing_of_the_old(tmp_path: Path) -> None:
    ward = Ward(tmp_path)
    ward.make()
    ward.configure("ja")
    for name in ("cloud/x", "box", "state"):
        (tmp_path / name).mkdir(parents=True)
    ward.make()
    ward.configure("en")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([MADE_BY, "chat", "config.yaml", "rules"])
    assert "language: en" in ward.config.read_text(encoding="utf-8")


@pytest.mark.parametrize("made_before", [False, True])
def test_other_peoples_files_are_safe(tmp_path: Path, made_before: bool) -> None:
    ward = Ward(tmp_path)
    if made_before:
        ward.make()
    (tmp_path / "thesis.txt").write_text("years of work")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SyncdError):
        ward.make()
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_where_syncd_works_is_left_alone(tmp_path: Path) -> None:
    ward = Ward(tmp_path)
    ward.make()
    store = Store(tmp_path / "state")
    try:
        store.lock_daemon()
        with pytest.raises(SyncdError, match="a syncd works here"):
            ward.make()
    finally:
        store.close()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SyncdError, match="is no folder"):
        Ward(tmp_path / "file").make()


def test_every_message_of_the_month_exists() -> None:
    messages = load(rules_folder(), rules_folder()).messages
    for scene in MONTH:
        for step in scene.steps:
            if isinstance(step, Heard):
                assert step.message in messages
