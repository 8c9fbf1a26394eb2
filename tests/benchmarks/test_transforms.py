"""Each transform does to a picture what its name says, and the truth follows."""

from __future__ import annotations

import numpy as np
import pytest
import samples

from benchmarks._transforms import (
    TRANSFORMS,
    Thinner,
    Transform,
    Transformed,
    blurred,
    darker,
    farther,
    fitted_in,
    mirrored,
    mirrored_truth,
    noisy,
    rolled,
)

SIZE = (48, 64)


def picture(seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (*SIZE, 3), dtype=np.uint8)


def smooth() -> np.ndarray:
    """Without edges, so that turning there and back changes little."""
    y, x = np.mgrid[0 : SIZE[0], 0 : SIZE[1]]
    return np.stack([2 * x, 3 * y, x + y], axis=-1).astype(np.uint8)


def bar() -> np.ndarray:
    """An upright white line through the middle of a black picture."""
    image = np.zeros((101, 101, 3), np.uint8)
    image[:, 50] = 255
    return image


def test_mirrored_twice_is_the_same():
    image = picture()
    assert not np.array_equal(mirrored(image), image)
    assert np.array_equal(mirrored(mirrored(image)), image)


def test_a_roll_is_undone_by_the_opposite_one():
    back = rolled(rolled(smooth(), degrees=8), degrees=-8)
    middle = np.s_[16:32, 16:48]
    assert np.abs(back[middle].astype(int) - smooth()[middle]).max() <= 2


@pytest.mark.parametrize("degrees", [-12, 8])
def test_positive_rolls_turn_clockwise(degrees):
    upper = rolled(bar(), degrees=degrees)[20].sum(axis=-1)
    assert np.sign(np.argmax(upper) - 50) == np.sign(degrees)


def test_farther_keeps_the_size_and_shrinks_the_content_to_the_middle():
    image = np.zeros((40, 80, 3), np.uint8)
    image[10:30, 20:60] = 200
    out = farther(image, scale=0.5)
    assert out.shape == image.shape
    assert (out[15:25, 30:50] > 190).all()
    assert (out > 100).sum() == pytest.approx((image > 100).sum() / 4, rel=0.1)


def test_less_light_is_darker_and_noisy():
    image = np.full((50, 50, 3), 200, np.uint8)
    out = darker(image, 3, share=0.3)
    assert out.mean() == pytest.approx(60, abs=0.5)
    assert out.std() == pytest.approx(4, abs=0.5)


def test_noise_is_as_told_and_always_the_same_for_a_picture():
    image = np.full((50, 50, 3), 128, np.uint8)
    assert noisy(image, 3, sigma=10).std() == pytest.approx(10, abs=0.5)
    assert np.array_equal(noisy(image, 3, sigma=10), noisy(image, 3, sigma=10))
    assert not np.array_equal(noisy(image, 3, sigma=10), noisy(image, 4, sigma=10))


def test_blur_takes_detail_and_leaves_the_mean():
    out = blurred(picture(), sigma=3)
    assert out.std() < picture().std() / 2
    assert out.mean() == pytest.approx(picture().mean(), abs=2)


@pytest.mark.parametrize(
    ("size", "fits"), [((480, 640), (240, 320)), ((1280, 720), (240, 135)), ((120, 160), (240, 320))]
)
def test_a_small_picture_keeps_its_shape(size, fits):
    assert fitted_in(np.zeros((*size, 3), np.uint8), width=320, height=240).shape[:2] == fits


@pytest.mark.parametrize(
    ("fps", "kept"),
    [
        (None, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
        (6, [0, 2, 4, 6, 8, 10]),
        (8, [0, 2, 3, 5, 6, 8, 9, 11]),  # of twelve a second
        (30, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ],
)
def test_a_slow_camera_leaves_pictures_out(fps, kept):
    thinner = Thinner(fps)
    assert [i for i in range(12) if thinner.wants(i / 12)] == kept


def test_the_truth_of_a_mirrored_clip_has_its_sides_exchanged():
    truth = {
        "holds": [{"start_s": 0, "side": "left"}, {"start_s": 1, "side": "right"}, {"start_s": 2}],
        "view": {"near_side": "left", "ok": True},
        "reps": [],
    }
    other = mirrored_truth(truth)
    assert [hold.get("side") for hold in other["holds"]] == ["right", "left", None]
    assert other["view"] == {"near_side": "right", "ok": True}
    assert mirrored_truth(other) == truth
    assert truth["holds"][0]["side"] == "left"


def test_names_tell_transforms_apart_and_every_group_has_an_extreme():
    assert len({transform.name for transform in TRANSFORMS}) == len(TRANSFORMS)
    groups = {transform.group for transform in TRANSFORMS}
    assert {transform.group for transform in TRANSFORMS if transform.extreme} == groups


def test_a_clip_is_read_through_a_transform(short_clip):
    plain = samples.pictures("bridge_good", 0, 1)
    half = Transform("half", "test", change=lambda image, _: fitted_in(image, width=320, height=240), fps=6)
    with Transformed(short_clip, half) as source:
        frames = list(source)
        assert (source.info.width, source.info.height, source.info.fps) == (320, 240, 6)
    assert len(frames) == 12
    assert [frame.index for frame in frames] == list(range(12))
    assert frames[0].image.shape == (240, 320, 3)
    assert abs(frames[0].image.mean() - next(iter(plain)).mean()) < 3
