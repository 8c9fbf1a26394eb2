"""Somebody sitting or standing, from the side and from the front."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.measure.body import Body
from formcheck.measure.upright import FROM_FRONT, FROM_SIDE, FRONT_DEG, SIDE_DEG, faces_right, upright_measures

FAST = settings(deadline=None, derandomize=True, database=None)
NAN = (math.nan, math.nan)
# Sitting, facing the picture's right, in trunk lengths, y up; both sides in one place.
SITTING = {
    "nose": (0.2, 1.35), "ear": (0.0, 1.3), "shoulder": (0.0, 1.0), "elbow": (0.0, 0.5), "wrist": (0.4, 0.4),
    "hip": (0.0, 0.0), "knee": (0.8, 0.0), "ankle": (0.8, -0.8), "heel": (0.75, -0.9), "foot_index": (1.0, -0.9),
}  # fmt: skip
# From the front the person's left is on the picture's right.
FRONT = {
    "nose": (0.0, 1.3), "ear": (0.15, 1.35), "shoulder": (0.4, 1.0), "elbow": (0.5, 0.5), "wrist": (0.4, 0.1),
    "hip": (0.2, 0.0), "knee": (0.3, -0.2), "ankle": (0.3, -1.0), "heel": (0.3, -1.1), "foot_index": (0.3, -1.1),
}  # fmt: skip
FRONT_RIGHT = {name: (-x, y) for name, (x, y) in FRONT.items()}


def body(side, joints, scale=100.0, at=(300.0, 300.0), mirrored=False):
    sense = -1 if mirrored else 1
    return Body(side, {name: (at[0] + sense * scale * x, at[1] - scale * y) for name, (x, y) in joints.items()})


def from_side(moved=None, near="left", mirrored=False, yaw_deg=10.0, **how):
    joints = SITTING | (moved or {})
    other = "right" if near == "left" else "left"
    return upright_measures(
        body(near, joints, mirrored=mirrored, **how),
        body(other, joints, mirrored=mirrored, **how),
        -1.0 if mirrored else 1.0,
        yaw_deg,
        how.get("at", (300.0, 300.0))[1],
    )


def from_front(left=None, right=None, near="left", yaw_deg=80.0, **how):
    sides = {
        "left": body("left", FRONT | (left or {}), **how),
        "right": body("right", FRONT_RIGHT | (right or {}), **how),
    }
    other = "right" if near == "left" else "left"
    return upright_measures(sides[near], sides[other], 1.0, yaw_deg, how.get("at", (300.0, 300.0))[1])


SIDE_CASES = [
    ("trunk_lean_deg", {}, 0),
    ("trunk_lean_deg", {"shoulder": (0.5, math.sqrt(0.75))}, 30),  # forward
    ("trunk_lean_deg", {"shoulder": (-0.5, math.sqrt(0.75))}, -30),  # back
    ("trunk_lean_deg", {"shoulder": (1.0, -0.2)}, 90 + math.degrees(math.atan(0.2))),  # the head below the hips
    ("trunk_lean_deg", {"shoulder": NAN}, math.nan),
    ("neck_lean_deg", {}, 0),
    ("neck_lean_deg", {"ear": (0.3, 1.3)}, 45),
    ("neck_lean_deg", {"ear": (-0.3, 1.3)}, -45),
    ("neck_lean_deg", {"ear": NAN}, math.nan),
    ("hip_angle_deg", {}, 90),
    ("hip_angle_deg", {"knee": (0.0, -0.8)}, 180),
    ("knee_angle_deg", {}, 90),
    ("knee_angle_deg", {"ankle": (1.6, 0.0)}, 180),
    ("thigh_slope_deg", {}, 0),
    ("thigh_slope_deg", {"knee": (0.0, -0.8)}, -90),  # standing
    ("thigh_slope_deg", {"knee": (0.5, 0.5)}, 45),
    ("thigh_slope_deg", {"knee": NAN}, math.nan),  # behind a desk
    ("shank_drop", {}, 0.8),
    ("shank_drop", {"ankle": (1.5, 0.0)}, 0.0),  # feet up
    ("shank_drop", {"ankle": NAN}, math.nan),
]
FRONT_CASES = [
    ("ear_rise", {}, {}, 0.35 / 0.8),
    ("ear_rise", {"ear": (0.15, 1.25)}, {"ear": (-0.15, 1.25)}, 0.25 / 0.8),  # sunk
    ("ear_rise", {"ear": (0.15, 1.25)}, {}, 0.3 / 0.8),  # the middle of both
    ("ear_rise", {"ear": NAN}, {}, math.nan),
    ("shoulder_level", {}, {}, 1.0 / 0.8),  # the hips are in the picture's middle
    ("shoulder_level", {"shoulder": (0.4, 0.6)}, {"shoulder": (-0.4, 0.6)}, 0.6 / 0.8),  # sunk
    ("shoulder_level", {"shoulder": (0.4, -0.6)}, {"shoulder": (-0.4, -0.6)}, -0.6 / 0.8),
    ("leg_drop", {"ankle": (0.4, -1.6)}, {"ankle": (-0.4, -1.6)}, 2.0),  # standing
    ("leg_drop", {"ankle": NAN}, {}, math.nan),  # behind a desk
    ("face_width", {}, {}, 0.3 / 0.8),
    ("face_width", {"ear": (0.25, 1.35)}, {"ear": (-0.25, 1.35)}, 0.5 / 0.8),  # nearer to the screen
    ("shoulder_tilt_deg", {}, {}, 0),
    ("shoulder_tilt_deg", {"shoulder": (0.4, 1.2)}, {"shoulder": (-0.4, 0.8)}, math.degrees(math.atan(0.5))),
    ("shoulder_tilt_deg", {"shoulder": (0.4, 0.8)}, {"shoulder": (-0.4, 1.2)}, -math.degrees(math.atan(0.5))),
    ("shoulder_tilt_deg", {"shoulder": (0.0, 1.0)}, {"shoulder": (0.0, 1.0)}, math.nan),
    ("sideways_lean_deg", {}, {}, 0),
    # To the person's right, which is the picture's left.
    ("sideways_lean_deg", {"shoulder": (-0.1, 1.0)}, {"shoulder": (-0.9, 1.0)}, math.degrees(math.atan(0.5))),
    ("sideways_lean_deg", {"shoulder": (0.9, 1.0)}, {"shoulder": (0.1, 1.0)}, -math.degrees(math.atan(0.5))),
    ("sideways_lean_deg", {"hip": NAN}, {}, math.nan),
    ("head_sideways_deg", {}, {}, 0),
    ("head_sideways_deg", {"ear": (-0.2, 1.35)}, {"ear": (-0.5, 1.35)}, 45),
    ("head_sideways_deg", {"ear": (0.5, 1.35)}, {"ear": (0.2, 1.35)}, -45),
]


@pytest.mark.parametrize(("name", "moved", "value"), SIDE_CASES)
def test_measure_from_the_side(name, moved, value):
    near = pytest.approx(value, nan_ok=True, abs=1e-6)
    assert from_side(moved)[name] == near
    assert from_side(moved, near="right")[name] == near
    assert from_side(moved, mirrored=True)[name] == near  # facing the other way
    assert from_side(moved, scale=37.0, at=(900.0, 500.0))[name] == near


@pytest.mark.parametrize(("name", "left", "right", "value"), FRONT_CASES)
def test_measure_from_the_front(name, left, right, value):
    assert from_front(left, right)[name] == pytest.approx(value, nan_ok=True, abs=1e-6)
    # It does not matter which side is a little nearer.
    assert from_front(left, right, near="right")[name] == pytest.approx(value, nan_ok=True, abs=1e-6)
    elsewhere = from_front(left, right, scale=37.0, at=(900.0, 500.0))
    assert elsewhere[name] == pytest.approx(value, nan_ok=True, abs=1e-6)


def test_every_measure_is_tested():
    assert {case[0] for case in (*SIDE_CASES, *FRONT_CASES)} == set(from_side())


@pytest.mark.parametrize(
    ("yaw_deg", "unknown"),
    [
        (0.0, FROM_FRONT),
        (FRONT_DEG - 1, FROM_FRONT),
        (FRONT_DEG + 1, ()),
        (SIDE_DEG - 1, ()),
        (SIDE_DEG + 1, FROM_SIDE),
        (90.0, FROM_SIDE),
        (math.nan, FROM_SIDE),  # nothing is believed to be seen from the side
    ],
)
def test_what_a_view_does_not_show_is_unknown(yaw_deg, unknown):
    found = from_front(yaw_deg=yaw_deg)
    assert {name for name, value in found.items() if math.isnan(value)} == set(unknown)


@pytest.mark.parametrize(
    ("moved", "pixels"),
    [
        ({}, 20),
        ({"nose": (-0.2, 1.35)}, -20),
        ({"nose": (0.0, 1.35)}, 0),
        ({"nose": NAN}, math.nan),
    ],
)
def test_faces_right(moved, pixels):
    near, far = (body(side, SITTING | moved) for side in ("left", "right"))
    assert faces_right(near, far) == pytest.approx(pixels, nan_ok=True)
    unseen = body("right", SITTING | moved | {"ear": NAN})
    assert faces_right(near, unseen) == pytest.approx(pixels, nan_ok=True)  # then of the near ear alone


def test_faces_right_from_the_middle_of_both_ears():
    near, far = body("left", SITTING | {"ear": (-0.1, 1.3)}), body("right", SITTING | {"ear": (0.1, 1.3)})
    assert faces_right(near, far) == pytest.approx(20)


@FAST
@given(
    lean=st.floats(-80, 80),
    neck=st.floats(-80, 80),
    scale=st.floats(5, 400),
    at=st.tuples(st.floats(-500, 2000), st.floats(0, 900)),
)
def test_leans_are_what_they_are_wherever_the_camera_stands(lean, neck, scale, at):
    shoulder = (math.sin(math.radians(lean)), math.cos(math.radians(lean)))
    ear = (shoulder[0] + 0.3 * math.sin(math.radians(neck)), shoulder[1] + 0.3 * math.cos(math.radians(neck)))
    for mirrored in (False, True):
        found = from_side({"shoulder": shoulder, "ear": ear}, scale=scale, at=at, mirrored=mirrored)
        assert (found["trunk_lean_deg"], found["neck_lean_deg"]) == pytest.approx((lean, neck), abs=1e-4)
