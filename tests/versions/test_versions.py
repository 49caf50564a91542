"""Kept bytes: whole or not there, private, verified, mended, and never purged while somebody refers to them."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import textwrap
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncd.errors import SyncdError
from syncd.versions import Versions
from syncd.versions.blobs import _safe

CONTENT = b"whole" * 1000
SHA1 = hashlib.sha1(CONTENT).hexdigest()


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "state")


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_bytes_are_kept_under_their_sha1_for_nobody_else_to_read(versions: Versions, tmp_path: Path) -> None:
    with versions.receive() as incoming:
        shutil.copyfileobj(io.BytesIO(CONTENT), incoming)
        assert not versions.has(SHA1)
        assert incoming.keep() == (SHA1, len(CONTENT))
    assert versions.has(SHA1)
    assert versions.path(SHA1) == tmp_path / "state" / "versions" / SHA1[:2] / SHA1
    assert versions.read(SHA1) == CONTENT
    assert list(versions) == [SHA1]
    assert versions.path(SHA1).stat().st_mode & 0o777 == 0o600
    assert versions.path(SHA1).parent.stat().st_mode & 0o777 == 0o700
    assert everything(tmp_path) == [f"state/versions/{SHA1[:2]}/{SHA1}"]


def test_what_is_not_kept_is_forgotten(versions: Versions, tmp_path: Path) -> None:
    with versions.receive() as incoming:
        incoming.write(CONTENT)
    with suppress(KeyError), versions.receive() as incoming:
        incoming.write(CONTENT)
        raise KeyError
    with suppress(KeyError), versions.batch() as batch:
        with batch.receive() as incoming:
            incoming.write(CONTENT)
            incoming.keep()
        raise KeyError
    assert everything(tmp_path) == []


def test_a_batch_is_kept_together(versions: Versions, tmp_path: Path) -> None:
    contents = [bytes([number]) * 100 for number in range(30)]
    with versions.batch() as batch:
        for content in [*contents, contents[0]]:
            with batch.receive() as incoming:
                incoming.write(content)
                assert incoming.keep() == (hashlib.sha1(content).hexdigest(), 100)
        with batch.receive() as incoming:
            incoming.write(b"not whole")
        assert list(versions) == []
    assert [versions.read(hashlib.sha1(content).hexdigest()) for content in contents] == contents
    assert len(everything(tmp_path)) == 30


def test_an_empty_batch_makes_nothing(versions: Versions, tmp_path: Path) -> None:
    with versions.batch():
        pass
    assert everything(tmp_path) == []


@given(st.lists(st.binary(max_size=50)))
def test_the_sha1_is_that_of_all_that_was_written(tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]) -> None:
    versions = Versions(tmp_path_factory.getbasetemp() / "property")
    with versions.receive() as incoming:
        for part in parts:
            incoming.write(part)
        sha1, size = incoming.keep()
    whole = b"".join(parts)
    assert (sha1, size) == (hashlib.sha1(whole).hexdigest(), len(whole))
    assert versions.read(sha1) == whole


@pytest.mark.parametrize("rot", [b"rotten", CONTENT[:-1] + b"x"])
def test_rotten_bytes_are_found_refused_and_mended(versions: Versions, rot: bytes) -> None:
    versions.put(CONTENT)
    versions.put(b"sound")
    versions.path(SHA1).write_bytes(rot)
    assert list(versions.damaged()) == [SHA1]
    with pytest.raises(SyncdError, match="damaged"):
        versions.read(SHA1)
    versions.put(CONTENT)
    assert list(versions.damaged()) == []
    assert versions.read(SHA1) == CONTENT


def test_bytes_that_were_never_kept_are_named(versions: Versions) -> None:
    with pytest.raises(SyncdError, match=f"{SHA1}: the kept bytes can't be read"):
        versions.read(SHA1)
    with pytest.raises(ValueError, match="no SHA-1"):
        versions.has("../../etc/passwd")


def test_purging_takes_only_what_is_old_and_unreferenced(versions: Versions) -> None:
    old, young, referenced = (versions.put(content)[0] for content in (b"old", b"young", b"referenced"))
    for sha1 in (old, referenced):
        os.utime(versions.path(sha1), (1000.0, 1000.0))
    assert versions.purge({referenced}, before=2000.0) == (old,)
    assert set(versions) == {young, referenced}
    versions.put(b"referenced")
    assert versions.purge(frozenset(), before=2000.0) == (), "what was put in again is young again"


def test_sweeping_removes_what_a_crash_left(versions: Versions, tmp_path: Path) -> None:
    child = subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent(
                """
                import os, sys; from pathlib import Path
                from syncd.versions import Versions
                versions = Versions(Path(sys.argv[1]))
                versions.put(b"kept")
                with versions.receive() as incoming:
                    incoming.write(b"half")
                    os.kill(os.getpid(), 9)
                """
            ),
            str(tmp_path / "state"),
        ]
    )
    assert child.returncode == -9
    assert len(everything(tmp_path)) == 2
    versions.sweep()
    assert [versions.read(sha1) for sha1 in versions] == [b"kept"]
    assert len(everything(tmp_path)) == 1
    versions.put(b"more")


def test_a_full_disk_is_said_clearly_and_harms_nothing(versions: Versions, tmp_path: Path) -> None:
    versions.put(CONTENT)
    child = subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent(
                """
                import resource, sys; from pathlib import Path
                from syncd.errors import SyncdError
                from syncd.versions import Versions
                versions = Versions(Path(sys.argv[1]))
                resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
                try:
                    versions.put(b"x" * 200_000)
                except SyncdError as error:
                    print(error)
                """
            ),
            str(tmp_path / "state"),
        ],
        capture_output=True,
        text=True,
    )
    assert "bytes can't be kept" in child.stdout and "free space" in child.stdout
    assert child.stderr == ""
    assert everything(tmp_path) == [f"state/versions/{SHA1[:2]}/{SHA1}"]


def test_threads_keep_the_same_bytes_at_once(versions: Versions) -> None:
    results: list[tuple[str, int]] = []
    threads = [threading.Thread(target=lambda: results.append(versions.put(CONTENT))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [(SHA1, len(CONTENT))] * 8
    assert versions.read(SHA1) == CONTENT


def test_quarantine_is_a_numbered_copy(versions: Versions, tmp_path: Path) -> None:
    sha1, _ = versions.put(CONTENT)
    first = versions.quarantine(7, "名簿:2026.xlsx", sha1)
    assert first.parent == tmp_path / "state" / "quarantine"
    assert first.name.startswith("7_名簿") and first.suffix == ".xlsx"
    assert first.read_bytes() == CONTENT
    assert first.stat().st_mode & 0o777 == 0o600
    assert versions.quarantine(7, "名簿:2026.xlsx", sha1) == first
    other = versions.quarantine(70, "../../etc/passwd", sha1)
    assert other.parent == first.parent
    versions.drop_quarantined(7)
    versions.drop_quarantined(8)
    assert (first.exists(), other.exists()) == (False, True)
    with pytest.raises(SyncdError):
        versions.quarantine(9, "x", "0" * 40)


@given(st.text(st.characters(exclude_categories=[]) | st.sampled_from("/\x00.\udcff"), min_size=1, max_size=300))
def test_a_name_in_quarantine_fits_any_folder(name: str) -> None:
    safe = f"{2**31}_{_safe(name)}"
    assert len(safe.encode()) <= 255
    assert "/" not in safe and "\0" not in safe
