"""Whether a pose can be believed, and whether it still is the same person. Pure functions, no clock.

The estimator's visibility proves nothing: it stays at 0.9 on text cards and for a mix of two people. So a pose is
judged by its bones, its size and its place, and a body that jumps is taken for somebody else until it has stayed.

Where the limits come from: the model "full" at 0.3 on the labelled stretches of 7 real clips (side, oblique, front and
head-end views) and on thirty rendered ones, 1st to 99th percentile of each, against what it saw in split screens with
only legs, in cross-fades and on text cards:

                      believable        not believable
    trunk             0.35-0.54 m       from 0.29
    thigh / trunk     0.61-1.03         0.29-1.34
    shank / thigh     0.67-1.46         0.49-2.04
    hip width         0.14-0.27 m       from 0.02
    shoulder width    0.23-0.39 m       from 0.03
    thigh, left/right up to 1.35        up to 2.5
    shank, left/right up to 1.8         up to 5
    visibility        from 0.68         0.87 and more

All frames of the labelled side views pass. What still passes wrongly: a third of the frames of a split screen with
legs only, where the estimator draws a whole body of likely size over two panels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median
from typing import Final

from formcheck.pose.landmarks import Landmark, Pose

Point = Sequence[float]  # (x, y) in pixels or (x, y, z) in metres

# (least, most) in world metres: a little wider than what believable poses showed, since people differ more than clips.
TRUNK_M: Final = (0.30, 0.70)
THIGH_PER_TRUNK: Final = (0.5, 1.25)
SHANK_PER_THIGH: Final = (0.5, 1.7)
HIP_WIDTH_M: Final = (0.11, 0.45)
SHOULDER_WIDTH_M: Final = (0.18, 0.60)
THIGHS_RATIO_MAX = 1.8
SHANKS_RATIO_MAX = 2.5

VISIBILITY_MIN = 0.4  # mean of shoulder, hip and knee of the better side
BODY_MIN_PX = 24.0  # shoulders to knees; about a trunk of 12 pixels
BODY_MIN_SHARE = 0.04  # of the picture's longer side

TRUNK_JUMP = 1.4  # times larger or smaller than the recent median
PLACE_JUMP = 0.6  # trunk lengths between two poses, when the size jumps too
FAR_JUMP = 1.0  # trunk lengths, whatever the size ...
FAR_JUMP_PER_S = 3.0  # ... and this much more for each second between: exercises move the hips by up to 2 a second
RECENT_S = 2.0  # trunk lengths of this long make the median
RETURN_S = 2.0  # somebody not seen for longer is not waited for
STAY_S = 0.5  # how long somebody else must stay before being followed

TRUSTED_VISIBILITY = 0.65
TRUSTED_INSIDE = 0.7  # share of shoulders, hips, knees and ankles inside the picture

_L = Landmark
_SIDES: Final = (
    [_L.LEFT_SHOULDER, _L.LEFT_HIP, _L.LEFT_KNEE],
    [_L.RIGHT_SHOULDER, _L.RIGHT_HIP, _L.RIGHT_KNEE],
)
_CORE: Final = [*_SIDES[0], *_SIDES[1]]
_KEY: Final = [*_CORE, _L.LEFT_ANKLE, _L.RIGHT_ANKLE]


class Flaw(Enum):
    """Why a single pose cannot be believed."""

    NOBODY = "nobody"
    OUTSIDE = "outside the picture"
    TINY = "absurdly small"
    UNSEEN = "hardly visible"
    BONES = "impossible bones"


class Verdict(Enum):
    """What to do with a pose."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    NEW_PERSON = "new person"


@dataclass(frozen=True, slots=True)
class Sight:
    """Where somebody was: time in seconds, middle of the hips and trunk length in pixels."""

    time_s: float
    x: float
    y: float
    trunk: float


@dataclass(frozen=True, slots=True)
class Lock:
    """The person being followed.

    Attributes:
        recent: Accepted sights of the last `RECENT_S` seconds before the latest, which is the last one.
        stranger: Latest sight of somebody else who may become the new person.
        stranger_since: When that one was first seen.
    """

    recent: tuple[Sight, ...] = ()
    stranger: Sight | None = None
    stranger_since: float = math.nan


def flaw(pose: Pose) -> Flaw | None:
    """Why the pose by itself cannot be believed; None if it can."""
    pixels, world, visibility = pose.pixels.tolist(), pose.world.tolist(), pose.visibility.tolist()
    core = [pixels[i] for i in _CORE]
    if not all(math.isfinite(sum(pixels[i]) + sum(world[i])) for i in _KEY):
        return Flaw.NOBODY
    if not _inside([_mean(axis) for axis in zip(*core, strict=True)], pose.size):
        return Flaw.OUTSIDE
    if _extent(core) < max(BODY_MIN_PX, BODY_MIN_SHARE * max(pose.size)):
        return Flaw.TINY
    if max(_mean([visibility[i] for i in side]) for side in _SIDES) < VISIBILITY_MIN:
        return Flaw.UNSEEN
    return None if _bones_possible(world) else Flaw.BONES


def trusted(pose: Pose) -> bool:
    """Whether the pose is good enough to change the way of looking for it: well visible and mostly in the picture."""
    return (
        flaw(pose) is None
        and float(pose.visibility[_CORE].mean()) >= TRUSTED_VISIBILITY
        and _mean([_inside(pose.pixels[i].tolist(), pose.size) for i in _KEY]) >= TRUSTED_INSIDE
    )


def judge(lock: Lock, pose: Pose) -> tuple[Lock, Verdict]:
    """Decide about the next pose of a clip.

    Args:
        lock: What was followed so far; `Lock()` at the start and after a hard cut.
        pose: The estimator's pose, or a missing one.

    Returns:
        The lock to go on with, and the verdict.
    """
    if flaw(pose) is not None:
        return lock, Verdict.REJECTED
    sight = _sight(pose)
    if not lock.recent or not is_jump(lock.recent, sight):
        return _follow(lock.recent, sight), Verdict.ACCEPTED
    followed_s = lock.recent[-1].time_s - lock.recent[0].time_s
    if followed_s < STAY_S or sight.time_s - lock.recent[-1].time_s > RETURN_S:
        return Lock((sight,)), Verdict.NEW_PERSON  # the last one was a ghost, or is gone
    if lock.stranger is None or is_jump((lock.stranger,), sight):
        return Lock(lock.recent, sight, sight.time_s), Verdict.REJECTED
    if sight.time_s - lock.stranger_since >= STAY_S:
        return Lock((sight,)), Verdict.NEW_PERSON
    return Lock(lock.recent, sight, lock.stranger_since), Verdict.REJECTED


def is_jump(recent: tuple[Sight, ...], sight: Sight) -> bool:
    """Whether a body at `sight` can hardly be the one of `recent`, in pixels relative to its trunk length."""
    last = recent[-1]
    trunk = median(s.trunk for s in recent)
    longer = max(trunk, sight.trunk)
    moved = math.hypot(sight.x - last.x, sight.y - last.y) / longer
    if moved > FAR_JUMP + FAR_JUMP_PER_S * (sight.time_s - last.time_s):
        return True
    return moved > PLACE_JUMP and longer > TRUNK_JUMP * min(trunk, sight.trunk)


def _follow(recent: tuple[Sight, ...], sight: Sight) -> Lock:
    return Lock((*(s for s in recent if sight.time_s - s.time_s <= RECENT_S), sight))


def _sight(pose: Pose) -> Sight:
    corners = (_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER, _L.LEFT_HIP, _L.RIGHT_HIP)
    shoulders_hips = [pose.pixels[i].tolist() for i in corners]
    shoulders, hips = _middle(*shoulders_hips[:2]), _middle(*shoulders_hips[2:])
    return Sight(pose.time_s, hips[0], hips[1], max(1.0, math.dist(shoulders, hips)))


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _middle(a: Point, b: Point) -> Point:
    return [(x + y) / 2 for x, y in zip(a, b, strict=True)]


def _inside(point: Point, size: tuple[int, int]) -> bool:
    return 0 <= point[0] <= size[0] and 0 <= point[1] <= size[1]


def _extent(points: Sequence[Point]) -> float:
    """Diagonal of the points' bounding box."""
    return math.hypot(*(max(axis) - min(axis) for axis in zip(*points, strict=True)))


def _bones_possible(world: Sequence[Point]) -> bool:
    def length(a: Landmark, b: Landmark) -> float:
        return math.dist(world[a], world[b])

    shoulders = _middle(world[_L.LEFT_SHOULDER], world[_L.RIGHT_SHOULDER])
    trunk = math.dist(shoulders, _middle(world[_L.LEFT_HIP], world[_L.RIGHT_HIP]))
    thighs = length(_L.LEFT_HIP, _L.LEFT_KNEE), length(_L.RIGHT_HIP, _L.RIGHT_KNEE)
    shanks = length(_L.LEFT_KNEE, _L.LEFT_ANKLE), length(_L.RIGHT_KNEE, _L.RIGHT_ANKLE)
    return (
        _within(trunk, TRUNK_M)
        and _within(sum(thighs) / 2, THIGH_PER_TRUNK, trunk)
        and _within(sum(shanks), SHANK_PER_THIGH, sum(thighs))
        and _within(length(_L.LEFT_HIP, _L.RIGHT_HIP), HIP_WIDTH_M)
        and _within(length(_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER), SHOULDER_WIDTH_M)
        and max(thighs) <= THIGHS_RATIO_MAX * min(thighs)
        and max(shanks) <= SHANKS_RATIO_MAX * min(shanks)
    )


def _within(value: float, limits: tuple[float, float], unit: float = 1.0) -> bool:
    return limits[0] * unit <= value <= limits[1] * unit
