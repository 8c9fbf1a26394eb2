"""The columns of measures: the unit that stands at the end of the name, and what an exercise's own numbers mean."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from formcheck.exercises.declaration import Exercise
from formcheck.exercises.explained import explained
from formcheck.measure.aside import aside_measures
from formcheck.measure.body import Facing, measures, unit_of
from formcheck.measure.legs import leg_measures
from formcheck.measure.reach import reach_measures
from formcheck.measure.upright import upright_measures
from formcheck.report.export.columns import Column
from formcheck.report.words import split_unit

_SOURCES: dict[Facing, tuple[Callable[..., Any], ...]] = {
    "up": (measures, reach_measures, leg_measures),
    "down": (measures, reach_measures),
    "aside": (aside_measures,),
    "upright": (upright_measures,),
}
_EVERYWHERE = {
    "yaw_deg": "how far the camera is off the side view",
    "back_height": "the middle of the back's contour over the line from hips to shoulders",
    "back_sagitta": "the middle of the back's contour over the line through the contour's ends",
    "head_beside_deg": "the head's pitch where the contour is seen",
    "rising_s": "seconds from the start to the top",
    "top_held_s": "seconds at the top",
    "lowering_s": "seconds from the top back to the start",
    "in_line_s": "seconds with the top position reached",
    "cycle_s": "seconds from the start to the end of a whole cycle",
}


def measure_column(name: str, exercise: Exercise | None) -> Column:
    """The column of a measure: its name, with the unit behind it where the name does not say it.

    Args:
        name: Of a measure, or of a repetition's own number.
        exercise: The exercise, where it is known: it says what its own numbers are made of.
    """
    told = split_unit(name)[1]
    unit = told or _unit_behind(name, exercise)
    meaning = "" if exercise is None else _meaning(name, exercise)
    return Column(name if told else f"{name}_{unit.replace(' ', '_')}", unit, meaning, "number")


def _unit_behind(name: str, exercise: Exercise | None) -> str:
    if exercise is None:
        return unit_of(name)
    _, name = _at_end(name, exercise)
    for trend in exercise.trends:
        if trend.name == name:
            return unit_of(trend.measure) + (" per s" if trend.kind == "speed" else "")
    return unit_of({own.name: own.measure for own in exercise.baselines}.get(name, name))


def _at_end(name: str, exercise: Exercise) -> tuple[str, str]:
    """Of a cycle's number: the end that it is of ("cat", "cow", "start"), and the measure; "" for others."""
    if exercise.cycle is not None:
        for end in (exercise.cycle.high, exercise.cycle.low, "start"):
            if name.startswith(f"{end}_"):
                return end, name.removeprefix(f"{end}_")
    return "", name


def _meaning(name: str, exercise: Exercise) -> str:
    """What a number is, "" where only the exercise's author knows."""
    for unit in ("_cm", "_in"):
        if name.endswith(unit) and name != unit:
            return f"the same as {name.removesuffix(unit)}"
    end, measure = _at_end(name, exercise)
    if end:
        meaning = _meaning(measure, exercise)
        return f"at the {end}: {meaning}" if meaning else ""
    told = _EVERYWHERE | _measured(exercise.facing)
    for trend in exercise.trends:
        if trend.name == measure:
            return f"{'change per second' if trend.kind == 'speed' else 'to and fro'} of {trend.measure}"
    for baseline in exercise.baselines:
        if baseline.name == measure:
            return f"{baseline.measure} over the person's own value at rest"
    for anchor in exercise.anchors:
        if anchor.name == measure:
            return f"{anchor.measure}, corrected by the person's own value at rest"
    return told.get(measure, "")


@cache
def _measured(facing: Facing) -> dict[str, str]:
    said = {name: text for one in _SOURCES[facing] for name, text in explained(one).entries.items()}
    return {name: text.rstrip(".") for name, text in said.items()}
