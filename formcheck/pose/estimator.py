"""The adaptor to mediapipe: a picture in, 33 landmarks out. But for the model's file format, nothing else imports it.

Written for mediapipe 0.10.31. Its task in VIDEO mode follows one person from frame to frame and smooths the
landmarks; it wants strictly increasing milliseconds and fails for good otherwise, so they are kept here.
"""

from __future__ import annotations

import contextlib
import os
import re
import struct
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import ModelError
from formcheck.pose.landmarks import LANDMARKS_N, FloatArray
from formcheck.pose.slim import without_silhouette

# What the native library says each time it starts; it listens to no environment variable.
_NOISE = re.compile(rb"INFO: |WARNING: All log messages before absl|[IW]\d{4} ")

MASK_WIDTH_STEP = 4


@dataclass(frozen=True, slots=True, eq=False)
class RawPose:
    """What the estimator saw, unjudged.

    Attributes:
        pixels: (33, 2) x right, y down, pixels of the picture it was given.
        world: (33, 3) metres from the middle of the hips, x right, y down, z away from the camera.
        visibility: (33,) 0-1.
        mask: (H, W) float32, 0-1, how surely each pixel belongs to the person; None unless asked for.
    """

    pixels: FloatArray
    world: FloatArray
    visibility: FloatArray
    mask: NDArray[np.float32] | None = None


class Estimator:
    """Follows one person through successive pictures. A context manager.

    Args:
        model: A ``.task`` bundle, see `formcheck.pose.models.find_model`.
        confidence: 0-1, the least at which a person is taken to be found.
        tracking_confidence: 0-1, the least at which a person is taken to be still there; `confidence` if None.
        masks: Whether to compute silhouettes too (about 7 ms a frame, see `formcheck.pose.slim`).

    Raises:
        ModelError: mediapipe cannot be loaded or cannot use the model.
    """

    def __init__(
        self, model: Path, *, confidence: float = 0.3, tracking_confidence: float | None = None, masks: bool = False
    ) -> None:
        import cv2  # noqa: PLC0415 - slow

        self._cv2 = cv2
        self._model = model
        self._confidences = confidence, confidence if tracking_confidence is None else tracking_confidence
        self._masks = masks
        self._last_ms = -1
        self._create()

    def _create(self) -> None:
        with _quiet():
            self._mp, self._task = _new_task(self._model, *self._confidences, self._masks)
        self._tracking = False
        self._seen_anybody = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the native task; the estimator cannot be used any more."""
        self._task.close()

    def detect(self, image: NDArray[np.uint8], time_s: float) -> RawPose | None:
        """Look for the person in one picture.

        Args:
            image: (H, W, 3) uint8, BGR.
            time_s: Seconds; where it does not rise by a millisecond or more since the last call, one is added.

        Returns:
            The person, or None.
        """
        rgb = np.asarray(self._cv2.cvtColor(image, self._cv2.COLOR_BGR2RGB), dtype=np.uint8)
        if self._masks:
            rgb = self._widened(rgb)
        result = self._run(rgb, round(time_s * 1000))
        self._tracking = bool(result.pose_landmarks)
        if not self._tracking:
            return None
        height, width = rgb.shape[:2]
        seen = np.array([(p.x, p.y, p.visibility) for p in result.pose_landmarks[0]])
        world = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[0]])
        assert seen.shape == world.shape == (LANDMARKS_N, 3)
        mask = result.segmentation_masks[0].numpy_view()[:, :, 0] if result.segmentation_masks else None
        if mask is not None:
            mask = mask[:, : image.shape[1]].copy()
        return RawPose(seen[:, :2] * (width, height), world, seen[:, 2].copy(), mask)

    def warm_up(self) -> None:
        """Let all start now that starts with the first picture: the first one takes ten times as long as others.

        As nobody is in it, an empty picture leaves no trace but its millisecond.
        """
        self._run(np.zeros((64, 64, 3), np.uint8), self._last_ms + 1)

    def forget(self) -> None:
        """Let go of the person, so that the next picture is searched anew.

        Pixels are then as if nothing had been before. World landmarks and visibility keep a trace of the past for
        about ten frames (measured: up to 2 cm and 0.26), since mediapipe does not reset their smoothing. Making the
        task anew would leave none and takes 0.15 s, ten pictures' time.
        """
        if self._tracking:
            self._run(np.zeros((64, 64, 3), np.uint8), self._last_ms + 1)
            self._tracking = False

    def _widened(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture with its right edge repeated to a width divisible by four.

        mediapipe 0.10.31 pads the rows of other masks and ends the whole process when they are read ("Check failed:
        1 == ChannelSize()").
        """
        missing = -rgb.shape[1] % MASK_WIDTH_STEP
        if not missing:
            return rgb
        wide = self._cv2.copyMakeBorder(rgb, 0, 0, 0, missing, self._cv2.BORDER_REPLICATE)
        return np.asarray(wide, dtype=np.uint8)

    def _run(self, rgb: NDArray[np.uint8], time_ms: int) -> Any:
        self._last_ms = max(self._last_ms + 1, time_ms)
        picture = self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=rgb)
        if self._seen_anybody:
            return self._task.detect_for_video(picture, self._last_ms)
        with _quiet():
            result = self._task.detect_for_video(picture, self._last_ms)
        self._seen_anybody = bool(result.pose_landmarks)  # the last start-up message comes with the first person
        return result


def _new_task(model: Path, confidence: float, tracking: float, masks: bool) -> tuple[Any, Any]:
    """The mediapipe module and a running task."""
    try:
        import mediapipe  # noqa: PLC0415 - slow
        from mediapipe.tasks.python import BaseOptions, vision  # noqa: PLC0415
    except (ImportError, OSError) as error:
        raise ModelError(f"mediapipe cannot be loaded ({error}); run: pip install mediapipe==0.10.31") from error
    try:
        content = model.read_bytes() if masks else without_silhouette(model)
        options = vision.PoseLandmarkerOptions(
            base_options=BaseOptions(model_asset_buffer=content),
            running_mode=vision.RunningMode.VIDEO,
            num_poses=1,  # with more there is no smoothing
            min_pose_detection_confidence=confidence,
            min_pose_presence_confidence=tracking,
            min_tracking_confidence=tracking,
            output_segmentation_masks=masks,
        )
        return mediapipe, vision.PoseLandmarker.create_from_options(options)
    except (RuntimeError, ValueError, OSError, KeyError, struct.error, zipfile.BadZipFile) as error:
        raise ModelError(f"The pose model {model} cannot be used ({error}); choose lite, full or heavy") from error


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back what native code writes to standard error, and pass on all of it that is no start-up noise."""
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # there is no standard error
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            held.seek(0)
            for line in held:
                if not _NOISE.match(line):
                    os.write(2, line)
