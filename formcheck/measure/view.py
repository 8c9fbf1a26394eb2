"""What is wrong with the camera's view, frame by frame: pure functions of one pose."""

from __future__ import annotations

import math

from formcheck.measure.body import Body, near_side, trunk_px
from formcheck.pose.landmarks import Landmark, Pose

ADVICE = {
    "turn_side_on": "Turn the camera or the mat so that it sees you from the side.",
    "head_out_of_frame": "Move the camera back or aside until your head is in the picture.",
    "feet_out_of_frame": "Move the camera back or aside until your feet are in the picture.",
    "too_far": "Move the camera nearer: you are very small in the picture.",
    "too_near": "Move the camera back: you do not fit in the picture.",
}
# Asked is a side view within about 30 degrees. The yaw is told to about 5 degrees (rms): of rendered views most up
# to 25 are not warned of and bridges from 35 are; a plank at 40 reads 29-30 and is not.
OBLIQUE_DEG = 33.0
# Past this a side-view angle is not a worse number, it is a different one.
NOT_SIDE_DEG = 55.0
TOO_FAR = 0.06  # trunk over the picture's longer side; at 640 px a trunk of 38 px: 1 px is over a degree
TOO_NEAR = 0.45


def yaw_deg(pose: Pose) -> float:
    """Angle between the camera and the exact side view of a body lying or propped up, 0..90; NaN when unknown.

    Two readings that err in different ways. In the world landmarks the lines from shoulder to shoulder and from hip
    to hip run along the line of sight in a side view; in the picture the far shoulder then hides behind the near one.
    Both are signed (positive: seen from the head's side) while they are set right, because both lean to one side.
    Source of the numbers: least squares on 50 rendered clips with yaws of -60 to 45 degrees; the mean is right to
    5 degrees (rms), each alone to 5 to 6. Real views labelled 35 and 45 degrees read 36 and 56, side views 5 to 15.
    """
    if not pose.found:
        return math.nan
    world, pixels = pose.world.tolist(), pose.pixels.tolist()
    near = 0 if near_side(pose) > 0 else 1
    shoulder, hip = Landmark.LEFT_SHOULDER + near, Landmark.LEFT_HIP + near
    far_shoulder, far_hip = Landmark.RIGHT_SHOULDER - near, Landmark.RIGHT_HIP - near
    headward = math.copysign(1.0, world[shoulder][0] - world[hip][0])
    turned = (
        _across_deg(world[shoulder], world[far_shoulder], headward) + _across_deg(world[hip], world[far_hip], headward)
    ) / 2
    if abs(turned) > NOT_SIDE_DEG:
        return abs(turned)
    (x, y), (hip_x, hip_y), (far_x, far_y) = pixels[shoulder], pixels[hip], pixels[far_shoulder]
    trunk = (x - hip_x, y - hip_y)
    beside = ((far_x - x) * trunk[0] + (far_y - y) * trunk[1]) / (trunk[0] ** 2 + trunk[1] ** 2)
    return abs((1.35 * turned + 4.0 + math.degrees(math.atan(2.72 * beside + 0.26))) / 2.0)


def _across_deg(near: list[float], far: list[float], headward: float) -> float:
    """Angle between the line from the near to the far joint and the line of sight, positive turned headward."""
    return math.degrees(math.atan2(headward * (far[0] - near[0]), abs(far[2] - near[2])))


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
