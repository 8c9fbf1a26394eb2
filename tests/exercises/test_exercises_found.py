"""Each exercise on a made-up body: good ones are good, and each fault is found alone."""

from __future__ import annotations

import re

import bodies
import pytest
from bodies import View, bridges, crunches, held_plank
from judged import judged

from formcheck.exercises import get

VIEWS = [
    View(),
    View(head="right"),
    View(size=(1920, 1080), trunk_px=330.0, at=(900.0, 800.0)),
    View(size=(480, 640), trunk_px=100.0, at=(250.0, 500.0)),
    View(yaw_deg=15),
    View(yaw_deg=-15),
    View(roll_deg=3),
    View(trunk_px=60.0),
]


def names_of(found):
    return sorted({span.name for span in found.faults})


# --- the bridge ------------------------------------------------------------------------------

# Not an attempt any more, and not yet in the line.
NEARLY_DEG = sum(fault.below for fault in get("bridge").faults if fault.name == "hips_low") / 2


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("noise_px", [0.0, 0.6])
def test_good_bridges(view, noise_px):
    poses, true = bridges([178, 178, 178], view, noise_px=noise_px * view.trunk_px / 130)
    found = judged("bridge", poses)
    assert [(rep.outcome, rep.faults) for rep in found.reps] == [("good", ())] * 3
    assert found.faults == []
    for rep, right in zip(found.reps, true, strict=True):
        assert rep.start_s == pytest.approx(right.start_s, abs=0.4)
        assert rep.end_s == pytest.approx(right.end_s, abs=0.4)
        assert rep.measures["hip_angle_deg"] == pytest.approx(178, abs=3)
        assert rep.notes == ("hold_short",)  # 2 s of the asked 10


def test_a_bridge_held_as_asked_is_worth_all_its_points():
    found = judged("bridge", bridges([178], hold_s=10.5)[0])
    assert (found.reps[0].outcome, found.reps[0].notes, found.reps[0].score) == ("good", (), 100)


@pytest.mark.parametrize(
    ("how", "fault", "outcome"),
    [
        ({"tops": [150, 150]}, "hips_low", "attempt"),
        ({"tops": [165, 165]}, "hips_low", "attempt"),
        ({"tops": [NEARLY_DEG, NEARLY_DEG]}, "hips_low", "faulty"),
        ({"tops": [202, 202]}, "hips_overarched", "faulty"),
        ({"tops": [178, 178], "foot_x": 1.45}, "feet_too_far", "faulty"),
        ({"tops": [178, 178], "foot_x": 0.5}, "feet_too_near", "faulty"),
        ({"tops": [178, 178], "down_s": 0.7}, "lowered_fast", "faulty"),
    ],
)
@pytest.mark.parametrize("head", ["left", "right"])
def test_faults_of_the_bridge(how, fault, outcome, head):
    options = dict(how)
    found = judged("bridge", bridges(options.pop("tops"), View(head=head), **options)[0])
    assert [(rep.outcome, rep.faults) for rep in found.reps] == [(outcome, (fault,))] * 2
    assert names_of(found) == [fault]
    if outcome == "attempt":
        gap = int(re.fullmatch(r"hips stopped (\d+) deg short of the line", found.reps[0].reason)[1])
        assert gap == pytest.approx(180 - how["tops"][0], abs=3)


def test_hips_that_stop_short_do_not_make_feet_too_near():
    # Knees of 61 degrees; at the top they would have opened to 72.
    found = judged("bridge", bridges([150, 178], foot_x=0.8)[0])
    assert [(rep.outcome, rep.faults) for rep in found.reps] == [("attempt", ("hips_low",)), ("good", ())]


def test_a_good_bridge_between_bad_ones_stays_good():
    found = judged("bridge", bridges([150, 178, 202, 178])[0])
    assert [rep.outcome for rep in found.reps] == ["attempt", "good", "faulty", "good"]
    assert found.count == 3


# --- the partial crunch ----------------------------------------------------------------------


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("noise_px", [0.0, 0.6])
def test_good_crunches(view, noise_px):
    poses, true = crunches([15, 18, 15], view, noise_px=noise_px * view.trunk_px / 130)
    found = judged("partial_crunch", poses)
    assert [(rep.outcome, rep.faults) for rep in found.reps] == [("good", ())] * 3
    assert found.faults == []
    for rep, right, top in zip(found.reps, true, (15, 18, 15), strict=True):
        assert rep.start_s == pytest.approx(right.start_s, abs=0.4)
        assert rep.end_s == pytest.approx(right.end_s, abs=0.4)
        assert rep.measures["trunk_angle_deg"] == pytest.approx(top, abs=2)


@pytest.mark.parametrize(
    ("how", "fault", "outcome"),
    [
        ({"tops": [42, 42]}, "too_high", "faulty"),
        ({"tops": [5, 5], "neck_deg": 25}, "too_low", "faulty"),
        ({"tops": [0.3, 0.3], "neck_deg": 45}, "neck_pulled", "attempt"),
        ({"tops": [15, 15], "arms": "behind"}, "hands_behind_head", "faulty"),
        ({"tops": [15, 15], "arms": "down"}, "arms_not_up", "faulty"),
        ({"tops": [15, 15], "foot_lift": 0.4}, "feet_off_floor", "faulty"),
        ({"tops": [15, 15], "knee_deg": 150.0}, "knees_straight", "faulty"),
        ({"tops": [15, 15], "up_s": 0.4}, "too_fast", "faulty"),
        ({"tops": [15, 15], "down_s": 0.4}, "too_fast", "faulty"),
    ],
)
@pytest.mark.parametrize("head", ["left", "right"])
def test_faults_of_the_crunch(how, fault, outcome, head):
    options = dict(how)
    found = judged("partial_crunch", crunches(options.pop("tops"), View(head=head), **options)[0])
    assert [(rep.outcome, rep.faults) for rep in found.reps] == [(outcome, (fault,))] * 2
    assert names_of(found) == [fault]


def test_a_crunch_up_and_down_too_fast_is_too_fast_once():
    (rep,) = judged("partial_crunch", crunches([15], up_s=0.4, down_s=0.4)[0]).reps
    assert rep.faults == ("too_fast",)


def test_the_trunk_is_judged_over_the_persons_own_lying_pose():
    # The mat slopes: 5 degrees more all through.
    poses, _ = crunches([15, 15], View(roll_deg=5))
    found = judged("partial_crunch", poses)
    assert [rep.outcome for rep in found.reps] == ["good", "good"]
    assert found.reps[0].measures["trunk_angle_deg"] == pytest.approx(15, abs=1.5)


# --- the plank -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["forearm", "high", "knees"])
@pytest.mark.parametrize(
    "view",
    [
        View(near="left"),
        View(head="right", near="right"),
        View(near="left", size=(1920, 1080), trunk_px=330.0, at=(900.0, 800.0)),
        View(near="left", yaw_deg=15),
        View(near="left", roll_deg=-2),
    ],
)
@pytest.mark.parametrize("noise_px", [0.0, 0.5])
def test_good_planks(kind, view, noise_px):
    poses, start_s, end_s = held_plank(kind=kind, view=view, noise_px=noise_px * view.trunk_px / 130)
    found = judged("plank", poses)
    (hold,) = found.holds
    assert (hold.variant, hold.faults) == (kind, ())
    assert found.faults == []
    assert (hold.start_s, hold.end_s) == pytest.approx((start_s, end_s), abs=0.5)
    assert hold.in_form_s == pytest.approx(end_s - start_s, abs=0.9)


FROM_4_TO_8 = lambda right, wrong: ((0, right), (4, right), (4.5, wrong), (8, wrong), (8.5, right))  # noqa: E731


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ({"offset": FROM_4_TO_8(-0.03, 0.08)}, "hips_sagging"),
        ({"offset": FROM_4_TO_8(-0.03, 0.08), "kind": "high"}, "hips_sagging"),
        ({"offset": FROM_4_TO_8(-0.03, 0.07), "kind": "knees"}, "hips_sagging"),
        ({"offset": FROM_4_TO_8(-0.03, -0.2)}, "hips_piked"),
        ({"offset": FROM_4_TO_8(-0.03, -0.2), "kind": "high"}, "hips_piked"),
        ({"knee_deg": FROM_4_TO_8(175, 148)}, "knees_bent"),
        ({"head_deg": FROM_4_TO_8(0, 45)}, "head_dropped"),
        ({"head_deg": FROM_4_TO_8(0, 45), "kind": "high"}, "head_dropped"),
        ({"head_deg": FROM_4_TO_8(0, -35)}, "head_raised"),
    ],
)
@pytest.mark.parametrize("head", ["left", "right"])
def test_faults_of_the_plank(how, fault, head):
    poses, start_s, _ = held_plank(view=View(head=head, near=head), **how)
    found = judged("plank", poses)
    (hold,), (span,) = found.holds, found.faults
    assert hold.faults == (fault,)
    assert (hold.variant, span.name) == (how.get("kind", "forearm"), fault)
    assert (span.start_s - start_s, span.end_s - start_s) == pytest.approx((4.25, 8.25), abs=0.5)
    assert hold.in_form_s == pytest.approx(8, abs=0.9)


@pytest.mark.parametrize("kind", ["forearm", "high"])
def test_shoulders_off_their_support(kind):
    poses, _, _ = held_plank(kind=kind, support_x=0.6)
    found = judged("plank", poses)
    (hold,) = found.holds
    assert hold.faults == ("shoulders_off_support",)
    assert names_of(found) == ["shoulders_off_support"]
    assert hold.in_form_s == 0


@pytest.mark.parametrize(
    "figure",
    [
        bodies.prone(),  # propped on the forearms
        bodies.on_all_fours(),
        bodies.standing(),
        bodies.bridge(178),
        bodies.crunch(15),
        bodies.between(bodies.prone(), bodies.on_all_fours(), 0.5),
    ],
    ids=["prone", "all fours", "standing", "bridge", "crunch", "getting up"],
)
def test_what_is_no_plank(figure):
    found = judged("plank", bodies.film(lambda t: figure, 8.0, bodies.FACE_DOWN))
    assert found.holds == []
    assert found.faults == []


@pytest.mark.parametrize("exercise", ["bridge", "partial_crunch"])
@pytest.mark.parametrize(
    ("a", "b"),
    [
        (bodies.on_all_fours(), bodies.plank()),
        (bodies.prone(), bodies.plank(kind="high")),
        (bodies.prone(), bodies.on_all_fours()),
        (bodies.standing(), bodies.on_all_fours()),
    ],
    ids=["into a plank", "push-up", "getting up", "standing up"],
)
def test_what_is_no_repetition(exercise, a, b):
    track, _ = bodies.up_and_down(0.0, [1.0, 1.0, 1.0])
    poses = bodies.film(lambda t: bodies.between(a, b, bodies.at(track, t)), track[-1][0], bodies.FACE_DOWN)
    found = judged(exercise, poses)
    assert found.reps == []
    assert found.faults == []


def test_a_bridge_is_no_crunch_and_a_crunch_no_bridge():
    assert judged("bridge", crunches([15, 15])[0]).count == 0
    assert judged("partial_crunch", bridges([178, 178])[0]).count == 0
