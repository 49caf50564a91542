"""Rules folders as people make them, and an operator who sends files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.errors import Misconfigured
from syncd.model import Operator
from syncd.rulebook import Rulebook, load

PACKAGED = Path(__file__).resolve().parents[2] / "rules"

Write = Callable[..., Path]


@pytest.fixture(scope="session")
def packaged() -> Path:
    """The rules that come with syncd."""
    return PACKAGED


@pytest.fixture
def operator() -> Operator:
    return Operator("himawari", "ひまわり保育園", "認可保育所", "012", "001_ひまわり", "001_ひまわり")


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files of a rules folder, given by name without .yaml; returns the folder."""

    def written(**files: str) -> Path:
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return tmp_path

    return written


@pytest.fixture
def book(write: Write) -> Callable[..., Rulebook]:
    """The rulebook of such files."""
    return lambda **files: load(write(**files), PACKAGED)


@pytest.fixture
def faults(write: Write, tmp_path: Path) -> Callable[..., list[str]]:
    """What is wrong with such files, one line each, with paths below the folder; columns are `test_wrong_rules`'s."""

    def said(**files: str) -> list[str]:
        with pytest.raises(Misconfigured) as raised:
            load(write(**files), PACKAGED)
        return [str(replace(problem, column=0)).removeprefix(f"{tmp_path}/") for problem in raised.value.problems]

    return said


@pytest.fixture
def placed_faults(write: Write, tmp_path: Path) -> Callable[..., list[str]]:
    """As `faults`, with columns."""

    def said(**files: str) -> list[str]:
        with pytest.raises(Misconfigured) as raised:
            load(write(**files), PACKAGED)
        return [str(problem).removeprefix(f"{tmp_path}/") for problem in raised.value.problems]

    return said
