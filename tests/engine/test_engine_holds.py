from __future__ import annotations

import math

import bodies
import pytest
from judged import judged

from formcheck.engine.holds import Clock, HoldState, close_hold, step_hold
from formcheck.exercises.declaration import Holding, Variant

TOES = Variant("toes", (), "offset")
KNEES = Variant("knees", (), "offset")
HOLDING = Holding((TOES, KNEES), steady=(("offset", 0.03), ("slope", 2.5)))
STEP_S = 0.05

# What a stretch of a clip is: variant, offset now, slope now (t counts from the stretch's beginning), faulty.
KINDS = {
    "in": lambda t: (TOES, 0.0, 0.0, False),
    "sway": lambda t: (TOES, 0.012 * math.sin(9 * t), math.sin(5 * t), False),
    "near": lambda t: (TOES, 0.1, 0.0, False),  # in form too, clearly elsewhere
    "knees": lambda t: (KNEES, 0.0, 0.0, False),
    "restless": lambda t: (TOES, 0.012 * math.sin(9 * t), 4 * math.sin(25 * t), False),  # at home, hardly ever still
    "moving": lambda t: (TOES, 0.1 + 0.3 * t, 9.0 * t, False),  # the bounds hold, but it is not still
    "piked": lambda t: (TOES, 0.3, 0.0, True),
    "out": lambda t: (None, 0.0, 0.0, False),
}


def run(*stretches, step_s=STEP_S, left=False):
    """Holds of a clip made of stretches (kind, seconds), as (start, end, in form, longest)."""
    state, holds, time_s = HoldState(), [], 0.0
    for kind, seconds in stretches:
        for i in range(round(seconds / step_s)):
            if kind == "unseen":
                state, hold = step_hold(state, HOLDING, time_s, None, {}, wrong_s=0.0)
            else:
                variant, offset, slope, faulty = KINDS[kind](i * step_s)
                state, hold = step_hold(state, HOLDING, time_s, variant, {"offset": offset, "slope": slope}, faulty)
            holds += [hold] if hold else []
            time_s += step_s
    last = close_hold(state, HOLDING, left)
    return [(h.start_s, h.end_s, h.in_form_s, h.longest_s) for h in (*holds, *([last] if last else []))]


def approx(holds):
    return [pytest.approx(hold, abs=0.11) for hold in holds]


@pytest.mark.parametrize(
    ("stretches", "holds"),
    [
        # Plain: from arrival to the beginning of leaving.
        ([("in", 5)], [(0, 5, 5, 5)]),
        ([("out", 2), ("in", 5), ("out", 2)], [(2, 7, 5, 5)]),
        ([("out", 2), ("sway", 5), ("out", 2)], [(2, 7, 5, 5)]),
        # A stay too short is no hold.
        ([("out", 2), ("in", 0.4), ("out", 2)], []),
        ([("out", 2), ("in", 0.9), ("out", 2)], []),
        ([("out", 2), ("in", 1.2), ("out", 2)], [(2, 3.2, 1.2, 1.2)]),
        # Never still for long where it began, it is still held there.
        ([("sway", 4), ("restless", 3), ("sway", 0.3), ("out", 2)], [(0, 7.3, 7.3, 7.3)]),
        ([("sway", 4), ("piked", 3), ("sway", 0.7), ("out", 2)], [(0, 7.7, 4.7, 4)]),
        # Getting in and getting out do not count, though the position's bounds hold all the while.
        ([("out", 1), ("moving", 3), ("in", 5), ("out", 2)], [(4, 9, 5, 5)]),
        ([("out", 1), ("in", 5), ("moving", 3), ("out", 2)], [(1, 6, 5, 5)]),
        ([("moving", 9)], []),
        # A short rest elsewhere on the way in is getting in, one on the way out getting out.
        ([("near", 0.7), ("moving", 0.5), ("in", 5), ("out", 1)], [(1.2, 6.2, 5, 5)]),
        ([("in", 5), ("moving", 0.5), ("near", 0.7), ("out", 1)], [(0, 5, 5, 5)]),
        # A long one is a part of it.
        ([("near", 3), ("moving", 0.5), ("in", 5), ("out", 1)], [(0, 8.5, 8.5, 8.5)]),
        # A fault pauses the clock, a short stray (grace 0.5 s) does not.
        ([("in", 4), ("piked", 3), ("in", 5), ("out", 1)], [(0, 12, 9, 5)]),
        ([("in", 4), ("piked", 0.4), ("in", 5), ("out", 1)], [(0, 9.4, 9.4, 9.4)]),
        # A fault soon after the beginning: the little before it is a hold of its own already.
        ([("in", 0.8), ("piked", 1.5), ("in", 5), ("out", 1)], [(0, 7.3, 5.8, 5)]),
        # Not seen: as with faults; for over 2 s whoever is there then has begun anew.
        ([("in", 4), ("unseen", 0.4), ("in", 5), ("out", 1)], [(0, 9.4, 9.4, 9.4)]),
        ([("in", 4), ("unseen", 1.5), ("in", 5), ("out", 1)], [(0, 10.5, 9, 5)]),
        ([("in", 4), ("unseen", 2.5), ("in", 5), ("out", 1)], [(0, 4, 4, 4), (6.5, 11.5, 5, 5)]),
        ([("in", 4), ("unseen", 5)], [(0, 4, 4, 4)]),
        ([("unseen", 5)], []),
        # Out of position: for a moment, for longer.
        ([("in", 4), ("out", 0.3), ("in", 5), ("out", 1)], [(0, 9.3, 9.3, 9.3)]),
        ([("in", 4), ("out", 0.6), ("in", 5), ("out", 1)], [(0, 4, 4, 4), (4.6, 9.6, 5, 5)]),
        # A faulty position alone: at the edges of a hold it must be kept still for 2 s.
        ([("out", 1), ("piked", 1.5), ("out", 1)], []),
        ([("out", 1), ("piked", 4), ("out", 1)], [(1, 5, 0, 0)]),
        ([("out", 1), ("piked", 1), ("in", 5), ("out", 1)], [(2, 7, 5, 5)]),
        ([("out", 1), ("piked", 4), ("in", 5), ("out", 1)], [(1, 10, 5, 5)]),
        ([("in", 5), ("piked", 1.5), ("out", 1)], [(0, 5, 5, 5)]),
        ([("in", 5), ("piked", 4), ("out", 1)], [(0, 9, 5, 5)]),
        # Another variant goes on with the same hold.
        ([("in", 4), ("knees", 4), ("out", 1)], [(0, 8, 8, 8)]),
    ],
)
def test_hold(stretches, holds):
    assert run(*stretches) == approx(holds)
    assert run(*stretches, step_s=0.1) == approx(holds)  # frames do not matter, seconds do


def test_the_clip_ends_in_the_hold():
    # Nothing says that it was being left: also a short last stretch belongs to it.
    clip = [("in", 5), ("moving", 0.5), ("near", 0.7)]
    assert run(*clip) == approx([(0, 6.2, 6.2, 6.2)])
    assert run(*clip, left=True) == approx([(0, 5, 5, 5)])


def test_a_long_step_between_frames_says_nothing_of_what_was_between():
    state = HoldState()
    for time_s in (0.0, 0.5, 1.0, 1.5, 60.0, 60.5, 61.0):
        state, _ = step_hold(state, HOLDING, time_s, TOES, {"offset": 0.0, "slope": 0.0}, wrong_s=0.0)
    assert state.clock.in_form_s == pytest.approx(3.0)


def test_the_variant_is_that_of_the_hold():
    state, hold = HoldState(), None
    for i in range(60):
        variant = KNEES if i < 40 else None
        state, done = step_hold(state, HOLDING, i / 10, variant, {"offset": 0.0, "slope": 0.0}, wrong_s=0.0)
        hold = hold or done
    assert hold.variant == "knees"


def test_the_variant_is_not_that_of_getting_out():
    # A plank on the toes that is left over the knees.
    state, hold = HoldState(), None
    for i in range(120):
        variant = TOES if i < 80 else KNEES if i < 84 else None
        offset = 0.0 if i < 80 else 0.2 * (i - 79)
        state, done = step_hold(state, HOLDING, i / 10, variant, {"offset": offset, "slope": 0.0}, wrong_s=0.0)
        hold = hold or done
    assert hold.variant == "toes"


@pytest.mark.parametrize(
    ("steps", "clock"),
    [
        # (seconds, in form): in form in all, pending, run, longest
        ([(1, True), (1, True)], (2, 0, 2, 2)),
        ([(1, True), (0.4, False)], (1, 0.4, 1, 1)),  # may still count
        ([(1, True), (0.4, False), (0.1, True)], (1.5, 0, 1.5, 1.5)),  # does
        ([(1, True), (0.6, False)], (1, 0.6, 0, 1)),  # does not
        ([(1, True), (0.6, False), (0.1, True)], (1.1, 0, 0.1, 1)),
        ([(1, True), (0.6, False), (2, True)], (3, 0, 2, 2)),
        ([(1, False)], (0, 1, 0, 0)),
    ],
)
def test_clock(steps, clock):
    now = Clock()
    for seconds, ok in steps:
        now = now.step(seconds, 0.0 if ok else math.inf)
    assert (now.in_form_s, now.pending_s, now.run_s, now.longest_s) == pytest.approx(clock)


@pytest.mark.parametrize(
    ("steps", "in_form_s"),
    [
        # (seconds, how long it has been wrong): NaN is a limit passed that may come to nothing
        ([(1, 0), (0.2, math.nan), (0.2, math.nan), (0.2, 0)], 1.6),  # it did
        ([(1, 0), (0.2, math.nan), (0.2, math.nan), (0.2, 0.6)], 1.0),  # it did not: wrong from its beginning
        ([(1, 0), (0.4, math.nan), (0.4, math.nan), (0.2, 0.4)], 1.4),  # another one's passing counts, this one's not
        ([(1, 0), (5, 5.0), (0.2, math.nan), (1, 0)], 2.2),  # passing limits on the way back from a fault
    ],
)
def test_what_may_pass_counts_only_if_it_passes(steps, in_form_s):
    now = Clock()
    for seconds, wrong_s in steps:
        now = now.step(seconds, wrong_s)
    assert now.in_form_s == pytest.approx(in_form_s)


@pytest.mark.parametrize(("kind", "name"), [("forearm", "hip_offset"), ("knees", "knee_hip_offset")])
def test_a_hold_is_reported_with_its_mean_over_the_time_in_form(kind, name):
    sag = [(0.0, -0.03), (4.0, -0.03), (4.3, 0.09), (9.0, 0.09), (9.3, -0.03)]
    (hold,) = judged("plank", bodies.held_plank(sag, seconds=14.0, kind=kind)[0]).holds
    assert hold.faults == ("hips_sagging",)
    assert list(hold.measures) == [name]
    assert hold.measures[name] == pytest.approx(-0.03, abs=0.01)


def test_what_was_never_seen_in_form_is_unknown():
    (hold,) = judged("plank", bodies.held_plank([(0.0, 0.09)])[0]).holds
    assert hold.in_form_s == pytest.approx(0.0, abs=0.3)
    assert math.isnan(hold.measures["hip_offset"])
