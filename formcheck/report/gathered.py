"""From what happened in one exercise to its result: for a clip and for a set of a session alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeVar

from formcheck import __version__
from formcheck.engine.engine import Event
from formcheck.engine.records import OUTCOMES, FaultSpan, Hold, Reminder, Repetition, ViewProblem
from formcheck.engine.scores import exercise_score
from formcheck.exercises.declaration import Exercise
from formcheck.pose.landmarks import Side
from formcheck.report.result import AnalysisResult, PostureTime, Source
from formcheck.report.summary import summarize

E = TypeVar("E", bound=Event)


def gathered(
    exercise: Exercise,
    events: Sequence[Event],
    source: Source,
    *,
    sides: Counter[Side],
    pose_found: float,
    watched_s: float,
) -> AnalysisResult:
    """The result for one exercise.

    Args:
        exercise: What was done.
        events: All that its judge said.
        source: Where it was seen.
        sides: In how many frames each side was the near one.
        pose_found: Share of the frames that show somebody, 0-1.
        watched_s: For how many seconds it was looked at: what of them is no hold of a posture is being away.
    """
    reps, holds = of_kind(Repetition, events), of_kind(Hold, events)
    faults, view = of_kind(FaultSpan, events), of_kind(ViewProblem, events)
    in_form_s = sum(hold.in_form_s for hold in holds)
    posture = None
    if exercise.reminders is not None:
        held_s = sum(hold.end_s - hold.start_s for hold in holds)
        posture = PostureTime(in_form_s, held_s - in_form_s, max(0.0, watched_s - held_s))
    return AnalysisResult(
        formcheck=__version__,
        source=source,
        exercise=exercise.name,
        side=sides.most_common(1)[0][0] if sides and exercise.facing != "aside" else None,
        pose_found=pose_found,
        view_problems=view,
        reps=reps,
        holds=holds,
        faults=faults,
        in_form_s=in_form_s,
        score=round(exercise_score(exercise.dose, reps, holds), 1),
        summary=summarize(exercise, reps, holds, faults, view),
        dose=exercise.dose.words(),
        counts={outcome: sum(rep.outcome == outcome for rep in reps) for outcome in OUTCOMES},
        posture=posture,
        reminders=of_kind(Reminder, events),
        unjudged=tuple(exercise.unjudged.values()),
    )


def of_kind(kind: type[E], events: Iterable[Event]) -> tuple[E, ...]:
    """The events of one kind, in order of time."""
    return tuple(sorted((event for event in events if isinstance(event, kind)), key=_time_s))


def _time_s(event: Event) -> float:
    return event.time_s if isinstance(event, Reminder) else event.start_s
