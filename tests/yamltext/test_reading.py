"""What people save in Notepad is read as they mean it, or refused with file, line and remedy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from syncd.errors import Misconfigured, Problem
from syncd.yamltext import Node, collect_bytes, collect_text, parse_yaml, read_yaml
from syncd.yamltext.reading import MOST_BYTES, MOST_DEPTH, MOST_PROBLEMS


def plain(node: Node) -> object:
    if isinstance(node.value, dict):
        return {key: plain(value) for key, value in node.value.items()}
    if isinstance(node.value, list):
        return [plain(value) for value in node.value]
    return node.value


def faults(text: str) -> list[Problem]:
    problems: list[Problem] = []
    collect_text(text, "a.yaml", problems)
    return problems


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp932"])
def test_notepads_encodings_read_the_same(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rule.yaml"
    path.write_bytes("title: 表・在籍児童数\r\nname: '{facility}_①*'\r\n".encode(encoding))
    node = read_yaml(path)
    assert plain(node) == {"title": "表・在籍児童数", "name": "{facility}_①*"}
    assert isinstance(node.value, dict)
    assert (node.value["name"].line, node.value["name"].file) == (2, str(path))


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("'true'", "true"),
        ("010", "010"),
        ("0", 0),
        ("-3", -3),
        ("12", 12),
        ("'12'", "12"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("12:30", "12:30"),
        ("2026-10-01", "2026-10-01"),
        ("0.5", 0.5),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("null", None),
        ("~", None),
        ("", None),
        ("''", ""),
        ("１２", "１２"),
        ("9" * 5000, "9" * 5000),
        ("!!str 5", "5"),
    ],
)
def test_no_value_changes_its_type_by_surprise(written: str, means: object) -> None:
    found = plain(parse_yaml(f"key: {written}\n", "a.yaml"))
    assert found == {"key": means}
    assert isinstance(found, dict)
    assert type(found["key"]) is type(means)


@pytest.mark.parametrize(
    ("text", "line", "message", "remedy"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "has the key 'a' twice (first in line 1)", "remove one of the two"),
        ("a: &x 1\n", 1, "uses an anchor (&name)", "put text that begins with & in quotes"),
        ("a: 1\nb: *x\n", 2, "uses an alias (*name)", "put text that begins with * in quotes"),
        ("*x : 1\n", 1, "uses an alias (*name)", "put text that begins with * in quotes"),
        ("a:\n  <<: {b: 1}\n", 2, "uses a merge key (<<)", "write the keys out"),
        ("a: !!python/object:os.system x\n", 1, "uses a tag (!name)", "remove it"),
        ("a: !!set {b, c}\n", 1, "uses a tag (!name)", "remove it"),
        ("a: 1\n---\nb: 1\n", 2, "has a second document (---)", "remove the line"),
        ("? [a]\n: 1\n", 1, "has a list or group where a key belongs", "in quotes"),
        ("{a}: 1\n", 1, "has a list or group where a key belongs", "in quotes"),
        ("a: 1\nb: \x07\n", 2, "has a control character ('\\x07')", "delete it"),
        ("a: 1\n\tb: 2\n", 2, "a tab stands where spaces belong", "replace tabs by spaces"),
        ("a: {facility}_{period}\n", 1, "is no valid YAML", "put text that begins with { in quotes"),
        ("a: *在籍\n", 1, "text begins with * or &", "put it in quotes"),
        ("a: @b\n", 1, "text begins with a sign", "put it in quotes"),
        ("a: 【修正】 x: y\n", 1, "a colon makes no sense here", "put text with ': ' in quotes"),
        ("title：在籍\nb: 1\n", 2, "is no valid YAML", "write a half-width colon"),
        ('a: 1\nb: "x\nc: 1\n', 2, "a quotation mark is not closed", "close it"),
        ("a: [1, 2\nb: 3\n", 2, "a bracket [ or { is not closed", "commas and brackets"),
        ("a:\n  b: 1\n c: 2\n", 3, "this line doesn't fit the lines above", "indentation"),
        ('a: "C:\\dir"\n', 1, "a backslash", "write \\\\ or use '…'"),
        ("[" * 40, 1, f"is nested more than {MOST_DEPTH} levels deep", "left open"),
    ],
)
def test_each_fault_of_yaml_is_one_problem_with_line_and_remedy(
    text: str, line: int, message: str, remedy: str
) -> None:
    (problem,) = faults(text)
    assert (problem.file, problem.line) == ("a.yaml", line)
    assert message in problem.message
    assert remedy in problem.remedy
    assert "\n" not in str(problem)


def test_an_alias_bomb_is_refused_without_being_built() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{key}: &{key} [{','.join(['*' + before] * 10)}]\n" for before, key in zip("abcdefgh", "bcdefghi", strict=True)
    )
    found = faults(bomb)
    assert len(found) == MOST_PROBLEMS
    assert {problem.message for problem in found} == {"uses an anchor (&name)", "uses an alias (*name)"}


def test_mere_faults_leave_the_rest_readable() -> None:
    problems: list[Problem] = []
    node = collect_text("a: 1\na: 2\nb: 3\n", "a.yaml", problems)
    assert node is not None and plain(node) == {"a": 1, "b": 3}
    assert len(problems) == 1


def test_faults_of_other_files_do_not_use_up_this_ones() -> None:
    problems = [Problem("other.yaml", 1, "wrong")] * MOST_PROBLEMS
    node = collect_text("a: 1\na: 2\nb: 3\n", "a.yaml", problems)
    assert node is not None and plain(node) == {"a": 1, "b": 3}


def test_a_big_file_is_refused() -> None:
    problems: list[Problem] = []
    assert collect_bytes(b"#" * (MOST_BYTES + 1), "a.yaml", problems) is None
    assert str(problems[0]).startswith("a.yaml: is larger than 1 MB")


def test_bytes_that_are_no_text_are_refused_with_their_line() -> None:
    problems: list[Problem] = []
    assert collect_bytes(b"a: 1\nb: \xff\x81\x01\n", "a.yaml", problems) is None
    assert (problems[0].line, problems[0].message) == (2, "is no text that syncd can read")


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path, make: object) -> None:
    path = tmp_path / "no.yaml"
    assert callable(make)
    make(path)
    with pytest.raises(Misconfigured) as raised:
        read_yaml(path)
    assert raised.value.problems[0].file == str(path)


def test_an_empty_file_is_nothing_rather_than_a_fault() -> None:
    assert parse_yaml("# only a comment\n", "a.yaml").value is None


@given(st.text() | st.text(alphabet="ab:{}[]&*!<>-?|'\"#%@`, \n\t\\~012在"))
@settings(max_examples=400, deadline=None)
def test_no_text_crashes_the_reader(text: str) -> None:
    problems: list[Problem] = []
    node = collect_text(text, "a.yaml", problems)
    assert node is not None or problems
    assert all(problem.file == "a.yaml" and "\n" not in str(problem) for problem in problems)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    problems: list[Problem] = []
    node = collect_bytes(data, "a.yaml", problems)
    assert node is not None or problems


def scalars() -> st.SearchStrategy[object]:
    return (
        st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(alphabet="abc 在籍_{}*:#-'\"\n", max_size=12)
    )


@given(
    st.recursive(
        scalars(),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("abc在_", min_size=1, max_size=5), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
@settings(max_examples=200, deadline=None)
def test_what_a_yaml_writer_writes_reads_back(value: object) -> None:
    assert plain(parse_yaml(yaml.safe_dump(value, allow_unicode=True), "a.yaml")) == value


def test_lines_are_those_of_the_file() -> None:
    text = "\n\na:\n  - b: 1\n\n  - c:\n      d: 2\n"

    def lines(node: Node) -> Iterator[tuple[str, int]]:
        if isinstance(node.value, dict):
            for key, inner in node.value.items():
                yield key, node.key_lines[key]
                yield from lines(inner)
        elif isinstance(node.value, list):
            for inner in node.value:
                yield from lines(inner)

    assert dict(lines(parse_yaml(text, "a.yaml"))) == {"a": 3, "b": 4, "c": 6, "d": 7}


@pytest.mark.parametrize(
    ("text", "column", "tenth"),
    [
        ("that: sum(ages) == total\n", 7, 17),
        ("that: 'sum(ages) == total'\n", 8, 18),
        ('that:   "sum(ages) == total"  # why\n', 10, 20),
        ("表: sum(ages) == total\n", 4, 14),
        ("{id: 合計, that: sum(ages) == total}\n", 16, 26),
        ("that: 'it''s sum(ages)'\n", 8, 8),
        ('that: "\\u3042sum(ages) == total"\n', 8, 8),
        ("that:\n  sum(ages) ==\n  total\n", 3, 3),
        ("that: |\n  sum(ages) == total\n", 7, 7),
    ],
)
def test_a_character_in_the_middle_of_a_text_has_its_column(text: str, column: int, tenth: int) -> None:
    found = parse_yaml(text, "a.yaml").value
    assert isinstance(found, dict)
    node = list(found.values())[-1]
    assert (node.column, node.column_at(10)) == (column, tenth)


def test_columns_of_keys_groups_and_faults_of_yaml() -> None:
    problems: list[Problem] = []
    node = collect_text("a:\n  - {b: 1, c: &x 2}\n  - b: 1\n    b: 2\n", "a.yaml", problems)
    assert node is not None and isinstance(node.value, dict) and isinstance(node.value["a"].value, list)
    first, second = node.value["a"].value
    assert (first.line, first.column, dict(first.key_columns)) == (2, 5, {"b": 6, "c": 12})
    assert (second.line, second.column, dict(second.key_columns)) == (3, 5, {"b": 5})
    assert [problem.place for problem in problems] == ["a.yaml:2:15", "a.yaml:4:5"]
    assert [problem.place for problem in faults("a: 1\nb: x\x07\n")] == ["a.yaml:2:5"]
    assert [problem.place for problem in faults("a: 1\nb: @b\n")] == ["a.yaml:2:4"]
