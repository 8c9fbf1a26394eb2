"""The course of the main measure: thin, never too long, and true to what the judge says."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise

import bodies
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck import exercises
from formcheck.exercises import get
from formcheck.judge import Judge
from formcheck.measure.names import measure_names
from formcheck.report import trace as module
from formcheck.report.trace import STEP_S, Trace, Tracer, main_measures

POSES = bodies.bridges()[0]


def traced(most: int = module.MOST, monkeypatch: pytest.MonkeyPatch | None = None) -> tuple[Trace, dict[float, float]]:
    """The trace of some bridges, and what the judge said at each time."""
    if monkeypatch is not None:
        monkeypatch.setattr(module, "MOST", most)
    judge, tracer, said = Judge(get("bridge")), Tracer(), {}
    for pose in POSES:
        judge.step(pose)
        tracer.add(pose.time_s, judge)
        said[pose.time_s] = judge.status.value
    return tracer.traces["bridge"], said


def test_a_few_values_a_second_as_the_judge_said_them():
    trace, said = traced()
    ((name, points),) = trace.courses()
    assert name == "hip_line_deg"
    assert all(y == pytest.approx(said[x], nan_ok=True) for x, y in points)
    assert all(b - a >= STEP_S - 2e-3 for a, b in pairwise(trace.times_s))
    length_s = POSES[-1].time_s - POSES[0].time_s
    assert 3 * length_s < len(points) <= length_s / STEP_S + 2


def test_a_long_clip_is_thinned_and_still_covered(monkeypatch):
    trace, _ = traced(40, monkeypatch)
    assert 20 <= len(trace.times_s) <= 40
    assert len(trace.phases) == len(trace.times_s) == len(trace.values["hip_line_deg"])
    assert trace.times_s[0] == POSES[0].time_s
    assert POSES[-1].time_s - trace.times_s[-1] < 0.1 * POSES[-1].time_s


def test_phases_follow_one_another():
    trace, _ = traced()
    spans = trace.spans()
    assert {"rest", "moving", "top"} <= {phase for phase, _, _ in spans}
    assert all(a[2] == b[1] and a[0] != b[0] for a, b in pairwise(spans))
    assert (spans[0][1], spans[-1][2]) == (trace.times_s[0], trace.times_s[-1])


def test_nothing_judged_has_no_phases():
    assert Trace(get("bridge")).spans() == []
    assert math.isnan(Trace(get("bridge")).nearest(180.0, 0.0, 10.0))


@given(st.lists(st.one_of(st.floats(0, 200), st.just(math.nan)), min_size=1, max_size=30), st.floats(0, 200))
def test_nearest_is_never_beaten(values: list[float], wanted: float):
    trace = Trace(get("bridge"))
    trace.times_s = array("d", range(len(values)))
    trace.values = {"hip_line_deg": array("d", values)}
    at = trace.nearest(wanted, 0, len(values))
    known = [value for value in values if math.isfinite(value)]
    if not known:
        assert math.isnan(at)
    else:
        assert abs(values[int(at)] - wanted) == min(abs(value - wanted) for value in known)


@pytest.mark.parametrize("name", exercises.names())
def test_every_exercise_has_a_main_measure_that_is_known(name: str):
    exercise = get(name)
    own = {one.name for one in (*exercise.baselines, *exercise.anchors, *exercise.trends)}
    measures = main_measures(exercise)
    assert measures
    if len(measures) > 1:  # read directly, one for each side
        assert set(measures) <= measure_names(exercise.facing)
    else:
        assert set(measures) <= measure_names(exercise.facing) | own | {"back_rise"}


def test_sides_held_apart_have_a_course_each():
    assert main_measures(get("hamstring_stretch")) == ("right_elevation_deg", "left_elevation_deg")
    assert main_measures(get("plank")) == ("hip_offset",)
