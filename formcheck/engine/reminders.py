"""Nudges and breaks for positions that are kept for hours. Pure; time comes from the readings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from formcheck.engine.records import Reminder
from formcheck.exercises.declaration import Fault, Reminders

RIGHT_AGAIN_S = 3.0  # in form for this long, the time in bad form begins anew
AWAY_S = 60.0  # away for this long was a break


@dataclass(frozen=True, slots=True)
class ReminderState:
    """Since when what has been so.

    Attributes:
        wrong_s: Since when the form is wrong, NaN while it is right.
        last_wrong_s: When it was last so.
        nudged_s: When the last nudge was, NaN before the first.
        in_position_s: Since when the position is kept without a break.
        last_in_s: When the person was last in it.
    """

    wrong_s: float = math.nan
    last_wrong_s: float = math.nan
    nudged_s: float = math.nan
    in_position_s: float = math.nan
    last_in_s: float = math.nan


def step_reminders(
    state: ReminderState, reminders: Reminders, time_s: float, in_position: bool, faults: Sequence[Fault]
) -> tuple[ReminderState, tuple[Reminder, ...]]:
    """One frame further.

    Args:
        state: The state before the frame.
        reminders: What to remind of, and when.
        time_s: The frame's time.
        in_position: Whether the position is held.
        faults: The faults at this moment, most important first.

    Returns:
        The new state, and what is to be said now.
    """
    said: list[Reminder] = []
    since, last_in = state.in_position_s, state.last_in_s
    if in_position:
        if not time_s - last_in <= AWAY_S:
            since = time_s
        last_in = time_s
        if time_s - since >= reminders.break_after_s:
            said.append(Reminder("break", time_s, None, reminders.break_cue))
            since = time_s
    wrong, last_wrong, nudged = state.wrong_s, state.last_wrong_s, state.nudged_s
    if in_position and faults:
        if not time_s - last_wrong <= RIGHT_AGAIN_S:
            wrong = time_s
        last_wrong = time_s
        rested = math.isnan(nudged) or time_s - nudged >= reminders.nudge_every_s
        if time_s - wrong >= reminders.nudge_after_s and rested:
            said.append(Reminder("nudge", time_s, faults[0].name, faults[0].cue))
            nudged = time_s
    return ReminderState(wrong, last_wrong, nudged, since, last_in), tuple(said)
