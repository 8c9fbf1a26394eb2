"""What is told of a clip as a whole."""

from __future__ import annotations

import math

import pytest

from formcheck.footage import BLURRED_PX, NOISY, SAID, Footage
from formcheck.pose.landmarks import Pose, Scene

SIZE = (640, 480)


def clip(fps: float, *scenes: Scene) -> Footage:
    footage = Footage()
    for i, scene in enumerate(scenes):
        empty = Pose.missing(5.0 + i / fps, SIZE)
        footage.add(Pose(empty.time_s, empty.pixels, empty.world, empty.visibility, SIZE, scene=scene))
    return footage


CLEAN, GRAINY, SOFT = Scene(noise=1.0, blur_px=1.0), Scene(noise=NOISY + 0.1), Scene(blur_px=BLURRED_PX + 0.1)


@pytest.mark.parametrize(
    ("fps", "scenes", "told"),
    [
        (30, [CLEAN] * 9, []),
        (30, [Scene()] * 9, []),  # not known is not wrong
        (30, [GRAINY] * 5 + [CLEAN] * 4, ["noisy"]),
        (30, [GRAINY] * 4 + [CLEAN] * 5, []),
        (30, [SOFT] * 9, ["blurred"]),
        (30, [SOFT] * 4 + [CLEAN] * 5, []),
        (30, [Scene(noise=NOISY, blur_px=BLURRED_PX)] * 9, []),
        (8, [CLEAN] * 9, []),
        (6, [CLEAN] * 9, ["few_pictures"]),
        (6, [Scene(noise=20, blur_px=3)] * 9, ["few_pictures", "noisy", "blurred"]),
        (30, [], []),
        (30, [CLEAN], []),
    ],
)
def test_what_is_so_for_most_of_it_is_told(fps, scenes, told):
    assert list(clip(fps, *scenes).troubles()) == told


def test_the_rate_is_that_of_the_pictures_read():
    assert clip(6, *[CLEAN] * 9).troubles() == {"few_pictures": SAID["few_pictures"].format(fps=6)}


def test_a_photo_has_no_rate():
    assert list(clip(5, *[SOFT] * 9).troubles(still=True)) == ["blurred"]


def test_nothing_is_told_of_nothing():
    assert math.isnan(Scene().noise)
    assert Footage().troubles() == {}
