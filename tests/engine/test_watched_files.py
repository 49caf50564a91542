"""An administrator's save is noticed once it is over, and once."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from syncd.watched_files import CHECK_SECONDS, QUIET_SECONDS, WatchedFiles

LONG = 3 * (CHECK_SECONDS + QUIET_SECONDS)


@pytest.fixture
def files(tmp_path: Path) -> WatchedFiles:
    (tmp_path / "rules" / "forms").mkdir(parents=True)
    (tmp_path / "rules" / "enrolment.yaml").write_text("document: enrolment\n")
    (tmp_path / "config.yaml").write_text("state: ./state\n")
    return WatchedFiles(tmp_path / "config.yaml", tmp_path / "rules")


def heard(files: WatchedFiles, seconds: float = LONG, meanwhile: Callable[[], None] = lambda: None) -> tuple[int, int]:
    """How often the config, and the rules, counted as changed within that time."""
    config = rules = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        meanwhile()
        config_changed, rules_changed = files.changed()
        config += config_changed
        rules += rules_changed
        time.sleep(0.05)
    return config, rules


def test_nothing_saved_nothing_heard(files: WatchedFiles) -> None:
    assert heard(files) == (0, 0)


def test_a_save_is_heard_once_and_only_by_whom_it_concerns(files: WatchedFiles, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("state: ./elsewhere\n")
    assert heard(files) == (1, 0)
    (tmp_path / "rules" / "forms" / "blank.xlsx").write_text("a form")
    assert heard(files) == (0, 1)
    (tmp_path / "rules" / "enrolment.yaml").unlink()
    assert heard(files) == (0, 1)


def test_a_save_that_is_not_over_is_waited_for(files: WatchedFiles, tmp_path: Path) -> None:
    def still_writing() -> None:
        with (tmp_path / "config.yaml").open("a") as file:
            file.write("# more\n")

    assert heard(files, QUIET_SECONDS * 2.5, still_writing) == (0, 0)
    assert heard(files) == (1, 0)


def test_editors_own_files_are_no_rules(files: WatchedFiles, tmp_path: Path) -> None:
    for name in (".enrolment.yaml.swp", "~$enrolment.yaml"):
        (tmp_path / "rules" / name).write_text("x")
    assert heard(files) == (0, 0)


def test_another_rules_folder_is_news(files: WatchedFiles, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "invoice.yaml").write_text("document: invoice\n")
    files.follow(tmp_path / "other")
    assert heard(files) == (0, 1)
    files.follow(tmp_path / "other")
    assert heard(files) == (0, 0)
