"""Whether a pose can be believed, and whether it still is the same person. Pure functions, no clock.

The estimator's visibility proves nothing: it stays at 0.9 on text cards and for a mix of two people. So a pose is
judged by its bones, its size and its place, and a body that jumps is taken for somebody else until it has stayed.
With a second person near, the trunk mostly stays right and a limb, mostly one that faces away, is seen on the other
person: so a limb that jumps by itself is unknown until it is back or has stayed.

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

Where the limits of movement come from: six real clips and forty rendered ones, 99th percentile of what lies between two
poses a tenth (two tenths) of a second apart, in trunk lengths: hips 0.10 (0.21), knees 0.24 (0.37), ankles 0.32 (0.47),
wrists 0.17 (0.38), head 0.14 (0.31); the trunk's direction changes by under 7 degrees from frame to frame. Knees and
ankles that the estimator draws on somebody standing behind or walking past jump by 0.7 to 2.7 trunk lengths from one
frame to the next (50 clips put together of two rendered ones).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from statistics import median
from typing import Final

import numpy as np

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

SIZE_JUMP = 1.4  # times larger or smaller than the recent median
PLACE_JUMP = 0.6  # trunk lengths between two poses, when the size jumps too
FAR_JUMP = 0.4  # trunk lengths, whatever the size ...
FAR_JUMP_PER_S = 3.0  # ... and this much more for each second between: exercises move the hips by up to 2 a second
TURN_JUMP_DEG = 30.0  # the trunk's direction in the picture ...
TURN_JUMP_DEG_PER_S = 60.0  # ... and for each second between: sitting up takes a second for 90 degrees
TURN_TRUNK_MIN = 0.5  # of the median: a trunk seen from its end has no direction
LIMB_PER_S = 3.4  # trunk lengths a second by which a joint of a limb may move against the hips all the time ...
LIMB_JUMP = 0.3  # ... and trunk lengths by which it may run ahead of that
LIMBS_JUMP = 3  # of head, arms and legs jumping at once: the body as a whole is another
ELAPSED_MAX_S = 0.5  # longer absences allow no more: who comes back far from there, or turned, has to begin anew
LIMB_STAY_S = 1.0  # how long a limb must stay where it jumped to before it is believed
RECENT_S = 2.0  # sizes of this long make the median
TRUNKS_A_SHOULDER = 1.3  # trunk length over shoulder width: 1.1 to 1.9 in world landmarks that were believed
RETURN_S = 2.0  # somebody not seen for longer is not waited for
STAY_S = 0.5  # how long somebody else must stay before being followed
ROOM = 0.5  # trunk lengths around the person that belong to `surroundings`

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


# A limb: its joints, and for each the landmarks that go where it goes. Left and right are the person's own.
_LIMBS: Final[tuple[tuple[tuple[Landmark, tuple[Landmark, ...]], ...], ...]] = (
    ((_L.NOSE, tuple(mark for mark in _L if mark <= _L.MOUTH_RIGHT)),),
    (
        (_L.LEFT_ELBOW, (_L.LEFT_ELBOW,)),
        (_L.LEFT_WRIST, (_L.LEFT_WRIST, _L.LEFT_PINKY, _L.LEFT_INDEX, _L.LEFT_THUMB)),
    ),
    (
        (_L.RIGHT_ELBOW, (_L.RIGHT_ELBOW,)),
        (_L.RIGHT_WRIST, (_L.RIGHT_WRIST, _L.RIGHT_PINKY, _L.RIGHT_INDEX, _L.RIGHT_THUMB)),
    ),
    ((_L.LEFT_KNEE, (_L.LEFT_KNEE,)), (_L.LEFT_ANKLE, (_L.LEFT_ANKLE, _L.LEFT_HEEL, _L.LEFT_FOOT_INDEX))),
    ((_L.RIGHT_KNEE, (_L.RIGHT_KNEE,)), (_L.RIGHT_ANKLE, (_L.RIGHT_ANKLE, _L.RIGHT_HEEL, _L.RIGHT_FOOT_INDEX))),
)
_JOINTS: Final = [joint for limb in _LIMBS for joint, _ in limb]
_LIMB_OF: Final = [i for i, limb in enumerate(_LIMBS) for _ in limb]


@dataclass(frozen=True, slots=True)
class Sight:
    """Where somebody was.

    Attributes:
        time_s: When.
        x: Middle of the hips, in pixels; `y` likewise.
        trunk: Length of the trunk in pixels.
        size: The same as far as can be told where it is seen from its end: at least what the shoulders' width tells.
        turn_deg: Direction of the trunk in the picture, hips to shoulders, -180..180.
        limbs: (x, y) of each of `_JOINTS` from the middle of the hips, in pixels.
        box: Left, top, right and bottom of all landmarks that are known, in pixels.
    """

    time_s: float
    x: float
    y: float
    trunk: float
    size: float
    turn_deg: float
    limbs: tuple[Point, ...]
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Track:
    """Where one joint was, from the middle of the hips, in pixels.

    Attributes:
        place: Where it last was believed to be, or behind that on the way there if it moved faster than `LIMB_PER_S`.
        astray: Where it has been seen since; None while it is believed.
        astray_since: When it was first seen there.
    """

    place: Point
    astray: Point | None = None
    astray_since: float = math.nan


@dataclass(frozen=True, slots=True)
class Lock:
    """The person being followed.

    Attributes:
        recent: Accepted sights of the last `RECENT_S` seconds before the latest, which is the last one.
        tracks: The joints of the limbs, as `_JOINTS`.
        stranger: Latest sight of somebody else who may become the new person.
        stranger_since: When that one was first seen.
    """

    recent: tuple[Sight, ...] = ()
    tracks: tuple[Track, ...] = ()
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


def judge(lock: Lock, pose: Pose) -> tuple[Lock, Verdict, Pose]:
    """Decide about the next pose of a clip.

    Args:
        lock: What was followed so far; `Lock()` at the start and after a hard cut.
        pose: The estimator's pose, or a missing one.

    Returns:
        The lock to go on with, the verdict, and the pose with those limbs missing that cannot be believed (the same
        pose where all can).
    """
    if flaw(pose) is not None:
        return lock, Verdict.REJECTED, pose
    sight = _sight(pose)
    if not lock.recent:
        return _begin(sight), Verdict.ACCEPTED, pose
    last = lock.recent[-1]
    if not is_jump(lock.recent, sight, [track.place for track in lock.tracks]):
        tracks = _followed(lock, sight)
        pose = _without(pose, tracks)
        recent = (*(s for s in lock.recent if sight.time_s - s.time_s <= RECENT_S), replace(sight, box=_box(pose)))
        return Lock(recent, tracks), Verdict.ACCEPTED, pose
    brief = last.time_s - lock.recent[0].time_s < STAY_S - 1e-6  # a ghost
    gone = brief or sight.time_s - last.time_s > RETURN_S + 1e-6
    same = lock.stranger is not None and not is_jump((lock.stranger,), sight, lock.stranger.limbs)
    since = lock.stranger_since if same else sight.time_s
    if gone or sight.time_s - since >= STAY_S - 1e-6:
        return _begin(sight), Verdict.NEW_PERSON, pose
    return replace(lock, stranger=sight, stranger_since=since), Verdict.REJECTED, pose


def is_jump(recent: tuple[Sight, ...], sight: Sight, limbs: Sequence[Point]) -> bool:
    """Whether a body at `sight` can hardly be the one of `recent`, whose joints were at `limbs`.

    Lengths are told in pixels relative to the body's size.
    """
    last = recent[-1]
    size = median(s.size for s in recent)
    larger = max(size, sight.size)
    elapsed = min(sight.time_s - last.time_s, ELAPSED_MAX_S)
    moved = math.hypot(sight.x - last.x, sight.y - last.y) / larger
    if moved > FAR_JUMP + FAR_JUMP_PER_S * elapsed:
        return True
    if moved > PLACE_JUMP and larger > SIZE_JUMP * min(size, sight.size):
        return True
    turned = abs((sight.turn_deg - last.turn_deg + 180.0) % 360.0 - 180.0)
    if min(sight.trunk, last.trunk) > TURN_TRUNK_MIN * size and turned > TURN_JUMP_DEG + TURN_JUMP_DEG_PER_S * elapsed:
        return True
    allowed = _limb_jump(larger, elapsed)
    jumped = {limb for limb, a, b in zip(_LIMB_OF, limbs, sight.limbs, strict=True) if math.dist(a, b) > allowed}
    return len(jumped) >= LIMBS_JUMP


def surroundings(lock: Lock) -> tuple[int, int, int, int] | None:
    """Left, top, right and bottom, in pixels, of where the person followed has been lately, with some room.

    None where nobody is followed. It may reach outside the picture.
    """
    if not lock.recent:
        return None
    room = ROOM * median(s.size for s in lock.recent)
    left, top, right, bottom = zip(*(s.box for s in lock.recent), strict=True)
    return (
        math.floor(min(left) - room),
        math.floor(min(top) - room),
        math.ceil(max(right) + room),
        math.ceil(max(bottom) + room),
    )


def _begin(sight: Sight) -> Lock:
    return Lock((sight,), tuple(Track(place) for place in sight.limbs))


def _followed(lock: Lock, sight: Sight) -> tuple[Track, ...]:
    """The limbs' joints with the next sight of the same body."""
    size, elapsed = median(s.size for s in lock.recent), min(sight.time_s - lock.recent[-1].time_s, ELAPSED_MAX_S)
    far, step = _limb_jump(size, elapsed), size * LIMB_PER_S * elapsed
    tracks = []
    for track, place in zip(lock.tracks, sight.limbs, strict=True):
        moved = math.dist(track.place, place)
        if math.isnan(place[0]) or moved <= far:
            tracks.append(track if math.isnan(place[0]) else Track(_towards(track.place, place, step, moved)))
            continue
        stayed = track.astray is not None and math.dist(track.astray, place) <= far
        since = track.astray_since if stayed else sight.time_s
        believed = math.isnan(moved) or sight.time_s - since >= LIMB_STAY_S - 1e-6
        tracks.append(Track(place) if believed else Track(track.place, place, since))
    return tuple(tracks)


def _towards(place: Point, goal: Point, step: float, distance: float) -> Point:
    """The goal, or as far on the way there as the step reaches."""
    if distance <= step:
        return goal
    share = step / distance
    return place[0] + share * (goal[0] - place[0]), place[1] + share * (goal[1] - place[1])


def _limb_jump(size: float, elapsed: float) -> float:
    return size * (LIMB_JUMP + LIMB_PER_S * elapsed)


def _without(pose: Pose, tracks: tuple[Track, ...]) -> Pose:
    """The pose without the limbs that went astray: where the ankle is on another's body, the knee is on its way."""
    astray = {limb for limb, track in zip(_LIMB_OF, tracks, strict=True) if track.astray is not None}
    if not astray:
        return pose
    pixels, world, visibility = pose.pixels.copy(), pose.world.copy(), pose.visibility.copy()
    gone = [mark for limb in astray for _, marks in _LIMBS[limb] for mark in marks]
    for array in (pixels, world, visibility):
        array[gone] = np.nan
    return replace(pose, pixels=pixels, world=world, visibility=visibility)


def _sight(pose: Pose) -> Sight:
    points = pose.pixels.tolist()
    left, right = points[_L.LEFT_SHOULDER], points[_L.RIGHT_SHOULDER]
    shoulders = _middle(left, right)
    x, y = _middle(points[_L.LEFT_HIP], points[_L.RIGHT_HIP])
    trunk = max(1.0, math.dist(shoulders, (x, y)))
    turn_deg = math.degrees(math.atan2(shoulders[1] - y, shoulders[0] - x))
    limbs = tuple((points[mark][0] - x, points[mark][1] - y) for mark in _JOINTS)
    size = max(trunk, TRUNKS_A_SHOULDER * math.dist(left, right))
    return Sight(pose.time_s, x, y, trunk, size, turn_deg, limbs, _box(pose))


def _box(pose: Pose) -> tuple[float, float, float, float]:
    (left, top), (right, bottom) = np.nanmin(pose.pixels, axis=0).tolist(), np.nanmax(pose.pixels, axis=0).tolist()
    return left, top, right, bottom


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
