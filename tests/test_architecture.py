"""Imports go down only, and the page about the architecture names things that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "syncd"
THOUGHT = {"model", "owner_mark", "errors", "contract", "names", "mirror", "rulebook", "yamltext", "clock", "packaged"}
THOUGHT |= {"calls_forecast", "diagnosis", "patience", "forms", "checks", "judging", "reports"}
CONFIG = {"config"}
WORLD = {"tree", "clouds", "intranet", "versions", "reading", "scanning", "store", "notices", "systemd"}
# The two kinds of directory tree stand on `tree`; the rest of the world knows nobody beside it.
BESIDE = {("clouds", "tree"), ("intranet", "tree")}
ROUND = {
    "belonging",
    "examination",
    "examining",
    "execution",
    "journey",
    "hints",
    "schedule",
    "watched_files",
    "watches",
}
ROUND |= {"clerk", "leaving", "outgoing", "outstanding", "pages", "reminding", "replaying", "trying"}
ROUND |= {"looking", "operator_folders", "troubles"}
LAYERS = [THOUGHT, CONFIG, WORLD, {"world"}, ROUND, {"daemon"}]
# Thought that reads files because administrators edit them, or because they come with the package.
READS_FILES = {"rulebook/load.py", "yamltext/reading.py", "packaged.py"}
OUTSIDE = {"sqlite3", "socket", "requests", "apprise", "watchdog", "subprocess", "shutil", "time", "sqlite_utils"}


def room_of(file: Path) -> str:
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"syncd.{alias.name}" for alias in node.names} if node.module == "syncd" else {node.module}
    return found


def level(room: str) -> int:
    return next((number for number, rooms in enumerate(LAYERS) if room in rooms), len(LAYERS))


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_imports_go_down_only(file: Path) -> None:
    room = room_of(file)
    for name in imports(file):
        if not name.startswith("syncd."):
            outside = name.split(".")[0] in OUTSIDE and room in THOUGHT and room != "clock"
            assert not outside or str(file.relative_to(PACKAGE)) in READS_FILES, f"thought imports {name}"
            continue
        other = name.split(".")[1]
        if other in (room, "__version__"):
            continue
        assert level(other) <= level(room), f"{room} imports {other}, which stands above it"
        if room in WORLD and other in WORLD:
            assert (room, other) in BESIDE, f"{room} imports {other}, which stands beside it"


def test_the_page_names_what_exists() -> None:
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:syncd|tests|rules|systemd)/[\w./-]*)`", page)
    assert len(paths) > 20
    missing = [path for path in paths if not (ROOT / path).exists()]
    assert not missing
    (rooms,) = re.findall(r"```\n(cli .*?)```", page, flags=re.DOTALL)
    named = {
        word
        for word in re.findall(r"\b[a-z_]+\b", rooms)
        if (PACKAGE / word).exists() or (PACKAGE / f"{word}.py").exists()
    }
    there = {path.stem for path in PACKAGE.iterdir() if not path.name.startswith("__") and path.suffix in ("", ".py")}
    assert there == named, "a room is missing on the page"
