"""The frame: one picture with its own time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a clip.

    Attributes:
        image: (H, W, 3) uint8, BGR, upright (the container's rotation is already applied).
        time_s: Presentation time from the container, seconds from the first frame; strictly increasing.
        index: Number of the frame in decoding order, from 0.
        new_shot: True on the first frame after a hard cut: what was seen before is no guide to this frame.
    """

    image: NDArray[np.uint8]
    time_s: float
    index: int
    new_shot: bool = False
