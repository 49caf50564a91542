"""rclone, as Debian ships it, takes the simulator for Box: it knows nothing of tests."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.boxsim import Hands, Simulator, certificates, serve
from tests.boxsim.proxy import Proxy, proxy

RCLONE = shutil.which("rclone")


class Rclone:
    """rclone, with a configuration that has a token for the simulator and nothing else."""

    def __init__(self, folder: Path, sim: Simulator, authority: Path, way: Proxy) -> None:
        self._authority = authority
        self._way = way
        self._config = folder / "rclone.conf"
        self._config.write_text(f"[box]\ntype = box\naccess_token = {sim.account.token}\n", encoding="utf-8")

    def __call__(self, *words: str | Path) -> str:
        """Runs it; what it printed. Fails when rclone does."""
        assert RCLONE is not None
        options = ["--config", str(self._config), "--ca-cert", str(self._authority)]
        options += ["--retries", "1", "--low-level-retries", "2"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self._config.parent), "HTTPS_PROXY": self._way.url}
        command = [RCLONE, *map(str, words), *options]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=50, check=False)
        assert ran.returncode == 0, ran.stderr
        assert not self._way.refused, "rclone wanted to talk to somebody else"
        return ran.stdout


@pytest.fixture(scope="module")
def rclone_is_there() -> None:
    if RCLONE is None:
        if os.environ.get("CI"):
            pytest.fail("rclone is missing: apt install rclone")
        pytest.skip("rclone is not installed")


@pytest.fixture
def rclone(tmp_path: Path, sim: Simulator, rclone_is_there: None) -> Iterator[Rclone]:
    made = certificates.make(tmp_path)
    with serve(sim, tls=(made.certificate, made.key)) as server, proxy(server.port) as way:
        yield Rclone(tmp_path, sim, made.authority, way)


@pytest.fixture
def hands(sim: Simulator) -> Hands:
    return sim.hands()


def written(folder: Path, files: dict[str, bytes]) -> Path:
    """A directory with these files."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


FILES = {
    "012_ひまわり保育園/1_受付/012_202611_在籍児童数報告書.xlsx": b"x" * 5000,
    "012_ひまわり保育園/empty.pdf": b"",
    "013_さくら保育園/a b'c.pdf": bytes(range(256)) * 40,
    "013_さくら保育園/deep/er/still.txt": b"still",
}


def test_copies_up_and_down_and_finds_no_difference(tmp_path: Path, rclone: Rclone, hands: Hands) -> None:
    local = written(tmp_path / "local", FILES)
    rclone("copy", local, "box:ward")
    assert hands.tree() == {f"ward/{path}": content for path, content in FILES.items()}
    rclone("check", local, "box:ward")
    rclone("check", "--download", local, "box:ward")
    rclone("copy", "box:ward", tmp_path / "back")
    back = {str(path.relative_to(tmp_path / "back")): path for path in (tmp_path / "back").rglob("*") if path.is_file()}
    assert {name: path.read_bytes() for name, path in back.items()} == FILES
    assert back["012_ひまわり保育園/empty.pdf"].stat().st_mtime == pytest.approx(
        (local / "012_ひまわり保育園/empty.pdf").stat().st_mtime, abs=1.0
    )


def test_syncs_what_people_changed(tmp_path: Path, rclone: Rclone, hands: Hands) -> None:
    local = written(tmp_path / "local", FILES)
    rclone("copy", local, "box:ward")
    identity = hands.identity("ward/013_さくら保育園/deep/er/still.txt")
    written(local, {"013_さくら保育園/deep/er/still.txt": b"stirred", "new.txt": b"new"})
    (local / "012_ひまわり保育園/empty.pdf").unlink()
    rclone("sync", local, "box:ward")
    assert hands.content("ward/013_さくら保育園/deep/er/still.txt") == b"stirred"
    assert hands.identity("ward/013_さくら保育園/deep/er/still.txt") == identity, "a new version, not a new file"
    assert hands.identity("ward/012_ひまわり保育園/empty.pdf") is None
    hands.put("ward/new.txt", b"changed by a person")
    hands.delete("ward/013_さくら保育園")
    rclone("sync", "box:ward", local)
    assert (local / "new.txt").read_bytes() == b"changed by a person"
    assert not (local / "013_さくら保育園/deep/er/still.txt").exists()


def test_moves_between_folders_and_purges(sim: Simulator, rclone: Rclone, hands: Hands) -> None:
    hands.put("one/a.txt", b"a")
    hands.put("one/sub/b.txt", b"b")
    hands.make_folder("two")
    identity = hands.identity("one/a.txt")
    rclone("moveto", "box:one/a.txt", "box:two/c.txt")
    assert hands.identity("two/c.txt") == identity
    moved = hands.identity("one/sub")
    rclone("moveto", "box:one/sub", "box:two/sub")
    assert hands.identity("two/sub") == moved
    assert hands.tree() == {"two/c.txt": b"a", "two/sub/b.txt": b"b"}
    rclone("purge", "box:two")
    assert hands.tree() == {}
    assert len(sim.state.trash) == 1
    rclone("cleanup", "box:")
    assert not sim.state.trash
    assert "one" in rclone("lsd", "box:")


def test_uploads_sixty_megabytes_in_parts(tmp_path: Path, sim: Simulator, rclone: Rclone, hands: Hands) -> None:
    content = random.Random(1).randbytes(60_000_000)
    (tmp_path / "big.bin").write_bytes(content)
    rclone("copy", tmp_path / "big.bin", "box:")
    assert hands.content("big.bin") == content
    assert sim.calls["PUT /files/upload_sessions/:id"] == 8
    assert sim.calls["POST /files/upload_sessions/:id/commit"] == 1
