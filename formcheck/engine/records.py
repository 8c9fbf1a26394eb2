"""What the engine hands on: repetitions, holds, faults and view problems, all in seconds from the clip's start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from formcheck.pose.landmarks import Side

Outcome = Literal["good", "faulty", "attempt", "unfinished"]
OUTCOMES: tuple[Outcome, ...] = ("good", "faulty", "attempt", "unfinished")
COUNTED: tuple[Outcome, ...] = ("good", "faulty")


@dataclass(frozen=True, slots=True)
class FaultSpan:
    """One stretch in which one thing was wrong.

    Attributes:
        name: The fault's name, as in the exercise's declaration.
        start_s: When the limit was first passed.
        end_s: When it was last passed.
        worst: The measure's worst value in the stretch, in `unit`.
        unit: "deg", "s" or "trunk lengths".
        cue: What to do about it, as spoken.
        joint: The joint it concerns ("hip", "knee", ...).
        worst_cm: A worst value in trunk lengths, in centimetres; None where the person's height is not known.
        worst_in: The same in inches.
    """

    name: str
    start_s: float
    end_s: float
    worst: float
    unit: str
    cue: str
    joint: str
    worst_cm: float | None = None
    worst_in: float | None = None


@dataclass(frozen=True, slots=True)
class ScorePart:
    """One named part of a score: `points` of at most `of`."""

    name: str
    points: float
    of: float


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition, finished or not.

    Attributes:
        index: 1 for the first that was seen, whatever its outcome.
        start_s: When the movement began.
        top_s: When the top (the far end of the movement) was reached.
        end_s: When the body was back at the start.
        outcome: "good", "faulty" (counted), "attempt" or "unfinished" (not counted).
        reason: For an attempt or an unfinished one: why it does not count.
        score: 0-100, the sum of `parts`.
        parts: How the score is made up.
        faults: Names of the faults of form.
        notes: Names of what is short of the dose and no fault of form, such as "hold_short".
        measures: The repetition's numbers by name, unit in the name; NaN where unknown.
    """

    index: int
    start_s: float
    top_s: float
    end_s: float
    outcome: Outcome
    reason: str | None = None
    score: float = 0.0
    parts: tuple[ScorePart, ...] = ()
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    measures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hold:
    """One stay in a held position.

    Attributes:
        start_s: Arrival in the position.
        end_s: Beginning of leaving it.
        in_form_s: Seconds in it without a fault and credibly seen.
        longest_s: The longest unbroken such stretch.
        side: The side worked on, where the exercise has sides.
        variant: Which form of the exercise it was ("forearm", "high", "knees"), where it has several.
        faults: Names of the faults that occurred in it.
        measures: Means over the time in form, the main measure first, unit in the name; NaN where unknown.
    """

    start_s: float
    end_s: float
    in_form_s: float
    longest_s: float
    side: Side | None = None
    variant: str | None = None
    faults: tuple[str, ...] = ()
    measures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ViewProblem:
    """A stretch in which the camera's view could not be relied on.

    Attributes:
        name: One of the names in `formcheck.measure.view.ADVICE`.
        start_s: Beginning of the stretch.
        end_s: Its end.
        advice: What to change about the camera, one sentence.
    """

    name: str
    start_s: float
    end_s: float
    advice: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something that was said to somebody who stays in a position for long.

    Attributes:
        kind: "nudge" (the form has been wrong for long) or "break" (time to get up).
        time_s: When.
        fault: The fault behind a nudge, None for a break.
        text: What was said.
    """

    kind: Literal["nudge", "break"]
    time_s: float
    fault: str | None
    text: str
