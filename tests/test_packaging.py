"""The package says what it needs, and nothing it doesn't."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

from syncd import __version__
from syncd.packaged import rules_folder

REPOSITORY = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
# Distribution → the module it brings, where that is another word.
MODULES = {
    "python-calamine": "python_calamine",
    "PyYAML": "yaml",
    "boxsdk": "box_sdk_gen",
    "msoffcrypto-tool": "msoffcrypto",
    "sqlite-utils": "sqlite_utils",
}
# Data only: zoneinfo reads it where the system has none.
NEVER_IMPORTED = {"tzdata"}


def declared() -> dict[str, str]:
    """Each runtime dependency: its module and its version range."""
    found = {}
    for requirement in PROJECT["dependencies"]:
        name, versions = re.fullmatch(r"([A-Za-z0-9_-]+)(.*)", requirement).groups()  # type: ignore[union-attr]
        found[MODULES.get(name, name)] = versions
    return found


def imported() -> set[str]:
    """Every module from elsewhere that the package imports, wherever in a file."""
    found: set[str] = set()
    for path in sorted((REPOSITORY / "syncd").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                found.add(node.module.split(".")[0])
    return found - sys.stdlib_module_names - {"syncd", "_typeshed"}


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    assert imported() == set(declared()) - NEVER_IMPORTED


def test_every_dependency_has_bounds() -> None:
    for module, versions in declared().items():
        assert ">=" in versions, module
        assert "<" in versions or module in NEVER_IMPORTED, module


def test_the_rules_that_come_with_it_are_found() -> None:
    assert (rules_folder() / "_workflow.yaml").is_file()


def test_the_version_is_one_that_the_changelog_knows() -> None:
    assert __version__ in (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")


def test_licence_and_command_are_there() -> None:
    assert PROJECT["license"] == "MIT"
    assert (REPOSITORY / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert PROJECT["scripts"] == {"syncd": "syncd.cli:main"}
