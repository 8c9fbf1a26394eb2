"""Pictures: their size on delivery, turning them upright, fitting a stray one into the clip's size."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MAX_SIDE = 1920
_ASPECT_LIMIT = 4.0  # real pixels are at most about twice as wide as high; beyond this the field is garbage


def delivered_size(width: int, height: int, pixel_aspect: float = 1.0) -> tuple[int, int]:
    """Return (width, height) with square pixels and at most MAX_SIDE on the longer side.

    Args:
        width: Stored width in pixels.
        height: Stored height in pixels.
        pixel_aspect: Width of a pixel over its height.
    """
    if not 1 / _ASPECT_LIMIT <= pixel_aspect <= _ASPECT_LIMIT:
        pixel_aspect = 1.0
    wide = width * pixel_aspect
    scale = min(1.0, MAX_SIDE / max(wide, height))
    return max(1, round(wide * scale)), max(1, round(height * scale))


def upright(image: NDArray[np.uint8], matrix: Sequence[int]) -> NDArray[np.uint8]:
    """Turn or mirror a picture by a container's display matrix, to the nearest quarter turn.

    Args:
        image: (H, W, 3) uint8.
        matrix: Nine numbers a b u c d v x y w; a point goes from (x, y) to (a x + c y, b x + d y).

    Returns:
        (H, W, 3) or (W, H, 3) uint8; the picture itself if there is nothing to turn.
    """
    import cv2  # noqa: PLC0415 - slow

    a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
    transposed = abs(b) + abs(c) > abs(a) + abs(d)
    if transposed:
        image = np.asarray(cv2.transpose(image), np.uint8)
    mirror_x, mirror_y = (c < 0, b < 0) if transposed else (a < 0, d < 0)
    if not (mirror_x or mirror_y):
        return image
    return np.asarray(cv2.flip(image, -1 if mirror_x and mirror_y else int(mirror_x)), np.uint8)


def fitted(image: NDArray[np.uint8], size: tuple[int, int]) -> NDArray[np.uint8]:
    """Scale a picture into a size without changing its proportions, with black bars where it does not fill it.

    Args:
        image: (H, W, 3) uint8.
        size: Width and height in pixels.

    Returns:
        (height, width, 3) uint8; the picture itself if it has this size.
    """
    import cv2  # noqa: PLC0415 - slow

    width, height = size
    rows, columns = image.shape[:2]
    if (columns, rows) == size:
        return image
    scale = min(width / columns, height / rows)
    new_width, new_height = max(1, round(columns * scale)), max(1, round(rows * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    canvas = np.zeros((height, width, 3), np.uint8)
    top, left = (height - new_height) // 2, (width - new_width) // 2
    canvas[top : top + new_height, left : left + new_width] = cv2.resize(
        image, (new_width, new_height), interpolation=way
    )
    return canvas
