"""The tables of the history, version by version, and how a database of an older version is brought up to date."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from formcheck.errors import HistoryError

BUSY_S = 2.0  # how long a call waits for another program that writes at this moment
_APPLICATION_ID = 0x666F726D  # "form": tells the file from other programs' databases

# Each entry leads from the version before it to its own; versions that have been released never change.
# Times of day are UTC in ISO 8601, always with microseconds, so that they sort as text. Times ending in _s are
# seconds of the frames' clock. NULL is unknown. Lists and measures are JSON.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE session (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            routine TEXT NOT NULL,
            language TEXT NOT NULL,
            started_at TEXT NOT NULL,
            utc_offset_s INTEGER NOT NULL,
            ended_at TEXT
        )""",
        """CREATE TABLE exercise_set (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
            exercise TEXT NOT NULL,
            title TEXT NOT NULL,
            repetitions_from INTEGER NOT NULL,
            repetitions_to INTEGER NOT NULL,
            hold_from_s REAL NOT NULL,
            hold_to_s REAL NOT NULL,
            started_at TEXT NOT NULL,
            ended_at TEXT,
            ended_by TEXT,
            score REAL
        )""",
        "CREATE INDEX exercise_set_of_session ON exercise_set (session_id)",
        """CREATE TABLE pain (
            id INTEGER PRIMARY KEY,
            session_id INTEGER NOT NULL REFERENCES session (id) ON DELETE CASCADE,
            at TEXT NOT NULL
        )""",
        "CREATE INDEX pain_of_session ON pain (session_id)",
        """CREATE TABLE event (
            id INTEGER PRIMARY KEY,
            set_id INTEGER NOT NULL REFERENCES exercise_set (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            start_s REAL,
            end_s REAL
        )""",
        "CREATE INDEX event_of_set ON event (set_id)",
        """CREATE TABLE repetition (
            event_id INTEGER PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
            "index" INTEGER NOT NULL,
            top_s REAL,
            outcome TEXT NOT NULL,
            reason TEXT,
            score REAL,
            parts TEXT NOT NULL,
            faults TEXT NOT NULL,
            notes TEXT NOT NULL,
            measures TEXT NOT NULL
        )""",
        """CREATE TABLE hold (
            event_id INTEGER PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
            in_form_s REAL,
            longest_s REAL,
            side TEXT,
            variant TEXT,
            faults TEXT NOT NULL
        )""",
        """CREATE TABLE fault (
            event_id INTEGER PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            worst REAL,
            unit TEXT NOT NULL,
            cue TEXT NOT NULL,
            joint TEXT NOT NULL,
            worst_cm REAL,
            worst_in REAL
        )""",
        """CREATE TABLE view_problem (
            event_id INTEGER PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            advice TEXT NOT NULL
        )""",
        """CREATE TABLE reminder (
            event_id INTEGER PRIMARY KEY REFERENCES event (id) ON DELETE CASCADE,
            kind TEXT NOT NULL,
            fault TEXT,
            text TEXT NOT NULL
        )""",
        f"PRAGMA application_id = {_APPLICATION_ID}",
    ),
    # When an event was recorded, so that a session that was cut off can be closed at the time of its last one.
    ("ALTER TABLE event ADD COLUMN recorded_at TEXT",),
)
VERSION = len(MIGRATIONS)


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make a fresh connection ready: check the file, set durability, bring the tables up to date.

    Args:
        connection: In autocommit mode.
        path: Of its file, for messages.

    Raises:
        HistoryError: It is damaged, another program's, or of a newer version; nothing has been changed then.
    """
    with explained(path):
        _check(connection, path)
        connection.execute("PRAGMA foreign_keys = ON")
        # In WAL mode a reader never waits for the coach, nor the coach for a reader.
        if _pragma(connection, "journal_mode") != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        # A commit is on the disk when it returns: a power cut takes nothing that was committed.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA fullfsync = ON")  # macOS only: there a plain fsync stops at the disk's cache
        migrate(connection)


def migrate(connection: sqlite3.Connection, to: int = VERSION) -> None:
    """Bring the tables to a version, each step in a transaction of its own."""
    while _version(connection) < to:
        with transaction(connection):
            version = _version(connection)  # again: another program may have been first
            if version < to:
                for statement in MIGRATIONS[version]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {version + 1}")


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is written inside becomes permanent at its end, or none of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what can go wrong with the file into one sentence.

    Raises:
        HistoryError: In place of SQLite's error. Errors of the program itself are passed on as they are.
    """
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        raise HistoryError(f"{path} {_reason(error)}.") from error


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another program was in the way."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _reason(error: sqlite3.Error) -> str:
    if is_busy(error):
        return "is in use: end the other formcheck that is running, and try again"
    match _code(error):
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return _DAMAGED
        case sqlite3.SQLITE_FULL:
            return "cannot be written: the disk is full; free some space and try again"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return "cannot be opened for writing: name a folder of your own in FORMCHECK_DATA"
        case _:
            return f"cannot be used, SQLite says '{error}': try again, or name another folder in FORMCHECK_DATA"


_DAMAGED = (
    "is damaged, and has been left as it is: move it away to keep it, or remove it with 'formcheck history --delete'; "
    "a new history then begins"
)


def _code(error: sqlite3.Error) -> int:
    """SQLite's primary error code, 0 where there is none."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _check(connection: sqlite3.Connection, path: Path) -> None:
    version = _version(connection)
    ours = _pragma(connection, "application_id") == _APPLICATION_ID
    if not ours and (version or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]):
        raise HistoryError(
            f"{path} is another program's database: move it away, or name another folder in FORMCHECK_DATA."
        )
    if version > VERSION:
        raise HistoryError(
            f"{path} was written by a newer formcheck (version {version} of the history, this one knows {VERSION}): "
            "update formcheck."
        )
    if _pragma(connection, "quick_check(1)") != "ok":
        raise HistoryError(f"{path} {_DAMAGED}.")


def _version(connection: sqlite3.Connection) -> int:
    return int(_pragma(connection, "user_version"))


def _pragma(connection: sqlite3.Connection, name: str) -> int | str:
    value: int | str = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value
