"""`scanner` of config.yaml: a path or host and port, and every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from syncd.config import Clamd, load
from tests.config.written import LEAST, faults, write


def scanner(folder: Path, text: str) -> Clamd | None:
    return load(write(folder, f"{LEAST}scanner: {text}\n"), {}).scanner


def test_left_out_nothing_is_scanned(tmp_path: Path) -> None:
    assert load(write(tmp_path, LEAST), {}).scanner is None
    assert scanner(tmp_path, "") is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
        ("./run/clamd.ctl", "{folder}/run/clamd.ctl"),
        ("clamd.ctl", "{folder}/clamd.ctl"),
        ("127.0.0.1:3310", "127.0.0.1:3310"),
        ("scanner.ward.example:3310", "scanner.ward.example:3310"),
        ("[::1]:3310", "[::1]:3310"),
    ],
)
def test_where_it_listens(tmp_path: Path, text: str, place: str) -> None:
    found = scanner(tmp_path, f'{{socket: "{text}"}}')
    assert found is not None
    assert found.place == place.format(folder=tmp_path)
    assert isinstance(found.socket, Path) is ("/" in place)
    assert (found.timeout_seconds, found.most_bytes) == (60, 100_000_000)


def test_the_limits(tmp_path: Path) -> None:
    found = scanner(tmp_path, "{socket: a.ctl, timeout_seconds: 2.5, most_bytes: 25000000}")
    assert found == Clamd(tmp_path / "a.ctl", 2.5, 25_000_000)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "scanner.socket is missing"),
        ("/run/clamav/clamd.ctl", "scanner must be a group of keys"),
        ("{socket: 3310}", "scanner.socket must be text"),
        ('{socket: "127.0.0.1:0"}', "a port from 1 to 65535"),
        ('{socket: "127.0.0.1:99999"}', "a port from 1 to 65535"),
        ('{socket: "tcp://127.0.0.1:3310"}', "write a path like /run/clamav/clamd.ctl"),
        (f"{{socket: /{'x' * 200}}}", "longer than a socket"),
        ("{socket: a, timeout_seconds: 0}", "scanner.timeout_seconds can't be 0"),
        ("{socket: a, timeout_seconds: soon}", "scanner.timeout_seconds must be a number"),
        ("{socket: a, most_bytes: 0}", "scanner.most_bytes can't be 0"),
        ("{socket: a, most_bytes: 100 MB}", "scanner.most_bytes must be a whole number"),
        ("{socket: a, sockt: b}", "did you mean 'socket'?"),
    ],
)
def test_each_fault(tmp_path: Path, text: str, said: str) -> None:
    (found,) = faults(tmp_path, f"{LEAST}scanner: {text}\n")[7]
    assert said in found


def test_all_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, f"{LEAST}scanner:\n  socket: 1\n  timeout_seconds: -1\n  most_bytes: x\n  port: 3310\n")
    assert {line: len(each) for line, each in found.items()} == {8: 1, 9: 1, 10: 1, 11: 1}
