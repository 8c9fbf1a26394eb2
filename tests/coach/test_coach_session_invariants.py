"""The session, whatever happens: what holds for any course of phases, events, keys, camera and time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from played_sessions import FPS, at, held, one, rep, routine, started

from formcheck.coach.session import MAX_STEP_S, RESTED_S, step
from formcheck.coach.session_state import BeginSet, EndSet, Finish, Inputs, Pain, SessionState

CRUNCH = one("partial_crunch", repetitions=(2, 4))
PLANK = one("plank", hold_s=(3, 9))
STRETCH = one("hamstring_stretch", hold_s=(3, 3))
SITTING = one("sitting_posture")
PHASES = ("unknown", "waiting", "rest", "moving", "top", "hold", "paused")
EVENTS = st.sampled_from([rep(o) for o in ("good", "faulty", "attempt", "unfinished")] + [held(2.0, "left"), held(4.0)])
FRAMES = st.fixed_dictionaries(
    {
        "gap_s": st.sampled_from([0.0, 0.1, 0.1, 0.5, 1.0, 3.0, 200.0, -5.0]),
        "phase": st.sampled_from((*PHASES, "rest", "hold", "unknown")),
        "clock_s": st.floats(0, 8),
        "side": st.sampled_from(["left", "right", None]),
        "cue": st.sampled_from([None, None, "Lift."]),
        "events": st.lists(EVENTS, max_size=2).map(tuple),
        "keys": st.sampled_from([()] * 9 + [("pause",), ("pause", "pause"), ("next",), ("full_screen",), ("quit",)]),
        "camera": st.sampled_from(["live"] * 6 + ["stalled", "lost"]),
        "view": st.sampled_from([frozenset(), frozenset({"turn_side_on"})]),
        "again": st.integers(1, 40),
    }
)
DRILL = routine(
    one("partial_crunch", repetitions=(1, 2), rest_s=12, breathing=True), replace(PLANK, rest_s=5.0), STRETCH, SITTING
)
FEW = settings(deadline=None, derandomize=True, database=None, max_examples=120)


def inputs_of(frames) -> list[Inputs]:
    time_s, all_inputs = 100.0, []
    for frame in frames:
        for i in range(frame["again"]):
            time_s += frame["gap_s"] if i == 0 else 0.4
            status = at(frame["phase"], clock_s=frame["clock_s"], side=frame["side"], cue=frame["cue"])
            once = i == 0
            all_inputs.append(
                Inputs(
                    time_s,
                    status,
                    frame["events"] if once else (),
                    frame["keys"] if once else (),
                    frame["camera"],
                    frame["view"],
                )
            )
    return all_inputs


@FEW
@given(st.lists(FRAMES, max_size=25))
def test_what_holds_whatever_happens(frames):
    state, is_open, finished, done = SessionState(DRILL), False, 0, 0.0
    for inputs in inputs_of(frames):
        before = state
        state, outcome = step(state, inputs)
        shown = outcome.progress
        for action in outcome.actions:
            # Each set that begins ends once, before the next one and before the session.
            assert not isinstance(action, BeginSet) or not is_open
            assert not isinstance(action, EndSet) or is_open
            if isinstance(action, BeginSet):
                is_open, done = True, 0.0
            is_open = is_open and not isinstance(action, EndSet)
            finished += isinstance(action, Finish)
        assert is_open == (state.stage == "exercise")
        assert finished == (state.stage == "finished")
        if shown.stage == "exercise":
            assert shown.done >= done
            done = shown.done
        # Nothing is counted in a pause, and no clock runs.
        if before.pause == "key" and state.pause == "key":
            assert replace(state, time_s=0.0, view={}) == replace(before, time_s=0.0, view={})
            assert not state.judging
        assert 0 <= shown.done <= 1
        assert 0 <= shown.breath_share < 1
        assert 1 <= shown.step <= shown.steps == len(DRILL.steps)
        assert shown.clock_s >= 0
        assert not shown.rest_left_s < 0


@FEW
@given(st.lists(FRAMES, min_size=1, max_size=25))
def test_pain_from_any_state_finishes_at_once(frames):
    state = SessionState(DRILL)
    for inputs in inputs_of(frames):
        # The session may be over already, but not for pain.
        after, outcome = step(state, replace(inputs, keys=(*inputs.keys, "pain"), events=()))
        ends = [EndSet("pain")] if state.stage == "exercise" else []
        assert list(outcome.actions) == [*ends, Pain(), *([] if state.stage == "finished" else [Finish()])]
        assert (outcome.progress.stage, outcome.progress.pain) == ("finished", True)
        again, none = step(after, inputs)
        assert (again.ended_by, none.actions) == ("pain", ())
        state, _ = step(state, inputs)


@FEW
@given(st.lists(FRAMES, max_size=20), st.floats(60, 1e6))
def test_a_gap_between_frames_is_worth_a_second_at_most(frames, gap_s):
    """The computer slept, or its clock was set: nothing ends that a second would not have ended."""
    state = SessionState(DRILL)
    for inputs in inputs_of(frames):
        state, _ = step(state, inputs)
    still = Inputs(state.time_s + gap_s if frames else gap_s, at("waiting"))
    later, outcome = step(state, still)
    short, expected = step(state, replace(still, time_s=state.time_s + 2 * MAX_STEP_S if frames else gap_s))
    assert replace(later, time_s=0.0) == replace(short, time_s=0.0)
    assert outcome == expected


@FEW
@given(st.lists(FRAMES, min_size=1, max_size=20), st.floats(0.1, 1e6))
def test_time_that_goes_back_adds_and_takes_nothing(frames, back_s):
    state = SessionState(DRILL)
    for inputs in inputs_of(frames):
        state, _ = step(state, inputs)
    still = Inputs(state.time_s, at("waiting"))
    back, outcome = step(state, replace(still, time_s=state.time_s - back_s))
    same, expected = step(state, still)
    assert replace(back, time_s=0.0) == replace(same, time_s=0.0)
    assert outcome == expected
    # And from there it goes on as before.
    on, _ = step(back, replace(still, time_s=back.time_s + 2 * MAX_STEP_S))
    assert replace(on, time_s=0.0) == replace(
        step(same, replace(still, time_s=same.time_s + 2 * MAX_STEP_S))[0], time_s=0.0
    )


def test_a_step_changes_nothing_that_it_is_given():
    state = started(PLANK).holding(2).give("hold", 1, view=frozenset({"too_dark"})).state
    tally, view = dict(state.tally.shown), dict(state.view)
    inputs = Inputs(state.time_s + 0.1, at("hold", clock_s=2.0), view=frozenset({"too_dark"}))
    assert step(state, inputs) == step(state, inputs)
    assert (dict(state.tally.shown), dict(state.view)) == (tally, view)


def test_frame_rates_agree():
    ends = []
    for fps in (5.0, FPS, 30.0):
        state, time_s = SessionState(routine(CRUNCH)), 0.0
        state, _ = step(state, Inputs(0.0, at("rest")))
        state, outcome = step(state, Inputs(0.1, at("rest"), (rep(),)))
        while EndSet("rested") not in outcome.actions:
            time_s += 1 / fps
            state, outcome = step(state, Inputs(0.1 + time_s, at("rest")))
        ends.append(time_s)
    assert ends == [pytest.approx(RESTED_S, abs=0.3)] * 3
