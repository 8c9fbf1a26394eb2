"""The store: what is written comes back, only its owner can read it, and what is not ours stays as it is."""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import tempfile
import time
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from history_examples import ALL, BERLIN, EVENING, GOOD, HALF_A_MINUTE, HOLD, TEN_TIMES, later, plain, write_session
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.engine.records import OUTCOMES, FaultSpan, Hold, Reminder, Repetition, ScorePart, ViewProblem
from formcheck.errors import FormcheckError, HistoryError, OutputError
from formcheck.exercises.declaration import Dose
from formcheck.history import store as store_module
from formcheck.history.places import FOLDER_VARIABLE, data_folder, files_of, history_path
from formcheck.history.schema import VERSION
from formcheck.history.store import Store, delete_all


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data" / "history.sqlite3"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def test_a_session_comes_back(path):
    with Store.open(zone=BERLIN) as store:
        session = store.begin_session("back-relief", EVENING, "de")
        first = store.begin_set(session, "bridge", "Brücke", TEN_TIMES, later(5))
        for seconds, event in enumerate(ALL):
            store.add(first, event, later(10 + seconds))
        store.end_set(first, "dose", later(60), 87.5)
        second = store.begin_set(session, "plank", "Plank", HALF_A_MINUTE, later(70))
        store.add(second, HOLD)
        store.pain(session, later(80.25))
        store.end_set(second, "pain", later(81), None)
        store.end_session(session, later(90))
    with Store.reading() as store:
        (kept,) = store.sessions()
    assert (kept.id, kept.routine, kept.language, kept.day) == (session, "back-relief", "de", date(2026, 3, 4))
    assert (kept.started_at, kept.ended_at, kept.pain) == (EVENING, later(90), (later(80.25),))
    assert kept.started_at.utcoffset() == timedelta(hours=1)
    bridge, plank = kept.sets
    assert (bridge.id, bridge.exercise, bridge.title, bridge.dose) == (first, "bridge", "Brücke", TEN_TIMES)
    assert (bridge.started_at, bridge.ended_at, bridge.ended_by, bridge.score) == (later(5), later(60), "dose", 87.5)
    assert plain(bridge.events) == plain(ALL)
    assert [entry.recorded_at for entry in bridge.entries] == [later(10 + i) for i in range(len(ALL))]
    assert (plank.dose, plank.ended_by, plank.score) == (HALF_A_MINUTE, "pain", None)
    assert (plank.events, plank.entries[0].recorded_at) == ((HOLD,), None)


text = st.text(max_size=20)
seconds = st.floats(allow_infinity=False, width=64)
some_names = st.lists(text, max_size=3).map(tuple)
sides = st.sampled_from(["left", "right", None])
lengths = st.none() | st.floats(allow_nan=False, allow_infinity=False)
events = st.one_of(
    st.builds(
        Repetition, st.integers(1, 10**6), seconds, seconds, seconds, st.sampled_from(OUTCOMES), st.none() | text,
        seconds, st.lists(st.builds(ScorePart, text, seconds, seconds), max_size=3).map(tuple), some_names, some_names,
        st.dictionaries(text, seconds, max_size=4),
    ),
    st.builds(Hold, seconds, seconds, seconds, seconds, sides, st.none() | text, some_names),
    st.builds(FaultSpan, text, seconds, seconds, seconds, text, text, text, lengths, lengths),
    st.builds(ViewProblem, text, seconds, seconds, text),
    st.builds(Reminder, st.sampled_from(["nudge", "break"]), seconds, st.none() | text, text),
)  # fmt: skip
times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@settings(max_examples=60, deadline=None)
@given(kept=st.lists(st.tuples(events, st.none() | times), max_size=6), routine=text, started_at=times, zone=zones)
def test_whatever_is_added_comes_back(kept, routine, started_at, zone):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.sqlite3"
        with Store.open(file, zone=zone) as store:
            session = store.begin_session(routine, started_at, "en")
            one = store.begin_set(session, routine, routine, Dose((1, 2), (0.5, 7.25)), started_at)
            for event, at in kept:
                store.add(one, event, at)
            (before,) = store.sessions()
        with Store.open(file) as store:  # another zone, and ends that were missing
            (after,) = store.sessions()
    assert plain(before.sets[0].events) == plain(after.sets[0].events) == plain(tuple(event for event, _ in kept))
    assert [entry.recorded_at for entry in after.sets[0].entries] == [at for _, at in kept]
    assert (after.routine, after.started_at) == (routine, started_at)
    assert (after.day, after.started_at.utcoffset()) == (started_at.astimezone(zone).date(), zone.utcoffset(None))
    assert after.sets[0].dose == Dose((1, 2), (0.5, 7.25))
    assert after.ended_at is not None and after.ended_at >= after.sets[0].ended_at >= started_at
    assert before.ended_at is None


def test_what_is_not_finite_is_unknown(path):
    endless = Repetition(1, 0.0, 1.0, float("inf"), "good", measures={"up": float("-inf"), "down": 1.0})
    with Store.open(path) as store:
        write_session(store, events=[endless, GOOD])
        (one,) = store.sessions()[0].sets
    assert plain(one.events[0])[1]["end_s"] == "unknown"
    assert plain(one.events[0])[1]["measures"] == {"up": "unknown", "down": 1.0}


def test_text_that_is_no_unicode(path):
    with Store.open(path) as store:
        store.begin_session("a\udcff.toml", EVENING, "en")
        assert store.sessions()[0].routine == "a?.toml"


# --- days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("started_at", "zone", "day"),
    [
        (datetime(2026, 3, 4, 23, 30, tzinfo=UTC), BERLIN, date(2026, 3, 5)),
        (datetime(2026, 3, 5, 0, 30, tzinfo=BERLIN), UTC, date(2026, 3, 4)),  # the zone tells, not what is passed
        (datetime(2026, 3, 4, 23, 30, tzinfo=UTC), timezone(-timedelta(hours=9, minutes=30)), date(2026, 3, 4)),
    ],
)
def test_the_day_is_the_persons(path, started_at, zone, day):
    with Store.open(path, zone=zone) as store:
        session = store.begin_session("x", started_at, "en")
        one = store.begin_set(session, "bridge", "Bridge", TEN_TIMES, started_at)
        store.add(one, GOOD)
        store.pain(session, started_at)
        assert store.sessions()[0].day == day
        assert store.trained_days() == store.pain_days() == (day,)
        assert len(store.sessions(day)) == 1
        assert store.sessions(day + timedelta(days=1)) == ()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="POSIX only")
def test_the_zone_is_the_machines_by_default(path, monkeypatch):
    monkeypatch.setenv("TZ", "XXX-3")
    time.tzset()
    try:
        with Store.open(path) as store:
            store.begin_session("x", EVENING, "en")
            assert store.sessions()[0].started_at.utcoffset() == timedelta(hours=3)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_since_and_order(path):
    with Store.open(path, zone=UTC) as store:
        for days in (5, 0, 9):  # the clock was wrong for a while
            write_session(store, days=days, events=[HOLD] * (days + 1), pain=True)
        kept = store.sessions()
        recent = store.sessions(date(2026, 3, 9))
    assert [session.day.day for session in kept] == [4, 9, 13]
    assert [session.day.day for session in recent] == [9, 13]
    assert [len(session.sets[0].events) for session in recent] == [6, 10]
    assert [len(session.pain) for session in recent] == [1, 1]


def test_watched_postures_and_sessions_without_anything_are_no_training(path):
    with Store.open(path, zone=UTC) as store:
        write_session(store, days=0, dose=Dose(), events=[HOLD])
        write_session(store, days=1, events=[])
        write_session(store, days=2, events=[ALL[2]], pain=True)
        write_session(store, days=3, events=[HOLD])
        assert store.trained_days() == (date(2026, 3, 7),)
        assert store.pain_days() == (date(2026, 3, 6),)


def test_naive_times_are_refused(path):
    naive = datetime(2026, 3, 4)
    with Store.open(path) as store:
        with pytest.raises(ValueError, match="offset from UTC"):
            store.begin_session("x", naive, "en")
        session = store.begin_session("x", EVENING, "en")
        with pytest.raises(ValueError, match="offset from UTC"):
            store.pain(session, naive)


@pytest.mark.parametrize(
    ("error", "call"),
    [
        (sqlite3.IntegrityError, lambda store: store.add(7, GOOD)),
        (sqlite3.IntegrityError, lambda store: store.begin_set(7, "x", "X", Dose(), EVENING)),
        (sqlite3.IntegrityError, lambda store: store.pain(7, EVENING)),
        (KeyError, lambda store: store.end_set(7, "dose", EVENING, None)),
        (KeyError, lambda store: store.end_session(7, EVENING)),
    ],
)
def test_wrong_numbers_are_refused_and_leave_nothing(path, error, call):
    with Store.open(path) as store:
        with pytest.raises(error):
            call(store)
        assert store.sessions() == ()
        counts = [store._connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("event", "repetition")]
        assert counts == [0, 0]


# --- the files ----------------------------------------------------------------------------------------------------


def test_where_it_lies(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "mine"))
    assert history_path() == tmp_path / "mine" / "history.sqlite3"
    monkeypatch.delenv(FOLDER_VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert data_folder().name == "formcheck"
    assert not (tmp_path / "share").exists()  # asking makes nothing


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_its_owner_can_read_it(path):
    with Store.open() as store:
        write_session(store)
        assert names(path.parent) == ["history.sqlite3", "history.sqlite3-shm", "history.sqlite3-wal"]
        assert {mode(file) for file in path.parent.iterdir()} == {0o600}
        assert mode(path.parent) == 0o700
    for file in path.parent.iterdir():
        file.chmod(0o644)
    Store.open().close()
    assert {mode(file) for file in path.parent.iterdir()} == {0o600}


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_chosen_folder_keeps_its_mode_and_our_own_is_closed(tmp_path, monkeypatch):
    shared = tmp_path / "shared"
    shared.mkdir(mode=0o755)
    Store.open(shared / "history.sqlite3").close()
    assert (mode(shared), mode(shared / "history.sqlite3")) == (0o755, 0o600)
    own = tmp_path / "formcheck"
    own.mkdir(mode=0o755)
    monkeypatch.setattr("formcheck.history.places._own_folder", lambda: own)
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)
    Store.open().close()
    assert mode(own) == 0o700


def test_how_it_is_written(path):
    with Store.open() as store:
        values = {
            name: store._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "user_version", "busy_timeout")
        }
    full = 2
    assert values == {
        "journal_mode": "wal", "synchronous": full, "foreign_keys": 1, "user_version": VERSION, "busy_timeout": 2000,
    }  # fmt: skip


def test_looking_makes_nothing_and_changes_nothing(path):
    with Store.reading() as store:
        assert store.sessions() == store.trained_days() == store.pain_days() == ()
    assert not path.parent.exists()
    with Store.open() as store:
        session = store.begin_session("x", EVENING, "en")
        with Store.reading() as looking:
            assert looking.sessions()[0].ended_at is None  # the coach is at work: it is not cut off
            with pytest.raises(HistoryError):
                looking.begin_session("y", EVENING, "en")
        store.end_session(session, later(5))


@pytest.mark.parametrize(
    ("folder", "reason"),
    [("file/data", "a part of its path is a file"), ("file", "a part of its path is a file")],
)
def test_a_place_where_nothing_can_be_made(tmp_path, monkeypatch, folder, reason):
    (tmp_path / "file").write_text("mine")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / folder))
    with pytest.raises(OutputError, match=reason):
        Store.open()
    assert (tmp_path / "file").read_text() == "mine"


def other_program(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()


def broken_page(path: Path) -> None:
    with Store.open(path) as store:
        write_session(store, events=[GOOD] * 200)
    data = bytearray(path.read_bytes())
    data[8192:40960] = b"\xab" * 32768
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    with Store.open(path) as store:
        write_session(store, events=[GOOD] * 200)
    path.write_bytes(path.read_bytes()[:50000])


def newer(path: Path) -> None:
    Store.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: path.write_text("my diary, no database at all"), "is damaged"),
        (lambda path: path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096), "is damaged"),
        (broken_page, "is damaged"),
        (cut_short, "is damaged"),
        (other_program, "another program's database"),
        (newer, "newer formcheck .* update formcheck"),
    ],
)
@pytest.mark.parametrize("opened", [Store.open, Store.reading])
def test_what_cannot_be_used_is_left_as_it_is(path, make, reason, opened):
    path.parent.mkdir()
    make(path)
    before = path.read_bytes()
    with pytest.raises(HistoryError, match=reason) as caught:
        opened(path)
    assert isinstance(caught.value, FormcheckError)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)
    assert path.read_bytes() == before
    assert names(path.parent) == ["history.sqlite3"]


def test_what_fails_while_opening_leaves_nothing_open(path, monkeypatch):
    def fail(_):
        raise sqlite3.OperationalError("disk I/O error")

    Store.open().close()
    monkeypatch.setattr("formcheck.history.queries.any_open", fail)
    with pytest.raises(HistoryError, match="SQLite says 'disk I/O error': try again"):
        Store.open()
    assert delete_all()  # it would be in use


def test_an_empty_file_is_an_empty_history(path):
    path.parent.mkdir()
    path.touch()
    with Store.open() as store:
        assert store.sessions() == ()


def test_a_full_disk_takes_one_event_and_no_more(path):
    with Store.open() as store:
        session = store.begin_session("x", EVENING, "en")
        one = store.begin_set(session, "bridge", "Bridge", TEN_TIMES, EVENING)
        store.add(one, GOOD)
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        huge = Repetition(2, 0.0, 1.0, 2.0, "good", reason="x" * 100_000)
        with pytest.raises(HistoryError, match="the disk is full; free some space"):
            store.add(one, huge)
        store.add(one, GOOD)  # small enough: the store is still usable
        assert plain(store.sessions()[0].sets[0].events) == plain((GOOD, GOOD))


def test_in_use(path, monkeypatch):
    monkeypatch.setattr(store_module, "BUSY_S", 0.05)
    with Store.open() as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="is in use: end the other formcheck"):
            store.begin_session("x", EVENING, "en")
        other.execute("ROLLBACK")
        other.close()
        assert store.begin_session("x", EVENING, "en")


# --- deleting -----------------------------------------------------------------------------------------------------


def test_delete_all_removes_the_history_and_nothing_else(path):
    Store.open().close()
    for name in ("history.sqlite3-wal", "history.sqlite3-old", "notes.txt", "history.sqlite3.bak"):
        (path.parent / name).touch()
    assert delete_all()
    assert names(path.parent) == ["history.sqlite3-old", "history.sqlite3.bak", "notes.txt"]
    assert not delete_all(path)


def test_delete_all_after_a_crash(path):
    with Store.open() as store:
        write_session(store)
        kept = {file: file.read_bytes() for file in files_of(path) if file.exists()}
    for file, data in kept.items():
        file.write_bytes(data)
    assert len(kept) == 3
    assert delete_all()
    assert names(path.parent) == []


def test_delete_all_of_what_is_damaged(path):
    path.parent.mkdir()
    path.write_text("no database")
    assert delete_all()
    assert names(path.parent) == []


def test_what_cannot_be_removed_is_said(path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    Store.open().close()
    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(OutputError, match="you may not write there"):
        delete_all()
    assert path.exists()


def test_a_folder_in_its_place(path):
    path.mkdir(parents=True)
    for call in (Store.open, delete_all):
        with pytest.raises(OutputError, match="cannot be written"):
            call()
    assert path.is_dir()


def test_delete_all_waits_for_the_coach(path):
    with Store.open() as store:
        write_session(store)
        with pytest.raises(HistoryError, match="is in use"):
            delete_all()
        assert len(store.sessions()) == 1
    with Store.reading() as store:
        assert len(store.sessions()) == 1
