"""When the number of a repetition is spoken, and when the dose is done. Pure.

A repetition is counted when the body is back at the start, and its number is wanted at the top, so the number is told
ahead: it is the one that the repetition will have if it counts. When it does not, the next one gets the same number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from formcheck.coach.language import Language
from formcheck.coach.model import Kind
from formcheck.engine.engine import Event
from formcheck.engine.records import COUNTED, Repetition
from formcheck.engine.status import Status
from formcheck.exercises.declaration import Dose, Exercise

LAST_ONE_FROM = 3  # of fewer repetitions than this the last one is not announced
# What waits to be counted is counted when the start position has been held; this much later it was something else.
SETTLE_S = 1.5

Said = tuple[str, Kind]


@dataclass(frozen=True, slots=True)
class CountState:
    """What has been told of the count.

    Attributes:
        spoken: The last number told, that of the repetition under way included.
        top: Whether the number of the movement under way has been told.
        ends: The ends of a cycle reached in it.
        pending: Movements that are over and neither counted nor dropped yet.
        pending_s: When the last of them was over.
        done: Whether the dose has been told to be done.
    """

    spoken: int = 0
    top: bool = False
    ends: tuple[str, ...] = ()
    pending: int = 0
    pending_s: float = math.nan
    done: bool = False


def step_counting(
    state: CountState, exercise: Exercise, dose: Dose, status: Status, events: Sequence[Event], language: Language
) -> tuple[CountState, tuple[Said, ...]]:
    """One frame further in an exercise of repetitions.

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
    ended = [event for event in events if isinstance(event, Repetition)]
    said: tuple[Said, ...] = ()
    if ended:
        state, said = _settle(state, dose, status, ended, language)
    else:
        state = _unsettled(state, exercise, status)
    if status.phase == "top" and not state.top:
        state, more = _top(state, exercise, status, language)
        said = (*said, *more)
    return state, said


def miscounted(state: CountState, events: Sequence[Event], status: Status) -> bool:
    """Whether a number was told for a movement that turns out not to count.

    Args:
        state: The state before the frame.
        events: What became final with the frame.
        status: The engine's state after it.
    """
    ended = [event for event in events if isinstance(event, Repetition)]
    return bool(ended) and ended[-1].outcome == "attempt" and state.spoken > status.count


def _settle(
    state: CountState, dose: Dose, status: Status, ended: Sequence[Repetition], language: Language
) -> tuple[CountState, tuple[Said, ...]]:
    """What has been counted, or has turned out to be nothing."""
    said: list[Said] = []
    if status.count > state.spoken:
        # It counts, though its top was not in the line: its number comes late rather than never.
        said.append((language.phrase("count", count=status.count), "count"))
    done = state.done
    if any(rep.outcome in COUNTED for rep in ended):
        low, high = dose.repetitions
        if low and status.count >= low and not done:
            said.append((language.phrase("done"), "count"))
            done = True
        elif high >= LAST_ONE_FROM and status.count == high - 1:
            said.append((language.phrase("last_one"), "moment"))
    return CountState(spoken=status.count, done=done), tuple(said)


def _unsettled(state: CountState, exercise: Exercise, status: Status) -> CountState:
    """Nothing became final: at rest, what was a movement now waits for that."""
    if status.phase not in ("rest", "waiting"):
        return state
    if state.top:
        return replace(state, top=False, ends=(), pending=state.pending + 1, pending_s=status.time_s)
    if state.pending and status.time_s - state.pending_s > exercise.start_hold_s + SETTLE_S:
        return CountState(spoken=status.count, done=state.done)
    return replace(state, ends=())


def _top(
    state: CountState, exercise: Exercise, status: Status, language: Language
) -> tuple[CountState, tuple[Said, ...]]:
    """At the top, and of a cycle at its second end, the number is told."""
    if exercise.cycle is not None:
        end = status.end or ""
        if not state.ends or end in state.ends:
            return replace(state, ends=(end,)), ()
    number = status.count + state.pending + 1
    return replace(state, top=True, spoken=number), ((language.phrase("count", count=number), "count"),)
