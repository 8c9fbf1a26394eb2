"""The back's contour, read from the silhouette: what landmarks cannot tell, for they have no spine."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from formcheck.pose.landmarks import FloatArray, Landmark

PLACES_N = 17
FIRST, LAST = 0.1, 0.9  # of the way from the hips to the shoulders: past them are seat, neck and arms
FROM, TO = 1.0, -0.5  # walked from this far over the trunk's line to this far under it, trunk lengths
STEPS_N = 91
STEEPEST_DEG = 60.0  # an upright trunk has no upper side


def back_contour(mask: NDArray[np.float32], pixels: FloatArray) -> FloatArray:
    """Heights of the back over the line from the hips to the shoulders, walked onto the silhouette from above.

    Args:
        mask: (H, W) 0-1, how surely each pixel belongs to the person.
        pixels: (33, 2) the landmarks in the same picture.

    Returns:
        (17,) at 10-90 % of the way from the middle of the hips to the middle of the shoulders, in trunk lengths
        (the length of that line), positive upward and at a right angle to it; NaN where no silhouette is met, all
        NaN for a trunk steeper than 60 degrees.
    """
    unknown = np.full(PLACES_N, math.nan)
    hips = (pixels[Landmark.LEFT_HIP] + pixels[Landmark.RIGHT_HIP]) / 2
    trunk = (pixels[Landmark.LEFT_SHOULDER] + pixels[Landmark.RIGHT_SHOULDER]) / 2 - hips
    length = math.hypot(*trunk)
    if not length > 0 or abs(trunk[1]) > math.sin(math.radians(STEEPEST_DEG)) * length:
        return unknown
    upward = np.array([trunk[1], -trunk[0]]) * math.copysign(1.0, trunk[0])
    along = np.linspace(FIRST, LAST, PLACES_N)
    heights = np.linspace(FROM, TO, STEPS_N)
    points = hips + along[:, None, None] * trunk + heights[None, :, None] * upward
    inside = _sample(mask, points)
    met = (inside > 0.5).argmax(axis=1)
    # Met at the very first step it is something else over the person; never met, argmax says 0 as well.
    ok = met > 0
    rows = np.arange(PLACES_N)
    after, before = inside[rows, met], inside[rows, met - 1]
    share = (after - 0.5) / np.where(after > before, after - before, 1.0)
    step = heights[1] - heights[0]
    return np.where(ok, heights[met] - share * step, math.nan)


def back_points(back: FloatArray, pixels: FloatArray) -> FloatArray:
    """Where the contour that `back_contour` gave lies in the picture, and the foot of each place on the trunk's line.

    Args:
        back: (17,) the contour's heights.
        pixels: (33, 2) the landmarks of the same picture.

    Returns:
        (2, 17, 2) pixels, x right, y down: the contour, then the line under it.
    """
    hips = (pixels[Landmark.LEFT_HIP] + pixels[Landmark.RIGHT_HIP]) / 2
    trunk = (pixels[Landmark.LEFT_SHOULDER] + pixels[Landmark.RIGHT_SHOULDER]) / 2 - hips
    upward = np.array([trunk[1], -trunk[0]]) * math.copysign(1.0, trunk[0])
    line = hips + np.linspace(FIRST, LAST, PLACES_N)[:, None] * trunk
    return np.stack([line + back[:, None] * upward, line])


def _sample(mask: NDArray[np.float32], points: FloatArray) -> NDArray[np.float32]:
    """The mask's values at the nearest pixels, 0 outside of the picture."""
    x, y = np.rint(points[..., 0]), np.rint(points[..., 1])
    height, width = mask.shape
    outside = (x < 0) | (y < 0) | (x >= width) | (y >= height)
    columns = np.clip(x, 0, width - 1).astype(np.intp)
    rows = np.clip(y, 0, height - 1).astype(np.intp)
    return np.where(outside, np.float32(0), mask[rows, columns])
