from __future__ import annotations

import math

import pytest

from formcheck.measure.geometry import (
    distance_px,
    elevation_deg,
    joint_angle_deg,
    offset_from_line,
    straightness_deg,
    turn_deg,
)

NAN = (math.nan, math.nan)


@pytest.mark.parametrize(
    ("u", "v", "deg"),
    [
        ((1, 0), (1, 0), 0),
        ((1, 0), (0, 1), 90),  # right to down is clockwise on the screen: positive
        ((1, 0), (0, -1), -90),  # right to up
        ((0, -1), (1, 0), 90),  # up to right
        ((1, 0), (-1, 0), 180),
        ((2, 0), (0.1, 0.1), 45),  # lengths do not matter
    ],
)
def test_turn(u, v, deg):
    assert turn_deg(u, v) == pytest.approx(deg)


@pytest.mark.parametrize(
    ("a", "b", "c", "deg"),
    [
        ((0, 0), (1, 0), (2, 0), 180),  # straight
        ((0, 0), (1, 0), (1, 1), 90),
        ((0, 0), (1, 0), (1, -1), 90),  # the side it bends to does not matter
        ((2, 0), (1, 0), (2, 0), 0),  # folded up
        ((-100, 0), (0, 0), (300, 300), 135),  # pixels, not shares of the picture
    ],
)
def test_joint_angle(a, b, c, deg):
    assert joint_angle_deg(a, b, c) == pytest.approx(deg)
    assert joint_angle_deg(c, b, a) == pytest.approx(deg)


@pytest.mark.parametrize(
    ("a", "b", "deg"),
    [
        ((0, 0), (1, 0), 0),
        ((0, 0), (1, -1), 45),  # y points down: a smaller y is higher, and that is positive
        ((0, 0), (-1, -1), 45),  # the same seen to the left
        ((0, 0), (1, 1), -45),
        ((0, 0), (0, -5), 90),
    ],
)
def test_elevation(a, b, deg):
    assert elevation_deg(a, b) == pytest.approx(deg)


@pytest.mark.parametrize(
    ("p", "a", "b", "offset"),
    [
        ((5, 1), (0, 0), (10, 0), 0.1),  # below on the screen: positive
        ((5, -2), (0, 0), (10, 0), -0.2),  # above
        ((5, 0), (0, 0), (10, 0), 0),
        ((15, 1), (0, 0), (10, 0), 0.1),  # past the end: still the distance from the line
        ((0, 10), (0, 0), (10, 10), math.sqrt(0.5) / math.sqrt(2)),  # a line that falls
        ((500, 100), (0, 0), (1000, 0), 0.1),  # no unit
    ],
)
def test_offset_from_line(p, a, b, offset):
    assert offset_from_line(p, a, b) == pytest.approx(offset)
    assert offset_from_line(p, b, a) == pytest.approx(offset)  # either end first
    flipped = [(-x, y) for x, y in (p, a, b)]
    assert offset_from_line(*flipped) == pytest.approx(offset)  # a mirrored picture


def test_offset_from_a_line_without_length_is_unknown():
    assert math.isnan(offset_from_line((1, 1), (2, 2), (2, 2)))


@pytest.mark.parametrize(
    ("hip", "belly", "deg"),
    [
        # The head is on the left (a), the knee on the right (c).
        ((1, 0), +1, 180),
        ((1, -1), +1, 270),  # the hip raised, belly up: past the line
        ((1, 1), +1, 90),  # the hip hangs, belly up
        ((1, -1), -1, 90),  # belly down: piked
        ((1, 1), -1, 270),  # belly down: sagging, past the line
    ],
)
def test_straightness(hip, belly, deg):
    assert straightness_deg((0, 0), hip, (2, 0), belly) == pytest.approx(deg)
    # Mirrored, the belly is on the other side of the same direction.
    assert straightness_deg((2, 0), hip, (0, 0), -belly) == pytest.approx(deg)


@pytest.mark.parametrize(("a", "b", "px"), [((0, 0), (3, 4), 5), ((3, 4), (0, 0), 5), ((1, 1), (1, 1), 0)])
def test_distance(a, b, px):
    assert distance_px(a, b) == pytest.approx(px)


@pytest.mark.parametrize(
    "unknown",
    [
        turn_deg((1, 0), NAN),
        joint_angle_deg(NAN, (1, 0), (2, 0)),
        joint_angle_deg((0, 0), NAN, (2, 0)),
        elevation_deg((0, 0), NAN),
        distance_px(NAN, (0, 0)),
        offset_from_line(NAN, (0, 0), (1, 0)),
        offset_from_line((0, 0), NAN, (1, 0)),
        straightness_deg((0, 0), (1, 0), NAN, 1),
    ],
)
def test_nan_in_nan_out(unknown):
    assert math.isnan(unknown)
