"""The finder: one person followed through a clip, lying ones too.

Usually the plain picture is enough. Where nobody believable has been seen for half a second, other rungs of a ladder
are tried one at a time (brighter, with a border, turned), and the one that finds somebody is kept while it does. While
the first rung sees somebody, the others cost nothing.

Another person near draws limbs, or the whole pose, to himself. Where the pose breaks with what the person did before,
the same frame is looked at again with everything away from the person's last places painted grey, and the picture stays
narrowed like that while there is doubt. Measured on 80 frames of a crunch with somebody standing behind the mat: share
of frames with a leg on the wrong body 0.70 in the full picture, 0.00 in the narrowed one.

Measured with the model "full" on 7 real and 18 rendered clips; found = share of the frames that show somebody, error =
mean distance of shoulders, hips, knees and ankles from the truth in trunk lengths:

- As filmed, at confidence 0.3: found 1.00 on every rendered clip (error 0.06-0.08, 95 % of frames under 0.11) and on
  every labelled side view; 0.96 on a plank from the front. Confidence 0.5, a border and a turn gave the same, so the
  plain picture comes first. A border of repeated pixels found ghosts on text cards (5 % of a clip's frames).
- Following in derived hard clips, plain rung alone -> whole ladder: at an eighth of the light with noise 0.85 -> 0.97,
  cut close around the body 0.83 -> 0.84, the whole head cut off 0.96 -> 0.97, half the head 0.98 -> 0.98.
- One frame by itself (24 clips, 4 frames each), per cent right (error < 0.3) with plain / then border / then bright /
  then the turns: dark 23/57/66/69, half the head cut off 86/93/93/93, the whole head 49/65/66/74, close around the
  body 77/89/89/92, a third of the size 31/31/31/37; upright 98, turned by 90, 180, 270 degrees 97, 96, 98 with plain
  alone. The order of the rungs is the greedy one of this trial. Confidence 0.2 added as many wrong poses as right
  ones, so it is not on the ladder.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from formcheck.pose.contour import back_contour
from formcheck.pose.credible import Lock, Verdict, flaw, judge, surroundings, trusted
from formcheck.pose.estimator import Estimator, RawPose
from formcheck.pose.landmarks import FloatArray, Pose
from formcheck.pose.models import find_model
from formcheck.pose.scene import SceneWatcher
from formcheck.video.frame import Frame

CONFIDENCE = 0.3  # the least at which the estimator may say that there is somebody
SEARCH_AFTER_S = 0.5  # without a believable pose before another rung is tried
SEARCH_EVERY_S = 0.2
EAGER_S = 0.4  # at the start of a shot every frame is searched for this long: whoever is there is there at once
START_AGAIN_AFTER_S = 1.0  # without a believable pose before the first rung is the one to follow with again
CLOSER_S = 1.0  # how long after the person was last seen to look for them in their surroundings alone
NARROW_S = 2.0  # how long to go on looking there alone after the last doubt

GREY = 128  # what is not to be seen

BRIGHT = 200.0  # what brightening makes of the 95th percentile of the pixel values, 0-255 ...
GAIN_MAX = 12.0  # ... unless that takes more than this; well-lit pictures keep a gain of 1

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Rung:
    """One way of looking at a frame.

    Attributes:
        name: What `PoseFinder.rung` says.
        brighten: Whether to brighten a dark picture.
        border: Width of a border of repeated edge pixels, as a share of the frame's longer side.
        turn: Quarter turns clockwise, before looking.
    """

    name: str
    brighten: bool = False
    border: float = 0.0
    turn: int = 0

    def prepare(self, image: Image) -> Image:
        """The picture to look at."""
        picture = _brightened(image) if self.brighten else image
        if self.border:
            picture = _with_border(picture, self._width(image))
        return np.ascontiguousarray(np.rot90(picture, -self.turn))

    def restore(self, raw: RawPose, image: Image) -> RawPose:
        """What was seen in the picture prepared from `image`, in the image's own coordinates."""
        width = self._width(image)
        height, breadth = (side + 2 * width for side in image.shape[:2])
        pixels, world = raw.pixels, raw.world
        for turn in range(self.turn, 0, -1):
            across = height if turn % 2 else breadth
            pixels = np.stack([pixels[:, 1], across - pixels[:, 0]], axis=1)
            world = np.stack([world[:, 1], -world[:, 0], world[:, 2]], axis=1)
        return RawPose(pixels - width, world, raw.visibility, self._restore_mask(raw.mask, width))

    def _restore_mask(self, mask: NDArray[np.float32] | None, width: int) -> NDArray[np.float32] | None:
        if mask is None:
            return None
        mask = np.rot90(mask, self.turn)
        return np.ascontiguousarray(mask[width : mask.shape[0] - width, width : mask.shape[1] - width])

    def _width(self, image: Image) -> int:
        return round(self.border * int(max(image.shape[:2])))


# The order of trying; the first is the one to start with. See the module's text for how it was found.
RUNGS = (
    Rung("plain"),
    Rung("border", brighten=True, border=0.2),
    Rung("bright", brighten=True),
    Rung("turned 180", brighten=True, turn=2),
    Rung("turned 90", brighten=True, border=0.2, turn=1),
    Rung("turned 270", brighten=True, turn=3),
)


class PoseFinder:
    """Finds one person in successive frames of a clip. A context manager.

    All waiting goes by the frames' own times, so that the same clip always gives the same poses. The numbers of
    the poses are float32 values, as the estimator computes them, so that a recording loses nothing.

    Args:
        model: "lite", "full", "heavy" or the path of a bundle.
        masks: Whether to compute silhouettes too: `mask`, and the poses' `back`.
        lock: Somebody who has been followed until now, to be followed on.

    Raises:
        ModelError: The model is missing, damaged or cannot be used.
    """

    def __init__(self, model: str | Path = "full", *, masks: bool = False, lock: Lock | None = None) -> None:
        self._model = find_model(str(model))
        self._masks = masks
        self._follower = self._new_estimator()
        self._scout: Estimator | None = None  # for trying other rungs, and for others; not made before it is needed
        self._current = 0
        self._lock = lock or Lock()
        self._seen_s = self._lock.recent[-1].time_s if self._lock.recent else None
        self._anybody = bool(self._lock.recent)  # seen in this shot
        self._tried_s = -math.inf
        self._tries = 0
        self._mask: NDArray[np.float32] | None = None
        self._narrow_until_s = -math.inf if self._seen_s is None else self._seen_s + NARROW_S
        self._scene = SceneWatcher(self._seek)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the native tasks; the finder cannot be used any more."""
        self._follower.close()
        if self._scout is not None:
            self._scout.close()

    def warm_up(self) -> None:
        """Let all start now that would keep the first picture waiting, for up to a second; call it before `find`."""
        self._follower.warm_up()
        self._ready_scout().warm_up()

    @property
    def rung(self) -> str:
        """Name of the rung that is used now."""
        return RUNGS[self._current].name

    @property
    def mask(self) -> NDArray[np.float32] | None:
        """(H, W) 0-1, silhouette of the last frame's person; None if nobody was found or masks are off."""
        return self._mask

    def find(self, frame: Frame) -> Pose:
        """Look for the person in the next frame.

        Args:
            frame: The next one of the clip; with `new_shot` everything known is forgotten.

        Returns:
            The pose, or a missing one. Its `new_shot` is set after a hard cut and for another person.
        """
        if frame.new_shot:
            self._lock, self._seen_s, self._anybody = Lock(), None, False
            self._narrow_until_s = -math.inf
            self._start_again()
            self._scene.reset()
        if self._seen_s is None:
            self._seen_s = frame.time_s
        narrow = frame.time_s < self._narrow_until_s
        look = self._look(self._follower, self._current, _narrowed(frame, self._lock) if narrow else frame)
        if not look.believable:
            look = self._search(frame) or look
        lock, verdict, pose = judge(self._lock, look.pose)
        if verdict is not Verdict.ACCEPTED or pose is not look.pose:
            doubtful = math.inf if verdict is not Verdict.ACCEPTED else _unknown(pose)
            closer = self._look_closer(frame, self._lock)
            if closer is not None and _unknown(judge(self._lock, closer.pose)[2]) < doubtful:
                look = self._follow_closer(frame, closer)
                lock, verdict, pose = judge(self._lock, look.pose)
            elif verdict is Verdict.REJECTED:
                self._narrow_until_s = -math.inf
        if lock.recent and (verdict is Verdict.NEW_PERSON or not self._lock.recent):
            # The first sight is what all others are held against: it must have nobody else's limbs in it.
            closer = self._look_closer(frame, lock)
            if closer is not None and _unknown(judge(lock, closer.pose)[2]):
                look = self._follow_closer(frame, closer)
                lock, _, pose = judge(Lock(), look.pose)
        self._lock = lock
        if look.believable:
            self._seen_s, self._anybody = frame.time_s, True
        if verdict is Verdict.REJECTED:
            self._mask = None
            missing = Pose.missing(frame.time_s, look.pose.size, frame.new_shot)
            return replace(missing, scene=self._scene.see(frame, missing))
        self._mask = look.mask
        back = None if look.mask is None else _as_recorded(back_contour(look.mask, look.pose.pixels))
        new_person = verdict is Verdict.NEW_PERSON
        scene = self._scene.see(frame, look.pose, disturbed=new_person)
        return replace(pose, new_shot=frame.new_shot or new_person, back=back, scene=scene)

    def _seek(self, frame: Frame) -> Pose | None:
        """Somebody believable in a picture that does not belong to the clip's run."""
        look = self._look(self._ready_scout(), 0, frame)
        return look.pose if look.believable else None

    def _look_closer(self, frame: Frame, lock: Lock) -> _Look | None:
        """The person as seen by the scout in the surroundings alone; None where it is not clearly the one followed."""
        if not lock.recent or frame.time_s - lock.recent[-1].time_s > CLOSER_S:
            return None
        look = self._look(self._ready_scout(), self._current, _narrowed(frame, lock))
        same = judge(lock, look.pose)[1] is Verdict.ACCEPTED
        return look if same and trusted(look.pose) else None

    def _follow_closer(self, frame: Frame, closer: _Look) -> _Look:
        """Go on with the scout, in the surroundings alone for a while."""
        assert self._scout is not None
        self._follower, self._scout = self._scout, self._follower
        self._narrow_until_s = frame.time_s + NARROW_S
        return closer

    def _search(self, frame: Frame) -> _Look | None:
        """Try another rung where it is time to; change to it if it finds somebody."""
        assert self._seen_s is not None
        lost_s = frame.time_s - self._seen_s
        if self._current and lost_s >= START_AGAIN_AFTER_S:
            self._start_again()
        eager = not self._anybody and lost_s < EAGER_S
        if not eager and (lost_s < SEARCH_AFTER_S or frame.time_s - self._tried_s < SEARCH_EVERY_S):
            return None
        self._tried_s = frame.time_s
        others = [i for i in range(len(RUNGS)) if i != self._current]
        tried = others[self._tries % len(others)]
        self._tries += 1
        scout = self._ready_scout()
        look = self._look(scout, tried, frame)
        if not (look.believable and trusted(look.pose)):
            return None
        self._current = tried
        self._follower, self._scout = scout, self._follower
        return look

    def _ready_scout(self) -> Estimator:
        if self._scout is None:
            self._scout = self._new_estimator()
        self._scout.forget()
        return self._scout

    def _start_again(self) -> None:
        self._current = 0
        self._tries = 0
        self._tried_s = -math.inf
        self._follower.forget()

    def _new_estimator(self) -> Estimator:
        return Estimator(self._model, confidence=CONFIDENCE, masks=self._masks)

    def _look(self, estimator: Estimator, rung: int, frame: Frame) -> _Look:
        height, width = frame.image.shape[:2]
        raw = estimator.detect(RUNGS[rung].prepare(frame.image), frame.time_s)
        if raw is None:
            return _Look(Pose.missing(frame.time_s, (width, height)), False, None)
        raw = RUNGS[rung].restore(raw, frame.image)
        pose = Pose(
            frame.time_s,
            _as_recorded(raw.pixels),
            _as_recorded(raw.world),
            _as_recorded(raw.visibility),
            (width, height),
        )
        return _Look(pose, flaw(pose) is None, raw.mask)


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """One rung's view of one frame."""

    pose: Pose
    believable: bool
    mask: NDArray[np.float32] | None


def _narrowed(frame: Frame, lock: Lock) -> Frame:
    """The frame with nothing in it but the surroundings of the person followed."""
    box = surroundings(lock)
    if box is None:
        return frame
    left, top, right, bottom = (max(0, side) for side in box)
    image = np.full_like(frame.image, GREY)
    image[top:bottom, left:right] = frame.image[top:bottom, left:right]
    return replace(frame, image=image)


def _unknown(pose: Pose) -> float:
    """How many landmarks are missing."""
    return float(np.isnan(pose.pixels[:, 0]).sum())


def _as_recorded(array: FloatArray) -> FloatArray:
    return array.astype(np.float32).astype(np.float64)


def _brightened(image: Image) -> Image:
    import cv2  # noqa: PLC0415 - slow

    white = float(np.percentile(image[::4, ::4], 95))
    gain = min(BRIGHT / max(white, 1.0), GAIN_MAX)
    return image if gain <= 1 else np.asarray(cv2.convertScaleAbs(image, alpha=gain), dtype=np.uint8)


def _with_border(image: Image, width: int) -> Image:
    import cv2  # noqa: PLC0415 - slow

    bordered = cv2.copyMakeBorder(image, width, width, width, width, cv2.BORDER_REPLICATE)
    return np.asarray(bordered, dtype=np.uint8)
