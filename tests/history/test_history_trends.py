"""The weeks of each exercise: its sets, its range, and which faults fade or stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from history_examples import ATTEMPT, BERLIN, EVENING, GOOD, HALF_A_MINUTE, HOLD, SPAN, TEN_TIMES, VIEW
from hypothesis import given
from hypothesis import strategies as st

from formcheck.history.model import Entry, ExerciseSet, Session
from formcheck.history.trends import COURSES, fault_trends, pains, trends
from formcheck.report.known import Known

LOCAL = EVENING.astimezone(BERLIN)


def a_set(*events, exercise="bridge", title="Bridge", dose=TEN_TIMES, day=0, score=80.0) -> ExerciseSet:
    at = LOCAL + timedelta(days=day)
    entries = tuple(Entry(event, None) for event in events)
    return ExerciseSet(day + 1, exercise, title, dose, at, None, None, score, entries)


def session(*sets, day=0, pain=()) -> Session:
    return Session(day + 1, "x", "en", LOCAL + timedelta(days=day), None, sets, pain)


def reps(n: int, faulty: int = 0, fault: str = "hips_low"):
    return [replace(GOOD, index=i, faults=(fault,) if i < faulty else ()) for i in range(n)]


def of(*per_set: tuple[int, int]) -> dict[str, str]:
    """The course of one fault by its counts: (with it, of all) in each set."""
    sets = [a_set(*reps(n, faulty), day=i) for i, (faulty, n) in enumerate(per_set)]
    return {one.name: one.course for one in fault_trends(sets)}


@pytest.mark.parametrize(
    ("per_set", "course"),
    [
        ([(5, 10), (5, 10), (4, 10), (5, 10)], "stays"),
        ([(8, 10), (6, 10), (3, 10), (4, 10)], "fades"),
        ([(8, 10), (6, 10), (3, 10), (5, 10)], "stays"),  # 14 of 20, then 8 of 20: not halved
        ([(2, 10), (2, 10), (4, 10), (4, 10)], "grows"),
        ([(2, 10), (2, 10), (0, 10), (0, 10)], "gone"),
        ([(0, 10), (0, 10), (0, 10), (1, 10)], "new"),
        ([(2, 4), (2, 4), (2, 16), (2, 16)], "fades"),  # as often, but in far more repetitions
        ([(2, 10), (2, 10), (0, 10)], "too few sets"),
    ],
)
def test_what_becomes_of_a_fault(per_set, course):
    assert of(*per_set) == {"hips_low": course}


def test_a_fault_that_is_told_of_the_whole_set_counts_once():
    one_sided = replace(SPAN, name="one_side_only")
    found = fault_trends([a_set(HOLD, one_sided, one_sided, SPAN, day=i, dose=HALF_A_MINUTE) for i in range(4)])
    assert {one.name: (one.earlier, one.later) for one in found} == dict.fromkeys(
        ("hips_sagging", "head_dropped", "one_side_only", "hips_low"), ((2, 2), (2, 2))
    )


@given(st.lists(st.integers(0, 3).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=7))
def test_every_fault_is_told_once_and_counted_in_full(per_set):
    sets = [a_set(*reps(n, faulty), day=i) for i, (faulty, n) in enumerate(per_set)]
    found = fault_trends(sets)
    assert sum(one.earlier[0] + one.later[0] for one in found) == sum(faulty for faulty, _ in per_set)
    assert len(found) == any(faulty for faulty, _ in per_set)
    assert all(one.course in COURSES and one.earlier[0] <= one.earlier[1] for one in found)


def test_what_is_still_there_comes_first():
    sets = [a_set(*reps(4, 2), *reps(4, 2, "lowered_fast"), day=i) for i in range(2)]
    sets += [a_set(*reps(8, 3), day=i) for i in (2, 3)]
    assert [one.course for one in fault_trends(sets)] == ["stays", "gone"]


def test_the_range_of_a_set_is_that_of_its_finished_repetitions():
    unfinished = replace(GOOD, outcome="unfinished", measures={"hip_line_deg": 90.0})
    done = [replace(GOOD, measures={"hip_line_deg": angle, "rising_s": 1.0}) for angle in (170.0, 180.0)]
    (one,) = trends([session(a_set(*done, ATTEMPT, unfinished))], Known())
    (point,) = one.sets
    assert {name: (r.mean, r.low, r.high) for name, r in point.ranges.items()} == {
        "hip_line_deg": (175.0, 170.0, 180.0)
    }
    assert (point.score, point.done, one.done, one.asked) == (80.0, 0.2, 0.2, "10 times, held 10-15 s")


def test_a_cycle_has_both_its_ends_and_an_unknown_exercise_its_first_measure():
    ends = replace(GOOD, measures={"cat_back_rise": 0.2, "cow_back_rise": -0.1, "cycle_s": 5.0})
    own = replace(GOOD, measures={"rising_s": 1.0, "arm_deg": 90.0, "leg_deg": 10.0})
    sets = (a_set(ends, exercise="cat_cow"), a_set(own, exercise="mine"))
    cat, mine = trends([session(*sets)], Known())
    assert list(cat.sets[0].ranges) == ["cat_back_rise", "cow_back_rise"]
    assert list(mine.sets[0].ranges) == ["arm_deg"]


def test_time_in_form_by_side():
    holds = (HOLD, HOLD, replace(HOLD, side="right", in_form_s=float("nan")), replace(HOLD, side="right"))
    (one,) = trends([session(a_set(*holds, dose=HALF_A_MINUTE))], Known())
    assert one.sets[0].in_form_s == {"left": 43.0, "right": 21.5}
    assert one.asked_s == 30.0


def test_sets_in_which_nothing_was_done_are_none():
    assert trends([session(a_set(VIEW), a_set())], Known()) == ()


def test_an_exercise_goes_by_its_last_title_and_dose():
    sessions = [session(a_set(GOOD, title="Old")), session(a_set(GOOD, title="New", dose=HALF_A_MINUTE, day=1), day=1)]
    (one,) = trends(sessions, Known())
    assert (one.title, one.asked, len(one.sets)) == ("New", "hold 30-60 s", 2)


def test_pain_is_told_with_the_exercise_that_had_begun():
    sets = (a_set(GOOD, title="Bridge"), replace(a_set(GOOD, title="Plank"), started_at=LOCAL + timedelta(seconds=60)))
    early, first, second = (LOCAL + timedelta(seconds=s) for s in (-1, 5, 70))
    found = pains([session(*sets, pain=(early, first, second))])
    assert [one.title for one in found] == ["", "Bridge", "Plank"]
    assert found[0].day == LOCAL.date()
