"""Adds centimetres and inches to the lengths of a result, where the person's height is known."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from formcheck.engine.records import FaultSpan
from formcheck.exercises.declaration import Exercise
from formcheck.measure.scale import inches, is_length, length_cm
from formcheck.report.result import AnalysisResult

UNIT = "trunk lengths"


@dataclass(frozen=True, slots=True)
class Ruler:
    """What lengths are told by.

    Attributes:
        exercise: The exercise, which knows what its numbers are made of.
        height_cm: The person's height.
        yaws: (time, yaw in degrees) of the frames.
    """

    exercise: Exercise
    height_cm: float
    yaws: Sequence[tuple[float, float]]

    def with_lengths(self, numbers: Mapping[str, float], start_s: float, end_s: float) -> dict[str, float]:
        """The numbers, and behind each length the same in centimetres ("_cm") and inches ("_in")."""
        yaw = self._yaw_deg(start_s, end_s)
        told: dict[str, float] = {}
        for name, value in numbers.items():
            told[name] = value
            if (cm := self._cm(name, value, yaw)) is not None:
                told |= {f"{name}_cm": cm, f"{name}_in": inches(cm)}
        return told

    def with_worst(self, span: FaultSpan) -> FaultSpan:
        """The stretch of a fault, its worst value also in centimetres and inches where it is a length."""
        measures = [f.measure for f in self.exercise.faults if f.name == span.name and f.unit == UNIT == span.unit]
        cm = self._cm(measures[0], span.worst, self._yaw_deg(span.start_s, span.end_s)) if measures else None
        return span if cm is None else replace(span, worst_cm=cm, worst_in=inches(cm))

    def _cm(self, name: str, value: float, yaw_deg: float) -> float | None:
        measure = self._behind(name)
        if measure is None or not is_length(measure):
            return None
        rise = measure != name and not name.startswith("start_")
        return length_cm(measure, value, self.height_cm, self.exercise.facing, yaw_deg=yaw_deg, rise=rise)

    def _behind(self, name: str) -> str | None:
        """The measure that a number is made of; None for a speed, which is no length."""
        exercise = self.exercise
        if exercise.cycle is not None:
            for prefix in (exercise.cycle.high, exercise.cycle.low, "start"):
                name = name.removeprefix(f"{prefix}_")
        for trend in exercise.trends:
            if trend.name == name:
                return trend.measure if trend.kind == "swing" else None
        own = {baseline.name: baseline.measure for baseline in exercise.baselines}
        return own.get(name, name)  # anchors correct angles

    def _yaw_deg(self, start_s: float, end_s: float) -> float:
        seen = [yaw for time_s, yaw in self.yaws if start_s <= time_s <= end_s and not math.isnan(yaw)]
        return median(seen) if seen else math.nan


def in_centimetres(result: AnalysisResult, ruler: Ruler) -> AnalysisResult:
    """The result of one exercise with its lengths in centimetres and inches, too."""
    whole = (-math.inf, math.inf)
    return replace(
        result,
        height_cm=ruler.height_cm,
        reps=tuple(
            replace(rep, measures=ruler.with_lengths(rep.measures, rep.start_s, rep.end_s)) for rep in result.reps
        ),
        holds=tuple(
            replace(hold, measures=ruler.with_lengths(hold.measures, hold.start_s, hold.end_s)) for hold in result.holds
        ),
        faults=tuple(ruler.with_worst(span) for span in result.faults),
        measures=ruler.with_lengths(result.measures, *whole),
    )
