"""The two legs of somebody on the back, each by itself: which one is raised, how far, how straight."""

from __future__ import annotations

import math

from formcheck.measure.body import Body, trunk_px
from formcheck.measure.geometry import Point, distance_px, joint_angle_deg, turn_deg

# On the back the estimator sets the shoulders too low or the hips too high: rendered trunks whose joints lie level or
# 3 degrees head-up read 2-4 degrees head-down, so that a leg reads 3-6 degrees too low against them.
LYING_TRUNK_DEG = 4.0
# Where one leg hides the other, the estimator draws both feet half way between them; then nothing of the legs is
# known. In the picture the shank of a leg seen from the side is 0.7-1.3 of the thigh, in such a mixture under 0.65.
SHANK_PER_THIGH = (0.67, 1.7)
NAMES = (
    "left_elevation_deg",
    "right_elevation_deg",
    "raised_elevation_deg",
    "raised_knee_deg",
    "other_knee_deg",
    "other_heel_height",
    "hands_height",
)


def leg_measures(near: Body, far: Body) -> dict[str, float]:
    """Measures of both legs on the back, by side and by what they do: the higher one is raised.

    Angles in degrees, heights in trunk lengths of the near side, positive upward.

    Args:
        near: The side that faces the camera; its hip and shoulder stand for both sides'.
        far: The other one.

    Returns:
        left_elevation_deg, right_elevation_deg: hip to ankle over the trunk's lying line, 0 flat on the floor, 90
            straight up.
        raised_elevation_deg, raised_knee_deg: of the leg that is higher: elevation, and knee angle (180 straight).
        other_knee_deg, other_heel_height: of the other leg: knee angle, and heel (unseen: ankle) over the hip.
        hands_height: the higher wrist over the shoulder.
    """
    if not (_plausible(near) and _plausible(far)):
        return dict.fromkeys(NAMES, math.nan)
    hip, shoulder = near["hip"], near["shoulder"]
    belly = math.copysign(1.0, hip[0] - shoulder[0])
    trunk = trunk_px(near)
    elevation = {body.side: _elevation_deg(belly, shoulder, hip, body["ankle"]) for body in (near, far)}
    values = {"left_elevation_deg": elevation["left"], "right_elevation_deg": elevation["right"]}
    raised = near if elevation[near.side] >= elevation[far.side] else far
    other = far if raised is near else near
    if math.isnan(elevation[near.side] + elevation[far.side]):
        return dict.fromkeys(NAMES, math.nan) | values
    heel = other["ankle"] if math.isnan(other["heel"][1]) else other["heel"]
    wrists = [body["wrist"][1] for body in (near, far) if not math.isnan(body["wrist"][1])]
    return values | {
        "raised_elevation_deg": elevation[raised.side],
        "raised_knee_deg": joint_angle_deg(raised["hip"], raised["knee"], raised["ankle"]),
        "other_knee_deg": joint_angle_deg(other["hip"], other["knee"], other["ankle"]),
        "other_heel_height": (hip[1] - heel[1]) / trunk,
        "hands_height": (shoulder[1] - min(wrists, default=math.nan)) / trunk,
    }


def _plausible(body: Body) -> bool:
    """Whether the bones of this leg have the lengths of a leg, or are not known."""
    thigh, shank = distance_px(body["hip"], body["knee"]), distance_px(body["knee"], body["ankle"])
    return math.isnan(thigh + shank) or SHANK_PER_THIGH[0] * thigh <= shank <= SHANK_PER_THIGH[1] * thigh


def _elevation_deg(belly: float, shoulder: Point, hip: Point, ankle: Point) -> float:
    away = (hip[0] - shoulder[0], hip[1] - shoulder[1])
    return LYING_TRUNK_DEG - belly * turn_deg(away, (ankle[0] - hip[0], ankle[1] - hip[1]))
