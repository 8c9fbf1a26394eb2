from __future__ import annotations

import math

import pytest

from formcheck.measure.body import JOINTS, Body
from formcheck.measure.reach import reach_measures

NAN = (math.nan, math.nan)
HIP, SHOULDER = (0.0, 0.0), (100.0, 0.0)  # pixels, y down: the head to the right
BELLY_DOWN, BELLY_UP = 1.0, -1.0


def leg(side, thigh_deg, knee_deg, length=80.0, hip=HIP):
    """A side whose thigh points so far from the trunk's line towards the floor, the shank bent back at the knee."""
    thigh, shank = math.radians(thigh_deg), math.radians(thigh_deg - (180 - knee_deg))
    knee = (hip[0] - length * math.cos(thigh), hip[1] + length * math.sin(thigh))
    ankle = (knee[0] - length * math.cos(shank), knee[1] + length * math.sin(shank))
    return Body(side, dict.fromkeys(JOINTS, NAN) | {"shoulder": SHOULDER, "hip": hip, "knee": knee, "ankle": ankle})


def upside_down(body):
    """The same on the back: the picture turned over."""
    return Body(body.side, {name: (x, -y) for name, (x, y) in body.joints.items()})


def mirrored(body):
    return Body(body.side, {name: (-x, y) for name, (x, y) in body.joints.items()})


KNEELING = leg("left", 90, 90)
FAR_KNEELING = leg("right", 90, 90, hip=(5.0, 2.0))


@pytest.mark.parametrize(
    ("near", "far", "expected"),
    [
        (KNEELING, FAR_KNEELING, {"reaching_hip_deg": 90, "reaching_leg_deg": 45, "reaching_knee_deg": 90}),
        (leg("left", 0, 180), FAR_KNEELING, {"reaching_hip_deg": 180, "reaching_leg_deg": 0, "staying_knee_deg": 90}),
        (KNEELING, leg("right", 0, 180), {"reaching_hip_deg": 180, "reaching_leg_deg": 0, "staying_knee_deg": 90}),
        # A far leg read too short is still the reaching one.
        (KNEELING, leg("right", 0, 170, 40.0), {"reaching_hip_deg": 180, "reaching_knee_deg": 170}),
        (leg("left", 30, 180), FAR_KNEELING, {"reaching_hip_deg": 150, "reaching_leg_deg": 30}),  # too low
        (leg("left", -10, 180), FAR_KNEELING, {"reaching_hip_deg": 190, "reaching_leg_deg": -10}),  # over the line
        (
            leg("left", 0, 120),
            FAR_KNEELING,
            {"reaching_hip_deg": 180, "reaching_leg_deg": -30, "reaching_knee_deg": 120},
        ),
    ],
)
def test_the_reaching_leg(near, far, expected):
    for view in (lambda body: body, mirrored):
        sign = 1.0 if view(near)["shoulder"][0] > 0 else -1.0
        seen = reach_measures(view(near), view(far), sign * BELLY_DOWN)
        assert {name: seen[name] for name in expected} == pytest.approx(expected, abs=0.01)
        turned = reach_measures(upside_down(view(near)), upside_down(view(far)), sign * BELLY_UP)
        assert turned == pytest.approx(seen, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("near", "far"),
    [
        (KNEELING, Body("right", FAR_KNEELING.joints | {"knee": NAN})),
        (KNEELING, Body("right", FAR_KNEELING.joints | {"hip": NAN})),
        (Body("left", KNEELING.joints | {"knee": NAN}), leg("right", 90, 90)),
    ],
)
def test_where_one_leg_is_not_seen_it_is_the_other(near, far):
    seen = reach_measures(near, far, BELLY_DOWN)
    assert seen["reaching_hip_deg"] == pytest.approx(90)
    assert math.isnan(seen["staying_knee_deg"])


def test_nothing_seen_is_nothing_known():
    nobody = Body("left", dict.fromkeys(JOINTS, NAN))
    assert all(map(math.isnan, reach_measures(nobody, Body("right", nobody.joints), BELLY_UP).values()))
