"""The history's database: written to by the coach as things happen, read by whoever shows them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from types import TracebackType
from typing import Self

from formcheck.coach.model import EndedBy
from formcheck.errors import HistoryError
from formcheck.exercises.declaration import Dose
from formcheck.files import output_error
from formcheck.history import queries
from formcheck.history.model import Event, Session
from formcheck.history.places import files_of, history_path, make_private
from formcheck.history.rows import Cell, insertion, kind_of, number, text, times_of
from formcheck.history.schema import BUSY_S, explained, is_busy, prepare, transaction


class Store:
    """The history, open. A context manager, to be used in the thread that opened it.

    Every call that writes is one small transaction, on the disk when it returns. Times of day must be aware; which
    day it is for the person is told by `zone`. No clock is read.

    Raises:
        HistoryError: From any method: the file cannot be read or written, in one sentence.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, zone: tzinfo | None) -> None:
        self.path = path
        self._connection = connection
        self._zone = zone

    @classmethod
    def open(cls, path: Path | None = None, *, zone: tzinfo | None = None) -> Self:
        """Open the history for a session; begin it where there is none, bring it up to date where it is older.

        Sessions that were never ended, because the program was cut off, are ended at the time of their last event.

        Args:
            path: The file, by default the one in the user's data folder.
            zone: The person's time zone, by default the machine's.

        Raises:
            HistoryError: The file is damaged, not ours, or of a newer version. It is left as it is.
            OutputError: It cannot be made.
        """
        store = cls._opened(_resolved(path), zone)
        try:
            store._end_what_was_cut_off()
        except BaseException:
            store.close()
            raise
        return store

    @classmethod
    def reading(cls, path: Path | None = None) -> Self:
        """Open the history to look at it, also while a coach writes; where there is none, none is made.

        Raises:
            HistoryError: As with `open`.
        """
        found = _resolved(path)
        store = cls._opened(found if found.exists() else None, None)
        store._connection.execute("PRAGMA query_only = ON")
        return store

    @classmethod
    def _opened(cls, path: Path | None, zone: tzinfo | None) -> Self:
        """Open a file, or an empty history that is nowhere."""
        place = path or Path(":memory:")
        if path is not None:
            make_private(path)
        with explained(place):
            connection = sqlite3.connect(place, timeout=BUSY_S, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            prepare(connection, place)
        except BaseException:
            connection.close()
            raise
        return cls(connection, place, zone)

    def close(self) -> None:
        """Close the file; sessions stay as they are."""
        with explained(self.path):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- for the coach ----------------------------------------------------------------------------------------

    def begin_session(self, routine: str, started_at: datetime, language: str) -> int:
        """Begin a session.

        Args:
            routine: Name of the routine or exercise.
            started_at: Aware.
            language: Such as "en".

        Returns:
            Its number.
        """
        at = _instant(started_at)
        offset = started_at.astimezone(self._zone).utcoffset() or timedelta(0)
        return self._insert(
            "INSERT INTO session (routine, language, started_at, utc_offset_s) VALUES (?, ?, ?, ?)",
            (text(routine), text(language), at, int(offset.total_seconds())),
        )

    def begin_set(self, session_id: int, exercise: str, title: str, dose: Dose, started_at: datetime) -> int:
        """Begin an exercise in a session; returns the set's number."""
        return self._insert(
            "INSERT INTO exercise_set (session_id, exercise, title, repetitions_from, repetitions_to, hold_from_s, "
            "hold_to_s, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (session_id, text(exercise), text(title), *dose.repetitions, *dose.hold_s, _instant(started_at)),
        )

    def add(self, set_id: int, event: Event, at: datetime | None = None) -> None:
        """Keep one event of a set.

        Args:
            set_id: The set.
            event: Any record of the engine.
            at: Now, aware. A session that is cut off ends at the last such time; without any, at the set's beginning
                and as much later as its events say.
        """
        recorded_at = None if at is None else _instant(at)
        with self._writing():
            event_id = self._connection.execute(
                "INSERT INTO event (set_id, kind, start_s, end_s, recorded_at) VALUES (?, ?, ?, ?, ?)",
                (set_id, kind_of(event), *times_of(event), recorded_at),
            ).lastrowid
            assert event_id is not None
            self._connection.execute(*insertion(event, event_id))

    def end_set(self, set_id: int, ended_by: EndedBy, ended_at: datetime, score: float | None) -> None:
        """End a set.

        Raises:
            KeyError: There is no such set.
        """
        values = (ended_by, _instant(ended_at), number(score))
        self._update("UPDATE exercise_set SET ended_by = ?, ended_at = ?, score = ? WHERE id = ?", values, set_id)

    def pain(self, session_id: int, at: datetime) -> None:
        """Keep that pain was told."""
        self._insert("INSERT INTO pain (session_id, at) VALUES (?, ?)", (session_id, _instant(at)))

    def end_session(self, session_id: int, ended_at: datetime) -> None:
        """End a session.

        Raises:
            KeyError: There is no such session.
        """
        self._update("UPDATE session SET ended_at = ? WHERE id = ?", (_instant(ended_at),), session_id)

    # --- reading ----------------------------------------------------------------------------------------------

    def sessions(self, since: date | None = None) -> tuple[Session, ...]:
        """The sessions that began on this day of the person or later, all of them without it, oldest first."""
        with self._as_of_now():
            return queries.sessions(self._connection, since)

    def trained_days(self) -> tuple[date, ...]:
        """The person's days with a repetition or hold in an exercise that has a dose; watched postures are none."""
        with self._as_of_now():
            return queries.trained_days(self._connection)

    def pain_days(self) -> tuple[date, ...]:
        """The person's days on which pain was told."""
        with self._as_of_now():
            return queries.pain_days(self._connection)

    # --- the database -----------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with explained(self.path), transaction(self._connection):
            yield

    @contextmanager
    def _as_of_now(self) -> Iterator[None]:
        """Whatever is read inside is of one moment, whoever writes meanwhile."""
        with explained(self.path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    def _insert(self, statement: str, values: tuple[Cell, ...]) -> int:
        with self._writing():
            number_ = self._connection.execute(statement, values).lastrowid
        assert number_ is not None
        return number_

    def _update(self, statement: str, values: tuple[Cell, ...], number_: int) -> None:
        with self._writing():
            if not self._connection.execute(statement, (*values, number_)).rowcount:
                raise KeyError(number_)

    def _end_what_was_cut_off(self) -> None:
        """End what is open. Should another coach be running, its own ends come later and stand in their place."""
        with explained(self.path):
            if not queries.any_open(self._connection):
                return
            with transaction(self._connection):
                ends = queries.ends_of_open(self._connection)
                for table, found in (("exercise_set", ends.sets), ("session", ends.sessions)):
                    self._connection.executemany(
                        f"UPDATE {table} SET ended_at = ? WHERE id = ?", [(at, id_) for id_, at in found.items()]
                    )


def delete_all(path: Path | None = None) -> bool:
    """Remove the history's database and the files that SQLite put beside it, and nothing else.

    Args:
        path: The file, by default the one in the user's data folder.

    Returns:
        Whether there was one.

    Raises:
        HistoryError: It is in use.
        OutputError: It cannot be removed.
    """
    place = _resolved(path)
    there = [file for file in files_of(place) if file.exists()]
    if place in there and _in_use(place):
        raise HistoryError(f"{place} is in use: end the other formcheck that is running, and try again.")
    try:
        for file in there:
            file.unlink(missing_ok=True)  # closing the database has already removed those beside it
    except OSError as error:
        raise output_error(place, error) from error
    return bool(there)


def _in_use(path: Path) -> bool:
    try:
        connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    except sqlite3.OperationalError:
        return False  # not even a file: removing it says why it cannot be
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        return is_busy(error)  # any other trouble with the file is one more reason to delete it
    finally:
        connection.close()
    return False


def _resolved(path: Path | None) -> Path:
    return (path or history_path()).resolve()


def _instant(at: datetime) -> str:
    """A time of day as it is kept.

    Raises:
        ValueError: It is naive.
    """
    if at.utcoffset() is None:
        raise ValueError(f"{at} must say its offset from UTC")
    return at.astimezone(UTC).isoformat(timespec="microseconds")
