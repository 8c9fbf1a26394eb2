"""The accuracy benchmark compares what is meant: the held leg, the seen side, what was seen by eye."""

from __future__ import annotations

import math

import pytest

from benchmarks._common import MAIN_ANGLE, RAW_ANGLE, Run, all_names
from benchmarks._filmed import LOOKS, Look, check_looks
from benchmarks._tables import TruthRow
from benchmarks.accuracy import _angle_error, _other_wrong, held_leg_error
from benchmarks.compare import AngleError, Errors, compare_holds, total_angle
from formcheck import exercises
from formcheck.engine.records import Hold, Reminder
from formcheck.measure.reading import Reading

HOLDS = [
    {"start_s": 1.0, "end_s": 2.0, "side": "right", "in_form_s": 1.0},
    {"start_s": 4.0, "end_s": 5.0, "side": "left", "in_form_s": 1.0},
]


def leg_run(times_s, right, left):
    names = ("right_elevation_deg", "left_elevation_deg")
    rows = zip(times_s, right, left, strict=True)
    readings = [Reading(t, dict(zip(names, angles, strict=True))) for t, *angles in rows]
    return Run(times_s=list(times_s), readings=readings)


def test_the_leg_that_is_held_is_compared_while_it_is():
    times_s = [0.5, 1.5, 3.0, 4.5]
    frames = [{"t": t, "measures": {"elevation_r": 70.0, "elevation_l": 60.0}} for t in times_s]
    run = leg_run(times_s, right=[0, 72, 0, 0], left=[0, 0, 0, 57])
    error = held_leg_error(run, {"holds": HOLDS, "frames": frames})
    assert (error.frames, error.mean_abs_deg, error.bias_deg) == (2, 2.5, -0.5)


def test_nothing_held_is_no_error():
    assert math.isnan(held_leg_error(leg_run([0.5], [1], [1]), {"holds": [], "frames": []}).mean_abs_deg)


def test_clips_weigh_by_their_frames():
    total = total_angle([AngleError(1, 4.0, 4.0), AngleError(3, 2.0, -2.0), AngleError(0, math.nan, math.nan)])
    assert (total.frames, total.mean_abs_deg, total.bias_deg) == (4, 2.5, -0.5)


@pytest.mark.parametrize(
    ("side", "word"), [("right", None), ("left", "found on the left"), (None, "found on the no side")]
)
def test_holds_match_by_side(side, word):
    wrong = compare_holds(HOLDS[:1], [Hold(1.0, 2.0, 1.0, 1.0, side)]).wrong
    assert wrong == [] if word is None else word in wrong[0]


def test_every_exercise_has_an_angle_or_a_comparison_of_its_own():
    assert {*MAIN_ANGLE, "cat_cow", "hamstring_stretch"} == set(exercises.names())
    assert RAW_ANGLE.keys() == MAIN_ANGLE.keys()
    assert set(exercises.names()) <= set(all_names())


def test_a_reminder_is_no_view_problem():
    run = Run()
    run.add([Reminder("break", 1.0, None, "Get up.")])
    assert (len(run.reminders), run.view) == (1, [])


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ([30.0, 31.0, 80.0], 0),  # the median
        ([40.0, 41.0, 30.0], 1),
        ([math.nan, 30.0, math.nan], 0),
        ([math.nan] * 3, 1),  # not seen at all
    ],
)
def test_what_was_seen_by_eye_is_looked_for(values, wrong):
    looks = {"clip": (Look(1.0, 3.0, "angle_deg", 24, 36, "a raised leg"),)}
    times_s = [0.0, 1.0, 2.0, 3.0]
    readings = [Reading(t, {"angle_deg": v}) for t, v in zip(times_s, [99.0, *values], strict=True)]
    assert len(check_looks("clip", times_s, readings, looks)) == wrong
    assert check_looks("another", times_s, readings, looks) == []


def test_looks_are_well_formed():
    assert all(look.start_s < look.end_s and look.low < look.high for looks in LOOKS.values() for look in looks)


@pytest.mark.parametrize(
    ("exercise", "name", "near_side", "true", "error"),
    [
        ("sitting_posture", "trunk_lean", "left", 3.0, 2.0),
        ("sitting_posture", "trunk_lean", None, 3.0, math.nan),  # from the front no lean forward can be read
        ("bridge", "hip_angle", "left", 190.0, -185.0),
        ("side_plank", "hip_angle", None, 190.0, -165.0),  # 170: sagging and piked read alike
    ],
)
def test_the_main_angle_is_compared_as_the_rule_means_it(exercise, name, near_side, true, error):
    frames = [{"t": 0.0, "measures": {name: true}}]
    truth = {"exercise": exercise, "view": {"near_side": near_side}, "frames": frames}
    found = _angle_error(Run(times_s=[0.0]), [5.0], truth, name)
    assert found.bias_deg == error or (math.isnan(error) and not found.frames)


@pytest.mark.parametrize(("mean_abs_deg", "told"), [(3.9, False), (4.1, True), (math.nan, False)])
def test_an_angle_further_off_than_asked_is_wrong(mean_abs_deg, told):
    unseen = AngleError(0, math.nan, math.nan)
    angle = AngleError(10, mean_abs_deg, 0.0)
    row = TruthRow("a", "bridge", [], [], (0, 0), Errors(), {}, angle, unseen, 10, "left", "left", 1.0, [])
    wrong = _other_wrong(row, {"view": {"ok": True, "problems": []}})
    assert [text.startswith("the main angle is") for text in wrong] == [True] * told
