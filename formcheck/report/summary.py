"""The verdict in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from formcheck.engine.records import FaultSpan, Hold, Repetition, ViewProblem
from formcheck.exercises.declaration import Exercise
from formcheck.report.words import words

if TYPE_CHECKING:
    from formcheck.report.result import AnalysisResult


def summarize(
    exercise: Exercise,
    reps: Sequence[Repetition],
    holds: Sequence[Hold],
    faults: Sequence[FaultSpan],
    view: Sequence[ViewProblem],
) -> str:
    """What was done, what to work on, and whether the view was in the way, in one sentence."""
    if exercise.holding is None:
        outcomes = Counter(rep.outcome for rep in reps)
        counted = outcomes["good"] + outcomes["faulty"]
        done = f"{counted} of {exercise.dose.repetitions[0]} repetitions counted, {outcomes['good']} of them good"
        if outcomes["attempt"]:
            done += f", {outcomes['attempt']} not counted"
        if not reps:
            done = "no repetition was seen"
    else:
        done = _held(exercise, holds)
    frequent = [name for name, _ in Counter(span.name for span in faults).most_common(2)]
    work_on = f"; to work on: {' and '.join(words(name) for name in frequent)}" if frequent else ""
    seen = "; parts were not seen from the side" if any(p.name == "turn_side_on" for p in view) else ""
    return f"{exercise.title}: {done}{work_on}{seen}."


def _held(exercise: Exercise, holds: Sequence[Hold]) -> str:
    if not holds:
        return "no hold was seen" if exercise.dose.hold_s[0] else "this posture was not seen"
    in_form = sum(hold.in_form_s for hold in holds)
    if not exercise.dose.hold_s[0]:
        return f"upright for {in_form:.0f} of {sum(hold.end_s - hold.start_s for hold in holds):.0f} s"
    if not any(hold.side for hold in holds):
        return f"held in form for {in_form:.0f} of {exercise.dose.hold_s[0]:g} s"
    sides = {side: sum(hold.in_form_s for hold in holds if hold.side == side) for side in ("left", "right")}
    each = " and ".join(f"{seconds:.0f} s {side}" for side, seconds in sides.items())
    return f"held in form for {each} of {exercise.dose.hold_s[0]:g} s each"


def summarize_all(blocks: Sequence[AnalysisResult]) -> str:
    """The exercises that were recognised in one clip, in one sentence."""
    if not blocks:
        return "No exercise was recognised for certain: name it with --exercise."
    return " ".join(block.summary for block in blocks)
