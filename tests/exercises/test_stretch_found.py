"""The hamstring stretch on a made-up body: good ones are good, and each fault is found alone."""

from __future__ import annotations

import bodies
import pytest
from bodies import View
from bodies_legs import stretch, stretches
from hypothesis import given, settings
from hypothesis import strategies as st
from judged import judged

EXERCISE = "hamstring_stretch"
FEW = settings(deadline=None, derandomize=True, database=None, max_examples=6)
OTHER = {"left": "right", "right": "left"}
VIEWS = [
    View(),
    View(head="right"),
    View(size=(1920, 1080), trunk_px=330.0, at=(900.0, 800.0)),
    View(size=(480, 640), trunk_px=100.0, at=(200.0, 500.0)),
    View(yaw_deg=15),
    View(yaw_deg=-15),
    View(roll_deg=3),
]


def names_of(found):
    return sorted(span.name for span in found.faults)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("noise_px", [0.0, 0.5])
def test_good_stretches(view, noise_px):
    poses, held = stretches(view=view, noise_px=noise_px * view.trunk_px / 130)
    found = judged(EXERCISE, poses)
    near = found.statuses[0].side
    assert [(hold.side, hold.variant, hold.faults) for hold in found.holds] == [
        (near, None, ()),
        (OTHER[near], None, ()),
    ]
    assert found.faults == []
    for hold, (start_s, end_s) in zip(found.holds, held, strict=True):
        # The last degrees up and the first ones down are as still as a hold.
        assert (hold.start_s, hold.end_s) == pytest.approx((start_s, end_s), abs=0.5)
        assert hold.in_form_s == pytest.approx(end_s - start_s, abs=0.7)


@pytest.mark.parametrize("elevation_deg", [48, 60, 90, 110])
def test_as_high_as_it_goes(elevation_deg):
    found = judged(EXERCISE, stretches(elevation_deg=elevation_deg, up_s=3.0)[0])
    assert [hold.faults for hold in found.holds] == [(), ()]


ALL_ALONG = [
    ({"knee_deg": 140.0}, "raised_knee_bent"),
    ({"other_knee_deg": 175.0}, "other_leg_straight"),
    ({"foot_lift": 0.35}, "other_foot_off_floor"),
    ({"hips_deg": 20.0}, "hips_lifted"),
]


@pytest.mark.parametrize(("how", "fault"), ALL_ALONG)
@pytest.mark.parametrize("head", ["left", "right"])
def test_faults_all_along(how, fault, head):
    found = judged(EXERCISE, stretches(view=View(head=head), **how)[0])
    assert [hold.faults for hold in found.holds] == [(fault,)] * 2
    assert [hold.in_form_s for hold in found.holds] == [0, 0]
    assert names_of(found) == [fault] * 2


@pytest.mark.parametrize(("how", "fault"), [*ALL_ALONG, ({"bounce_deg": 8.0}, "bouncing")])
@pytest.mark.parametrize("head", ["left", "right"])
def test_faults_for_a_while(how, fault, head):
    poses, held = stretches(view=View(head=head), hold_s=12.0, bad=(4.0, 8.0), **how)
    found = judged(EXERCISE, poses)
    assert [hold.faults for hold in found.holds] == [(fault,)] * 2
    assert names_of(found) == [fault] * 2
    # A swing is told by its last two and a half seconds.
    late_s = 2.0 if fault == "bouncing" else 0.4
    for span, hold, (start_s, _) in zip(found.faults, found.holds, held, strict=True):
        assert (span.start_s - start_s, span.end_s - start_s) == pytest.approx((4, 8), abs=late_s)
        assert hold.in_form_s == pytest.approx(12 - (span.end_s - span.start_s), abs=0.9)


@pytest.mark.parametrize("bounce_deg", [6.0, 8.0])
@pytest.mark.parametrize("head", ["left", "right"])
def test_bouncing_all_along_is_a_hold_out_of_form(bounce_deg, head):
    found = judged(EXERCISE, stretches(view=View(head=head), bounce_deg=bounce_deg)[0])
    assert [hold.faults for hold in found.holds] == [("bouncing",)] * 2
    assert sum(hold.in_form_s for hold in found.holds) < 6


@pytest.mark.parametrize("head", ["left", "right"])
def test_pulled_fast_is_told_with_the_hold_and_does_not_stop_it(head):
    poses, held = stretches(view=View(head=head), up_s=0.5)
    found = judged(EXERCISE, poses)
    assert [hold.faults for hold in found.holds] == [("pulled_fast",)] * 2
    assert [hold.in_form_s for hold in found.holds] == pytest.approx([8, 8], abs=0.6)
    assert names_of(found) == ["pulled_fast"] * 2
    for span, (start_s, _) in zip(found.faults, held, strict=True):
        assert start_s - 0.5 <= span.start_s < span.end_s <= start_s + 0.35
        assert span.unit == "deg/s"


@pytest.mark.parametrize("up_s", [1.5, 2.0, 4.0])
def test_pulled_slowly(up_s):
    assert judged(EXERCISE, stretches(up_s=up_s)[0]).faults == []


@pytest.mark.parametrize(
    ("legs", "faults"),
    [
        (("near",), ["one_leg_only"]),
        (("far",), ["one_leg_only"]),
        (("near", "near"), ["one_leg_only"]),
        (("far", "near"), []),
    ],
)
def test_one_leg_only(legs, faults):
    found = judged(EXERCISE, stretches(legs)[0])
    assert names_of(found) == faults
    assert [hold.faults for hold in found.holds] == [()] * len(legs)
    near = found.statuses[0].side
    assert [hold.side for hold in found.holds] == [near if leg == "near" else OTHER[near] for leg in legs]


def test_the_other_leg_is_prompted_once_one_has_its_dose():
    poses, held = stretches(hold_s=31.0, fps=10.0)
    statuses = judged(EXERCISE, poses).statuses
    prompted = [status.time_s for status in statuses if status.prompt is not None]
    assert {status.prompt for status in statuses} == {None, "Now the other leg."}
    assert (prompted[0], prompted[-1]) == pytest.approx((held[0][0] + 30, held[1][0]), abs=1.0)


@pytest.mark.parametrize(
    "how",
    [
        {"elevation_deg": 38.0},  # not up far enough
        {"knee_deg": 80.0},  # a march
        {"hands": 0.0},  # held up by nothing: a leg raise
    ],
)
def test_what_is_no_stretch(how):
    found = judged(EXERCISE, stretches(**how)[0])
    assert (found.holds, found.faults) == ([], [])


@pytest.mark.parametrize(
    "figure",
    [
        bodies.bridge(178),
        bodies.crunch(15),
        bodies.plank(),
        bodies.on_all_fours(),
        bodies.standing(),
        stretch(0.0, hands=0.0),
    ],
    ids=["bridge", "crunch", "plank", "all fours", "standing", "lying"],
)
def test_other_positions_are_no_stretch(figure):
    found = judged(EXERCISE, bodies.film(lambda t: figure, 8.0))
    assert (found.holds, found.faults) == ([], [])


def test_a_mirror_turns_the_legs_round_and_changes_no_number():
    poses, _ = stretches(noise_px=0.4, knee_deg=140.0, bad=(4.0, 7.0))
    plain, mirror = judged(EXERCISE, poses), judged(EXERCISE, [bodies.mirrored(one) for one in poses])
    assert [hold.side for hold in mirror.holds] == [OTHER[hold.side] for hold in plain.holds]
    for a, b in zip([*plain.holds, *plain.faults], [*mirror.holds, *mirror.faults], strict=True):
        assert (a.start_s, a.end_s) == (b.start_s, b.end_s)
    assert [span.worst for span in mirror.faults] == pytest.approx([span.worst for span in plain.faults], abs=1e-5)


@FEW
@given(factor=st.floats(0.5, 2.0), at=st.tuples(st.floats(-60, 60), st.floats(-60, 60)))
def test_neither_size_nor_place_changes_what_is_found(factor, at):
    poses, _ = stretches(fps=10.0, foot_lift=0.35, bad=(3.0, 6.0))
    plain = judged(EXERCISE, poses)
    other = judged(EXERCISE, [bodies.scaled(bodies.shifted(one, *at), factor) for one in poses])
    assert other.outline == plain.outline
    assert [hold.side for hold in other.holds] == [hold.side for hold in plain.holds]


@FEW
@given(shift_s=st.floats(0, 5000))
def test_the_time_of_day_does_not_matter(shift_s):
    poses, _ = stretches(fps=10.0, knee_deg=140.0, bad=(3.0, 6.0))
    plain = judged(EXERCISE, poses)
    late = judged(EXERCISE, [bodies.replace(one, time_s=one.time_s + shift_s) for one in poses])
    assert [(hold.side, hold.faults) for hold in late.holds] == [(hold.side, hold.faults) for hold in plain.holds]
    assert [hold.in_form_s for hold in late.holds] == pytest.approx([hold.in_form_s for hold in plain.holds], abs=0.21)


def test_a_hold_tells_how_high_the_leg_and_how_straight_the_knees_were():
    poses, _ = stretches(elevation_deg=70)
    for hold in judged(EXERCISE, poses).holds:
        assert next(iter(hold.measures)) == f"{hold.side}_elevation_deg"
        assert hold.measures[f"{hold.side}_elevation_deg"] == pytest.approx(70, abs=6)
        assert hold.measures["raised_knee_deg"] > 160 > hold.measures["other_knee_deg"]
        assert 0 <= hold.measures["bounce_deg"] < 2
