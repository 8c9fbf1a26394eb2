"""What the history gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from formcheck.coach.model import EndedBy
from formcheck.engine.records import FaultSpan, Hold, Reminder, Repetition, ViewProblem
from formcheck.exercises.declaration import Dose

Event: TypeAlias = Repetition | Hold | FaultSpan | ViewProblem | Reminder


@dataclass(frozen=True, slots=True)
class Entry:
    """One event.

    Attributes:
        event: As the engine handed it out; its times are seconds of the frames' clock.
        recorded_at: When it was recorded, local to the session; None where that was not kept.
    """

    event: Event
    recorded_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExerciseSet:
    """One exercise, done once.

    Attributes:
        id: Its number in the database.
        exercise: Its name.
        title: The same for people.
        dose: What was asked.
        started_at: Local to the session.
        ended_at: None while it goes on.
        ended_by: What ended it; None while it goes on, and where the program was cut off.
        score: 0-100, None where there is none.
        entries: What happened, in the order in which it was recorded.
    """

    id: int
    exercise: str
    title: str
    dose: Dose
    started_at: datetime
    ended_at: datetime | None
    ended_by: EndedBy | None
    score: float | None
    entries: tuple[Entry, ...] = ()

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, without the time of day."""
        return tuple(entry.event for entry in self.entries)

    @property
    def has_dose(self) -> bool:
        """Whether something was asked; a posture that is watched for hours has no dose."""
        return bool(self.dose.repetitions[1] or self.dose.hold_s[1])


@dataclass(frozen=True, slots=True)
class Session:
    """One session: from the start of the coach to its end.

    Attributes:
        id: Its number in the database.
        routine: Name of the routine or exercise.
        language: In which it was spoken.
        started_at: With the offset from UTC that held where the person was.
        ended_at: None while it goes on.
        sets: In order.
        pain: When pain was told, in order.
    """

    id: int
    routine: str
    language: str
    started_at: datetime
    ended_at: datetime | None
    sets: tuple[ExerciseSet, ...] = ()
    pain: tuple[datetime, ...] = ()

    @property
    def day(self) -> date:
        """The person's day on which it began."""
        return self.started_at.date()
