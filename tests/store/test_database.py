"""The database: opened, guarded, refused and set aside, but never half written and never deleted."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from syncd.errors import SyncdError
from syncd.store import Store
from syncd.store.database import VERSION


def run(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process that works on the same state."""
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def settings(store: Store) -> list[str]:
    return [row[0] for row in store.rows("SELECT key FROM settings ORDER BY key")]


def put(store: Store, key: str) -> None:
    store.execute("INSERT INTO settings (key, value) VALUES (?, '')", (key,))


def test_the_folder_is_private_and_the_database_durable(tmp_path: Path) -> None:
    store = Store(tmp_path / "deep" / "state")
    assert store.folder.stat().st_mode & 0o777 == 0o700
    assert store.path.stat().st_mode & 0o777 == 0o600
    assert store.row("PRAGMA journal_mode") == ("wal",)
    assert store.row("PRAGMA synchronous") == (2,)
    assert store.row("PRAGMA foreign_keys") == (1,)
    store.close()


def test_the_version_counts_the_migrations(store: Store) -> None:
    from syncd.store import schema

    assert store.rows("SELECT name FROM _sqlite_migrations WHERE migration_set = 'syncd' ORDER BY id") == [
        (migration.name,) for migration in schema.migrations._migrations
    ]
    assert store.row("SELECT count(*) FROM _sqlite_migrations") == (VERSION,)
    assert store.row("PRAGMA user_version") == (VERSION,)


def test_an_up_to_date_database_opens_without_loading_sqlite_utils(store: Store) -> None:
    other = run(
        """
        import sys; from pathlib import Path
        from syncd.store import Store
        for read_only in (True, False):
            Store(Path(sys.argv[1]), read_only=read_only)
        print("sqlite_utils" in sys.modules)
        """,
        store.folder,
    )
    assert other.communicate(timeout=20)[0].strip() == "False"


def test_a_failed_transaction_leaves_nothing_and_runs_nothing_afterwards(store: Store) -> None:
    done: list[str] = []

    def fail() -> None:
        with store.transaction():
            put(store, "a")
            store.after_commit(lambda: done.append("a"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with store.transaction():
        put(store, "b")
        store.after_commit(lambda: done.append("b"))
        assert done == []
    assert (settings(store), done) == (["b"], ["b"])


def test_an_inner_transaction_joins_the_outer_and_its_failure_undoes_all(store: Store) -> None:
    with store.transaction():
        put(store, "a")
        with store.transaction():
            put(store, "b")

    def swallow() -> None:
        with store.transaction():
            put(store, "c")
            with suppress(KeyError), store.transaction():
                raise KeyError

    with pytest.raises(RuntimeError, match="none of it was kept"):
        swallow()
    assert settings(store) == ["a", "b"]


def test_threads_take_turns(store: Store) -> None:
    def count() -> None:
        for _ in range(50):
            with store.transaction():
                row = store.row("SELECT value FROM settings WHERE key = 'n'")
                value = str(int(row[0] if row else 0) + 1)
                store.execute("INSERT OR REPLACE INTO settings VALUES ('n', ?)", (value,))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.row("SELECT value FROM settings") == ("200",)


def test_another_process_reads_and_writes_beside_it(store: Store) -> None:
    put(store, "a")
    other = Store(store.folder)
    put(other, "b")
    reader = Store(store.folder, read_only=True)
    with reader.transaction():
        assert settings(reader) == ["a", "b"]
        put(store, "c")
        assert settings(reader) == ["a", "b"], "a read-only transaction is one unchanging view"
    assert settings(reader) == ["a", "b", "c"]
    with pytest.raises(SyncdError, match="can't be opened or written"):
        put(reader, "d")
    other.close()
    reader.close()


def test_reading_before_there_is_a_database_shows_nothing_and_makes_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "state", read_only=True)
    assert not store.exists
    assert settings(store) == []
    assert store.daemon_pid() is None
    assert list(tmp_path.iterdir()) == []


def test_a_second_daemon_is_refused_until_the_first_is_dead(store: Store) -> None:
    daemon = run(
        """
        import sys, time; from pathlib import Path
        from syncd.store import Store
        store = Store(Path(sys.argv[1])); store.lock_daemon(); print("locked", flush=True); time.sleep(60)
        """,
        store.folder,
    )
    assert daemon.stdout is not None
    assert daemon.stdout.readline() == "locked\n"
    assert store.daemon_pid() == daemon.pid
    with pytest.raises(SyncdError, match=f"works on this state already .process {daemon.pid}"):
        store.lock_daemon()
    daemon.kill()
    daemon.communicate()
    assert store.daemon_pid() is None
    store.lock_daemon()
    assert store.daemon_pid() == os.getpid()
    second = Store(store.folder)
    with pytest.raises(SyncdError, match="already"):
        second.lock_daemon()
    second.close()


def test_kill_9_at_any_moment_keeps_whole_transactions_only(store: Store) -> None:
    """A child adds pairs of rows as fast as it can; whatever the moment of its death, no pair is broken."""
    script = """
        import sys; from pathlib import Path
        from syncd.store import Store
        store = Store(Path(sys.argv[1]))
        for number in range(1_000_000):
            with store.transaction():
                for half in "ab":
                    store.execute("INSERT INTO settings VALUES (hex(randomblob(8)), ?)", (half,))
            print(number, flush=True)
        """
    acknowledged = 0
    for pause in (0.0, 0.01, 0.03):
        child = run(script, store.folder)
        assert child.stdout is not None
        child.stdout.readline()
        time.sleep(pause)
        child.send_signal(signal.SIGKILL)
        acknowledged += 1 + len([line for line in child.communicate()[0].splitlines(True) if line.endswith("\n")])
    halves: dict[str, int] = dict(store.rows("SELECT value, count(*) FROM settings GROUP BY value"))
    assert halves["a"] == halves["b"] >= acknowledged
    assert store.row("PRAGMA integrity_check") == ("ok",)


def test_a_full_disk_is_said_clearly_and_loses_nothing(store: Store) -> None:
    put(store, "before")
    child = run(
        """
        import resource, sys; from pathlib import Path
        from syncd.errors import SyncdError
        from syncd.store import Store
        store = Store(Path(sys.argv[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        try:
            with store.transaction():
                store.execute("INSERT INTO settings VALUES ('half', '')")
                store.execute("INSERT INTO settings VALUES ('big', ?)", ("x" * 20_000_000,))
        except SyncdError as error:
            print(error)
        store.execute("INSERT INTO settings VALUES ('after', '')")
        """,
        store.folder,
    )
    out, trace = child.communicate(timeout=20)
    assert trace == ""
    assert "nothing was half recorded" in out
    assert "space" in out
    assert settings(store) == ["after", "before"]


def test_a_full_disk_of_a_small_file_system(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", disk], capture_output=True).returncode:
        pytest.skip("mounting needs root")
    try:
        store = Store(disk / "state")
        put(store, "before")
        with pytest.raises(SyncdError, match="the disk is full"):
            store.execute("INSERT INTO settings VALUES ('big', ?)", ("x" * 4_000_000,))
        assert settings(store) == ["before"]
        store.close()
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize("how", ["no database", "bit flips"])
def test_a_damaged_database_is_set_aside_and_the_next_start_begins_anew(tmp_path: Path, how: str) -> None:
    store = Store(tmp_path)
    store.execute_many("INSERT INTO settings VALUES (hex(randomblob(50)), ?)", [("x" * 500,)] * 200)
    store.close()
    content = bytearray(store.path.read_bytes())
    start = 0 if how == "no database" else 4096
    content[start:60_000] = b"\xa5" * (60_000 - start)
    store.path.write_bytes(content)
    with pytest.raises(SyncdError, match=r"damaged.*set aside as syncd\.db\.damaged-.*backup"):
        Store(tmp_path)
    aside = [path for path in tmp_path.iterdir() if path.name.startswith("syncd.db.damaged-")]
    assert [path.read_bytes() for path in aside] == [bytes(content)]
    fresh = Store(tmp_path)
    assert settings(fresh) == []
    fresh.close()


def test_a_damaged_database_stays_where_it_is_while_a_daemon_has_it(tmp_path: Path) -> None:
    daemon = Store(tmp_path)
    daemon.lock_daemon()
    daemon.row("PRAGMA wal_checkpoint(TRUNCATE)")
    daemon.path.write_bytes(b"no database at all" * 1000)
    for read_only in (False, True):
        with pytest.raises(SyncdError, match=r"damaged.*stop syncd"):
            Store(tmp_path, read_only=read_only)
    assert daemon.path.exists()


@pytest.mark.parametrize(("version", "message"), [(VERSION + 1, "newer syncd"), (1, "older syncd")])
def test_a_database_of_another_syncd_is_left_alone(tmp_path: Path, version: int, message: str) -> None:
    store = Store(tmp_path)
    store.close()
    with sqlite3.connect(store.path) as raw:
        raw.execute(f"PRAGMA user_version = {version}")
    raw.close()
    with pytest.raises(SyncdError, match=message):
        Store(tmp_path, read_only=True)


def test_two_first_starts_at_once_agree(tmp_path: Path) -> None:
    script = "import sys; from pathlib import Path; from syncd.store import Store; Store(Path(sys.argv[1]))"
    both = [run(script, tmp_path / "state") for _ in range(3)]
    assert [child.communicate(timeout=20)[1] for child in both] == [""] * 3
    Store(tmp_path / "state").close()


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(SyncdError, match=f"{tmp_path}/state: the state folder can't be used"):
        Store(tmp_path / "state")


def test_a_copy_is_whole_beside_open_work(store: Store, tmp_path: Path) -> None:
    put(store, "a")
    store.copy_to(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("SELECT key FROM settings").fetchall() == [("a",)]
    copy.close()
