"""What is spoken at each frame: counts, clock, corrections, praise, and what to do about the camera. Pure.

It decides nothing about form and has no clock: all is told by the engine's status and events, all times are the
frames'. What may be late or lost because somebody is speaking already is the voice's matter (`formcheck.coach.voice`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from formcheck.coach.correcting import CorrectState, step_correcting
from formcheck.coach.counting import CountState, Said, miscounted, step_counting
from formcheck.coach.language import Language
from formcheck.coach.model import Kind, Utterance
from formcheck.coach.timing import ClockState, step_hold_clock, step_top_clock
from formcheck.engine.engine import Event
from formcheck.engine.records import Reminder
from formcheck.engine.status import Status
from formcheck.exercises.declaration import Dose, Exercise
from formcheck.measure.view import ADVISED

# What is said first when two things wait: the lower number. Numbers come before a correction though it matters more:
# they take half a second, so it hardly waits for them, while behind its two seconds they would be too late to be said,
# and to hear "three, five" makes one doubt. Praise and advice wait for a quiet moment, and are dropped if none comes.
RANK: dict[Kind, int] = {
    "pain": 0,
    "count": 1,
    "clock": 2,
    "correction": 3,
    "switch": 4,
    "praise": 5,
    "advice": 6,
    "moment": 7,
    "guide": 8,
    "breath": 9,
}
WRONG_S = 3.0  # somebody who walks past, or turns over on the mat, is no reason to speak
UNSEEN_S = 5.0  # nor is an arm before the camera; who has left is told so by the session, and before
ADVISE_S = 10.0  # between any two pieces of advice
ADVISE_MOST_S = 60.0  # the same one again after twice as long each time, up to this
_NOT_SEEN = "not_seen"


@dataclass(frozen=True, slots=True)
class AdviceState:
    """What is wrong with the view and since when; what was advised last, when, and how often in a row."""

    wrong: str | None = None
    since_s: float = math.nan
    told: str | None = None
    told_s: float = -math.inf
    times: int = 0


@dataclass(frozen=True, slots=True)
class CueState:
    """What has been said in this set: begin each set with a new one."""

    count: CountState = field(default_factory=CountState)
    clock: ClockState = field(default_factory=ClockState)
    correct: CorrectState = field(default_factory=CorrectState)
    advice: AdviceState = field(default_factory=AdviceState)
    switched: bool = False


def step_cues(
    state: CueState,
    time_s: float,
    exercise: Exercise,
    status: Status,
    events: Sequence[Event],
    language: Language,
    *,
    dose: Dose,
) -> tuple[CueState, tuple[Utterance, ...]]:
    """One frame further.

    Args:
        state: The state before the frame.
        time_s: The frame's time.
        exercise: What is done, with the dose asked for: by it the engine decides when to switch sides.
        status: The engine's state after the frame.
        events: What became final with it.
        language: In which to speak.
        dose: How much is asked; of a range the lower end is the dose, and up to the upper one may be done.

    Returns:
        The new state, and what is to be said now, the most important first.
    """
    status = replace(status, time_s=time_s)
    wrong = miscounted(state.count, events, status)
    count, clock = state.count, state.clock
    counted: tuple[Said, ...] = ()
    timed: tuple[Said, ...] = ()
    if exercise.holding is None:
        count, counted = step_counting(count, exercise, dose, status, events, language)
        clock, timed = step_top_clock(clock, dose, status, language)
    elif exercise.reminders is None:  # what is kept for hours is not timed
        clock, timed = step_hold_clock(clock, exercise, dose, status, events, language)
    correct, corrected = step_correcting(state.correct, exercise, dose, status, events, language, miscounted=wrong)
    advice, advised = _step_advice(state.advice, status, language)
    said = [*counted, *timed, *corrected, *advised, *_breaks(exercise, events, language)]
    if status.prompt is not None and not state.switched:
        said.append((language.cue(exercise, status.prompt), "switch"))
    switched = state.switched or status.prompt is not None
    ordered: dict[str, Utterance] = {}
    for text, kind in sorted(said, key=lambda one: RANK[one[1]]):
        ordered.setdefault(text, Utterance(text, kind, time_s))
    return CueState(count, clock, correct, advice, switched), tuple(ordered.values())


def _breaks(exercise: Exercise, events: Sequence[Event], language: Language) -> list[Said]:
    texts = [event.text for event in events if isinstance(event, Reminder) and event.kind == "break"]
    return [(language.cue(exercise, text), "guide") for text in texts]


def _step_advice(state: AdviceState, status: Status, language: Language) -> tuple[AdviceState, tuple[Said, ...]]:
    """What to change about the camera or the place, when it has been wrong for a while."""
    now = status.time_s
    wrong = ADVISED[status.view_advice] if status.view_advice else _NOT_SEEN if status.phase == "unknown" else None
    if wrong != state.wrong:
        state = replace(state, wrong=wrong, since_s=now)
    # Not into a repetition: its number and what is wrong with it come first, and cut the advice off.
    if (
        wrong is None
        or now - state.since_s < (UNSEEN_S if wrong == _NOT_SEEN else WRONG_S)
        or status.phase in ("moving", "top")
    ):
        return state, ()
    again = wrong == state.told and now - state.told_s <= 2 * ADVISE_MOST_S
    times = state.times if again else 0
    wait_s = min(ADVISE_S * 2.0 ** max(times - 1, 0), ADVISE_MOST_S)
    if now - state.told_s < wait_s:
        return state, ()
    text = language.phrase(_NOT_SEEN) if wrong == _NOT_SEEN else language.advice(wrong)
    return replace(state, told=wrong, told_s=now, times=times + 1), ((text, "advice"),)
