"""What the live benchmark measures with is right itself; how fast anything is, is not tested."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks._live import Watched, growth_mb_a_minute, resampled, resident_mb, spread_ms
from benchmarks.live import missed, report, soak_report
from formcheck.coach.window import Headless


def film(times):
    return [(time_s, np.full((2, 2, 3), round(10 * time_s), np.uint8)) for time_s in times]


@pytest.mark.parametrize(
    ("times", "fps", "levels"),
    [
        ([0, 1, 2], 2, [0, 5, 10, 15, 20]),
        ([0, 1, 2], 1, [0, 10, 20]),
        ([0, 1, 2], 0.5, [0, 20]),
        ([5, 6], 2, [50, 55, 60]),  # begins at 0
        ([0, 0.5, 4], 1, [0, 10, 20, 30, 40]),  # a long gap
        ([0], 30, [0]),
        ([], 30, []),
    ],
)
def test_a_film_is_resampled_at_true_times(times, fps, levels):
    made = list(resampled(film(times), fps))
    assert [int(image[0, 0, 0]) for _, image in made] == levels
    assert [time_s for time_s, _ in made] == pytest.approx([i / fps for i in range(len(levels))])


def test_a_film_of_12_pictures_a_second_keeps_its_length_at_30():
    made = list(resampled(film([i / 12 for i in range(25)]), 30))
    assert len(made) == 61
    assert made[-1][0] == pytest.approx(2)


def test_the_spread_is_told_in_ms():
    assert spread_ms([i / 1000 for i in range(101)]) == pytest.approx({"p50": 50, "p95": 95, "max": 100})
    assert spread_ms([math.nan, 0.02]) == pytest.approx({"p50": 20, "p95": 20, "max": 20})
    assert all(math.isnan(one) for one in spread_ms([]).values())


@pytest.mark.parametrize(
    ("megabytes", "growth"),
    [
        ([200, 200, 200, 200, 200], 0),
        ([200, 202, 204, 206, 208, 210], 2),
        ([100, 190, 195, 200, 200, 200], 0),  # settles at first
        ([100, 190, 195, 200, 203, 206, 209], 3),
    ],
)
def test_growth_of_memory_is_told_once_it_has_settled(megabytes, growth):
    samples = list(enumerate(megabytes))
    assert growth_mb_a_minute(samples) == pytest.approx(growth, abs=1e-6)
    assert ("does not grow" in soak_report(samples)) == (growth < 0.5)


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        ([], "nothing measured"),
        ([(0, 200.0)], "nothing measured"),
        ([(minute, math.nan) for minute in range(9)], "nothing measured"),
        ([(0, 200.0), (1, 210.0), (2, 215.0)], "+15.0 MB from first to last; too short to tell"),
    ],
)
def test_growth_is_unknown_of_too_little(samples, told):
    assert math.isnan(growth_mb_a_minute(samples))
    assert told in soak_report(samples)


def test_resident_memory_is_known_or_nan():
    megabytes = resident_mb()
    assert math.isnan(megabytes) or megabytes > 10


def figures(**changes):
    spread = {"p50": 20.0, "p95": 30.0, "max": 90.0}
    plain = dict.fromkeys(("late_ms", "painted_ms", "own_ms", "keys_ms", "pose_ms"), spread)
    plain |= {"fps": 29.0, "captured_fps": 30.0, "dropped": 3, "cpu_cores": 1.5, "voice": "silent"}
    return plain | {"record": False, "notices": []} | changes


def p95(value):
    return {"p50": 1.0, "p95": value, "max": 200.0}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        ({"fps": 25.0}, []),
        ({"fps": 24.9}, ["missed: 24.9 of 25 frames a second"]),
        ({"painted_ms": p95(120.0)}, ["missed: 120.0 of 120 ms painted, p95"]),
        ({"painted_ms": p95(math.nan)}, []),  # no window: until it would have been shown
        ({"painted_ms": p95(math.nan), "late_ms": p95(150.0)}, ["missed: 150.0 of 120 ms painted, p95"]),
        ({"own_ms": p95(61.0)}, ["missed: 61.0 of 60 ms own, p95"]),
        ({"own_ms": p95(math.nan)}, ["missed: nan of 60 ms own, p95"]),  # unknown is not met
    ],
)
def test_missed_targets_are_told(changes, told):
    assert missed(figures(**changes)) == told


def test_the_report_shows_both_ways_beside_the_targets():
    text = report([figures(), figures(record=True, fps=20.0, notices=["Too slow."])])
    assert "without recording: all met" in text
    assert "with recording: missed: 20.0 of 25 frames a second" in text
    assert "told while it ran: Too slow." in text
    assert "at least 25" in text
    assert "20 / 30 / 90" in text


class Seen(Headless):
    seen = True


def test_a_picture_is_painted_once_the_window_has_lived():
    display = Watched(Seen(), lambda: 0.5, lambda: False)
    for _ in range(2):
        display.show(np.zeros((2, 2, 3), np.uint8))
        assert display.key() is None
        assert display.key() is None
    assert len(display.painted_s) == len(display.keys_s) == 2
    assert all(painted >= 0.5 for painted in display.painted_s)


def test_q_is_pressed_once_for_each_time_the_keys_are_asked_for():
    display = Watched(Headless(), lambda: 0.0, lambda: True)
    assert [display.key() for _ in range(4)] == ["quit", None, "quit", None]
