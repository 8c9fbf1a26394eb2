"""Which correction is spoken when, and when its mending is praised. Pure.

What is wrong at this moment, and which of it matters most, the engine tells (`Status.cue`); what only shows when a
repetition is over comes with its faults. Here it is only decided when to say it, so that it stays bearable.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from formcheck.coach.counting import Said
from formcheck.coach.language import Language
from formcheck.engine.engine import Event
from formcheck.engine.records import COUNTED, FaultSpan, Reminder, Repetition
from formcheck.engine.status import Status
from formcheck.exercises.declaration import Dose, Exercise, Fault

# A cue takes about 2 s to be said and as long to be acted on, and the engine some tenths of a second to see it.
BETWEEN_S = 3.0  # between any two corrections
AGAIN_S = 8.0  # before the same one is said again
# Who could not mend it by then hardly needs to be told as often: each time it takes twice as long, up to this.
AGAIN_MOST_S = 32.0
MENDED_S = 1.0  # right again for this long
PRAISE_S = 12.0  # between any two praises: more often they are worth nothing
FORGOTTEN_S = 60.0  # what is mended later than this is not understood as an answer to the cue
TAKING_UP_S = 2.0  # on the way into the position what is wrong may still be a part of it
SHORT_S = 0.5  # short of the asked hold by less than this is not told

_KEPT = ("top", "hold", "rest")  # on the way a fault also ends because the body has gone on


@dataclass(frozen=True, slots=True)
class Told:
    """A correction that was spoken.

    Attributes:
        time_s: When last.
        times: How often since it was last mended.
        open: Whether it is waited for to be mended.
        right_s: Since when it has been right, NaN while it is not.
    """

    time_s: float
    times: int = 1
    open: bool = True
    right_s: float = math.nan


@dataclass(frozen=True, slots=True)
class CorrectState:
    """What has been corrected and praised.

    Attributes:
        told: What was said, by cue.
        cue: What is wrong at this moment.
        since_s: Since when.
        corrected_s: When last anything was corrected.
        praised_s: When last anything was praised.
        praises: How often.
    """

    told: Mapping[str, Told] = field(default_factory=dict)
    cue: str | None = None
    since_s: float = math.nan
    corrected_s: float = -math.inf
    praised_s: float = -math.inf
    praises: int = 0


def step_correcting(
    state: CorrectState,
    exercise: Exercise,
    dose: Dose,
    status: Status,
    events: Sequence[Event],
    language: Language,
    *,
    miscounted: bool = False,
) -> tuple[CorrectState, tuple[Said, ...]]:
    """One frame further.

    Args:
        state: The state before the frame.
        exercise: What is done.
        dose: How much of it.
        status: The engine's state after the frame.
        events: What became final with it.
        language: In which to speak.
        miscounted: Whether a number was told for a movement that now turns out not to count.

    Returns:
        The new state, and what is to be said now: one correction or one praise at most.
    """
    now = status.time_s
    state, mended = _mend(state, exercise, status, events)
    if status.cue != state.cue:
        state = replace(state, cue=status.cue, since_s=now)
    cue, reminded = _cue(state, exercise, dose, status, events)
    if cue and (reminded or _due(state, cue, now)):
        before = state.told.get(cue)
        told = {**state.told, cue: Told(now, before.times + 1 if before else 1)}
        text = language.cue(exercise, cue)
        text = f"{language.phrase('not_counted')} {text}" if miscounted else text
        return replace(state, told=told, corrected_s=now), ((text, "correction"),)
    if miscounted:
        return state, ((language.phrase("not_counted"), "count"),)
    wrong = status.cue or any(isinstance(event, Repetition) and event.outcome != "good" for event in events)
    if not mended or wrong or now - state.praised_s < PRAISE_S:
        return state, ()
    forms = language.phrase_forms("praise")
    praise: Said = (forms[state.praises % len(forms)], "praise")
    return replace(state, praised_s=now, praises=state.praises + 1), (praise,)


def _due(state: CorrectState, cue: str, now: float) -> bool:
    before = state.told.get(cue)
    wait_s = min(AGAIN_S * 2.0 ** (max(before.times, 1) - 1), AGAIN_MOST_S) if before else 0.0
    return now - state.corrected_s >= BETWEEN_S and (before is None or now - before.time_s >= wait_s)


def _cue(
    state: CorrectState, exercise: Exercise, dose: Dose, status: Status, events: Sequence[Event]
) -> tuple[str | None, bool]:
    """The one thing to correct, and whether the engine has decided the time for it, too."""
    nudges = [event.text for event in events if isinstance(event, Reminder) and event.kind == "nudge"]
    if exercise.reminders is not None:
        return (nudges[-1] if nudges else None), True
    found = [*_now(state, exercise, status), *_late(exercise, dose, events)]
    return (max(found, key=lambda fault: fault.priority).cue if found else None), False


def _now(state: CorrectState, exercise: Exercise, status: Status) -> list[Fault]:
    """What is wrong at this moment, unless the position is still being taken up, or is not seen."""
    faults = _of_cue(exercise, status.cue)
    if status.phase == "waiting" and status.time_s - state.since_s < TAKING_UP_S:
        return [fault for fault in faults if "entering" in fault.during]
    return [] if status.phase == "unknown" else faults


def _of_cue(exercise: Exercise, cue: str | None) -> list[Fault]:
    return [fault for fault in exercise.faults if fault.cue == cue]


def _late(exercise: Exercise, dose: Dose, events: Sequence[Event]) -> Iterable[Fault]:
    """The faults that only show when a repetition is over."""
    for event in events:
        if isinstance(event, FaultSpan):
            yield from (f for f in _of_cue(exercise, event.cue) if f.per_repetition and f.name == event.name)
        elif isinstance(event, Repetition) and event.outcome == "good":  # first the form, then the dose
            for fault in (exercise.fault(name) for name in event.notes):
                # The note is made by the exercise's own dose; another one may be asked for here.
                held_s = event.measures.get(fault.measure, math.nan)
                if fault.measure != "in_line_s" or held_s < dose.hold_s[0] - SHORT_S:
                    yield fault


# --- praise ----------------------------------------------------------------------------------


def _mend(
    state: CorrectState, exercise: Exercise, status: Status, events: Sequence[Event]
) -> tuple[CorrectState, bool]:
    """Look after what was told; whether any of it has been mended now."""
    told: dict[str, Told] = {}
    mended = False
    for cue, before in state.told.items():
        one = before
        if one.open:
            right = _right_now(exercise, cue, status)
            since = (status.time_s if math.isnan(one.right_s) else one.right_s) if right else math.nan
            one = replace(one, right_s=since)
            if status.time_s - since >= MENDED_S or _done_right(exercise, cue, one.time_s, events):
                one = Told(one.time_s, times=0, open=False)
                mended = True
            elif status.time_s - one.time_s > FORGOTTEN_S:
                one = replace(one, open=False)
        told[cue] = one
    return replace(state, told=told), mended


def _right_now(exercise: Exercise, cue: str, status: Status) -> bool:
    """Whether what the cue is about is looked at now and is right: nothing else may be wrong, it could hide it."""
    if status.cue is not None or status.phase not in _KEPT:
        return False
    return any(status.phase in f.during and not f.per_repetition for f in _of_cue(exercise, cue))


def _done_right(exercise: Exercise, cue: str, told_s: float, events: Sequence[Event]) -> bool:
    """Whether a repetition begun after the cue was done without what it is about."""
    names = {fault.name for fault in _of_cue(exercise, cue)}
    return any(
        isinstance(event, Repetition)
        and event.outcome in COUNTED
        and event.start_s >= told_s
        and not names & {*event.faults, *event.notes}
        for event in events
    )
