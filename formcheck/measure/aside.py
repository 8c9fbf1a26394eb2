"""Somebody on one side, seen from the front or the back: the side plank."""

from __future__ import annotations

import math

from formcheck.measure.body import Body
from formcheck.measure.geometry import distance_px, elevation_deg, joint_angle_deg, middle, offset_from_line


def aside_measures(left: Body, right: Body) -> dict[str, float]:
    """Measures of a body lying or propped on one side, of the points half way between left and right.

    Angles in degrees from pixels, lengths in trunk lengths (shoulders to hips), heights positive upward.

    Args:
        left: The person's left side.
        right: The right one.

    Returns:
        shoulder_stack: the left shoulder under the right one (negative: over it); near 0 when both are level or seen
            from the side.
        trunk_slope_deg: shoulders over hips, 0 level.
        hip_angle_deg: shoulders-hips-knees, 180 straight.
        hip_offset: hips from the line shoulders-ankles over that line's length, positive below it (sagging).
        knee_angle_deg, other_knee_angle_deg: left and right knee, 180 straight.
        hip_clearance: the lower hip over the lowest of elbows, wrists and feet.
        top_arm_deg: shoulder to wrist of the upper arm over the horizontal.
    """
    shoulder, hip, knee, ankle = (middle(left[j], right[j]) for j in ("shoulder", "hip", "knee", "ankle"))
    trunk = distance_px(shoulder, hip)
    stack = left["shoulder"][1] - right["shoulder"][1]
    upper = right if stack > 0 else left
    ends = [body[j][1] for body in (left, right) for j in ("elbow", "wrist", "ankle", "heel", "foot_index")]
    floor = max((y for y in ends if not math.isnan(y)), default=math.nan)
    return {
        "shoulder_stack": stack / trunk,
        "trunk_slope_deg": elevation_deg(hip, shoulder),
        "hip_angle_deg": joint_angle_deg(shoulder, hip, knee),
        "hip_offset": offset_from_line(hip, shoulder, ankle),
        "knee_angle_deg": joint_angle_deg(left["hip"], left["knee"], left["ankle"]),
        "other_knee_angle_deg": joint_angle_deg(right["hip"], right["knee"], right["ankle"]),
        "hip_clearance": (floor - max(left["hip"][1], right["hip"][1])) / trunk,
        "top_arm_deg": elevation_deg(upper["shoulder"], upper["wrist"]),
    }
