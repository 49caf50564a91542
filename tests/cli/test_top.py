"""Every command: `-c` anywhere, one line for an error, the promised exit statuses, help that teaches."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from syncd import __version__
from syncd.cli import syncd
from syncd.cli.opening import config, config_option
from syncd.cli.top import Top
from syncd.errors import SyncdError
from tests.cli.ward import REPOSITORY, Ward


def commands(group: click.Group = syncd, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        yield (*before, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))


def test_every_command_has_help_with_an_example() -> None:
    for words, command in commands():
        shown = CliRunner().invoke(syncd, [*words, "--help"]).output
        assert command.help, words
        assert f"syncd {' '.join(words)}" in shown.replace("Usage: syncd", "", 1), words


def test_every_command_that_needs_the_configuration_takes_it() -> None:
    for words, command in commands():
        options = {option for parameter in command.params for option in parameter.opts}
        assert ("-c" in options) == (words[0] not in ("demo", "completion")), words


@pytest.mark.parametrize(
    "words",
    [
        ("-c", "{}", "status"),
        ("status", "-c", "{}"),
        ("-c", "{}", "history", "verify"),
        ("history", "-c", "{}", "verify"),
        ("history", "verify", "-c", "{}"),
        ("-c", "/nowhere", "history", "-c", "/nowhere/else", "verify", "-c", "{}"),
    ],
)
def test_config_before_or_after_the_words_and_the_last_one_counts(ward: Ward, words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(syncd, [word.format(ward.config) for word in words])
    assert result.exit_code == 0, result.output


def test_config_from_the_environment_and_from_here(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ward.run("status", config=False).exit_code == 0
    monkeypatch.chdir("/")
    assert ward.run("status", config=False).exit_code == 2
    monkeypatch.setenv("SYNCD_CONFIG", str(ward.config))
    assert ward.run("status", config=False).exit_code == 0


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("statsu",), "statsu"),
        (("status", "--jsn"), "--jsn"),
        (("history", "--since", "soon"), "soon"),
        (("pause", "nobody"), "nobody"),
        (("why",), "PATH"),
        (("-c", "/nowhere.yaml", "status"), "/nowhere.yaml"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(ward: Ward, words: tuple[str, ...], named: str) -> None:
    result = ward.run(*words, config=False)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert named in result.stderr


def test_each_fault_of_the_configuration_is_a_line_with_its_place(ward: Ward) -> None:
    ward.config.write_text(
        ward.config.read_text(encoding="utf-8").replace("state:", "stat:").replace("0.05", "soon"), encoding="utf-8"
    )
    result = ward.run("status")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 2, "a misspelled key is one fault"
    assert all(line.startswith(f"{ward.config}:") for line in result.stderr.splitlines())
    assert "Traceback" not in result.output


def failing(error: Exception) -> Top:
    def fail() -> None:
        raise error

    return Top("syncd", commands={"fail": click.Command("fail", callback=fail)})


def test_an_error_is_one_line_and_status_1() -> None:
    result = CliRunner().invoke(failing(SyncdError("a\x1b[31m\nb", "do c")), ["fail"])
    assert result.exit_code == 1
    assert result.stderr == "syncd: a\\u001b[31m b — do c\n"


def test_an_unforeseen_error_is_one_line_that_says_where_the_details_are(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(
        "cloud: {kind: folder, root: ./cloud}\nintranet: {root: ./intranet}\nstate: ./state\nrules: ./rules\n"
        "operators: [{id: himawari, name: ひまわり保育園}]\n",
        encoding="utf-8",
    )
    (tmp_path / "state").mkdir()

    def fail() -> None:
        config()
        raise ZeroDivisionError("by nought")

    top = Top("syncd", commands={"fail": config_option(click.Command("fail", callback=fail))})
    result = CliRunner().invoke(top, ["fail", "-c", str(path)])
    log = tmp_path / "state/syncd-errors.log"
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert str(log) in result.stderr and "by nought" in result.stderr
    assert "Traceback" in log.read_text(encoding="utf-8")
    assert log.stat().st_mode & 0o077 == 0


def test_before_the_state_folder_is_known_nothing_is_written_anywhere() -> None:
    result = CliRunner().invoke(failing(ZeroDivisionError("by nought")), ["fail"])
    assert result.exit_code == 1
    assert result.stderr == "syncd: unforeseen error (ZeroDivisionError: by nought) — SYNCD_DEBUG=1 shows where\n"


def test_debugging_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCD_DEBUG", "1")
    result = CliRunner().invoke(failing(ZeroDivisionError("by nought")), ["fail"])
    assert (result.exit_code, "Traceback" in result.stderr) == (1, True)


def test_version() -> None:
    assert CliRunner().invoke(syncd, ["--version"]).output == f"syncd {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_script(shell: str) -> None:
    result = CliRunner().invoke(syncd, ["completion", shell])
    assert result.exit_code == 0
    assert "_SYNCD_COMPLETE" in result.stdout


def test_completes_operators(ward: Ward) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "_SYNCD_COMPLETE": "bash_complete",
        "COMP_WORDS": "syncd release hi",
        "COMP_CWORD": "2",
    }
    code = "from syncd.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ward.folder, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["plain,himawari"]


def test_a_terminal_of_another_encoding_gets_codes_instead_of_an_error(ward: Ward) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "syncd", "status"]
    done = subprocess.run(command, env=environment, cwd=ward.folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\u3072\\u307e" in done.stdout


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_file_names_are_utf8_whatever_the_locale_says(ward: Ward, locale: str) -> None:
    paper = ward.folder / "cloud" / "ひまわり保育園" / "inbox" / "在籍.csv"
    paper.parent.mkdir(parents=True, exist_ok=True)
    paper.write_text("1")
    old = {"LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    words = [sys.executable, "-m", "syncd", "run", "--once", "-c", str(ward.config)]
    ran = subprocess.run(words, env={**os.environ, **old}, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in ran.stderr and ran.returncode == 0, ran.stderr
    assert paper.read_text() == "1"
    assert (ward.folder / "intranet" / "ひまわり保育園" / "inbox" / "在籍.csv").read_text() == "1"
