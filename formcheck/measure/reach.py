"""The leg that is stretched out while the other one stays: the bird dog, the dead bug and their kind."""

from __future__ import annotations

import math

from formcheck.measure.body import Body
from formcheck.measure.geometry import Point, joint_angle_deg, turn_deg


def reach_measures(near: Body, far: Body, belly: float) -> dict[str, float]:
    """Measures of the reaching leg, the one with the more open hip, and of the staying one. Angles in degrees.

    It is not told by its length: a far leg that is stretched out is read a third too short, with the right angles.
    Where one leg is not seen, the other one is taken for the reaching one.

    Args:
        near: The side that faces the camera; its shoulder and hip are the trunk.
        far: The other one.
        belly: +1 when the belly lies clockwise of the direction from hip to shoulder on the screen, else -1.

    Returns:
        reaching_hip_deg: thigh of the reaching leg against the trunk on the belly's side, 180 in line, over 180 past
            the line towards the back.
        reaching_leg_deg: direction hip to ankle of that leg against the trunk's from shoulder to hip, 0 in line with
            it, positive towards the belly.
        reaching_knee_deg, staying_knee_deg: the knee of either leg, 180 straight.
    """
    trunk = _way(near["shoulder"], near["hip"])
    hips = {body.side: 180.0 + belly * turn_deg(trunk, _way(body["hip"], body["knee"])) for body in (near, far)}
    ours, theirs = hips[near.side], hips[far.side]
    leg, other = (far, near) if theirs > ours or math.isnan(ours) else (near, far)
    return {
        "reaching_hip_deg": hips[leg.side],
        "reaching_leg_deg": -belly * turn_deg(trunk, _way(leg["hip"], leg["ankle"])),
        "reaching_knee_deg": joint_angle_deg(leg["hip"], leg["knee"], leg["ankle"]),
        "staying_knee_deg": joint_angle_deg(other["hip"], other["knee"], other["ankle"]),
    }


def _way(start: Point, end: Point) -> Point:
    return end[0] - start[0], end[1] - start[1]
