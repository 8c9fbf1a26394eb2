"""How an exercise went over the weeks: its sets one after the other, and which faults fade or stay. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean
from typing import Literal

from formcheck.engine.records import FaultSpan
from formcheck.exercises.declaration import Exercise
from formcheck.history.days import done_share, holds_of, repetitions_of, something_done
from formcheck.history.model import ExerciseSet, Session
from formcheck.report.compare.rows import main_names

HALF_LEAST = 2  # sets in each half, fewer tell no course
COURSES = ("stays", "grows", "new", "fades", "gone", "too few sets")
Course = Literal["stays", "grows", "new", "fades", "gone", "too few sets"]


@dataclass(frozen=True, slots=True)
class Range:
    """A main measure in one set: the mean, the smallest and the largest of its finished repetitions."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SetPoint:
    """One set.

    Attributes:
        at: When it began, local to the session.
        score: 0-100, None without one.
        done: 0-1, share of the asked dose that was done, None where nothing is asked.
        ranges: The main measure's course by its name, where it is known.
        in_form_s: Seconds in form, of an exercise that is held, by side ("" where there are none).
    """

    at: datetime
    score: float | None
    done: float | None
    ranges: dict[str, Range]
    in_form_s: dict[str, float]


@dataclass(frozen=True, slots=True)
class FaultTrend:
    """One fault, in the earlier and the later half of an exercise's sets.

    Attributes:
        name: The fault's.
        earlier: Repetitions and holds with it, and all of them.
        later: The same of the later half.
        course: What comes of it.
    """

    name: str
    earlier: tuple[int, int]
    later: tuple[int, int]
    course: Course


@dataclass(frozen=True, slots=True)
class ExerciseTrend:
    """One exercise over the weeks.

    Attributes:
        exercise: Its name.
        title: As it was called last.
        asked: The dose that was asked last, in words.
        asked_s: Its seconds of holding, of an exercise that is held; else 0.
        sets: In order.
        faults: First what is still there.
    """

    exercise: str
    title: str
    asked: str
    asked_s: float
    sets: tuple[SetPoint, ...]
    faults: tuple[FaultTrend, ...]

    @property
    def done(self) -> float | None:
        """0-1, mean share of the dose that was done, None where nothing is asked."""
        shares = [one.done for one in self.sets if one.done is not None]
        return fmean(shares) if shares else None


@dataclass(frozen=True, slots=True)
class Pain:
    """Pain that was told: when, and in which exercise, "" where none had begun."""

    at: datetime
    title: str

    @property
    def day(self) -> date:
        """The person's day."""
        return self.at.date()


def trends(sessions: Iterable[Session], known: Callable[[str], Exercise | None]) -> tuple[ExerciseTrend, ...]:
    """The exercises in which something was done, in the order in which they first were.

    Args:
        sessions: Oldest first.
        known: The exercise of a name, None where it is none that is known here.
    """
    by_name: dict[str, list[ExerciseSet]] = {}
    for session in sessions:
        for one in session.sets:
            if something_done(one):
                by_name.setdefault(one.exercise, []).append(one)
    return tuple(_trend(name, sets, known(name)) for name, sets in by_name.items())


def pains(sessions: Iterable[Session]) -> tuple[Pain, ...]:
    """All pain that was told, oldest first."""
    found = []
    for session in sessions:
        for at in session.pain:
            begun = [one.title for one in session.sets if one.started_at <= at]
            found.append(Pain(at, begun[-1] if begun else ""))
    return tuple(found)


def _trend(name: str, sets: Sequence[ExerciseSet], exercise: Exercise | None) -> ExerciseTrend:
    last = sets[-1]
    asked_s = 0.0 if last.dose.repetitions[1] else last.dose.hold_s[0]
    return ExerciseTrend(
        name, last.title, last.dose.words(), asked_s, tuple(_point(one, exercise) for one in sets), fault_trends(sets)
    )


def _point(one: ExerciseSet, exercise: Exercise | None) -> SetPoint:
    finished = [rep for rep in repetitions_of(one) if rep.outcome != "unfinished"]
    ranges = {}
    for name in main_names(finished, exercise):
        values = [value for rep in finished if math.isfinite(value := rep.measures.get(name, math.nan))]
        if values:
            ranges[name] = Range(fmean(values), min(values), max(values))
    held: dict[str, float] = {}
    for hold in holds_of(one):
        if math.isfinite(hold.in_form_s):
            held[hold.side or ""] = held.get(hold.side or "", 0.0) + hold.in_form_s
    return SetPoint(one.started_at, one.score, done_share(one), ranges, held)


def fault_trends(sets: Sequence[ExerciseSet]) -> tuple[FaultTrend, ...]:
    """What became of each fault from the earlier half of the sets to the later one.

    It is gone, or new, where one half has none of it; it fades where its share of repetitions and holds has at least
    halved, and grows where it has at least doubled.
    """
    half = len(sets) // 2
    counts = [_with_fault(part) for part in (sets[:half], sets[half:])]
    tries = [sum(_tries(one) for one in part) for part in (sets[:half], sets[half:])]
    found = []
    for name in dict.fromkeys((*counts[1], *counts[0])):
        earlier, later = ((count[name], of) for count, of in zip(counts, tries, strict=True))
        course = _course(earlier, later) if half >= HALF_LEAST else "too few sets"
        found.append(FaultTrend(name, earlier, later, course))
    return tuple(sorted(found, key=lambda one: COURSES.index(one.course)))


def _course(earlier: tuple[int, int], later: tuple[int, int]) -> Course:
    if not earlier[0]:
        return "new"
    if not later[0]:
        return "gone"
    before, after = earlier[0] * later[1], later[0] * earlier[1]  # the shares, over a common denominator
    if 2 * after <= before:
        return "fades"
    return "grows" if after >= 2 * before else "stays"


def _tries(one: ExerciseSet) -> int:
    return len(repetitions_of(one)) + len(holds_of(one))


def _with_fault(sets: Iterable[ExerciseSet]) -> Counter[str]:
    """Repetitions and holds with each fault; one that is told of the whole set alone counts once."""
    counts: Counter[str] = Counter()
    for one in sets:
        faults = [*(rep.faults for rep in repetitions_of(one)), *(hold.faults for hold in holds_of(one))]
        own = Counter(name for names in faults for name in dict.fromkeys(names))
        told = {event.name for event in one.events if isinstance(event, FaultSpan)}
        counts += own + Counter(told - own.keys())
    return counts
