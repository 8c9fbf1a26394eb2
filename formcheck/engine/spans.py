"""A condition over time: it must last before it is believed, and short gaps do not end it. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch in which something was so, still open.

    Attributes:
        start_s: When it began.
        last_s: When it was last so.
        worst: The largest excess in it.
        value: The measure's value at the largest excess.
    """

    start_s: float
    last_s: float
    worst: float
    value: float

    @property
    def length_s(self) -> float:
        """How long it has lasted."""
        return self.last_s - self.start_s


def follow(
    span: Span | None, time_s: float, excess: float, value: float, gap_s: float
) -> tuple[Span | None, Span | None]:
    """One frame further.

    Args:
        span: The open stretch, if any.
        time_s: The frame's time.
        excess: More than 0: it is so now. 0 or less: it is not. NaN: unknown.
        value: The measure behind it.
        gap_s: Unknown for longer than this ends the stretch.

    Returns:
        The stretch that is open now, and the one that ended with this frame (at most one of them).
    """
    if excess > 0:
        if span is None:
            return Span(time_s, time_s, excess, value), None
        if excess > span.worst:
            return replace(span, last_s=time_s, worst=excess, value=value), None
        return replace(span, last_s=time_s), None
    if span is None:
        return None, None
    if math.isnan(excess) and time_s - span.last_s <= gap_s:
        return span, None
    return None, span
