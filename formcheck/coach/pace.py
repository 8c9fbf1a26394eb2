"""Whether the machine keeps up with the camera, and the camera with the person. Pure; time comes in."""

from __future__ import annotations

import math
from collections import deque
from statistics import median

from formcheck.footage import SLOW_FPS

# Under 12 pictures a second fast faults are told late and short ones are missed.
SLOW_S = 1 / 12
WATCHED = 60  # frames
STEADY_S = 5.0  # it must be slow for so long: something else may be busy for a moment
AWAY_S = 2.0  # without a picture the camera is not slow but away, as in `Camera.state`
GAP_S = 1.0  # without a picture and without work on one: the camera was away, and nothing was slow meanwhile


class Pace:
    """Follows how long the work on a frame takes."""

    def __init__(self) -> None:
        self._busy_s: deque[float] = deque(maxlen=WATCHED)
        self._slow_since_s = math.nan
        self._last_s = math.nan

    def add(self, time_s: float, busy_s: float) -> bool:
        """One frame's work; returns whether the machine has been too slow for long enough to do something about it.

        Args:
            time_s: The frame's time.
            busy_s: Seconds that everything done for it took.
        """
        busy_before_s = self._busy_s[-1] if self._busy_s else 0.0
        if time_s - self._last_s - busy_before_s > GAP_S:
            self.reset()
        self._last_s = time_s
        self._busy_s.append(busy_s)
        if len(self._busy_s) < WATCHED // 4 or median(self._busy_s) <= SLOW_S:
            self._slow_since_s = math.nan
            return False
        if math.isnan(self._slow_since_s):
            self._slow_since_s = time_s
        return time_s - self._slow_since_s >= STEADY_S

    def reset(self) -> None:
        """Begin anew, after something has been done about it."""
        self._busy_s.clear()
        self._slow_since_s = math.nan


class CameraRate:
    """Follows how many pictures the camera sends, whether they are looked at or not."""

    def __init__(self) -> None:
        self._sent: deque[tuple[float, int]] = deque()

    def add(self, time_s: float, index: int) -> float | None:
        """One picture that was looked at.

        Args:
            time_s: Its time.
            index: Its number among all that came.

        Returns:
            Pictures a second over the last `STEADY_S`, where these are fewer than `SLOW_FPS`; else None. After a time
            without pictures, which is told as such, it is None until so much time is over again.
        """
        if self._sent and not 0 <= time_s - self._sent[-1][0] < AWAY_S:
            self._sent.clear()
        self._sent.append((time_s, index))
        while len(self._sent) > 1 and time_s - self._sent[1][0] >= STEADY_S:
            self._sent.popleft()
        first_s, first = self._sent[0]
        if time_s - first_s < STEADY_S:
            return None
        fps = (index - first) / (time_s - first_s)
        return fps if fps < SLOW_FPS else None
