"""The body seen from the side: named measures of the side that faces the camera.

All lengths are in trunk lengths (shoulder to hip of the same frame), all angles in degrees, both from
pixels. Heights are positive upward. A joint that is not credibly in the picture is NaN, and so is every
measure that hangs on it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from formcheck.measure.geometry import (
    Point,
    distance_px,
    elevation_deg,
    joint_angle_deg,
    middle,
    offset_from_line,
    straightness_deg,
    turn_deg,
)
from formcheck.pose.landmarks import Landmark, Pose, Side

Facing = Literal["up", "down", "aside", "upright"]
JOINTS = ("nose", "ear", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
_LEFT = {
    "nose": Landmark.NOSE,
    "ear": Landmark.LEFT_EAR,
    "shoulder": Landmark.LEFT_SHOULDER,
    "elbow": Landmark.LEFT_ELBOW,
    "wrist": Landmark.LEFT_WRIST,
    "hip": Landmark.LEFT_HIP,
    "knee": Landmark.LEFT_KNEE,
    "ankle": Landmark.LEFT_ANKLE,
    "heel": Landmark.LEFT_HEEL,
    "foot_index": Landmark.LEFT_FOOT_INDEX,
}
# Every paired landmark's right twin follows its left one.
_INDEX: dict[Side, dict[str, int]] = {
    "left": {name: int(mark) for name, mark in _LEFT.items()},
    "right": {name: int(mark) + (name != "nose") for name, mark in _LEFT.items()},
}
# A joint may be guessed this far outside the picture (share of the longer side) and still be used: the
# estimator carries limbs that are just cut off by the edge to within a few per cent of the trunk.
OUTSIDE = 0.03
# Below this the estimator itself says it is guessing. Above it proves nothing (see design notes).
VISIBILITY_MIN = 0.3
# Hands behind the head are rightly said to be hidden, and are nevertheless where they are said to be.
HAND_VISIBILITY_MIN = 0.0


@dataclass(frozen=True, slots=True)
class Body:
    """The joints of one side in pixels; a joint that is not credibly seen is (NaN, NaN)."""

    side: Side
    joints: dict[str, Point]

    def __getitem__(self, joint: str) -> Point:
        """Pixels (x, y) of one of `JOINTS`."""
        return self.joints[joint]


_SHOULDER_WIDTHS = ("ear_rise", "face_width", "shoulder_level", "leg_drop")


def unit_of(measure: str) -> str:
    """Unit of a measure, as reported: "deg", "line lengths" (offsets from a line) or "trunk lengths"."""
    if measure.endswith("_deg"):
        return "deg"
    if measure in _SHOULDER_WIDTHS:
        return "shoulder widths"
    return "line lengths" if measure.endswith("_offset") else "trunk lengths"


def near_side(pose: Pose) -> float:
    """How clearly the left side faces the camera: metres by which it is nearer, negative for the right.

    Mean over shoulder, hip, knee and ankle, where known, of the world depth; NaN when nobody is found.
    """
    if not pose.found:
        return math.nan
    depth: list[float] = pose.world[:, 2].tolist()
    nearer = [depth[mark + 1] - depth[mark] for mark in _PAIRED]
    known = [metres for metres in nearer if not math.isnan(metres)]
    return sum(known) / len(known) if known else math.nan


_PAIRED = (int(Landmark.LEFT_SHOULDER), int(Landmark.LEFT_HIP), int(Landmark.LEFT_KNEE), int(Landmark.LEFT_ANKLE))


def body_side(pose: Pose, side: Side) -> Body:
    """One side's joints, those that are guessed or out of the picture blanked."""
    width, height = pose.size
    margin = OUTSIDE * max(width, height)
    points = pose.pixels.tolist()
    seen = pose.visibility.tolist()
    joints: dict[str, Point] = {}
    for name, index in _INDEX[side].items():
        x, y = points[index]
        floor = HAND_VISIBILITY_MIN if name in ("elbow", "wrist") else VISIBILITY_MIN
        inside = -margin <= x <= width + margin and -margin <= y <= height + margin
        joints[name] = (x, y) if inside and seen[index] >= floor else (math.nan, math.nan)
    return Body(side, joints)


def levelled(body: Body, roll_deg: float) -> Body:
    """The joints as a level camera would show them: turned back about the picture's corner.

    Args:
        body: The joints in a leaning picture.
        roll_deg: How far its content is turned clockwise.
    """
    cos, sin = math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg))
    turned = {name: (x * cos + y * sin, y * cos - x * sin) for name, (x, y) in body.joints.items()}
    return Body(body.side, turned)


def trunk_px(body: Body) -> float:
    """Length of the trunk, shoulder to hip, in pixels."""
    return distance_px(body["shoulder"], body["hip"])


def belly_side(body: Body, facing: Facing) -> float:
    """+1 when the belly lies clockwise of the direction from hip to shoulder on the screen, else -1.

    On the back the body faces towards its feet once upright, on the belly towards its head.
    """
    head_right = math.copysign(1.0, body["shoulder"][0] - body["hip"][0])
    return -head_right if facing == "up" else head_right


def measures(body: Body, other: Body, facing: Facing, yaw_deg: float = 0.0) -> dict[str, float]:
    """Every measure of a body lying or propped on the floor, seen from the side.

    Args:
        body: The side that faces the camera.
        other: The side that faces away.
        facing: Where the belly faces: "up" on the back, "down" on hands, forearms or belly.
        yaw_deg: How far the camera is off the exact side view; NaN is taken for 0.

    Returns:
        trunk_slope_deg: shoulder over hip, 0 level, positive when the shoulder is higher.
        hip_angle_deg: shoulder-hip-knee on the belly's side, 180 straight; over 180 the hip has passed the
            line towards the belly (up on the back, down in a plank).
        knee_angle_deg, elbow_angle_deg: 180 straight.
        other_knee_angle_deg: the knee of the side that faces away.
        hip_offset: hip from the line shoulder-ankle (ankle unseen: shoulder-knee) over that line's length,
            positive below it (sagging).
        knee_hip_offset: the same from the line shoulder-knee, for a plank on the knees.
        ear_height, shoulder_height, knee_height, ankle_height, wrist_height: over the hip (`wrist_height`:
            over the shoulder).
        face_angle_deg: direction ear to nose against direction hip to shoulder, 0 along the trunk,
            positive towards the belly: grows when the chin comes to the chest.
        head_angle_deg: direction shoulder to ear against direction hip to shoulder, positive towards the
            belly (head dropped forward), negative towards the back (head raised).
        hand_to_head: wrist to ear.
        arm_elevation_deg: shoulder to wrist over the horizontal.
        support_shift: horizontal distance of the supporting joint (elbow of a bent arm, wrist of a straight
            one) from the shoulder.
        support_height: the supporting joint over the foot (foot unseen: over the knee).
        hip_clearance, knee_clearance: hip and knee over the lowest of elbow, wrist, ankle, heel and toe.
        shank_height: ankle over knee.
        wrist_shift, knee_shift: how far the wrist is ahead of the shoulder, the knee ahead of the hip, along the
            horizontal, positive towards the head's end.
        shoulders_height: the middle of both shoulders over the middle of both hips, in the distance of the two: in a
            view off the side the near shoulder alone seems to rise by up to half more than it does.
        shoulders_slope_deg: the middle of both shoulders over the middle of both hips, 0 level, positive when the
            shoulders are higher; the foreshortening of a view off the side, 1 / cos(yaw) of its tangent, taken out.
        thigh_lean_deg: direction knee to hip against the vertical, positive when the hip leans towards the head's end.
        head_pitch_deg: direction ear to nose against the horizontal, 0 along the head's end, 90 towards the floor in a
            body that faces down (the ceiling in one that faces up), up to 270; grows when the chin comes to the chest.
    """
    ear, nose, shoulder, elbow, wrist = (body[j] for j in ("ear", "nose", "shoulder", "elbow", "wrist"))
    hip, knee, ankle = body["hip"], body["knee"], body["ankle"]
    trunk = trunk_px(body)
    head_right = math.copysign(1.0, shoulder[0] - hip[0])
    belly = belly_side(body, facing)
    elbow_angle = joint_angle_deg(shoulder, elbow, wrist)
    support = wrist if elbow_angle > STRAIGHT_ARM_DEG else elbow
    floor = _lowest(body, ("elbow", "wrist", "ankle", "heel", "foot_index"))
    foot = _lowest(body, ("ankle", "heel", "foot_index"))
    foot = knee[1] if math.isnan(foot) else foot
    knee_offset = offset_from_line(hip, shoulder, knee)
    along_trunk = (shoulder[0] - hip[0], shoulder[1] - hip[1])
    return {
        "trunk_slope_deg": elevation_deg(hip, shoulder),
        "hip_angle_deg": straightness_deg(shoulder, hip, knee, belly),
        "knee_angle_deg": joint_angle_deg(hip, knee, ankle),
        "other_knee_angle_deg": joint_angle_deg(other["hip"], other["knee"], other["ankle"]),
        "elbow_angle_deg": elbow_angle,
        "hip_offset": knee_offset if math.isnan(ankle[0]) else offset_from_line(hip, shoulder, ankle),
        "knee_hip_offset": knee_offset,
        "ear_height": (hip[1] - ear[1]) / trunk,
        "shoulder_height": (hip[1] - shoulder[1]) / trunk,
        "knee_height": (hip[1] - knee[1]) / trunk,
        "ankle_height": (hip[1] - ankle[1]) / trunk,
        "wrist_height": (shoulder[1] - wrist[1]) / trunk,
        "face_angle_deg": belly * turn_deg(along_trunk, (nose[0] - ear[0], nose[1] - ear[1])),
        "head_angle_deg": belly * turn_deg(along_trunk, (ear[0] - shoulder[0], ear[1] - shoulder[1])),
        "hand_to_head": distance_px(wrist, ear) / trunk,
        "arm_elevation_deg": elevation_deg(shoulder, wrist),
        "support_shift": abs(support[0] - shoulder[0]) / trunk,
        "support_height": (foot - support[1]) / trunk,
        "hip_clearance": (floor - hip[1]) / trunk,
        "knee_clearance": (floor - knee[1]) / trunk,
        "shank_height": (knee[1] - ankle[1]) / trunk,
        "shoulders_height": _height_over(body, other, "shoulder", "hip"),
        "shoulders_slope_deg": _slope_over_deg(body, other, "shoulder", "hip", yaw_deg),
        "wrist_shift": head_right * (wrist[0] - shoulder[0]) / trunk,
        "knee_shift": head_right * (knee[0] - hip[0]) / trunk,
        "thigh_lean_deg": math.degrees(math.atan2(head_right * (hip[0] - knee[0]), abs(knee[1] - hip[1]))),
        "head_pitch_deg": (belly * turn_deg((head_right, 0.0), (nose[0] - ear[0], nose[1] - ear[1])) + 90) % 360 - 90,
    }


# Forearm planks bend the elbow to about 90 degrees, high planks straighten it past 150; the estimator reads
# elbows up to 15 degrees too bent from the side.
STRAIGHT_ARM_DEG = 130.0


def _height_over(body: Body, other: Body, upper: str, lower: str) -> float:
    """A joint over another one, both taken half way between the two sides, in the distance of the two middles."""
    high, low = middle(body[upper], other[upper]), middle(body[lower], other[lower])
    return (low[1] - high[1]) / distance_px(high, low)


def _slope_over_deg(body: Body, other: Body, upper: str, lower: str, yaw_deg: float) -> float:
    """Slope of the line between two joints, both half way between the sides, as it is seen exactly from the side."""
    seen_deg = elevation_deg(middle(body[lower], other[lower]), middle(body[upper], other[upper]))
    shown = 1.0 if math.isnan(yaw_deg) else math.cos(math.radians(yaw_deg))
    return math.degrees(math.atan2(math.sin(math.radians(seen_deg)) * shown, math.cos(math.radians(seen_deg))))


def _lowest(body: Body, joints: tuple[str, ...]) -> float:
    """Largest y (lowest on the screen) of those joints that are seen, NaN when none is."""
    ys = [body[joint][1] for joint in joints if not math.isnan(body[joint][1])]
    return max(ys, default=math.nan)
