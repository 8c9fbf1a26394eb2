"""Scores that explain themselves: a repetition's is built from named parts, an exercise's is dose over dose."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from formcheck.engine.records import COUNTED, Hold, Repetition, ScorePart
from formcheck.exercises.declaration import Dose, Exercise, Fault
from formcheck.pose.landmarks import Side

FAULT_COST = 0.5  # the first fault of a part costs half its points, the second the rest


def repetition_parts(
    exercise: Exercise, faults: Sequence[Fault], numbers: Mapping[str, float]
) -> tuple[ScorePart, ...]:
    """The parts of a repetition's score, in the exercise's order.

    A part starts with all its points and loses half for each fault of that part; the part "hold" pays for
    the share of the asked hold that was held in the line (nothing where that is unknown); where none is asked it is
    given.
    """
    parts = []
    for name, points in exercise.score.items():
        if name == "hold":
            asked_s, held_s = exercise.dose.hold_s[0], numbers.get("in_line_s", 0.0)
            share = (0.0 if math.isnan(held_s) else min(1.0, held_s / asked_s)) if asked_s > 0 else 1.0
        else:
            share = max(0.0, 1.0 - FAULT_COST * sum(fault.part == name for fault in faults))
        parts.append(ScorePart(name, round(points * share, 1), points))
    return tuple(parts)


def exercise_score(dose: Dose, reps: Sequence[Repetition], holds: Sequence[Hold]) -> float:
    """Good dose over asked dose, 0-100.

    In repetitions: the sum of the counted ones' scores over the lower number asked. In seconds: time in form
    over the shorter time asked, for each side by itself where sides are held apart. No dose (a posture): time in form
    over the time held.
    """
    if dose.repetitions[0]:
        earned = sum(rep.score for rep in reps if rep.outcome in COUNTED)
        return min(100.0, earned / dose.repetitions[0])
    if not dose.hold_s[0]:
        held_s = sum(hold.end_s - hold.start_s for hold in holds)
        return 100.0 * min(1.0, sum(hold.in_form_s for hold in holds) / held_s) if held_s > 0 else 0.0
    in_form: dict[Side | None, float] = {}
    for hold in holds:
        in_form[hold.side] = in_form.get(hold.side, 0.0) + hold.in_form_s
    shares = [min(1.0, seconds / dose.hold_s[0]) for seconds in in_form.values()]
    return 100.0 * sum(shares) / (2 if any(in_form) else 1)
