"""A photo shows no movement: it says what was measured, what is wrong, or that something else is on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import pytest
import samples

from formcheck import analyze, exercises
from formcheck.engine.records import FaultSpan, ViewProblem
from formcheck.report.result import AnalysisResult, Source, as_still

SITTING = Path(__file__).resolve().parents[2] / "shared" / "data" / "sitting"
UNSCORED = "movements are not scored in a photo"
UNSEEN = "this position was not seen"
ON_THE_BACK = {
    "trunk_slope_deg": 1.0, "knee_angle_deg": 68.0, "shank_height": -1.0, "knee_height": 0.7, "hip_angle_deg": 128.4,
}  # fmt: skip
PHOTO = Source("photo.png", 0.0, 1, 640, 480, 0.0)
STOOD_STILL = AnalysisResult("", PHOTO, "", None, 1.0, (), (), (), (), 0.0, 0.0, "")


@pytest.mark.parametrize(
    ("values", "view", "told"),
    [
        (ON_THE_BACK, (), f"hip angle 128 deg, knee angle 68 deg; {UNSCORED}"),
        # Sitting, standing; or a joint that tells it is not seen.
        (ON_THE_BACK | {"trunk_slope_deg": 85.0}, (), UNSEEN),
        (ON_THE_BACK | {"shank_height": float("nan")}, (), UNSEEN),
        ({}, (), UNSEEN),
        # Measures of a view like this are wrong; with the feet cut off they are only fewer.
        (ON_THE_BACK, ("turn_side_on",), UNSEEN),
        (ON_THE_BACK, ("feet_out_of_frame",), f"hip angle 128 deg, knee angle 68 deg; {UNSCORED}"),
    ],
)
def test_a_movement_is_there_only_in_its_own_position(values, view, told):
    seen = replace(STOOD_STILL, view_problems=tuple(ViewProblem(name, 0.0, 5.0, "") for name in view))
    result = as_still(seen, exercises.get("bridge"), values)
    assert (result.summary, result.score) == (f"Glute bridge: {told}.", 0.0)


def test_what_is_wrong_is_told_before_what_was_measured():
    bent = FaultSpan("arms_bent", 0.0, 5.0, 100.0, "deg", "Straighten your arms.", "elbow")
    on_all_fours = {
        "trunk_slope_deg": 0.0, "hip_clearance": 0.9, "knee_clearance": 0.1, "shank_height": 0.0,
        "thigh_lean_deg": 2.0, "hip_angle_deg": 95.0, "wrist_height": -1.0,
    }  # fmt: skip
    result = as_still(replace(STOOD_STILL, faults=(bent,)), exercises.get("cat_cow"), on_all_fours)
    assert result.summary == f"Cat and cow: arms bent; thigh lean 2 deg; {UNSCORED}."


@pytest.mark.parametrize(
    ("clip", "frame", "exercise", "told"),
    [
        ("bridge_good", 6, "bridge", UNSCORED),  # lying
        ("bridge_good", 72, "bridge", UNSCORED),  # at the top
        ("bridge_good", 72, "partial_crunch", UNSEEN),
        ("bridge_good", 6, "cat_cow", UNSEEN),
        ("bridge_good", 6, "plank", UNSEEN),
        ("cat_cow_good", 6, "cat_cow", UNSCORED),
        ("sitting_posture_good", 36, "bridge", UNSEEN),
        ("sitting_posture_good", 36, "cat_cow", UNSEEN),
    ],
)
def test_a_photo_of_something_else_is_not_called_fine(tmp_path, clip, frame, exercise, told):
    photo = tmp_path / "photo.png"
    cv2.imwrite(str(photo), samples.pictures(clip, frame, 1)[0])
    result = analyze(photo, exercise)
    assert told in result.summary
    assert (result.score, result.reps, result.holds) == (0.0, (), ())


@pytest.mark.skipif(not SITTING.is_dir(), reason="the photos of somebody sitting are not part of the repository")
@pytest.mark.parametrize(
    ("photo", "faults"),
    [
        ("straight_hf.jpg", []),
        ("hunchback.jpg", ["hunching"]),
        ("hunchback_hf.jpg", ["hunching"]),
        ("recline.jpg", ["leaning_back"]),
    ],
)
def test_photos_of_one_man_sitting_are_told_apart(photo, faults):
    result = analyze(SITTING / photo, "sitting_posture")
    assert [span.name for span in result.faults] == faults
    assert result.score == (0.0 if faults else 100.0)
    assert UNSEEN in analyze(SITTING / photo, "bridge").summary
