"""Files against a real clamd: found, let pass, refused, and the scanner away in every way."""

from __future__ import annotations

import io
import socket
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from syncd.config import Clamd
from syncd.scanning import Scan, Scanner, ScannerAway, eicar
from syncd.scanning.clamd import ANSWER_MOST
from syncd.scanning.eicar import bulky
from tests.scanning.clamd import SIGNATURE, STREAM_MOST, RunningClamd, running_clamd
from tests.scanning.false_clamd import Behaviour, blurts, drips, false_clamd, floods, hangs_up, received, says

FOUND = Scan("infected", "", SIGNATURE)


def zipped(content: bytes, name: str = "eicar.com") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return target.getvalue()


@pytest.fixture
def scanner(clamd: RunningClamd) -> Scanner:
    return Scanner(clamd.settings())


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "在籍児童数報告書.xlsx"
    path.write_bytes(b"harmless " * 1000)
    return path


# --- what a clamd that works says ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "scan"),
    [
        (b"harmless", Scan("clean")),
        (b"", Scan("clean")),
        (b"x" * 1_000_000, Scan("clean")),
        (b"stream: Nothing FOUND\0", Scan("clean")),
        (eicar(), FOUND),
        (zipped(eicar()), FOUND),
        (zipped(zipped(eicar(), "inner.com"), "inner.zip"), FOUND),
        (b"".join(bulky(1_500_000)), FOUND),
    ],
    ids=["plain", "empty", "large", "talks like clamd", "eicar", "in a zip", "in a zip in a zip", "in a large zip"],
)
def test_what_is_in_a_file(scanner: Scanner, tmp_path: Path, content: bytes, scan: Scan) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert scanner.scan(path) == scan


def test_what_clamd_can_not_open_is_refused(scanner: Scanner, tmp_path: Path) -> None:
    locked = bytearray(zipped(b"secret " * 20))
    for sign, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        locked[locked.index(sign) + offset] |= 1  # says that it is encrypted
    path = tmp_path / "locked.zip"
    path.write_bytes(locked)
    assert scanner.scan(path) == Scan("refused", "encrypted", "Heuristics.Encrypted.Zip")


def test_a_file_larger_than_the_setting_is_not_even_sent(paper: Path) -> None:
    nowhere = Clamd(Path("/nonexistent/clamd.ctl"), most_bytes=100)
    scan = Scanner(nowhere).scan(paper)
    assert (scan.result, scan.reason) == ("refused", "too big")
    assert "9000 bytes, 100 at most" in scan.detail


@pytest.mark.parametrize("size", [STREAM_MOST + 1, STREAM_MOST * 4])
def test_a_file_larger_than_clamd_takes_is_refused(clamd: RunningClamd, tmp_path: Path, size: int) -> None:
    path = tmp_path / "large"
    path.write_bytes(bytes(size))
    scan = Scanner(clamd.settings(most_bytes=STREAM_MOST * 10)).scan(path)
    assert (scan.result, scan.reason) == ("refused", "too big")


def test_what_clamd_takes_is_asked_without_sending_it(scanner: Scanner) -> None:
    assert scanner.takes(STREAM_MOST)
    assert not scanner.takes(STREAM_MOST + 1)
    assert not scanner.takes(2_000_000_000)


def test_which_clamd_it_is(scanner: Scanner) -> None:
    scanner.ping()
    engine = scanner.version()
    assert engine.name.startswith("ClamAV 1.") and engine.made_at is None


def test_many_at_once_are_not_mixed_up(scanner: Scanner, paper: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_bytes(eicar())
    found: dict[int, Scan] = {}

    def look(number: int) -> None:
        found[number] = scanner.scan(bad if number % 2 else paper)

    threads = [threading.Thread(target=look, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: FOUND if number % 2 else Scan("clean") for number in range(20)}


def test_a_file_that_can_not_be_read_is_no_scanner_that_is_away(scanner: Scanner, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        scanner.scan(tmp_path / "gone")


# --- a clamd that is away --------------------------------------------------------------------------------------------


def test_a_stopped_clamd_is_not_waited_for_for_ever_and_then_asked_again(clamd: RunningClamd, paper: Path) -> None:
    impatient = Scanner(clamd.settings(timeout_seconds=0.2))
    clamd.stop()
    try:
        for ask in (lambda: impatient.scan(paper), impatient.ping, lambda: impatient.takes(1)):
            with pytest.raises(ScannerAway, match=r"no answer within 0\.2 s — see whether it is stopped"):
                ask()
    finally:
        clamd.go_on()
    assert Scanner(clamd.settings()).scan(paper) == Scan("clean")


def test_a_large_file_for_a_stopped_clamd_fills_the_pipe_and_ends_as_well(clamd: RunningClamd, tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(bytes(STREAM_MOST))
    clamd.stop()
    try:
        with pytest.raises(ScannerAway, match="no answer within"):
            Scanner(clamd.settings(timeout_seconds=0.2)).scan(path)
    finally:
        clamd.go_on()


def test_a_killed_clamd_closes_midway_and_is_gone(tmp_path: Path) -> None:
    with running_clamd(tmp_path / "clamd") as own:
        scanner = Scanner(own.settings())

        def parts() -> list[bytes]:
            own.process.kill()
            own.process.wait()
            return [b"x" * 1000]

        with pytest.raises(ScannerAway, match=r"can't be reached \(.*systemctl start clamav-daemon"):
            scanner.scan_parts(parts, 1000)
        with pytest.raises(ScannerAway, match="can't be reached"):
            scanner.ping()


def test_no_socket_nobody_at_the_socket_and_no_such_host(paper: Path, tmp_path: Path) -> None:
    dead = tmp_path / "dead.ctl"
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(dead))
    (tmp_path / "file.ctl").write_text("no socket")
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for address in (tmp_path / "none.ctl", dead, tmp_path / "file.ctl", ("127.0.0.1", port), ("clamd.invalid", 3310)):
        clamd = Clamd(address, timeout_seconds=20)
        with pytest.raises(ScannerAway) as away:
            Scanner(clamd).scan(paper)
        assert clamd.place in away.value.message and "can't be reached" in away.value.message
        assert away.value.remedy


# --- a clamd that is something else ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "behaviour",
    [
        says(b"OK\0"),
        says(b"stream: OK"),
        says(b"stream: OK\n\0"),
        says(b"stream: OK\0stream: OK\0"),
        says(b"stream: OK \0"),
        says(b"STREAM: OK\0"),
        says(b"stream:  FOUND\0"),
        says(b"Eicar FOUND\0"),
        says(b"\0"),
        says(b"HTTP/1.0 400 Bad Request\r\n\r\n\0"),
        says("流れ: OK\0".encode()),
        says(b"stream: OK" + b" " * ANSWER_MOST * 3 + b"\0"),
        says(b"UNKNOWN COMMAND\0"),
        floods,
    ],
)
def test_an_answer_that_clamd_does_not_give_is_a_scanner_that_is_away(behaviour: Behaviour, paper: Path) -> None:
    with false_clamd(behaviour) as (clamd, _), pytest.raises(ScannerAway, match="understood") as away:
        Scanner(clamd).scan(paper)
    assert len(str(away.value)) < 400 and str(away.value).isprintable()


@pytest.mark.parametrize("answer", [b"stream: OK\0", b"stream: Eicar FOUND\0"])
def test_an_answer_before_the_file_was_heard_counts_for_nothing(answer: bytes) -> None:
    said = threading.Event()

    def blurt(connection: socket.socket) -> None:
        connection.sendall(answer)
        said.set()
        blurts(b"")(connection)

    def parts() -> list[bytes]:
        assert said.wait(20)
        return [b"harmless"]

    with false_clamd(blurt) as (clamd, _), pytest.raises(ScannerAway, match="understood"):
        Scanner(clamd).scan_parts(parts, 8)


def test_an_answer_that_drips_ends_when_all_of_it_takes_too_long(paper: Path) -> None:
    with false_clamd(drips) as (clamd, _), pytest.raises(ScannerAway, match="no answer within"):
        Scanner(replace(clamd, timeout_seconds=0.3)).scan(paper)


def test_one_hang_up_is_forgiven_and_the_file_is_sent_whole_again(paper: Path) -> None:
    heard = []

    def hears(connection: socket.socket) -> None:
        heard.append(received(connection))
        connection.sendall(b"stream: OK\0")

    with false_clamd(hangs_up, hears) as (clamd, count):
        assert Scanner(clamd).scan(paper) == Scan("clean")
    assert heard == [paper.read_bytes()]
    assert count == [2]


def test_two_hang_ups_are_not(paper: Path) -> None:
    with false_clamd(hangs_up) as (clamd, count), pytest.raises(ScannerAway, match="midway, twice"):
        Scanner(clamd).scan(paper)
    assert count == [3]  # the third asked whether the file is too big


def test_a_refusal_that_a_reset_swallowed_is_asked_for(paper: Path) -> None:
    with false_clamd(hangs_up, hangs_up, blurts(b"INSTREAM size limit exceeded. ERROR\0")) as (clamd, _):
        assert Scanner(clamd).scan(paper).reason == "too big"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0", "limits"),
        (b"stream: Heuristics.Encrypted.PDF FOUND\0", "encrypted"),
        (b"stream: Time limit reached ERROR\0", "limits"),
        (b"stream: Malformed database ERROR\0", "error"),
        (b"INSTREAM size limit exceeded. ERROR\0", "too big"),
    ],
)
def test_what_was_not_looked_into_whole_is_refused(answer: bytes, reason: str, paper: Path) -> None:
    with false_clamd(says(answer)) as (clamd, _):
        scan = Scanner(clamd).scan(paper)
    assert (scan.result, scan.reason) == ("refused", reason) and scan.detail


@pytest.mark.parametrize("answer", [b"stream: Can't allocate memory ERROR\0", b"stream: Can't write to file ERROR\0"])
def test_trouble_of_clamds_own_is_not_the_files(answer: bytes, paper: Path) -> None:
    with false_clamd(says(answer)) as (clamd, _), pytest.raises(ScannerAway, match="trouble of its own"):
        Scanner(clamd).scan(paper)


def test_a_long_name_is_cut_and_still_infected(paper: Path) -> None:
    with false_clamd(says(b"stream: " + b"Long." * 100 + b" FOUND\0")) as (clamd, _):
        scan = Scanner(clamd).scan(paper)
    assert scan.result == "infected" and len(scan.detail) <= 120


@pytest.mark.parametrize(
    ("answer", "engine", "made"),
    [
        (b"ClamAV 1.4.3/27812/Tue Nov 18 08:00:00 2025\0", ("ClamAV 1.4.3", "27812"), "2025-11-18T08:00:00"),
        (b"ClamAV 1.4.3/27812/yesterday\0", ("ClamAV 1.4.3", "27812"), None),
        (b"ClamAV 1.4.3\0", ("ClamAV 1.4.3", ""), None),
    ],
)
def test_how_old_the_signatures_are(answer: bytes, engine: tuple[str, str], made: str | None) -> None:
    with false_clamd(blurts(answer)) as (clamd, _):
        found = Scanner(clamd).version()
    assert (found.name, found.database) == engine
    assert (found.made_at.isoformat() if found.made_at else None) == made


@pytest.mark.parametrize("answer", [b"nginx/1.2\0", b"\0", b"PONG"])
def test_another_server_is_not_taken_for_clamd(answer: bytes) -> None:
    with false_clamd(blurts(answer)) as (clamd, _):
        for ask in (Scanner(clamd).version, Scanner(clamd).ping):
            with pytest.raises(ScannerAway):
                ask()


def test_no_file_of_the_tests_or_the_program_shows_the_test_text() -> None:
    root = Path(__file__).parents[2]
    for folder in ("syncd/scanning", "tests/scanning"):
        for path in (root / folder).glob("*.py"):
            assert eicar() not in path.read_bytes()
    assert len(eicar()) == 68 and eicar().startswith(b"X5O!P%@AP")
