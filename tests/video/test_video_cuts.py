"""Hard cuts: a new scene is one; movement, light and the first picture are not."""

import cv2
import numpy as np
import pytest

from formcheck.video.cuts import CutDetector


def scene(seed, size=(160, 90)):
    """Return a room-like picture: large soft patches of different brightness."""
    rng = np.random.default_rng(seed)
    patches = rng.integers(30, 220, (5, 8, 3), dtype=np.uint8)
    return cv2.resize(patches, size, interpolation=cv2.INTER_CUBIC)


def with_person(image, x, size=0.25):
    """Return the picture with a dark body lying in it."""
    rows, columns = image.shape[:2]
    body = image.copy()
    cv2.ellipse(body, (int(x * columns), rows // 2), (int(size * columns), rows // 8), 0, 0, 360, (40, 30, 60), -1)
    return body


def cuts(images, fps=25.0):
    detector = CutDetector()
    return [i for i, image in enumerate(images) if detector.is_cut(image, i / fps)]


MOVING = [with_person(scene(1), 0.5 + 0.2 * np.sin(i / 8)) for i in range(60)]


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        ([scene(1)], []),
        (MOVING, []),
        (MOVING[:30] + [with_person(scene(2), 0.4) for _ in range(30)], [30]),
        # back and forth, as with two cameras
        ([scene(1)] * 10 + [scene(2)] * 10 + [scene(1)] * 10, [10, 20]),
        # the cut comes with the second picture
        ([scene(1)] + [scene(2)] * 5, [1]),
        # from a black title to a scene
        ([np.zeros((90, 160, 3), np.uint8)] * 10 + [scene(1)] * 10, [10]),
        # a lamp adds light, or a camera turns its gain up
        ([scene(1) // 2] * 10 + [scene(1) // 2 + 100] * 10, []),
        ([scene(1) // 2] * 10 + [scene(1)] * 10, []),
        ([scene(1)] * 10 + [scene(1) // 3] * 10, []),
        # a slow dissolve has no single place
        ([cv2.addWeighted(scene(1), 1 - i / 40, scene(2), i / 40, 0) for i in range(41)], []),
        # someone walks right through the picture
        ([with_person(scene(1), i / 20, size=0.15) for i in range(-5, 25)], []),
        # noise in poor light
        ([np.random.default_rng(i).integers(0, 60, (90, 160, 3), dtype=np.uint8) for i in range(20)], []),
    ],
)
def test_cuts(images, expected):
    assert cuts(images) == expected


def test_wild_movement_raises_the_bar():
    """Pictures that all differ much, such as a shaken camera's, are no row of cuts."""
    images = [scene(i) for i in range(30)]
    assert len(cuts(images)) <= 5


def test_what_is_long_ago_does_not_count():
    detector = CutDetector()
    for i in range(20):
        detector.is_cut(scene(i), i / 25)
    for i in range(20, 60):
        assert not detector.is_cut(scene(1), i / 25)
    assert detector.is_cut(scene(2), 60 / 25)


@pytest.mark.parametrize("size", [(32, 32), (640, 480), (95, 143), (1920, 1080), (1, 1)])
def test_any_size(size):
    images = [scene(1, size)] * 3 + [scene(2, size)] * 3
    found = cuts(images)
    assert found == ([3] if min(size) > 1 else [])


def test_a_fast_movement_close_to_the_camera_in_few_pictures_is_none():
    """It comes up over several pictures, each at most twice as different as the one before; a cut comes at once."""
    steps = [0.0] * 20 + [0.02, 0.04, 0.08, 0.14, 0.2, 0.2, 0.14, 0.08, 0.04, 0.02] + [0.0] * 20
    places = -0.1 + np.cumsum(steps)
    moving = [with_person(scene(1) // 4 + 120, x, size=0.3) for x in places]
    assert cuts(moving, fps=12.0) == []
    assert cuts(moving[:25] + [scene(2)] * 5, fps=12.0) == [25]
