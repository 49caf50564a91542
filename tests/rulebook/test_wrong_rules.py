"""What administrators get wrong: each of more than two hundred wrong files gets its clear answer, with its place."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

import pytest

from syncd.errors import Misconfigured
from syncd.rulebook.load import Snapshot, build, snapshot
from tests.rulebook.wrong_rules import RIGHT, Wrong, wrong_files

WRONG = wrong_files()


def answers(text: bytes | str, packaged: Path, file: str = "rule.yaml") -> list[str]:
    """What is said of the file, without its name."""
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(Misconfigured) as raised:
        build(Snapshot("", MappingProxyType({file: data}), frozenset()), snapshot(packaged))
    return [str(problem).removeprefix(f"{file}:") for problem in raised.value.problems]


@pytest.mark.parametrize("wrong", WRONG, ids=[wrong.what for wrong in WRONG])
def test_a_wrong_file_gets_its_one_clear_answer(wrong: Wrong, packaged: Path) -> None:
    found = answers(wrong.text, packaged, wrong.file)
    assert len(found) == len(wrong.answers), found
    for answer, expected in zip(found, wrong.answers, strict=True):
        whole = answer == expected
        assert whole or (expected.endswith("…") and answer.startswith(expected.removesuffix("…")))


def test_there_are_more_than_two_hundred_and_hardly_one_needs_two_answers() -> None:
    assert len(WRONG) >= 200
    assert len({wrong.text for wrong in WRONG}) == len(WRONG)
    assert [wrong.what for wrong in WRONG if len(wrong.answers) > 2] == []
    assert sum(len(wrong.answers) > 1 for wrong in WRONG) <= 10
    for wrong in WRONG:
        for answer in wrong.answers:
            place, _, said = answer.partition(": ")
            assert all(part.isdecimal() and int(part) > 0 for part in place.split(":")) and " — " in said, wrong.what


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (RIGHT.encode() + b"files: \0\n", "6:8: has a control character ('\\x00') that no YAML file may contain"),
        (RIGHT.encode() + b"files: \x1b[31m\n", "6:8: has a control character ('\\x1b') that no YAML file may contain"),
        (RIGHT.encode() + b"files: \xff\xfe\x81\n", "6: is no text that syncd can read"),
        (b"PK\x03\x04 a workbook", "1:3: has a control character ('\\x03') that no YAML file may contain"),
        (RIGHT.encode() + b"# " + b"x" * 1_000_000, " is larger than 1 MB"),
        (RIGHT.encode() + b"files: " + b"[" * 100 + b"\n", "6:37: is nested more than 30 levels deep"),
    ],
    ids=["a zero byte", "an escape sequence", "no encoding", "a zip file", "a big file", "a tower of brackets"],
)
def test_bytes_that_are_no_rule_get_one_answer(data: bytes, answer: str, packaged: Path) -> None:
    (said,) = answers(data, packaged)
    assert said.startswith(answer) and " — " in said


def test_all_wrong_files_at_once_are_all_reported(packaged: Path) -> None:
    rules = [wrong for wrong in WRONG if wrong.file == "rule.yaml"]
    files = {f"{number:03}.yaml": wrong.text.encode() for number, wrong in enumerate(rules)}
    with pytest.raises(Misconfigured) as raised:
        build(Snapshot("", MappingProxyType(files), frozenset()), snapshot(packaged))
    found = {problem.file for problem in raised.value.problems}
    assert found == set(files)
    assert list(raised.value.problems) == sorted(
        raised.value.problems, key=lambda problem: (problem.file, problem.line, problem.column)
    )
