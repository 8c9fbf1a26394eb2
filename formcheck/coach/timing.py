"""When the seconds of what is held are spoken. Pure.

They are those that the screen shows (`formcheck.coach.doses`): of a hold the seconds in form of this side in the whole
set, of a repetition those of the present top.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from formcheck.coach.counting import Said
from formcheck.coach.doses import HOLDING, Tally, amount
from formcheck.coach.language import Language
from formcheck.coach.model import Step
from formcheck.engine.engine import Event
from formcheck.engine.status import Status
from formcheck.exercises.declaration import Dose, Exercise
from formcheck.pose.landmarks import Side

STEP_S = 10.0  # a hold's seconds are told in these steps
LAST_S = 5  # and each of the last ones before the dose is reached
LATE_S = 0.6  # a second that went by longer ago than this (the clock gave a grace back) is not told any more
MORE_S = 10.0  # the end of what may be held over the dose is counted down to if it is so much longer
HOLD_AGAIN_S = 5.0  # while somebody gets into position holds begin and end: told once


@dataclass(frozen=True, slots=True)
class ClockState:
    """What has been told of the clock.

    Attributes:
        tally: What has been held in this set.
        side: The side held now or last.
        clock_s: The clock in the last frame.
        mark_s: The last step of it that was told.
        left: The last one of the last seconds that was told.
        reached: Whether it has been told that this top was held for long enough.
        done: The sides whose dose was reached.
        hold_s: When a hold last began.
        in_hold: Whether it was held in the last frame, None before the first.
    """

    tally: Tally = field(default_factory=Tally)
    side: Side | None = None
    clock_s: float = 0.0
    mark_s: float = 0.0
    left: int = 0
    reached: bool = False
    done: frozenset[Side | None] = frozenset()
    hold_s: float = -math.inf
    in_hold: bool | None = None


def step_hold_clock(
    state: ClockState, exercise: Exercise, dose: Dose, status: Status, events: Sequence[Event], language: Language
) -> tuple[ClockState, tuple[Said, ...]]:
    """One frame further in an exercise of holds.

    Args:
        state: The state before the frame.
        exercise: What is done.
        dose: How much of it.
        status: The engine's state after the frame.
        events: What became final with it.
        language: In which to speak.

    Returns:
        The new state, and what is to be said now.
    """
    step = Step(exercise, dose)
    tally = state.tally.added(events).watched(step, status)
    now = amount(step, tally, status)
    if tally.side != state.side:
        state = replace(state, side=tally.side, mark_s=0.0, left=0)
    state, said = _begun(replace(state, tally=tally), status, language)
    if status.phase not in HOLDING:
        return state, said
    low_s = dose.hold_s[0]
    if low_s and now.clock_s >= low_s and state.side not in state.done:
        state = replace(state, done=state.done | {state.side}, left=0, mark_s=STEP_S * (now.clock_s // STEP_S))
        # Where the other side is next, the engine's prompt says so instead.
        done: tuple[Said, ...] = ((language.phrase("done"), "clock"),) if now.complete else ()
        return state, (*said, *done)
    if state.side in state.done and now.clock_of_s - low_s < MORE_S:
        return state, said
    state, more = _seconds(state, now.clock_of_s, now.clock_s, language)
    return state, (*said, *more)


def step_top_clock(
    state: ClockState, dose: Dose, status: Status, language: Language
) -> tuple[ClockState, tuple[Said, ...]]:
    """One frame further in an exercise of repetitions; the arguments are those of `step_hold_clock`."""
    asked_s = dose.hold_s[0]
    if status.clock_s < state.clock_s:  # another top
        state = replace(state, mark_s=0.0, left=0, reached=False)
    state = replace(state, clock_s=status.clock_s)
    if status.phase != "top" or not asked_s or state.reached:
        return state, ()
    if status.clock_s >= asked_s:
        return replace(state, reached=True), ((language.phrase("top_done"), "clock"),)
    return _seconds(state, asked_s, status.clock_s, language)


def _begun(state: ClockState, status: Status, language: Language) -> tuple[ClockState, tuple[Said, ...]]:
    """A hold has begun. Of the one with which the set begins, that is told by the session."""
    first, held = state.in_hold is None, state.in_hold
    state = replace(state, in_hold=status.phase in HOLDING)
    if status.phase != "hold" or held:
        return state, ()
    told = not first and status.time_s - state.hold_s >= HOLD_AGAIN_S
    return replace(state, hold_s=status.time_s), ((language.phrase("hold_begin"), "clock"),) if told else ()


def _seconds(
    state: ClockState, asked_s: float, clock_s: float, language: Language
) -> tuple[ClockState, tuple[Said, ...]]:
    """Steps of ten, and the last five to what is asked, 0 for nothing."""
    left = math.ceil(asked_s - clock_s - 1e-9)
    # Of a short hold the last seconds would be mistaken for the count.
    if asked_s >= LAST_S and 0 <= left <= LAST_S:
        if left in (0, state.left) or left >= asked_s or left - (asked_s - clock_s) > LATE_S:
            return state, ()
        return replace(state, left=left), ((language.phrase("hold_last", seconds=left), "clock"),)
    mark_s = STEP_S * math.floor(clock_s / STEP_S + 1e-9)
    if mark_s <= state.mark_s or clock_s - mark_s > LATE_S:
        return state, ()
    return replace(state, mark_s=mark_s), ((language.phrase("hold_seconds", seconds=mark_s), "clock"),)
