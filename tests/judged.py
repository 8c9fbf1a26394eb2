"""Poses through reader and engine, and what came out of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from formcheck.engine.records import FaultSpan, Hold, Repetition, ViewProblem
from formcheck.engine.status import Status
from formcheck.exercises import get
from formcheck.judge import Judge
from formcheck.measure.reader import PoseReader
from formcheck.measure.reading import Reading
from formcheck.pose.landmarks import Pose


@dataclass(frozen=True)
class Judged:
    """All events of one clip, by kind, and the status after each pose."""

    reps: list[Repetition]
    holds: list[Hold]
    faults: list[FaultSpan]
    view: list[ViewProblem]
    statuses: list[Status]

    @property
    def count(self) -> int:
        """Repetitions that count."""
        return sum(rep.outcome in ("good", "faulty") for rep in self.reps)

    @property
    def outline(self) -> list[tuple]:
        """What a user would call the same result: outcomes, holds by variant, and names of faults."""
        reps = [(rep.outcome, rep.faults) for rep in self.reps]
        holds = [(hold.variant, hold.faults) for hold in self.holds]
        return [*reps, *holds, tuple(sorted(span.name for span in self.faults))]


def judged(exercise: str, poses: Iterable[Pose]) -> Judged:
    """What formcheck says of these poses."""
    judge = Judge(get(exercise))
    events, statuses = [], []
    for one in poses:
        events += judge.step(one)
        statuses.append(judge.status)
    return sorted_out([*events, *judge.finish()], statuses)


def sorted_out(events: Iterable[object], statuses: Iterable[Status] = ()) -> Judged:
    """Events by kind."""
    everything = list(events)
    kinds = ([e for e in everything if isinstance(e, kind)] for kind in (Repetition, Hold, FaultSpan, ViewProblem))
    return Judged(*kinds, list(statuses))


def readings(exercise: str, poses: Iterable[Pose]) -> list[Reading]:
    """The readings of these poses."""
    chosen = get(exercise)
    reader = PoseReader(chosen.facing, chosen.needs, chosen.trends, silhouette=chosen.silhouette)
    return [reader.read(one) for one in poses]
