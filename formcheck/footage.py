"""What is wrong with a clip as a whole, whatever the person in it does: pure."""

from __future__ import annotations

import math
from typing import Literal

from formcheck.pose.landmarks import Pose

Trouble = Literal["few_pictures", "noisy", "blurred"]

SLOW_FPS = 7.5  # at 8 pictures a second all sample clips are counted right, at 6 a fast movement is missed
# Sample clips with noise of 10 and blur of 1.5 px are counted right, with 20 and 3 px repetitions and seconds are lost.
# Each limit is half way between what is read from the two (`formcheck.pose.sharpness`), in proportion.
NOISY = 8.5
BLURRED_PX = 2.5
SAID: dict[Trouble, str] = {
    "few_pictures": (
        "This clip has only {fps:.0f} pictures a second: fast movements may be missed, and times are less sure."
    ),
    "noisy": (
        "The picture is very grainy: counts and times are less sure. More light on you and the mat helps most cameras."
    ),
    "blurred": (
        "The picture is blurred: counts and times are less sure. Clean the lens and let the camera focus on the mat."
    ),
}


class Footage:
    """Follows a clip pose by pose; told is what is so for most of it."""

    def __init__(self) -> None:
        self._frames = 0
        self._first_s = self._last_s = math.nan
        self._noisy = self._blurred = 0

    def add(self, pose: Pose) -> None:
        """The next pose."""
        if not self._frames:
            self._first_s = pose.time_s
        self._frames += 1
        self._last_s = pose.time_s
        self._noisy += pose.scene.noise > NOISY
        self._blurred += pose.scene.blur_px > BLURRED_PX

    def troubles(self, *, still: bool = False) -> dict[Trouble, str]:
        """By name, a sentence for the user.

        Args:
            still: Whether it is a photo, which has no rate.
        """
        found: dict[Trouble, str] = {}
        fps = (self._frames - 1) / max(self._last_s - self._first_s, 1e-3) if self._frames > 1 else math.nan
        if fps < SLOW_FPS and not still:
            found["few_pictures"] = SAID["few_pictures"].format(fps=fps)
        if 2 * self._noisy > self._frames:
            found["noisy"] = SAID["noisy"]
        if 2 * self._blurred > self._frames:
            found["blurred"] = SAID["blurred"]
        return found
