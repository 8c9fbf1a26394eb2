"""Days, weeks and when to rest: all from what is passed in, never from a clock."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from history_examples import ATTEMPT, EVENING, GOOD, HALF_A_MINUTE, HOLD, SPAN, TEN_TIMES
from hypothesis import given
from hypothesis import strategies as st

from formcheck.exercises.declaration import Dose
from formcheck.history.days import (
    Day,
    Week,
    days,
    days_in_a_row,
    done_share,
    first_monday,
    last_pain,
    rest_advice,
    weeks,
)
from formcheck.history.model import Entry, ExerciseSet, Session

WEDNESDAY = date(2026, 3, 4)
FAULTY = replace(GOOD, outcome="faulty")
UNFINISHED = replace(GOOD, outcome="unfinished")


def one_set(*events, title="Bridge", dose=TEN_TIMES, score=None) -> ExerciseSet:
    entries = tuple(Entry(event, None) for event in events)
    return ExerciseSet(1, title.lower(), title, dose, EVENING, EVENING, "dose", score, entries)


def session(*sets, pain=False, day=0) -> Session:
    start = EVENING + timedelta(days=day)
    return Session(1, "x", "en", start, start, sets, (start,) if pain else ())


def held(seconds, side=None):
    return replace(HOLD, in_form_s=seconds, side=side)


@pytest.mark.parametrize(
    ("one", "share"),
    [
        (one_set(GOOD, FAULTY, ATTEMPT, UNFINISHED), 0.2),  # only counted ones, whatever their form
        (one_set(*[GOOD] * 12), 1.0),
        (one_set(), 0.0),
        (one_set(held(12.0), held(3.0), dose=HALF_A_MINUTE), 0.5),
        (one_set(held(40.0), dose=HALF_A_MINUTE), 1.0),
        (one_set(held(math.nan), dose=HALF_A_MINUTE), 0.0),
        (one_set(held(60.0, "left"), dose=HALF_A_MINUTE), 0.5),  # the other side is missing
        (one_set(held(60.0, "left"), held(15.0, "right"), dose=HALF_A_MINUTE), 0.75),
        (one_set(HOLD, dose=Dose()), None),  # a watched posture
    ],
)
def test_done_share(one, share):
    assert done_share(one) == (share if share is None else pytest.approx(share))


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ([], []),
        ([session()], []),  # begun and ended, nothing done
        ([session(one_set(SPAN))], []),
        ([session(pain=True)], [Day(WEDNESDAY, pain=True)]),
        (
            [session(one_set(GOOD, GOOD, FAULTY, ATTEMPT, UNFINISHED, score=80.0))],
            [Day(WEDNESDAY, ("Bridge",), 1, 2, 1, 1, done=0.3, score=80.0, trained=True)],
        ),
        (  # two sessions on one day, two sets of the same exercise, one set in which nothing was done
            [
                session(one_set(GOOD, score=60.0), one_set(held(30.0), title="Plank", dose=HALF_A_MINUTE, score=90.0)),
                session(one_set(title="Cat and cow"), one_set(FAULTY), pain=True),
            ],
            [
                Day(
                    WEDNESDAY, ("Bridge", "Plank"), 3, 1, 1, 0, holds=1, in_form_s=30.0, done=pytest.approx(0.4),
                    score=75.0, pain=True, trained=True,
                )
            ],
        ),
        (
            [session(one_set(held(600.0), title="Sitting posture", dose=Dose(), score=50.0))],
            [Day(WEDNESDAY, ("Sitting posture",), 1, upright_s=600.0, score=50.0)],
        ),
    ],
)  # fmt: skip
def test_days(sessions, expected):
    assert list(days(sessions)) == expected


some_events = st.lists(st.sampled_from([GOOD, FAULTY, ATTEMPT, UNFINISHED, held(20.0), held(9.0, "left"), SPAN]))
some_sets = st.builds(
    lambda events, dose, score: one_set(*events, dose=dose, score=score),
    some_events,
    st.sampled_from([TEN_TIMES, HALF_A_MINUTE, Dose()]),
    st.none() | st.floats(0.0, 100.0),
)
some_sessions = st.lists(
    st.builds(
        lambda sets, pain, day: session(*sets, pain=pain, day=day),
        st.lists(some_sets, max_size=3),
        st.booleans(),
        st.integers(0, 20),
    ),
    max_size=6,
)


@given(some_sessions)
def test_days_lose_nothing(sessions):
    found = days(sessions)
    assert [day.date for day in found] == sorted({day.date for day in found})
    events = [event for one in sessions for part in one.sets for event in part.events]
    for outcome, name in (("good", "good"), ("faulty", "faulty"), ("attempt", "attempts")):
        there = sum(getattr(event, "outcome", None) == outcome for event in events)
        assert sum(getattr(day, name) for day in found) == there
    in_form_s = sum(getattr(event, "in_form_s", 0.0) for event in events)
    assert sum(day.in_form_s + day.upright_s for day in found) == pytest.approx(in_form_s)
    for day in found:
        assert day.trained == (day.done is not None)
        assert day.done is None or 0.0 <= day.done <= 1.0
        assert day.score is None or 0.0 <= day.score <= 100.0
        assert day.sets or day.pain


def at(offset: int, **parts) -> Day:
    return Day(WEDNESDAY + timedelta(days=offset), trained=True, **parts)


def test_weeks():
    found = [at(-9, good=3, faulty=2), at(-2, in_form_s=30.0, pain=True), at(0, good=1), at(1), at(7)]
    assert first_monday(WEDNESDAY, 2) == date(2026, 2, 23)
    assert weeks(found, WEDNESDAY, 2) == (
        Week(date(2026, 2, 23), ("trained", "rest", "rest", "rest", "rest", "rest", "rest"), 1, 5, 0.0),
        # Thursday is ahead and was trained on: the clock was wrong, and what is kept is shown.
        Week(date(2026, 3, 2), ("pain", "rest", "trained", "trained", "ahead", "ahead", "ahead"), 3, 1, 30.0),
    )


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_weeks_begin_on_mondays_and_end_with_today(today):
    found = weeks([], today)
    assert len(found) == 8
    assert all(week.monday.weekday() == 0 and len(week.cells) == 7 for week in found)
    assert found[0].monday == first_monday(today)
    assert found[-1].monday <= today < found[-1].monday + timedelta(days=7)
    assert [cell for week in found for cell in week.cells].count("ahead") == 6 - today.weekday()


PAIN_BEFORE = (
    "Last time, on 3 March, it hurt: start gently, stop if it hurts again, and talk to a doctor or physiotherapist."
)
PAIN_TODAY = "It hurt earlier today: better stop for today, and talk to a doctor or physiotherapist."


@pytest.mark.parametrize(
    ("trained", "pain", "advice"),  # days before today
    [
        ([], [], None),
        ([1, 2, 3], [], None),
        ([1, 2, 3, 4], [], "You trained 4 days in a row: take a rest day."),
        ([5, 3, 1, 2, 4, 4], [], "You trained 5 days in a row: take a rest day."),
        ([2, 3, 4, 5], [], None),  # yesterday was a rest day
        ([1, 2, 4, 5, 6], [], None),
        ([0, 1, 2], [], None),
        ([0, 1, 2, 3], [], "You trained 4 days in a row: take a rest day tomorrow."),
        ([-1, -2, -3, -4, -5], [], None),  # the clock was wrong
        ([1], [1], PAIN_BEFORE),
        ([], [1], PAIN_BEFORE),  # it hurt before anything was done
        ([1, 5], [5], None),  # since then without
        ([2, -3], [2], PAIN_BEFORE.replace("3 March", "2 March")),
        ([0], [0], PAIN_TODAY),
        ([1, 2, 3, 4], [1], f"{PAIN_BEFORE} You trained 4 days in a row: take a rest day."),
    ],
)
def test_rest_advice(trained, pain, advice):
    trained_days = [WEDNESDAY - timedelta(days=n) for n in trained]
    assert rest_advice(trained_days, WEDNESDAY, {WEDNESDAY - timedelta(days=n) for n in pain}) == advice


some_days = st.lists(st.integers(-5, 30).map(lambda n: WEDNESDAY - timedelta(days=n)), max_size=30)


@given(some_days, some_days, st.randoms())
def test_advice_depends_on_which_days_and_not_on_their_order(trained, pain, random):
    mixed = trained * 2
    random.shuffle(mixed)
    past = [day for day in trained if day <= WEDNESDAY]
    advice = rest_advice(trained, WEDNESDAY, pain)
    assert advice == rest_advice(mixed, WEDNESDAY, pain) == rest_advice(past, WEDNESDAY, set(pain))
    assert ("rest day" in (advice or "")) == (days_in_a_row(trained, WEDNESDAY) >= 4)
    assert ("physiotherapist" in (advice or "")) == (last_pain(trained, WEDNESDAY, pain) is not None)


def test_days_of_a_session_are_local():
    late = datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
    assert Session(1, "x", "en", late, None).day == WEDNESDAY
