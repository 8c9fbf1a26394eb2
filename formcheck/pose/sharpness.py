"""How noisy and how blurred a picture is, by the picture alone.

Measured on five pictures of each of 57 clips (filmed and rendered, 640x480 to 1080p). As they are: noise 0-0.4 (one
2.9), blur 0-1.3 px. With noise of 10 added in each colour: 2-6.2; with 20: 10.9-12 at 640x480, and 3.6 and more in
larger pictures, which average it away. Blurred by 1.5 px: 0-2.1; by 3 px: 3.0-3.5 at 640x480.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

SIDE_PX = 640  # of the longer side: the estimator sees no more of a body than is left at this size
BLOCK_PX = 16
DARKEST, BRIGHTEST = 12.0, 243.0  # blocks beyond have their noise cut off
BLOCKS_MIN = 20
FLAT_PERCENT = 10.0  # of the blocks the flattest tenth, where there is nothing but noise
EDGES_PERCENT = 98.0
NARROW_PX, WIDE_PX = 1.0, 2.5


def noise_and_blur(image: NDArray[np.uint8]) -> tuple[float, float]:
    """Noise and blur of a picture.

    The noise is what is left by a filter that takes away constant and sloping grey (J. Immerkaer, Fast noise variance
    estimation, Computer Vision and Image Understanding 64, 1996), in the flattest blocks. The blur is that of the
    sharpest edges, read from how much of their slope is lost when they are blurred more (S. Zhuo, T. Sim, Defocus map
    estimation from a single image, Pattern Recognition 44, 2011).

    Args:
        image: (H, W, 3) uint8, BGR.

    Returns:
        Standard deviation of the noise in grey values, and of the blur in pixels where the longer side has at most
        640; NaN where the picture shows nothing to read it from.
    """
    import cv2  # noqa: PLC0415 - slow

    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    shrink = min(1.0, SIDE_PX / max(grey.shape))
    if shrink < 1.0:
        grey = cv2.resize(grey, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    values = grey.astype(np.float32)
    return _noise(values), _blur_px(values)


def _noise(values: NDArray[np.float32]) -> float:
    import cv2  # noqa: PLC0415

    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6
    left = _blocks(cv2.filter2D(values, -1, kernel)[1:-1, 1:-1])
    level = _blocks(values[1:-1, 1:-1]).mean(axis=1)
    used = left[(level > DARKEST) & (level < BRIGHTEST)]
    return float(np.percentile(np.sqrt((used**2).mean(axis=1)), FLAT_PERCENT)) if len(used) >= BLOCKS_MIN else math.nan


def _blocks(values: NDArray[Any]) -> NDArray[Any]:
    """(N, pixels) of the whole blocks."""
    high, wide = (side // BLOCK_PX for side in values.shape)
    whole = values[: high * BLOCK_PX, : wide * BLOCK_PX]
    return whole.reshape(high, BLOCK_PX, wide, BLOCK_PX).swapaxes(1, 2).reshape(high * wide, BLOCK_PX**2)


def _blur_px(values: NDArray[np.float32]) -> float:
    narrow, wide = _slope(values, NARROW_PX), _slope(values, WIDE_PX)
    edges = narrow >= max(float(np.percentile(narrow[::2, ::2], EDGES_PERCENT)), 1.0)
    if not edges.any():
        return math.nan
    # An edge blurred by s has a slope in proportion to 1 / sqrt(s^2 + more^2) when it is blurred by more.
    ratio = float(np.median(narrow[edges] / np.maximum(wide[edges], 1e-3))) ** 2
    if ratio <= 1.0:
        return math.nan
    return math.sqrt(max(0.0, (WIDE_PX**2 - ratio * NARROW_PX**2) / (ratio - 1.0)))


def _slope(values: NDArray[np.float32], blur_px: float) -> NDArray[np.float32]:
    import cv2  # noqa: PLC0415

    soft = cv2.GaussianBlur(values, (0, 0), blur_px)
    return cv2.magnitude(cv2.Sobel(soft, -1, 1, 0), cv2.Sobel(soft, -1, 0, 1)).astype(np.float32, copy=False)
