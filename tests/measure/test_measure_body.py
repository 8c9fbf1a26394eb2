from __future__ import annotations

import math
from dataclasses import replace

import bodies
import pytest
from bodies import View

from formcheck.measure.body import JOINTS, OUTSIDE, Body, body_side, measures, near_side, trunk_px, unit_of
from formcheck.pose.landmarks import Landmark, Pose

UP = View(head="left", near="right", at=(310.0, 300.0))
DOWN = View(head="left", near="left")


def measured(figure, view=UP, facing="up", change=lambda pose: pose):
    pose = change(bodies.pose(figure, view))
    other = "right" if view.near == "left" else "left"
    return measures(body_side(pose, view.near), body_side(pose, other), facing)


# A body drawn by hand, in trunk lengths: lying level with the head on the left, arms straight up.
LEVEL = {
    "shoulder": (-1.0, 0.0), "hip": (0.0, 0.0), "knee": (0.6, 0.6), "ankle": (1.2, 0.0), "heel": (1.1, -0.1),
    "foot_index": (1.4, -0.1), "ear": (-1.3, 0.05), "nose": (-1.3, 0.25), "elbow": (-1.0, 0.5), "wrist": (-1.0, 1.0),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "moved", "facing", "value"),
    [
        ("trunk_slope_deg", {}, "up", 0),
        ("trunk_slope_deg", {"shoulder": (-1.0, 1.0)}, "up", 45),  # the shoulder is higher
        ("trunk_slope_deg", {"shoulder": (-1.0, -1.0)}, "up", -45),
        ("hip_angle_deg", {}, "up", 135),
        ("hip_angle_deg", {"knee": (1.0, 0.0)}, "up", 180),
        ("hip_angle_deg", {"knee": (1.0, -1.0)}, "up", 225),  # on the back the hip stands past the line
        ("hip_angle_deg", {"knee": (1.0, -1.0)}, "down", 135),  # the same picture on the belly is a pike
        ("hip_angle_deg", {"knee": (1.0, 1.0)}, "down", 225),  # and this is sagging
        ("knee_angle_deg", {}, "up", 90),
        ("knee_angle_deg", {"ankle": (1.2, 1.2)}, "up", 180),
        ("other_knee_angle_deg", {}, "up", 90),
        ("other_knee_angle_deg", {"far_ankle": (1.2, 1.2)}, "up", 180),  # only the far leg is straight
        ("knee_angle_deg", {"far_ankle": (1.2, 1.2)}, "up", 90),
        ("elbow_angle_deg", {}, "up", 180),
        ("elbow_angle_deg", {"wrist": (-0.5, 0.5)}, "up", 90),
        ("hip_offset", {"ankle": (1.0, 0.0)}, "down", 0),
        ("hip_offset", {"ankle": (1.0, 0.0), "hip": (0.0, -0.2)}, "down", 0.1),  # below the line: sagging
        ("hip_offset", {"ankle": (1.0, 0.0), "hip": (0.0, 0.4)}, "down", -0.2),  # above it: piked
        ("knee_hip_offset", {"knee": (1.0, 0.0), "hip": (0.0, -0.2)}, "down", 0.1),
        ("ear_height", {}, "up", 0.05),
        ("shoulder_height", {"shoulder": (-0.6, 0.8)}, "up", 0.8),
        ("knee_height", {}, "up", 0.6),
        ("ankle_height", {"ankle": (1.0, -0.3)}, "up", -0.3),
        ("wrist_height", {}, "up", 1.0),  # over the shoulder
        ("wrist_height", {"wrist": (-1.0, -0.2)}, "up", -0.2),
        ("face_angle_deg", {}, "up", 90),  # the nose over the ear: straight to the ceiling
        ("face_angle_deg", {"nose": (-1.1, 0.25)}, "up", 135),  # chin to the chest: grows
        ("face_angle_deg", {"nose": (-1.5, 0.05)}, "up", 0),  # along the trunk
        ("face_angle_deg", {"nose": (-1.3, -0.15)}, "down", 90),  # on the belly: to the floor
        ("head_angle_deg", {"ear": (-1.3, 0.0)}, "up", 0),
        ("head_angle_deg", {"ear": (-1.3, 0.3)}, "up", 45),  # towards the belly
        ("head_angle_deg", {"ear": (-1.3, 0.3)}, "down", -45),  # on the belly the same is towards the back: raised
        ("hand_to_head", {"ear": (-1.4, 0.7)}, "up", 0.5),
        ("arm_elevation_deg", {}, "up", 90),
        ("arm_elevation_deg", {"wrist": (0.0, 0.0)}, "up", 0),
        ("support_shift", {"wrist": (-0.7, 1.0)}, "down", 0.3),  # a straight arm stands on its wrist
        ("support_shift", {"elbow": (-0.8, -0.5), "wrist": (-1.8, -0.5)}, "down", 0.2),  # a bent one on its elbow
        ("support_height", {"elbow": (-1.0, -0.5), "wrist": (-1.0, -1.0)}, "down", -0.9),  # hands below the feet
        ("support_height", {"elbow": (-1.0, 0.5), "wrist": (-2.0, 0.5)}, "down", 0.6),  # elbow over the feet
        ("hip_clearance", {}, "down", 0.1),  # heel and toe are lowest
        ("hip_clearance", {"wrist": (-1.0, -0.5)}, "down", 0.5),  # now the hand is
        ("knee_clearance", {}, "down", 0.7),
        ("shank_height", {}, "up", -0.6),  # the ankle is below the knee
        ("shank_height", {"ankle": (1.2, 1.0)}, "up", 0.4),
        ("shoulders_height", {"shoulder": (-0.6, 0.8)}, "up", 0.8),
        ("shoulders_slope_deg", {"shoulder": (-0.6, 0.6)}, "up", 45),
        ("wrist_shift", {}, "down", 0.0),
        ("wrist_shift", {"wrist": (-1.3, -1.0)}, "down", 0.3),  # ahead of the shoulder
        ("knee_shift", {"knee": (-0.2, -0.8)}, "down", 0.2),  # ahead of the hip
        ("knee_shift", {"knee": (0.2, -0.8)}, "down", -0.2),
        ("thigh_lean_deg", {"knee": (0.0, -0.8)}, "down", 0),
        ("thigh_lean_deg", {"knee": (0.8, -0.8)}, "down", 45),  # the hip ahead of the knee
        ("thigh_lean_deg", {"knee": (-0.8, -0.8)}, "down", -45),
        ("head_pitch_deg", {}, "up", 90),  # straight to the ceiling
        ("head_pitch_deg", {"nose": (-1.5, 0.05)}, "down", 0),  # looking ahead
        ("head_pitch_deg", {"nose": (-1.3, -0.15)}, "down", 90),  # to the floor
        ("head_pitch_deg", {"nose": (-1.1, -0.15)}, "down", 135),  # between the arms
        ("head_pitch_deg", {"nose": (-1.1, 0.0)}, "down", 165.9638),  # to the knees
        ("head_pitch_deg", {"nose": (-1.5, 0.25)}, "down", -45),  # to the ceiling ahead
    ],
)
def test_measure(name, moved, facing, value):
    figure = LEVEL | moved
    assert measured(figure, UP, facing)[name] == pytest.approx(value, abs=1e-4)
    # In the mirror, with the other side near and the head on the other side, nothing changes.
    assert measured(figure, replace(UP, head="right", near="left"), facing)[name] == pytest.approx(value, abs=1e-4)
    # Nor nearer to the camera, nor elsewhere in a larger picture.
    nearer = replace(UP, size=(1920, 1080), trunk_px=260.0, at=(900.0, 600.0))
    assert measured(figure, nearer, facing)[name] == pytest.approx(value, abs=1e-4)


def test_every_measure_is_tested():
    assert {mark.args[1][i][0] for mark in test_measure.pytestmark for i in range(len(mark.args[1]))} == set(
        measured(LEVEL)
    )


def test_shoulders_and_hips_are_the_middles_of_both():
    joints = {joint: (x * 100, -y * 100) for joint, (x, y) in LEVEL.items()}
    near = Body("left", joints | {"hip": (0.0, -40.0)})
    far = Body("right", joints | {"shoulder": (-100.0, -100.0)})
    # The middles: (-1, 0.5) and (0, 0.2).
    for mine, other in ((near, far), (far, near)):
        assert measures(mine, other, "up")["shoulders_height"] == pytest.approx(0.3 / math.hypot(1.0, 0.3))
    unseen = Body("right", joints | {"shoulder": (math.nan, math.nan)})
    assert math.isnan(measures(near, unseen, "up")["shoulders_height"])


@pytest.mark.parametrize("yaw_deg", [0.0, 15.0, 30.0])
@pytest.mark.parametrize("slope_deg", [-10.0, 0.0, 20.0, 45.0, 70.0])
def test_the_foreshortening_is_taken_out_of_the_shoulders_slope(slope_deg, yaw_deg):
    """A camera that is turned shortens what is level and leaves what is upright."""
    x = -math.cos(math.radians(slope_deg)) * math.cos(math.radians(yaw_deg))
    y = math.sin(math.radians(slope_deg))
    joints = {joint: (x * 100, -y * 100) for joint, (x, y) in (LEVEL | {"hip": (0.0, 0.0), "shoulder": (x, y)}).items()}
    near, far = Body("left", joints), Body("right", joints)
    assert measures(near, far, "up", yaw_deg)["shoulders_slope_deg"] == pytest.approx(slope_deg)
    unknown = measures(near, far, "up", math.nan)["shoulders_slope_deg"]
    assert unknown == pytest.approx(measures(near, far, "up")["shoulders_slope_deg"])


def test_hip_angle_goes_on_past_the_line():
    angles = [measured(bodies.bridge(deg))["hip_angle_deg"] for deg in (125, 150, 178, 182, 200)]
    assert angles == pytest.approx([125, 150, 178, 182, 200], abs=0.01)


@pytest.mark.parametrize("offset", [-0.2, -0.05, 0.0, 0.05, 0.1])
def test_hip_offset_of_a_plank(offset):
    assert measured(bodies.plank(offset), DOWN, "down")["hip_offset"] == pytest.approx(offset, abs=1e-4)
    knees = measured(bodies.plank(offset, kind="knees"), DOWN, "down")
    assert knees["knee_hip_offset"] == pytest.approx(offset, abs=1e-4)


def test_hip_offset_without_ankles_is_taken_from_the_knee():
    found = measured(bodies.plank(0.05), DOWN, "down", lambda pose: bodies.hidden(pose, "ankle"))
    assert found["hip_offset"] == found["knee_hip_offset"] > 0


HANGS_ON = {
    "shoulder": {"trunk_slope_deg", "hip_angle_deg", "hip_offset", "shoulder_height", "ear_height", "support_shift"},
    "hip": {"trunk_slope_deg", "hip_angle_deg", "knee_angle_deg", "hip_clearance", "ear_height"},
    "knee": {"hip_angle_deg", "knee_angle_deg", "other_knee_angle_deg", "knee_hip_offset", "knee_height"},
    "ankle": {"knee_angle_deg", "other_knee_angle_deg", "ankle_height", "shank_height"},
    "ear": {"ear_height", "face_angle_deg", "head_angle_deg", "hand_to_head", "head_pitch_deg"},
    "nose": {"face_angle_deg", "head_pitch_deg"},
}


@pytest.mark.parametrize("joint", HANGS_ON)
def test_measures_of_an_unseen_joint_are_unknown(joint):
    found = measured(LEVEL, change=lambda pose: bodies.hidden(pose, joint))
    unknown = {name for name, value in found.items() if math.isnan(value)}
    assert HANGS_ON[joint] <= unknown
    if joint in ("ankle", "ear", "nose"):  # nothing else hangs on these
        assert unknown == HANGS_ON[joint]


def test_floor_is_the_lowest_joint_that_is_seen():
    seen = measured(bodies.plank(), DOWN, "down")
    feet_unseen = measured(
        bodies.plank(), DOWN, "down", lambda pose: bodies.hidden(pose, "ankle", "heel", "foot_index")
    )
    assert feet_unseen["hip_clearance"] == pytest.approx(seen["hip_clearance"], abs=0.02)  # the elbow is on the floor
    # Feet unseen: the support is compared with the knee.
    assert feet_unseen["support_height"] == pytest.approx(-seen["knee_clearance"], abs=0.02)


def test_no_joint_on_the_floor_seen_is_unknown():
    floor = ("elbow", "wrist", "ankle", "heel", "foot_index")
    # Arms are believed at any visibility, so they are put out of the picture.
    pose = bodies.hidden(bodies.pose(LEVEL, UP), *floor)
    pose.pixels[[m for m in Landmark if m.name.endswith(("ELBOW", "WRIST"))]] = -500.0
    found = measures(body_side(pose, "right"), body_side(pose, "left"), "up")
    assert math.isnan(found["hip_clearance"])
    assert math.isnan(found["knee_clearance"])


@pytest.mark.parametrize(
    ("x", "inside"),
    [
        (0.0, True),
        (-OUTSIDE * 640 + 1, True),  # just cut off by the edge
        (-OUTSIDE * 640 - 1, False),
        (640 + OUTSIDE * 640 - 1, True),
        (640 + OUTSIDE * 640 + 1, False),
    ],
)
def test_joints_far_outside_the_picture_are_not_believed(x, inside):
    pose = bodies.pose(LEVEL, UP)
    pose.pixels[Landmark.RIGHT_ANKLE, 0] = x
    assert math.isnan(body_side(pose, "right")["ankle"][0]) is not inside


@pytest.mark.parametrize(
    ("joint", "visibility", "believed"),
    [
        ("hip", 0.29, False),
        ("hip", 0.31, True),
        ("ear", 0.0, False),
        ("wrist", 0.0, True),  # hands behind the head are hidden, and are where they are said to be
        ("elbow", 0.0, True),
    ],
)
def test_visibility(joint, visibility, believed):
    pose = bodies.hidden(bodies.pose(LEVEL, UP), joint, visibility=visibility)
    assert math.isnan(body_side(pose, "left")[joint][0]) is not believed


def test_body_side_takes_the_persons_own_side():
    pose = bodies.pose(LEVEL | {"far_ankle": (1.0, 1.0)}, UP)
    for side, name in (("left", "LEFT"), ("right", "RIGHT")):
        body = body_side(pose, side)
        assert body.side == side
        assert body["nose"] == tuple(pose.pixels[Landmark.NOSE])
        for joint in set(JOINTS) - {"nose"}:
            assert body[joint] == tuple(pose.pixels[Landmark[f"{name}_{joint.upper()}"]])


def test_trunk_is_in_pixels():
    assert trunk_px(body_side(bodies.pose(LEVEL, UP), "right")) == pytest.approx(UP.trunk_px)


@pytest.mark.parametrize(
    ("near", "yaw_deg", "sense"),
    [
        ("left", 0, 1),
        ("right", 0, -1),
        ("left", 30, 1),  # turned somewhat, the near side is still the near one
        ("right", -30, -1),
    ],
)
def test_near_side(near, yaw_deg, sense):
    metres = near_side(bodies.pose(LEVEL, View(near=near, yaw_deg=yaw_deg)))
    assert metres * sense > 0.1


def test_near_side_of_nobody_is_unknown():
    assert math.isnan(near_side(Pose.missing(0.0, (640, 480))))


@pytest.mark.parametrize(
    ("measure", "unit"),
    [
        ("hip_angle_deg", "deg"),
        ("trunk_slope_deg", "deg"),
        ("hip_offset", "line lengths"),
        ("knee_hip_offset", "line lengths"),
        ("wrist_height", "trunk lengths"),
    ],
)
def test_unit(measure, unit):
    assert unit_of(measure) == unit
