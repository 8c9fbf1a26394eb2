"""Versions of the tables, and the way from each to the next."""

from __future__ import annotations

import sqlite3

import pytest
from history_examples import EVENING, GOOD, HOLD, TEN_TIMES, later, plain

from formcheck.history import schema
from formcheck.history.rows import insertion, kind_of, times_of
from formcheck.history.schema import VERSION, migrate
from formcheck.history.store import Store


@pytest.fixture
def old(tmp_path):
    """A history as version 1 left it: a session with a repetition and a hold that was cut off."""
    path = tmp_path / "history.sqlite3"
    connection = sqlite3.connect(path, isolation_level=None)
    migrate(connection, to=1)
    at = EVENING.isoformat(timespec="microseconds")
    connection.execute(
        "INSERT INTO session (id, routine, language, started_at, utc_offset_s) VALUES (1, 'x', 'en', ?, 3600)", (at,)
    )
    connection.execute(
        "INSERT INTO exercise_set (id, session_id, exercise, title, repetitions_from, repetitions_to, hold_from_s, "
        "hold_to_s, started_at) VALUES (1, 1, 'bridge', 'Bridge', 10, 10, 10, 15, ?)",
        (at,),
    )
    for number, event in enumerate((GOOD, HOLD), 1):
        row = (number, kind_of(event), *times_of(event))
        connection.execute("INSERT INTO event (id, set_id, kind, start_s, end_s) VALUES (?, 1, ?, ?, ?)", row)
        connection.execute(*insertion(event, number))
    connection.close()
    return path


def version(path):
    connection = sqlite3.connect(path)
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    columns = [row[1] for row in connection.execute("PRAGMA table_info(event)")]
    connection.close()
    return found, "recorded_at" in columns


@pytest.mark.parametrize("opened", [Store.open, Store.reading])
def test_an_old_history_is_brought_up_to_date(old, opened):
    assert version(old) == (1, False)
    with opened(old) as store:
        (session,) = store.sessions()
    assert version(old) == (VERSION, True)
    (one,) = session.sets
    assert plain(one.events) == plain((GOOD, HOLD))
    assert [entry.recorded_at for entry in one.entries] == [None, None]
    assert one.dose == TEN_TIMES


def test_an_old_session_that_was_cut_off_ends_as_late_as_its_events_say(old):
    with Store.open(old) as store:
        assert store.sessions()[0].ended_at == later(45.0 - 2.5)


def test_new_and_migrated_tables_are_the_same(old, tmp_path):
    def tables(path):
        Store.open(path).close()
        connection = sqlite3.connect(path)
        found = {
            name: [row[1:] for row in connection.execute(f"PRAGMA table_info({name})")]
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        connection.close()
        return found

    assert tables(old) == tables(tmp_path / "new.sqlite3")


def test_a_step_that_fails_changes_nothing(old, monkeypatch):
    broken = (*schema.MIGRATIONS[0:1], (*schema.MIGRATIONS[1], "CREATE TABLE this is no SQL"))
    monkeypatch.setattr(schema, "MIGRATIONS", broken)
    with pytest.raises(schema.HistoryError, match="SQLite says"):
        Store.open(old)
    assert version(old) == (1, False)
    monkeypatch.undo()
    Store.open(old).close()
    assert version(old) == (VERSION, True)


def test_a_step_that_another_program_has_made_is_not_made_twice(old, monkeypatch):
    """Between the look at the version and the lock another formcheck may be faster."""
    begin = schema.transaction
    raced = []

    def late(connection):
        if not raced:
            raced.append(True)
            other = sqlite3.connect(old, isolation_level=None)
            migrate(other)
            other.close()
        return begin(connection)

    monkeypatch.setattr(schema, "transaction", late)
    with Store.reading(old) as store:
        assert len(store.sessions()) == 1
    assert version(old) == (VERSION, True)
