"""Each named problem of the camera's view, shown on decoded video made from the sample clips."""

from __future__ import annotations

from collections.abc import Callable

import composites
import cv2
import numpy as np
import pytest
import samples

from formcheck import analyze
from formcheck.measure.view import VIEW_NAMES

Image = np.ndarray
SIZE = (640, 480)


def shifted(image: Image, factor: float, x: float, y: float) -> Image:
    """The picture scaled about the point (x, y), which comes to the middle; its edge is repeated."""
    to_place = np.array([[factor, 0, SIZE[0] / 2 - factor * x], [0, factor, SIZE[1] / 2 - factor * y]])
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
    return cv2.warpAffine(image, to_place, SIZE, flags=how, borderMode=cv2.BORDER_REPLICATE)


def leaning(image: Image, deg: float) -> Image:
    turn = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), -deg, 1.0)
    return cv2.warpAffine(image, turn, SIZE, borderMode=cv2.BORDER_REPLICATE)


def dark(image: Image, share: float) -> Image:
    noise = np.random.default_rng(1).normal(0, 1.0, image.shape)
    return np.clip(image * share + noise, 0, 255).astype(np.uint8)


def of_bridge(change: Callable[[Image, int], Image]) -> list[Image]:
    return [change(image, i) for i, image in enumerate(samples.pictures("bridge_good", 0, 36))]


def going_away() -> list[Image]:
    """The camera moves away: whoever begins that small is not found at all."""
    return of_bridge(lambda image, i: shifted(image, max(0.35, 0.7 - 0.03 * i), 320, 300))


def with_a_bystander() -> list[Image]:
    standing = composites.cut_out(composites.shots("standing_posture_good", 10, 1)[0])
    shots = composites.shots("bridge_good", 0, 48)
    return [composites.behind(shot, standing, x=540, bottom=345, height=330) for shot in shots]


CLIPS: dict[str, tuple[str, Callable[[], list[Image]]]] = {
    "head_out_of_frame": ("bridge", lambda: of_bridge(lambda image, _: np.ascontiguousarray(image[:, 180:]))),
    "feet_out_of_frame": ("bridge", lambda: of_bridge(lambda image, _: np.ascontiguousarray(image[:, :380]))),
    "too_far": ("bridge", going_away),
    "too_near": ("bridge", lambda: of_bridge(lambda image, i: shifted(image, min(3.2, 1 + 0.15 * i), 250, 330))),
    "camera_tilted": ("bridge", lambda: of_bridge(lambda image, _: leaning(image, 14))),
    "more_than_one_person": ("bridge", with_a_bystander),
    "too_dark": ("bridge", lambda: of_bridge(lambda image, _: dark(image, 0.06))),
    # On her side with the chest to the camera, where planks face the floor.
    "turn_side_on": ("plank", lambda: list(samples.pictures("side_plank_faulty", 40, 36))),
}


def test_every_problem_is_shown():
    assert set(CLIPS) == VIEW_NAMES


@pytest.mark.parametrize("name", CLIPS)
def test_the_problem_is_told_with_advice(name, tmp_path):
    exercise, make = CLIPS[name]
    result = analyze(samples.write_pictures(tmp_path / "clip.mp4", make()), exercise)
    told = {problem.name: problem for problem in result.view_problems}
    assert name in told
    assert told[name].advice
    assert told[name].end_s > told[name].start_s


@pytest.mark.parametrize("deg", [-8, 0, 8])
@pytest.mark.parametrize("light", [1.0, 0.2])
def test_a_room_that_works_is_not_complained_of(deg, light, tmp_path):
    """A camera that leans by 8 degrees, and an evening room."""
    images = of_bridge(lambda image, _: dark(leaning(image, deg), light))
    assert analyze(samples.write_pictures(tmp_path / "clip.mp4", images), "bridge").view_problems == ()
