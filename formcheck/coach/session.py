"""The hands-free session: `step(state, inputs) -> (state, outcome)`. No clock, no I/O; time comes with the frames.

It decides only when a set begins and ends. What counts is the engine's business: its events are added up as they come.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from formcheck.coach.doses import UNDER_WAY, Amount, Tally, amount, endless, switching
from formcheck.coach.model import EndedBy, Key, Kind
from formcheck.coach.progress import breath_at, hint, lasting, mended, over, progress
from formcheck.coach.session_state import (
    Action,
    BeginSet,
    Cut,
    EndSet,
    Finish,
    Inputs,
    NewJudge,
    Outcome,
    Pain,
    Pausing,
    Phrase,
    PhraseKey,
    SessionState,
)
from formcheck.engine.records import Repetition
from formcheck.engine.status import Phase
from formcheck.exercises.declaration import Exercise

AWAY_S = 3.0  # not seen for this long: the person has left; hidden joints and quick turns are back sooner
RESTED_S = 10.0  # asked: so much rest ends the set
SWITCH_S = 30.0  # to put the strap round the other foot, or to think again after an attempt that did not count
GONE_S = 300.0  # nothing done for this long: the session ends by itself, as no camera should watch an empty room
MORE_S = 5.0  # fewer seconds over the lower bound are over before one is told of them
READY_S = 10.0  # to get into position before a rest is over
MAX_STEP_S = 1.0  # a longer step between frames says nothing of what was between, and adds no more than this

# A set begins, and goes on, where the start position is held or the hold itself is taken up.
_STARTED: frozenset[Phase] = frozenset(("rest", "hold", "paused"))


def step(state: SessionState, inputs: Inputs) -> tuple[SessionState, Outcome]:
    """One frame further.

    The loop gives each pose to the present Judge while `SessionState.judging` holds, hands its status and events in
    here, and then does the actions in their order. The first Judge is that of the first step's exercise.

    Args:
        state: The state before the frame.
        inputs: What the frame brings.

    Returns:
        The new state, and what to show, do and say.
    """
    turn = _Turn(state, inputs)
    turn.take()
    state = turn.state
    return state, Outcome(progress(state, inputs), tuple(turn.actions), tuple(turn.said), hint(state, inputs))


class _Turn:
    """One frame's way through the session; nothing of it stays but the state, the actions and what is said."""

    def __init__(self, state: SessionState, inputs: Inputs) -> None:
        gone_s = inputs.time_s - state.time_s
        self.seconds = min(max(gone_s, 0.0), MAX_STEP_S) if not math.isnan(gone_s) else 0.0
        self.state = replace(state, time_s=inputs.time_s)
        self.inputs = inputs
        self.phase: Phase = inputs.status.phase if inputs.status is not None else "unknown"
        self.actions: list[Action] = []
        self.said: list[Phrase] = []

    def take(self) -> None:
        """Take the keys first, then the camera, then what the person does."""
        if self.state.stage == "finished":
            if "pain" in self.inputs.keys and self.state.ended_by != "pain":
                self._pain()  # felt just after the end it is kept as well
            return
        before = self.state
        wrong = self.inputs.view & before.step.exercise.views
        self._change(view=lasting(before.view, wrong, self.seconds), announced=True)
        if not before.announced:
            self._say("welcome", exercise=before.step.exercise)
            self._say("start", exercise=before.step.exercise)
        if before.stage == "exercise" and before.pause != "key":
            self._tally(before.tally)
        for key in sorted(self.inputs.keys, key=lambda one: one != "pain"):  # pain waits for no other key
            self._press(key)
        if self.inputs.camera == "ended":
            self._finish("dose" if self.state.stage == "exercise" and self._amount().complete else "quit")
        if (self.state.stage, self.state.index) != (before.stage, before.index) or self.state.pause == "key":
            return  # the status belongs to what was before
        match self.state.stage:
            case "set_up":
                self._set_up()
            case "exercise":
                self._exercise()
            case "rest":
                self._rest()

    # --- keys --------------------------------------------------------------------------------

    def _press(self, key: Key) -> None:
        if self.state.stage == "finished":
            return
        match key:
            case "pain":
                self._pain()
            case "quit":
                self._finish("quit")
            case "next":
                if not self.state.last:
                    self._say("skipped")
                if self.state.stage == "exercise":
                    self._end_set("next")
                else:
                    self._next_step()
            case "pause" if self.state.pause == "key":
                self._change(pause=None, unknown_s=0.0, rested_s=0.0, idle_s=0.0)
                self._say("resumed")
            case "pause":
                self._pause("key")

    def _pain(self) -> None:
        if self.state.stage == "exercise":
            self.actions.append(EndSet("pain"))
        self.actions.append(Pain())
        if self.state.stage != "finished":
            self.actions.append(Finish())
        self._change(stage="finished", pause=None, ended_by="pain")
        self.said.append(over(self.state))

    # --- stages ------------------------------------------------------------------------------

    def _set_up(self) -> None:
        if self._without_camera() or self.phase == "unknown":
            self._change(idle_s=self.state.idle_s + self.seconds)
            if self.state.sets and self.state.idle_s >= GONE_S:
                self._finish("lost")
            return
        self._change(idle_s=0.0)
        if self.phase in _STARTED or any(isinstance(event, Repetition) for event in self.inputs.events):
            self._anew(stage="exercise", sets=self.state.sets + 1)
            self._tally(Tally())
            self.actions.append(BeginSet(self.state.step, self.state.index + 1))
            self._say("begin", kind="moment")
            self._exercise()

    def _exercise(self) -> None:
        under_way = self.phase in UNDER_WAY and self.inputs.camera == "live"
        self._change(idle_s=0.0 if under_way else self.state.idle_s + self.seconds)
        if not self._without_camera():
            self._follow(under_way=under_way)
        dose = self._amount()
        if self.state.idle_s >= GONE_S:
            self._finish("lost")
        elif dose.full:
            self._end_set("dose")
        elif self._rested(dose):
            self._end_set("dose" if dose.complete else "rested")
        elif dose.complete and not self.state.told_complete:
            self._change(told_complete=True)
            self._say_more(dose)

    def _follow(self, *, under_way: bool) -> None:
        """What the person does now: leave, come back, rest, or go on."""
        before = self.state
        unknown = self.phase == "unknown"
        self._change(unknown_s=before.unknown_s + self.seconds if unknown else 0.0)
        complete = self._amount().complete  # whoever has done the dose may walk away from it: that is rest, too
        in_position = under_way or self.phase in _STARTED
        if before.pause is None and self.state.unknown_s >= AWAY_S and not complete:
            self._pause("away")
        elif before.pause is not None and in_position:
            self._change(pause=None, rested_s=0.0)
            self._say("back_again" if before.pause == "away" else "resumed")
        elif before.pause == "camera":
            self._change(pause="away")
            self._say("camera_back")
        if under_way:
            self._change(rested_s=0.0)
        elif complete or (self.state.pause is None and not unknown):
            self._change(rested_s=self.state.rested_s + self.seconds)
        wrong, praise_s = mended(self.state, self.inputs, self.seconds)
        self._change(wrong=wrong, praise_s=praise_s)

    def _rested(self, dose: Amount) -> bool:
        """Whether the set ends because the person rests; half-way there it is said."""
        state, tally = self.state, self.state.tally
        if endless(state.step) or not (tally.counted or tally.attempts or tally.holds):
            return False
        thinking = not (tally.counted or tally.holds) or switching(state.step, tally)
        limit_s = SWITCH_S if thinking else RESTED_S
        if state.rested_s == 0.0:
            self._change(told_go_on=False)
        elif state.rested_s >= limit_s / 2 and not (state.told_go_on or dose.complete or state.pause):
            self._change(told_go_on=True)
            self._say("go_on", kind="moment", seconds=limit_s / 2)
        return state.rested_s >= limit_s

    def _rest(self) -> None:
        state, left_s = self.state, self.state.rest_left_s - self.seconds
        if left_s <= 0.0:
            self._next_step()
            return
        ready = left_s <= READY_S and state.step.rest_s >= 2 * READY_S and not state.last
        if ready and not state.told_next:
            self._say("rest_left", kind="moment", seconds=READY_S)
            self._say("get_ready", exercise=state.following.exercise)
        breath = (breath_at(state.step, left_s) or (None,))[0]
        if breath is not None and breath != state.breath:
            self._say("breathe_in" if breath == "in" else "breathe_out", kind="breath")
        self._change(rest_left_s=left_s, told_next=state.told_next or ready, breath=breath)

    # --- from one to the next ----------------------------------------------------------------

    def _end_set(self, ended_by: EndedBy) -> None:
        self.actions.append(EndSet(ended_by))
        if ended_by != "next":
            self._say("set_done" if ended_by == "dose" else "set_rested")
        rest_s = self.state.step.rest_s
        if rest_s > 0:
            self._anew(stage="rest", rest_left_s=rest_s, tally=self.state.tally)
            self._say("rest_breathing" if self.state.step.breathing else "rest", seconds=rest_s)
        else:
            self._next_step()

    def _next_step(self) -> None:
        if self.state.last:
            if self.state.stage == "exercise":
                self._change(stage="rest")  # its set has ended already
            self._finish("dose")
            return
        told = self.state.told_next
        self._anew(stage="set_up", index=self.state.index + 1)
        exercise = self.state.step.exercise
        self.actions.append(NewJudge(exercise))
        if not told:
            self._say("get_ready", exercise=exercise)
        self._say("start", exercise=exercise)

    def _finish(self, ended_by: EndedBy) -> None:
        """End the session, and with it the set that is under way."""
        if self.state.stage == "finished":
            return
        if self.state.stage == "exercise":
            self.actions.append(EndSet(ended_by))
        self.actions.append(Finish())
        self._change(stage="finished", pause=None, ended_by=ended_by)
        self.said.append(over(self.state))

    # --- pauses ------------------------------------------------------------------------------

    def _without_camera(self) -> bool:
        """Whether there is no picture now: then all stands still."""
        if self.inputs.camera != "live":
            if self.state.pause != "camera":
                self._pause("camera")
            return True
        if self.state.pause == "camera" and self.state.stage == "set_up":
            self._change(pause=None)
            self._say("camera_back")
        return False

    def _pause(self, why: Pausing) -> None:
        """Stand still. What was under way cannot be carried on over a time without pictures."""
        if why != "away" and self.state.stage != "rest":
            self.actions.append(Cut())
        self._change(pause=why)
        if why == "camera":
            self._say("camera_stalled" if self.inputs.camera == "stalled" else "camera_lost")
        else:
            self._say("paused" if why == "key" else "gone")

    # --- the state ---------------------------------------------------------------------------

    def _tally(self, tally: Tally) -> None:
        tally = tally.added(self.inputs.events)
        status = self.inputs.status
        self._change(tally=tally if status is None else tally.watched(self.state.step, status))

    def _amount(self) -> Amount:
        return amount(self.state.step, self.state.tally)

    def _say(
        self, key: PhraseKey, /, *, kind: Kind = "guide", exercise: Exercise | None = None, **numbers: float
    ) -> None:
        self.said.append(Phrase(key, kind, numbers, exercise))

    def _say_more(self, dose: Amount) -> None:
        """How far one may go on, where it is worth the words."""
        step, counted = self.state.step, self.state.step.exercise.holding is None
        low = step.dose.repetitions[0] if counted else step.dose.hold_s[0]
        if dose.enough - low >= (1 if counted else MORE_S):
            self._say("more_count" if counted else "more_hold", high=math.floor(dose.enough))

    def _change(self, **changes: Any) -> None:
        self.state = replace(self.state, **changes)

    def _anew(self, **given: Any) -> None:
        """Begin a stage: nothing of the one before is left but where the session is."""
        old = self.state
        kept = {"index": old.index, "time_s": old.time_s, "sets": old.sets, "view": old.view}
        self.state = SessionState(old.routine, announced=True, **{**kept, **given})
