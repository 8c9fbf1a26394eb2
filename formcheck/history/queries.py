"""Queries: from an open database to the history's own types."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from operator import itemgetter

from formcheck.exercises.declaration import Dose
from formcheck.history.model import Entry, ExerciseSet, Session
from formcheck.history.rows import KINDS, event_from, selection

_DAY_S = 86400.0


def sessions(connection: sqlite3.Connection, since: date | None) -> tuple[Session, ...]:
    """The sessions that began on a day of the person or later, oldest first, with all that is in them."""
    rows = [row for row in connection.execute("SELECT * FROM session") if since is None or _day(row) >= since]
    if not rows:
        return ()
    first = min(row["id"] for row in rows)
    zones = {row["id"]: _zone(row) for row in rows}
    pain: dict[int, list[datetime]] = defaultdict(list)
    for row in connection.execute("SELECT session_id, at FROM pain WHERE session_id >= ? ORDER BY id", (first,)):
        if row["session_id"] in zones:
            pain[row["session_id"]].append(_local(row["at"], zones[row["session_id"]]))
    sets = _sets(connection, first, zones)
    found = (
        Session(
            row["id"],
            row["routine"],
            row["language"],
            _local(row["started_at"], zones[row["id"]]),
            _local_or_none(row["ended_at"], zones[row["id"]]),
            tuple(sets[row["id"]]),
            tuple(pain[row["id"]]),
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda session: (session.started_at, session.id)))


def _sets(connection: sqlite3.Connection, first: int, zones: dict[int, timezone]) -> dict[int, list[ExerciseSet]]:
    rows = connection.execute("SELECT * FROM exercise_set WHERE session_id >= ? ORDER BY id", (first,)).fetchall()
    rows = [row for row in rows if row["session_id"] in zones]
    entries = _entries(connection, first, {row["id"]: zones[row["session_id"]] for row in rows})
    found: dict[int, list[ExerciseSet]] = defaultdict(list)
    for row in rows:
        zone = zones[row["session_id"]]
        found[row["session_id"]].append(
            ExerciseSet(
                row["id"],
                row["exercise"],
                row["title"],
                Dose((row["repetitions_from"], row["repetitions_to"]), (row["hold_from_s"], row["hold_to_s"])),
                _local(row["started_at"], zone),
                _local_or_none(row["ended_at"], zone),
                row["ended_by"],
                row["score"],
                tuple(entry for _, entry in sorted(entries[row["id"]], key=itemgetter(0))),
            )
        )
    return found


def _entries(
    connection: sqlite3.Connection, first: int, zones: dict[int, timezone]
) -> dict[int, list[tuple[int, Entry]]]:
    """By set: (number, entry), kind by kind."""
    found: dict[int, list[tuple[int, Entry]]] = defaultdict(list)
    for kind in KINDS:
        for row in connection.execute(selection(kind), (first,)):
            if (zone := zones.get(row["set_id"])) is not None:
                entry = Entry(event_from(kind, row), _local_or_none(row["recorded_at"], zone))
                found[row["set_id"]].append((row["event_id"], entry))
    return found


def trained_days(connection: sqlite3.Connection) -> tuple[date, ...]:
    """The days with a repetition or hold in an exercise that has a dose, oldest first."""
    rows = connection.execute(
        "SELECT started_at, utc_offset_s FROM session WHERE EXISTS ("
        "SELECT 1 FROM exercise_set JOIN event ON event.set_id = exercise_set.id "
        "WHERE exercise_set.session_id = session.id AND event.kind IN ('repetition', 'hold') "
        "AND (exercise_set.repetitions_to > 0 OR exercise_set.hold_to_s > 0))"
    )
    return tuple(sorted({_day(row) for row in rows}))


def pain_days(connection: sqlite3.Connection) -> tuple[date, ...]:
    """The days of the sessions in which pain was told, oldest first."""
    rows = connection.execute(
        "SELECT started_at, utc_offset_s FROM session WHERE EXISTS (SELECT 1 FROM pain WHERE session_id = session.id)"
    )
    return tuple(sorted({_day(row) for row in rows}))


def any_open(connection: sqlite3.Connection) -> bool:
    """Whether there are sets or sessions that have no end."""
    return any(
        connection.execute(f"SELECT 1 FROM {table} WHERE ended_at IS NULL LIMIT 1").fetchone()
        for table in ("session", "exercise_set")
    )


@dataclass(frozen=True, slots=True)
class Ends:
    """When what was cut off ended, by number, as kept."""

    sets: dict[int, str]
    sessions: dict[int, str]


def ends_of_open(connection: sqlite3.Connection) -> Ends:
    """The ends of all sets and sessions that have none: the time of the last that is known of them."""
    sets = {row["id"]: _end_of_set(row) for row in connection.execute(
        "SELECT exercise_set.id, started_at, max(recorded_at) AS last, min(start_s) AS start_s, max(end_s) AS end_s "
        "FROM exercise_set LEFT JOIN event ON event.set_id = exercise_set.id "
        "WHERE ended_at IS NULL GROUP BY exercise_set.id"
    )}  # fmt: skip
    ended: dict[int, str] = {}
    for row in connection.execute("SELECT id, started_at FROM session WHERE ended_at IS NULL").fetchall():
        times = [row["started_at"]]
        mine = (row["id"],)
        parts = connection.execute("SELECT id, ended_at FROM exercise_set WHERE session_id = ?", mine)
        times.extend(part["ended_at"] or sets[part["id"]] for part in parts)
        times.extend(part["at"] for part in connection.execute("SELECT at FROM pain WHERE session_id = ?", mine))
        ended[row["id"]] = max(times)
    return Ends(sets, ended)


def _end_of_set(row: sqlite3.Row) -> str:
    """The time of a set's last event; where that was not kept, as long after its beginning as its events took."""
    start: str = row["started_at"]
    last: str | None = row["last"]
    if last is not None:
        return max(start, last)
    if row["start_s"] is None or row["end_s"] is None:
        return start
    taken = timedelta(seconds=min(max(0.0, row["end_s"] - row["start_s"]), _DAY_S))
    return (datetime.fromisoformat(start) + taken).isoformat(timespec="microseconds")


def _zone(row: sqlite3.Row) -> timezone:
    offset: int = row["utc_offset_s"]
    return timezone(timedelta(seconds=offset)) if offset else UTC


def _day(row: sqlite3.Row) -> date:
    return _local(row["started_at"], _zone(row)).date()


def _local(at: str, zone: timezone) -> datetime:
    return datetime.fromisoformat(at).astimezone(zone)


def _local_or_none(at: str | None, zone: timezone) -> datetime | None:
    return None if at is None else _local(at, zone)
