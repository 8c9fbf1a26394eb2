"""What became of each fault: gone, new, or still there. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from formcheck.exercises.declaration import Exercise
from formcheck.report.margins import difference_deg
from formcheck.report.result import AnalysisResult


@dataclass(frozen=True, slots=True)
class FaultChange:
    """One fault.

    Attributes:
        name: The fault's.
        kind: Whether it is there no longer, only now, or both times.
        before: How often it was there, in words; "-" where it was not.
        after: The same later.
        cue: What to do about it, as said last.
        certain: Whether it was past its limit by more than the measuring error, where that is known.
    """

    name: str
    kind: Literal["gone", "new", "stayed"]
    before: str
    after: str
    cue: str
    certain: bool


def fault_changes(before: AnalysisResult, after: AnalysisResult, exercise: Exercise | None) -> tuple[FaultChange, ...]:
    """The faults of two results of one exercise: those that stayed, are new, are gone, in this order."""
    names = dict.fromkeys(name for one in (after, before) for name in _names(one))
    changes = [_change(name, before, after, exercise) for name in names]
    return tuple(sorted(changes, key=lambda change: ("stayed", "new", "gone").index(change.kind)))


def _names(result: AnalysisResult) -> list[str]:
    of_reps = (name for rep in result.reps for name in rep.faults)
    return [*of_reps, *(span.name for span in result.faults)]


def _change(name: str, before: AnalysisResult, after: AnalysisResult, exercise: Exercise | None) -> FaultChange:
    there = [name in _names(one) for one in (before, after)]
    cues = [span.cue for one in (before, after) for span in one.faults if span.name == name]
    return FaultChange(
        name,
        "stayed" if all(there) else "gone" if there[0] else "new",
        before=_often(name, before),
        after=_often(name, after),
        cue=cues[-1] if cues else "",
        certain=_is_certain(name, before if there[0] else after, exercise),
    )


def _often(name: str, result: AnalysisResult) -> str:
    """In how many repetitions, or how often."""
    with_it = sum(name in rep.faults for rep in result.reps)
    if with_it:
        return f"{with_it} of {len(result.reps)} repetitions"
    spans = sum(span.name == name for span in result.faults)
    return f"{spans} times" if spans > 1 else "once" if spans else "-"


def _is_certain(name: str, result: AnalysisResult, exercise: Exercise | None) -> bool:
    """Whether a fault of the main angle was past its limit by more than the error of comparing; others always are.

    Of another measure no error is known.
    """
    if exercise is None or exercise.movement is None:
        return True
    margin = difference_deg(exercise.name)
    excesses = [
        max(fault.excess(span.worst) for fault in limits)
        for span in result.faults
        if span.name == name
        and span.unit == "deg"
        and (limits := [f for f in exercise.faults if f.name == name and f.measure == exercise.movement.main])
    ]
    known = [excess for excess in excesses if math.isfinite(excess)]
    return not known or not math.isfinite(margin) or max(known) > margin
