"""The shape of a body at the start of an exercise, and where in the picture a good view has it. No drawing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from formcheck.exercises.declaration import Exercise
from formcheck.pose.landmarks import Landmark, Pose

Point = tuple[float, float]
Joints = dict[str, Point]

# Half the thickness of a limb in trunk lengths, by the joints at its ends.
_LIMBS: tuple[tuple[str, str, float], ...] = (
    ("shoulder", "hip", 0.16),
    ("shoulder", "head", 0.08),
    ("shoulder", "elbow", 0.07),
    ("elbow", "wrist", 0.06),
    ("hip", "knee", 0.12),
    ("knee", "ankle", 0.085),
    ("ankle", "toe", 0.06),
    ("hip", "far_knee", 0.12),
    ("far_knee", "far_ankle", 0.085),
    ("far_ankle", "far_toe", 0.06),
)
_HEAD = 0.19
_MARGIN = 0.07  # of the picture's width or height, kept free around the body
_TRUNK = 0.25  # of the picture's width: a longer trunk than this leaves no room to move
_FLOOR = 0.80  # of the picture's height: where the mat is, for who lies on it

# Joints in trunk lengths from the hips, x right and y up; the head to the left, upright bodies face the right.
_FEET_FLAT: Joints = {"knee": (0.50, 0.69), "ankle": (0.97, -0.02), "toe": (1.20, -0.07)}
_ON_BACK: Joints = {"head": (-1.42, 0.06), "shoulder": (-1.0, 0.0), "hip": (0.0, 0.0), **_FEET_FLAT}
FIGURES: dict[str, Joints] = {
    "on_back": {**_ON_BACK, "elbow": (-0.55, -0.08), "wrist": (-0.12, -0.09)},
    "arms_up": {**_ON_BACK, "elbow": (-0.97, 0.58), "wrist": (-0.95, 1.05)},
    "leg_up": {
        **_ON_BACK,
        "elbow": (-0.58, 0.28),
        "wrist": (-0.12, 0.50),
        "knee": (0.36, 0.77),
        "ankle": (0.72, 1.54),
        "toe": (0.52, 1.66),
        **{f"far_{joint}": point for joint, point in _FEET_FLAT.items()},
    },
    "plank": {
        "head": (-1.42, 0.22), "shoulder": (-1.0, 0.12), "elbow": (-1.0, -0.45), "wrist": (-1.42, -0.47),
        "hip": (0.0, 0.0), "knee": (0.83, -0.14), "ankle": (1.62, -0.28), "toe": (1.68, -0.48),
    },
    "hands_and_knees": {
        "head": (-1.42, 0.10), "shoulder": (-1.0, 0.02), "elbow": (-1.0, -0.40), "wrist": (-1.0, -0.84),
        "hip": (0.0, 0.0), "knee": (0.0, -0.83), "ankle": (0.80, -0.85), "toe": (1.0, -0.87),
    },
    "side_plank": {
        "head": (-1.40, 0.36), "shoulder": (-0.97, 0.24), "elbow": (-1.0, -0.36), "wrist": (-1.28, -0.40),
        "hip": (0.0, 0.0), "knee": (0.83, -0.20), "ankle": (1.63, -0.38), "toe": (1.86, -0.36),
    },
    "sitting": {
        "head": (0.08, 1.45), "shoulder": (0.0, 1.0), "elbow": (0.08, 0.46), "wrist": (0.50, 0.30),
        "hip": (0.0, 0.0), "knee": (0.82, 0.0), "ankle": (0.82, -0.82), "toe": (1.08, -0.87),
    },
    "standing": {
        "head": (0.06, 1.45), "shoulder": (0.0, 1.0), "elbow": (0.0, 0.44), "wrist": (0.10, -0.02),
        "hip": (0.0, 0.0), "knee": (0.02, -0.84), "ankle": (0.0, -1.66), "toe": (0.26, -1.72),
    },
}  # fmt: skip
UPRIGHT = frozenset(("sitting", "standing"))
# Of exercises that start otherwise than others with the belly where theirs is.
_OWN = {
    "hamstring_stretch": "leg_up",
    "partial_crunch": "arms_up",
    "dead_bug": "arms_up",
    "standing_posture": "standing",
}


class Circle(NamedTuple):
    """A joint's place in the picture and half the thickness there, in pixels."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Target:
    """Where in a picture the body should be, in the picture's own pixels.

    Attributes:
        limbs: Two ends each, as thick as their circles.
        head: The head.
        joints: Place of each joint by name.
        trunk: Length of the trunk.
        upright: Whether it sits or stands.
    """

    limbs: tuple[tuple[Circle, Circle], ...]
    head: Circle
    joints: Joints
    trunk: float
    upright: bool

    @property
    def feet(self) -> Point:
        """The tip of the foot that is furthest from the head, or of the hanging one."""
        return self.joints["far_toe" if "far_toe" in self.joints else "toe"]


def figure_of(exercise: Exercise) -> str:
    """Name in `FIGURES` of the shape in which the exercise starts."""
    if exercise.name in _OWN:
        return _OWN[exercise.name]
    if exercise.facing == "down":
        return "plank" if exercise.holding is not None else "hands_and_knees"
    return {"up": "on_back", "aside": "side_plank", "upright": "sitting"}[exercise.facing]


def turned(name: str, pose: Pose | None) -> bool:
    """Whether a shape must be turned to lie, or to look, the way that the person does.

    Somebody who still stands or is still coming does not turn the shape of a lying one.

    Args:
        name: One of `FIGURES`.
        pose: The last pose, None or nobody found: not turned.
    """
    if pose is None or not pose.found:
        return False
    shoulder, hip = (
        (pose.pixels[Landmark[f"LEFT_{joint}"]] + pose.pixels[Landmark[f"RIGHT_{joint}"]]) / 2
        for joint in ("SHOULDER", "HIP")
    )
    across, up = shoulder - hip
    if name in UPRIGHT:
        ears = (pose.pixels[Landmark.LEFT_EAR, 0] + pose.pixels[Landmark.RIGHT_EAR, 0]) / 2
        return bool(pose.pixels[Landmark.NOSE, 0] < ears)
    return bool(across > abs(up))


def target(name: str, size: tuple[int, int], *, turn: bool = False) -> Target:
    """Where a body of this shape is well seen: all of it in the picture, and as large as that allows.

    Args:
        name: One of `FIGURES`.
        size: (width, height) of the picture in pixels.
        turn: Head to the right where it is drawn to the left, or the other way round.
    """
    shape = FIGURES[name]
    upright = name in UPRIGHT
    if turn:
        shape = {joint: (-x, y) for joint, (x, y) in shape.items()}
    circles = [(*shape["head"], _HEAD)]
    circles += [(*shape[joint], half) for a, b, half in _LIMBS for joint in (a, b) if a in shape and b in shape]
    left, right = min(x - r for x, _, r in circles), max(x + r for x, _, r in circles)
    low, high = min(y - r for _, y, r in circles), max(y + r for _, y, r in circles)
    width, height = size
    room = 1 - 2 * _MARGIN
    trunk = min(_TRUNK * width, room * width / (right - left), room * height / (high - low))
    # In the middle across; upright in the middle of the height, on the floor where a mat would be.
    x_0 = width / 2 - trunk * (left + right) / 2
    lowest = (
        (height + trunk * (high - low)) / 2
        if upright
        else max(_FLOOR * height, trunk * (high - low) + _MARGIN * height)
    )
    y_0 = lowest + trunk * low
    joints = {joint: (x_0 + trunk * x, y_0 - trunk * y) for joint, (x, y) in shape.items()}
    limbs = tuple(
        (Circle(*joints[a], half * trunk), Circle(*joints[b], half * trunk))
        for a, b, half in _LIMBS
        if a in joints and b in joints
    )
    return Target(limbs, Circle(*joints["head"], _HEAD * trunk), joints, trunk, upright)
