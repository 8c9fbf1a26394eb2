"""How far the main angle is off on average, measured against exact truth: the README's table "How right it is".

`python -m benchmarks.accuracy` measures it anew, on rendered clips whose true angles are known. Exercises without a
figure (cat-cow's back, exercises of one's own) are compared in numbers, and nothing is called better or worse by them.
"""

from __future__ import annotations

import math
import re

from formcheck.report.session.accuracy import MAIN_ANGLE, accuracy_of

SOURCE = "the README's table 'How right it is', measured with python -m benchmarks.accuracy on rendered clips"
HOLD_S = 0.5  # a hold's start, end and time in form are within this everywhere


def main_angle_deg(exercise: str) -> float:
    """The mean error of an exercise's main angle, NaN where none was measured of it."""
    figures = accuracy_of(exercise)
    told = dict(figures.rows).get(MAIN_ANGLE, "") if figures is not None else ""
    found = re.fullmatch(r"([\d.]+)(?:°| deg)", told)
    return float(found[1]) if found else math.nan


def difference_deg(exercise: str) -> float:
    """By how much two clips' main angles must differ to say anything, NaN where no error is known.

    Each has an error of its own, so that of their difference is larger by the root of two.
    """
    return math.sqrt(2.0) * main_angle_deg(exercise)
