"""Measures of how another measure moves: its speed, and how far it swings to and fro."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

GAP_S = 0.5  # unknown for longer than this: what was before tells nothing of now


@dataclass(frozen=True, slots=True)
class Trend:
    """A new measure `name`, made of the last seconds of another one.

    Attributes:
        name: Of the new measure.
        measure: The one that is followed.
        kind: "speed": its change per second. "swing": how far it goes to and fro, the third largest of its rises and
            falls; a single move there and back, or one stray frame, is no swing.
        over_s: How far back it looks.
        smooth_s: Time constant of smoothing it before.
    """

    name: str
    measure: str
    kind: Literal["speed", "swing"]
    over_s: float
    smooth_s: float = 0.0


@dataclass
class _Course:
    points: deque[tuple[float, float]] = field(default_factory=deque)  # (time, smoothed value)

    def add(self, time_s: float, value: float, trend: Trend) -> None:
        if self.points and time_s - self.points[-1][0] > GAP_S:
            self.points.clear()
        if self.points and trend.smooth_s:
            then_s, old = self.points[-1]
            value = old + (1.0 - math.exp((then_s - time_s) / trend.smooth_s)) * (value - old)
        self.points.append((time_s, value))
        while time_s - self.points[0][0] > trend.over_s:
            self.points.popleft()


class TrendReader:
    """Follows the measures of one clip. Time comes with each reading."""

    def __init__(self, trends: Iterable[Trend]) -> None:
        self._trends = tuple(trends)
        self._courses = {trend.name: _Course() for trend in self._trends}

    def reset(self) -> None:
        """Forget everything."""
        for course in self._courses.values():
            course.points.clear()

    def step(self, time_s: float, values: dict[str, float]) -> dict[str, float]:
        """The trends after this reading; NaN while less than half of `over_s` has been seen."""
        return {trend.name: self._value(trend, time_s, values.get(trend.measure, math.nan)) for trend in self._trends}

    def _value(self, trend: Trend, time_s: float, value: float) -> float:
        if math.isnan(value):
            return math.nan
        course = self._courses[trend.name]
        course.add(time_s, value, trend)
        then_s, before = course.points[0]
        if time_s - then_s < trend.over_s / 2:
            return math.nan
        now = course.points[-1][1]
        return (now - before) / (time_s - then_s) if trend.kind == "speed" else _swing([v for _, v in course.points])


def _swing(values: list[float]) -> float:
    """The third largest of the rises and falls between turning points; 0 for fewer."""
    turns = [values[0]]
    for before, now in itertools.pairwise(values):
        onward = len(turns) > 1 and (now - before) * (turns[-1] - turns[-2]) >= 0
        if onward:
            turns[-1] = now
        elif now != before:
            turns.append(now)
    sizes = sorted((abs(b - a) for a, b in itertools.pairwise(turns)), reverse=True)
    return sizes[2] if len(sizes) > 2 else 0.0
