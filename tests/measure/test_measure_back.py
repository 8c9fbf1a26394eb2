from __future__ import annotations

import math

import bodies
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged import readings

from formcheck.measure.back import (
    HEIGHT_FROM,
    HEIGHT_TO,
    MEASURES,
    SMOOTH_S,
    BackReader,
    from_landmarks,
    height,
    sagitta,
    without_jumps,
)
from formcheck.measure.body import JOINTS, Body, body_side
from formcheck.pose.contour import PLACES_N

NAN = math.nan
ALONG = np.linspace(-1, 1, PLACES_N)


def contour(level=0.27, bow=0.0, tilt=0.0):
    """A back with its middle at `level`, its ends `bow` lower, the shoulders' end `tilt` higher than the hips' end."""
    return (level - bow * ALONG**2 + tilt / 2 * ALONG).tolist()


@pytest.mark.parametrize(
    ("back", "value"),
    [
        (contour(), 0.27),
        (contour(0.47, bow=0.1), 0.46),
        (contour(0.1, bow=-0.15), 0.11),
        (contour(0.27, tilt=0.2), 0.27),
        ([NAN] * 4 + contour()[4:], 0.27),  # the hips' end is not seen
        ([NAN] * 9 + contour()[9:], NAN),  # nor half the middle
        ([NAN] * PLACES_N, NAN),
    ],
)
def test_height(back, value):
    assert height(back) == pytest.approx(value, abs=0.012, nan_ok=True)


@pytest.mark.parametrize(
    ("back", "value"),
    [
        (contour(), 0.0),
        (contour(0.47, bow=0.1), 0.064),  # of 0.1 over the very ends
        (contour(0.1, bow=-0.15), -0.096),
        (contour(0.27, tilt=0.2), 0.0),  # a slope is no bow
        ([NAN] * 2 + contour(bow=0.1)[2:], 0.055),
        ([NAN] * 3 + contour()[3:], NAN),
        (contour()[:14] + [NAN] * 3, NAN),
        ([NAN] * PLACES_N, NAN),
    ],
)
def test_sagitta(back, value):
    assert sagitta(back) == pytest.approx(value, abs=0.012, nan_ok=True)


@given(level=st.floats(0, 0.6), bow=st.floats(-0.2, 0.2), tilt=st.floats(-0.3, 0.3), lift=st.floats(-0.2, 0.2))
def test_a_higher_back_is_higher_and_no_more_bowed(level, bow, tilt, lift):
    back, higher = contour(level, bow, tilt), contour(level + lift, bow, tilt)
    assert height(higher) == pytest.approx(height(back) + lift)
    assert sagitta(higher) == pytest.approx(sagitta(back), abs=1e-9)
    assert sagitta(contour(level, -bow, tilt)) == pytest.approx(-sagitta(back), abs=1e-9)


@given(places=st.sets(st.integers(0, PLACES_N - 1), max_size=1), jump=st.sampled_from([0.15, 0.4, -0.3]))
def test_a_jump_does_not_move_it(places, jump):
    back = contour(0.3, bow=0.05)
    spoilt = [h + jump if i in places else h for i, h in enumerate(back)]
    cleaned = without_jumps(spoilt)
    assert all(math.isnan(cleaned[i]) for i in places)
    assert height(cleaned) == pytest.approx(height(back), abs=0.01)
    assert sagitta(cleaned) == pytest.approx(sagitta(back), abs=0.02)


def test_hair_on_the_shoulders_does_not_move_the_height():
    back = contour(0.3)
    hair = [*back[:-4], *(h + 0.3 for h in back[-4:])]
    assert height(without_jumps(hair)) == pytest.approx(0.3, abs=0.01)
    assert HEIGHT_TO - HEIGHT_FROM == 9


def test_a_smooth_back_is_left_as_it_is():
    back = contour(0.1, bow=-0.18, tilt=0.1)
    assert without_jumps(back) == back


# --- without a contour -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("curve", "sign"), [(0.76, 1), (0.24, 1), (-0.24, -1), (-0.88, -1)], ids=["cat", "small cat", "small cow", "cow"]
)
def test_landmarks_tell_which_way_the_back_goes(curve, sign):
    def estimate(value):
        one = bodies.pose(bodies.hands_and_knees(value), bodies.FACE_DOWN)
        return from_landmarks(body_side(one, "left"), 90 + 60 * value)

    assert sign * (estimate(curve) - estimate(0.0)) > 0.02


@pytest.mark.parametrize("joint", ["shoulder", "hip", "knee"])
def test_without_a_joint_nothing_is_estimated(joint):
    joints = dict.fromkeys(JOINTS, (0.0, 0.0)) | {"shoulder": (0.0, 100.0), "knee": (80.0, 0.0)}
    assert math.isfinite(from_landmarks(Body("left", joints), 90.0))
    assert math.isnan(from_landmarks(Body("left", joints | {joint: (NAN, NAN)}), 90.0))
    assert math.isnan(from_landmarks(Body("left", joints | {"knee": (0.0, 0.0)}), 90.0))


# --- over time ---------------------------------------------------------------------------------


def film(curves, fps=30.0, *, contour=True):
    poses = [bodies.cat_or_cow(curve, time_s=i / fps) for i, curve in enumerate(curves)]
    return poses if contour else [bodies.replace(one, back=None) for one in poses]


def test_a_stray_frame_is_passed_over_and_a_step_is_followed():
    told = [r.value("back_height") for r in readings("cat_cow", film([0.0] * 12 + [0.8] + [0.0] * 12 + [0.8] * 12))]
    assert max(told[:25]) == pytest.approx(told[0], abs=0.01)
    assert told[-1] > told[0] + 0.15


@pytest.mark.parametrize(("gap_s", "known"), [(0.5 * SMOOTH_S, True), (1.5 * SMOOTH_S, False)])
def test_a_short_gap_is_bridged(gap_s, known):
    reader, one = BackReader(), bodies.cat_or_cow(0.0)
    body = body_side(one, "left")
    blind = bodies.replace(one, back=np.full(PLACES_N, NAN), time_s=one.time_s + gap_s)
    before, after = reader.read(one, body, 90.0), reader.read(blind, body, 90.0)
    assert set(before) == set(MEASURES)
    assert math.isfinite(after["back_height"]) is known
    reader.reset()
    assert math.isnan(reader.read(blind, body, 90.0)["back_height"])


def test_the_head_is_not_judged_beside_a_back_that_is_told_by_it():
    seen, guessed = (readings("cat_cow", film([0.0] * 5, contour=own))[-1] for own in (True, False))
    assert seen.value("head_beside_deg") == pytest.approx(seen.value("head_pitch_deg"))
    assert math.isnan(guessed.value("head_beside_deg"))
    assert math.isfinite(guessed.value("back_height"))
    assert math.isnan(guessed.value("back_sagitta"))


def test_no_other_exercise_pays_for_it():
    assert not set(MEASURES) & set(readings("plank", film([0.0] * 2))[-1].values)
