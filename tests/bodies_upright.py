"""Made-up people who sit, stand, or prop themselves on one side, in the units of `bodies`.

Seen from the front both sides matter: a `Pair` has the figure of the person's left side and that of the right one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from bodies import LANDMARKS_N, TRUNK_M, Figure, Landmark, Point, Side, Track, View, _as_recorded, _joint, at, rotated

from formcheck.pose.landmarks import Pose

Pair: TypeAlias = tuple[Figure, Figure]
FRONT = View(size=(640, 480), trunk_px=150.0, at=(320.0, 330.0))
ASIDE = View(size=(640, 480), trunk_px=150.0, at=(290.0, 330.0))
FOREARM, LEG = 0.6, 1.75


def seen(pair: Pair, view: View, time_s: float = 0.0, depth_m: tuple[float, float] = (0.0, 0.0)) -> Pose:
    """The pair as it stands in the picture's plane; `depth_m` is how far behind it the left and the right side are."""
    pixels, world = np.zeros((LANDMARKS_N, 2)), np.zeros((LANDMARKS_N, 3))
    sense = 1.0 if view.head == "left" else -1.0
    for mark in Landmark:
        right = "RIGHT" in mark.name
        figure = pair[right]
        ear, nose = figure["ear"], figure["nose"]
        joints = figure | {"face": (ear[0] * 0.2 + nose[0] * 0.8, ear[1] * 0.2 + nose[1] * 0.8)}
        x, y = joints[_joint(mark)]
        depth = 0.0 if mark == Landmark.NOSE else depth_m[right]
        pixels[mark] = view.at[0] + sense * view.trunk_px * x, view.at[1] - view.trunk_px * y
        world[mark] = sense * TRUNK_M * x, -TRUNK_M * y, depth
    world -= (world[Landmark.LEFT_HIP] + world[Landmark.RIGHT_HIP]) / 2
    one = Pose(time_s, pixels, world, np.full(LANDMARKS_N, 0.95), view.size)
    return _as_recorded(rotated(one, view.roll_deg))


@dataclass(frozen=True)
class Stance:
    """How somebody sits or stands; angles in degrees.

    Attributes:
        trunk_deg: The trunk from the vertical, positive forward.
        neck_deg: The neck, shoulder to ear, from the vertical.
        sideways_deg: Shoulders and head from the vertical over the hips, positive to the person's right.
        sunk: By how much of a trunk the shoulders are lower, from the front.
        ears_sunk: And the ears over them.
    """

    trunk_deg: float = -4.0
    neck_deg: float = 12.0
    sideways_deg: float = 0.0
    sunk: float = 0.0
    ears_sunk: float = 0.0


def from_side(stance: Stance, legs: Literal["sitting", "standing"]) -> Figure:
    """The figure, looking to the picture's left."""
    hip = (0.0, 0.0)
    shoulder = _over(hip, stance.trunk_deg, 1.0)
    ear = _over(shoulder, stance.neck_deg, 0.35)
    knee, ankle = ((-0.8, 0.02), (-0.8, -0.8)) if legs == "sitting" else ((0.0, -0.85), (0.02, -1.7))
    return {
        "hip": hip, "shoulder": shoulder, "ear": ear, "nose": (ear[0] - 0.22, ear[1] - 0.02), "knee": knee,
        "ankle": ankle, "heel": (ankle[0] + 0.08, ankle[1] - 0.1), "foot_index": (ankle[0] - 0.25, ankle[1] - 0.1),
        "elbow": (shoulder[0] - 0.05, shoulder[1] - 0.5), "wrist": (shoulder[0] - 0.4, shoulder[1] - 0.6),
    }  # fmt: skip


def from_front(stance: Stance, legs: Literal["sitting", "standing"]) -> Pair:
    """Both sides; the person's left is on the picture's right."""
    # To the person's right is to the picture's left.
    shoulders = _over((0.0, 0.0), stance.sideways_deg, 1.0 - stance.sunk)
    ears = _over(shoulders, stance.sideways_deg, 0.42 - stance.ears_sunk)
    knee, ankle = ((0.22, -0.2), (0.2, -0.95)) if legs == "sitting" else ((0.16, -0.85), (0.15, -1.7))

    def side(sense: float) -> Figure:
        def out(x: float, middle: Point = (0.0, 0.0), down: float = 0.0) -> Point:
            return middle[0] + sense * x, middle[1] + down

        return {
            "hip": out(0.2), "shoulder": out(0.36, shoulders), "ear": out(0.15, ears),
            "nose": (ears[0], ears[1] - 0.02), "elbow": out(0.45, shoulders, -0.5),
            "wrist": out(0.3, shoulders, -0.8), "knee": out(knee[0], (0.0, knee[1])),
            "ankle": out(ankle[0], (0.0, ankle[1])), "heel": out(ankle[0], (0.0, ankle[1] - 0.1)),
            "foot_index": out(ankle[0], (0.0, ankle[1] - 0.15)),
        }  # fmt: skip

    return side(1.0), side(-1.0)


def side_plank(offset: float = 0.0, *, side: Side = "left") -> Pair:
    """On that side's forearm and foot, seen from the chest; `offset` is that of the hips, + sagging."""
    length = 1.0 + LEG
    shoulders, ankles = (-1.0, 0.85), (LEG - 0.05, 0.15)
    fall = ((ankles[0] - shoulders[0]) / length, (ankles[1] - shoulders[1]) / length)
    hips = (
        shoulders[0] + fall[0] - offset * length * -fall[1],
        shoulders[1] + fall[1] - offset * length * fall[0],
    )
    knees = ((hips[0] + ankles[0]) / 2, (hips[1] + ankles[1]) / 2)
    ear = (shoulders[0] - 0.33, shoulders[1] + 0.05)

    def half(sense: float) -> Figure:
        # One shoulder over the other, hips likewise, feet together.
        shoulder = (shoulders[0], shoulders[1] + sense * 0.33)
        arm: Figure = {"elbow": (-1.0, 0.0), "wrist": (-1.0 - FOREARM, 0.02)}
        if sense > 0:
            arm = {"elbow": (shoulder[0] + 0.1, shoulder[1] + 0.5), "wrist": (shoulder[0] + 0.1, shoulder[1] + 1.0)}
        return {
            "shoulder": shoulder, "hip": (hips[0], hips[1] + sense * 0.1), "knee": (knees[0], knees[1] + sense * 0.08),
            "ankle": (ankles[0], ankles[1] + sense * 0.05), "heel": (ankles[0] + 0.1, ankles[1] + sense * 0.05),
            "foot_index": (ankles[0] + 0.1, ankles[1] + sense * 0.05 - 0.08), "ear": (ear[0], ear[1] + sense * 0.05),
            "nose": (ear[0], ear[1]),
        } | arm  # fmt: skip

    low, high = half(-1.0), half(1.0)
    return (low, high) if side == "left" else (high, low)


def between_pairs(a: Pair, b: Pair, share: float) -> Pair:
    """A pair on the way from a to b."""
    left, right = (
        {j: (p[j][0] + share * (q[j][0] - p[j][0]), p[j][1] + share * (q[j][1] - p[j][1])) for j in p}
        for p, q in zip(a, b, strict=True)
    )
    return left, right


def side_planks(
    sides: tuple[Side, ...] = ("left", "right"),
    view: View = ASIDE,
    *,
    offset: Track = ((0.0, 0.0),),
    hold_s: float = 10.0,
    fps: float = 15.0,
    noise_px: float = 0.0,
) -> tuple[list[Pose], list[tuple[float, float]]]:
    """A film: up onto one side, held, down again, then the other one; and when the holds are.

    The track's times count from the beginning of each hold.
    """
    held, now = [], 2.0
    for _ in sides:
        held.append((now + 1.0, now + 1.0 + hold_s))
        now += hold_s + 4.0

    def pair(time_s: float) -> Pair:
        here = next((i for i, (_, end_s) in enumerate(held) if time_s < end_s + 2.5), len(held) - 1)
        start_s, end_s = held[here]
        up = [(0.0, 0.0), (start_s - 1.0, 0.0), (start_s, 1.0), (end_s, 1.0), (end_s + 1.0, 0.0)]
        straight = side_plank(at(offset, min(max(time_s - start_s, 0.0), hold_s)), side=sides[here])
        return between_pairs(side_plank(0.16, side=sides[here]), straight, at(up, time_s))

    return filmed(lambda t: seen(pair(t), view, t), now, fps, noise_px), held


def postures(
    stance: Callable[[float], Stance],
    seconds: float,
    *,
    legs: Literal["sitting", "standing"] = "sitting",
    seen_from: Literal["side", "front"] = "side",
    head: Side = "left",
    fps: float = 10.0,
    noise_px: float = 0.0,
) -> list[Pose]:
    """A film of somebody sitting or standing; `head` is where the face looks to, from the side."""
    tall = legs == "standing"
    view = View(head=head, trunk_px=110.0 if tall else 150.0, at=(320.0, 250.0 if tall else 330.0))

    def one(time_s: float) -> Pose:
        now = stance(time_s)
        if seen_from == "front":
            return seen(from_front(now, legs), replace(view, head="left"), time_s)
        figure = from_side(now, legs)
        # The person's left faces the camera when the face looks to the picture's left.
        depth = (-0.15, 0.15) if head == "left" else (0.15, -0.15)
        return seen((figure, figure), view, time_s, depth)

    return filmed(one, seconds, fps, noise_px)


def filmed(one: Callable[[float], Pose], seconds: float, fps: float, noise_px: float) -> list[Pose]:
    """The poses at each frame's time, with the same noise each time."""
    rng = np.random.default_rng(1)
    poses = []
    for i in range(math.ceil(seconds * fps)):
        pose = one(i / fps)
        if noise_px:
            pose = replace(pose, pixels=pose.pixels + rng.normal(0, noise_px, pose.pixels.shape))
        poses.append(_as_recorded(pose))
    return poses


def _over(point: Point, deg: float, length: float) -> Point:
    return point[0] - length * math.sin(math.radians(deg)), point[1] + length * math.cos(math.radians(deg))
