"""What is wrong with the camera's view, frame by frame: pure functions of one pose."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias, get_args

from formcheck.measure.body import Body, Facing, near_side, trunk_px
from formcheck.pose.landmarks import Landmark, Pose, Scene

ViewName: TypeAlias = Literal[
    "turn_side_on",
    "head_out_of_frame",
    "feet_out_of_frame",
    "too_far",
    "too_near",
    "camera_tilted",
    "more_than_one_person",
    "too_dark",
]
VIEW_NAMES: frozenset[ViewName] = frozenset(get_args(ViewName))
ADVICE = {
    "turn_side_on": "Turn the camera or the mat so that it sees you from the side.",
    "head_out_of_frame": "Move the camera back or aside until your head is in the picture.",
    "feet_out_of_frame": "Move the camera back or aside until your feet are in the picture.",
    "too_far": "Move the camera nearer: you are very small in the picture.",
    "too_near": "Move the camera back: you do not fit in the picture.",
    "camera_tilted": "Set the camera level: the room leans in the picture.",
    "more_than_one_person": "Ask others to step out of the picture: you may be mixed up.",
    "too_dark": "Turn on a light: the picture is too dark to see you well.",
}
ADVISED = {sentence: name for name, sentence in ADVICE.items()}
# While one of these lasts, measures are wrong, not only less sure: nothing begins to count. A joint out of the picture
# is missed by the exercises that need it, see `Exercise.needs`.
SPOILING: frozenset[ViewName] = frozenset(("turn_side_on", "camera_tilted", "too_far", "too_near"))
# Asked is a side view within about 30 degrees. The yaw is told to about 4 degrees (rms).
OBLIQUE_DEG = 33.0
# Past this a side-view angle is not a worse number, it is a different one.
NOT_SIDE_DEG = 55.0
TOO_FAR = 0.07  # trunk over the picture's longer side: at 0.08 everybody was found, at 0.07 two of four clips were lost
TOO_NEAR = 0.45
# Of the scene, each with the limit at which it is well again. Rolled by up to 8 degrees rendered clips are counted
# right; the roll is told to 0.4-0.9 degrees (rms, 1 700 single looks at turned pictures, one in twenty off by 1.7).
TILTED_DEG, LEVEL_DEG = 10.0, 9.0
# Darkened clips with the noise of a camera: at a light of 61 and more counts are right, and a bridge at 38; at 33-37
# holds are up to 2 s off, from 18 on some people are lost, from 14 on most.
DARK, LIT = 37.5, 43.0

SIDE_BY_SIDE = 1.2  # shoulder widths between two knees or ankles, at most

_SHOULDERS, _HIPS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER), (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
_LEGS = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE), (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
_TRUNKS_A_SHOULDER = 2.72  # trunk length over shoulder width


def yaw_deg(pose: Pose, facing: Facing) -> float:
    """Angle between the camera and the exact side view, 0..90; NaN when unknown.

    Lines from a joint to its twin run along the line of sight in a side view, and in the picture the far shoulder then
    hides behind the near one. Both are read, signed while set right (positive: seen from the head's side, upright from
    the front), since both lean to one side and err in different ways: world landmarks see less of a yaw than there is.
    A side plank has its side view where its long axis lies in the picture's plane.

    Source of the numbers: least squares on rendered clips, each judged by a fit to the others: 39 of bodies facing up
    with yaws of -45 to 60 degrees, 3.8 degrees rms; 21 facing down, -40 to 40, 4.4.

    Args:
        pose: The pose.
        facing: Where the belly faces.
    """
    if not pose.found:
        return math.nan
    world = pose.world.tolist()
    if facing == "aside":
        return _aside_deg(world)
    near = 0 if near_side(pose) > 0 else 1
    ahead = _ahead(world, near, facing)
    trunk = sum(_across_deg(world[pair[near]], world[pair[1 - near]], ahead) for pair in (_SHOULDERS, _HIPS)) / 2
    if facing == "upright":
        return min(90.0, abs(trunk))
    if abs(trunk) > NOT_SIDE_DEG:
        return abs(trunk)
    beside = _beside_deg(pose, near)
    return abs(0.66 * trunk + 0.55 * beside + 10.3) if facing == "up" else _down_deg(world, near, ahead, beside)


def _down_deg(world: list[list[float]], near: int, ahead: float, beside: float) -> float:
    """The yaw of a body that faces down, all four pairs of joints read; NaN with one leg raised or ahead."""
    wide = SIDE_BY_SIDE * math.dist(world[_SHOULDERS[0]], world[_SHOULDERS[1]])
    if any(math.dist(world[pair[0]], world[pair[1]]) > wide for pair in _LEGS):
        return math.nan  # that turns the hips too
    pairs = (_SHOULDERS, _HIPS, *_LEGS)
    turned = [_across_deg(world[pair[near]], world[pair[1 - near]], ahead) for pair in pairs]
    known = [angle for angle in turned if not math.isnan(angle)]
    return abs(1.37 * sum(known) / len(known) + 0.51 * beside + 7.4)


def _ahead(world: list[list[float]], near: int, facing: Facing) -> float:
    """+1 where the head is to the right of the hips, or an upright face looks to the right; else -1."""
    if facing == "upright":
        ears = (world[Landmark.LEFT_EAR][0] + world[Landmark.RIGHT_EAR][0]) / 2
        return math.copysign(1.0, world[Landmark.NOSE][0] - ears)
    return math.copysign(1.0, world[_SHOULDERS[near]][0] - world[_HIPS[near]][0])


def _across_deg(near: list[float], far: list[float], ahead: float) -> float:
    """Angle between the line from the near to the far joint and the line of sight, positive turned ahead."""
    return math.degrees(math.atan2(ahead * (far[0] - near[0]), abs(far[2] - near[2])))


def _beside_deg(pose: Pose, near: int) -> float:
    """How far the far shoulder shows beside the near one along the trunk in the picture, as a yaw."""
    marks = [_SHOULDERS[near], _SHOULDERS[1 - near], _HIPS[near]]
    (x, y), (far_x, far_y), hip = pose.pixels[marks].tolist()
    trunk = (x - hip[0], y - hip[1])
    beside = ((far_x - x) * trunk[0] + (far_y - y) * trunk[1]) / (trunk[0] ** 2 + trunk[1] ** 2)
    return math.degrees(math.atan(_TRUNKS_A_SHOULDER * beside))


def _aside_deg(world: list[list[float]]) -> float:
    """Angle between the line from the ankles to the shoulders (ankles unknown: the hips) and the picture's plane."""
    top, bottom = _middle(world, _SHOULDERS), _middle(world, _LEGS[1])
    if math.isnan(bottom[0]):
        bottom = _middle(world, _HIPS)
    x, y, z = (a - b for a, b in zip(top, bottom, strict=True))
    return math.degrees(math.atan2(abs(z), math.hypot(x, y)))


def _middle(world: list[list[float]], pair: tuple[Landmark, Landmark]) -> list[float]:
    return [(a + b) / 2 for a, b in zip(world[pair[0]], world[pair[1]], strict=True)]


def scene_problems(scene: Scene, before: frozenset[ViewName] = frozenset()) -> frozenset[ViewName]:
    """Names of what is wrong with the scene; what is not known is not wrong.

    Args:
        scene: As last looked at.
        before: What was wrong in the last frame: it must become clearly better to be well again.
    """
    found: set[ViewName] = set()
    if abs(scene.roll_deg) > (LEVEL_DEG if "camera_tilted" in before else TILTED_DEG):
        found.add("camera_tilted")
    if scene.people > 1:
        found.add("more_than_one_person")
    if scene.light < (LIT if "too_dark" in before else DARK):
        found.add("too_dark")
    return frozenset(found)


def frame_problems(pose: Pose, body: Body) -> frozenset[ViewName]:
    """Names of what is wrong with the picture's framing of this body (the yaw is judged over time)."""
    width, height = pose.size
    found: set[ViewName] = set()
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
    """Whether a landmark is in the picture; one that is not known at all is not said to be outside."""
    x, y = pose.pixels[mark]
    return bool(not (x < 0 or x > pose.size[0] or y < 0 or y > pose.size[1]))
