"""The last good rules are kept whole, and a bad moment leaves the ones before."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncd.errors import SyncdError
from syncd.rulebook.load import version_of
from syncd.store.rules_in_force import past_rule, rules_folder, save_rules


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    (folder / "forms").mkdir(parents=True)
    (folder / "forms" / "様式.xlsx").write_bytes(b"form")
    (folder / "enrolment.yaml").write_text("document: enrolment")
    (folder / ".enrolment.yaml.swp").write_text("an editor's")
    return folder


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    return tmp_path / "state"


def test_rules_are_copied_and_replaced(state: Path, rules: Path) -> None:
    assert rules_folder(state) is None
    assert save_rules(state, rules)
    kept = rules_folder(state)
    assert kept is not None
    assert sorted(str(path.relative_to(kept)) for path in kept.rglob("*.*")) == ["enrolment.yaml", "forms/様式.xlsx"]
    (rules / "enrolment.yaml").unlink()
    (rules / "staff.yaml").write_text("document: staff")
    assert save_rules(state, rules)
    assert sorted(path.name for path in kept.glob("*.yaml")) == ["staff.yaml"]
    assert sorted(path.name for path in state.iterdir()) == ["rules-in-force", "rules-past"]


def test_the_same_rules_are_not_written_again(state: Path, rules: Path) -> None:
    save_rules(state, rules)
    before = (state / "rules-in-force").stat()
    assert not save_rules(state, rules)
    assert (state / "rules-in-force").stat() == before


def test_a_crash_between_the_renames_leaves_the_rules_before(state: Path, rules: Path) -> None:
    save_rules(state, rules)
    (state / "rules-in-force").rename(state / "rules-in-force.old")
    (state / "rules-in-force.new").mkdir()
    assert rules_folder(state) == state / "rules-in-force.old"
    assert not save_rules(state, rules)
    (rules / "enrolment.yaml").write_text("document: other")
    assert save_rules(state, rules)
    assert rules_folder(state) == state / "rules-in-force"
    assert (state / "rules-in-force" / "enrolment.yaml").read_text() == "document: other"
    assert sorted(path.name for path in state.iterdir()) == ["rules-in-force", "rules-past"]


def test_rules_that_cannot_be_kept_leave_the_rules_in_force(tmp_path: Path, state: Path, rules: Path) -> None:
    save_rules(state, rules)
    (state / "rules-in-force.new").write_text("in the way")
    (rules / "enrolment.yaml").write_text("document: other")
    with pytest.raises(SyncdError, match="the rules in force stay"):
        save_rules(state, rules)
    kept = rules_folder(state)
    assert kept is not None and (kept / "enrolment.yaml").read_text() == "document: enrolment"


def test_every_text_that_was_in_force_can_be_read_later_by_its_version(state: Path, rules: Path) -> None:
    first = (rules / "enrolment.yaml").read_bytes()
    save_rules(state, rules)
    (rules / "enrolment.yaml").write_bytes(b"document: enrolment # 2")
    save_rules(state, rules)
    for text in (first, b"document: enrolment # 2"):
        kept = past_rule(state, "enrolment.yaml", version_of(text))
        assert kept is not None and kept.read_bytes() == text
    assert past_rule(state, "enrolment.yaml", "0000000") is None
    assert len(list((state / "rules-past").iterdir())) == 2
