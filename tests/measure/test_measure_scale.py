"""Centimetres and inches from trunk lengths."""

from __future__ import annotations

import math

import bodies
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.measure.body import body_side, measures
from formcheck.measure.scale import SHOULDERS_LIFTED, TRUNK_PER_HEIGHT, inches, is_length, length_cm, trunk_cm

FAST = settings(deadline=None, derandomize=True, database=None)
NAN = math.nan
TRUNK = 100 * TRUNK_PER_HEIGHT


def test_the_trunk_is_that_of_the_source():
    assert pytest.approx(0.288) == TRUNK_PER_HEIGHT
    assert trunk_cm(172) == pytest.approx(49.5, abs=0.05)


@pytest.mark.parametrize(
    ("measure", "value", "how", "cm"),
    [
        ("wrist_height", 1.0, {}, TRUNK),
        ("wrist_height", -0.5, {}, -TRUNK / 2),  # below the shoulder
        ("wrist_height", NAN, {}, NAN),
        ("wrist_height", 1.0, {"yaw_deg": 30.0}, TRUNK * math.cos(math.radians(30))),  # the unit is shortened
        ("wrist_height", 1.0, {"yaw_deg": -30.0}, TRUNK * math.cos(math.radians(30))),
        ("wrist_height", 1.0, {"yaw_deg": NAN}, TRUNK),  # not known: taken for a side view
        ("wrist_height", 1.0, {"yaw_deg": 80.0}, TRUNK * math.cos(math.radians(45))),  # no more than is believed
        ("wrist_shift", 1.0, {"yaw_deg": 30.0}, TRUNK),  # lies along the trunk and is shortened as it is
        ("support_shift", 1.0, {"yaw_deg": 30.0}, TRUNK),
        ("shoulders_height", 0.5, {"rise": True}, 0.5 * TRUNK * SHOULDERS_LIFTED),
        ("shoulders_height", 0.5, {}, 0.5 * TRUNK),
        ("wrist_height", 1.0, {"rise": True}, TRUNK),
    ],
)
def test_length(measure, value, how, cm):
    assert length_cm(measure, value, 100.0, "up", **how) == pytest.approx(cm, nan_ok=True)


@pytest.mark.parametrize(("facing", "shortened"), [("up", True), ("down", True), ("aside", False), ("upright", False)])
def test_a_trunk_is_shortened_where_it_lies_along_the_view(facing, shortened):
    seen = length_cm("wrist_height", 1.0, 100.0, facing, yaw_deg=40.0)
    assert (seen < 0.8 * TRUNK) is shortened
    assert shortened or seen == pytest.approx(TRUNK)


@FAST
@given(value=st.floats(-3, 3), height=st.floats(100, 230), yaw=st.floats(-60, 60), factor=st.floats(0.1, 10))
def test_lengths_grow_with_the_value_and_the_height(value, height, yaw, factor):
    once = length_cm("foot_rise", value, height, "up", yaw_deg=yaw)
    assert length_cm("foot_rise", value * factor, height, "up", yaw_deg=yaw) == pytest.approx(once * factor)
    assert length_cm("foot_rise", value, height * factor, "up", yaw_deg=yaw) == pytest.approx(once * factor)
    assert length_cm("foot_rise", value, height, "up", yaw_deg=-yaw) == once
    assert inches(once) * 2.54 == pytest.approx(once)


@pytest.mark.parametrize(
    ("measure", "length"),
    [
        ("shoulders_height", True),
        ("hand_to_head", True),
        ("back_height", True),
        ("knee_shift", True),
        ("hip_angle_deg", False),
        ("hip_offset", False),  # in lengths of its line
        ("rising_s", False),
        ("pull_speed_deg_s", False),
        ("ear_rise", False),  # in shoulder widths
        ("face_width", False),
        ("shoulder_level", False),
    ],
)
def test_what_is_a_length(measure, length):
    assert is_length(measure) is length


@pytest.mark.parametrize("yaw_deg", [-30, -15, 0, 15, 30])
@pytest.mark.parametrize("trunk_deg", [8, 15, 30])
def test_the_lift_of_the_shoulders_is_the_same_from_any_view(yaw_deg, trunk_deg, monkeypatch):
    # As geometry has it: the estimator's own leaning to one side is left out.
    monkeypatch.setattr(bodies, "_lean", lambda *_: None)

    def lift_cm(yaw):
        heights = []
        for angle in (0, trunk_deg):
            pose = bodies.pose(bodies.crunch(angle), bodies.View(near="right", yaw_deg=yaw))
            heights.append(measures(body_side(pose, "right"), body_side(pose, "left"), "up")["shoulders_height"])
        rise = heights[1] - heights[0]
        return length_cm("shoulders_height", rise, 172.0, "up", yaw_deg=yaw, rise=True)

    assert lift_cm(yaw_deg) == pytest.approx(lift_cm(0), rel=0.05)
