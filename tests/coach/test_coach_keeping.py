"""What the coach keeps while it runs: times by the frames' clock, and a history that fails ends no session."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from played_sessions import held, one, rep

from formcheck.coach.keeping import Keeper
from formcheck.engine.scores import exercise_score
from formcheck.errors import HistoryError
from formcheck.history.store import Store

BEGUN = datetime(2026, 3, 4, 18, 30, tzinfo=UTC)
CALLS = ("begin_session", "begin_set", "add", "add", "end_set", "pain", "end_session")


def at(seconds):
    return BEGUN + timedelta(seconds=seconds)


class FailingStore:
    """Fails from the call of this number on."""

    def __init__(self, good_calls):
        self.left = good_calls
        self.calls = []

    def __getattr__(self, name):
        def call(*_):
            self.calls.append(name)
            if self.left == 0:
                raise HistoryError(
                    "history.sqlite3 cannot be written: the disk is full; free some space and try again."
                )
            self.left -= 1
            return len(self.calls)

        return call


def whole_session(keeper):
    keeper.begin_session("bridge", "en")
    keeper.begin_set(one("bridge"), 2.0)
    keeper.add((rep(), rep("faulty")), 8.0)
    keeper.end_set("pain", 9.0)
    keeper.pain(9.0)
    keeper.end_session(9.5)
    keeper.end_session(10.0)


@pytest.fixture
def told():
    return []


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.sqlite3"


def kept(path):
    with Store.reading(path) as store:
        return store.sessions()


def test_a_session_is_kept_with_the_frames_times(path, told):
    with Store.open(path, zone=UTC) as store:
        whole_session(Keeper(store, BEGUN, told.append))
    (session,) = kept(path)
    (done,) = session.sets
    assert (session.routine, session.language, session.day) == ("bridge", "en", date(2026, 3, 4))
    assert (session.started_at, session.ended_at, session.pain) == (BEGUN, at(9.5), (at(9.0),))
    assert (done.exercise, done.title, done.dose) == ("bridge", "Glute bridge", one("bridge").dose)
    assert (done.started_at, done.ended_at, done.ended_by) == (at(2.0), at(9.0), "pain")
    assert done.events == (rep(), rep("faulty"))
    assert done.score == pytest.approx(exercise_score(done.dose, [rep(), rep("faulty")], []))
    assert not told


def test_each_set_has_its_own_events_and_score(path, told):
    with Store.open(path) as store:
        keeper = Keeper(store, BEGUN, told.append)
        keeper.begin_session("drill", "de")
        for step, event in ((one("bridge"), rep()), (one("plank"), held(20.0))):
            keeper.begin_set(step, 1.0)
            keeper.add((event,), 2.0)
            keeper.end_set("next", 3.0)
        keeper.end_session(4.0)
    (session,) = kept(path)
    assert [(done.exercise, done.events) for done in session.sets] == [("bridge", (rep(),)), ("plank", (held(20.0),))]
    assert session.sets[1].score == pytest.approx(exercise_score(one("plank").dose, [], [held(20.0)]))


@given(st.lists(st.floats(-5, 5000), min_size=4, max_size=4))
def test_no_time_is_before_the_beginning(seconds):
    """Whatever the frames' clock says, times are aware, and never before the session."""
    given_times = []

    class Seen(FailingStore):
        def __getattr__(self, name):
            def call(*values):
                given_times.extend(value for value in values if isinstance(value, datetime))
                return 1

            return call

    keeper = Keeper(Seen(-1), BEGUN, pytest.fail)
    keeper.begin_session("bridge", "en")
    keeper.begin_set(one("bridge"), seconds[0])
    keeper.add((rep(),), seconds[1])
    keeper.end_set("quit", seconds[2])
    keeper.end_session(seconds[3])
    assert given_times == [BEGUN, *(at(max(0.0, value)) for value in seconds)]


@pytest.mark.parametrize("good_calls", range(len(CALLS)))
def test_a_history_that_fails_is_told_once_and_left_alone(good_calls, told):
    store = FailingStore(good_calls)
    whole_session(Keeper(store, BEGUN, told.append))
    assert store.calls == list(CALLS[: good_calls + 1])
    assert told == ["history.sqlite3 cannot be written: the disk is full; free some space and try again."]


def test_a_full_disk_in_the_middle_keeps_what_was_written(path, told):
    with Store.open(path) as store:
        keeper = Keeper(store, BEGUN, told.append)
        keeper.begin_session("bridge", "en")
        keeper.begin_set(one("bridge"), 1.0)
        (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
        store._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        for i in range(500):
            keeper.add((rep(),), 2.0 + i)
        keeper.end_set("dose", 600.0)
        keeper.pain(600.0)
        keeper.end_session(600.0)
    assert len(told) == 1
    assert "the disk is full; free some space" in told[0]
    with Store.open(path):  # ends what was cut off
        pass
    (session,) = kept(path)
    written = session.sets[0].events
    assert 0 < len(written) < 500
    assert session.ended_at == at(1.0 + len(written))


def test_other_errors_are_not_hidden(told):
    store = FailingStore(-1)
    store.begin_session = lambda *_: 1 / 0
    with pytest.raises(ZeroDivisionError):
        Keeper(store, BEGUN, told.append).begin_session("bridge", "en")


def test_no_history_keeps_nothing_and_says_nothing(told):
    whole_session(Keeper(None, BEGUN, told.append))
    assert not told


def test_pain_told_after_the_end_is_kept(path, told):
    """On the last screen it may still be told, and is to be reminded of on the next day."""
    with Store.open(path) as store:
        keeper = Keeper(store, BEGUN, told.append)
        keeper.begin_session("bridge", "en")
        keeper.end_session(5.0)
        keeper.pain(7.0)
        keeper.end_session(8.0)
    (session,) = kept(path)
    assert (session.ended_at, session.pain) == (at(5.0), (at(7.0),))
    assert not told


@pytest.mark.parametrize("step", ["add", "end_set", "pain", "end_session"])
def test_out_of_turn_does_nothing(step, told):
    store = FailingStore(-1)
    keeper = Keeper(store, BEGUN, told.append)
    values = {"add": ((rep(),), 1.0), "end_set": ("quit", 1.0)}.get(step, (1.0,))
    getattr(keeper, step)(*values)
    assert store.calls == []
