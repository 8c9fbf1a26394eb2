"""A set as the engine tells it, frame by frame, and what would be spoken in it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

from formcheck.coach.cues import CueState, step_cues
from formcheck.coach.language import Language, load_language
from formcheck.coach.model import Utterance
from formcheck.engine.records import FaultSpan, Repetition
from formcheck.engine.status import Status
from formcheck.exercises import get
from formcheck.exercises.declaration import Dose, Exercise
from formcheck.judge import Judge

FPS = 20
STILL = Status(0.0, "rest", 0, 0.0, math.nan, "deg", True, None, None, None, ())


@dataclass
class Spoken:
    """Frames go in, utterances are gathered."""

    exercise: Exercise
    dose: Dose = field(default_factory=Dose)
    language: Language = field(default_factory=lambda: load_language("en"))
    said: list[Utterance] = field(default_factory=list)
    state: CueState = field(default_factory=CueState)
    time_s: float = 0.0

    def frame(self, status: Status = STILL, *events: object, seconds: float = 1 / FPS) -> tuple[Utterance, ...]:
        """One frame, `seconds` after the last one; what is said at it."""
        self.time_s += seconds
        now = replace(status, time_s=self.time_s, in_form=status.cue is None)
        self.state, said = step_cues(self.state, self.time_s, self.exercise, now, events, self.language, dose=self.dose)
        self.said += said
        return said

    def stay(self, seconds: float, phase: str = "rest", *, clock: bool = False, **status: object) -> list[Utterance]:
        """Frames of one phase for some time; with `clock` the clock goes on from `clock_s`."""
        before, from_s = len(self.said), status.pop("clock_s", 0.0)
        for i in range(round(seconds * FPS)):
            clock_s = from_s + (i + 1) / FPS if clock else from_s
            self.frame(replace(STILL, phase=phase, clock_s=clock_s, **status))
        return self.said[before:]

    def texts(self, *kinds: str) -> list[str]:
        """What was said so far, of these kinds or of all."""
        return [one.text for one in self.said if not kinds or one.kind in kinds]


def spoken(name: str, dose: Dose | None = None, code: str = "en") -> Spoken:
    """Of an exercise by its name, with its own dose where none is given."""
    exercise = get(name)
    return Spoken(exercise, dose or exercise.dose, load_language(code))


def rep(start_s: float, end_s: float, outcome: str = "good", **kept: object) -> Repetition:
    """A repetition that is over."""
    return Repetition(1, start_s, (start_s + end_s) / 2, end_s, outcome, **kept)


def span(exercise: Exercise, cue: str) -> FaultSpan:
    """A stretch of the fault with this cue."""
    fault = next(one for one in exercise.faults if one.cue == cue)
    return FaultSpan(fault.name, 0.0, 1.0, 1.0, fault.unit, fault.cue, fault.joint)


def judged(name: str, poses: list, dose: Dose, code: str = "en") -> Spoken:
    """What is spoken to these poses, by way of the real engine."""
    heard = spoken(name, dose, code)
    heard.exercise = replace(heard.exercise, dose=dose)
    judge = Judge(heard.exercise)
    for one in poses:
        events = judge.step(one)
        heard.state, said = step_cues(
            heard.state, one.time_s, heard.exercise, judge.status, events, heard.language, dose=dose
        )
        heard.said += said
    return heard
