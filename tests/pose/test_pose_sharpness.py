"""Noise and blur of pictures of which both are known."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
import samples
from hypothesis import given, settings
from hypothesis.extra.numpy import array_shapes, arrays

from formcheck.pose.sharpness import noise_and_blur


def tiles(blur_px: float = 0.0, noise: float = 0.0, size: tuple[int, int] = (640, 480), seed: int = 1) -> np.ndarray:
    """Grey tiles with sharp edges, blurred, with noise of the same size in every colour (so that it stays in grey)."""
    rng = np.random.default_rng(seed)
    shades = rng.uniform(40, 210, (size[1] // 80, size[0] // 80))
    grey = np.kron(shades, np.ones((80, 80)))
    if blur_px:
        grey = cv2.GaussianBlur(grey, (0, 0), blur_px)
    grey = grey + rng.normal(0, noise, grey.shape)
    return np.repeat(np.clip(np.rint(grey), 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


@pytest.mark.parametrize("blur_px", [0.0, 1.0, 1.5, 2.0, 3.0, 4.0])
@pytest.mark.parametrize("noise", [0.0, 6.0])
def test_blur_of_edges(blur_px, noise):
    found = noise_and_blur(tiles(blur_px, noise))[1]
    assert found == pytest.approx(
        blur_px, abs=0.4 if blur_px else 0.8
    )  # no edge between pixels is sharper than a pixel


@pytest.mark.parametrize("noise", [0.0, 2.0, 5.0, 10.0, 20.0])
@pytest.mark.parametrize("blur_px", [0.0, 3.0])
def test_noise_of_flat_places(noise, blur_px):
    found = noise_and_blur(tiles(blur_px, noise))[0]
    assert found == pytest.approx(noise, rel=0.12, abs=0.4)


def test_a_larger_picture_is_judged_at_the_size_at_which_a_body_is_looked_for():
    noise, blur_px = noise_and_blur(tiles(3.0, 10.0, (1920, 1440)))
    assert noise < 5
    assert blur_px == pytest.approx(1.0, abs=0.4)


@pytest.mark.parametrize("name", ["bridge_good", "cat_cow_faulty", "plank_good", "sitting_posture_good"])
def test_sample_clips_are_clean_and_sharp(name):
    noise, blur_px = noise_and_blur(next(iter(samples.pictures(name, 0, 1))))
    assert noise < 3
    assert blur_px < 1.5


def test_a_picture_of_nothing_tells_nothing():
    assert all(math.isnan(value) for value in noise_and_blur(np.zeros((480, 640, 3), np.uint8)))


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, min_side=3, max_side=70).map(lambda shape: (*shape, 3))))
def test_whatever_the_picture_the_numbers_are_sane(image):
    noise, blur_px = noise_and_blur(image)
    assert math.isnan(noise) or 0 <= noise < 400
    assert math.isnan(blur_px) or 0 <= blur_px < 1e4
