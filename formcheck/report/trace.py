"""The course of an exercise's main measure over a clip, kept for a chart: a few values a second, never too many."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import accumulate, groupby, pairwise

from formcheck.engine.status import Phase
from formcheck.exercises.declaration import Exercise
from formcheck.judge import Judge
from formcheck.recognition import Recogniser

STEP_S = 0.1  # a movement of a second is still a curve
MOST = 12_000  # 20 minutes at that rate; of more, every other value is left out, as often as need be


@dataclass(slots=True)
class Trace:
    """What one exercise's judge said over time.

    Attributes:
        exercise: Of which it is the main measure.
        times_s: When, in seconds.
        phases: The engine's phase at each time.
        values: By measure, its value at each time; NaN is unknown.
    """

    exercise: Exercise
    times_s: array[float] = field(default_factory=lambda: array("d"))
    phases: list[Phase] = field(default_factory=list)
    values: dict[str, array[float]] = field(default_factory=dict)
    _step_s: float = STEP_S

    def __post_init__(self) -> None:
        self.values = {name: array("d") for name in main_measures(self.exercise)}

    def due(self, time_s: float) -> bool:
        """Whether a value at this time would be kept."""
        return not self.times_s or time_s - self.times_s[-1] >= self._step_s - 1e-3

    def add(self, time_s: float, judge: Judge) -> None:
        """Keep what the judge says now, unless a value has just been kept."""
        if not self.due(time_s):
            return
        status = judge.status
        self.times_s.append(time_s)
        self.phases.append(status.phase)
        for name, course in self.values.items():
            course.append(status.value if len(self.values) == 1 else judge.reading.value(name))
        if len(self.times_s) > MOST:
            self._thin()

    def courses(self) -> Iterator[tuple[str, list[tuple[float, float]]]]:
        """Each measure with its points (time, value)."""
        for name, course in self.values.items():
            yield name, list(zip(self.times_s, course, strict=True))

    def spans(self) -> list[tuple[Phase, float, float]]:
        """The phases one after the other, each from its first time to the next one's."""
        runs = [(phase, len(list(run))) for phase, run in groupby(self.phases)]
        firsts = [0, *accumulate(count for _, count in runs)]
        edges = [self.times_s[min(first, len(self.times_s) - 1)] for first in firsts] if runs else []
        return [(phase, start, end) for (phase, _), (start, end) in zip(runs, pairwise(edges), strict=True)]

    def nearest(self, value: float, start_s: float, end_s: float) -> float:
        """When, within the stretch, the measure came nearest to a value; NaN where it is known at no time there."""
        best_s, least = math.nan, math.inf
        for course in self.values.values():
            for time_s, at in zip(self.times_s, course, strict=True):
                if start_s <= time_s <= end_s and abs(at - value) < least:
                    best_s, least = time_s, abs(at - value)
        return best_s

    def _thin(self) -> None:
        self._step_s *= 2
        self.times_s, self.phases = self.times_s[::2], self.phases[::2]
        self.values = {name: course[::2] for name, course in self.values.items()}


class Tracer:
    """Keeps the trace of every exercise that is judged."""

    def __init__(self) -> None:
        self._traces: dict[str, Trace] = {}

    def add(self, time_s: float, judge: Judge | Recogniser) -> None:
        """The judge has seen the pose of this time."""
        for one in (judge,) if isinstance(judge, Judge) else judge.judges:
            if one.exercise.name not in self._traces:
                self._traces[one.exercise.name] = Trace(one.exercise)
            self._traces[one.exercise.name].add(time_s, one)

    @property
    def traces(self) -> Mapping[str, Trace]:
        """By the exercise's name."""
        return self._traces


def main_measures(exercise: Exercise) -> tuple[str, ...]:
    """What is shown of an exercise: one measure, or one for each side where they are held apart."""
    counted = exercise.movement or exercise.cycle
    if counted is not None:
        return (counted.main,)
    if exercise.holding is None:
        return ()
    variants = exercise.holding.variants
    apart = {variant.main: variant.side for variant in variants}
    sides = [side for side in apart.values() if side is not None]
    return tuple(apart) if len(sides) == len(set(sides)) == len(apart) else (variants[0].main,)
