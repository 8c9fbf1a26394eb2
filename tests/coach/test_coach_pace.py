"""Whether the machine keeps up: slow for a while counts, slow for a moment and a camera that was away do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.coach.pace import AWAY_S, GAP_S, SLOW_S, STEADY_S, WATCHED, CameraRate, Pace
from formcheck.footage import SLOW_FPS

SLOW, FAST = 0.2, 0.02
FIRST = WATCHED // 4  # frames before anything is decided


def play(pace, busy_s, seconds, from_s=0.0, every_s=None):
    """Frames one after the other; returns the last time and when it was first said to be too slow, if it was."""
    step_s = max(busy_s, 1 / 30) if every_s is None else every_s
    said_s, time_s = None, from_s
    for _ in range(round(seconds / step_s)):
        time_s += step_s
        if pace.add(time_s, busy_s) and said_s is None:
            said_s = time_s
    return time_s, said_s


@pytest.mark.parametrize(
    ("busy_s", "slow"), [(0.01, False), (SLOW_S, False), (SLOW_S * 1.01, True), (0.3, True), (2.5, True)]
)
def test_the_limit(busy_s, slow):
    assert (play(Pace(), busy_s, 120.0)[1] is not None) is slow


def test_it_takes_five_seconds_of_being_slow():
    _, said_s = play(Pace(), SLOW, 20.0)
    assert said_s == pytest.approx(FIRST * SLOW + STEADY_S, abs=SLOW)


def test_a_slow_moment_is_none():
    """Loading the model, or another program that is busy for three seconds."""
    pace = Pace()
    time_s, said_s = play(pace, SLOW, 3.0)
    time_s, then_s = play(pace, FAST, 10.0, time_s)
    _, last_s = play(pace, SLOW, 3.0, time_s)
    assert (said_s, then_s, last_s) == (None, None, None)


def test_one_very_slow_frame_is_none():
    pace = Pace()
    pace.add(0.0, 8.0)
    assert play(pace, FAST, 20.0, 8.0)[1] is None


def test_it_must_be_slow_without_a_break():
    """When most of the last frames were fast again, the five seconds begin anew."""
    pace = Pace()
    time_s, said_s = play(pace, SLOW, STEADY_S + FIRST * SLOW - 2.0)
    assert said_s is None
    time_s, said_s = play(pace, FAST, WATCHED / 30, time_s)
    assert said_s is None
    begun_s = time_s
    _, said_s = play(pace, SLOW, 60.0, time_s)
    assert said_s is not None
    assert said_s - begun_s > STEADY_S


def test_a_camera_that_was_away_makes_nothing_slow():
    pace = Pace()
    time_s, said_s = play(pace, SLOW, FIRST * SLOW + 1.0)
    assert said_s is None
    time_s += 60.0
    assert not pace.add(time_s, SLOW)
    _, said_s = play(pace, SLOW, 20.0, time_s)
    assert said_s is not None
    assert said_s - time_s > STEADY_S


def test_a_gap_that_is_work_is_none():
    """On a machine that takes three seconds for a picture there is no other way to be told."""
    assert GAP_S < 3.0
    assert play(Pace(), 3.0, 120.0)[1] is not None


def test_a_slow_camera_is_no_slow_machine():
    assert play(Pace(), FAST, 120.0, every_s=0.5)[1] is None


def test_reset_begins_anew():
    pace = Pace()
    time_s, said_s = play(pace, SLOW, 20.0)
    assert said_s is not None
    pace.reset()
    begun_s = time_s
    assert not pace.add(time_s + SLOW, SLOW)
    _, said_s = play(pace, SLOW, 20.0, time_s + SLOW)
    assert said_s == pytest.approx(begun_s + FIRST * SLOW + STEADY_S, abs=2 * SLOW)


@given(st.lists(st.tuples(st.floats(0.001, 5.0), st.floats(0.0, SLOW_S)), max_size=200))
def test_fast_work_is_never_slow(frames):
    pace, time_s = Pace(), 0.0
    for step_s, busy_s in frames:
        time_s += step_s
        assert not pace.add(time_s, busy_s)


@given(st.lists(st.tuples(st.floats(0.001, 1.0), st.floats(0.0, 1.0)), max_size=200))
def test_never_before_five_seconds(frames):
    pace, time_s = Pace(), 0.0
    for step_s, busy_s in frames:
        time_s += step_s
        assert not (pace.add(time_s, busy_s) and time_s < STEADY_S)


# --- the camera -------------------------------------------------------------------------------------------------


def watch(rate, fps, seconds, *, looked_at=1, from_s=0.0, index=0):
    """Pictures of a camera, of which every so manieth is looked at; when it was first slow, and the rate then."""
    for i in range(0, round(seconds * fps), looked_at):
        found = rate.add(from_s + i / fps, index + i)
        if found is not None:
            return from_s + i / fps, found
    return None


@pytest.mark.parametrize(
    ("fps", "slow"), [(30.0, False), (8.0, False), (7.6, False), (7.0, True), (3.0, True), (0.6, True)]
)
def test_the_limit_of_the_camera(fps, slow):
    found = watch(CameraRate(), fps, 60.0)
    assert (found is not None) is slow
    if found is not None:
        assert found[0] == pytest.approx(STEADY_S, abs=1 / fps)
        assert found[1] == pytest.approx(fps)


@pytest.mark.parametrize("looked_at", [1, 5, 25])
def test_a_slow_machine_is_no_slow_camera(looked_at):
    assert watch(CameraRate(), 30.0, 60.0, looked_at=looked_at) is None


def test_a_slow_start_and_a_camera_that_was_away_are_not_slow():
    rate = CameraRate()
    assert watch(rate, 4.0, STEADY_S - 1.0) is None
    assert watch(rate, 30.0, 20.0, from_s=STEADY_S - 1.0, index=16) is None
    assert watch(rate, 30.0, 20.0, from_s=30.0 + AWAY_S, index=40) is None


def test_a_camera_that_becomes_slow_is_told():
    rate = CameraRate()
    assert watch(rate, 30.0, 20.0) is None
    begun_s, _ = watch(rate, SLOW_FPS / 2, 20.0, from_s=20.0, index=600)
    assert begun_s <= 20.0 + STEADY_S
