"""The view before and while counting: nothing begins while it is too bad, and what has begun goes on."""

from __future__ import annotations

from dataclasses import replace

import bodies
import pytest
from bodies import View
from judged import judged

from formcheck import exercises
from formcheck.engine.engine import VIEW_DWELL_S, EngineState, finish, step
from formcheck.measure.reading import Reading
from formcheck.measure.view import SPOILING, VIEW_NAMES
from formcheck.pose.landmarks import Scene

TILTED = Scene(light=200.0, roll_deg=14.0, people=1.0)


def leaning(poses, from_s=0.0, to_s=1e9):
    return bodies.during(poses, from_s, to_s, lambda pose: replace(pose, scene=TILTED))


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
