from __future__ import annotations

import math

import pytest

from formcheck.engine.faults import FaultState, all_hold, close_faults, step_faults
from formcheck.exercises.declaration import Bound, Fault

NAN = math.nan
HIGH = Fault("high", "angle", "Lower.", "Too high.", "hip", above=30, release=28)
LOW = Fault("low", "angle", "Higher.", "Too low.", "hip", below=10, priority=9, dwell_s=0.5)


def follow(faults, samples, moment="moving", step_s=0.1, close=True, others=None):
    """Spans of faults over values of "angle", one each 0.1 s, as (name, start, end, worst)."""
    state, spans = FaultState(), []
    for i, value in enumerate(samples):
        values = {"angle": value} | (others(i) if others else {})
        state, ended = step_faults(state, faults, i * step_s, values, moment)
        spans += ended
    spans += close_faults(state, faults) if close else ()
    return [(span.name, round(span.start_s, 3), round(span.end_s, 3), span.worst) for span in spans]


@pytest.mark.parametrize(
    ("samples", "spans"),
    [
        ([20] * 5, []),
        ([20, 35, 35, 35, 35, 20], [("high", 0.1, 0.4, 35)]),  # lasts its dwell of 0.3 s
        ([20, 35, 35, 35, 20], []),  # does not
        ([20, 35, 36, 44, 31, 20], [("high", 0.1, 0.4, 44)]),  # the worst value
        ([30] * 6, []),  # the limit itself is right
        # Between release and limit it goes on, but does not begin.
        ([20, 35, 29, 29, 29, 29, 20], [("high", 0.1, 0.5, 35)]),
        ([20, 29, 29, 29, 29, 20], []),
        ([20, 35, 35, 28, 35, 35, 20], []),  # release reached: two short ones
        # Not seen for 0.5 s at most: it is the same one.
        ([35] * 4 + [NAN] * 5 + [35] * 2 + [20], [("high", 0.0, 1.0, 35)]),
        ([35] * 4 + [NAN] * 6 + [35] * 4 + [20], [("high", 0.0, 0.3, 35), ("high", 1.0, 1.3, 35)]),
        ([35] * 4 + [NAN] * 9, [("high", 0.0, 0.3, 35)]),  # unknown to the end
        ([NAN] * 9, []),  # unknown is not wrong
        ([20, 35, 35, 35, 35], [("high", 0.1, 0.4, 35)]),  # still wrong at the end: ends where it was last seen
        ([20, 35, 35, 35], []),  # ... and lasted too short for that
    ],
)
def test_a_fault_over_time(samples, spans):
    assert follow([HIGH], samples) == spans


@pytest.mark.parametrize(
    ("samples", "spans"),
    [
        ([5] * 5 + [20], []),  # its own dwell is 0.5 s
        ([5, 3, 5, 5, 5, 5, 20], [("low", 0.0, 0.5, 3)]),  # the worst is the lowest
        ([5] * 6 + [10], [("low", 0.0, 0.5, 5)]),  # without a release the limit ends it
    ],
)
def test_a_fault_below_its_limit(samples, spans):
    assert follow([LOW], samples) == spans


def test_the_dwell_is_seconds_not_frames():
    assert follow([HIGH], [35] * 4 + [20], step_s=0.01) == []
    assert follow([HIGH], [35] * 2 + [20], step_s=0.4) == [("high", 0.0, 0.4, 35)]


def test_two_faults_at_once_are_told_apart():
    other = Fault("knee", "knee", "Knee.", "Knee.", "knee", above=100)
    spans = follow([HIGH, other], [35] * 6 + [20] * 5, others=lambda i: {"knee": 120.0 if i > 2 else 90.0})
    assert spans == [("high", 0.0, 0.5, 35), ("knee", 0.3, 1.0, 120)]


@pytest.mark.parametrize(
    ("moment", "found"), [("rest", False), ("moving", True), ("top", True), ("hold", False), (None, False)]
)
def test_a_fault_is_judged_at_its_moments(moment, found):
    assert bool(follow([HIGH], [35] * 9, moment)) is found


def test_a_fault_ends_with_its_moment():
    state, _ = step_faults(FaultState(), [HIGH], 0.0, {"angle": 40}, "top")
    state, _ = step_faults(state, [HIGH], 0.5, {"angle": 40}, "top")
    state, (span,) = step_faults(state, [HIGH], 0.6, {"angle": 40}, "rest")
    assert (span.start_s, span.end_s, span.worst, span.unit, span.cue, span.joint) == (
        0,
        0.5,
        40,
        "deg",
        "Lower.",
        "hip",
    )
    assert not state.open


@pytest.mark.parametrize(
    ("arm", "found"),
    [
        (1.0, True),
        (0.0, False),
        (NAN, True),  # the condition unknown: judged
    ],
)
def test_only_if(arm, found):
    fault = Fault("high", "angle", "", "", "hip", above=30, only_if=(Bound("arm", 0.5),))
    assert bool(follow([fault], [35] * 6, others=lambda i: {"arm": arm})) is found


def test_only_if_keeps_to_its_margin_while_the_fault_lasts():
    fault = Fault("high", "angle", "", "", "hip", above=30, only_if=(Bound("arm", 0.5, margin=0.2),))
    arms = [0.6] * 3 + [0.4] * 4 + [0.2]
    assert follow([fault], [35] * 8, others=lambda i: {"arm": arms[i]}) == [("high", 0.0, 0.6, 35)]
    assert follow([fault], [35] * 8, others=lambda i: {"arm": 0.4}) == []


def test_faults_judged_at_the_end_of_a_repetition_are_left_alone():
    assert follow([Fault("high", "angle", "", "", "hip", above=30, per_repetition=True)], [35] * 9) == []


def test_active_faults_come_by_priority_and_only_after_their_dwell():
    knee = Fault("knee", "knee", "Knee.", "Knee.", "knee", above=100, priority=3)
    soon = Fault("soon", "knee", "Knee.", "Knee.", "knee", above=100, priority=8, dwell_s=9.0)
    faults = [HIGH, knee, soon]
    state, _ = step_faults(FaultState(), faults, 0.0, {"angle": 40, "knee": 120}, "top")
    assert state.active(faults) == ()
    state, _ = step_faults(state, faults, 0.3, {"angle": 40, "knee": 120}, "top")
    assert [fault.name for fault in state.active(faults)] == ["knee", "high"]


IN, OUT, UNKNOWN = {"a": 1.0}, {"a": 9.0}, {"a": NAN}
A = Bound("a", 0, 2)
B = Bound("b", 0, 2)


@pytest.mark.parametrize(
    ("bounds", "values", "answer"),
    [
        ((), {}, True),
        ((A,), IN, True),
        ((A,), OUT, False),
        ((A,), UNKNOWN, None),
        ((A,), {}, None),  # absent is unknown
        ((A, B), IN, None),  # one unknown, none fails
        ((B, A), OUT, False),  # one surely fails, whatever is unknown
        ((Bound("a", 0, 2, if_unknown=True),), UNKNOWN, True),
        ((Bound("a", 0, 2, if_unknown=False),), UNKNOWN, False),
    ],
)
def test_all_hold(bounds, values, answer):
    assert all_hold(bounds, values, already=False) is answer


@pytest.mark.parametrize(
    ("value", "already", "answer"),
    [
        (2.0, False, True),
        (2.5, False, False),
        (2.5, True, True),
        (3.1, True, False),
        (-0.5, True, True),
        (-0.5, False, False),
    ],
)
def test_bounds_have_a_margin_once_they_hold(value, already, answer):
    assert Bound("a", 0, 2, margin=1).holds(value, already) is answer
