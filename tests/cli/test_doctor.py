"""`syncd doctor` on a ward whose cloud is a folder: each thing good, and each thing wrong with its remedy."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from syncd.config import load
from syncd.diagnosis import Diagnosis
from syncd.errors import SyncdError
from syncd.examination import disk, examine, looked, shares, state, times, watcher
from syncd.examination.knowledge import NOTHING
from syncd.examination.open_files import open_files
from syncd.model import Side
from syncd.patience import TooSlow, within
from syncd.store import Store
from syncd.store.holds import Holds
from tests.cli.ward import ENROLMENT, Ward

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0 and not os.environ.get("CI"), reason="only root gives files away")
SECRET = "s3cr3t-Passw0rd"


def doctor(ward: Ward) -> dict[str, list[dict[str, str]]]:
    """What it says, by `area check`."""
    found: dict[str, list[dict[str, str]]] = {}
    for each in ward.json("doctor"):
        assert list(each) == ["area", "check", "state", "detail", "remedy"]
        assert each["state"] in ("ok", "warning", "fault")
        assert each["detail"] and "\n" not in each["detail"] + each["remedy"]
        assert (each["remedy"] != "") == (each["state"] != "ok")
        found.setdefault(f"{each['area']} {each['check']}", []).append(each)
    return found


def one(ward: Ward, check: str) -> tuple[str, str]:
    """State and text of the only line about something."""
    (found,) = doctor(ward)[check]
    return found["state"], f"{found['detail']} — {found['remedy']}"


def change(ward: Ward, old: str, new: str) -> None:
    text = ward.config.read_text(encoding="utf-8")
    assert old in text
    ward.config.write_text(text.replace(old, new), encoding="utf-8")


def files(folder: Path) -> dict[Path, Any]:
    """Everything that lies there; SQLite's own helpers may come and go."""
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in folder.rglob("*")
        if not path.name.endswith(("-shm", "-wal")) and path.name not in ("tmp", "state")
    }


@contextmanager
def as_nobody() -> Iterator[None]:
    """Permissions mean nothing to root."""
    was_root = os.geteuid() == 0
    if was_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if was_root:
            os.seteuid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that nobody can look into, too."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


# --- the whole -------------------------------------------------------------------------------------------------------


def test_a_ward_in_order(ward: Ward) -> None:
    ward.drop(ENROLMENT)
    ward.work()
    change(ward, 'staff: ["spool', 'administrators: ["spool://./chat/admin"], staff: ["spool')
    before = files(ward.folder)
    result = ward.run("doctor")
    assert files(ward.folder) == before
    assert result.exit_code == 0, result.output
    assert "FAULT " not in result.stdout
    lines = [line.split() for line in result.stdout.splitlines()]
    assert {line[1] for line in lines if line and line[0] == "warning"} == {"scanner", "daemon"}
    areas = [
        "program",
        "config",
        "rules",
        "state",
        "cloud",
        "intranet",
        "watcher",
        "clock",
        "chat",
        "scanner",
        "daemon",
    ]
    assert [line[0] for line in lines if len(line) == 1] == areas
    assert "nothing is scanned" in result.stdout
    assert "0 FAULTs, 2 warnings" in result.stdout
    assert "2 operators: as it should be" in result.stdout
    assert "folders himawari" in {each["check"] for each in ward.json("doctor")}


def test_before_init_it_says_what_to_do_and_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ward = Ward(tmp_path)
    result = ward.run("doctor")
    assert result.exit_code == 1
    assert "`syncd init` makes it" in result.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yaml", "rules"]


def test_a_wrong_config_is_all_that_is_said(ward: Ward) -> None:
    change(ward, "settle_seconds: 0.05", "settle_seconds: soon")
    change(ward, "batch_seconds:", "batch_secnds:")
    result = ward.run("doctor")
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 2
    assert "batch_seconds" in result.stderr


def test_wrong_rules_are_status_2_and_the_rest_is_looked_at(ward: Ward) -> None:
    rule = next(each for each in (ward.folder / "rules").glob("*.yaml") if not each.name.startswith("_"))
    rule.write_text(rule.read_text(encoding="utf-8") + "\nunknown_key: 1\nanother: 2\n", encoding="utf-8")
    result = ward.run("doctor")
    assert result.exit_code == 2
    assert result.stdout.count(f"FAULT    check  {rule}") == 2
    assert "daemon" in result.stdout
    shutil.rmtree(ward.folder / "rules")
    (ward.folder / "rules").mkdir()
    assert one(ward, "rules check")[0] == "warning"


def test_a_hold_is_status_3(ward: Ward) -> None:
    with store_of(ward) as store:
        Holds(store).hold("sakura", "25 of 30 files vanished", time.time())
    shutil.rmtree(ward.folder / "intranet")
    result = ward.run("doctor")
    assert result.exit_code == 3
    assert "FAULT    holds" in result.stdout
    assert "sakura is held: 25 of 30 files vanished" in result.stdout
    assert "syncd release sakura" in result.stdout


def test_a_pause_is_told(ward: Ward) -> None:
    ward.run("pause", "himawari")
    assert one(ward, "state pauses") == ("warning", "paused: himawari — `syncd resume himawari` goes on")


@contextmanager
def store_of(ward: Ward) -> Iterator[Store]:
    store = Store(ward.folder / "state")
    try:
        yield store
    finally:
        store.close()


def test_secrets_are_warned_of_and_never_shown(ward: Ward) -> None:
    change(ward, "spool://./chat/staff", f"json://user:{SECRET}@127.0.0.1:1/{SECRET}?token={SECRET}")
    change(ward, "spool://./chat/sakura", f"slack://{SECRET}/{SECRET}")
    (found,) = [each for each in doctor(ward)["config read"] if each["state"] == "warning"][:1]
    assert "secret" in found["detail"]
    result = ward.run("doctor")
    assert SECRET not in result.output
    assert SECRET not in json.dumps(ward.json("doctor"))


def test_a_running_daemon_is_named(ward: Ward) -> None:
    assert one(ward, "daemon daemon")[0] == "warning"
    with store_of(ward) as store:
        store.lock_daemon()
        assert one(ward, "daemon daemon") == ("ok", f"syncd is running (process {os.getpid()}) — ")


# --- time is bounded -------------------------------------------------------------------------------------------------


def test_what_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert within(1, lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        within(1, lambda: 1 // 0)
    with pytest.raises(TooSlow):
        within(0.05, lambda: time.sleep(1))
    monkeypatch.setattr("syncd.examination.SECONDS", 0.05)

    def hangs() -> list[Diagnosis]:
        time.sleep(1)
        return []

    (found,) = looked("cloud", "root", hangs)
    assert (found.state, found.detail) == ("fault", "no answer within 0.05 s")


def test_a_check_that_fails_is_a_fault() -> None:
    def fails(error: Exception) -> Diagnosis:
        def work() -> list[Diagnosis]:
            raise error

        return looked("chat", "addresses", work)[0]

    assert fails(PermissionError(13, "Permission denied", "/x")).detail == "/x: Permission denied"
    assert fails(SyncdError("a", "b")).remedy == "b"


# --- the state -------------------------------------------------------------------------------------------------------


def test_a_state_folder_that_others_may_look_into(ward: Ward) -> None:
    assert one(ward, "state folder")[0] == "ok"
    (ward.folder / "state").chmod(0o755)
    kind, said = one(ward, "state folder")
    assert (kind, "mode 0755" in said, "chmod 700" in said) == ("warning", True, True)


def test_a_state_folder_that_can_not_be_written(open_folder: Path) -> None:
    ward = Ward(open_folder)
    config = load(ward.config)
    config.state.mkdir(0o700)
    config.state.chmod(0o555 if os.geteuid() else 0o700)
    with as_nobody():
        found = {each.check: each for each in state.folder(config)}
    assert found["folder"].state == "fault"
    assert "can't be written by" in found["folder"].detail and "sudo -u" in found["folder"].remedy
    if os.geteuid() == 0:
        assert found["account"].state == "warning" and "root" in found["account"].remedy


def test_a_state_on_a_share_or_in_a_tree(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    assert one(ward, "state place")[0] == "ok"
    inside = replace(load(ward.config), state=ward.folder / "intranet/ひまわり保育園/inbox")
    (found,) = [each for each in state.folder(inside) if each.check == "place"]
    assert found.state == "fault" and "intranet" in found.detail
    monkeypatch.setattr("syncd.examination.state.is_remote", lambda path: True)
    kind, said = one(ward, "state place")
    assert kind == "fault" and "local disk" in said


@pytest.mark.parametrize(
    ("free", "total", "free_files", "files", "expected"),
    [
        (50e9, 100e9, 0, 0, "ok"),
        (50e9, 100e9, 1_000_000, 1_000_000, "ok"),
        (0.9e9, 10e9, 0, 0, "warning"),
        (4.9e9, 100e9, 0, 0, "warning"),
        (50e9, 100e9, 5_000, 1_000_000, "warning"),
        (99e6, 100e9, 0, 0, "fault"),
    ],
)
def test_room_on_the_disk(free: float, total: float, free_files: int, files: int, expected: str) -> None:
    assert disk.judged("state", int(free), int(total), free_files, files).state == expected


def test_a_database_that_can_not_be_used(ward: Ward) -> None:
    with store_of(ward) as store:
        store.execute("PRAGMA user_version = 99")
    kind, said = one(ward, "state database")
    assert kind == "fault" and "newer syncd (schema 99)" in said
    for path in (ward.folder / "state").glob("syncd.db*"):
        path.unlink()
    (ward.folder / "state/syncd.db").write_bytes(b"no database at all" * 100)
    kind, said = one(ward, "state database")
    assert kind == "fault" and "damaged" in said
    assert (ward.folder / "state/syncd.db").exists()
    (ward.folder / "state/syncd.db").unlink()
    assert one(ward, "state database") == ("fault", "there is none yet — `syncd init` makes it")


def test_the_head_of_the_history(ward: Ward) -> None:
    assert one(ward, "state history")[1].startswith("empty so far")
    ward.drop(ENROLMENT)
    ward.work()
    kind, said = one(ward, "state history")
    assert kind == "ok" and "syncd history verify" in said
    head = ward.folder / "intranet/.syncd/history-head.json"
    whole = json.loads(head.read_text())
    head.write_text(json.dumps({**whole, "seq": whole["seq"] + 3}))
    assert [each["state"] for each in doctor(ward)["state history"]] == ["fault"]
    head.write_text(json.dumps({**whole, "chain": "0" * 64}))
    assert [each["state"] for each in doctor(ward)["state history"]] == ["fault"]
    head.write_text("{")
    assert [each["state"] for each in doctor(ward)["state history"]] == ["fault"]
    head.unlink()
    assert [each["state"] for each in doctor(ward)["state history"]] == ["warning"]


# --- the two trees ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["cloud", "intranet"])
def test_a_root_that_is_not_the_one(ward: Ward, side: str) -> None:
    assert one(ward, f"{side} root")[0] == "ok"
    root = ward.folder / side
    marker = root / ".syncd/marker"
    whole = marker.read_text()
    marker.write_text('{"id": "another"}')
    assert "another state's" in one(ward, f"{side} root")[1]
    marker.write_text("{")
    assert "damaged" in one(ward, f"{side} root")[1]
    marker.unlink()
    assert "has no root marker — mount" in one(ward, f"{side} root")[1]
    marker.write_text(whole)
    root.rename(ward.folder / "away")
    kind, said = one(ward, f"{side} root")
    assert kind == "fault" and "is not there — mount the share" in said
    root.mkdir()
    assert one(ward, f"{side} root")[0] == "fault"
    assert list(root.iterdir()) == []


def test_folders_that_are_missing_or_others(ward: Ward) -> None:
    assert one(ward, "intranet folders himawari")[0] == "ok"
    inbox = ward.path("intranet", "inbox", "x").parent
    inbox.rmdir()
    kind, said = one(ward, "intranet folders himawari")
    assert kind == "fault" and "ひまわり保育園/inbox is not there — `syncd init` makes it" in said
    (ward.folder / "kept").mkdir()  # another inode than the one that is free now
    inbox.write_text("a file")
    assert "take away what lies there" in one(ward, "intranet folders himawari")[1]
    inbox.unlink()
    (ward.folder / "kept").rename(inbox)
    kind, said = one(ward, "intranet folders himawari")
    assert kind == "warning" and "another folder than the one that the state knows" in said
    assert one(ward, "intranet folders sakura")[0] == "ok"
    assert ward.run("doctor").stdout.count("folders") >= 3


def test_folders_that_can_not_be_written(open_folder: Path) -> None:
    ward = Ward(open_folder)
    root = open_folder / "intranet"
    for operator in ("ひまわり保育園", "さくら保育園"):
        for stage in ("inbox", "review", "corrections", "confirmed"):
            (root / operator / stage).mkdir(parents=True)
    (root / ".syncd").mkdir()
    (root / ".syncd/marker").write_text('{"id": "1"}')
    for path in (root, *root.rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o644)
    config = load(ward.config)

    def looked_at() -> dict[str, Diagnosis]:
        with as_nobody():
            return {f"{each.check} {each.about}": each for each in shares.share(Side.INTRANET, root, config, NOTHING)}

    assert {each.state for each in looked_at().values()} <= {"ok", "warning"}
    (root / "ひまわり保育園/review").chmod(0o555)
    found = looked_at()["folders himawari"]
    assert found.state == "fault" and "ひまわり保育園/review can't be written by" in found.detail
    root.chmod(0o555)
    assert looked_at()["root "].state == "fault"


def test_a_tree_of_two_file_systems(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == ward.folder.stat().st_dev:
        pytest.skip("there is no second file system at hand")
    from syncd.tree.confine import Beneath

    real = Beneath.stat
    shared = os.stat(other)
    monkeypatch.setattr(Beneath, "stat", lambda self, path: shared if path.endswith("review") else real(self, path))
    kind, said = one(ward, "cloud folders himawari")
    assert kind == "fault" and "ひまわり保育園/review lies on another file system" in said


# --- watcher and clock -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "remote", "come", "expected", "said"),
    [
        ("auto", False, True, "ok", "events come"),
        ("auto", True, True, "ok", "mounted share"),
        ("auto", False, False, "warning", "no event came"),
        ("events", False, True, "ok", "events come"),
        ("events", True, True, "warning", "set intranet.watch: poll"),
        ("events", False, False, "fault", "no event came"),
        ("poll", False, True, "ok", "`watch: auto` would take"),
        ("poll", True, True, "ok", "mounted share"),
    ],
)
def test_how_a_tree_is_watched(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, mode: str, remote: bool, come: bool, expected: str, said: str
) -> None:
    change(ward, "settle_seconds: 0.05", f"settle_seconds: 0.05, watch: {mode}")
    monkeypatch.setattr("syncd.examination.watcher.is_remote", lambda root: remote)
    monkeypatch.setattr("syncd.examination.watcher.self_test", lambda root: come)
    config = load(ward.config)
    found = {each.check: each for each in watcher.watcher(config, {Side.INTRANET: config.intranet.root})}
    assert found["intranet"].state == expected
    assert said in f"{found['intranet'].detail} — {found['intranet'].remedy}"
    used = "limit" in found
    assert used == (mode == "events" or (mode == "auto" and come and not remote))


@pytest.mark.parametrize(("most", "expected"), [(3, "fault"), (27, "warning"), (1000, "ok")])
def test_how_many_folders_the_kernel_watches(
    ward: Ward, monkeypatch: pytest.MonkeyPatch, most: int, expected: str
) -> None:
    limit = ward.folder / "limit"
    limit.write_text(f"{most}\n")
    monkeypatch.setattr("syncd.examination.watcher.WATCHES", limit)
    kind, said = one(ward, "watcher limit")
    assert kind == expected
    assert f"26 folders to watch, fs.inotify.max_user_watches is {most}" in said


@AS_ROOT
def test_a_file_of_another_account_shows_to_root_but_not_to_the_daemons_account(ward: Ward) -> None:
    assert one(ward, "watcher open files")[0] == "ok"
    ward.drop(ENROLMENT)
    ward.work()
    theirs = next((ward.folder / "intranet").rglob(ENROLMENT))
    os.chown(theirs, 5, 60)
    kind, said = one(ward, "watcher open files")
    assert kind == "ok" and f"tried games's {theirs}" in said
    os.chown(ward.folder / "state", 65534, 65534)  # then the daemon is nobody's, whoever asks
    kind, said = one(ward, "watcher open files")
    assert kind == "fault" and "force user = nobody" in said


@AS_ROOT
def test_what_an_account_without_rights_can_tell_is_tried_out(ward: Ward, open_folder: Path) -> None:
    for name in ("state", "intranet", "intranet/.syncd"):
        (open_folder / name).mkdir()
        os.chown(open_folder / name, 65534, 65534)
    (open_folder / "intranet" / ".syncd" / "marker").write_text('{"id": "0f3c"}')
    config = load(ward.config)
    config = replace(
        config, state=open_folder / "state", intranet=replace(config.intranet, root=open_folder / "intranet")
    )
    root, home = config.intranet.root, config.intranet.root / config.operators[0].intranet_folder

    def found() -> Diagnosis:
        with as_nobody():
            return next(iter(open_files(config, root)))

    assert found().state == "ok"
    home.mkdir()
    (home / "a.csv").write_text("by root")
    assert found().state == "fault" and "a.csv is root's" in found().detail
    os.chown(home / "a.csv", 65534, 65534)
    assert found().state == "ok"


def test_the_clocks_of_the_shares(ward: Ward) -> None:
    assert one(ward, "clock intranet")[0] == one(ward, "clock cloud")[0] == "ok"
    assert "Asia/Tokyo" in one(ward, "clock zone")[1]
    found = times.judged(Side.CLOUD, Path("/x"), -7200.0)
    assert found.state == "warning" and "/x is 7200 s behind this computer" in found.detail
    assert list((ward.folder / "cloud/.syncd/tmp").iterdir()) == []


def test_a_tree_that_is_not_marked_is_not_written(ward: Ward) -> None:
    shutil.rmtree(ward.folder / "cloud/.syncd")
    found = doctor(ward)
    assert "watcher cloud" not in found and "clock cloud" not in found
    assert not (ward.folder / "cloud/.syncd").exists()


# --- chat ------------------------------------------------------------------------------------------------------------


def addresses(ward: Ward, url: str, kept: str = "spool://./chat/sakura") -> list[dict[str, str]]:
    """What is said of the addresses when sakura has that one."""
    change(ward, kept, url)
    try:
        return [
            each for each in doctor(ward)["chat addresses"] if "spool: folders can be written" not in each["detail"]
        ]
    finally:
        change(ward, url, kept)


def test_addresses_that_lead_somewhere(ward: Ward) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (found,) = addresses(ward, f"json://127.0.0.1:{port}/sakura")
        assert found["state"] == "ok"
        assert found["detail"] == f"json (127.0.0.1:{port}): understood and reachable, for 1 room"
        server.settimeout(1)
        connection, _ = server.accept()
        with connection:
            assert connection.recv(10) == b""  # nothing was sent
    (found,) = addresses(ward, f"json://127.0.0.1:{port}/sakura")
    assert found["state"] == "fault" and "sakura: json" in found["detail"] and "can't be reached" in found["detail"]


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nosuch://127.0.0.1/x", "is none that apprise knows"),
        ("json://203.0.113.1/x", "nothing is sent unencrypted"),
        ("jsons://203.0.113.1/x?verify=no", "verify=no"),
        ("logochat://203.0.113.1/x", "nothing is sent unencrypted"),
    ],
)
def test_addresses_that_nothing_would_be_sent_to(ward: Ward, url: str, said: str) -> None:
    (found,) = addresses(ward, url)
    assert (found["state"], said in found["detail"]) == ("fault", True)
    assert found["detail"].startswith("sakura: ")


def test_a_token_is_never_taken_for_a_host() -> None:
    from syncd.notices.examine import understood

    token = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    assert (understood(f"slack://{token}/#general").host, understood(f"discord://1234/{SECRET}").host) == (
        "hooks.slack.com",
        "discord.com",
    )
    assert understood(f"tgram://123456789:{'a' * 35}/1/").host == "api.telegram.org"
    assert understood("mailto://user:pass@example.jp").port in (25, 587)
    assert understood("ntfys://a-topic").host == ""  # with a host or without: it can't be told which
    assert understood("jsons://example.jp/x").port == 443


def test_a_spool_folder_that_can_not_be_made(ward: Ward) -> None:
    (ward.folder / "blocked").write_text("a file")
    (found,) = addresses(ward, "spool://./blocked/sakura")
    assert found["state"] == "fault" and "blocked is no folder" in found["detail"]


def test_rooms_without_an_address(ward: Ward) -> None:
    found = doctor(ward)["chat rooms"]
    assert [each["state"] for each in found] == ["warning"] and "administrators" in found[0]["detail"]
    change(ward, ', chat: ["spool://./chat/sakura"]', "")
    change(ward, ', staff: ["spool://./chat/staff"]', "")
    said = " ".join(each["detail"] for each in doctor(ward)["chat rooms"])
    assert "nobody is told: sakura" in said and "staff have no address" in said


def test_notices_that_failed(ward: Ward) -> None:
    config = load(ward.config)
    known = replace(NOTHING, notices_failed=3)
    from syncd.examination.chat import chat

    (found,) = [each for each in chat(config, known) if each.check == "notices"]
    assert found.state == "warning" and "syncd notices retry" in found.remedy


def test_the_checks_come_area_by_area(ward: Ward) -> None:
    areas = [each.area for each in examine(load(ward.config))]
    assert [area for position, area in enumerate(areas) if area not in areas[:position]] == sorted(
        set(areas), key=areas.index
    )
    assert all(areas.count(area) == len([1 for each in areas[areas.index(area) :] if each == area]) for area in areas)
