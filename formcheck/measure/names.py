"""The names of all measures, for checking what a declaration refers to."""

from __future__ import annotations

import math
from functools import cache

from formcheck.measure.aside import aside_measures
from formcheck.measure.body import JOINTS, Body, Facing, measures
from formcheck.measure.legs import leg_measures
from formcheck.measure.reach import reach_measures
from formcheck.measure.upright import upright_measures


@cache
def measure_names(facing: Facing) -> frozenset[str]:
    """The measures that a reader tells of a body that faces this way."""
    nowhere = dict.fromkeys(JOINTS, (math.nan, math.nan))
    left, right = Body("left", nowhere), Body("right", nowhere)
    if facing == "upright":
        named = upright_measures(left, right, 1.0, 45.0, 0.0)
    elif facing == "aside":
        named = aside_measures(left, right)
    else:
        named = measures(left, right, facing) | reach_measures(left, right, 1.0)
    legs = leg_measures(left, right) if facing == "up" else {}
    return frozenset((*named, *legs, "yaw_deg"))
