"""The two legs of somebody on the back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.measure.body import Body
from formcheck.measure.legs import LYING_TRUNK_DEG, NAMES, leg_measures

FAST = settings(deadline=None, derandomize=True, database=None)
NAN = (math.nan, math.nan)
# Lying with the head on the left, in trunk lengths, y up: both knees bent, feet flat, hands beside the hips.
LYING = {
    "nose": (-1.3, 0.2), "ear": (-1.3, 0.0), "shoulder": (-1.0, 0.0), "elbow": (-0.5, 0.0), "wrist": (0.0, 0.0),
    "hip": (0.0, 0.0), "knee": (0.5, 0.5), "ankle": (1.0, 0.0), "heel": (0.95, -0.1), "foot_index": (1.2, -0.1),
}  # fmt: skip


def leg(elevation_deg: float, knee_deg: float = 180.0) -> dict[str, tuple[float, float]]:
    """A leg with its ankle in this direction from the hip, and its knee bent by that much."""
    half, up = math.radians(90 - knee_deg / 2), math.radians(elevation_deg)
    knee = (0.7 * math.cos(up + half), 0.7 * math.sin(up + half))
    reach = 1.4 * math.cos(half)
    ankle = (reach * math.cos(up), reach * math.sin(up))
    return {"knee": knee, "ankle": ankle, "heel": (ankle[0], ankle[1] - 0.05)}


def body(side, joints, scale=100.0, at=(300.0, 300.0), mirrored=False):
    sense = -1 if mirrored else 1
    return Body(side, {name: (at[0] + sense * scale * x, at[1] - scale * y) for name, (x, y) in joints.items()})


def measured(near=None, far=None, near_side="left", **how):
    other = "right" if near_side == "left" else "left"
    return leg_measures(body(near_side, LYING | (near or {}), **how), body(other, LYING | (far or {}), **how))


@pytest.mark.parametrize(
    ("near", "far", "name", "value"),
    [
        # The estimator's trunk lies 4 degrees too low: that much is added to a leg.
        (leg(0), {}, "left_elevation_deg", LYING_TRUNK_DEG),
        (leg(70), {}, "left_elevation_deg", 70 + LYING_TRUNK_DEG),
        (leg(90), {}, "left_elevation_deg", 90 + LYING_TRUNK_DEG),
        (leg(120), {}, "left_elevation_deg", 120 + LYING_TRUNK_DEG),  # past the upright, towards the head
        (leg(-5), {}, "left_elevation_deg", LYING_TRUNK_DEG - 5),
        ({}, leg(60), "right_elevation_deg", 60 + LYING_TRUNK_DEG),
        (leg(20), leg(60), "left_elevation_deg", 20 + LYING_TRUNK_DEG),
        # The higher one is raised, whichever side faces the camera.
        (leg(70), {}, "raised_elevation_deg", 70 + LYING_TRUNK_DEG),
        ({}, leg(70), "raised_elevation_deg", 70 + LYING_TRUNK_DEG),
        (leg(20), leg(60), "raised_elevation_deg", 60 + LYING_TRUNK_DEG),
        (leg(70, 150), {}, "raised_knee_deg", 150),
        ({}, leg(70, 165), "raised_knee_deg", 165),
        (leg(70), {}, "raised_knee_deg", 180),
        (leg(70), {}, "other_knee_deg", 90),  # of the one on the floor
        (leg(70), leg(0), "other_knee_deg", 180),
        (leg(0), leg(70), "other_knee_deg", 180),
        (leg(70), {}, "other_heel_height", -0.1),
        (leg(70), {"heel": (0.95, 0.3)}, "other_heel_height", 0.3),
        (leg(70), {"heel": NAN}, "other_heel_height", 0.0),  # unseen: the ankle
        (leg(70), {}, "hands_height", 0.0),
        (leg(70) | {"wrist": (-0.2, 0.6)}, {}, "hands_height", 0.6),
        (leg(70), {"wrist": (-0.2, 0.5)}, "hands_height", 0.5),  # the higher one of both
        (leg(70) | {"wrist": NAN}, {"wrist": (-0.2, 0.5)}, "hands_height", 0.5),
        (leg(70) | {"wrist": NAN}, {"wrist": NAN}, "hands_height", math.nan),
        # One leg unseen: which is the raised one is not known.
        (leg(70), {"ankle": NAN}, "raised_elevation_deg", math.nan),
        ({"ankle": NAN}, leg(70), "raised_elevation_deg", math.nan),
        ({"ankle": NAN}, leg(70), "hands_height", math.nan),
        ({"ankle": NAN}, leg(70), "left_elevation_deg", math.nan),
        ({"ankle": NAN}, leg(70), "right_elevation_deg", 70 + LYING_TRUNK_DEG),
        ({"ankle": NAN}, {"ankle": NAN}, "raised_elevation_deg", math.nan),
        # A leg with a shank of half its thigh is none: a mixture of both.
        (leg(70) | {"ankle": (0.35, 0.8)}, {}, "raised_elevation_deg", math.nan),
        (leg(70), {"ankle": (0.75, 0.3)}, "raised_elevation_deg", math.nan),
        (leg(70), {"ankle": (1.6, -0.8)}, "left_elevation_deg", math.nan),  # or one of twice its thigh
    ],
)
def test_measure(near, far, name, value):
    assert measured(near, far)[name] == pytest.approx(value, nan_ok=True, abs=1e-6)
    assert measured(near, far, mirrored=True)[name] == pytest.approx(value, nan_ok=True, abs=1e-6)
    assert measured(near, far, scale=31.0, at=(70.0, 900.0))[name] == pytest.approx(value, nan_ok=True, abs=1e-6)
    # Of the other side facing the camera, left is right.
    swapped = {"left_elevation_deg": "right_elevation_deg", "right_elevation_deg": "left_elevation_deg"}.get(name, name)
    assert measured(near, far, near_side="right")[swapped] == pytest.approx(value, nan_ok=True, abs=1e-6)


def test_every_measure_is_tested():
    rows = next(mark.args[1] for mark in test_measure.pytestmark if mark.name == "parametrize")
    assert {row[2] for row in rows} == set(measured()) == set(NAMES)


def test_a_sloping_trunk_is_the_line_from_which_a_leg_is_raised():
    tilted = math.radians(10)
    turned = {n: (x * math.cos(tilted) - y * math.sin(tilted), x * math.sin(tilted) + y * math.cos(tilted))
              for n, (x, y) in (LYING | leg(60)).items()}  # fmt: skip
    assert measured(turned)["left_elevation_deg"] == pytest.approx(60 + LYING_TRUNK_DEG)


@FAST
@given(near=st.floats(-10, 120), far=st.floats(-10, 120), knees=st.tuples(st.floats(95, 180), st.floats(95, 180)))
def test_raised_is_the_higher_one(near, far, knees):
    found = measured(leg(near, knees[0]), leg(far, knees[1]))
    assert found["raised_elevation_deg"] == max(found["left_elevation_deg"], found["right_elevation_deg"])
    assert found["raised_elevation_deg"] == pytest.approx(max(near, far) + LYING_TRUNK_DEG)
    if abs(near - far) > 1e-3:
        up, down = knees if near > far else knees[::-1]
        assert (found["raised_knee_deg"], found["other_knee_deg"]) == pytest.approx((up, down))
    mirror = measured(leg(near, knees[0]), leg(far, knees[1]), mirrored=True)
    assert mirror == pytest.approx(found)
