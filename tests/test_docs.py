"""What is documented exists: commands and their options, settings, rules, files that are linked or named."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner

from syncd.cli import syncd
from syncd.config import examine
from syncd.packaged import rules_folder
from syncd.rulebook import load

REPOSITORY = Path(__file__).resolve().parents[1]
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
SPEAKING = [
    *PAGES,
    *(REPOSITORY / name for name in ("CHANGELOG.md", "config.example.yaml", "Makefile", "systemd/syncd.service")),
    *sorted((REPOSITORY / "rules").glob("*.yaml")),
    *sorted((REPOSITORY / "syncd").rglob("*.py")),
]
EXAMPLE = yaml.safe_load((REPOSITORY / "config.example.yaml").read_text(encoding="utf-8"))


def name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def command_lines(text: str) -> Iterator[list[str]]:
    """What follows `syncd` where it is written as a command: in backticks, or at the beginning of an indented line."""
    for found in re.finditer(
        r"`(?:python -m )?syncd ([a-z][^`\n]*)`|^(?:#  |   ) syncd ([a-z].*)$", text, re.MULTILINE
    ):
        yield re.split(r"[ \[]", (found[1] or found[2]).replace("[", " ").replace("]", " "))


def options(command: click.Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts} | {"--help"}


@pytest.mark.parametrize("page", SPEAKING, ids=name)
def test_every_command_that_is_named_exists_with_its_options(page: Path) -> None:
    for words in command_lines(page.read_text(encoding="utf-8")):
        if words[0] == "COMMAND":
            continue
        command = syncd.commands.get(words[0])
        assert command is not None, f"{name(page)} names `syncd {' '.join(words)}`"
        rest = [word for word in words[1:] if word]
        if isinstance(command, click.Group) and rest and rest[0] in command.commands:
            command = command.commands[rest.pop(0)]
        elif isinstance(command, click.Group) and not command.invoke_without_command:
            assert not rest, f"{name(page)} names `syncd {' '.join(words)}`"
        for word in rest:
            assert not word.startswith("-") or word in options(command), f"{name(page)}: {word} of {words[0]}"


def test_the_readme_names_every_command() -> None:
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    for command in syncd.commands:
        assert f"`syncd {command}" in text, command


def test_the_exit_statuses_are_the_same_in_readme_and_help() -> None:
    said = "3 something is held, else 2 wrong configuration or usage, else 1 something failed, else 0"
    for text in ((REPOSITORY / "README.md").read_text(encoding="utf-8"), CliRunner().invoke(syncd, ["--help"]).output):
        assert said in " ".join(text.split())


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_settings_that_are_named_exist(page: Path) -> None:
    for found in re.findall(r"`([a-z_]+)\.([a-z_]+)(?:: [^`]*)?`", page.read_text(encoding="utf-8")):
        group, key = found
        if isinstance(EXAMPLE.get(group), Mapping):
            assert key in EXAMPLE[group], f"{name(page)} names {group}.{key}"


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_examples_of_yaml_have_no_fault(page: Path, tmp_path: Path) -> None:
    for number, block in enumerate(blocks(page)):
        document: Any = yaml.safe_load(block)
        if "operators" in document:
            (tmp_path / "config.yaml").write_text(block, encoding="utf-8")
            reading = examine(tmp_path / "config.yaml")
            assert (reading.problems, reading.warnings) == ((), ())
        elif "document" in document:
            folder = tmp_path / f"rules{number}"
            folder.mkdir()
            (folder / "example.yaml").write_text(block, encoding="utf-8")
            assert list(load(folder, rules_folder()).rules) == [document["document"]]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_and_files_that_are_named_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / link).exists(), f"{name(page)} links {link}"
    tops = "|".join(("docs", "systemd", "rules", "tests"))
    for found in re.findall(rf"`((?:{tops})/[\w./-]*\w)`", text):
        if found != "rules/forms":  # a ward's own
            assert (REPOSITORY / found).exists(), f"{name(page)} names {found}"


@pytest.mark.parametrize("target", ["demo", "test", "dist"])
def test_make_knows_what_the_readme_says(target: str) -> None:
    assert f"make {target}" in (REPOSITORY / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^{target}:", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
