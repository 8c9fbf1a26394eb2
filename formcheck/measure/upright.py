"""Somebody sitting or standing, from the side or (the usual laptop) from the front."""

from __future__ import annotations

import math

from formcheck.measure.body import Body
from formcheck.measure.geometry import Point, distance_px, elevation_deg, joint_angle_deg, middle

FROM_SIDE = ("trunk_lean_deg", "neck_lean_deg", "hip_angle_deg", "knee_angle_deg", "shank_drop")
FROM_FRONT = (
    "ear_rise",
    "shoulder_level",
    "leg_drop",
    "face_width",
    "shoulder_tilt_deg",
    "sideways_lean_deg",
    "head_sideways_deg",
)
FRONT_DEG, SIDE_DEG = 35.0, 60.0  # under the one nothing is seen as from the front, over the other as from the side


def upright_measures(near: Body, far: Body, forward: float, yaw_deg: float, middle_px: float) -> dict[str, float]:
    """Measures of an upright body. Angles in degrees, from pixels. What a view does not show is unknown.

    Args:
        near: The side that faces the camera.
        far: The other one.
        forward: +1 when the person faces the picture's right, -1 the left.
        yaw_deg: Of the camera from the exact side view: 0 from the side, 90 from the front.
        middle_px: y of the picture's middle.

    Returns, from the side:
        trunk_lean_deg: hip to shoulder from the vertical, positive forward; beyond 90 the head is lower.
        neck_lean_deg: shoulder to ear from the vertical, positive forward.
        hip_angle_deg, knee_angle_deg: 180 straight.
        shank_drop: the ankle under the knee, in trunk lengths.

    From any side:
        thigh_slope_deg: the knee over the hip: about 0 sitting, -90 standing.

    From the front:
        ear_rise: both ears over both shoulders, in shoulder widths.
        leg_drop: both ankles under both hips, in shoulder widths: about 1.4 sitting, 2.3 standing.
        shoulder_level: both shoulders over the picture's middle, in shoulder widths.
        face_width: ear to ear, in shoulder widths.
        shoulder_tilt_deg: the slope of the line of the shoulders, positive when the person's right one is lower.
        sideways_lean_deg: middle of the hips to middle of the shoulders from the vertical, positive to the person's
            right seen from the front.
        head_sideways_deg: middle of the shoulders to middle of the ears from the vertical, positive likewise.
    """
    hip, shoulder, ear, knee, ankle = (near[j] for j in ("hip", "shoulder", "ear", "knee", "ankle"))
    left, right = (near, far) if near.side == "left" else (far, near)
    shoulders, ears = middle(left["shoulder"], right["shoulder"]), middle(left["ear"], right["ear"])
    hips = middle(left["hip"], right["hip"])
    width = distance_px(left["shoulder"], right["shoulder"]) or math.nan
    drop = right["shoulder"][1] - left["shoulder"][1]
    values = {
        "trunk_lean_deg": _lean_deg(hip, shoulder, forward),
        "neck_lean_deg": _lean_deg(shoulder, ear, forward),
        "hip_angle_deg": joint_angle_deg(shoulder, hip, knee),
        "knee_angle_deg": joint_angle_deg(hip, knee, ankle),
        "thigh_slope_deg": elevation_deg(hip, knee),
        "shank_drop": (ankle[1] - knee[1]) / distance_px(shoulder, hip),
        "ear_rise": (shoulders[1] - ears[1]) / width,
        "shoulder_level": (middle_px - shoulders[1]) / width,
        "leg_drop": (middle(left["ankle"], right["ankle"])[1] - hips[1]) / width,
        "face_width": distance_px(left["ear"], right["ear"]) / width,
        "shoulder_tilt_deg": math.degrees(math.asin(drop / width)),
        "sideways_lean_deg": _lean_deg(hips, shoulders, -1.0),
        "head_sideways_deg": _lean_deg(shoulders, ears, -1.0),
    }
    unseen = FROM_FRONT if yaw_deg < FRONT_DEG else () if yaw_deg < SIDE_DEG else FROM_SIDE
    return values | dict.fromkeys(unseen, math.nan)


def faces_right(near: Body, far: Body) -> float:
    """How clearly the person faces the picture's right: pixels from the ears to the nose, negative for the left."""
    ears = middle(near["ear"], far["ear"])
    centre = near["ear"] if math.isnan(ears[0]) else ears
    return near["nose"][0] - centre[0]


def _lean_deg(low: Point, high: Point, forward: float) -> float:
    return math.degrees(math.atan2(forward * (high[0] - low[0]), low[1] - high[1]))
