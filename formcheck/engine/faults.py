"""Faults judged frame by frame: each must last its dwell, has a worst value, and ends at its release. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from formcheck.engine.records import FaultSpan
from formcheck.engine.spans import Span, follow
from formcheck.exercises.declaration import Bound, Fault, Moment

UNKNOWN_GAP_S = 0.5  # a fault survives not being seen for this long, as the hold clock does


@dataclass(frozen=True, slots=True)
class FaultState:
    """The open stretches by the fault's place in the declaration, whether or not they have lasted long enough yet."""

    open: dict[int, Span] = field(default_factory=dict)

    def active(self, faults: Sequence[Fault]) -> tuple[Fault, ...]:
        """The faults that have lasted their dwell, most important first."""
        return tuple(sorted((fault for fault, _ in self.lasting(faults)), key=lambda fault: -fault.priority))

    def lasting(self, faults: Sequence[Fault]) -> list[tuple[Fault, Span]]:
        """The faults that have lasted their dwell, with their stretches."""
        spans = ((faults[index], span) for index, span in self.open.items())
        return [(fault, span) for fault, span in spans if span.length_s >= fault.dwell_s]


def all_hold(bounds: Sequence[Bound], values: dict[str, float], already: bool) -> bool | None:
    """Whether all bounds are met: False when one is surely not, None when one is unknown and none fails."""
    unknown = False
    for bound in bounds:
        met = bound.holds(values.get(bound.measure, math.nan), already)
        if met is None:
            unknown = True
        elif not met:
            return False
    return None if unknown else True


def step_faults(
    state: FaultState,
    faults: Sequence[Fault],
    time_s: float,
    values: dict[str, float],
    moment: Moment | None,
    variant: str | None = None,
    *,
    held_s: float = math.inf,
) -> tuple[FaultState, tuple[FaultSpan, ...]]:
    """One frame further.

    Args:
        state: The state before the frame.
        faults: All faults of the exercise.
        time_s: The frame's time.
        values: The measures; empty when the frame tells nothing.
        moment: Where in the exercise this is, None when it is not being done.
        variant: The variant that is held, where there are several.
        held_s: How long the hold has lasted.

    Returns:
        The new state, and the faults that ended with this frame (only those that lasted their dwell).
    """
    still: dict[int, Span] = {}
    ended: list[FaultSpan] = []
    for index, fault in enumerate(faults):
        if fault.per_repetition or fault.at_end:
            continue
        span = state.open.get(index)
        value = values.get(fault.measure, math.nan)
        judged = moment in fault.during and (not fault.variants or variant is None or variant in fault.variants)
        judged = judged and held_s >= fault.settle_s
        if judged and all_hold(fault.only_if, values, span is not None) is not False:
            excess = fault.excess(value, span is not None)
        else:
            excess = -1.0
        span, over = follow(span, time_s, excess, value, UNKNOWN_GAP_S)
        if span is not None:
            still[index] = span
        if over is not None and over.length_s >= fault.dwell_s:
            ended.append(fault_span(fault, over))
    return FaultState(still), tuple(ended)


def close_faults(state: FaultState, faults: Sequence[Fault]) -> tuple[FaultSpan, ...]:
    """All open stretches that lasted their dwell, ended where they were last seen."""
    return tuple(fault_span(fault, span) for fault, span in state.lasting(faults))


def fault_span(fault: Fault, span: Span) -> FaultSpan:
    """The record of a fault that lasted from the span's start to its end."""
    return FaultSpan(fault.name, span.start_s, span.last_s, span.value, fault.unit, fault.cue, fault.joint)
