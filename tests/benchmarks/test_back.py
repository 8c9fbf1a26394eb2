"""Comparing the back's curve is right itself."""

from __future__ import annotations

import math

import pytest

from benchmarks._back import MEASURES, back_error, row_of, true_head_pitch_deg
from formcheck.measure.reading import Reading

JOINTS = ["nose", "ear_l", "shoulder_l", "hip_l"]


def frame(time_s, sagitta, nose=(90.0, 120.0)):
    """The head on the left; the nose straight under the ear where nothing else is said."""
    return {
        "t": time_s,
        "measures": {"back_sagitta": sagitta},
        "pixels": [nose, (90.0, 100.0), (110.0, 100.0), (200.0, 100.0)],
    }


def truth(frames):
    return {"frames": frames, "joints": JOINTS, "view": {"near_side": "left"}, "reps": [{"start_s": 1.5}]}


@pytest.mark.parametrize(
    ("nose", "pitch"), [((90.0, 120.0), 90), ((70.0, 100.0), 0), ((110.0, 120.0), 135), ((70.0, 80.0), -45)]
)
def test_the_true_heads_pitch(nose, pitch):
    assert true_head_pitch_deg(frame(0.0, 0.0, nose), truth([])) == pytest.approx(pitch)


def test_errors():
    noses = [(90.0, 120.0), (90.0, 120.0), (110.0, 120.0), (70.0, 100.0)]
    told = truth([frame(i, s, n) for i, (s, n) in enumerate(zip((0.0, 0.0, 0.1, -0.2), noses, strict=True))])
    rows = [(0.3, 0.05, 80.0), (0.3, 0.05, 80.0), (0.5, 0.15, 120.0), (-0.1, -0.15, 0.0)]
    error = back_error(rows, told)
    assert error.frames == 4
    assert error.sagitta_r == pytest.approx(1.0)
    assert error.height_r == pytest.approx(1.0, abs=0.01)
    assert (error.sagitta_error, error.sagitta_bias) == pytest.approx((0.05, 0.05))
    # 10 degrees too small all through is the person's own; what is left are 5 too small and 10 too large.
    assert error.head_error_deg == pytest.approx((0 + 0 + 5 + 10) / 4)


def test_unknown_frames_are_left_out():
    told = truth([frame(i, 0.1 * i, (90.0 + i, 120.0)) for i in range(4)])
    rows = [(0.1 * i, 0.1 * i, 90.0 + i) for i in range(3)] + [(math.nan, 0.3, 93.0)]
    assert back_error(rows, told).frames == 3


def test_a_row_is_what_a_reading_tells():
    assert row_of(Reading(0.0, dict(zip(MEASURES, (1.0, 2.0, 3.0), strict=True)))) == (1.0, 2.0, 3.0)


def test_a_clip_in_which_the_back_is_never_seen():
    truth = {"reps": [], "joints": [], "frames": [{"t": 0.0, "measures": {"back_sagitta": 0.1}}] * 3}
    error = back_error([(math.nan,) * 3] * 3, truth)
    assert error.frames == 0
    assert math.isnan(error.height_r)
