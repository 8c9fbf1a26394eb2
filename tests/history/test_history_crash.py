"""Crashes, power cuts, and several programs at once: at most the current repetition is lost."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
import threading

import pytest
from history_examples import BERLIN, EVENING, GOOD, HALF_A_MINUTE, HOLD, TEN_TIMES, later, plain
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.history.places import files_of
from formcheck.history.store import Store

START = """
    import sys, time
    from datetime import UTC, datetime, timedelta
    from pathlib import Path
    from formcheck.engine.records import Repetition
    from formcheck.exercises.declaration import Dose
    from formcheck.history.store import Store

    start = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
    store = Store.open(Path(sys.argv[1]))
    session = store.begin_session("back-relief", start, "en")
    one = store.begin_set(session, "bridge", "Bridge", Dose((10, 10)), start)
    def add(n):
        rep = Repetition(n, float(n), n + 0.5, n + 1.0, "good", measures={"hip_angle_deg": 170.0})
        store.add(one, rep, start + timedelta(seconds=n + 1))
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.sqlite3"


def child(body: str, path) -> subprocess.Popen[str]:
    code = textwrap.dedent(START) + textwrap.dedent(body)
    return subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)


def kill_after(process: subprocess.Popen[str], lines: int) -> list[str]:
    """Kill a child once it has said so many lines; return all that it said."""
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    said += process.stdout.readlines()
    process.stdout.close()
    process.wait(30)
    return [line.strip() for line in said]


def test_killed_while_it_writes(path):
    forever = """
        n = 0
        while True:
            n += 1
            add(n)
            print(n, flush=True)
    """
    said = kill_after(child(forever, path), 30)
    finished = max(int(line) for line in said if line)
    with Store.open(path, zone=BERLIN) as store:
        (session,) = store.sessions()
    reps = session.sets[0].events
    assert len(reps) in (finished, finished + 1)  # it may have died between the commit and the word
    assert [rep.index for rep in reps] == list(range(1, len(reps) + 1))
    assert reps[-1].measures == {"hip_angle_deg": 170.0}
    assert session.ended_at == session.sets[0].ended_at == later(len(reps) + 1)
    assert session.sets[0].ended_by is None


def test_killed_in_the_middle_of_a_repetition(path):
    in_the_middle = """
        add(1)
        add(2)
        store._connection.execute("BEGIN IMMEDIATE")
        store._connection.execute("INSERT INTO event (set_id, kind) VALUES (?, 'repetition')", (one,))
        print("in the middle", flush=True)
        time.sleep(60)
    """
    assert kill_after(child(in_the_middle, path), 1) == ["in the middle"]
    with Store.open(path) as store:  # the lock died with it
        (session,) = store.sessions()
        assert [rep.index for rep in session.sets[0].events] == [1, 2]
        assert store._connection.execute("SELECT count(*) FROM event").fetchone()[0] == 2


@pytest.fixture(scope="module")
def pulled(tmp_path_factory):
    """The files of a session as a power cut finds them, and how long the log was after each event."""
    folder = tmp_path_factory.mktemp("pulled")
    file, copy = folder / "live" / "history.sqlite3", folder / "copy"
    wal = files_of(file)[1]
    Store.open(file).close()  # the tables are in the main file
    with Store.open(file) as store:
        session = store.begin_session("x", EVENING, "en")
        one = store.begin_set(session, "bridge", "Bridge", TEN_TIMES, EVENING)
        lengths = [wal.stat().st_size]
        for n in range(12):
            store.add(one, GOOD, later(n))
            lengths.append(wal.stat().st_size)
        shutil.copytree(file.parent, copy)
    return copy, lengths


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_log_that_was_cut_anywhere_gives_all_events_before(pulled, tmp_path_factory, data):
    copy, lengths = pulled
    length = data.draw(st.integers(lengths[0], lengths[-1]))
    folder = tmp_path_factory.mktemp("cut") / "data"
    shutil.copytree(copy, folder)
    file = folder / "history.sqlite3"
    wal, shm = files_of(file)[1:3]
    shm.unlink()  # it is memory, not disk
    with wal.open("r+b") as log:
        log.truncate(length)
    with Store.open(file) as store:
        (session,) = store.sessions()
        rows = [store._connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("event", "repetition")]
    whole = sum(end <= length for end in lengths[1:])
    assert plain(session.sets[0].events) == plain((GOOD,) * whole)
    assert rows == [whole, whole]


@pytest.mark.parametrize(
    ("events", "pain", "end_s"),
    [
        ([], None, 5.0),  # nothing happened: the beginning of the set
        ([(GOOD, 20.0), (GOOD, 31.5)], None, 31.5),
        ([(GOOD, 20.0), (HOLD, None)], None, 20.0),
        ([(GOOD, None), (HOLD, None)], None, 5.0 + 45.0 - 2.5),  # as long as the events took
        ([(GOOD, 20.0)], 40.0, 40.0),
        ([(GOOD, -3600.0)], None, 5.0),  # the clock was set back
    ],
)
def test_what_was_cut_off_ends_with_its_last_event(path, events, pain, end_s):
    with Store.open(path) as store:
        session = store.begin_session("x", EVENING, "en")
        one = store.begin_set(session, "bridge", "Bridge", TEN_TIMES, later(5))
        for event, at in events:
            store.add(one, event, None if at is None else later(at))
        if pain is not None:
            store.pain(session, later(pain))
    with Store.open(path) as store:
        (kept,) = store.sessions()
        assert kept.ended_at == later(end_s)
        assert kept.sets[0].ended_at == min(kept.ended_at, later(end_s if pain is None else 20.0))
        assert kept.sets[0].ended_by is None
    with Store.open(path) as store:
        assert store.sessions() == (kept,)  # once is enough


def test_ended_sets_and_sessions_are_left_alone(path):
    with Store.open(path) as store:
        session = store.begin_session("x", EVENING, "en")
        one = store.begin_set(session, "bridge", "Bridge", TEN_TIMES, EVENING)
        store.add(one, GOOD, later(100))
        store.end_set(one, "next", later(50), 10.0)
        forgotten = store.begin_set(session, "plank", "Plank", HALF_A_MINUTE, later(60))
        store.end_session(session, later(70))
    with Store.open(path) as store:
        (kept,) = store.sessions()
    assert kept.ended_at == later(70)
    assert [(one.id, one.ended_by, one.ended_at) for one in kept.sets] == [
        (one, "next", later(50)),
        (forgotten, None, later(60)),
    ]


def test_a_second_coach_takes_nothing_from_the_first(path):
    with Store.open(path) as first:
        session = first.begin_session("x", EVENING, "en")
        one = first.begin_set(session, "bridge", "Bridge", TEN_TIMES, EVENING)
        with Store.open(path) as second:
            other = second.begin_session("y", later(1), "en")
            first.add(one, GOOD, later(20))
            second.end_session(other, later(2))
        first.end_set(one, "dose", later(30), 90.0)
        first.end_session(session, later(31))
        kept = first.sessions()
    assert [(s.routine, s.ended_at) for s in kept] == [("x", later(31)), ("y", later(2))]
    assert (kept[0].sets[0].ended_by, kept[0].sets[0].ended_at) == ("dose", later(30))


def test_a_reader_while_the_coach_writes(path):
    """Readers see whole events only, never fewer than before, and never stop the coach."""
    seen: list[int] = []
    done = threading.Event()
    started = threading.Event()

    def look() -> None:
        with Store.reading(path) as store:
            while True:
                last = done.is_set()
                kept = store.sessions()
                seen.append(len(kept[0].sets[0].events))
                started.set()
                if last:
                    return

    with Store.open(path) as store:
        session = store.begin_session("x", EVENING, "en")
        one = store.begin_set(session, "bridge", "Bridge", TEN_TIMES, EVENING)
        reader = threading.Thread(target=look)
        reader.start()
        assert started.wait(10)
        for n in range(150):
            store.add(one, GOOD, later(n))
        done.set()
        reader.join(30)
    assert seen == sorted(seen)
    assert seen[-1] == 150


def test_several_begin_at_once(path):
    body = """
        for n in range(20):
            add(n)
        store.end_session(session, start)
        store.close()
        print("done", flush=True)
    """
    processes = [child(body, path) for _ in range(3)]
    said = [process.communicate(timeout=60)[0] for process in processes]
    assert said == ["done\n"] * 3
    with Store.reading(path) as store:
        assert [len(session.sets[0].events) for session in store.sessions()] == [20, 20, 20]
