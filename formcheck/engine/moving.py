"""What every movement shares, whether it goes up and down or to two ends. Pure; time comes from the readings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FLAT_S = 0.3  # no movement for this long: it has not begun, whatever the level
DWELL_S = 0.1  # being on the way must last this long: one stray frame is no movement
BACK_DWELL_S = 0.25  # near rest and no nearer for this long: back
CREEP_S = 5.0  # time constant with which rest is followed where it is a little off, without a movement coming of it
AT_REST_SHARE = 0.4  # within this share of `settled` the movement has not begun
WAY_STEPS = 48  # the way out is noted in about this many steps, to tell afterwards when its end was reached
LOST_S = 1.5  # a movement that is not seen for this long is lost
MAX_STEP_S = 0.5  # a longer step between frames says nothing of what was between

Sums = dict[str, tuple[float, int]]  # measure by name: sum and number of what was known


@dataclass(frozen=True, slots=True)
class Finished:
    """A movement that went back to rest, or was lost on the way (`complete` False)."""

    start_s: float
    top_s: float
    end_s: float
    lowering_from_s: float
    numbers: dict[str, float]
    complete: bool


def seconds_since(before_s: float, time_s: float) -> float:
    """Seconds since the last frame that count, 0 after none."""
    return 0.0 if math.isnan(before_s) else min(time_s - before_s, MAX_STEP_S)


def gain_of(seconds: float, constant_s: float) -> float:
    """The share of the way to a new value that is gone in some seconds, with a time constant."""
    return 1.0 - math.exp(-seconds / constant_s)


def towards(old: float, new: float, gain: float) -> float:
    """A share of the way from an old value to a new one; whichever is known where the other is not."""
    if math.isnan(new):
        return old
    return new if math.isnan(old) else old + gain * (new - old)


def flat_from(flat: tuple[float, float], level: float, width: float, time_s: float) -> tuple[float, float]:
    """The level that has changed by no more than the width, and since when."""
    return flat if abs(level - flat[0]) <= width else (level, time_s)


def gathered(sums: Sums, names: Iterable[str], values: Mapping[str, float]) -> Sums:
    """The sums with one frame's measures added, as far as they are known."""
    more = dict(sums)
    for name in names:
        value = values.get(name, math.nan)
        if not math.isnan(value):
            total, n = more.get(name, (0.0, 0))
            more[name] = (total + value, n + 1)
    return more


def mean_of(sums: Sums, name: str) -> float:
    """A measure's average, NaN when it was never known."""
    total, n = sums.get(name, (0.0, 0))
    return total / n if n else math.nan
