"""Nudges and breaks for whoever stays in a position for long."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from drills import STAY
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.engine.engine import EngineState, step
from formcheck.engine.records import Reminder
from formcheck.engine.reminders import AWAY_S, RIGHT_AGAIN_S, ReminderState, step_reminders
from formcheck.exercises.declaration import Fault, Reminders
from formcheck.measure.reading import Reading

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=25)
HUNCHED = Fault("hunched", "lean", "Sit tall.", "Hunched.", "shoulder", above=20)
HEAD = Fault("head", "neck", "Chin in.", "Head forward.", "ear", above=20)
SAID = Reminders(nudge_after_s=30, nudge_every_s=60, break_after_s=600, break_cue="Get up.")


def said(*stretches, reminders=SAID, step_s=1.0, start_s=0.0):
    """What is said, as (seconds, kind, fault), in stretches of "good", "bad", "head" (both faults) or "away"."""
    state, heard, time_s = ReminderState(), [], start_s
    faults = {"good": (), "bad": (HUNCHED,), "head": (HEAD, HUNCHED), "away": ()}
    for kind, seconds in stretches:
        for _ in range(round(seconds / step_s)):
            state, new = step_reminders(state, reminders, time_s, kind != "away", faults[kind])
            heard += new
            time_s += step_s
    return [(one.time_s - start_s, one.kind, one.fault) for one in heard]


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([("good", 500)], []),
        ([("bad", 30)], []),  # not yet
        ([("bad", 31)], [(30, "nudge", "hunched")]),
        ([("good", 10), ("bad", 31)], [(40, "nudge", "hunched")]),
        # As long as it stays wrong, again and again, but not all the time.
        ([("bad", 200)], [(30, "nudge", "hunched"), (90, "nudge", "hunched"), (150, "nudge", "hunched")]),
        ([("head", 40)], [(30, "nudge", "head")]),  # the most important one
        ([("bad", 20), ("head", 15)], [(30, "nudge", "head")]),  # what is wrong now
        # Right for a moment changes nothing, right for longer begins anew.
        ([("bad", 20), ("good", RIGHT_AGAIN_S - 1), ("bad", 20)], [(30, "nudge", "hunched")]),
        ([("bad", 20), ("good", RIGHT_AGAIN_S + 1), ("bad", 20)], []),
        # After one that was heeded the next one still keeps its distance.
        ([("bad", 31), ("good", 9), ("bad", 55)], [(30, "nudge", "hunched"), (90, "nudge", "hunched")]),
        ([("bad", 31), ("good", 100), ("bad", 31)], [(30, "nudge", "hunched"), (161, "nudge", "hunched")]),
        # Nobody is nudged who is not there.
        ([("away", 500)], []),
        ([("bad", 20), ("away", 20), ("bad", 20)], []),
        # A break, whatever the form.
        ([("good", 601)], [(600, "break", None)]),
        ([("good", 1500)], [(600, "break", None), (1200, "break", None)]),
        ([("good", 300), ("away", AWAY_S - 2), ("good", 300)], [(600, "break", None)]),  # a moment away is none
        ([("good", 300), ("away", AWAY_S + 2), ("good", 400)], []),  # that was one
        ([("good", 300), ("away", AWAY_S + 2), ("good", 601)], [(962, "break", None)]),
        ([("good", 590), ("away", 20), ("good", 5)], [(610, "break", None)]),  # due while away: said on coming back
    ],
)
def test_what_is_said_and_when(stretches, expected):
    assert said(*stretches) == expected


def test_the_words_are_those_of_the_fault_and_of_the_exercise():
    state = ReminderState()
    for time_s in range(31):
        state, new = step_reminders(state, SAID, float(time_s), True, (HUNCHED,))
    assert new == (Reminder("nudge", 30.0, "hunched", "Sit tall."),)
    for time_s in range(31, 601):
        state, new = step_reminders(state, SAID, float(time_s), True, ())
    assert new == (Reminder("break", 600.0, None, "Get up."),)


KINDS = st.lists(st.tuples(st.sampled_from(("good", "bad", "head", "away")), st.integers(1, 200)), max_size=12)


@FEW
@given(stretches=KINDS, start_s=st.integers(0, 100_000))
def test_the_time_of_day_does_not_matter(stretches, start_s):
    assert said(*stretches, start_s=float(start_s)) == said(*stretches)


@FEW
@given(stretches=KINDS)
def test_nudges_keep_their_distance_and_breaks_theirs(stretches):
    heard = said(*stretches)
    for kind, least_s in (("nudge", SAID.nudge_every_s), ("break", SAID.break_after_s)):
        times = [time_s for time_s, what, _ in heard if what == kind]
        assert all(b - a >= least_s for a, b in pairwise(times))
        assert not times or times[0] >= (SAID.nudge_after_s if kind == "nudge" else SAID.break_after_s)


@FEW
@given(stretches=KINDS)
def test_frames_do_not_matter(stretches):
    once, twice = said(*stretches), said(*stretches, step_s=0.5)
    assert [one[1:] for one in twice] == [one[1:] for one in once]
    # "For as long" is reached at the first frame after it: at most one frame later.
    assert [t for t, _, _ in twice] == pytest.approx([t for t, _, _ in once], abs=1.0 * (1 + len(once)))


# --- in the engine ---------------------------------------------------------------------------

SITTING = replace(STAY, reminders=Reminders(nudge_after_s=5, nudge_every_s=10, break_after_s=40, break_cue="Get up."))


def heard(track, seconds, exercise=SITTING, fps=10):
    """What the engine says over readings with this offset at each time; None is out of position."""
    state, events = EngineState(), []
    for i in range(round(seconds * fps)):
        offset = track(i / fps)
        values = {"up": 0.0} if offset is None else {"up": 1.5, "knee_down": 0.0, "slope": 0.0, "head": 0.0}
        values |= {} if offset is None else {"toe_offset": offset}
        state, new = step(state, exercise, Reading(i / fps, values, "left"))
        events += [event for event in new if isinstance(event, Reminder)]
    return [(round(event.time_s, 1), event.kind, event.fault) for event in events]


def test_a_fault_of_a_hold_is_what_nudges():
    assert heard(lambda t: 0.0 if t < 10 else 0.2, 22) == [(pytest.approx(15.3, abs=0.5), "nudge", "sag")]


def test_a_break_is_said_to_whoever_is_in_position():
    assert heard(lambda t: 0.0, 45) == [(pytest.approx(40.5, abs=0.6), "break", None)]
    assert heard(lambda t: None, 45) == []


def test_after_a_cut_the_time_goes_on():
    state, events = EngineState(), []
    for i in range(450):
        values = {"up": 1.5, "knee_down": 0.0, "slope": 0.0, "head": 0.0, "toe_offset": 0.0}
        state, new = step(state, SITTING, Reading(i / 10, values, "left", fresh=i == 200))
        events += [event for event in new if isinstance(event, Reminder)]
    assert [event.kind for event in events] == ["break"]


def test_without_reminders_nothing_is_said():
    assert heard(lambda t: 0.2, 45, STAY) == []
