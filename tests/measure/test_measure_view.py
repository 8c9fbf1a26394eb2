from __future__ import annotations

import math
from dataclasses import replace

import bodies
import numpy as np
import pytest
from bodies import View

from formcheck.measure.body import body_side, near_side
from formcheck.measure.view import (
    ADVICE,
    DARK,
    LEVEL_DEG,
    LIT,
    SPOILING,
    TILTED_DEG,
    TOO_FAR,
    TOO_NEAR,
    VIEW_NAMES,
    frame_problems,
    scene_problems,
    yaw_deg,
)
from formcheck.pose.landmarks import Landmark, Pose, Scene

BRIDGE = bodies.bridge()


PLANK = bodies.plank(0.0)


@pytest.mark.parametrize("yaw", [-90, -60, -45, -20, 0, 5, 30, 45, 90])
@pytest.mark.parametrize(("figure", "facing"), [(BRIDGE, "up"), (PLANK, "down")])
@pytest.mark.parametrize("near", ["left", "right"])
def test_yaw_of_a_lying_or_propped_body(yaw, figure, facing, near):
    pose = bodies.pose(figure, View(yaw_deg=yaw, near=near))
    assert yaw_deg(pose, facing) == pytest.approx(abs(yaw), abs=0.5)
    assert yaw_deg(bodies.mirrored(pose), facing) == pytest.approx(abs(yaw), abs=0.5)


@pytest.mark.parametrize(("yaw", "told"), [(0, 0), (15, 10), (-30, 20), (60, 60), (-90, 90), (90, 90)])
def test_yaw_of_an_upright_body_is_that_of_shoulders_and_hips(yaw, told):
    assert yaw_deg(bodies.pose(bodies.standing(), View(yaw_deg=yaw)), "upright") == pytest.approx(told, abs=0.5)


@pytest.mark.parametrize("yaw", [-80, -30, 0, 12, 45, 90])
def test_yaw_of_a_body_on_its_side_is_that_of_its_long_axis(yaw):
    pose = bodies.pose(PLANK)
    on_side = pose.world.copy()
    on_side[:, 1:] = np.stack([pose.world[:, 2], pose.world[:, 1]], axis=1)  # the chest to the camera
    c, s = math.cos(math.radians(yaw)), math.sin(math.radians(yaw))
    on_side[:, [0, 2]] = np.stack([on_side[:, 0] * c, on_side[:, 0] * s], axis=1)
    on_side[:, 1] *= 0.1
    assert yaw_deg(replace(pose, world=on_side), "aside") == pytest.approx(abs(yaw), abs=2.0)
    on_side[27:29] = np.nan  # the ankles unknown: by the hips
    assert yaw_deg(replace(pose, world=on_side), "aside") == pytest.approx(abs(yaw), abs=4.0)


def test_yaw_is_told_by_world_and_picture_alike():
    pose = bodies.pose(BRIDGE, View(yaw_deg=20))
    before = yaw_deg(pose, "up")
    pose.pixels[11] += 0.1 * (pose.pixels[12] - pose.pixels[24])  # the far shoulder further out
    by_picture = yaw_deg(pose, "up")
    pose.world[11, 0] -= 0.02
    assert before + 3 < by_picture < yaw_deg(pose, "up") - 1


def test_yaw_of_unknown_legs_is_told_by_the_trunk():
    pose = bodies.pose(PLANK, View(near="left", yaw_deg=30))
    pose.world[25:33] = np.nan
    assert yaw_deg(pose, "down") == pytest.approx(30, abs=15)


def test_a_raised_leg_leaves_the_yaw_unknown():
    pose = bodies.pose(PLANK, View(near="left"))
    pose.world[26] += (0.2, -0.4, 0.0)
    assert math.isnan(yaw_deg(pose, "down"))


@pytest.mark.parametrize("facing", ["up", "down", "aside", "upright"])
def test_yaw_of_nobody_is_unknown(facing):
    assert math.isnan(yaw_deg(Pose.missing(0.0, (640, 480)), facing))


@pytest.mark.parametrize(
    ("scene", "before", "problems"),
    [
        (Scene(), (), set()),
        (Scene(), ("camera_tilted", "more_than_one_person", "too_dark"), set()),  # not known is not wrong
        (Scene(200, 0, 1), (), set()),
        (Scene(DARK - 1, 0, 1), (), {"too_dark"}),
        (Scene(DARK + 1, 0, 1), (), set()),
        (Scene(DARK + 1, 0, 1), ("too_dark",), {"too_dark"}),  # must become clearly lighter
        (Scene(LIT + 1, 0, 1), ("too_dark",), set()),
        (Scene(200, 8, 1), (), set()),  # counted right up to there
        (Scene(200, TILTED_DEG + 0.1, 1), (), {"camera_tilted"}),
        (Scene(200, -TILTED_DEG - 0.1, 1), (), {"camera_tilted"}),
        (Scene(200, LEVEL_DEG + 0.1, 1), ("camera_tilted",), {"camera_tilted"}),
        (Scene(200, LEVEL_DEG - 0.1, 1), ("camera_tilted",), set()),
        (Scene(200, 0, 2), (), {"more_than_one_person"}),
        (Scene(5, -30, 3), (), {"camera_tilted", "more_than_one_person", "too_dark"}),
    ],
)
def test_scene_problems(scene, before, problems):
    assert scene_problems(scene, frozenset(before)) == problems


def test_every_problem_has_advice():
    assert set(ADVICE) == VIEW_NAMES
    assert SPOILING < VIEW_NAMES
    assert all(text.endswith(".") for text in ADVICE.values())


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


@pytest.mark.parametrize("near", ["left", "right"])
def test_limbs_that_are_not_known_are_not_said_to_be_outside(near):
    """As where they were seen on somebody else; nor do they change which side faces the camera."""
    pose = bodies.pose(BRIDGE, View(near=near))
    knee = Landmark[f"{near.upper()}_KNEE"]
    legs = [mark for mark in Landmark if mark >= knee and (mark - knee) % 2 == 0]
    pixels, world = pose.pixels.copy(), pose.world.copy()
    pixels[[*legs, *range(11)]] = world[[*legs, *range(11)]] = np.nan
    pose = replace(pose, pixels=pixels, world=world)
    assert frame_problems(pose, body_side(pose, near)) == set()
    assert (near_side(pose) > 0) == (near == "left")


def test_a_body_without_a_trunk_says_nothing_of_its_size():
    pose = bodies.hidden(bodies.pose(BRIDGE, View(trunk_px=20)), "hip")
    assert frame_problems(pose, body_side(pose, "right")) == set()
