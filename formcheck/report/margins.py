"""How far the main angle is off on average, measured against exact truth: the README's table "How right it is".

`python -m benchmarks.accuracy` measures it anew, on rendered clips whose true angles are known. Exercises without a
figure (cat-cow's back, exercises of one's own) are compared in numbers, and nothing is called better or worse by them.
"""

from __future__ import annotations

import math

SOURCE = "the README's table 'How right it is', measured with python -m benchmarks.accuracy on rendered clips"
MAIN_ANGLE_DEG = {
    "plank": 2.7,
    "side_plank": 2.0,
    "bridge": 3.9,
    "hamstring_stretch": 3.1,
    "partial_crunch": 1.7,
    "sitting_posture": 2.6,
    "standing_posture": 2.2,
}
HOLD_S = 0.5  # a hold's start, end and time in form are within this everywhere


def difference_deg(exercise: str) -> float:
    """By how much two clips' main angles must differ to say anything, NaN where no error is known.

    Each has an error of its own, so that of their difference is larger by the root of two.
    """
    return math.sqrt(2.0) * MAIN_ANGLE_DEG.get(exercise, math.nan)
