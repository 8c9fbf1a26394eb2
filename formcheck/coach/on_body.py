"""The camera's picture with the body's lines on it, fitted into its place and mirrored."""

from __future__ import annotations

import cv2
import numpy as np

from formcheck.coach.layout import Box, contained
from formcheck.engine.status import Status
from formcheck.pose.landmarks import Pose
from formcheck.report.lettering import Image
from formcheck.report.overlay import draw_body

# From three metres lines must be thicker than in a picture that is looked at from near.
_THICKER = 1.5


def place(screen: Image, image: Image, box: Box, *, mirror: bool, pose: Pose | None, status: Status | None) -> Box:
    """Put the picture into a box of the screen, with the body's lines where they are known.

    The picture is flipped last, with its lines on it: so left and right never change before.

    Args:
        screen: Drawn on in place.
        image: (H, W, 3) BGR picture, as the camera sees it; left alone.
        box: Where there is room.
        mirror: Whether it is shown as in a mirror.
        pose: The pose of the same frame, or None.
        status: The engine's state after it, or None: then there is the skeleton only.

    Returns:
        Where on the screen the picture is.
    """
    where = contained((image.shape[1], image.shape[0]), box)
    # Linear, whatever the size: averaging a large picture would take longer than all the rest of the drawing.
    small: Image = cv2.resize(image, (where.width, where.height), interpolation=cv2.INTER_LINEAR).astype(
        np.uint8, copy=False
    )
    if pose is not None and pose.found:
        draw_body(small, pose, status, thicker=_THICKER)
    screen[where.top : where.bottom, where.left : where.right] = cv2.flip(small, 1) if mirror else small
    return where


def dim(screen: Image, box: Box, light: float = 0.35) -> None:
    """Darken a part of the screen: what is seen there is not now."""
    part = screen[box.top : box.bottom, box.left : box.right]
    part[:] = cv2.convertScaleAbs(np.ascontiguousarray(part), alpha=light)
