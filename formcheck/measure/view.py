"""What is wrong with the camera's view, frame by frame: pure functions of one pose."""

from __future__ import annotations

import math

from formcheck.measure.body import Body, trunk_px
from formcheck.pose.landmarks import Landmark, Pose

ADVICE = {
    "turn_side_on": "Turn the camera or the mat so that it sees you from the side.",
    "head_out_of_frame": "Move the camera back or aside until your head is in the picture.",
    "feet_out_of_frame": "Move the camera back or aside until your feet are in the picture.",
    "too_far": "Move the camera nearer: you are very small in the picture.",
    "too_near": "Move the camera back: you do not fit in the picture.",
}
# The published error of this kind of estimator is 2-7 degrees from the side and 15 and more off-axis; the
# exercises ask for a side view within 30 degrees. World landmarks read the yaw up to 8 degrees off.
OBLIQUE_DEG = 26.0
# Past this a side-view angle is not a worse number, it is a different one.
NOT_SIDE_DEG = 50.0
TOO_FAR = 0.06  # trunk over the picture's longer side; at 640 px a trunk of 38 px: 1 px is over a degree
TOO_NEAR = 0.45


def yaw_deg(pose: Pose) -> float:
    """Angle between the camera and the exact side view, 0..90, from the world landmarks; NaN when unknown.

    The line from the left to the right shoulder (and hip) runs along the line of sight in a side view. The
    mean of both is taken; which way the body is turned is not told.
    """
    if not pose.found:
        return math.nan
    w = pose.world
    across = [w[left] - w[right] for left, right in _PAIRS]
    return sum(math.degrees(math.atan2(abs(float(d[0])), abs(float(d[2])))) for d in across) / len(across)


_PAIRS = (
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
)


def frame_problems(pose: Pose, body: Body) -> frozenset[str]:
    """Names of what is wrong with the picture's framing of this body (the yaw is judged over time)."""
    width, height = pose.size
    found: set[str] = set()
    if not any(_inside(pose, mark) for mark in (Landmark.NOSE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR)):
        found.add("head_out_of_frame")
    left = body.side == "left"
    ankle, toe = (
        (Landmark.LEFT_ANKLE, Landmark.LEFT_FOOT_INDEX) if left else (Landmark.RIGHT_ANKLE, Landmark.RIGHT_FOOT_INDEX)
    )
    if not (_inside(pose, ankle) or _inside(pose, toe)):
        found.add("feet_out_of_frame")
    trunk = trunk_px(body) / max(width, height)
    if trunk < TOO_FAR:
        found.add("too_far")
    elif trunk > TOO_NEAR:
        found.add("too_near")
    return frozenset(found)


def _inside(pose: Pose, mark: Landmark) -> bool:
    x, y = pose.pixels[mark]
    return bool(0 <= x <= pose.size[0] and 0 <= y <= pose.size[1])
