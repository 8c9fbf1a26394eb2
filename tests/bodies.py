"""A made-up person for the tests: stick figures on the floor, seen from the side, and films of them.

A `Figure` names joints and gives their place in trunk lengths, x right, y up over the floor, the head to the left and
the hips near x = 0. "far_knee" and the like place a joint of the far side where it differs from the near one's. A
`View` turns a figure into a `Pose`, a `Track` moves one number over time, and `film` puts both together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from formcheck.pose.landmarks import LANDMARKS_N, Landmark, Pose

Point = tuple[float, float]
Figure = dict[str, Point]
Track = Sequence[tuple[float, float]]  # (seconds, value), eased in between
Side = Literal["left", "right"]

THIGH = SHANK = 0.85
NECK, FACE = 0.3, 0.2
TRUNK_M = 0.5
REST_DEG = 125.0  # hip angle of a body that lies with its knees bent
FLOOR = 0.1  # height of a joint that lies on the floor
HALF_WIDTH_M = {
    "shoulder": 0.17,
    "elbow": 0.2,
    "wrist": 0.2,
    "ear": 0.07,
    "face": 0.03,
    "nose": 0.0,
}  # from the middle plane
PAIRS = [(int(mark), int(mark) + 1) for mark in Landmark if mark.name.startswith("LEFT_") and mark > Landmark.RIGHT_EYE]
PAIRS += [(1, 4), (2, 5), (3, 6), (9, 10)]  # eyes and mouth
SWAP = np.arange(LANDMARKS_N)
for _left, _right in PAIRS:
    SWAP[[_left, _right]] = _right, _left


# --- figures ---------------------------------------------------------------------------------


def bridge(hip_deg: float = 125.0, *, foot_x: float = 0.98) -> Figure:
    """On the back, knees bent, feet flat at `foot_x` from the lying hips; the hip angle is over 180 past the line."""
    low, high = -10.0, 60.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if _bridge(middle, foot_x)[1] < hip_deg else (low, middle)
    return _bridge(low, foot_x)[0]


def bridge_knee_deg(figure: Figure) -> float:
    """The figure's knee angle."""
    return _angle(figure["hip"], figure["knee"], figure["ankle"])


def _bridge(trunk_deg: float, foot_x: float) -> tuple[Figure, float]:
    shoulder, ankle = (-1.0, FLOOR), (foot_x, FLOOR)
    hip = _from(shoulder, trunk_deg)
    knee = _joint_between(hip, ankle, upward=True)
    ear = (shoulder[0] - NECK, FLOOR)
    figure = {
        "shoulder": shoulder, "hip": hip, "knee": knee, "ear": ear, "nose": (ear[0], FLOOR + FACE),
        "elbow": (-0.5, 0.05), "wrist": (-0.05, 0.05),
    } | _flat_foot(ankle)  # fmt: skip
    thigh_deg = math.degrees(math.atan2(knee[1] - hip[1], knee[0] - hip[0]))
    return figure, 180.0 + trunk_deg - thigh_deg


def crunch(
    trunk_deg: float = 0.0,
    *,
    neck_deg: float = 0.0,
    arms: Literal["up", "down", "behind"] = "up",
    knee_deg: float = 70.0,
    foot_lift: float = 0.0,
) -> Figure:
    """On the back, the trunk raised by `trunk_deg` and the head flexed by `neck_deg` on top of it."""
    hip = (0.0, FLOOR)
    shoulder = _left_up(hip, trunk_deg, 1.0)
    ear = _left_up(shoulder, trunk_deg + neck_deg, NECK)
    ankle = (2 * THIGH * math.sin(math.radians(knee_deg / 2)), FLOOR + foot_lift)
    wrist = {
        "up": (shoulder[0] + 0.1, shoulder[1] + 1.0),
        "down": (shoulder[0] + 0.95, shoulder[1] - 0.05),
        "behind": (ear[0] + 0.05, ear[1] - 0.08),
    }[arms]
    return {
        "shoulder": shoulder, "hip": hip, "knee": _joint_between(hip, ankle, upward=True), "ear": ear,
        "nose": _left_up(ear, trunk_deg + neck_deg + 90, FACE), "wrist": wrist,
        "elbow": ((shoulder[0] + wrist[0]) / 2 + 0.02, (shoulder[1] + wrist[1]) / 2 + (0.2 if arms == "behind" else 0)),
    } | _flat_foot(ankle)  # fmt: skip


def plank(
    offset: float = -0.03,
    *,
    kind: Literal["forearm", "high", "knees"] = "forearm",
    knee_deg: float = 175.0,
    head_deg: float = 0.0,
    support_x: float = 0.0,
) -> Figure:
    """A plank; `offset` is the hip's from its line over the line's length, + sagging, `head_deg` + dropped.

    `support_x` moves elbows or hands from below the shoulders towards the feet, in trunk lengths.
    """
    on_knees = kind == "knees"
    leg = THIGH if on_knees else 2 * THIGH * math.sin(math.radians(knee_deg / 2))
    line = 1.0 + leg
    for _ in range(30):
        line = sum(math.sqrt(part**2 - (offset * line) ** 2) for part in (1.0, leg))
    # The line shoulder-foot (or shoulder-knee) falls to the right; along it lies the hip's foot point.
    top, bottom = (1.0 if kind == "high" else 0.55), (0.06 if on_knees else 0.3)
    fall = math.asin((top - bottom) / line)
    along = (math.cos(fall), -math.sin(fall))
    down = (-math.sin(fall), -math.cos(fall))
    out = math.sqrt(1 - (offset * line) ** 2)
    shoulder = (-along[0] * out, top)
    hip = tuple(shoulder[i] + out * along[i] + offset * line * down[i] for i in (0, 1))
    end = tuple(shoulder[i] + line * along[i] for i in (0, 1))
    knee = end if on_knees else _joint_between(hip, end, upward=False)
    ankle = (knee[0] + SHANK * 0.6, knee[1] + SHANK * 0.8) if on_knees else end
    trunk_deg = math.degrees(math.atan2(shoulder[1] - hip[1], hip[0] - shoulder[0]))
    ear = _left_up(shoulder, trunk_deg - head_deg, NECK)
    arm = {
        "elbow": (shoulder[0] + support_x / 2 - 0.01, top / 2),
        "wrist": (shoulder[0] + support_x, 0.0),
    }
    if kind != "high":
        arm = {"elbow": (shoulder[0] + support_x, 0.0), "wrist": (shoulder[0] + support_x - 0.5, 0.0)}
    return {
        "shoulder": shoulder, "hip": hip, "knee": knee, "ankle": ankle, "ear": ear,
        "nose": _left_up(ear, trunk_deg - head_deg - 90, FACE),
        "heel": (ankle[0] + 0.1, ankle[1] + 0.02), "foot_index": (ankle[0] - 0.02, max(0.0, ankle[1] - 0.3)),
    } | arm  # fmt: skip


def on_all_fours() -> Figure:
    """On hands and knees, as before a plank."""
    return {
        "shoulder": (-0.95, 1.0), "elbow": (-0.94, 0.5), "wrist": (-0.95, 0.0), "hip": (0.0, 0.86),
        "knee": (0.0, 0.03), "ankle": (0.85, 0.1), "heel": (0.93, 0.12), "foot_index": (0.95, 0.0), "ear": (-1.25, 1.0),
        "nose": (-1.25, 0.8),
    }  # fmt: skip


def hands_and_knees(
    curve: float = 0.0,
    *,
    head_deg: float | None = None,
    hands_x: float = 0.0,
    knees_x: float = 0.0,
    rock_deg: float = 0.0,
    elbow_deg: float = 165.0,
) -> Figure:
    """On hands and knees; `curve` is +1 in a cat, -1 in a cow, and brings hips and shoulders nearer or apart.

    The head goes with the curve, or is `head_deg` under the level one's; hands and knees are put `hands_x` and
    `knees_x` ahead of where they belong; `rock_deg` is how far the hips are behind the knees.
    """
    high = math.sqrt(THIGH**2 - knees_x**2)
    lean = math.radians(rock_deg)
    knee = (-knees_x, 0.03)
    hip = (THIGH * math.sin(lean), 0.03 + high * math.cos(lean))
    length = 1.0 - (0.25 * curve if curve > 0 else 0.1 * curve)
    drop = (1.0 - hip[1]) - 0.1 * max(curve, 0.0)
    shoulder = (hip[0] - math.sqrt(length**2 - drop**2), hip[1] + drop)
    wrist = (-0.99 - hands_x, 0.0)
    half = math.dist(shoulder, wrist) / 2
    out = half / math.tan(math.radians(elbow_deg) / 2)
    across = ((shoulder[1] - wrist[1]) / half / 2, (wrist[0] - shoulder[0]) / half / 2)
    elbow = tuple((shoulder[i] + wrist[i]) / 2 + out * across[i] for i in (0, 1))
    pitch = math.radians(90.0 + (60.0 * curve if head_deg is None else head_deg))
    ear = (shoulder[0] - 0.28, shoulder[1] - 0.15 * curve)
    return {
        "shoulder": shoulder, "elbow": elbow, "wrist": wrist, "hip": hip, "knee": knee, "ankle": (knee[0] + 0.85, 0.08),
        "heel": (knee[0] + 0.93, 0.12), "foot_index": (knee[0] + 0.95, 0.0), "ear": ear,
        "nose": (ear[0] - FACE * math.cos(pitch), ear[1] - FACE * math.sin(pitch)),
    }  # fmt: skip


def back_of(curve: float) -> np.ndarray:
    """The contour that a silhouette of such a back has."""
    along = np.linspace(-1.0, 1.0, 17)
    rise = 0.28 * curve if curve > 0 else 0.19 * curve
    return (0.27 + rise * (1.0 - 0.35 * along**2)).astype(np.float32).astype(np.float64)


def prone() -> Figure:
    """Lying on the belly, propped on the forearms, as before a plank."""
    return {
        "shoulder": (-0.97, 0.33), "elbow": (-1.0, 0.0), "wrist": (-1.5, 0.0), "hip": (0.0, 0.1), "knee": (0.85, 0.06),
        "ankle": (1.7, 0.08), "heel": (1.8, 0.12), "foot_index": (1.8, 0.0), "ear": (-1.25, 0.45), "nose": (-1.4, 0.35),
    }  # fmt: skip


def standing() -> Figure:
    """Upright, side on."""
    return {
        "shoulder": (0.0, 2.7), "elbow": (0.0, 2.2), "wrist": (-0.1, 1.75), "hip": (0.0, 1.7), "knee": (0.0, 0.9),
        "ankle": (0.0, 0.1), "heel": (0.1, 0.0), "foot_index": (-0.2, 0.0), "ear": (0.0, 3.0), "nose": (-0.2, 3.0),
    }  # fmt: skip


def between(a: Figure, b: Figure, share: float) -> Figure:
    """A figure on the way from a to b."""
    return {j: (a[j][0] + share * (b[j][0] - a[j][0]), a[j][1] + share * (b[j][1] - a[j][1])) for j in a}


def _angle(a: Point, b: Point, c: Point) -> float:
    first, second = math.atan2(a[1] - b[1], a[0] - b[0]), math.atan2(c[1] - b[1], c[0] - b[0])
    return abs((math.degrees(first - second) + 180) % 360 - 180)


def _from(point: Point, deg: float) -> Point:
    return point[0] + math.cos(math.radians(deg)), point[1] + math.sin(math.radians(deg))


def _left_up(point: Point, deg: float, length: float) -> Point:
    return point[0] - length * math.cos(math.radians(deg)), point[1] + length * math.sin(math.radians(deg))


def _joint_between(a: Point, b: Point, *, upward: bool) -> Point:
    """Where two bones of one length meet that begin at a and at b."""
    half = math.dist(a, b) / 2
    rise = math.sqrt(max(0.0, THIGH**2 - half**2)) * (1 if upward else -1)
    across = ((b[0] - a[0]) / half / 2, (b[1] - a[1]) / half / 2)
    return (a[0] + b[0]) / 2 - across[1] * rise, (a[1] + b[1]) / 2 + across[0] * rise


def _flat_foot(ankle: Point) -> Figure:
    x, y = ankle
    return {"ankle": ankle, "heel": (x - 0.08, y - 0.1), "foot_index": (x + 0.28, y - 0.1)}


# --- the camera ------------------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """How a figure is filmed.

    Attributes:
        head: The side of the picture that the head is on.
        near: The person's side that faces the camera; by default the one that does in a body that faces up.
        size: Width and height of the picture in pixels.
        trunk_px: Pixels to a trunk length.
        at: Where the figure's origin is, in pixels.
        roll_deg: The camera's tilt: the picture turns clockwise about its middle.
        yaw_deg: How far the camera is off the exact side view, positive when it sees the body from the head's side.
    """

    head: Side = "left"
    near: Side | None = None
    size: tuple[int, int] = (640, 480)
    trunk_px: float = 130.0
    at: Point = (310.0, 380.0)
    roll_deg: float = 0.0
    yaw_deg: float = 0.0


SIDE_ON = View()
FACE_DOWN = View(near="left")


def pose(figure: Figure, view: View = SIDE_ON, time_s: float = 0.0, *, new_shot: bool = False) -> Pose:
    """The figure as an estimator that makes no mistakes would see it; its numbers are float32, as a real one's."""
    sense = TRUNK_M if view.head == "left" else -TRUNK_M
    near = view.near or ("right" if view.head == "left" else "left")
    ear, nose = figure["ear"], figure["nose"]
    head = {"face": (ear[0] * 0.2 + nose[0] * 0.8, ear[1] * 0.2 + nose[1] * 0.8)}
    joints = figure | head
    places = [joints.get(f"{side}_{joint}", joints[joint]) for joint, side, _ in _MARKS[near]]
    x, y = (np.array(axis) for axis in zip(*places, strict=True))
    x, y, z = x * sense, y * -TRUNK_M, _DEPTH_M[near]
    yaw = math.radians(view.yaw_deg)
    world = np.stack([x * math.cos(yaw) + z * math.sin(yaw), y, z * math.cos(yaw) - x * math.sin(yaw)], axis=1)
    pixels = world[:, :2] * view.trunk_px / TRUNK_M + view.at
    if abs(view.yaw_deg) < 55:
        _lean(world, pixels, near, view.yaw_deg)
    world -= (world[Landmark.LEFT_HIP] + world[Landmark.RIGHT_HIP]) / 2
    upright = Pose(time_s, pixels, world, np.full(LANDMARKS_N, 0.95), view.size, new_shot)
    return _as_recorded(rotated(upright, view.roll_deg))


def _lean(world: np.ndarray, pixels: np.ndarray, near: Side, yaw_deg: float) -> None:
    """Turn the pairs of joints as the real estimator does, which sees less of a yaw and leans to one side.

    By the world alone the trunk is seen turned by two thirds of a yaw and the legs hardly; the shoulders in the picture
    make up the rest.
    """
    mine, far = ("LEFT", "RIGHT") if near == "left" else ("RIGHT", "LEFT")
    joints = ("SHOULDER", "HIP", "KNEE", "ANKLE")
    marks = {joint: (Landmark[f"{mine}_{joint}"], Landmark[f"{far}_{joint}"]) for joint in joints}
    headward = math.copysign(1.0, world[marks["SHOULDER"][0], 0] - world[marks["HIP"][0], 0])
    trunk_deg = yaw_deg * 2 / 3
    beside_deg = (yaw_deg - 0.66 * trunk_deg - 10.3) / 0.55
    legs_deg = 2 * (yaw_deg - 0.51 * beside_deg - 7.4) / 1.37 - trunk_deg
    for joint, (a, b) in marks.items():
        turned = math.radians(trunk_deg if joint in ("SHOULDER", "HIP") else legs_deg)
        middle, half = (world[a] + world[b]) / 2, math.hypot(*(world[a] - world[b])[[0, 2]]) / 2
        across = half * np.array([headward * math.sin(turned), 0.0, math.cos(turned)])
        across[1] = (world[b] - world[a])[1] / 2
        world[a], world[b] = middle - across, middle + across
    shoulder, hidden_one = marks["SHOULDER"]
    along = pixels[shoulder] - pixels[marks["HIP"][0]]
    pixels[hidden_one] = pixels[shoulder] + math.tan(math.radians(beside_deg)) / 2.72 * along


def _joint(mark: Landmark) -> str:
    name = mark.name.lower().removeprefix("left_").removeprefix("right_")
    if "eye" in name or "mouth" in name:
        return "face"
    return "wrist" if name in ("pinky", "index", "thumb") else name


def _marks(near: Side) -> list[tuple[str, str, float]]:
    """Of each landmark its joint, "near" or "far", and its depth in metres."""
    found = []
    for mark in Landmark:
        joint = _joint(mark)
        is_near = near.upper() in (mark.name.split("_")[0], mark.name.split("_")[-1])
        half = HALF_WIDTH_M.get(joint, 0.1)
        found.append((joint, "near" if is_near else "far", -half if is_near else half))
    return found


_MARKS = {near: _marks(near) for near in ("left", "right")}
_DEPTH_M = {near: np.array([depth for _, _, depth in marks]) for near, marks in _MARKS.items()}


def _as_recorded(one: Pose) -> Pose:
    pixels, world, seen = (a.astype(np.float32).astype(np.float64) for a in (one.pixels, one.world, one.visibility))
    return replace(one, pixels=pixels, world=world, visibility=seen)


# --- what can be done to a picture -----------------------------------------------------------


def mirrored(one: Pose) -> Pose:
    """The same scene in a mirror: what was left is right."""
    pixels, world = one.pixels[SWAP] * (-1, 1) + (one.size[0], 0), one.world[SWAP] * (-1, 1, 1)
    return replace(one, pixels=pixels, world=world, visibility=one.visibility[SWAP])


def scaled(one: Pose, factor: float) -> Pose:
    """The same picture with more or fewer pixels."""
    size = (round(one.size[0] * factor), round(one.size[1] * factor))
    return replace(one, pixels=one.pixels * factor, size=size)


def shifted(one: Pose, dx: float, dy: float) -> Pose:
    """The person elsewhere in a picture with room for it on all sides."""
    room = round(max(abs(dx), abs(dy)))
    size = (one.size[0] + 2 * room, one.size[1] + 2 * room)
    return replace(one, pixels=one.pixels + np.array([room + dx, room + dy]), size=size)


def rotated(one: Pose, deg: float) -> Pose:
    """The picture turned clockwise about its middle, the world with it."""
    c, s = math.cos(math.radians(deg)), math.sin(math.radians(deg))
    turn = np.array([[c, s], [-s, c]])
    middle = (one.size[0] / 2, one.size[1] / 2)
    world = np.concatenate([one.world[:, :2] @ turn, one.world[:, 2:]], axis=1)
    return replace(one, pixels=(one.pixels - middle) @ turn + middle, world=world)


def hidden(one: Pose, *joints: str, visibility: float = 0.0) -> Pose:
    """The pose with joints ("hip", both sides) that the estimator says it only guesses."""
    seen = one.visibility.copy()
    seen[[mark for mark in Landmark if _joint(mark) in joints]] = visibility
    return replace(one, visibility=seen)


# --- films -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rep:
    """What is true of a repetition, in seconds: when it begins, is up, leaves the top, and is back."""

    start_s: float
    top_s: float
    leave_s: float
    end_s: float


def up_and_down(
    rest: float,
    tops: Iterable[float],
    *,
    start_s: float = 2.0,
    up_s: float = 1.5,
    hold_s: float = 2.0,
    down_s: float = 2.0,
    pause_s: float = 1.5,
) -> tuple[list[tuple[float, float]], list[Rep]]:
    """A track through repetitions with these tops, and what is true of them; it ends with a pause."""
    track, reps, now = [(0.0, rest), (start_s, rest)], [], start_s
    for top in tops:
        rep = Rep(now, now + up_s, now + up_s + hold_s, now + up_s + hold_s + down_s)
        now = rep.end_s + pause_s
        track += [(rep.top_s, top), (rep.leave_s, top), (rep.end_s, rest), (now, rest)]
        reps.append(rep)
    return track, reps


def at(track: Track, time_s: float) -> float:
    """The track's value: between two of its points it eases in and out, as a calm body does."""
    before = track[0]
    for point in track:
        if point[0] >= time_s:
            if point[0] == before[0]:
                return point[1]
            w = (time_s - before[0]) / (point[0] - before[0])
            return before[1] + (point[1] - before[1]) * (3 * w**2 - 2 * w**3)
        before = point
    return before[1]


def film(
    figure: Callable[[float], Figure],
    seconds: float,
    view: View | Callable[[float], View] = SIDE_ON,
    *,
    fps: float = 15.0,
    noise_px: float = 0.0,
    seed: int = 1,
) -> list[Pose]:
    """The poses of a figure that depends on the time, as the view may; the noise is the same for the same seed."""
    rng = np.random.default_rng(seed)
    poses = []
    for i in range(math.ceil(seconds * fps)):
        one = pose(figure(i / fps), view(i / fps) if callable(view) else view, i / fps)
        if noise_px:
            world = one.world + rng.normal(0, noise_px * TRUNK_M / view.trunk_px, one.world.shape)
            one = replace(one, pixels=one.pixels + rng.normal(0, noise_px, one.pixels.shape), world=world)
        poses.append(_as_recorded(one))
    return poses


def turning(view: View, yaw_deg: Track) -> Callable[[float], View]:
    """A camera, or a mat, that is turned about the upright while somebody exercises."""
    return lambda time_s: replace(view, yaw_deg=at(yaw_deg, time_s))


def bridges(
    tops: Iterable[float] = (178.0, 178.0), view: View | Callable[[float], View] = SIDE_ON, **how: float
) -> tuple[list[Pose], list[Rep]]:
    """A film of bridges with these hip angles at the top; `how` is for `up_and_down`, `film` or "foot_x"."""
    filming = {name: how.pop(name) for name in ("fps", "noise_px", "seed") if name in how}
    shape = {name: how.pop(name) for name in ("foot_x",) if name in how}
    track, reps = up_and_down(REST_DEG, tops, **how)
    return film(lambda t: bridge(at(track, t), **shape), track[-1][0], view, **filming), reps


def crunches(tops: Iterable[float] = (15.0, 15.0), view: View = SIDE_ON, **how: object) -> tuple[list[Pose], list[Rep]]:
    """A film of partial crunches up to these trunk angles; `how` is for `up_and_down`, `film` or `crunch`."""
    filming = {name: how.pop(name) for name in ("fps", "noise_px", "seed") if name in how}
    shape = {name: how.pop(name) for name in ("arms", "knee_deg") if name in how}
    most = {name: how.pop(name, 0.0) for name in ("neck_deg", "foot_lift")}
    heights = list(tops)
    height, reps = up_and_down(0.0, heights, **({"hold_s": 1.0} | how))
    track, _ = up_and_down(0.0, [1.0] * len(heights), **({"hold_s": 1.0} | how))

    def figure(time_s: float) -> Figure:
        share = at(track, time_s)
        return crunch(at(height, time_s), **shape, **{name: share * value for name, value in most.items()})

    return film(figure, height[-1][0], view, **filming), reps


def cat_or_cow(curve: float, view: View | None = None, time_s: float = 0.0, **shape: float) -> Pose:
    """One pose on hands and knees with the back's contour; `shape` is for `hands_and_knees`."""
    one = pose(hands_and_knees(curve, **shape), view or FACE_DOWN, time_s)
    return replace(one, back=back_of(curve))


def cat_cows(
    cycles: Iterable[Sequence[float]] = ((0.76, -0.88),) * 2,
    view: View | None = None,
    *,
    start_s: float = 2.0,
    move_s: float = 1.5,
    across_s: float = 2.0,
    hold_s: float = 0.6,
    pause_s: float = 1.0,
    rock_deg: float = 0.0,
    fps: float = 15.0,
    noise_px: float = 0.0,
    seed: int = 1,
    contour: bool = True,
    **shape: float,
) -> tuple[list[Pose], list[Rep]]:
    """A film of cats and cows, each cycle a row of curves; `shape` is for `hands_and_knees`, all through the film."""
    curve, rocked, reps, now = [(0.0, 0.0)], [(0.0, 0.0)], [], start_s
    for ends in cycles:
        curve.append((now, 0.0))
        rocked.append((now, 0.0))
        start, top_s = now, now + move_s
        for n, end in enumerate(ends):
            now += across_s if n else move_s
            curve += [(now, end), (now + hold_s, end)]
            rocked.append((now, rock_deg))
            now += hold_s
        rocked.append((now, rock_deg))
        reps.append(Rep(start, top_s, now, now + move_s))
        now += move_s
        curve += [(now, 0.0), (now + pause_s, 0.0)]
        rocked += [(now, 0.0), (now + pause_s, 0.0)]
        now += pause_s

    def figure(time_s: float) -> Figure:
        return hands_and_knees(at(curve, time_s), **({"rock_deg": at(rocked, time_s)} | shape))

    poses = film(figure, now + 1.0, view or FACE_DOWN, fps=fps, noise_px=noise_px, seed=seed)
    if not contour:
        return poses, reps
    rng = np.random.default_rng(seed)
    grain = noise_px / (view or FACE_DOWN).trunk_px
    seen = []
    for one in poses:
        back = back_of(at(curve, one.time_s)) + rng.normal(0, grain, 17)
        seen.append(replace(one, back=back.astype(np.float32).astype(np.float64)))
    return seen, reps


def held_plank(
    offset: Track = ((0.0, -0.03),),
    *,
    seconds: float = 12.0,
    get_in_s: float = 1.2,
    view: View | Callable[[float], View] = FACE_DOWN,
    kind: Literal["forearm", "high", "knees"] = "forearm",
    knee_deg: Track = ((0.0, 175.0),),
    head_deg: Track = ((0.0, 0.0),),
    support_x: float = 0.0,
    before: Figure | None = None,
    **filming: float,
) -> tuple[list[Pose], float, float]:
    """A film: 2 s of `before`, getting into a plank, holding it, getting out, 2 s of `before`; and when the hold is.

    The tracks' times count from the beginning of the hold.
    """
    rest = before or on_all_fours()
    start_s = 2.0 + get_in_s
    end_s = start_s + seconds
    share = [(0.0, 0.0), (2.0, 0.0), (start_s, 1.0), (end_s, 1.0), (end_s + get_in_s, 0.0)]

    def figure(time_s: float) -> Figure:
        now = min(max(time_s - start_s, 0.0), seconds)
        held = plank(
            at(offset, now), kind=kind, knee_deg=at(knee_deg, now), head_deg=at(head_deg, now), support_x=support_x
        )
        return between(rest, held, at(share, time_s))

    return film(figure, end_s + get_in_s + 2.0, view, **filming), start_s, end_s


# --- what can be done to a film --------------------------------------------------------------


def stretched(poses: Sequence[Pose], factor: float) -> list[Pose]:
    """The film played slower (factor over 1) or faster."""
    return [replace(one, time_s=one.time_s * factor) for one in poses]


def without(poses: Sequence[Pose], dropped: Iterable[int]) -> list[Pose]:
    """The film with frames left out."""
    gone = set(dropped)
    return [one for i, one in enumerate(poses) if i not in gone]


def during(poses: Sequence[Pose], from_s: float, to_s: float, change: Callable[[Pose], Pose]) -> list[Pose]:
    """The film with a stretch of it changed."""
    return [change(one) if from_s <= one.time_s < to_s else one for one in poses]


def gone(one: Pose) -> Pose:
    """The frame with nobody found in it."""
    return Pose.missing(one.time_s, one.size, one.new_shot)


def cut_at(poses: Sequence[Pose], time_s: float) -> list[Pose]:
    """The film with a cut before the first frame from this time on."""
    first = next(one.time_s for one in poses if one.time_s >= time_s)
    return [replace(one, new_shot=one.time_s == first) for one in poses]


def joined(*films: Sequence[Pose]) -> list[Pose]:
    """Films one after the other, with a cut between them."""
    together: list[Pose] = []
    for one_film in films:
        step_s = one_film[1].time_s - one_film[0].time_s
        shift_s = together[-1].time_s + step_s - one_film[0].time_s if together else 0.0
        first = bool(together)
        for one in one_film:
            together.append(replace(one, time_s=one.time_s + shift_s, new_shot=first))
            first = False
    return together
