"""The view before and while counting: nothing begins while it is too bad, and what has begun is unknown there."""

from __future__ import annotations

import math
from dataclasses import replace

import bodies
import pytest
from bodies import View
from judged import judged, readings, sorted_out

from formcheck import exercises
from formcheck.engine.engine import VIEW_DWELL_S, EngineState, finish, step
from formcheck.measure.reading import Reading
from formcheck.measure.view import SPOILING, VIEW_NAMES
from formcheck.pose.landmarks import Scene

TILTED = Scene(light=200.0, roll_deg=14.0, people=1.0)


def leaning(poses, from_s=0.0, to_s=1e9):
    return bodies.during(poses, from_s, to_s, lambda pose: replace(pose, scene=TILTED))


def spoilt(name):
    """A bridge's readings as they are, but with this problem of the view in every frame."""
    chosen = exercises.get("bridge")
    state, events = EngineState(), []
    for reading in readings("bridge", bodies.bridges([178, 178])[0]):
        state, more = step(state, chosen, replace(reading, view=frozenset((name,))))
        events += more
    return sorted_out([*events, *finish(state, chosen)])


@pytest.mark.parametrize("name", sorted(SPOILING))
def test_nothing_begins_in_a_view_that_spoils_the_measures(name):
    found = spoilt(name)
    assert found.reps == []
    assert [problem.name for problem in found.view] == [name]


@pytest.mark.parametrize("name", sorted(VIEW_NAMES - SPOILING))
def test_any_other_problem_is_told_and_the_count_begins(name):
    found = spoilt(name)
    assert [rep.outcome for rep in found.reps] == ["good", "good"]
    assert [problem.name for problem in found.view] == [name]


def test_nothing_begins_while_the_camera_leans():
    found = judged("bridge", leaning(bodies.bridges([178, 178])[0]))
    assert found.reps == []
    assert [problem.name for problem in found.view] == ["camera_tilted"]


def test_a_camera_knocked_over_ends_the_counting_and_keeps_what_was_counted():
    poses, true = bodies.bridges([178, 178])
    found = judged("bridge", leaning(poses, true[1].start_s - 0.3))
    assert [rep.outcome for rep in found.reps] == ["good"]
    assert [problem.name for problem in found.view] == ["camera_tilted"]
    assert found.view[0].start_s == pytest.approx(true[1].start_s - 0.3, abs=0.2)


def test_counting_begins_when_the_view_is_good():
    poses, true = bodies.bridges([178, 178, 178])
    found = judged("bridge", leaning(poses, 0.0, true[1].start_s - 1.3))
    assert [rep.outcome for rep in found.reps] == ["good", "good"]
    assert found.reps[0].start_s == pytest.approx(true[1].start_s, abs=0.4)


def test_a_short_problem_keeps_nobody_waiting():
    poses, _ = bodies.bridges([178, 178])
    assert len(judged("bridge", leaning(poses, 0.2, 0.2 + VIEW_DWELL_S / 2)).reps) == 2


def test_a_hold_does_not_begin_while_the_camera_leans():
    poses, start_s, end_s = bodies.held_plank()
    assert judged("plank", leaning(poses)).holds == []
    (hold,) = judged("plank", leaning(poses, 0.0, start_s + 5.0)).holds
    assert hold.start_s == pytest.approx(start_s + 5.0, abs=0.3)
    assert hold.end_s == pytest.approx(end_s, abs=0.5)
    (hold,) = judged("plank", leaning(poses, start_s + 5.0)).holds
    assert hold.start_s == pytest.approx(start_s, abs=0.5)


def test_an_oblique_view_is_told_and_not_counted():
    found = judged("bridge", bodies.bridges([178, 178], View(yaw_deg=45))[0])
    assert found.reps == []
    assert "turn_side_on" in {problem.name for problem in found.view}


@pytest.mark.parametrize("yaw_deg", (40.0, -40.0, 54.0))
def test_a_plank_that_is_turned_is_held_up_to_there_and_told_soon(yaw_deg):
    turn = bodies.turning(bodies.FACE_DOWN, [(0.0, 0.0), (5.0, 0.0), (11.0, yaw_deg)])
    found = judged("plank", bodies.held_plank(seconds=16.0, view=turn)[0])
    (hold,) = found.holds
    assert hold.faults == () and found.faults == []
    assert 8.0 < hold.end_s < 12.0
    (problem,) = found.view
    assert problem.name == "turn_side_on" and problem.start_s < 14.0


def test_a_plank_turned_back_is_held_anew():
    turn = bodies.turning(bodies.FACE_DOWN, [(0.0, 0.0), (5.0, 0.0), (10.0, 45.0), (15.0, 45.0), (20.0, 0.0)])
    poses, _, end_s = bodies.held_plank(seconds=24.0, view=turn)
    found = judged("plank", poses)
    assert [hold.faults for hold in found.holds] == [(), ()]
    assert found.holds[1].start_s < 21.0 and found.holds[1].end_s == pytest.approx(end_s, abs=0.5)
    assert found.holds[1].in_form_s == pytest.approx(found.holds[1].end_s - found.holds[1].start_s, abs=0.5)


def test_a_fault_before_the_turn_is_told_with_the_hold():
    turn = bodies.turning(bodies.FACE_DOWN, [(0.0, 0.0), (11.0, 0.0), (15.0, 50.0)])
    sag = [(0.0, -0.03), (2.0, -0.03), (2.5, 0.08), (4.0, 0.08), (4.5, -0.03)]
    (hold,) = judged("plank", bodies.held_plank(sag, seconds=16.0, view=turn)[0]).holds
    assert hold.faults == ("hips_sagging",)


def test_a_plank_within_thirty_degrees_goes_on():
    turn = bodies.turning(bodies.FACE_DOWN, [(0.0, 0.0), (5.0, 0.0), (9.0, 30.0)])
    poses, start_s, end_s = bodies.held_plank(view=turn)
    found = judged("plank", poses)
    assert found.view == []
    assert found.holds[0].in_form_s == pytest.approx(end_s - start_s, abs=0.5)


@pytest.mark.parametrize("yaw_deg", (40.0, 54.0, -54.0))
def test_a_bridge_that_is_turned_is_counted_and_no_longer_measured(yaw_deg):
    turn = bodies.turning(bodies.SIDE_ON, [(0.0, 0.0), (4.0, 0.0), (10.0, yaw_deg)])
    found = judged("bridge", bodies.bridges([178] * 3, turn)[0])
    assert [(rep.outcome, rep.faults) for rep in found.reps] == [("good", ())] * 3
    assert [problem.name for problem in found.view] == ["turn_side_on"]
    known = [math.isfinite(rep.measures["knee_angle_deg"]) for rep in found.reps]
    assert known == [True, False, False]
    assert all(math.isfinite(rep.measures["lowering_s"]) for rep in found.reps)
    assert found.reps[2].score < found.reps[0].score


def test_how_fast_the_hips_come_down_is_told_in_any_view():
    turn = bodies.turning(bodies.SIDE_ON, [(0.0, 0.0), (7.0, 0.0), (12.0, 45.0)])
    found = judged("bridge", bodies.bridges([178] * 3, turn, down_s=0.7)[0])
    assert [rep.faults for rep in found.reps] == [("lowered_fast",)] * 3


@pytest.mark.parametrize("name", sorted(VIEW_NAMES))
def test_what_does_not_matter_to_an_exercise_is_not_said(name):
    bridge = exercises.get("bridge")
    poses, _ = bodies.bridges([178])
    for views, said in ((frozenset((name,)), [name]), (VIEW_NAMES - {name}, [])):
        exercise = replace(bridge, views=views)
        state, events = EngineState(), []
        for pose in poses:
            values = {"hip_angle_deg": 125.0}
            state, more = step(state, exercise, Reading(pose.time_s, values, "left", frozenset((name,))))
            events += more
        events += finish(state, exercise)
        assert [event.name for event in events] == said


def test_postures_may_be_seen_from_the_front():
    for name in ("sitting_posture", "standing_posture"):
        views = exercises.get(name).views
        assert "feet_out_of_frame" not in views
        assert "head_out_of_frame" in views
    assert exercises.get("plank").views == VIEW_NAMES >= SPOILING
