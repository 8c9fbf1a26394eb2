"""The pose: 33 landmarks of one person in one frame."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Side = Literal["left", "right"]
LANDMARKS_N = 33


class Landmark(IntEnum):
    """The estimator's 33 landmarks; left and right are the person's own."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


@dataclass(frozen=True, slots=True)
class Scene:
    """What the picture around the person is like; NaN where it is not known.

    Attributes:
        light: 95th percentile of the pixel values, 0-255.
        roll_deg: How far the camera leans, positive when the picture's content is turned clockwise.
        people: How many are seen.
        noise: Standard deviation of the grey values' noise, 0-255, see `formcheck.pose.sharpness`.
        blur_px: Standard deviation of the blur, in pixels of a picture whose longer side has 640.
    """

    light: float = math.nan
    roll_deg: float = math.nan
    people: float = math.nan
    noise: float = math.nan
    blur_px: float = math.nan


NO_SCENE = Scene()


@dataclass(frozen=True, slots=True, eq=False)
class Pose:
    """One person in one frame. Missing is NaN, never a stale value.

    Attributes:
        time_s: The frame's time.
        pixels: (33, 2) x right, y down, in pixels of the upright frame; may lie outside the picture.
        world: (33, 3) metres from the middle of the hips, x right, y down, z away from the camera.
        visibility: (33,) the estimator's own 0-1; no proof that a joint is seen.
        size: (width, height) of the frame in pixels.
        new_shot: True where the clip was cut just before this frame.
        back: (17,) the back's contour over the line from hips to shoulders, see `formcheck.pose.contour`; None
            where no silhouette was asked for.
        scene: What the picture around the person is like, as last looked at in this shot.
    """

    time_s: float
    pixels: FloatArray
    world: FloatArray
    visibility: FloatArray
    size: tuple[int, int]
    new_shot: bool = False
    back: FloatArray | None = None
    scene: Scene = NO_SCENE

    @property
    def found(self) -> bool:
        """Whether anybody was found in the frame."""
        return bool(np.isfinite(self.pixels[Landmark.LEFT_HIP, 0]))

    @classmethod
    def missing(cls, time_s: float, size: tuple[int, int], new_shot: bool = False, scene: Scene = NO_SCENE) -> Pose:
        """The pose of a frame in which nobody was found."""
        return cls(
            time_s,
            np.full((LANDMARKS_N, 2), np.nan),
            np.full((LANDMARKS_N, 3), np.nan),
            np.full(LANDMARKS_N, np.nan),
            size,
            new_shot,
            scene=scene,
        )
