"""Lengths in centimetres and inches, where the person's height is known: pure functions.

The scale is the trunk. Drillis and Contini's segment lengths (1966; Winter, Biomechanics and Motor Control of Human
Movement, fig. 4.1) put the shoulder at 0.818 of the height and the hip at 0.530, so a trunk is 0.288 of it.
"""

from __future__ import annotations

import math

from formcheck.height import CM_PER_INCH
from formcheck.measure.body import Facing, unit_of

SHOULDER_PER_HEIGHT, HIP_PER_HEIGHT = 0.818, 0.530
TRUNK_PER_HEIGHT = SHOULDER_PER_HEIGHT - HIP_PER_HEIGHT

# In general that is also what the estimator's trunk is: it sets the shoulder further up and the hip higher than the
# joints are, which are 0.275 of the height apart in the bodies of the rendered clips. The shoulders of a trunk that
# curls up are different: they rise in the picture by more than the joints do. In 16 rendered clips of 11 bodies, seen
# at yaws of -20 to 30 degrees, one trunk length of rise is 0.224 of the height, with a spread of 7 %.
SHOULDERS_LIFTED = 0.78
_RISES = {"shoulders_height": SHOULDERS_LIFTED}

# A trunk that lies in the picture is foreshortened by a view off the side, and with it the unit; what stands up is not.
_LYING: frozenset[Facing] = frozenset(("up", "down"))
_ALONG = ("_shift",)  # lengths along the trunk: foreshortened as it is, so that nothing has to be taken out
YAW_MAX_DEG = 45.0

_IN_SHOULDER_WIDTHS = frozenset(("ear_rise", "face_width", "shoulder_level"))


def is_length(measure: str) -> bool:
    """Whether a measure is a length in trunk lengths, not an angle, a time or another length's share."""
    return unit_of(measure) == "trunk lengths" and not measure.endswith("_s") and measure not in _IN_SHOULDER_WIDTHS


def trunk_cm(height_cm: float) -> float:
    """The length of the trunk, shoulder to hip, of somebody of this height."""
    return TRUNK_PER_HEIGHT * height_cm


def length_cm(
    measure: str, value: float, height_cm: float, facing: Facing, *, yaw_deg: float = 0.0, rise: bool = False
) -> float:
    """A length in centimetres, NaN where it is unknown.

    Args:
        measure: The measure that it was read as; `is_length` of it holds.
        value: In trunk lengths.
        height_cm: The person's height.
        facing: Where the belly faces.
        yaw_deg: Angle between the camera and the exact side view, NaN where unknown.
        rise: Whether the value is the measure over the person's own value at rest.
    """
    seen = 0.0 if math.isnan(yaw_deg) or facing not in _LYING or measure.endswith(_ALONG) else yaw_deg
    shortened = math.cos(math.radians(min(abs(seen), YAW_MAX_DEG)))
    read = _RISES.get(measure, 1.0) if rise else 1.0
    return value * trunk_cm(height_cm) * read * shortened


def inches(cm: float) -> float:
    """Centimetres in inches."""
    return cm / CM_PER_INCH
