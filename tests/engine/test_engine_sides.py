"""Holds whose sides are held apart, and faults on the way in, after a while, and at the end of all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drills import HOLD, play
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.engine.holds import KNOWN_SHARE, LEFT_S
from formcheck.engine.scores import exercise_score
from formcheck.exercises.declaration import Bound, Dose, Exercise, Fault, Holding, Variant
from formcheck.measure.reading import Reading

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=25)
FPS = 20

# Raise one leg over 45 ("lift"); "which" is +1 for the left and -1 for the right one.
RAISE = Exercise(
    name="raise",
    title="Raise",
    asked="Raise one, then the other.",
    dose=Dose(hold_s=(5, 5)),
    facing="up",
    camera="Anywhere.",
    needs=(),
    posture=(Bound("lying", 1, 2),),
    line=("shoulder", "hip", "ankle"),
    holding=Holding(
        variants=(
            Variant("left", (Bound("lift", 45, 100, margin=3), Bound("which", 0.5, 2)), "lift", "left"),
            Variant("right", (Bound("lift", 45, 100, margin=3), Bound("which", -2, -0.5)), "lift", "right"),
        ),
        steady=(("lift", 6),),
        switch_cue="The other one.",
    ),
    faults=(
        Fault("bent", "bend", "Straighten.", "Bent.", "knee", above=30, during=HOLD),
        Fault(
            "fast", "speed", "Slowly.", "Fast.", "ankle", above=95, unit="deg/s",
            during=frozenset(("entering", "hold")), dwell_s=0.15,
        ),
        Fault("shaking", "shake", "Still.", "Shaking.", "ankle", above=5, during=HOLD, settle_s=2.0),
        Fault("one_only", "sides_held", "The other, too.", "One only.", "ankle", below=2, unit="legs", at_end=True),
    ),
)  # fmt: skip


def clip(*stretches, fps=FPS, start_s=0.0, **others):
    """Readings of stretches (what, seconds): "left", "right" (up), "down", "gone" (unseen), "off" (no posture)."""
    readings, i = [], 0
    for what, seconds in stretches:
        for _ in range(round(seconds * fps)):
            time_s = start_s + i / fps
            if what == "gone":
                values = {}
            else:
                up = what in ("left", "right")
                values = {"lying": 0.0 if what == "off" else 1.0, "lift": 70.0 if up else 5.0, "bend": 0.0}
                values |= {"which": -1.0 if what == "right" else 1.0, "speed": 0.0, "shake": 0.0}
                values |= {name: value(i / fps) for name, value in others.items()}
            readings.append(Reading(time_s, values, "left"))
            i += 1
    return readings


def holds(found):
    return [
        (hold.side, pytest.approx(hold.start_s, abs=0.11), pytest.approx(hold.end_s, abs=0.11)) for hold in found.holds
    ]


def names(found):
    return sorted(span.name for span in found.faults)


def during(from_s, to_s, inside, outside=0.0):
    return lambda t: inside if from_s <= t < to_s else outside


# --- sides -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([("down", 2), ("left", 6), ("down", 2)], [("left", 2, 8)]),
        ([("down", 2), ("left", 6), ("down", 2), ("right", 6), ("down", 1)], [("left", 2, 8), ("right", 10, 16)]),
        ([("down", 2), ("left", 6), ("down", 2), ("left", 6), ("down", 1)], [("left", 2, 8), ("left", 10, 16)]),
        # From one leg right to the other: one hold ends and another one begins.
        ([("down", 2), ("left", 6), ("right", 6), ("down", 1)], [("left", 2, 8), ("right", 8 + LEFT_S, 14)]),
        (
            [("left", 4), ("right", 4), ("left", 4)],
            [("left", 0, 4), ("right", 4 + LEFT_S, 8), ("left", 8 + LEFT_S, 12)],
        ),
        # The labels are swapped for a moment: the same hold goes on.
        ([("left", 4), ("right", 0.3), ("left", 4), ("down", 1)], [("left", 0, 8.3)]),
        ([("left", 2), ("right", 0.2), ("left", 2), ("right", 0.2), ("left", 2), ("down", 1)], [("left", 0, 6.4)]),
        ([("right", 4), ("gone", 1), ("right", 4), ("down", 1)], [("right", 0, 9)]),
        ([("right", 4), ("gone", 1), ("left", 4), ("down", 1)], [("right", 0, 4), ("left", 5 + LEFT_S, 9)]),
        ([("down", 5)], []),
        ([("left", 0.7), ("down", 5)], []),  # too short
    ],
)
def test_a_hold_belongs_to_one_side(stretches, expected):
    found = play(RAISE, clip(*stretches))
    assert holds(found) == [(side, start, end) for side, start, end in expected]
    assert all(hold.variant is None for hold in found.holds)  # its name says no more than the side
    mirror = {"left": "right", "right": "left"}
    other = play(RAISE, clip(*((mirror.get(what, what), seconds) for what, seconds in stretches)))
    assert holds(other) == [(mirror[side], start, end) for side, start, end in expected]
    slower = play(RAISE, clip(*stretches, fps=10))
    assert [hold.side for hold in slower.holds] == [side for side, _, _ in expected]


def test_a_swap_stops_the_clock_no_longer_than_its_grace():
    (hold,) = play(RAISE, clip(("left", 4), ("right", 0.3), ("left", 4), ("down", 1))).holds
    assert hold.in_form_s == pytest.approx(8.3, abs=0.15)


@FEW
@given(
    swaps=st.lists(st.tuples(st.integers(10, 40), st.integers(1, 6)), min_size=1, max_size=5),
    side=st.sampled_from(("left", "right")),
)
def test_no_short_swap_makes_a_hold(swaps, side):
    # In frames: that many on one side, then up to 0.3 s on the other.
    other = "right" if side == "left" else "left"
    stretches = [piece for long, short in swaps for piece in ((side, long / FPS), (other, short / FPS))]
    found = play(RAISE, clip(*stretches, (side, 3), ("down", 1)))
    assert [hold.side for hold in found.holds] == [side]


@pytest.mark.parametrize(
    ("seen_s", "unseen_s", "held"),
    [(1.5, 0.5, True), (1.0, 0.3, True), (0.6, 1.5, False), (0.6, 0.6, False)],
)
def test_a_stay_that_was_mostly_not_seen_is_none(seen_s, unseen_s, held):
    # In turns, each unseen stretch too short to begin anew.
    found = play(RAISE, clip(*[("left", seen_s), ("gone", unseen_s)] * 6, ("left", 0.6), ("down", 1)))
    assert bool(found.holds) is held is (seen_s / (seen_s + unseen_s) > KNOWN_SHARE - 0.05)


def test_after_a_cut_the_sides_are_still_known():
    readings = clip(("left", 7), ("right", 7))
    readings[7 * FPS] = replace(readings[7 * FPS], fresh=True)
    found = play(RAISE, readings)
    assert [hold.side for hold in found.holds] == ["left", "right"]
    assert found.faults == []


# --- what to do next -------------------------------------------------------------------------


def prompts(*stretches):
    """(from, to) of what is prompted, in seconds."""
    statuses = play(RAISE, clip(*stretches)).statuses
    times = [status.time_s for status in statuses if status.prompt is not None]
    assert {status.prompt for status in statuses} <= {None, "The other one."}
    spans = []
    for time_s in times:
        if spans and time_s - spans[-1][1] < 1.5 / FPS:
            spans[-1][1] = time_s
        else:
            spans.append([time_s, time_s])
    return [pytest.approx(span, abs=0.6) for span in spans]


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([("down", 2), ("left", 3), ("down", 2)], []),  # its dose is 5 s
        ([("left", 8), ("down", 2)], [[5, 10]]),
        # Until the other one is up; not while that one is short of its dose, and not when both have theirs.
        ([("left", 8), ("down", 2), ("right", 8), ("down", 3)], [[5, 10.5]]),
        ([("left", 8), ("down", 2), ("right", 3), ("down", 3)], [[5, 10.5], [13, 16]]),
        # In two parts.
        ([("left", 3), ("down", 2), ("left", 4), ("down", 1)], [[7, 10]]),
        ([("down", 9)], []),
    ],
)
def test_the_other_side_is_prompted(stretches, expected):
    assert prompts(*stretches) == expected


def test_without_a_cue_for_it_nothing_is_prompted():
    quiet = replace(RAISE, holding=replace(RAISE.holding, switch_cue=""))
    assert {status.prompt for status in play(quiet, clip(("left", 8), ("down", 2))).statuses} == {None}


# --- faults ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stretches", "found"),
    [
        ([("left", 6), ("down", 1)], ["one_only"]),
        ([("left", 6), ("down", 1), ("left", 6)], ["one_only"]),
        ([("left", 6), ("down", 1), ("right", 6)], []),
        ([("left", 6), ("down", 1), ("right", 1.5)], []),  # short of its dose, but held
        ([("down", 6)], []),  # nothing was held: nothing to say of
        ([("left", 0.5), ("down", 3)], []),
    ],
)
def test_a_fault_of_the_end(stretches, found):
    played = play(RAISE, clip(*stretches))
    assert names(played) == found
    assert all("one_only" not in hold.faults for hold in played.holds)
    for span in played.faults:
        assert (span.worst, span.unit, span.cue) == (1, "legs", "The other, too.")
        assert span.start_s == played.holds[-1].end_s
        assert span.end_s == played.statuses[-1].time_s
    assert all(status.cue is None for status in played.statuses)  # it is told when all is over


def test_a_fault_on_the_way_in_belongs_to_the_hold_and_does_not_stop_its_clock():
    found = play(RAISE, clip(("down", 3), ("left", 6), ("down", 1), ("right", 6), speed=during(2.6, 3.1, 150.0)))
    first, second = found.holds
    assert (first.faults, second.faults) == (("fast",), ())
    assert first.in_form_s == pytest.approx(6, abs=0.15)
    (span,) = found.faults
    assert (span.start_s, span.end_s, span.worst) == pytest.approx((2.6, 3.05, 150), abs=0.06)


@pytest.mark.parametrize(
    ("from_s", "to_s", "faults"),
    [
        (0.5, 0.9, ()),  # long before it: another movement
        (1.2, 1.8, ("fast",)),  # just before it
        (2.9, 3.0, ()),  # too short
        (5.0, 5.4, ("fast",)),  # in it, too
        (9.5, 9.9, ()),  # on the way out
    ],
)
def test_what_is_on_the_way_in(from_s, to_s, faults):
    found = play(RAISE, clip(("down", 3), ("left", 6), ("down", 2), speed=during(from_s, to_s, 150.0)))
    (hold,) = found.holds
    assert hold.faults == faults
    assert hold.in_form_s == pytest.approx(6, abs=0.15)


def test_what_is_wrong_on_a_way_that_leads_nowhere_is_not_told():
    assert names(play(RAISE, clip(("down", 6), speed=during(2, 3, 150.0)))) == []


@pytest.mark.parametrize(
    ("from_s", "to_s", "faults", "in_form_s"),
    [
        (3.0, 4.5, (), 6.0),  # it is still settling
        (3.0, 6.5, ("shaking",), 4.5),  # judged from two seconds on
        (6.0, 7.5, ("shaking",), 4.5),
    ],
)
def test_a_fault_that_is_judged_once_the_hold_has_settled(from_s, to_s, faults, in_form_s):
    found = play(RAISE, clip(("down", 3), ("left", 6), ("down", 2), ("right", 6), shake=during(from_s, to_s, 9.0)))
    first, second = found.holds
    assert (first.faults, second.faults) == (faults, ())
    assert first.in_form_s == pytest.approx(in_form_s, abs=0.2)


def test_settling_begins_with_each_hold():
    # Shaking all along: each hold has its own two seconds.
    found = play(RAISE, clip(("left", 6), ("down", 1), ("right", 6), ("down", 1), shake=lambda t: 9.0))
    assert [hold.faults for hold in found.holds] == [("shaking",)] * 2
    assert [hold.in_form_s for hold in found.holds] == pytest.approx([2, 2], abs=0.3)


def test_a_fault_of_one_side_is_that_sides():
    found = play(RAISE, clip(("left", 6), ("down", 1), ("right", 6), ("down", 1), bend=during(7, 13, 60.0)))
    assert [(hold.side, hold.faults) for hold in found.holds] == [("left", ()), ("right", ("bent",))]
    assert found.holds[1].in_form_s == 0


@FEW
@given(start_s=st.integers(0, 10_000))
def test_the_time_of_day_does_not_matter(start_s):
    stretches = [("down", 2), ("left", 6), ("down", 1), ("right", 3)]
    plain = play(RAISE, clip(*stretches, speed=during(1.6, 2.1, 150.0)))
    late = play(RAISE, clip(*stretches, start_s=float(start_s), speed=during(1.6, 2.1, 150.0)))
    assert late.outline == plain.outline
    for a, b in zip([*plain.holds, *plain.faults], [*late.holds, *late.faults], strict=True):
        assert (b.start_s - start_s, b.end_s - start_s) == pytest.approx((a.start_s, a.end_s), abs=1e-6)


# --- the score -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stretches", "score"),
    [
        ([("left", 6), ("down", 1), ("right", 6)], 100),
        ([("left", 20), ("down", 1)], 50),  # one side is half of it
        ([("left", 2.5), ("down", 1), ("right", 6)], 75),
        ([("left", 2.5), ("down", 1), ("left", 2.5), ("down", 1), ("right", 6)], 100),
        ([("down", 6)], 0),
    ],
)
def test_the_score_asks_both_sides(stretches, score):
    found = play(RAISE, clip(*stretches))
    assert exercise_score(RAISE.dose, [], found.holds) == pytest.approx(score, abs=3)
