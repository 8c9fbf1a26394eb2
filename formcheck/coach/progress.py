"""What the screen shows of a session at one frame. Pure."""

from __future__ import annotations

from dataclasses import replace

from formcheck.coach.doses import HOLDING, amount
from formcheck.coach.model import Breath, Progress, Step
from formcheck.coach.session_state import Inputs, Pausing, Phrase, PhraseKey, SessionState
from formcheck.engine.records import Repetition
from formcheck.exercises.declaration import Dose
from formcheck.measure.view import ADVICE, SPOILING

BREATH_IN_S, BREATH_OUT_S = 4.0, 6.0  # asked
VIEW_SHOWN_S = 0.5  # a view problem must last this long to be shown, as long as the engine waits
VIEW_KEPT_S = 1.0  # and is shown until it has been gone for half of this
PRAISE_S = 2.0


def progress(state: SessionState, inputs: Inputs) -> Progress:
    """What to show after a frame.

    Args:
        state: The state after it.
        inputs: What it brought.
    """
    if state.stage == "rest":
        return _rest(state)
    if state.stage == "finished":
        return _end(state)
    step, exercise = state.step, state.step.exercise
    status = inputs.status if state.pause is None and inputs.camera == "live" else None
    dose = amount(step, state.tally, status)
    phase = status.phase if status is not None else "unknown"
    judged = status if state.stage == "exercise" else None
    return Progress(
        stage=state.stage if state.pause is None else "paused",
        title=exercise.title,
        step=state.index + 1,
        steps=len(state.routine.steps),
        count=dose.count,
        count_of=dose.count_of,
        clock_s=dose.clock_s,
        clock_of_s=dose.clock_of_s,
        done=dose.done,
        side=state.tally.side if judged is not None and phase in HOLDING else None,
        timed=exercise.holding is not None,
        cue=judged.cue if judged is not None else None,
        praise=judged is not None and state.praise_s > 0,
        advice=_advice(state, unseen=phase == "unknown"),
        message=judged.prompt if judged is not None else None,
    )


def as_spoken(progress: Progress, spoken: int, dose: Dose) -> Progress:
    """With the number that was spoken at the top: the repetition is not over yet, but eye and ear are told the same.

    Args:
        progress: What is shown otherwise.
        spoken: The last number told, that of the repetition under way included.
        dose: What is asked for.
    """
    if progress.stage != "exercise" or progress.timed or spoken <= progress.count:
        return progress
    of = progress.count_of if spoken <= progress.count_of else dose.repetitions[1]
    return replace(progress, count=spoken, count_of=of)


def breath_at(step: Step, left_s: float) -> tuple[Breath, float] | None:
    """Which way the breath goes in a rest and how far through it is, 0-1; None where breathing is not paced.

    Args:
        step: The step that the rest belongs to.
        left_s: Seconds of the rest that are left.
    """
    if not step.breathing:
        return None
    into_s = max(0.0, step.rest_s - left_s) % (BREATH_IN_S + BREATH_OUT_S)
    if into_s < BREATH_IN_S:
        return "in", into_s / BREATH_IN_S
    return "out", (into_s - BREATH_IN_S) / BREATH_OUT_S


def lasting(view: dict[str, float], wrong: frozenset[str], seconds: float) -> dict[str, float]:
    """For how long each view problem has lasted, a frame further; what is gone goes as slowly as it came."""
    longer = {name: min(VIEW_KEPT_S, view.get(name, 0.0) + seconds) for name in sorted(wrong)}
    gone = {name: level - seconds for name, level in view.items() if name not in wrong}
    return longer | {name: level for name, level in gone.items() if level > 0}


def mended(state: SessionState, inputs: Inputs, seconds: float) -> tuple[bool, float]:
    """Whether there is something to be mended now, and for how many seconds praise is still to be shown.

    A hold is mended when its clock runs again, a repetition by a good one after it: that a fault is over on the way
    back down mends nothing.

    Args:
        state: The state before the frame.
        inputs: What the frame brings.
        seconds: Since the frame before.
    """
    wrong, left_s, status = state.wrong, max(0.0, state.praise_s - seconds), inputs.status
    if state.step.exercise.holding is None:
        for event in inputs.events:
            if isinstance(event, Repetition) and event.outcome != "unfinished":
                left_s = PRAISE_S if wrong and event.outcome == "good" else 0.0
                wrong = event.outcome != "good"
        return wrong, left_s
    if status is None or status.phase not in HOLDING:
        return False, 0.0
    if status.cue is not None:
        return True, 0.0
    if wrong and status.phase == "hold":
        return False, PRAISE_S
    return wrong, left_s


def shown_step(state: SessionState) -> Step | None:
    """The step that is shown: the present one, in a rest the next one; None for the routine as a whole."""
    if state.stage == "rest":
        return None if state.last else state.following
    if state.stage == "finished" and len(state.routine.steps) > 1:
        return None
    return state.step


def hint(state: SessionState, inputs: Inputs) -> Phrase | None:
    """What to do now, where it is not the engine's prompt."""
    if state.stage == "finished":
        return over(state)
    if state.pause is not None:
        camera: PhraseKey = "camera_stalled" if inputs.camera == "stalled" else "camera_lost"
        whys: dict[Pausing, PhraseKey] = {"key": "paused", "away": "gone", "camera": camera}
        return Phrase(whys[state.pause])
    if state.stage == "set_up":
        unseen = inputs.status is None or inputs.status.phase == "unknown"
        return Phrase("not_seen") if unseen else Phrase("start", exercise=state.step.exercise)
    coming = state.stage == "rest" and not state.last
    return Phrase("get_ready", exercise=state.following.exercise) if coming else None


def over(state: SessionState) -> Phrase:
    """That the session is over, and how it ended."""
    match state.ended_by:
        case "pain":
            return Phrase("pain", "pain")
        case "dose":
            return Phrase("finished")
    return Phrase("ended")


def _rest(state: SessionState) -> Progress:
    """A rest, with the exercise that comes; after the last one none does, and no title is shown."""
    breath, share = breath_at(state.step, state.rest_left_s) or (None, 0.0)
    step = shown_step(state)
    return Progress(
        stage="rest" if state.pause is None else "paused",
        title="" if step is None else step.exercise.title,
        step=state.index + 1 + (step is not None),
        steps=len(state.routine.steps),
        rest_left_s=state.rest_left_s,
        breath=breath,
        breath_share=share,
    )


def _end(state: SessionState) -> Progress:
    """The end: what was done of the one exercise, or how many of all."""
    step, steps = shown_step(state), len(state.routine.steps)
    pain = state.ended_by == "pain"
    if step is None:
        done = state.sets / steps
        return Progress("finished", state.routine.title, steps, steps, state.sets, steps, done=done, pain=pain)
    dose = amount(step, state.tally)
    return Progress(
        stage="finished",
        title=step.exercise.title,
        count=dose.count,
        count_of=dose.count_of,
        clock_s=dose.clock_s,
        clock_of_s=dose.clock_of_s,
        done=dose.done,
        timed=step.exercise.holding is not None,
        pain=pain,
    )


def _advice(state: SessionState, *, unseen: bool) -> tuple[str, ...]:
    """What to change about the camera; before the start where it should stand, unless all is well."""
    shown = [name for name, level in state.view.items() if level >= VIEW_SHOWN_S and name in ADVICE]
    ordered = sorted(shown, key=lambda name: (name not in SPOILING, list(ADVICE).index(name)))
    advice = tuple(ADVICE[name] for name in ordered)
    if state.stage == "set_up" and (advice or unseen):
        advice += (state.step.exercise.camera,)
    return advice
