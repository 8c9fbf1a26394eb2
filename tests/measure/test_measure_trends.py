"""Measures of how another one moves."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.measure.trends import GAP_S, Trend, TrendReader

FAST = settings(deadline=None, derandomize=True, database=None)
SPEED = Trend("speed", "angle", "speed", over_s=0.4)
SWING = Trend("swing", "angle", "swing", over_s=2.0)


def course(trend, values, step_s=0.1, start_s=0.0):
    """The trend after each of these values, one each 0.1 s; None in them is a frame that tells nothing."""
    reader = TrendReader((trend,))
    return [
        reader.step(start_s + i * step_s, {} if value is None else {"angle": value})[trend.name]
        for i, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "last"),
    [
        ([5.0] * 9, 0.0),
        ([10.0 * i for i in range(9)], 100.0),  # 10 each tenth of a second
        ([-3.0 * i for i in range(9)], -30.0),
        ([0.0] * 20 + [10.0, 20.0, 30.0, 40.0], 100.0),  # what was longer ago does not count
        ([0.0, 10.0], math.nan),  # less than half of what it looks back at
        ([0.0, 10.0, 20.0], 100.0),
        ([7.0], math.nan),
        ([0.0, 10.0, 20.0, None], math.nan),  # nothing told, nothing known
        ([0.0, 10.0, None, 30.0, 40.0], 100.0),
        ([0.0, 10.0, 20.0] + [None] * 6 + [90.0, 91.0], math.nan),  # begun anew after a gap
        ([0.0, 10.0, 20.0] + [None] * 6 + [90.0, 91.0, 92.0], 10.0),
    ],
)
def test_speed(values, last):
    assert course(SPEED, values)[-1] == pytest.approx(last, nan_ok=True)


@pytest.mark.parametrize(
    ("values", "last"),
    [
        ([5.0] * 20, 0.0),
        ([float(i) for i in range(20)], 0.0),  # one move
        ([*range(10), *range(10, 0, -1)], 0.0),  # there and back
        ([5.0] * 9 + [50.0] + [5.0] * 9, 0.0),  # one stray frame
        ([0, 8] * 10, 8.0),  # to and fro
        ([0, 4, 8, 4] * 5, 8.0),
        ([0, 8, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3], 3.0),  # the third largest: 8, 8, 3
        ([0, 9, 1, 9, 1, 1, 1, 1, 1, 1, 1, 1], 8.0),  # 9, 8, 8, 8: pauses do not matter
        ([0.0] * 6, math.nan),  # seen for half a second of the two
        ([0, 8] * 10 + [5.0] * 25, 0.0),  # calm again
        ([0, 8] * 10 + [None], math.nan),
    ],
)
def test_swing(values, last):
    assert course(SWING, values)[-1] == pytest.approx(last, nan_ok=True)


def test_smoothing_takes_the_tremor_out_of_a_swing():
    smooth = Trend("swing", "angle", "swing", over_s=2.0, smooth_s=0.3)
    tremor = [1.0 if i % 2 else 0.0 for i in range(40)]
    assert course(SWING, tremor)[-1] == 1.0
    assert course(smooth, tremor)[-1] < 0.2
    slow = [4 * math.sin(2 * math.pi * 0.5 * i / 10) for i in range(60)]
    assert 4 < course(Trend("swing", "angle", "swing", over_s=4.0, smooth_s=0.15), slow)[-1] < 8


def test_a_smoothed_speed_comes_later():
    smooth = Trend("speed", "angle", "speed", over_s=0.4, smooth_s=0.3)
    jump = [0.0] * 10 + [10.0] * 10
    assert max(course(smooth, jump)[6:]) < 0.9 * max(course(SPEED, jump)[6:])
    assert course(smooth, jump)[10] < 0.4 * course(SPEED, jump)[10]
    line = course(smooth, [10.0 * i for i in range(60)])
    assert line[-1] == pytest.approx(100.0, rel=0.01)  # once it has caught up


@pytest.mark.parametrize("step_s", [0.02, 0.05, 0.1])
def test_seconds_count_and_not_frames(step_s):
    ramp = [30.0 * i * step_s for i in range(round(2 / step_s))]
    assert course(SPEED, ramp, step_s)[-1] == pytest.approx(30.0)
    swinging = [5 * math.sin(2 * math.pi * 1.5 * i * step_s) for i in range(round(4 / step_s))]
    assert course(SWING, swinging, step_s)[-1] == pytest.approx(10.0, rel=0.12)


def test_a_gap_is_one_of_seconds():
    reader = TrendReader((SPEED,))
    for i in range(5):
        reader.step(i / 10, {"angle": 0.0})
    assert math.isnan(reader.step(0.4 + GAP_S + 0.1, {"angle": 50.0})["speed"])
    reader = TrendReader((Trend("speed", "angle", "speed", over_s=2.0),))
    for i in range(15):
        reader.step(i / 10, {"angle": 0.0})
    assert reader.step(1.4 + GAP_S, {"angle": 50.0})["speed"] == pytest.approx(50 / 1.9, rel=0.01)


def test_several_trends_and_a_reset():
    reader = TrendReader((SPEED, SWING, Trend("other", "height", "speed", over_s=0.4)))
    for i in range(9):
        found = reader.step(i / 10, {"angle": 1.0 * i, "height": -2.0 * i})
    assert set(found) == {"speed", "swing", "other"}
    assert (found["speed"], found["other"]) == pytest.approx((10, -20))
    reader.reset()
    assert all(math.isnan(value) for value in reader.step(0.9, {"angle": 9.0, "height": 0.0}).values())


@FAST
@given(
    values=st.lists(st.floats(-90, 90), min_size=25, max_size=60),
    shift_s=st.integers(0, 1000),
    add=st.floats(-90, 90),
    factor=st.floats(-3, 3),
)
def test_trends_know_no_time_of_day_and_no_zero(values, shift_s, add, factor):
    for trend, even in ((SPEED, False), (SWING, True)):
        # Eighths of a second are exact: the window's edge falls on the same frame whatever the time.
        once = course(trend, values, step_s=0.125)[-1]
        assert course(trend, values, step_s=0.125, start_s=float(shift_s))[-1] == once
        larger = course(trend, [factor * value for value in values], step_s=0.125)[-1]
        assert larger == pytest.approx((abs(factor) if even else factor) * once, abs=1e-6)
        if trend is SPEED:  # a swing counts turning points, which rounding may make of a pause
            moved = course(trend, [add + value for value in values], step_s=0.125)[-1]
            assert moved == pytest.approx(once, abs=1e-6)


@FAST
@given(values=st.lists(st.floats(-90, 90), min_size=25, max_size=60))
def test_a_swing_is_never_more_than_all_that_was_seen(values):
    for seen in course(SWING, values):
        assert math.isnan(seen) or 0 <= seen <= max(values) - min(values)
