"""Somebody on one side, seen from the front or the back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.measure.aside import aside_measures
from formcheck.measure.body import Body

FAST = settings(deadline=None, derandomize=True, database=None)
NAN = (math.nan, math.nan)
# A side plank on the left forearm, the head on the picture's left, in trunk lengths, y up; half way between left and
# right the body is a level line at height 0.5.
LOW = {
    "nose": (-1.3, 0.5), "ear": (-1.3, 0.45), "shoulder": (-1.0, 0.2), "elbow": (-1.0, 0.0), "wrist": (-1.3, 0.0),
    "hip": (0.0, 0.4), "knee": (0.9, 0.4), "ankle": (1.8, 0.4), "heel": (1.9, 0.3), "foot_index": (1.9, 0.3),
}  # fmt: skip
HIGH = {
    "nose": (-1.3, 0.5), "ear": (-1.3, 0.55), "shoulder": (-1.0, 0.8), "elbow": (-1.0, 1.3), "wrist": (-1.0, 1.8),
    "hip": (0.0, 0.6), "knee": (0.9, 0.6), "ankle": (1.8, 0.6), "heel": (1.9, 0.6), "foot_index": (1.9, 0.6),
}  # fmt: skip


def body(side, joints, scale=100.0, at=(300.0, 300.0), turned=1.0):
    return Body(side, {name: (at[0] + turned * scale * x, at[1] - scale * y) for name, (x, y) in joints.items()})


def measured(low=None, high=None, side="left", **how):
    """Of a side plank on that side; `turned` -1 shows it with the head on the right."""
    lower, upper = LOW | (low or {}), HIGH | (high or {})
    left, right = (lower, upper) if side == "left" else (upper, lower)
    return aside_measures(body("left", left, **how), body("right", right, **how))


BOTH = lambda joint, *places: tuple({joint: place} for place in places)  # noqa: E731


@pytest.mark.parametrize(
    ("low", "high", "name", "value"),
    [
        ({}, {}, "shoulder_stack", 0.6),
        (*BOTH("shoulder", (-1.0, 0.5), (-1.0, 0.5)), "shoulder_stack", 0.0),  # level, or seen from the side
        ({}, {}, "trunk_slope_deg", 0),
        (*BOTH("shoulder", (-0.6, 1.0), (-0.6, 1.6)), "trunk_slope_deg", math.degrees(math.atan(0.8 / 0.6))),
        (*BOTH("hip", (0.0, 0.9), (0.0, 1.1)), "trunk_slope_deg", -math.degrees(math.atan(0.5))),
        ({}, {}, "hip_angle_deg", 180),
        (*BOTH("knee", (0.0, -0.6), (0.0, -0.4)), "hip_angle_deg", 90),
        ({}, {}, "hip_offset", 0),
        (*BOTH("hip", (0.0, 0.12), (0.0, 0.32)), "hip_offset", 0.1),  # sagging: below the line of 2.8
        (*BOTH("hip", (0.0, 0.96), (0.0, 1.16)), "hip_offset", -0.2),  # piked
        ({"ankle": NAN}, {}, "hip_offset", math.nan),
        ({}, {}, "knee_angle_deg", 180),
        ({}, {}, "other_knee_angle_deg", 180),
        ({"ankle": (0.9, -0.5)}, {}, "knee_angle_deg", 90),  # of the left knee
        ({"ankle": (0.9, -0.5)}, {}, "other_knee_angle_deg", 180),
        ({}, {"ankle": (0.9, -0.5)}, "other_knee_angle_deg", 90),
        ({}, {}, "hip_clearance", 0.4),  # the lower hip over the elbow on the floor
        (*BOTH("hip", (0.0, 0.1), (0.0, 0.3)), "hip_clearance", 0.1),
        ({}, {"foot_index": (1.9, -0.2)}, "hip_clearance", 0.6),  # the lowest of all that may stand on the floor
        ({"elbow": NAN, "wrist": NAN}, {}, "hip_clearance", 0.1),  # over the foot
        ({}, {}, "top_arm_deg", 90),
        ({}, {"wrist": (0.0, 0.8)}, "top_arm_deg", 0),  # along the body
        ({}, {"wrist": (-1.0, 0.4)}, "top_arm_deg", -90),  # on the floor in front
        ({}, {"wrist": NAN}, "top_arm_deg", math.nan),
    ],
)
def test_measure(low, high, name, value):
    expected = pytest.approx(value * _trunk(low, high, name), nan_ok=True, abs=1e-6)
    assert measured(low, high)[name] == expected
    assert measured(low, high, scale=41.0, at=(900.0, 700.0))[name] == expected
    assert measured(low, high, turned=-1.0)[name] == expected  # seen from the other side
    other = measured(low, high, side="right")
    names = {"knee_angle_deg": "other_knee_angle_deg", "other_knee_angle_deg": "knee_angle_deg"}
    sense = -1 if name == "shoulder_stack" else 1
    assert sense * other[names.get(name, name)] == expected


def _trunk(low, high, name):
    """Heights are in trunks: those of the moved body are not one long."""
    if name not in ("shoulder_stack", "hip_clearance"):
        return 1.0
    ends = [((LOW | low)[j], (HIGH | high)[j]) for j in ("shoulder", "hip")]
    return 1.0 / math.dist(*(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in ends))


def test_every_measure_is_tested():
    rows = next(mark.args[1] for mark in test_measure.pytestmark if mark.name == "parametrize")
    assert {row[2] for row in rows} == set(measured())


@FAST
@given(
    sag=st.floats(-0.5, 0.5),
    slope=st.floats(-0.3, 0.3),
    scale=st.floats(5, 400),
    side=st.sampled_from(("left", "right")),
)
def test_the_sagging_depends_on_neither_side_nor_size_nor_mirror(sag, slope, scale, side):
    def tilted(joints):
        return {n: (x, y + slope * x - (sag if n == "hip" else 0.0)) for n, (x, y) in joints.items()}

    found = [measured(tilted(LOW), tilted(HIGH), side, scale=scale, turned=turned) for turned in (1.0, -1.0)]
    assert found[0]["hip_offset"] == pytest.approx(found[1]["hip_offset"])
    line = math.hypot(2.8, 2.8 * slope)
    assert found[0]["hip_offset"] == pytest.approx(sag * 2.8 / line / line)
