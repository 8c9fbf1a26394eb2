"""Sitting and standing with a made-up body: upright is upright, and each fault is found alone."""

from __future__ import annotations

from dataclasses import replace

import bodies
import pytest
from bodies_upright import Stance, postures
from hypothesis import given, settings
from hypothesis import strategies as st
from judged import judged

from formcheck.engine.records import Reminder
from formcheck.exercises import get
from formcheck.judge import Judge
from formcheck.pose.landmarks import Landmark

FEW = settings(deadline=None, derandomize=True, database=None, max_examples=5)
LEGS = pytest.mark.parametrize("legs", ["sitting", "standing"])
HEADS = pytest.mark.parametrize("head", ["left", "right"])
UPRIGHT = Stance()
HUNCHED = Stance(trunk_deg=38, neck_deg=50, sunk=0.4, ears_sunk=0.2)
SLOUCHED = Stance(trunk_deg=9, neck_deg=34, sunk=0.13, ears_sunk=0.12)
POKED = Stance(neck_deg=34, ears_sunk=0.12)
BACK = Stance(trunk_deg=-26, neck_deg=5)
RIGHT, LEFT = Stance(sideways_deg=15), Stance(sideways_deg=-15)


def upright_but(wrong, from_s=6.0, to_s=12.0):
    return lambda t: wrong if from_s <= t < to_s else UPRIGHT


def exercise_of(legs):
    return f"{legs}_posture"


@LEGS
@pytest.mark.parametrize("seen_from", ["side", "front"])
@HEADS
@pytest.mark.parametrize("noise_px", [0.0, 0.5])
def test_upright(legs, seen_from, head, noise_px):
    poses = postures(lambda t: UPRIGHT, 10.0, legs=legs, seen_from=seen_from, head=head, noise_px=noise_px)
    found = judged(exercise_of(legs), poses)
    (hold,) = found.holds
    assert (hold.side, hold.variant, hold.faults) == (None, seen_from, ())
    assert found.faults == []
    assert (hold.start_s, hold.end_s) == pytest.approx((0, 10), abs=0.5)
    assert hold.in_form_s == pytest.approx(10, abs=0.5)


FROM_SIDE = [(HUNCHED, "hunching"), (SLOUCHED, "slouching"), (POKED, "head_forward"), (BACK, "leaning_back")]
FROM_FRONT = [
    (HUNCHED, "hunching"),
    (SLOUCHED, "slouching"),
    (POKED, "head_forward"),
    (RIGHT, "leaning_sideways"),
    (LEFT, "leaning_sideways"),
]


@LEGS
@HEADS
@pytest.mark.parametrize(
    ("seen_from", "wrong", "fault"),
    [*(("side", *row) for row in FROM_SIDE), *(("front", *row) for row in FROM_FRONT)],
)
def test_faults(legs, head, seen_from, wrong, fault):
    found = judged(exercise_of(legs), postures(upright_but(wrong), 18.0, legs=legs, seen_from=seen_from, head=head))
    (hold,), (span,) = found.holds, found.faults
    assert (hold.variant, hold.faults, span.name) == (seen_from, (fault,), fault)
    assert (span.start_s, span.end_s) == pytest.approx((6, 12), abs=0.5)
    assert (hold.start_s, hold.end_s) == pytest.approx((0, 18), abs=0.5)
    assert hold.in_form_s == pytest.approx(12, abs=0.6)


@LEGS
@pytest.mark.parametrize("wrong", [HUNCHED, SLOUCHED, POKED, BACK])
def test_a_moment_is_no_fault(legs, wrong):
    assert judged(exercise_of(legs), postures(upright_but(wrong, 6.0, 6.7), 12.0, legs=legs)).faults == []


@LEGS
def test_leaning_sideways_does_not_show_from_the_side_nor_leaning_back_from_the_front(legs):
    for wrong, seen_from in ((RIGHT, "side"), (BACK, "front")):
        found = judged(exercise_of(legs), postures(upright_but(wrong), 15.0, legs=legs, seen_from=seen_from))
        assert found.faults == []


@LEGS
def test_whoever_begins_hunched_is_hunched(legs):
    # Nobody's own upright posture is that.
    found = judged(exercise_of(legs), postures(lambda t: HUNCHED, 10.0, legs=legs))
    assert {span.name for span in found.faults} == {"hunching"}
    assert sum(hold.in_form_s for hold in found.holds) < 2.5


@LEGS
@pytest.mark.parametrize("trunk_deg", [-9, 0])
@pytest.mark.parametrize("neck_deg", [7, 19])
def test_everybodys_own_upright_posture_is_upright(legs, trunk_deg, neck_deg):
    own = Stance(trunk_deg=trunk_deg, neck_deg=neck_deg)
    assert judged(exercise_of(legs), postures(lambda t: own, 8.0, legs=legs)).faults == []


def test_sitting_is_no_standing_and_the_other_way_round():
    assert judged("standing_posture", postures(lambda t: UPRIGHT, 8.0, legs="sitting")).holds == []
    assert judged("sitting_posture", postures(lambda t: UPRIGHT, 8.0, legs="standing")).holds == []
    front = postures(lambda t: UPRIGHT, 8.0, legs="sitting", seen_from="front")
    assert judged("standing_posture", front).holds == []


def test_lying_seen_from_the_head_end_is_no_sitting():
    """Ears over shoulders, both side by side, as in somebody who sits: but the hips are still higher up."""
    poses = postures(lambda t: UPRIGHT, 8.0, legs="sitting", seen_from="front")
    assert judged("sitting_posture", poses).holds
    lying = []
    for pose in poses:
        pixels = pose.pixels.copy()
        below = [mark for mark in Landmark if mark >= Landmark.LEFT_HIP]
        shoulder_y = pixels[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 1].mean()
        pixels[below, 1] = 2 * shoulder_y - pixels[below, 1]
        lying.append(replace(pose, pixels=pixels))
    assert judged("sitting_posture", lying).holds == []


@pytest.mark.parametrize("seen_from", ["side", "front"])
def test_legs_behind_a_desk_are_taken_for_sitting_ones(seen_from):
    poses = [
        bodies.hidden(one, "knee", "ankle", "heel", "foot_index")
        for one in postures(lambda t: UPRIGHT, 8.0, seen_from=seen_from)
    ]
    (hold,) = judged("sitting_posture", poses).holds
    assert (hold.variant, hold.faults) == (seen_from, ())


@LEGS
@pytest.mark.parametrize(
    "figure",
    [bodies.bridge(), bodies.crunch(15), bodies.plank(), bodies.on_all_fours(), bodies.prone()],
    ids=["bridge", "crunch", "plank", "all fours", "prone"],
)
def test_on_the_floor_nobody_sits_or_stands(legs, figure):
    found = judged(exercise_of(legs), bodies.film(lambda t: figure, 6.0))
    assert (found.holds, found.faults) == ([], [])


@LEGS
@pytest.mark.parametrize(("seen_from", "wrong"), [("side", SLOUCHED), ("front", RIGHT)])
def test_a_mirror_changes_no_number(legs, seen_from, wrong):
    poses = postures(upright_but(wrong), 15.0, legs=legs, seen_from=seen_from, noise_px=0.3)
    name = exercise_of(legs)
    plain, mirror = judged(name, poses), judged(name, [bodies.mirrored(one) for one in poses])
    assert mirror.outline == plain.outline
    for a, b in zip([*plain.holds, *plain.faults], [*mirror.holds, *mirror.faults], strict=True):
        assert (a.start_s, a.end_s) == (b.start_s, b.end_s)
    # What goes to one side goes to the other one.
    sense = -1 if seen_from == "front" else 1
    assert [sense * span.worst for span in mirror.faults] == pytest.approx([s.worst for s in plain.faults], abs=1e-4)


@FEW
@given(factor=st.floats(0.5, 2.0), shift_s=st.integers(0, 5000))
@pytest.mark.parametrize(("seen_from", "wrong"), [("side", SLOUCHED), ("front", POKED)])
def test_neither_size_nor_time_changes_what_is_found(seen_from, wrong, factor, shift_s):
    poses = postures(upright_but(wrong), 15.0, seen_from=seen_from, fps=8.0)
    plain = judged("sitting_posture", poses)
    changed = [bodies.replace(bodies.scaled(one, factor), time_s=one.time_s + shift_s) for one in poses]
    assert judged("sitting_posture", changed).outline == plain.outline


def test_whoever_stays_slouched_is_nudged_and_told_to_get_up():
    judge = Judge(get("sitting_posture"))
    events = []
    for one in postures(lambda t: UPRIGHT if t < 5 else SLOUCHED, 100.0, fps=4.0):
        events += judge.step(one)
    said = [event for event in events if isinstance(event, Reminder)]
    assert [(one.kind, one.fault) for one in said] == [("nudge", "slouching")] * 2
    # The fault lasts a second before it is one, then half a minute; the next one comes a minute later.
    assert [one.time_s for one in said] == pytest.approx([36, 96], abs=1.5)
    assert said[0].text == get("sitting_posture").fault("slouching").cue


@LEGS
def test_the_own_posture_is_that_of_three_seconds(legs):
    # By its first second alone, a little forward, the trunk would have stayed upright: a head poked forward.
    def stance(time_s):
        trunk_deg = 2.0 if time_s < 1.2 else -4.0 if time_s < 6.0 else 5.0
        return Stance(trunk_deg=trunk_deg, neck_deg=12.0 if time_s < 6.0 else 24.0)

    found = judged(exercise_of(legs), postures(stance, 12.0, legs=legs))
    assert [(span.name, round(span.start_s)) for span in found.faults] == [("slouching", 6)]
