"""Long clips are read in stretches, so that several can be worked on at once: where to cut, by the clip alone.

The cuts must not depend on who does the work, or the result would.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

WHOLE_S = 45.0  # a shorter clip is one stretch: starting workers would cost what they save
LONGEST_S = 30.0  # short enough that four cores share a clip of over a minute; the warm-ups add 5-15 %
# How much is read before a stretch: the estimator's smoothing settles within ten frames, the lock on a person within
# two seconds, and the scene has been looked at three times.
WARM_UP_S = 3.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """The frames of a clip from `start_s` up to, but without, `end_s` (infinite for the last one)."""

    start_s: float
    end_s: float

    @property
    def warm_s(self) -> float:
        """Where to begin to read."""
        return max(0.0, self.start_s - WARM_UP_S)


WHOLE = (Stretch(0.0, math.inf),)


def plan(duration_s: float | None) -> tuple[Stretch, ...]:
    """Where to cut a clip that lasts so many seconds; one that cannot be cut (None) is one stretch."""
    if duration_s is None or duration_s < WHOLE_S:
        return WHOLE
    # Even, so that two workers end together.
    return cut(duration_s, 2 * math.ceil(duration_s / (2 * LONGEST_S)))


def cut(duration_s: float, count: int) -> tuple[Stretch, ...]:
    """So many stretches of the same length."""
    edges = (*(i * duration_s / count for i in range(count)), math.inf)
    return tuple(Stretch(start, end) for start, end in pairwise(edges))
