"""Whether the machine keeps up with the camera. Pure; time comes in."""

from __future__ import annotations

import math
from collections import deque
from statistics import median

# Under 12 pictures a second fast faults are told late and short ones are missed.
SLOW_S = 1 / 12
WATCHED = 60  # frames
STEADY_S = 5.0  # it must be slow for so long: something else may be busy for a moment
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
