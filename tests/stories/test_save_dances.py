"""How programs save, step by step, with syncd looking between any two steps: one change, one version, nothing else.

The oracle: in the cloud lies the one file, before with its old bytes and afterwards with the new; what the program
keeps for itself never shows there; nobody is told of anything but the correction; no record says that something
vanished or was refused.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syncd.tree.confine import Beneath
from tests.stories.box_ward import folder_only
from tests.stories.operator_steps import give_back, round_off
from tests.stories.staff_steps import rounds
from tests.stories.ward import ENROLMENT, Ward

pytestmark = folder_only("staff's programs save on the intranet, whatever the cloud is")

Dance = Callable[[Path, str], Iterator[None]]
DANCES: dict[str, Dance] = {}


def dance(steps: Dance) -> Dance:
    DANCES[steps.__name__] = steps
    return steps


@dance
def excel(path: Path, text: str) -> Iterator[None]:
    owner, temporary, old = path.with_name(f"~${path.name}"), path.with_name("5A3B2C10"), path.with_name("6B4C3D21.tmp")
    owner.write_bytes(b"\x05staff")
    yield
    temporary.write_text(text, encoding="utf-8")
    yield
    path.rename(old)
    yield
    temporary.rename(path)
    yield
    old.unlink()
    yield
    owner.unlink()


@dance
def word(path: Path, text: str) -> Iterator[None]:
    owner = path.with_name(f"~${path.name}")
    new, old = path.with_name("~WRD0001.tmp"), path.with_name("~WRL0001.tmp")
    owner.write_bytes(b"\x05staff")
    new.write_text(text, encoding="utf-8")
    yield
    path.rename(old)
    yield
    new.rename(path)
    yield
    old.unlink()
    owner.unlink()


@dance
def libreoffice(path: Path, text: str) -> Iterator[None]:
    lock, new = path.with_name(f".~lock.{path.name}#"), path.with_name("lu12345abc.tmp")
    lock.write_text("staff")
    yield
    new.write_text(text, encoding="utf-8")
    yield
    path.write_bytes(b"")  # on a share it copies over the old file
    yield
    path.write_text(text, encoding="utf-8")
    new.unlink()
    yield
    lock.unlink()


@dance
def gedit(path: Path, text: str) -> Iterator[None]:
    new = path.with_name(".goutputstream-ABC123")
    new.write_text(text, encoding="utf-8")
    yield
    os.link(path, path.with_name(f"{path.name}~"))
    yield
    new.replace(path)
    yield
    path.with_name(f"{path.name}~").unlink()


@dance
def vim(path: Path, text: str) -> Iterator[None]:
    swap, backup = path.with_name(f".{path.name}.swp"), path.with_name(f"{path.name}~")
    swap.write_bytes(b"b0VIM")
    yield
    path.rename(backup)
    yield
    path.write_text(text, encoding="utf-8")
    yield
    backup.unlink()
    swap.unlink()


@dance
def emacs(path: Path, text: str) -> Iterator[None]:
    autosave, backup = path.with_name(f"#{path.name}#"), path.with_name(f"{path.name}~")
    autosave.write_text("half", encoding="utf-8")
    yield
    backup.write_bytes(path.read_bytes())
    yield
    path.write_text(text, encoding="utf-8")
    autosave.unlink()
    yield  # the backup stays


def _mac_folder(path: Path, number: str = "1a2b3c4d") -> Path:
    folder = path.with_name(f"{path.name}.sb-{number}-Xy9zAb")
    folder.mkdir()
    return folder


@dance
def mac_by_folder(path: Path, text: str) -> Iterator[None]:
    folder = _mac_folder(path)
    path.with_name(f"._{path.name}").write_bytes(b"\0\5\x16\7")
    yield
    (folder / path.name).write_text(text, encoding="utf-8")
    yield
    path.rename(folder / "old")
    yield
    (folder / path.name).rename(path)
    yield
    (folder / "old").unlink()
    folder.rmdir()


@dance
def mac_by_exchange(path: Path, text: str) -> Iterator[None]:
    folder = _mac_folder(path)
    (folder / path.name).write_text(text, encoding="utf-8")
    yield
    with Beneath(path.parent) as beneath:
        assert beneath.exchange(f"{folder.name}/{path.name}", path.name)
    yield
    (folder / path.name).unlink()
    yield
    folder.rmdir()


@dance
def mac_that_only_leaves_its_folder_for_a_while(path: Path, text: str) -> Iterator[None]:
    folder = path.with_name("(A Document Being Saved By Numbers)")
    folder.mkdir()
    (folder / path.name).write_text(text, encoding="utf-8")
    yield
    (folder / path.name).replace(path)
    yield
    folder.rmdir()


@dance
def in_place_with_its_time_put_back(path: Path, text: str) -> Iterator[None]:
    before = path.stat()
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    yield


@pytest.mark.parametrize("stage", ["corrections", "review", "confirmed"])
@pytest.mark.parametrize("name", DANCES)
def test_a_save_is_one_change(ward: Ward, name: str, stage: str) -> None:
    ward.arrive(content="save 0")
    if stage == "corrections":
        give_back(ward)
    elif stage == "confirmed":
        ward.drag(ward.intranet(f"review/{ENROLMENT}"), ward.intranet("confirmed"))
    round_off(ward)
    path, place = ward.intranet(f"{stage}/{ENROLMENT}"), f"{stage}/{ENROLMENT}"
    before = len(ward.history())
    for number in (1, 2):
        old, new = f"save {number - 1}", f"save {number}"
        seen = {"save 0"} if stage != "corrections" else {old, new}
        for _ in DANCES[name](path, new):
            rounds(ward, patience=0.5, only="himawari")
            shown = _documents(ward.tree("cloud"))
            assert set(shown) == {place} and shown[place] in seen, shown
        assert ward.run() == 0
        if stage == "confirmed":
            assert path.read_text(encoding="utf-8") == "save 0"
            assert ward.kept(new)
    wanted = {"corrections": "save 2", "review": "save 0", "confirmed": "save 0"}[stage]
    assert _documents(ward.tree("cloud")) == {place: wanted}
    assert path.read_text(encoding="utf-8") == ("save 0" if stage == "confirmed" else "save 2")
    outcomes = [row["outcome"] for row in ward.history()[before:]]
    expected = {"corrections": ["offered"] * 2, "review": ["edited"] * 2, "confirmed": ["refused"] * 2}[stage]
    assert outcomes == expected
    ward.said()
    ward.quiet()


def _documents(tree: dict[str, str]) -> dict[str, str]:
    return {path: text for path, text in tree.items() if not path.endswith(".txt")}


def test_a_mac_that_went_away_while_it_saved(ward: Ward) -> None:
    """What is left after ten minutes is told; the document comes back."""
    ward.arrive(content="v1")
    path = ward.intranet(f"review/{ENROLMENT}")
    folder = _mac_folder(path)
    (folder / ENROLMENT).write_text("half", encoding="utf-8")
    path.rename(folder / "old")
    assert ward.run() == 0
    assert not path.exists(), "it may still be saving"
    long_ago = folder.stat().st_mtime - 3600
    os.utime(folder, (long_ago, long_ago))
    for _ in range(4):
        assert ward.run() == 0
    assert path.read_text(encoding="utf-8") == "v1"
    assert _documents(ward.tree("cloud")) == {f"review/{ENROLMENT}": "v1"}
    assert (folder / ENROLMENT).read_text(encoding="utf-8") == "half", "it is staff's"
    assert any("保存の途中で残ったフォルダー" in text for text in ward.said("staff"))
