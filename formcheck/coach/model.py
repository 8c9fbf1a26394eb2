"""What the parts of the live coach hand to one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from formcheck.exercises.declaration import Dose, Exercise
from formcheck.pose.landmarks import Side

Stage = Literal["set_up", "exercise", "rest", "paused", "finished"]
EndedBy = Literal["dose", "rested", "next", "pain", "quit", "lost"]
Key = Literal["pause", "next", "pain", "quit", "full_screen"]
Breath = Literal["in", "out"]
# What is said: the more important first, see `formcheck.coach.cues`. "moment" and "guide" tell how the session goes on;
# what is of the moment is soon not true any more.
Kind = Literal["pain", "correction", "switch", "count", "clock", "praise", "advice", "moment", "guide", "breath"]


@dataclass(frozen=True, slots=True)
class Step:
    """One exercise of a routine.

    Attributes:
        exercise: What is done.
        dose: How much of it; the exercise's own or the routine's.
        rest_s: Seconds of rest after it.
        breathing: Whether the rest is paced breathing (in 4 s, out 6 s).
    """

    exercise: Exercise
    dose: Dose
    rest_s: float = 0.0
    breathing: bool = False


@dataclass(frozen=True, slots=True)
class Routine:
    """Exercises in a row.

    Attributes:
        name: As it is asked for, such as "back-relief".
        title: As it is shown.
        steps: At least one.
    """

    name: str
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing to be said.

    Attributes:
        text: In the chosen language.
        kind: What it is; the voice says the more important first.
        at_s: When it became true, in the frames' time.
    """

    text: str
    kind: Kind
    at_s: float


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the session is at one frame, for the screen.

    Attributes:
        stage: What is going on.
        title: Of the exercise under way or next.
        step: Its number in the routine, from 1.
        steps: How many there are.
        count: Counted repetitions of this set; in an exercise of holds, holds whose dose is done.
        count_of: Repetitions or holds that the dose asks for, 0 for none.
        clock_s: Seconds in form of the present hold, or of the present top.
        clock_of_s: Seconds that the dose asks for, 0 for none.
        done: 0-1, share of the dose that is done.
        side: The side held apart now, None where sides are not.
        timed: Whether the clock is the big figure, else the count.
        rest_left_s: Seconds of rest that are left, NaN outside of rests.
        breath: In paced breathing, which way now, else None.
        breath_share: 0-1, how far through this breath.
        cue: The one correction now, in the chosen language, else None.
        praise: Whether a fault has just been mended.
        advice: What to change about the camera or the place, most important first.
        message: What to do now ("Lie on your back ..."), one sentence, or None.
        pain: Whether the session was ended for pain.
        notice: What one should know, whatever is going on ("No picture leaves this computer."), or None.
    """

    stage: Stage
    title: str
    step: int = 1
    steps: int = 1
    count: int = 0
    count_of: int = 0
    clock_s: float = 0.0
    clock_of_s: float = 0.0
    done: float = 0.0
    side: Side | None = None
    timed: bool = False
    rest_left_s: float = float("nan")
    breath: Breath | None = None
    breath_share: float = 0.0
    cue: str | None = None
    praise: bool = False
    advice: tuple[str, ...] = ()
    message: str | None = None
    pain: bool = False
    notice: str | None = None
