"""What the picture around the person is like: light, noise and blur, the camera's roll, whether somebody else is there.

Looked at now and then by the frames' own times, never on every frame, and carried until the next look.

Measured on rendered clips, filmed ones and copies of them turned by up to 12 degrees:

- The roll of a single look is right to 0.4-0.9 degrees (rms; one look in twenty is off by 1.7, the worst of 1,700 by
  3.7); one look in ten says nothing, in pictures enlarged by a third one in five. Studios without uprights say nothing.
- A standing person behind or in front of a lying one, pasted in without a face: not seen by the estimator when asked
  for two people (3 % of pictures), seen in a third to a half by looking again with the first one painted over. Of 36
  such clips of 8 s she was told of in 22. A real bystander who faced the camera was told of all the time. Small ones
  (a third of the picture's height) and headless ones are missed. Nobody else was told of in 77 clips of one person.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

from formcheck.pose.landmarks import FloatArray, Landmark, Pose, Scene
from formcheck.pose.sharpness import noise_and_blur
from formcheck.video.frame import Frame

Image = NDArray[np.uint8]

LIGHT_STEP = 8  # of the picture every eighth pixel is enough for its light
LIGHT_EVERY_S = 0.5

ROLL_SIDE_PX = 480  # lines are searched at this size of the longer side
LONG_SHARE = 0.11  # of the shorter side: shorter ones are letters, toys, folds of clothes
STEEP_DEG = 30.0  # lines that lean by more are no uprights of the room
FITS_DEG = 1.5  # a line within this of the fit belongs to it
ROLLS_DEG = np.arange(-22.0, 22.5, 0.5)
CONVERGENCES_DEG = np.arange(-12.0, 13.0, 1.0)  # at the picture's edge; a camera pitched by 15 degrees gives 7
# What a believable fit needs: so many lines, so much length (in shorter sides), so far apart (in half widths), such a
# share of all steep lines, and no other roll that fits nearly as well.
LINES_MIN = 3
LENGTH_MIN = 0.5
SPREAD_MIN = 0.3
SHARE_MIN = 0.5
RIVAL_MAX = 0.8
RIVAL_DEG = 4.0

SOON_S, LATER_S = 1.5, 15.0  # between looks: the first ones, and while something is wrong; the others
CONFIRM_S = 0.5  # until the next look where somebody else seems to be
LOOKS = 3  # the roll is the median of the last so many looks; others must be seen in most of them
LEANING_DEG = 6.0  # may have to be corrected, so it is looked at more often

LIMB_WIDTH = 0.45  # of a limb painted over, in trunk lengths
PERSON_MIN = 0.08  # the least trunk length for that, as a share of the picture's longer side
APART_MIN = 0.4  # trunk lengths between two bodies' trunks: nearer is the rest of the same one
STAYS_MAX = 1.5  # trunk lengths by which another moves from look to look; a ghost is somewhere else each time
COVERED_MAX = 1  # of another's shoulders and hips, so many may lie where the person was painted over
PAINT_SCALE = 8

_L = Landmark
_TRUNK = (_L.LEFT_SHOULDER, _L.RIGHT_SHOULDER, _L.RIGHT_HIP, _L.LEFT_HIP)
_ONE_SIDE = (
    (_L.LEFT_SHOULDER, _L.LEFT_HIP),
    (_L.LEFT_SHOULDER, _L.LEFT_ELBOW),
    (_L.LEFT_ELBOW, _L.LEFT_WRIST),
    (_L.LEFT_WRIST, _L.LEFT_INDEX),
    (_L.LEFT_HIP, _L.LEFT_KNEE),
    (_L.LEFT_KNEE, _L.LEFT_ANKLE),
    (_L.LEFT_ANKLE, _L.LEFT_FOOT_INDEX),
    (_L.LEFT_ANKLE, _L.LEFT_HEEL),
)
_LIMBS = (*_ONE_SIDE, *((a + 1, b + 1) for a, b in _ONE_SIDE))


def light(image: Image) -> float:
    """95th percentile of the pixel values, 0-255, of a picture (H, W, 3)."""
    return float(np.percentile(image[::LIGHT_STEP, ::LIGHT_STEP], 95))


def roll_deg(image: Image, person: FloatArray | None = None) -> float:
    """How far the camera leans, read from the long upright lines of the room; NaN where there are too few.

    Lines that are upright in the room lean together by the roll and fan out from the picture's middle as the camera is
    pitched, so both are fitted: lean = roll + convergence * x.

    Args:
        image: (H, W, 3) uint8, BGR.
        person: (33, 2) landmarks in pixels; lines within their bounding box are left out.

    Returns:
        Degrees, positive when the picture's content is turned clockwise.
    """
    x, lean, length = _uprights(image, person)
    if len(lean) < LINES_MIN:
        return math.nan
    off = lean[None, None, :] - ROLLS_DEG[:, None, None] - CONVERGENCES_DEG[None, :, None] * x
    support = (np.clip(1.0 - (off / FITS_DEG) ** 2, 0.0, None) * length).sum(axis=2)
    support -= 0.004 * np.abs(CONVERGENCES_DEG)
    best = np.unravel_index(support.argmax(), support.shape)
    roll, convergence = ROLLS_DEG[best[0]], CONVERGENCES_DEG[best[1]]
    for _ in range(3):
        weight = np.clip(1.0 - ((lean - roll - convergence * x) / FITS_DEG) ** 2, 0.0, None) * length
        terms = np.stack([np.ones_like(x), x])
        # The little on the diagonal keeps lines that are all in one place from being told apart by noise.
        square = (terms * weight) @ terms.T + np.diag([1e-6, 0.05])
        roll, convergence = np.linalg.solve(square, (terms * weight) @ lean)
    fits = np.abs(lean - roll - convergence * x) < FITS_DEG
    rival = support[np.abs(ROLLS_DEG - roll) > RIVAL_DEG].max(initial=0.0) / support[best]
    believable = (
        fits.sum() >= LINES_MIN
        and length[fits].sum() >= max(LENGTH_MIN, SHARE_MIN * length.sum())
        and np.ptp(x[fits]) >= SPREAD_MIN
        and rival <= RIVAL_MAX
    )
    return float(roll) if believable else math.nan


def _uprights(image: Image, person: FloatArray | None) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Long steep lines: x off the middle in half widths, lean in degrees (clockwise), length in shorter sides."""
    import cv2  # noqa: PLC0415 - slow

    height, width = image.shape[:2]
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    shrink = min(1.0, ROLL_SIDE_PX / max(height, width))
    if shrink < 1.0:
        grey = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(grey)[0]
    lines = np.zeros((0, 4)) if found is None else found.reshape(-1, 4).astype(np.float64) / shrink
    along = lines[:, 2:] - lines[:, :2]
    along = np.where(along[:, 1:] > 0, -along, along)  # upward
    lean = np.degrees(np.arctan2(along[:, 0], -along[:, 1]))
    length = np.hypot(along[:, 0], along[:, 1]) / min(height, width)
    middle = (lines[:, 2:] + lines[:, :2]) / 2
    used = (np.abs(lean) <= STEEP_DEG) & (length >= LONG_SHARE)
    if person is not None:
        low, high = np.nanmin(person, axis=0), np.nanmax(person, axis=0)
        used &= ~((middle >= low) & (middle <= high)).all(axis=1)
    return (middle[used, 0] - width / 2) / (width / 2), lean[used], length[used]


def without_person(image: Image, pose: Pose) -> tuple[Image, NDArray[np.bool_]]:
    """The picture with a person painted over in the colours around, and (H, W) where that was done."""
    import cv2  # noqa: PLC0415 - slow

    height, width = image.shape[:2]
    size = width // PAINT_SCALE + 1, height // PAINT_SCALE + 1
    points = np.clip(pose.pixels / PAINT_SCALE, -4 * max(size), 4 * max(size))
    trunk = max(_trunk(pose), PERSON_MIN * max(height, width)) / PAINT_SCALE
    thick = max(1, round(LIMB_WIDTH * trunk))
    mask = np.zeros((size[1], size[0]), np.uint8)
    shoulders, head = points[list(_TRUNK[:2])].mean(axis=0), points[: _L.MOUTH_RIGHT + 1].mean(axis=0)
    for a, b in (*((points[i], points[j]) for i, j in _LIMBS), (shoulders, head)):
        if not math.isnan(a[0] + b[0]):
            cv2.line(mask, _whole(a), _whole(b), 1, thick)
    if not math.isnan(head[0]):
        cv2.circle(mask, _whole(head), round(0.42 * trunk), 1, -1)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.rint(points[list(_TRUNK)]).astype(np.int32)), 1)
    small = cv2.inpaint(cv2.resize(image, size, interpolation=cv2.INTER_AREA), mask, 3, cv2.INPAINT_TELEA)
    where = cv2.resize(mask, (width, height), interpolation=cv2.INTER_NEAREST).astype(bool)
    filled = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.where(where[:, :, None], filled, image), where


class SceneWatcher:
    """Looks at the scene of one clip now and then, and carries what was seen until the next look.

    The numbers are float32 values, as the poses' are, so that a recording loses nothing.

    Args:
        seek: Looks for a believable person in a picture; None when there is none. Asked for one picture at a time,
            each a square end of a frame (another person is small there, and the estimator finds larger ones better).
    """

    def __init__(self, seek: Callable[[Frame], Pose | None]) -> None:
        self._seek = seek
        self.reset()

    def reset(self) -> None:
        """Forget everything: another shot begins."""
        self.scene = Scene()
        self._lights: deque[float] = deque(maxlen=LOOKS)
        self._rolls: deque[float] = deque(maxlen=LOOKS)
        self._blurs: deque[tuple[float, float]] = deque(maxlen=LOOKS)
        self._light_s = self._blur_s = self._roll_s = self._people_s = -math.inf
        self._blurs_n = self._rolls_n = self._people_n = 0
        self._far_end = False
        self._other: Pose | None = None

    def see(self, frame: Frame, pose: Pose, *, disturbed: bool = False) -> Scene:
        """Look again at what it is time for, at one thing in each frame at most.

        Args:
            frame: The next one.
            pose: The person followed in it; a missing one where nobody is: then roll and people are not looked at.
            disturbed: Somebody else may have been seen in this frame: time to look for others.

        Returns:
            What is known now.
        """
        now = frame.time_s
        if now - self._light_s >= LIGHT_EVERY_S:
            self._light_s = now
            # The brightest of a second and a half: no passing black is a dark room.
            self._lights.append(light(frame.image))
            self._tell(light=max(self._lights))
        elif pose.found and now - self._roll_s >= self._roll_pause_s():
            self._roll_s = now
            self._see_roll(frame.image, pose)
        elif pose.found and now - self._people_s >= (SOON_S if disturbed else self._people_pause_s()):
            self._people_s = now
            self._see_people(frame, pose)
        elif now - self._blur_s >= (SOON_S if self._blurs_n < LOOKS else LATER_S):
            self._blur_s = now
            self._see_blur(frame.image)
        return self.scene

    def _tell(self, **numbers: float) -> None:
        self.scene = replace(self.scene, **{name: float(np.float32(value)) for name, value in numbers.items()})

    def _see_blur(self, image: Image) -> None:
        self._blurs_n += 1
        self._blurs.append(noise_and_blur(image))
        noise, blur_px = zip(*self._blurs, strict=True)
        self._tell(noise=_median(noise), blur_px=_median(blur_px))

    def _roll_pause_s(self) -> float:
        leaning = abs(self.scene.roll_deg) >= LEANING_DEG
        return SOON_S if self._rolls_n < LOOKS or leaning else LATER_S

    def _see_roll(self, image: Image, pose: Pose) -> None:
        self._rolls_n += 1
        self._rolls.append(roll_deg(image, pose.pixels))
        self._tell(roll_deg=_median(self._rolls))

    def _people_pause_s(self) -> float:
        if self._other is not None:
            return CONFIRM_S if self.scene.people < 2 else SOON_S
        return SOON_S if self._people_n < LOOKS else LATER_S

    def _see_people(self, frame: Frame, pose: Pose) -> None:
        """Somebody must be seen in the same place in two looks running, which is also where the next look goes."""
        self._people_n += 1
        before, self._other = self._other, self._somebody_else(frame, pose)
        if before is None or self._other is None:
            self._far_end = self._far_end if self._other is not None else not self._far_end
            self._tell(people=1.0)
        else:
            self._tell(people=2.0 if _apart(before, self._other) <= STAYS_MAX else 1.0)

    def _somebody_else(self, frame: Frame, pose: Pose) -> Pose | None:
        image, painted = without_person(frame.image, pose)
        side = min(image.shape[:2])
        top, left = (image.shape[0] - side, image.shape[1] - side) if self._far_end else (0, 0)
        end = np.ascontiguousarray(image[top : top + side, left : left + side])
        other = self._seek(Frame(end, frame.time_s, frame.index))
        if other is None:
            return None
        other = replace(other, pixels=other.pixels + np.array([left, top]), size=pose.size)
        covered = sum(bool(painted[_row_column(other.pixels[mark], painted)]) for mark in _TRUNK)
        return other if covered <= COVERED_MAX and _apart(pose, other) >= APART_MIN else None


def _median(looks: Iterable[float]) -> float:
    """Of the looks that told anything."""
    told = [look for look in looks if not math.isnan(look)]
    return median(told) if told else math.nan


def _trunk(pose: Pose) -> float:
    """Length of the trunk in pixels."""
    shoulders, hips = pose.pixels[list(_TRUNK[:2])].mean(axis=0), pose.pixels[list(_TRUNK[2:])].mean(axis=0)
    return math.hypot(*(shoulders - hips))


def _apart(one: Pose, other: Pose) -> float:
    """Distance between two bodies' trunks in lengths of the longer one."""
    between = one.pixels[list(_TRUNK)].mean(axis=0) - other.pixels[list(_TRUNK)].mean(axis=0)
    return math.hypot(*between) / max(_trunk(one), _trunk(other), 1.0)


def _whole(point: FloatArray) -> tuple[int, int]:
    return round(float(point[0])), round(float(point[1]))


def _row_column(point: FloatArray, mask: NDArray[np.bool_]) -> tuple[int, int]:
    x, y = _whole(point)
    return min(max(y, 0), mask.shape[0] - 1), min(max(x, 0), mask.shape[1] - 1)
