from __future__ import annotations

import math
from dataclasses import replace

import bodies
import pytest
from bodies import View

from formcheck.measure.body import body_side
from formcheck.measure.view import ADVICE, TOO_FAR, TOO_NEAR, frame_problems, yaw_deg
from formcheck.pose.landmarks import Pose

BRIDGE = bodies.bridge()


@pytest.mark.parametrize("yaw", [-90, -60, -20, 0, 5, 30, 90])
def test_yaw(yaw):
    assert yaw_deg(bodies.pose(BRIDGE, View(yaw_deg=yaw))) == pytest.approx(abs(yaw), abs=0.01)


def test_yaw_is_told_by_world_and_picture_alike():
    pose = bodies.pose(BRIDGE, View(yaw_deg=20))
    pose.pixels[11] = pose.pixels[12] + 0.5 * (pose.pixels[12] - pose.pixels[24])  # the far shoulder far out
    by_picture = math.degrees(math.atan(2.72 * 0.5 + 0.26))
    assert yaw_deg(pose) == pytest.approx((20 + by_picture) / 2, abs=0.01)


def test_yaw_of_nobody_is_unknown():
    assert math.isnan(yaw_deg(Pose.missing(0.0, (640, 480))))


@pytest.mark.parametrize(
    ("view", "problems"),
    [
        (View(), set()),
        # The head is at x = -1.3 trunk lengths, nose and ears all out of the picture.
        (View(at=(160.0, 380.0)), {"head_out_of_frame"}),
        # The ankle is at 0.98, the toes at 1.26; toes out alone is no problem.
        (View(at=(500.0, 380.0)), set()),
        (View(at=(540.0, 380.0)), {"feet_out_of_frame"}),
        (View(head="right", at=(500.0, 380.0)), {"head_out_of_frame"}),
        (View(head="right", at=(100.0, 380.0)), {"feet_out_of_frame"}),
        (View(trunk_px=640 * TOO_FAR - 1), {"too_far"}),
        (View(trunk_px=640 * TOO_FAR + 1), set()),
        # Somebody that large does not fit: the head is out.
        (View(trunk_px=640 * TOO_NEAR - 1, at=(350.0, 380.0)), {"head_out_of_frame"}),
        (View(trunk_px=640 * TOO_NEAR + 1, at=(350.0, 380.0)), {"head_out_of_frame", "too_near"}),
        # The longer side counts, whichever it is.
        (View(trunk_px=640 * TOO_FAR - 1, size=(480, 640), at=(240.0, 400.0)), {"too_far"}),
    ],
)
@pytest.mark.parametrize("near", ["left", "right"])
def test_frame_problems(view, problems, near):
    pose = bodies.pose(BRIDGE, replace(view, near=near))
    found = frame_problems(pose, body_side(pose, near))
    assert found == problems
    assert found <= set(ADVICE)


def test_the_near_foot_is_the_one_that_counts():
    pose = bodies.pose(BRIDGE | {"far_ankle": (9.0, 0.0), "far_foot_index": (9.0, 0.0)}, View(near="left"))
    assert frame_problems(pose, body_side(pose, "left")) == set()
    assert frame_problems(pose, body_side(pose, "right")) == {"feet_out_of_frame"}


def test_a_body_without_a_trunk_says_nothing_of_its_size():
    pose = bodies.hidden(bodies.pose(BRIDGE, View(trunk_px=20)), "hip")
    assert frame_problems(pose, body_side(pose, "right")) == set()
