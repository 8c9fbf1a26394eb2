"""Frame times: from a container's time stamps to seconds that strictly increase."""

from __future__ import annotations

from fractions import Fraction

MIN_STEP_S = 0.001  # pose estimators count whole milliseconds and fail for good on a repeated one
JUMP_S = Fraction(1)


class FrameClock:
    """Turns time stamps into seconds from the first frame, at least a millisecond apart.

    A true time stamp is taken as it is. There are three kinds of broken ones, each with its own remedy:

    - missing (raw streams, old AVI files): the frame before it plus the usual step is the best guess;
    - repeated or a little out of order: a millisecond more than the frame before, so that the next true time stamp
      fits again;
    - more than a second backwards (two recordings joined): the clock goes on by the usual step and counts from there,
      because squeezing the second recording into milliseconds would destroy all its durations.
    """

    def __init__(self, usual_step_s: float) -> None:
        self._usual_step_s = max(usual_step_s, MIN_STEP_S)
        self._origin: Fraction | None = None
        self._last_s: float | None = None

    def time_of(self, stamp: Fraction | None) -> float:
        """Return the time of the next frame.

        Args:
            stamp: Its time stamp in seconds, or None if it has none.

        Returns:
            Seconds from the first frame: 0 for the first, then strictly increasing.
        """
        if self._last_s is None:
            self._origin = stamp
            self._last_s = 0.0
            return 0.0
        expected_s = self._last_s + self._usual_step_s
        self._last_s = max(self._from_stamp(stamp, expected_s), self._last_s + MIN_STEP_S)
        return self._last_s

    def _from_stamp(self, stamp: Fraction | None, expected_s: float) -> float:
        if stamp is None:
            return expected_s
        if self._origin is None or stamp - self._origin < Fraction(self._last_s or 0.0) - JUMP_S:
            self._origin = stamp - Fraction(expected_s)
        return float(stamp - self._origin)
