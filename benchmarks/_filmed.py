"""What was seen by eye in filmed clips beside what may be counted: a measure's size in a stretch."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from formcheck.measure.reading import Reading


@dataclass(frozen=True)
class Look:
    """In this stretch the median of a measure must lie within low..high."""

    start_s: float
    end_s: float
    measure: str
    low: float
    high: float
    words: str


# Angles by eye from single pictures are right to 6 degrees at best. A neutral back reads 0.23-0.36, a cat over 0.43.
LOOKS: Mapping[str, tuple[Look, ...]] = {
    "cat_cow_home": (Look(2.4, 3.9, "back_height", 0.43, 1.0, "a rounded back"),),
    "leg_raise_with_bystander": (
        Look(17.0, 22.0, "raised_elevation_deg", 24, 36, "a leg raised by about 30 deg"),
        Look(43.5, 46.5, "raised_elevation_deg", 22, 34, "a leg raised by about 28 deg"),
    ),
}


def check_looks(
    name: str, times_s: Sequence[float], readings: Sequence[Reading], looks: Mapping[str, tuple[Look, ...]] = LOOKS
) -> list[str]:
    """One sentence for each look at this clip that found something else."""
    return [
        f"{look.words} at {look.start_s:.1f}-{look.end_s:.1f} s: {look.measure} reads {found:.2f}"
        for look in looks.get(name, ())
        if not look.low <= (found := _median(look, times_s, readings)) <= look.high
    ]


def _median(look: Look, times_s: Sequence[float], readings: Sequence[Reading]) -> float:
    inside = [
        reading.value(look.measure)
        for time_s, reading in zip(times_s, readings, strict=True)
        if look.start_s <= time_s <= look.end_s
    ]
    known = [value for value in inside if not math.isnan(value)]
    return statistics.median(known) if known else math.nan
