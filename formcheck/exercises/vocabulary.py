"""What may be named where in a declaration: the engine does not know every name everywhere."""

from __future__ import annotations

from formcheck.exercises.declaration import HELD, Anchor, Baseline, Exercise
from formcheck.measure.back import MEASURES as BACK
from formcheck.measure.body import unit_of
from formcheck.measure.names import measure_names

TEMPO = ("rising_s", "top_held_s", "lowering_s", "in_line_s")  # a repetition's own numbers besides its averages
SIDES_HELD = "sides_held"  # what a fault told at the end of all judges: the number of sides that were held
_ONLY_MEASURED = ("posture", "baselines", "anchors", "holding.variants", "cycle.start")


def known_names(exercise: Exercise, key: str, name: str) -> frozenset[str]:
    """The names of measures that may stand at a key.

    Args:
        exercise: The whole declaration.
        key: What the key stands in, such as "faults[2]" or "movement".
        name: The key itself, such as "measure".
    """
    if key.startswith("faults["):
        fault = exercise.faults[int(key[len("faults[") : key.index("]")])]
        if fault.at_end and name == "measure":
            return frozenset({SIDES_HELD})
        if fault.per_repetition:
            return frozenset(own_numbers(exercise))
    if key.startswith("movement.only_if"):
        return frozenset(own_numbers(exercise))
    told = measured(exercise)
    if key.startswith("trends"):
        return told
    told |= {trend.name for trend in exercise.trends}
    if key.startswith(_ONLY_MEASURED) or name in ("lift", "curve"):
        return told
    own = {own.name for own in _own(exercise)}
    if exercise.cycle is not None and key.startswith("faults["):
        own |= {f"start_{place}" for place in exercise.cycle.places}
    return told | own | ({HELD} if exercise.holding is not None else set())


def measured(exercise: Exercise) -> frozenset[str]:
    """What is measured in every frame."""
    return measure_names(exercise.facing) | frozenset(BACK if exercise.silhouette else ())


def _shown(exercise: Exercise) -> tuple[str, ...]:
    if exercise.cycle is not None:
        return (*exercise.cycle.shown, *exercise.cycle.places)
    return exercise.movement.shown if exercise.movement is not None else ()


def own_numbers(exercise: Exercise) -> tuple[str, ...]:
    """What is known of a repetition when it is over."""
    if exercise.cycle is not None:
        return exercise.cycle.numbers
    return (*exercise.movement.shown, *TEMPO) if exercise.movement is not None else ()


def _own(exercise: Exercise) -> tuple[Baseline | Anchor, ...]:
    """What hangs on the person's own rest."""
    return (*exercise.baselines, *exercise.anchors)


def unit_for(exercise: Exercise, measure: str) -> str | None:
    """The unit of whatever a fault may judge; None where its name tells none."""
    if measure == HELD:
        units = {unit_of(variant.main) for variant in exercise.holding.variants} if exercise.holding else set()
        return units.pop() if len(units) == 1 else None
    if measure in own_numbers(exercise):
        if measure.endswith("_s"):
            return "s"
        # An average is named after its measure, at the end of a cycle with the end before it.
        measure = next((one for one in _shown(exercise) if measure.endswith(one)), measure)
    measure = measure.removeprefix("start_") if exercise.cycle is not None else measure
    own = next((own for own in _own(exercise) if own.name == measure), None)
    measure = measure if own is None else own.measure
    return unit_of(measure) if measure in measured(exercise) else None
