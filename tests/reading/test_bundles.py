"""Bundles come apart into files whose names are only names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from syncd.reading import Limits, Reader, Unpacked
from tests.reading import making as m

Unpack = Callable[..., Unpacked]


@pytest.fixture
def unpack(tmp_path: Path, reader: Reader) -> Unpack:
    """A bundle's bytes → what is in it; `tmp_path/into` holds the files."""
    (tmp_path / "into").mkdir()

    def unpack(data: bytes, by: Reader = reader) -> Unpacked:
        (tmp_path / "content").write_bytes(data)
        return by.unpack(tmp_path / "content", "bundle.zip", tmp_path / "into")

    return unpack


def held(found: Unpacked) -> dict[str, bytes]:
    assert not found.trouble, found.detail
    return {member.name: member.file.read_bytes() for member in found.members}


def test_members_become_files(unpack: Unpack) -> None:
    found = unpack(m.zipped({"012_202610_在籍.xlsx": b"one", "10月/012_202610_請求.pdf": b"two", "空/": b""}))
    assert held(found) == {"012_202610_在籍.xlsx": b"one", "012_202610_請求.pdf": b"two"}
    assert [(member.file.name, member.size) for member in found.members] == [("0", 3), ("1", 3)]


@pytest.mark.parametrize(
    ("raw", "flags", "name"),
    [
        ("在籍児童数報告書.xlsx".encode("cp932"), 0, "在籍児童数報告書.xlsx"),
        ("表\\ソ能.xlsx".encode("cp932"), 0, "ソ能.xlsx"),  # their second bytes are backslashes, too
        ("ﾃﾞｰﾀ.csv".encode("cp932"), 0, "ﾃﾞｰﾀ.csv"),
        ("在籍か\u3099.xlsx".encode(), 0, "在籍か\u3099.xlsx"),  # a Mac
        ("在籍.xlsx".encode(), 0x800, "在籍.xlsx"),
        (b"plain.txt", 0, "plain.txt"),
        (b"caf\x82.txt\xff", 0, "café.txt\u00a0"),
        (b"/etc/passwd", 0, "passwd"),
        (b"..\\..\\x\\evil.exe", 0, "evil.exe"),
        (b"C:\\a\\b.txt", 0, "b.txt"),
        ("a\u202egpj.exe".encode(), 0x800, "agpj.exe"),
        (b"tab\there.txt", 0, "tabhere.txt"),
    ],
)
def test_names_are_read_as_their_program_meant_them(unpack: Unpack, raw: bytes, flags: int, name: str) -> None:
    assert held(unpack(m.raw_zip([(raw, b"x")], flags=flags))) == {name.strip(): b"x"}


def test_what_only_programs_put_there_is_left_out(unpack: Unpack) -> None:
    rubbish = ("__MACOSX/._a.xlsx", "a/.DS_Store", "Thumbs.db", "x/desktop.ini", "._b", "folder/", "..", "b/..", "")
    found = unpack(m.raw_zip([(name.encode(), b"x") for name in (*rubbish, "a.xlsx")]))
    assert list(held(found)) == ["a.xlsx"]


def test_twins_are_told_apart(unpack: Unpack) -> None:
    names = ("4月/在籍.xlsx", "5月/在籍.xlsx", "ABC.txt", "ａｂｃ.TXT", "請求.pdf")
    found = unpack(m.raw_zip([(name.encode(), name.encode()) for name in names], flags=0x800))
    assert list(held(found)) == ["4月_在籍.xlsx", "5月_在籍.xlsx", "ABC.txt", "ａｂｃ (2).TXT", "請求.pdf"]


def test_bundles_within_bundles_are_opened(unpack: Unpack, tmp_path: Path) -> None:
    inner = m.zipped({"在籍.xlsx": m.xlsx(), "請求.pdf": b"p"})
    found = unpack(m.zipped({"10月.zip": inner, "11月.zip": inner, "a.txt": b"t"}))
    assert list(held(found)) == [
        "10月_在籍.xlsx", "10月_請求.pdf", "11月_在籍.xlsx", "11月_請求.pdf", "a.txt"
    ]  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "into").iterdir()) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("limits", "data", "trouble"),
    [
        (Limits(depth=2), m.zipped({"a.zip": m.zipped({"b.zip": m.zipped({"c": b"x"})})}), "bomb"),
        (Limits(total=50_000), m.zipped({f"{n}": bytes(20_000) for n in range(3)}), "bomb"),
        (Limits(total=50_000), m.zipped({f"{n}.zip": m.zipped({"a": bytes(20_000)}) for n in range(3)}), "bomb"),
        (Limits(one=10_000), m.zipped({"a": bytes(10_001)}), "bomb"),
        (Limits(free=10_000, ratio=20), m.zipped({"a": bytes(20_000)}), "bomb"),
        (Limits(free=10_000, ratio=20), m.zipped({"a.zip": m.zipped({"a": bytes(20_000)})}), "bomb"),
        (Limits(members=3), m.zipped({f"{n}": b"" for n in range(4)}), "too big"),
        (Limits(members=3), m.zipped({f"{n}.zip": m.zipped({"a": b"", "b": b""}) for n in range(2)}), "too big"),
        (Limits(), m.zipped({"a": b"x", "b.zip": m.raw_zip([(b"c", b"x")], flags=1)}), "encrypted"),
        (Limits(), m.zipped({"a": b"x", "b.zip": m.zipped({"c": b"x"})[:60]}), "unreadable"),
        (Limits(), m.zipped({"a/": b""}), "unreadable"),
        (Limits(), m.zipped({"a": b"x"})[:-9], "unreadable"),
    ],
)  # fmt: skip
def test_beyond_the_limits_nothing_is_left(
    unpack: Unpack, tmp_path: Path, limits: Limits, data: bytes, trouble: str
) -> None:
    with Reader(workers=1, limits=limits) as reader:
        found = unpack(data, reader)
    assert (found.trouble, found.members) == (trouble, ())
    assert found.detail
    assert list((tmp_path / "into").iterdir()) == []


def test_workbooks_in_a_bundle_are_not_taken_apart(unpack: Unpack) -> None:
    assert held(unpack(m.zipped({"a.xlsx": m.xlsx()}))) == {"a.xlsx": m.xlsx()}
