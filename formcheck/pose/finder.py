"""The finder: one person followed through a clip, lying ones too."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from formcheck.pose.credible import Lock, Verdict, flaw, judge, trusted
from formcheck.pose.estimator import Estimator, RawPose
from formcheck.pose.landmarks import FloatArray, Pose
from formcheck.pose.models import find_model
from formcheck.video.frame import Frame

SEARCH_AFTER_S = 0.5  # without a believable pose before another rung is tried
SEARCH_EVERY_S = 0.2
START_AGAIN_AFTER_S = 1.0  # without a believable pose before the first rung is the one to follow with again

Image = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Rung:
    """One way of looking at a frame.

    Attributes:
        name: What `PoseFinder.rung` says.
        confidence: 0-1, the least for the estimator to say that there is somebody.
        border: Width of a border of repeated edge pixels, as a share of the frame's longer side.
        turn: Quarter turns clockwise, before looking.
    """

    name: str
    confidence: float = 0.3
    border: float = 0.0
    turn: int = 0

    def prepare(self, image: Image) -> Image:
        """The picture to look at."""
        import cv2  # noqa: PLC0415 - slow

        picture = image
        if self.border:
            width = self._width(image)
            picture = np.asarray(
                cv2.copyMakeBorder(image, width, width, width, width, cv2.BORDER_REPLICATE), dtype=np.uint8
            )
        if self.turn:
            picture = np.ascontiguousarray(np.rot90(picture, -self.turn))
        return picture

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


# The order of trying; the first is the one to start with.
RUNGS = (
    Rung("plain"),
    Rung("border", border=0.2),
    Rung("faint", confidence=0.2, border=0.2),
    Rung("turned 90", turn=1),
    Rung("turned 180", turn=2),
    Rung("turned 270", turn=3),
)


class PoseFinder:
    """Finds one person in successive frames of a clip. A context manager.

    All waiting goes by the frames' own times, so that the same clip always gives the same poses. The numbers of
    the poses are float32 values, as the estimator computes them, so that a recording loses nothing.

    Args:
        model: "lite", "full", "heavy" or the path of a bundle.
        masks: Whether to compute silhouettes too; see `mask`.

    Raises:
        ModelError: The model is missing, damaged or cannot be used.
    """

    def __init__(self, model: str | Path = "full", *, masks: bool = False) -> None:
        self._model = find_model(str(model))
        self._masks = masks
        self._estimators: dict[int, Estimator] = {}
        self._current = 0
        self._lock = Lock()
        self._seen_s: float | None = None
        self._tried_s = -math.inf
        self._tries = 0
        self._mask: NDArray[np.float32] | None = None
        self._estimator(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the native tasks; the finder cannot be used any more."""
        for estimator in self._estimators.values():
            estimator.close()
        self._estimators.clear()

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
            self._lock, self._seen_s = Lock(), None
            self._use(0)
            self._estimator(0).restart()
        if self._seen_s is None:
            self._seen_s = frame.time_s
        look = self._look(self._current, frame)
        if not look.believable:
            look = self._search(frame) or look
        if look.believable:
            self._seen_s = frame.time_s
        self._lock, verdict = judge(self._lock, look.pose)
        if verdict is Verdict.REJECTED:
            self._mask = None
            return Pose.missing(frame.time_s, look.pose.size, frame.new_shot)
        self._mask = look.mask
        return replace(look.pose, new_shot=frame.new_shot or verdict is Verdict.NEW_PERSON)

    def _search(self, frame: Frame) -> _Look | None:
        """Try another rung where it is time to; change to it if it finds somebody."""
        assert self._seen_s is not None
        lost_s = frame.time_s - self._seen_s
        if self._current and lost_s >= START_AGAIN_AFTER_S:
            self._use(0)
        if lost_s < SEARCH_AFTER_S or frame.time_s - self._tried_s < SEARCH_EVERY_S:
            return None
        self._tried_s = frame.time_s
        others = [i for i in range(len(RUNGS)) if i != self._current]
        tried = others[self._tries % len(others)]
        self._tries += 1
        self._estimator(tried).forget()
        look = self._look(tried, frame)
        if not (look.believable and trusted(look.pose)):
            return None
        self._current = tried
        return look

    def _use(self, rung: int) -> None:
        self._current = rung
        self._tries = 0
        self._tried_s = -math.inf
        self._estimator(rung).forget()

    def _look(self, rung: int, frame: Frame) -> _Look:
        height, width = frame.image.shape[:2]
        raw = self._estimator(rung).detect(RUNGS[rung].prepare(frame.image), frame.time_s)
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

    def _estimator(self, rung: int) -> Estimator:
        if rung not in self._estimators:
            self._estimators[rung] = Estimator(self._model, confidence=RUNGS[rung].confidence, masks=self._masks)
        return self._estimators[rung]


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """One rung's view of one frame."""

    pose: Pose
    believable: bool
    mask: NDArray[np.float32] | None


def _as_recorded(array: FloatArray) -> FloatArray:
    return array.astype(np.float32).astype(np.float64)
