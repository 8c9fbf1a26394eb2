"""The verdict in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from formcheck.engine.records import FaultSpan, Hold, Repetition, ViewProblem
from formcheck.exercises.declaration import Exercise
from formcheck.report.words import words


def summarize(
    exercise: Exercise,
    reps: Sequence[Repetition],
    holds: Sequence[Hold],
    faults: Sequence[FaultSpan],
    view: Sequence[ViewProblem],
) -> str:
    """What was done, what to work on, and whether the view was in the way, in one sentence."""
    if exercise.movement is not None:
        outcomes = Counter(rep.outcome for rep in reps)
        counted = outcomes["good"] + outcomes["faulty"]
        done = f"{counted} of {exercise.dose.repetitions[0]} repetitions counted, {outcomes['good']} of them good"
        if outcomes["attempt"]:
            done += f", {outcomes['attempt']} not counted"
        if not reps:
            done = "no repetition was seen"
    else:
        in_form = sum(hold.in_form_s for hold in holds)
        done = f"held in form for {in_form:.0f} of {exercise.dose.hold_s[0]:g} s" if holds else "no hold was seen"
    frequent = [name for name, _ in Counter(span.name for span in faults).most_common(2)]
    work_on = f"; to work on: {' and '.join(words(name) for name in frequent)}" if frequent else ""
    seen = "; parts were not seen from the side" if any(p.name == "turn_side_on" for p in view) else ""
    return f"{exercise.title}: {done}{work_on}{seen}."
