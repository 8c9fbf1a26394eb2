"""The side plank on a made-up body: good ones are good, and each fault is found alone."""

from __future__ import annotations

import bodies
import pytest
from bodies import View
from bodies_upright import ASIDE, side_planks
from hypothesis import given, settings
from hypothesis import strategies as st
from judged import judged

EXERCISE = "side_plank"
FEW = settings(deadline=None, derandomize=True, database=None, max_examples=6)
FROM_3_TO_6 = lambda wrong: ((0, 0.0), (3, 0.0), (3.5, wrong), (6, wrong), (6.5, 0.0))  # noqa: E731
VIEWS = [
    ASIDE,
    View(head="right", trunk_px=150.0, at=(350.0, 330.0)),  # seen from the back, or the other way round on the mat
    View(size=(1920, 1080), trunk_px=330.0, at=(800.0, 800.0)),
    View(trunk_px=100.0, at=(300.0, 300.0)),
    View(trunk_px=150.0, at=(290.0, 330.0), roll_deg=3),
]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("noise_px", [0.0, 0.5])
def test_good_side_planks(view, noise_px):
    poses, held = side_planks(view=view, noise_px=noise_px * view.trunk_px / 150)
    found = judged(EXERCISE, poses)
    assert [(hold.side, hold.variant, hold.faults) for hold in found.holds] == [("left", None, ()), ("right", None, ())]
    assert (found.faults, found.view) == ([], [])
    for hold, (start_s, end_s) in zip(found.holds, held, strict=True):
        assert (hold.start_s, hold.end_s) == pytest.approx((start_s, end_s), abs=0.5)
        assert hold.in_form_s == pytest.approx(end_s - start_s, abs=0.6)


@pytest.mark.parametrize(("offset", "fault"), [(0.06, "hips_sagging"), (-0.15, "hips_piked")])
@pytest.mark.parametrize("view", VIEWS[:2])
def test_faults_of_the_side_plank(offset, fault, view):
    poses, held = side_planks(view=view, offset=FROM_3_TO_6(offset))
    found = judged(EXERCISE, poses)
    assert [(hold.side, hold.faults) for hold in found.holds] == [("left", (fault,)), ("right", (fault,))]
    assert [span.name for span in found.faults] == [fault] * 2
    for span, hold, (start_s, _) in zip(found.faults, found.holds, held, strict=True):
        assert (span.start_s - start_s, span.end_s - start_s) == pytest.approx((3.3, 6.2), abs=0.4)
        assert span.worst == pytest.approx(offset, abs=0.01)
        assert hold.in_form_s == pytest.approx(7, abs=0.6)


def test_only_one_side():
    assert [hold.side for hold in judged(EXERCISE, side_planks(("right",))[0]).holds] == ["right"]
    assert [hold.side for hold in judged(EXERCISE, side_planks(("left", "left"))[0]).holds] == ["left", "left"]


def test_the_other_side_is_prompted_once_one_has_its_dose():
    poses, held = side_planks(hold_s=31.0, fps=8.0)
    statuses = judged(EXERCISE, poses).statuses
    prompted = [status.time_s for status in statuses if status.prompt is not None]
    assert {status.prompt for status in statuses} == {None, "Now the other side."}
    assert (prompted[0], prompted[-1]) == pytest.approx((held[0][0] + 30, held[1][0]), abs=1.2)


@pytest.mark.parametrize("offset", [0.12, 0.2])
def test_hips_on_the_mat_are_no_side_plank(offset):
    assert judged(EXERCISE, side_planks(offset=((0, offset),))[0]).holds == []


@pytest.mark.parametrize(
    "figure",
    [bodies.plank(), bodies.plank(kind="high"), bodies.prone(), bodies.bridge(178), bodies.standing()],
    ids=["plank", "high plank", "prone", "bridge", "standing"],
)
def test_other_positions_are_no_side_plank(figure):
    found = judged(EXERCISE, bodies.film(lambda t: figure, 6.0, bodies.FACE_DOWN))
    assert (found.holds, found.faults) == ([], [])


def test_a_mirror_turns_the_sides_round_and_changes_no_number():
    poses, _ = side_planks(offset=FROM_3_TO_6(0.06), noise_px=0.3)
    plain, mirror = judged(EXERCISE, poses), judged(EXERCISE, [bodies.mirrored(one) for one in poses])
    assert [hold.side for hold in mirror.holds] == ["right", "left"]
    for a, b in zip([*plain.holds, *plain.faults], [*mirror.holds, *mirror.faults], strict=True):
        assert (a.start_s, a.end_s) == (b.start_s, b.end_s)
    assert [span.worst for span in mirror.faults] == pytest.approx([span.worst for span in plain.faults], abs=1e-5)


@FEW
@given(factor=st.floats(0.5, 2.0), at=st.tuples(st.floats(-60, 60), st.floats(-60, 60)), shift_s=st.integers(0, 5000))
def test_neither_size_nor_place_nor_time_changes_what_is_found(factor, at, shift_s):
    poses, _ = side_planks(fps=8.0, offset=FROM_3_TO_6(0.06))
    plain = judged(EXERCISE, poses)
    changed = [bodies.scaled(bodies.shifted(one, *at), factor) for one in poses]
    other = judged(EXERCISE, [bodies.replace(one, time_s=one.time_s + shift_s) for one in changed])
    assert other.outline == plain.outline
    assert [hold.side for hold in other.holds] == [hold.side for hold in plain.holds]
    assert [hold.in_form_s for hold in other.holds] == pytest.approx([hold.in_form_s for hold in plain.holds], abs=0.26)
