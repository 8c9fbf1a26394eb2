"""Cat and cow on a made-up body: good cycles are good, and each fault is found alone, with and without a contour."""

from __future__ import annotations

import bodies
import pytest
from bodies import View, cat_cows
from judged import judged

from formcheck.exercises import get, names

CAT, COW = 0.76, -0.88
GOOD = (CAT, COW)
VIEWS = [
    View(near="left"),
    View(head="right", near="right"),
    View(near="left", size=(1920, 1080), trunk_px=330.0, at=(900.0, 800.0)),
    View(near="left", size=(480, 640), trunk_px=100.0, at=(250.0, 500.0)),
    View(near="left", yaw_deg=15),
    View(near="left", yaw_deg=-15),
    View(near="left", roll_deg=3),
    View(near="left", trunk_px=60.0),
]


def found(*arguments, **how):
    return judged("cat_cow", cat_cows(*arguments, **how)[0])


def outline(judgement):
    return [(rep.outcome, rep.faults) for rep in judgement.reps]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("noise_px", [0.0, 0.6])
def test_good_cycles(view, noise_px):
    poses, true = cat_cows([GOOD] * 3, view, noise_px=noise_px * view.trunk_px / 130)
    judgement = judged("cat_cow", poses)
    assert outline(judgement) == [("good", ())] * 3
    assert judgement.faults == []
    for rep, right in zip(judgement.reps, true, strict=True):
        assert rep.start_s == pytest.approx(right.start_s, abs=0.45)
        assert rep.top_s == pytest.approx(right.top_s, abs=0.45)
        assert rep.end_s == pytest.approx(right.end_s, abs=0.45)
        assert rep.measures["cat_back_rise"] == pytest.approx(0.20, abs=0.03)
        assert rep.measures["cow_back_rise"] == pytest.approx(-0.16, abs=0.03)
        assert rep.score == 100


@pytest.mark.parametrize(
    ("cycles", "how"),
    [
        ([(COW, CAT)] * 2, {}),
        ([GOOD] * 3, {"pause_s": 0.0}),
        ([(COW, CAT)] * 3, {"pause_s": 0.0}),
        ([GOOD, (COW, CAT)], {}),
        ([GOOD] * 2, {"hold_s": 6.0}),
        ([GOOD] * 2, {"move_s": 3.0, "across_s": 4.0}),
        ([(CAT, COW, CAT, COW)], {}),  # two cycles without neutral in between
    ],
)
def test_ways_to_do_it(cycles, how):
    judgement = found(cycles, **how)
    assert outline(judgement) == [("good", ())] * (2 if len(cycles) == 1 else len(cycles))
    assert judgement.faults == []


@pytest.mark.parametrize(
    ("cycle", "how", "faults"),
    [
        ((0.24, COW), {}, ("shallow_cat",)),
        ((CAT, -0.24), {}, ("shallow_cow",)),
        ((0.28, -0.24), {}, ("shallow_cat", "shallow_cow")),
        (GOOD, {"head_deg": 0.0}, ("head_not_following",)),
        (GOOD, {"hands_x": 0.4}, ("hands_off_shoulders",)),
        (GOOD, {"hands_x": -0.4}, ("hands_off_shoulders",)),
        (GOOD, {"knees_x": 0.4}, ("knees_off_hips",)),
        (GOOD, {"knees_x": -0.4}, ("knees_off_hips",)),
        (GOOD, {"elbow_deg": 95.0}, ("arms_bent",)),
        (GOOD, {"rock_deg": 16.0}, ("rocking",)),
        (GOOD, {"move_s": 0.5, "across_s": 0.8, "hold_s": 0.2}, ("too_fast",)),
    ],
)
@pytest.mark.parametrize("head", ["left", "right"])
def test_faults(cycle, how, faults, head):
    judgement = found([cycle] * 2, View(head=head, near=head), **how)
    assert outline(judgement) == [("faulty", faults)] * 2
    assert {span.name for span in judgement.faults} == set(faults)


def test_a_good_cycle_between_bad_ones_stays_good():
    judgement = found([(0.24, COW), GOOD, (CAT, -0.24), GOOD])
    assert [rep.outcome for rep in judgement.reps] == ["faulty", "good", "faulty", "good"]
    assert judgement.count == 4


@pytest.mark.parametrize(
    ("cycle", "fault", "reason"),
    [
        ((CAT,), "shallow_cow", "half a cycle: the back was not lowered"),
        ((COW,), "shallow_cat", "half a cycle: the back was not arched up"),
    ],
)
def test_half_a_cycle_is_an_attempt(cycle, fault, reason):
    (rep,) = found([cycle], pause_s=2.5).reps
    assert (rep.outcome, rep.faults, rep.reason) == ("attempt", (fault,), reason)


def test_nothing_counts_before_hands_and_knees_have_been_held():
    assert found([GOOD], start_s=0.4).reps == []


# --- without a contour -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cycle", "expected"),
    [
        (GOOD, ("good", ())),
        ((0.24, COW), ("faulty", ("shallow_cat",))),
        ((CAT, -0.24), ("faulty", ("shallow_cow",))),
    ],
)
def test_landmarks_alone_tell_cycles_less_surely(cycle, expected):
    assert outline(found([cycle] * 2, contour=False)) == [expected] * 2


def test_the_head_is_not_judged_without_a_contour():
    judgement = found([GOOD] * 2, contour=False, head_deg=0.0)
    assert "head_not_following" not in {span.name for span in judgement.faults}


# --- what it is not ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (bodies.on_all_fours(), bodies.plank()),
        (bodies.on_all_fours(), bodies.plank(kind="high")),
        (bodies.on_all_fours(), bodies.prone()),
        (bodies.standing(), bodies.on_all_fours()),
        (bodies.plank(offset=-0.1), bodies.plank(offset=0.05)),
        (bodies.bridge(125), bodies.bridge(178)),
        (bodies.crunch(0), bodies.crunch(20)),
    ],
    ids=["plank", "high plank", "lying down", "standing up", "a plank's hips", "bridge", "crunch"],
)
@pytest.mark.parametrize("bow", [0.0, 0.5])
def test_what_is_no_cycle(a, b, bow):
    track, _ = bodies.up_and_down(0.0, [1.0, 1.0, 1.0])
    poses = bodies.film(lambda t: bodies.between(a, b, bodies.at(track, t)), track[-1][0], bodies.FACE_DOWN)
    backed = [bodies.replace(one, back=bodies.back_of(bow * bodies.at(track, one.time_s))) for one in poses]
    judgement = judged("cat_cow", backed)
    assert judgement.count == 0
    assert judgement.faults == []


def test_rocking_back_to_the_heels_is_no_cycle():
    heels = bodies.hands_and_knees(0.3, rock_deg=55.0)
    track, _ = bodies.up_and_down(0.0, [1.0, 1.0])
    level = bodies.hands_and_knees()
    poses = bodies.film(lambda t: bodies.between(level, heels, bodies.at(track, t)), track[-1][0], bodies.FACE_DOWN)
    backed = [bodies.replace(one, back=bodies.back_of(0.5 * bodies.at(track, one.time_s))) for one in poses]
    assert judged("cat_cow", backed).count == 0


@pytest.mark.parametrize("exercise", [name for name in names() if name != "cat_cow"])
def test_cats_and_cows_are_nothing_else(exercise):
    judgement = judged(exercise, cat_cows([GOOD] * 3)[0])
    assert judgement.count == 0
    assert get(exercise).holding is None or judgement.holds == []
