"""Where an exercise wants its main measure to be, read from its declaration for the chart. Pure."""

from __future__ import annotations

import math

from formcheck.exercises.declaration import HELD, Exercise

Band = tuple[float, float]  # low, high; infinite where there is no limit


def target_bands(exercise: Exercise, measure: str) -> tuple[Band, ...]:
    """The stretches in which the measure should be: at the top of a movement, at either end of a cycle, or held.

    Args:
        exercise: Its declaration.
        measure: One of `formcheck.report.trace.main_measures`.
    """
    if exercise.cycle is not None:
        return ((exercise.cycle.full[0], math.inf), (-math.inf, exercise.cycle.full[1]))
    if exercise.movement is not None:
        bounds = [(bound.low, bound.high) for bound in exercise.movement.line if bound.measure == measure]
    else:
        bounds = _held(exercise, measure)
    low = max((low for low, _ in bounds), default=-math.inf)
    high = min((high for _, high in bounds), default=math.inf)
    return ((low, high),) if low < high and (math.isfinite(low) or math.isfinite(high)) else ()


def _held(exercise: Exercise, measure: str) -> list[Band]:
    """The bounds of the first variant that is shown by this measure, and the limits of its faults."""
    assert exercise.holding is not None
    variant = next(v for v in exercise.holding.variants if v.main == measure)
    faults = [
        (fault.below, fault.above)
        for fault in exercise.faults
        if fault.measure in (HELD, measure) and (not fault.variants or variant.name in fault.variants)
    ]
    return [(bound.low, bound.high) for bound in variant.bounds if bound.measure == measure] + faults
