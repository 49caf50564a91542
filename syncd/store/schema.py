"""Every CREATE and every migration of `syncd.db`, read from top to bottom as its history.

Owns the shape of the database, nothing of its contents. A migration that has been released is never edited: a change
is a new function below. No `transform()` here: it drops triggers, and the history's triggers are what protect it.
"""

from __future__ import annotations

import sqlite3
from typing import Final

import sqlite_utils
from sqlite_utils import Migrations

migrations: Final = Migrations("syncd")


@migrations()
def files_and_what_was_seen(db: sqlite_utils.Database) -> None:
    """Tracked files (closed ones stay for `versions` and `why`), the last sightings, absences, folders, settings.

    `stage` '' means loose in the operator's folder; a path that is no text (bytes that are not UTF-8) is a BLOB.
    """
    db.execute(
        """CREATE TABLE files (
            id INTEGER PRIMARY KEY, line INTEGER NOT NULL, operator TEXT NOT NULL, role TEXT NOT NULL,
            name NOT NULL, document TEXT, period TEXT,
            cloud_stage TEXT, cloud_path, cloud_identity TEXT, cloud_etag TEXT, cloud_size INTEGER, cloud_sha1 TEXT,
            intranet_stage TEXT, intranet_path, intranet_identity TEXT, intranet_etag TEXT, intranet_size INTEGER,
            intranet_sha1 TEXT,
            submitted TEXT, offered TEXT, brought_by TEXT NOT NULL, submission INTEGER NOT NULL,
            arrived_at REAL NOT NULL, entered_at REAL NOT NULL, told TEXT NOT NULL, note_for TEXT NOT NULL,
            untyped INTEGER NOT NULL, closed_at REAL)"""
    )
    db.execute("CREATE INDEX files_live ON files (operator) WHERE closed_at IS NULL")
    db.execute("CREATE INDEX files_inode ON files (intranet_identity) WHERE closed_at IS NULL")
    db.execute("CREATE INDEX files_line ON files (operator, line)")
    db.execute(
        """CREATE TABLE sightings (
            operator TEXT NOT NULL, side TEXT NOT NULL, stage TEXT NOT NULL, path NOT NULL, identity TEXT NOT NULL,
            size INTEGER NOT NULL, etag TEXT NOT NULL, modified_at REAL NOT NULL, sha1 TEXT, waits TEXT,
            actor TEXT NOT NULL, PRIMARY KEY (operator, side, stage, path)) WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE absences (
            operator TEXT NOT NULL, file INTEGER NOT NULL, side TEXT NOT NULL, first_at REAL NOT NULL,
            looks INTEGER NOT NULL, PRIMARY KEY (operator, file, side)) WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE folders (
            operator TEXT NOT NULL, side TEXT NOT NULL, folder TEXT NOT NULL, identity TEXT NOT NULL,
            PRIMARY KEY (operator, side, folder)) WITHOUT ROWID"""
    )
    db.execute("CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")


@migrations()
def intents(db: sqlite_utils.Database) -> None:
    """Moves under way: committed before their effects, deleted with their outcome."""
    db.execute(
        """CREATE TABLE intents (
            id INTEGER PRIMARY KEY AUTOINCREMENT, operator TEXT NOT NULL, move TEXT NOT NULL, prepared TEXT NOT NULL,
            at REAL NOT NULL)"""
    )


@migrations()
def history_that_only_grows(db: sqlite_utils.Database) -> None:
    """The append-only record, named as `syncd history --json` names it; the triggers refuse all but appending."""
    db.execute(
        """CREATE TABLE history (
            seq INTEGER PRIMARY KEY, at TEXT NOT NULL, operator TEXT NOT NULL, document TEXT, period TEXT,
            file TEXT NOT NULL, "from" TEXT, "to" TEXT, "by" TEXT NOT NULL, actor TEXT NOT NULL, rule TEXT NOT NULL,
            reason TEXT NOT NULL, outcome TEXT NOT NULL, sha1 TEXT, chain TEXT NOT NULL)"""
    )
    db.execute("CREATE INDEX history_operator ON history (operator, seq)")
    for verb in ("UPDATE", "DELETE"):
        db.execute(
            f"""CREATE TRIGGER history_no_{verb.lower()} BEFORE {verb} ON history
            BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"""
        )
    # INSERT OR REPLACE would delete without firing the delete trigger.
    db.execute(
        """CREATE TRIGGER history_appends BEFORE INSERT ON history
        WHEN NEW.seq <= (SELECT coalesce(max(seq), 0) FROM history)
        BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END"""
    )


@migrations()
def bytes_that_are_kept(db: sqlite_utils.Database) -> None:
    """Versions and quarantine; `gone_at` rows have lost their bytes to retention but still say whose they were."""
    db.execute(
        """CREATE TABLE versions (
            id INTEGER PRIMARY KEY, operator TEXT NOT NULL, line INTEGER NOT NULL, file INTEGER NOT NULL,
            sha1 TEXT NOT NULL, size INTEGER NOT NULL, side TEXT NOT NULL, name NOT NULL, origin TEXT NOT NULL,
            at REAL NOT NULL, used_at REAL NOT NULL, gone_at REAL, UNIQUE (operator, line, sha1))"""
    )
    db.execute("CREATE INDEX versions_bytes ON versions (sha1)")
    db.execute(
        """CREATE TABLE quarantine (
            number INTEGER PRIMARY KEY AUTOINCREMENT, operator TEXT NOT NULL, name NOT NULL, sha1 TEXT NOT NULL,
            size INTEGER NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL, gone_at REAL)"""
    )


@migrations()
def holds_and_pauses(db: sqlite_utils.Database) -> None:
    """What stands still, and why; operator '' means everything."""
    db.execute(
        """CREATE TABLE holds (
            id INTEGER PRIMARY KEY, operator TEXT NOT NULL, reason TEXT NOT NULL, at REAL NOT NULL, released_at REAL)"""
    )
    db.execute("CREATE UNIQUE INDEX holds_one ON holds (operator) WHERE released_at IS NULL")
    db.execute("CREATE TABLE pauses (operator TEXT PRIMARY KEY) WITHOUT ROWID")


@migrations()
def tellings_and_notices(db: sqlite_utils.Database) -> None:
    """What is to be said (written with the move it tells of) and the chat messages made of it."""
    db.execute(
        """CREATE TABLE notices (
            id INTEGER PRIMARY KEY AUTOINCREMENT, room TEXT NOT NULL, text TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'unaddressed', 'unknown')),
            attempts INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', created_at REAL NOT NULL,
            next_at REAL NOT NULL DEFAULT 0, sent_at REAL, dedupe_key TEXT, moves TEXT NOT NULL DEFAULT '[]')"""
    )
    db.execute("CREATE INDEX notices_state ON notices (state, next_at)")
    db.execute("CREATE INDEX notices_dedupe ON notices (dedupe_key) WHERE dedupe_key IS NOT NULL")
    db.execute(
        """CREATE TABLE tellings (
            id INTEGER PRIMARY KEY AUTOINCREMENT, room TEXT NOT NULL, audience TEXT NOT NULL, operator TEXT NOT NULL,
            message TEXT NOT NULL, file INTEGER NOT NULL DEFAULT 0, document TEXT, period TEXT,
            name TEXT NOT NULL DEFAULT '', from_stage TEXT, to_stage TEXT, words TEXT NOT NULL DEFAULT '{}',
            seq INTEGER, created_at REAL NOT NULL, not_before REAL NOT NULL,
            notice INTEGER REFERENCES notices (id))"""
    )
    db.execute("CREATE INDEX tellings_unsent ON tellings (room, not_before) WHERE notice IS NULL")
    # One line for each address of a room: a retry must not repeat it to the others. `address` is a salted hash.
    db.execute(
        """CREATE TABLE deliveries (
            notice INTEGER NOT NULL REFERENCES notices (id), address TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'refused')),
            attempts INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '', next_at REAL NOT NULL DEFAULT 0,
            PRIMARY KEY (notice, address)) WITHOUT ROWID"""
    )


@migrations()
def remarks_made_once(db: sqlite_utils.Database) -> None:
    """What was said about files that nobody tracks, so that it is not said again."""
    db.execute("CREATE TABLE remarks (operator TEXT NOT NULL, key NOT NULL, PRIMARY KEY (operator, key)) WITHOUT ROWID")


@migrations()
def a_cloud_that_knows_its_items_by_id(db: sqlite_utils.Database) -> None:
    """The cloud's tree by ids, how far its events were followed, and what it has cost in calls."""
    db.execute(
        """CREATE TABLE cloud_items (
            id TEXT PRIMARY KEY, folder INTEGER NOT NULL, parent TEXT NOT NULL, name NOT NULL, folded NOT NULL,
            etag TEXT NOT NULL,
            sequence INTEGER NOT NULL, size INTEGER NOT NULL, sha1 TEXT NOT NULL, modified_at REAL NOT NULL,
            actor TEXT NOT NULL, own INTEGER NOT NULL, locked_until REAL NOT NULL, listed INTEGER NOT NULL,
            gone INTEGER NOT NULL, learned_at REAL NOT NULL) WITHOUT ROWID"""
    )
    db.execute("CREATE INDEX cloud_items_parent ON cloud_items (parent, folded)")
    db.execute("CREATE TABLE cloud_values (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
    db.execute(
        """CREATE TABLE cloud_calls (
            day TEXT NOT NULL, kind TEXT NOT NULL, calls INTEGER NOT NULL, PRIMARY KEY (day, kind)) WITHOUT ROWID"""
    )


@migrations()
def what_the_rules_said(db: sqlite_utils.Database) -> None:
    """The last judgement of each file, contents that were scanned or compared once, and which bundle a file came in."""
    db.execute("ALTER TABLE files ADD COLUMN bundle NOT NULL DEFAULT ''")
    db.execute(
        """CREATE TABLE judgements (
            file INTEGER PRIMARY KEY, operator TEXT NOT NULL, document TEXT, period TEXT, sha1 TEXT NOT NULL,
            state TEXT NOT NULL, rule TEXT NOT NULL, findings TEXT NOT NULL, facts TEXT NOT NULL, at REAL NOT NULL)"""
    )
    db.execute("CREATE INDEX judgements_period ON judgements (operator, period)")
    db.execute(
        """CREATE TABLE scans (
            sha1 TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID"""
    )
    db.execute(
        """CREATE TABLE comparisons (
            old TEXT NOT NULL, new TEXT NOT NULL, changes TEXT, PRIMARY KEY (old, new)) WITHOUT ROWID"""
    )


@migrations()
def troubles_of_single_files_2026_11_29(db: sqlite_utils.Database) -> None:
    """What can't be done with one file: since when, how often it was tried, when next; and how far a move has come."""
    db.execute(
        """CREATE TABLE troubles (
            operator TEXT NOT NULL, side TEXT NOT NULL, owner TEXT NOT NULL, stage TEXT NOT NULL, path NOT NULL,
            work TEXT NOT NULL, kind TEXT NOT NULL, detail TEXT NOT NULL, file INTEGER NOT NULL, name NOT NULL,
            document TEXT, period TEXT, since REAL NOT NULL, tries INTEGER NOT NULL, next_at REAL NOT NULL,
            told INTEGER NOT NULL, PRIMARY KEY (operator, side, owner, stage, path)) WITHOUT ROWID"""
    )
    db.execute("ALTER TABLE intents ADD COLUMN progress TEXT NOT NULL DEFAULT '[]'")


@migrations(name="2026-11-29 sightings: stamps and when bytes were read")
def stamps_and_when_bytes_were_read(db: sqlite_utils.Database) -> None:
    """What moves when a file is touched, and when its bytes were last read; as they are unknown, all are read once."""
    db.execute("ALTER TABLE sightings ADD COLUMN stamp TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE sightings ADD COLUMN read_at REAL NOT NULL DEFAULT 0")


@migrations()
def whose_it_is_2026_11_29(db: sqlite_utils.Database) -> None:
    """Bytes that syncd made of an operator's data and that are no versions: pages; operator '': the ward's own."""
    db.execute(
        """CREATE TABLE belongings (
            sha1 TEXT NOT NULL, operator TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (sha1, operator)) WITHOUT ROWID"""
    )


@migrations()
def forms_that_say_the_same_2026_11_29(db: sqlite_utils.Database) -> None:
    """Fingerprints of what stands in operators' forms; `sent`: it sent that in, or staff edited what it sent."""
    db.execute(
        """CREATE TABLE alike (
            alike TEXT NOT NULL, operator TEXT NOT NULL, sent INTEGER NOT NULL, at REAL NOT NULL,
            PRIMARY KEY (alike, operator)) WITHOUT ROWID"""
    )


def bring_up_to_date(connection: sqlite3.Connection, version: int) -> None:
    """Applies what is missing, all of it or nothing; the caller holds the write transaction.

    Args:
        version: how many migrations there are, kept as `user_version`, so that an up-to-date database can be opened
            without importing this module (and sqlite-utils with it).
    """
    migrations.apply(sqlite_utils.Database(connection))
    connection.execute(f"PRAGMA user_version = {version}")
