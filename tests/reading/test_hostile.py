"""Every hostile file gets its one clear answer, and costs no more than it may."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from syncd.reading import Reader
from tests.reading.conftest import TOTAL
from tests.reading.hostile import hostile
from tests.reading.hostile_file import good

MOST = 256 * 1024
"""Kilobytes of resident memory."""


def peak(process: int) -> int:
    """The most memory that a process ever held, in kilobytes; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def test_every_hostile_file_gets_its_answer(tmp_path: Path) -> None:
    files = hostile()
    contents = set()
    wrong, processes, most = [], set(), 0
    folder = tmp_path / "kept"
    folder.mkdir()
    with Reader(workers=1) as reader:
        for name, each in files.items():
            data = each.make()
            contents.add(data)
            (folder / "content").write_bytes(data)
            found = reader.read(folder / "content", each.file, [TOTAL])
            answer = (found.kind, found.trouble, found.macros, found.facts["total"].one)
            if answer != (each.kind, each.trouble, each.macros, each.total):
                wrong.append((name, answer, found.detail))
            assert bool(found.detail) == bool(found.trouble), name
            assert found.detail.isprintable() and len(found.detail) < 400, name
            assert found.size == len(data)
            assert [path.name for path in folder.iterdir()] == ["content"], name
            for process in reader.processes:
                processes.add(process)
                most = max(most, peak(process))
    assert not wrong
    assert len(contents) >= 300
    assert 0 < most < MOST
    # Two of them take all the memory that there may be; whoever meets nothing worse is never replaced.
    assert len(processes) <= 4


@pytest.mark.parametrize("name", [name for name, each in hostile().items() if each.kind == "zip"])
def test_a_hostile_bundle_leaves_nothing_outside(name: str, reader: Reader, tmp_path: Path) -> None:
    each = hostile()[name]
    (tmp_path / "content").write_bytes(each.make())
    (tmp_path / "into").mkdir()
    found = reader.unpack(tmp_path / "content", each.file, tmp_path / "into")
    there = {path for path in tmp_path.rglob("*") if path.is_file()} - {tmp_path / "content"}
    assert there == {member.file for member in found.members}
    assert {path.parent for path in there} <= {tmp_path / "into"}
    assert not any(path.is_symlink() for path in there)
    assert found.trouble == each.trouble or (not each.trouble and found.trouble == "unreadable" and not found.members)
    for member in found.members:
        assert member.name and not set(member.name) & set("/\\\0") and member.name not in (".", "..")
        assert member.file.stat().st_size == member.size
        assert member.file.stat().st_mode & 0o777 == 0o600


def damaged(numbers: random.Random, data: bytes) -> bytes:
    """A file after a bad day: bytes changed, pieces missing, doubled or swapped."""
    bad = bytearray(data)
    for _ in range(numbers.choice((1, 1, 2, 5, 20))):
        at, length = numbers.randrange(len(bad) + 1), numbers.choice((1, 1, 2, 4, 50))
        piece = bad[at : at + length]
        match numbers.randrange(4):
            case 0:
                bad[at : at + length] = numbers.randbytes(len(piece))
            case 1:
                del bad[at : at + length]
            case 2:
                bad[at:at] = piece
            case 3:
                bad[at : at + length] = numbers.choice((b"\xff", b"\0", b"9", b"<", b"(")) * len(piece)
    return bytes(bad)


def look_at_damage(tmp_path: Path, rounds: int) -> None:
    numbers = random.Random(f"damage {rounds}")
    kinds = [kind for kind, data in good().items() if data]
    with Reader(workers=1) as reader:
        processes = set()
        for _ in range(rounds):
            kind = numbers.choice([*kinds, "xlsx", "xls", "ods", "pdf", "pdf"])
            (tmp_path / "content").write_bytes(damaged(numbers, good()[kind]))
            found = reader.read(tmp_path / "content", f"a.{kind}", [TOTAL])
            assert found.trouble not in ("too slow", "too big") or found.detail
            assert set(found.facts) == {"total"}
            processes |= set(reader.processes)
        assert len(processes) <= 1 + rounds // 100


def test_damage_anywhere_is_an_answer(tmp_path: Path) -> None:
    look_at_damage(tmp_path, 200)


@pytest.mark.campaign
def test_much_damage_anywhere_is_an_answer(tmp_path: Path) -> None:
    look_at_damage(tmp_path, 20_000)
