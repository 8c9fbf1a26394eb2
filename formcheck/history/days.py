"""What was done, day by day and week by week, and when to rest. Pure: which day it is today is an argument."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from formcheck.engine.records import COUNTED, Hold, Repetition
from formcheck.history.model import ExerciseSet, Session
from formcheck.pose.landmarks import Side

WEEKS = 8  # that are shown
REST_AFTER_DAYS = 4  # in a row: exercise regularly, with rest days in between
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

Cell = Literal["trained", "pain", "rest", "ahead"]


@dataclass(frozen=True, slots=True)
class Day:
    """What was done on one day of the person.

    Attributes:
        date: The day on which the sessions began.
        exercises: Titles, each once, in the order in which they were begun.
        sets: How many sets something was done in.
        good: Counted repetitions without a fault of form.
        faulty: Counted repetitions with one.
        attempts: Repetitions that were not counted; unfinished ones are in none of the three.
        holds: Holds in exercises that have a dose.
        in_form_s: Seconds of them in form.
        upright_s: Seconds in form of watched postures, which have no dose.
        done: 0-1, share of the asked dose that was done, the mean of the sets that have a dose; None without any.
        score: 0-100, the mean of the sets' scores, None without any.
        pain: Whether pain was told.
        trained: Whether a repetition was tried or a position held in an exercise that has a dose.
    """

    date: date
    exercises: tuple[str, ...] = ()
    sets: int = 0
    good: int = 0
    faulty: int = 0
    attempts: int = 0
    holds: int = 0
    in_form_s: float = 0.0
    upright_s: float = 0.0
    done: float | None = None
    score: float | None = None
    pain: bool = False
    trained: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from a Monday on.

    Attributes:
        monday: Its first day.
        cells: What each day was.
        days: How many were trained on.
        repetitions: Counted ones.
        in_form_s: Seconds of holds in form.
    """

    monday: date
    cells: tuple[Cell, ...]
    days: int
    repetitions: int
    in_form_s: float


def days(sessions: Iterable[Session]) -> tuple[Day, ...]:
    """The days on which something was done or hurt, oldest first."""
    by_day: dict[date, list[Session]] = defaultdict(list)
    for session in sessions:
        by_day[session.day].append(session)
    found = (_day(day, by_day[day]) for day in sorted(by_day))
    return tuple(day for day in found if day.sets or day.pain)


def _day(day: date, sessions: Sequence[Session]) -> Day:
    sets = [one for session in sessions for one in session.sets if something_done(one)]
    asked = [one for one in sets if one.has_dose]
    outcomes = Counter(rep.outcome for one in sets for rep in repetitions_of(one))
    shares = [share for one in asked if (share := done_share(one)) is not None]
    scores = [one.score for one in sets if one.score is not None]
    return Day(
        day,
        exercises=tuple(dict.fromkeys(one.title for one in sets)),
        sets=len(sets),
        good=outcomes["good"],
        faulty=outcomes["faulty"],
        attempts=outcomes["attempt"],
        holds=sum(len(holds_of(one)) for one in asked),
        in_form_s=_in_form_s(asked),
        upright_s=_in_form_s(one for one in sets if not one.has_dose),
        done=sum(shares) / len(shares) if shares else None,
        score=sum(scores) / len(scores) if scores else None,
        pain=any(session.pain for session in sessions),
        trained=bool(asked),
    )


def done_share(one: ExerciseSet) -> float | None:
    """How much of the asked dose was done, 0-1, None where nothing is asked; the form is not looked at here.

    Counted repetitions over the lower number asked; or seconds in form over the shorter time asked, of which each
    side has its own where sides are held apart.
    """
    if one.dose.repetitions[0]:
        counted = sum(rep.outcome in COUNTED for rep in repetitions_of(one))
        return min(1.0, counted / one.dose.repetitions[0])
    if not one.dose.hold_s[0]:
        return None
    held: dict[Side | None, float] = defaultdict(float)
    for hold in holds_of(one):
        held[hold.side] += _known(hold.in_form_s)
    shares = [min(1.0, seconds / one.dose.hold_s[0]) for seconds in held.values()]
    return min(1.0, sum(shares) / (2 if any(held) else 1))


def something_done(one: ExerciseSet) -> bool:
    """Whether a repetition was tried or a position held."""
    return bool(repetitions_of(one) or holds_of(one))


def repetitions_of(one: ExerciseSet) -> list[Repetition]:
    """The repetitions of a set, in order."""
    return [event for event in one.events if isinstance(event, Repetition)]


def holds_of(one: ExerciseSet) -> list[Hold]:
    """The holds of a set, in order."""
    return [event for event in one.events if isinstance(event, Hold)]


def _in_form_s(sets: Iterable[ExerciseSet]) -> float:
    return sum(_known(hold.in_form_s) for one in sets for hold in holds_of(one))


def _known(seconds: float) -> float:
    return seconds if math.isfinite(seconds) else 0.0


def first_monday(today: date, n: int = WEEKS) -> date:
    """The first day of the last `n` weeks, the present one included."""
    return today - timedelta(days=today.weekday(), weeks=n - 1)


def weeks(found: Iterable[Day], today: date, n: int = WEEKS) -> tuple[Week, ...]:
    """The last weeks, the present one last."""
    by_date = {day.date: day for day in found}
    first = first_monday(today, n)
    return tuple(_week(by_date, first + timedelta(weeks=week), today) for week in range(n))


def _week(by_date: dict[date, Day], monday: date, today: date) -> Week:
    dates = [monday + timedelta(days=i) for i in range(7)]
    there = [by_date[day] for day in dates if day in by_date]
    return Week(
        monday,
        tuple(_cell(by_date.get(day), day > today) for day in dates),
        days=sum(day.trained for day in there),
        repetitions=sum(day.good + day.faulty for day in there),
        in_form_s=sum(day.in_form_s for day in there),
    )


def _cell(day: Day | None, ahead: bool) -> Cell:
    if day is not None and day.pain:
        return "pain"
    if day is not None and day.trained:
        return "trained"
    return "ahead" if ahead else "rest"


def days_in_a_row(trained_days: Collection[date], today: date) -> int:
    """How many days were trained on without a rest day, up to today, or up to yesterday before today's training."""
    trained = set(trained_days)
    day = today if today in trained else today - timedelta(days=1)
    count = 0
    while day in trained:
        count += 1
        day -= timedelta(days=1)
    return count


def last_pain(trained_days: Collection[date], today: date, pain_days: Collection[date]) -> date | None:
    """The day on which it hurt, if that was the last time, today included; None if the last time was without pain."""
    last = max((day for day in (*trained_days, *pain_days) if day <= today), default=None)
    return last if last in set(pain_days) else None


def rest_advice(trained_days: Sequence[date], today: date, pain_days: Collection[date] = ()) -> str | None:
    """What to think of before training: pain the last time, and a rest day after several days in a row.

    Args:
        trained_days: Days on which was trained, in any order; days after today are not looked at.
        today: The person's day.
        pain_days: Days on which it hurt.

    Returns:
        One sentence or two, or None.
    """
    said = []
    hurt = last_pain(trained_days, today, pain_days)
    if hurt == today:
        said.append("It hurt earlier today: better stop for today, and talk to a doctor or physiotherapist.")
    elif hurt is not None:
        said.append(
            f"Last time, on {hurt.day} {MONTHS[hurt.month - 1]}, it hurt: start gently, stop if it hurts again, and "
            "talk to a doctor or physiotherapist."
        )
    count = days_in_a_row(trained_days, today)
    if count >= REST_AFTER_DAYS:
        when = "take a rest day tomorrow" if today in set(trained_days) else "take a rest day"
        said.append(f"You trained {count} days in a row: {when}.")
    return " ".join(said) or None
