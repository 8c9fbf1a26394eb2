"""What is known of one frame: the engine's only input."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from formcheck.pose.landmarks import Side


@dataclass(frozen=True, slots=True)
class Reading:
    """All measures of one frame.

    Attributes:
        time_s: The frame's time; the engine's only clock.
        values: Measure by name; NaN or absent is unknown.
        side: The person's side that faces the camera, None while unknown.
        view: Names of what is wrong with the camera's view in this frame.
        fresh: True when nothing before this frame may be carried on (a cut, another person).
        turning_s: While the camera sees the body clearly off the side: since when it may have been turning, else NaN.
    """

    time_s: float
    values: dict[str, float] = field(default_factory=dict)
    side: Side | None = None
    view: frozenset[str] = frozenset()
    fresh: bool = False
    turning_s: float = math.nan

    def value(self, measure: str) -> float:
        """The measure's value, NaN when unknown."""
        return self.values.get(measure, math.nan)
