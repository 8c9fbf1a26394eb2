"""The benchmarks' comparing is right itself."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from benchmarks.compare import (
    Errors,
    angle_error,
    compare_faults,
    compare_holds,
    compare_reps,
    f1_scores,
    match,
    overlap_s,
)
from benchmarks.segments import check_segment, in_form_spans, outside
from formcheck.engine.records import FaultSpan, Hold, Repetition, ViewProblem


def rep(start_s, top_s, end_s, outcome="good", faults=()):
    return Repetition(1, start_s, top_s, end_s, outcome, faults=tuple(faults))


def true_rep(start_s, top_s, end_s, outcome="good"):
    return {"start_s": start_s, "top_s": top_s, "end_s": end_s, "outcome": outcome}


def fault(name, start_s, end_s):
    return FaultSpan(name, start_s, end_s, 1.0, "deg", "", "hip")


def true_fault(name, start_s, end_s):
    return {"name": name, "start_s": start_s, "end_s": end_s}


def findings(reps=(), holds=(), faults=(), view=()):
    return SimpleNamespace(reps=list(reps), holds=list(holds), faults=list(faults), view=list(view))


@pytest.mark.parametrize(
    ("a", "b", "seconds"),
    [((0, 2), (1, 3), 1), ((0, 4), (1, 2), 1), ((0, 1), (3, 4), -2), ((0, 1), (1, 2), 0)],
)
def test_overlap_of_two_spans(a, b, seconds):
    assert overlap_s(a, b) == seconds
    assert overlap_s(b, a) == seconds


@pytest.mark.parametrize(
    ("true", "found", "pairs"),
    [
        ([(0, 2), (3, 5)], [(0, 2), (3, 5)], [(0, 0), (1, 1)]),
        ([(0, 2), (3, 5)], [(3, 5)], [(1, 0)]),
        # One found across two true ones belongs to that with which it shares most.
        ([(0, 2), (3, 6)], [(1, 6)], [(1, 0)]),
        # One split in two: the longer half is it.
        ([(0, 6)], [(0, 2), (2, 6)], [(0, 1)]),
        ([(0, 1)], [(1, 2)], []),
        ([], [(0, 1)], []),
    ],
)
def test_matching_is_one_to_one_by_overlap(true, found, pairs):
    assert match(true, found) == pairs


def test_equal_repetitions_have_nothing_wrong():
    out = compare_reps([true_rep(1, 2, 4)], [rep(1.25, 2, 3.5)])
    assert out.wrong == []
    assert out.errors.by_what == {"start_s": [0.25], "top_s": [0.0], "end_s": [-0.5]}


@pytest.mark.parametrize(
    ("true", "found", "word"),
    [
        ([true_rep(1, 2, 4)], [rep(1, 2, 4, "faulty", ["hips_low"])], "found faulty: hips_low"),
        ([true_rep(1, 2, 4)], [], "missed"),
        ([], [rep(1, 2, 4)], "invented"),
    ],
)
def test_each_wrong_repetition_is_named(true, found, word):
    (sentence,) = compare_reps(true, found).wrong
    assert word in sentence


ARCHED = true_rep(1, 2, 4) | {"outcome": "faulty", "faults": ["back_arched"]}


@pytest.mark.parametrize(
    ("true", "found", "wrong", "listed"),
    [
        (ARCHED, rep(1, 2, 4), 0, 1),
        (ARCHED, rep(1, 2, 4, "faulty", ["leg_high"]), 0, 0),
        (ARCHED, rep(1, 2, 4, "attempt"), 1, 0),
        (ARCHED | {"faults": ["back_arched", "leg_high"]}, rep(1, 2, 4), 1, 0),
        (true_rep(1, 2, 4), rep(1, 2, 4), 0, 0),
    ],
)
def test_what_an_exercise_does_not_judge_is_listed_and_nothing_else_is_let_off(true, found, wrong, listed):
    out = compare_reps([true], [found], {"back_arched"})
    assert (len(out.wrong), len(out.unjudged)) == (wrong, listed)
    assert len(compare_reps([true], [found]).wrong) >= wrong + listed


def test_holds_may_differ_by_half_a_second():
    true = [{"start_s": 5.0, "end_s": 20.0, "in_form_s": 15.0}]
    assert compare_holds(true, [Hold(5.4, 19.6, 14.6, 14.6)]).wrong == []
    (sentence,) = compare_holds(true, [Hold(5.0, 20.0, 14.0, 14.0)]).wrong
    assert "in_form_s" in sentence
    assert "invented" in compare_holds([], [Hold(1, 2, 1, 1)]).wrong[0]
    assert "missed" in compare_holds(true, []).wrong[0]


@pytest.mark.parametrize(
    ("told", "hit", "right"),
    [
        ([fault("hips_low", 1, 2)], 1, 1),
        ([fault("hips_low", 2.4, 3)], 1, 1),  # within half a second
        ([fault("hips_low", 2.6, 3)], 0, 0),
        ([fault("hips_low", 1, 1.4), fault("hips_low", 1.6, 2)], 1, 2),  # told twice is told
    ],
)
def test_a_fault_is_found_where_it_is(told, hit, right):
    tally = compare_faults([true_fault("hips_low", 1, 2)], told).by_name["hips_low"]
    assert (tally.true, tally.hit, tally.found, tally.right) == (1, hit, len(told), right)


def test_another_name_is_missed_and_invented():
    out = compare_faults([true_fault("hips_low", 1, 2)], [fault("too_fast", 1, 2)])
    assert len(out.wrong) == 2
    assert out.by_name["hips_low"].recall == 0
    assert math.isnan(out.by_name["hips_low"].precision)
    assert out.by_name["too_fast"].precision == 0


def test_a_fault_of_the_repetition_before_is_not_the_one():
    true_reps, reps = [true_rep(0, 1, 2), true_rep(2.1, 3, 4)], [rep(0, 1, 2), rep(2.1, 3, 4)]
    true = [true_fault("too_fast", 2.1, 3)]
    before = compare_faults(true, [fault("too_fast", 1.5, 2)], true_reps, reps)
    assert (before.by_name["too_fast"].hit, before.by_name["too_fast"].right) == (0, 0)
    same = compare_faults(true, [fault("too_fast", 2.2, 2.8)], true_reps, reps)
    assert same.wrong == []


def test_angles_are_compared_with_the_nearest_frame():
    error = angle_error([0.0, 0.11, 0.2, 0.9], [10.0, math.nan, 14.0, 8.0], [0.0, 0.1, 0.21], [9.0, 0.0, 12.0])
    assert (error.frames, error.mean_abs_deg) == (3, pytest.approx(7 / 3))
    assert error.bias_deg == pytest.approx(-1 / 3)
    assert math.isnan(angle_error([], [], [], []).mean_abs_deg)


def test_errors_add_up():
    errors, more = Errors(), Errors()
    errors.add("start_s", -1.0)
    more.add("start_s", 0.5)
    errors.update(more)
    assert (errors.mean_abs("start_s"), errors.worst("start_s")) == (0.75, 1.0)
    assert math.isnan(errors.worst("end_s"))


def test_f1():
    scores = f1_scores([("C", "C"), ("C", "H"), ("H", "H")], "CHL")
    assert scores["C"] == pytest.approx(2 / 3)
    assert scores["H"] == pytest.approx(2 / 3)
    assert math.isnan(scores["L"])


def test_time_in_form_is_the_hold_less_its_faults():
    hold = Hold(0, 10, 7, 4)
    faults = [fault("hips_piked", 5, 6), fault("hips_piked", 2, 4), fault("head_dropped", 3, 4.5)]
    assert in_form_spans([hold], faults) == [(0, 2), (4.5, 5), (6, 10)]
    assert in_form_spans([hold], [fault("hips_piked", 8, 12)]) == [(0, 8)]


SIDE = {"start_s": 0.0, "end_s": 10.0, "view": "side"}
OBLIQUE = {"start_s": 0.0, "end_s": 10.0, "view": "oblique", "reps": 2}
TWO = [rep(1, 2, 3), rep(4, 5, 6)]
TURN = ViewProblem("turn_side_on", 1, 9, "")


@pytest.mark.parametrize(
    ("segment", "found", "verdict"),
    [
        (SIDE | {"reps": 2}, findings(TWO), "right"),
        (SIDE | {"reps": 2}, findings([*TWO, rep(7, 8, 9, "attempt")]), "right"),
        (SIDE | {"reps": 3}, findings(TWO, view=[TURN]), "WRONG"),
        (SIDE | {"reps": 2, "form": "good"}, findings([TWO[0], rep(4, 5, 6, "faulty", ["too_fast"])]), "WRONG"),
        (SIDE | {"reps": 1, "form": "too_high"}, findings([rep(1, 2, 3, "faulty", ["too_high"])]), "right"),
        (SIDE | {"reps": 2, "form": "too_high"}, findings(TWO), "WRONG"),
        (OBLIQUE, findings(TWO), "right"),
        (OBLIQUE, findings(TWO[:1]), "WRONG"),
        (OBLIQUE, findings(TWO[:1], view=[TURN]), "warned"),
        (SIDE | {"hold": True}, findings(holds=[Hold(0.5, 9.5, 9, 9)]), "right"),
        (SIDE | {"hold": True}, findings(holds=[Hold(1.5, 9.5, 8, 8)]), "WRONG"),
        (SIDE | {"hold": True}, findings(), "WRONG"),
        (SIDE, findings(), "right"),
        (SIDE, findings(TWO), "WRONG"),
        (SIDE, findings(holds=[Hold(9.2, 20, 10, 10)]), "right"),
        (SIDE, findings(holds=[Hold(8, 20, 10, 10)]), "WRONG"),
        (SIDE | {"form": "hips_piked"}, findings(faults=[fault("hips_piked", 2, 8)]), "right"),
        (SIDE | {"form": "hips_piked"}, findings(), "WRONG"),
        (SIDE | {"view": "front"}, findings(), "WRONG"),
        (SIDE | {"view": "front"}, findings(view=[TURN]), "right"),
        (SIDE | {"note": "ambiguous: do not score"}, findings(TWO), "-"),
    ],
)
def test_segments_are_judged_by_what_their_label_asks(segment, found, verdict):
    check = check_segment(segment, found)
    assert check.verdict == verdict
    assert bool(check.wrong) == (verdict == "WRONG")


def test_a_view_problem_at_the_edge_is_that_of_the_neighbour():
    late = ViewProblem("turn_side_on", 9.8, 12, "")
    assert check_segment(OBLIQUE, findings(view=[late])).verdict == "WRONG"


def test_what_is_counted_between_segments_is_told():
    segments = [SIDE, SIDE | {"start_s": 20.0, "end_s": 30.0}]
    assert outside(segments, findings([rep(1, 2, 3), rep(9, 10.5, 12), rep(14, 15, 16, "attempt")])) == []
    assert len(outside(segments, findings([rep(14, 15, 16)]))) == 1
    assert outside(segments, findings(holds=[Hold(8, 13, 5, 5)])) == []
    assert len(outside(segments, findings(holds=[Hold(12, 18, 6, 6)]))) == 1
