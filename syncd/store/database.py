"""Opens and guards the database of the state folder: one connection, one writer at a time, all or nothing.

It owns durability, locks and what a failing disk is called. It knows no table but the schema's version, and it never
deletes a database: a damaged one is set aside under another name.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from syncd.errors import SyncdError
from syncd.store.claim import claim, claimant

VERSION: Final = 13  # migrations in schema.py
BUSY_MS: Final = 15_000  # another syncd command may be writing
DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)

Row = tuple[Any, ...]


class DamagedDatabase(SyncdError):
    """The database can't be read any more."""


def explained(error: sqlite3.Error, path: Path) -> SyncdError:
    """What an SQLite error means to a person."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in DAMAGED:
        return DamagedDatabase(
            f"{path}: the database is damaged ({error})", "stop syncd and put a backup of the state folder in its place"
        )
    if code == sqlite3.SQLITE_FULL:
        return SyncdError(f"{path}: the disk is full; nothing was half recorded", "free space on the state's disk")
    if code == sqlite3.SQLITE_IOERR:
        return SyncdError(
            f"{path}: the disk refuses reading or writing ({error}); nothing was half recorded",
            "check free space, quota and health of the state's disk",
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return SyncdError(f"{path}: another program keeps the database busy", "try again; see `syncd status`")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return SyncdError(
            f"{path}: the database can't be opened or written ({error})",
            "run as the user of the daemon and check the rights of the state folder",
        )
    return SyncdError(f"{path}: the database can't do this ({error})", "see the log, and `syncd status`")


class Store:
    """The state folder with its database, usable from several threads.

    Args:
        folder: the state folder; made (0700) when it isn't there, unless `read_only`.
        read_only: for commands beside a running daemon: writes nothing. Without a database yet, an empty one in memory
            stands in for it and `exists` is False.

    Raises:
        SyncdError: the folder or the database can't be used. A damaged database has been set aside.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.folder: Final = folder
        self.path: Final = folder / "syncd.db"
        self.read_only: Final = read_only
        self.exists: Final = self.path.exists() or not read_only
        self._guard = threading.RLock()
        self._depth = 0
        self._doomed = False
        self._afterwards: list[Callable[[], None]] = []
        self._claim: int | None = None
        if not read_only:
            self._make_folder()
        try:
            self._connection = self._open()
        except DamagedDatabase as damage:
            if read_only:
                raise
            raise self._set_aside(damage) from damage
        except sqlite3.Error as error:
            raise explained(error, self.path) from error

    # ── opening ──

    def _make_folder(self) -> None:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.folder.stat().st_mode & 0o077:
                with suppress(PermissionError):
                    self.folder.chmod(0o700)
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        except OSError as error:
            raise SyncdError(
                f"{self.folder}: the state folder can't be used ({error.strerror})",
                "make it writable for the user of the daemon, or name another one as `state:`",
            ) from error

    def _connect(self, target: str, uri: bool) -> sqlite3.Connection:
        connection = sqlite3.connect(
            target, uri=uri, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000
        )
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _open(self) -> sqlite3.Connection:
        if not self.exists:
            connection = self._connect(":memory:", False)
            self._migrate(connection)
            return connection
        mode = "ro" if self.read_only else "rw"
        connection = self._connect(f"file:{quote(str(self.path.absolute()))}?mode={mode}", True)
        try:
            if not self.read_only:
                self._prepare(connection)
            self._check_version(connection)
        except sqlite3.Error as error:
            connection.close()
            raise explained(error, self.path) from error
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise DamagedDatabase(f"{self.path}: the database is damaged ({' '.join(str(found).split())})")
        if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
            raise SyncdError(f"{self.path}: no write-ahead log is possible here", "put `state:` on a local disk")
        connection.execute("PRAGMA synchronous = FULL")  # NORMAL loses acknowledged rows at power loss
        connection.execute("PRAGMA journal_size_limit = 67108864")
        if _version(connection) < VERSION:
            self._migrate(connection)

    def _migrate(self, connection: sqlite3.Connection) -> None:
        from syncd.store import schema  # loads sqlite-utils: only a new or older database pays for it

        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) < VERSION:
                schema.bring_up_to_date(connection, VERSION)
            connection.execute("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise

    def _check_version(self, connection: sqlite3.Connection) -> None:
        version = _version(connection)
        if version > VERSION:
            raise SyncdError(f"{self.path}: written by a newer syncd (schema {version})", "install that version again")
        if version < VERSION:
            raise SyncdError(
                f"{self.path}: written by an older syncd (schema {version})", "start `syncd run` once; it brings it up"
            )

    def _set_aside(self, damage: DamagedDatabase) -> SyncdError:
        """Renames a damaged database, unless a daemon has it open; returns what to tell."""
        try:
            self.lock_daemon()
        except SyncdError as error:
            return SyncdError(damage.message, f"stop syncd first; {error.message}")
        aside = f"syncd.db.damaged-{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}"
        try:
            for ending in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    (self.folder / f"syncd.db{ending}").rename(self.folder / f"{aside}{ending}")
        except OSError as error:
            return SyncdError(damage.message, f"it could not be set aside ({error.strerror}): check the state's disk")
        finally:
            self.unlock_daemon()
        return SyncdError(
            f"{damage.message}; it was set aside as {aside}",
            "put a backup in its place, or start again: syncd then pairs the files of both sides anew",
        )

    # ── one daemon ──

    def lock_daemon(self) -> None:
        """Claims the state folder for this process until `close` or death.

        Raises:
            SyncdError: another daemon works on it.
        """
        self._claim = claim(self.folder)

    def unlock_daemon(self) -> None:
        """Gives the claim back. No claim: no harm."""
        if self._claim is not None:
            os.close(self._claim)
            self._claim = None

    def daemon_pid(self) -> int | None:
        """The process that has claimed this state folder, if one is alive."""
        return claimant(self.folder)

    # ── working ──

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept together or not at all; an inner one joins the outer.

        On a read-only store it is one unchanging view. A failure inside an inner one undoes the outer, too.

        Raises:
            SyncdError: the disk or another writer prevents it; nothing was kept.
        """
        with self._guard:
            if self._depth:
                yield from self._join()
                return
            try:
                self._connection.execute("BEGIN" if self.read_only else "BEGIN IMMEDIATE")
                self._depth, self._doomed = 1, False
                try:
                    yield
                finally:
                    self._depth = 0
                if self._doomed:
                    raise RuntimeError("a part of this transaction had failed; none of it was kept")
                self._connection.execute("COMMIT")
            except BaseException as error:
                _roll_back(self._connection)
                self._afterwards.clear()
                if isinstance(error, sqlite3.OperationalError | sqlite3.DatabaseError) and _outside(error):
                    raise explained(error, self.path) from error
                raise
            afterwards, self._afterwards = self._afterwards, []
            for action in afterwards:
                action()

    def _join(self) -> Iterator[None]:
        self._depth += 1
        try:
            yield
        except BaseException:
            self._doomed = True
            raise
        finally:
            self._depth -= 1

    def after_commit(self, action: Callable[[], None]) -> None:
        """Runs `action` once the present transaction is committed; never, if it is undone."""
        if not self._depth:
            raise RuntimeError("after_commit needs a transaction")
        if action not in self._afterwards:
            self._afterwards.append(action)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Runs one writing statement; returns how many rows it changed."""
        with self.transaction(), self._said():
            return self._connection.execute(sql, parameters).rowcount

    def insert(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Runs one INSERT; returns the new row's id."""
        with self.transaction(), self._said():
            return self._connection.execute(sql, parameters).lastrowid or 0

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Runs one writing statement for each row, in one transaction."""
        with self.transaction(), self._said():
            self._connection.executemany(sql, rows)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query."""
        with self._guard, self._said():
            return self._connection.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """The first row of a query."""
        with self._guard, self._said():
            found: Row | None = self._connection.execute(sql, parameters).fetchone()
            return found

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if _outside(error):
                raise explained(error, self.path) from error
            raise

    # ── the whole ──

    def copy_to(self, target: Path) -> None:
        """Writes a consistent copy of the database to `target`, beside a running daemon, too (0600)."""
        with suppress(FileNotFoundError):
            target.unlink()
        try:
            os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
            copy = sqlite3.connect(target, isolation_level=None)
            try:
                with self._guard:
                    self._connection.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # one file, complete in itself
            finally:
                copy.close()
        except (OSError, sqlite3.Error) as error:
            raise SyncdError(
                f"{target}: the copy of the database failed ({error})", "check space and rights"
            ) from error

    def close(self) -> None:
        """Closes the database and gives up the claim of the daemon."""
        with self._guard:
            self._connection.close()
            self.unlock_daemon()


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def _roll_back(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.Error):  # a full disk has undone it already
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _outside(error: sqlite3.Error) -> bool:
    """Whether the world is at fault; a broken constraint or statement is syncd's own and keeps its traceback."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISUSE, sqlite3.SQLITE_RANGE)
